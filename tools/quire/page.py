"""The viewer's page: one HTML file with traces inside, which any browser opens without a network."""

import base64
import os
import shutil
import subprocess
import zlib

from quire.host import REPOSITORY, Failure

WEB = os.path.join(REPOSITORY, "web")
HOLDER = "<!--DATA-->"
HEADERS = ("vm/event.h", "vm/error.h", "proc/syscall_numbers.h")
HEAD_BYTES, RECORD_BYTES = 128, 32
GZIP = 31  # Window bits of zlib for a gzip stream.


def build_folder():
    """Where the viewer is built."""
    return os.path.abspath(os.path.join(REPOSITORY, os.environ.get("BUILD") or "build"))


def sources():
    """All files that the viewer is made of."""
    names = [os.path.join(REPOSITORY, name) for name in HEADERS] + [os.path.join(WEB, "package-lock.json")]
    for folder in (WEB, os.path.join(WEB, "src")):
        names += [entry.path for entry in os.scandir(folder) if entry.name.endswith((".mjs", ".ts", ".css", ".html"))]
    return names


def built(name="viewer.html", say=None):
    """The text of page NAME, without a trace.  Builds it if it is older than its sources, and tells SAY of that."""
    page = os.path.join(build_folder(), "web", name)
    if not os.path.exists(page) or os.path.getmtime(page) < max(map(os.path.getmtime, sources())):
        if say:
            say("building the viewer, which is done once")
        build()
    with open(page, encoding="utf-8") as file:
        return file.read()


def build(*options):
    """Builds the viewer, after fetching its parts where they are missing."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None or shutil.which("npm") is None:
        raise Failure("the viewer is built by Node.js 18 or later with npm, which are not here: run tools/setup --view "
                      "(Debian's packages nodejs and npm)")
    lock, done = os.path.join(WEB, "package-lock.json"), os.path.join(WEB, "node_modules", ".fetched")
    if not os.path.exists(done) or os.path.getmtime(done) < os.path.getmtime(lock):
        run(["npm", "ci", "--silent", "--no-progress"], "npm could not fetch the viewer's parts")
        with open(done, "w", encoding="utf-8"):
            pass
    run([node, "build.mjs", *options, build_folder()], "the viewer could not be built")


def run(command, failure):
    """Runs COMMAND in web/; FAILURE begins the line if it fails."""
    result = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if result.returncode == 0:
        return
    lines = [line.strip() for line in (result.stderr + result.stdout).splitlines() if line.strip()]
    wrong = next((line for line in lines if "rror" in line or "code E" in line), lines[0] if lines else "it said nothing")
    raise Failure(f"{failure}: {wrong}")


def planes(trace):
    """TRACE, bytes of a file, with the first bytes of all records first, then all second ones, and so on: packs to half."""
    count = max(0, len(trace) - HEAD_BYTES) // RECORD_BYTES
    end = HEAD_BYTES + count * RECORD_BYTES
    columns = (trace[HEAD_BYTES + i:end:RECORD_BYTES] for i in range(RECORD_BYTES))
    return b"".join((trace[:HEAD_BYTES], *columns, trace[end:]))


def holder(name, trace):
    """The element that holds TRACE, the bytes of a file called NAME."""
    packer = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    packed = base64.b64encode(packer.compress(planes(bytes(trace))) + packer.flush()).decode("ascii")
    title = name.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<script type="text/plain" data-trace="{title}">{packed}</script>'


def write(out, traces, say=None):
    """Writes page OUT, which shows TRACES: one or two pairs of a name and the bytes of a trace file."""
    text = built(say=say).replace(HOLDER, "\n".join(holder(name, trace) for name, trace in traces), 1)
    try:
        with open(out, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Failure(f"{out}: {error.strerror}") from error
