"""The viewer: its model under Node's test runner, its page in a browser, the server beside a running guest."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading

import pytest

import support

ROOT = support.ROOT
sys.path.insert(0, os.path.join(ROOT, "tools"))
from quire import live, page  # noqa: E402
from quire.host import Failure  # noqa: E402

WEB = os.path.join(ROOT, "web")
MAX_SEEK_MS = 1000  # A tenth of it on a quiet machine; more is another algorithm.


@pytest.fixture(scope="module")
def tools():
    """Node and a browser, installed if they are missing, and the viewer's parts."""
    said = subprocess.run([os.path.join(ROOT, "tools", "setup"), "--view-check"], capture_output=True, text=True, check=False, timeout=900)
    assert said.returncode == 0, said.stdout + said.stderr
    page.built()
    return WEB


def node(words, folder=WEB):
    """Runs node with WORDS; its output.  Fails with that if the status is not 0."""
    result = subprocess.run(["node", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=500)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    return result.stdout


def record(folder, name, kernel_options, program="linear 120 2"):
    """The trace of PROGRAM in FOLDER/NAME."""
    trace = os.path.join(folder, name)
    console = support.pintos([f"--trace={trace}", "--filesys-size=2", "--swap-size=4", *support.put([program.split()[0]])],
                             ["-q", "-f", *kernel_options, "run", program])
    assert os.path.getsize(trace) > 128, console.text
    return trace


def quire_trace(*words):
    """Runs quire-trace with WORDS."""
    return subprocess.run([sys.executable, os.path.join(ROOT, "tools", "quire-trace"), *words], capture_output=True, text=True,
                          check=False, timeout=300)


@pytest.mark.battery
def test_model(tools):
    """What the viewer knows at any moment is what the events say, in unit tests of its own."""
    page.build("--tests")
    tests = os.path.join(page.build_folder(), "web", "tests")
    found = node(["--test", *(os.path.join(tests, name) for name in sorted(os.listdir(tests)) if name.endswith(".test.mjs"))])
    assert re.search(r"^# fail 0$", found, re.MULTILINE), found


@pytest.mark.battery
@pytest.mark.parametrize("seed", [1, 4, 6])
def test_tables(tools, tmp_path, seed):
    """What the viewer shows of a run of the soak are the tables that were recorded, at eighty moments."""
    program = os.path.join(support.BUILD, "host", "fast", "soak")
    support.make("tests/host/host.mk", program)
    trace = str(tmp_path / "soak.trace")
    subprocess.run([program, "--record", trace, str(seed), "4000"], check=True, timeout=300)
    page.build("--tests")
    seen = node([os.path.join(page.build_folder(), "web", "tests", "tables.mjs"), trace])
    assert re.match(r"80 times, [0-9]+ entries, [0-9]+ frames, [0-9]+ slots: 0 differ\n$", seen), seen


@pytest.mark.battery
def test_types(tools):
    """The viewer's types fit, and those that vm/event.h gives."""
    page.build("--types")
    node([os.path.join("node_modules", "typescript", "bin", "tsc"), "--noEmit"])


@pytest.mark.battery
def test_page(tools, tmp_path):
    """A page with a real run, and one with two, are used by mouse and keyboard; nothing is asked of a network."""
    folder = os.environ.get("VIEW_PICTURES") or str(tmp_path)
    duo = record(str(tmp_path), "duo.trace", ["-ul=48"])
    fifo = record(str(tmp_path), "fifo.trace", ["-ul=48", "-policy=fifo"])
    one, two = str(tmp_path / "one.html"), str(tmp_path / "two.html")
    for words in ([duo, f"--html={one}"], [duo, f"--compare={fifo}", f"--html={two}"]):
        made = quire_trace(*words)
        assert made.returncode == 0, made.stderr
    seen = node([os.path.join("test", "browser.mjs"), folder, one, two])
    assert float(re.search(r"slowest seek ([0-9.]+) ms", seen).group(1)) < MAX_SEEK_MS, seen


@pytest.mark.battery
def test_live(tools, tmp_path):
    """A page follows a guest, what is typed in it reaches the guest, and the guest goes on when the page is closed."""
    seen = node([os.path.join("test", "live.mjs"), os.environ.get("VIEW_PICTURES") or str(tmp_path), sys.executable,
                 os.path.join(ROOT, "tools", "pintos"), "--filesys-size=2", "--swap-size=4", *support.put(["shell", "linear"]), "--view",
                 "--", "-q", "-f", "-ul=48", "run", "shell"])
    assert "the guest ended with status 0" in seen, seen


def test_without_node(monkeypatch, tmp_path):
    """Where Node is missing one line says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure) as error:
        page.build()
    assert "tools/setup --view" in str(error.value) and "\n" not in str(error.value)


def test_setup_knows_the_viewer():
    """What the viewer needs is a group of its own, which a machine for everything else may lack."""
    for goal in ("--view", "--view-check"):
        said = subprocess.run([os.path.join(ROOT, "tools", "setup"), goal, "--dry-run"], capture_output=True, text=True, check=False)
        assert "usage" not in said.stderr, said.stderr
        assert set(said.stdout.replace("missing:", "").split()) <= {"nodejs", "npm", "chromium"}, said.stdout
    said = subprocess.run([os.path.join(ROOT, "tools", "setup"), "--dry-run"], capture_output=True, text=True, check=False)
    assert "nodejs" not in said.stdout


def test_lock_file_is_bare():
    """The lock file pins every part by its sum, and names no host."""
    with open(os.path.join(WEB, "package-lock.json"), encoding="utf-8") as file:
        text = file.read()
    assert "resolved" not in text
    assert text.count('"integrity"') > 10


class Nothing:
    """A guest that did nothing."""

    ended, asked, lock = False, 0.0, threading.Lock()
    console, typed = bytearray(b"hello"), []
    complete = threading.Event()

    class memory:
        """No events."""

        @staticmethod
        def since(_first, _ended):
            """None."""
            return b""

    def type(self, data):
        """Notes DATA."""
        self.typed.append(data)


@pytest.fixture()
def server():
    """A server on any port."""
    made = live.Server(0, "<p>page", Nothing())
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def ask(server, path, headers, method="GET", body=None):
    """The status and the body of the answer to a request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    connection.putrequest(method, path, skip_host=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_server_refuses(server):
    """Who lacks the token, comes by another name or from another page gets nothing, whatever he asks for."""
    host = f"127.0.0.1:{server.server_port}"
    good = {"Host": host, "X-Quire-Token": server.token}
    assert ask(server, "/", {"Host": host}) == (200, b"<p>page")
    assert server.token.encode() not in ask(server, "/", {"Host": host})[1]
    assert ask(server, "/console?from=1", good) == (200, b"ello")
    assert ask(server, "/console", {**good, "Origin": f"http://{host}"}, "POST", b"typed")[0] == 204
    assert server.guest.typed == [b"typed"]
    others = ({"Host": host}, {**good, "X-Quire-Token": "guess"}, {**good, "Host": "quire.example"}, {"X-Quire-Token": server.token},
              {**good, "Origin": "http://quire.example"}, {**good, "Origin": "null"}, {**good, "Host": f"127.0.0.1:{server.server_port + 1}"})
    for headers in others:
        for path, method, body in (("/console", "GET", None), ("/events?from=0", "GET", None), ("/console", "POST", b"x")):
            status, text = ask(server, path, headers, method, body)
            assert status == 403 and b"ello" not in text, (headers, path, status)
    assert server.guest.typed == [b"typed"]
    assert ask(server, "/console", good, "POST", b"x" * 70000)[0] == 400
    assert ask(server, "/../etc/passwd", good)[0] == 404
    assert ask(server, "/console?from=-1", good) == (200, b"hello")


def test_port_in_use(server):
    """A port that is taken is refused in one line."""
    with pytest.raises(Failure) as error:
        live.Server(server.server_port, "")
    assert f"--view-port={server.server_port}: " in str(error.value) and "another port" in str(error.value)


def test_loopback_alone(server):
    """Nobody beyond this machine reaches the server."""
    assert server.server_address[0] == "127.0.0.1"
    assert socket.inet_aton(server.server_address[0])[0] == 127
