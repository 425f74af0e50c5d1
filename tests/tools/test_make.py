"""`make run` and `make shell`: the variables they take, and compilers that are not there."""

import os
import pty
import re
import shutil
import subprocess
import sys

import pytest

from support import read_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("BUILD") or os.path.join(ROOT, "build"))
DEMO = os.path.join(ROOT, "tools", "run-demo")


def demo(mode="run", stdin=b"", **settings):
    """Runs what `make run` runs after building, with variables SETTINGS."""
    environment = dict(os.environ, BUILD=BUILD, **settings)
    return subprocess.run([DEMO, mode], input=stdin, capture_output=True, env=environment, timeout=300,
                          check=False)


def test_run_sorts():
    result = demo(PROG="sort 256K", FRAMES="24")
    assert result.returncode == 0, result.stdout.decode() + result.stderr.decode()
    assert b"sort: exit(0)" in result.stdout
    assert b"s from power-on to power-off" in result.stdout


def readme_example():
    """The lines that README.md promises of `make run'."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        block = file.read().split("You see this:", 1)[1].split("\n\nThe program ", 1)[0]
    return [line.strip() for line in block.split("\n") if line.strip() not in ("", "...")]


def shape(line):
    """LINE with every number alike."""
    return " ".join(re.sub(r"\d[\d,.]*", "N", line).split())


def test_readme_shows_what_is_printed():
    """Line by line and in order, but for the figures."""
    result = demo(PROG="sort 4M")
    printed = iter([shape(line) for line in result.stdout.decode().split("\n")])
    missing = [line for line in readme_example() if shape(line) not in printed]
    assert not missing, f"the first of these is not printed, or not there: {missing}"


def table_rows(lines, head):
    """The figures in the first column of the row HEAD and of those below it in LINES."""
    rows = []
    names = ("fresh", "read from", "was in", "copied", "refused", "swap,", "files,", "all", "clean", "dirty")
    for line in lines[[line.startswith(head) for line in lines].index(True):]:
        if rows and not line.startswith(names):
            break
        figures = re.findall(r"\s{2,}([\d,]+)(?=\s|$)", line)
        rows.append([int(figure.replace(",", "")) for figure in figures])
    return rows


@pytest.mark.parametrize("where", ["README", "run"])
def test_figures_add_up(where):
    """What a reader can add up makes the total that is printed."""
    lines = readme_example()
    if where == "run":
        lines = [line.strip() for line in demo(PROG="sort 1M", FRAMES="40").stdout.decode().split("\n")]
    for head in ("page faults", "evictions"):
        total, *rows = table_rows(lines, head)
        assert rows and total[0] == sum(row[0] for row in rows), head
    _, *rows, total = table_rows(lines, "transfers")
    for column in (0, 1):
        assert rows and total[column] == sum(row[column] for row in rows), "transfers"


def test_out_of_swap_tells_what_to_try():
    result = demo(PROG="sort 16M", FRAMES="24", SWAP="2")
    assert re.search(rb"sort: out of memory: .*swap full", result.stdout), "nothing is explained"
    assert result.stderr == b"make run: sort ran out of swap; to give it more: SWAP=80\n"
    assert b"ran out" not in demo(PROG="sort 1M", FRAMES="24", SWAP="2").stderr


@pytest.mark.parametrize("given,program,advice", [(0, 0, 4), (3, 1, 6), (8, 64, 80), (80, 64, 160), (2.5, 0, 5), (5.5, 0, 11)])
def test_how_much_swap_to_try(given, program, advice):
    """What the program needs, or twice what there was."""
    code = f"from quire.launcher import suggest_swap; print(suggest_swap({int(given * 2**20)}, {program << 20}))"
    result = subprocess.run([sys.executable, "-c", code], cwd=os.path.join(ROOT, "tools"), capture_output=True, text=True,
                            check=True)
    assert int(result.stdout) == advice


@pytest.mark.battery
def test_small_machine_keeps_track_of_all_in_swap():
    """A machine of 2 MB sorts what is 32 times as large: the kernel finds memory for its own records."""
    result = demo(PROG="sort 64M", FRAMES="all", SWAP="80", MEM="2")
    assert result.returncode == 0 and result.stderr == b""


# -- The disk that is kept -------------------------------------------------------------------------


def test_kept_disk(tmp_path):
    """It is made, kept, brought up to date, repaired, and belongs to one run at a time."""
    disk = tmp_path / "my.dsk"
    first = demo("shell", stdin=b"mkdir made\nexit\n", DISK=str(disk))
    assert re.search(rf"{disk}: made, \d+ MB, with \d+ programs", first.stdout.decode()), first.stderr
    second = demo("shell", stdin=b"ls\nrm echo\nexit\n", DISK=str(disk)).stdout.decode()
    assert f"{disk}: as the last run left it\n" in second
    assert "\nmade\n" in second.replace("\r", "")
    third = demo("shell", stdin=b"echo there again\nexit\n", DISK=str(disk)).stdout.decode()
    assert f"{disk}: programs put there anew: echo\n" in third and "\nthere again" in third.replace("\r", "")


def test_kept_disk_after_a_bad_end(tmp_path):
    disk = tmp_path / "my.dsk"
    environment = dict(os.environ, BUILD=BUILD, DISK=str(disk))
    with subprocess.Popen([DEMO, "shell"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=environment) as process:
        read_until(process.stdout.fileno(), b"Shell starting.")
        other = demo("shell", stdin=b"exit\n", DISK=str(disk))
        process.terminate()
    assert other.returncode == 1
    assert other.stderr.decode() == f"make shell: {disk}: in use by another run of pintos\n"
    after = demo("shell", stdin=b"exit\n", DISK=str(disk))
    assert f"{disk}: repaired by e2fsck: the last run did not end in order\n" in after.stdout.decode()
    assert after.returncode == 0


@pytest.mark.parametrize("content,line", [
    (b"", "file has zero size"), (b"text\n" * 512, "not a partitioned disk"), (None, "is a directory"),
], ids=["empty", "text", "folder"])
def test_kept_disk_that_is_none(tmp_path, content, line):
    disk = tmp_path / "my.dsk"
    disk.mkdir() if content is None else disk.write_bytes(content)
    result = demo("shell", DISK=str(disk))
    assert (result.returncode, result.stderr.decode()) == (1, f"make shell: {disk}: {line}\n")
    assert content is None or disk.read_bytes() == content


# -- make itself -----------------------------------------------------------------------------------


SLIPS = [
    ("prog=x", "PROG"), ("Prog=x", "PROG"), ("PROGRAM=x", "PROG"), ("frames=9", "FRAMES"), ("FRAME=9", "FRAMES"),
    ("POOL=9", "FRAMES"), ("SWAPS=1", "SWAP"), ("MEMORY=8", "MEM"), ("disk=x", "DISK"), ("seed=1", "SEEDS"),
    ("repeats=2", "REPEAT"), ("JOB=2", "JOBS"), ("option=x", "OPTIONS"),
]


@pytest.mark.parametrize("goal,slip,meant", [*(("run", *slip) for slip in SLIPS),
                                             *((goal, *SLIPS[0]) for goal in ("shell", "check", "bench", "stress"))])
def test_variable_that_is_none(goal, slip, meant):
    result = subprocess.run(["make", "-n", goal, slip], cwd=ROOT, capture_output=True, text=True, timeout=60,
                            check=False)
    assert result.returncode == 2 and result.stdout == ""
    name = slip.split("=")[0]
    assert re.fullmatch(rf"Makefile:\d+: \*\*\* there is no variable {name}: perhaps you mean {meant}\.  Stop\.\n",
                        result.stderr)


def test_variable_like_none():
    result = subprocess.run(["make", "-n", "run", "XYZZY=1"], cwd=ROOT, capture_output=True, text=True, timeout=60,
                            check=False)
    assert "there is no variable XYZZY: `make help' lists them" in result.stderr


def test_variables_of_the_documents():
    """Those that README, docs and `make help' name are known to the Makefile."""
    with open(os.path.join(ROOT, "Makefile"), encoding="utf-8") as file:
        makefile = file.read()
    known = set(re.search(r"^VARIABLES := ((?:.*\\\n)*.*)", makefile, re.MULTILINE).group(1).replace("\\\n", " ").split())
    named = set()
    for path in ("README.md", "tests/README.md", *(f"docs/{name}" for name in os.listdir(os.path.join(ROOT, "docs"))
                                                                if name.endswith(".md"))):
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            for line in re.findall(r"make(?: [a-z-]+)?((?: [A-Z_0-9]+=(?:'[^']*'|\"[^\"]*\"|\S+))+)", file.read()):
                named.update(re.findall(r" ([A-Z_0-9]+)=", line))
    assert len(named) >= 8 and named <= known, f"unknown: {named - known}"


PROGRESS = os.path.join(ROOT, "tools", "build-progress")
FAKE_MAKE = r"""case "$*" in *-n*) for i in 1 2 3; do echo "printf '  %-4s %s\n' CC a.c"; done; exit;; esac
for i in 1 2 3; do echo "  CC   file$i.c"; done; echo "file.c:1: warning: odd" >&2; exit ${STATUS:-0}"""


def progress(folder, **settings):
    """Runs build-progress over a make that builds three files."""
    return subprocess.run([PROGRESS, folder, "bash", "-c", FAKE_MAKE, "make"], capture_output=True, text=True,
                          env=dict(os.environ, **settings), timeout=60, check=False)


def test_first_build_says_so(tmp_path):
    result = progress(tmp_path)
    assert (result.returncode, result.stdout) == (0, f"Building Quire in {tmp_path}/\n")
    assert result.stderr == "file.c:1: warning: odd\n"


def test_later_builds_are_quiet(tmp_path):
    (tmp_path / "kernel.elf").touch()
    assert progress(tmp_path).stdout == ""
    assert progress(tmp_path, STATUS="2").returncode == 2


def test_build_moves_on_a_terminal(tmp_path):
    """Each file is shown in the same line, which goes away."""
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"no terminals here: {error}")
    slow = FAKE_MAKE.replace('file$i.c"', 'file$i.c"; sleep 1')
    process = subprocess.Popen([PROGRESS, "out", "bash", "-c", slow, "make"], cwd=tmp_path, stdout=theirs, stderr=theirs,
                               env=dict(os.environ, TERM="xterm"))
    text = read_until(ours, b" files, ").decode()
    assert process.wait(20) == 0
    assert "\rBuilding Quire in out/  3 of 3  file3.c" in text
    assert "\r\x1b[K" in text
    os.close(ours)
    os.close(theirs)


def test_shell_takes_commands():
    result = demo("shell", stdin=b"echo from the shell\nexit\n")
    assert result.returncode == 0
    assert b"from the shell" in result.stdout


def test_shell_ends_with_its_input():
    assert demo("shell", stdin=b"echo last\n").returncode == 0


@pytest.mark.parametrize("words, text", [
    (["CC=no-such-compiler"], "CC=no-such-compiler cannot build freestanding 32-bit x86 programs"),
    (["CROSS_COMPILE=no-such-"], "no-such-gcc (from CROSS_COMPILE) cannot build"),
], ids=["compiler", "prefix"])
def test_make_without_a_compiler(tmp_path, words, text):
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    result = subprocess.run(["make", f"BUILD={tmp_path}", *words], cwd=ROOT, capture_output=True, text=True,
                            timeout=300, check=False)
    assert result.returncode == 2
    assert text in result.stderr
