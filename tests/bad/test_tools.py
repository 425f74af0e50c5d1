"""Bad inputs 49 to 60: a tool says one line, ends with a status that is not 0, and leaves nothing half-made."""

import fcntl
import os
import pty
import re
import resource
import shutil
import signal
import stat
import subprocess
import termios
import time

import pytest

import support
from bad import tools

TOOLS = os.path.join(support.ROOT, "tools")
PINTOS = os.path.join(TOOLS, "pintos")


class Desk:
    """A folder to work in, and another for temporary files."""

    def __init__(self, path):
        self.work, self.temporary = path / "work", path / "tmp"
        self.work.mkdir()
        self.temporary.mkdir()
        self.environment = dict(os.environ, TMPDIR=str(self.temporary), QUIRE_KERNEL=support.KERNEL,
                                BUILD=support.BUILD)

    def lay_out(self, files):
        """Makes FILES: name -> bytes, PIPE, SOCKET, or the target of a symbolic link."""
        for name, content in files.items():
            if isinstance(content, bytes):
                (self.work / name).write_bytes(content)
            elif content == tools.PIPE:
                os.mkfifo(self.work / name)
            elif content == tools.SOCKET:
                os.mknod(self.work / name, stat.S_IFSOCK | 0o600)
            else:
                (self.work / name).symlink_to(content)

    def check_left(self, files):
        """Nothing is there but FILES, as they were."""
        assert not os.listdir(self.temporary), "temporary files are left"
        assert sorted(os.listdir(self.work)) == sorted(files), "files came or went"
        for name, content in files.items():
            if isinstance(content, bytes):
                assert (self.work / name).read_bytes() == content, f"{name} was changed"

    def run(self, command, environment=None, **more):
        """Runs COMMAND here."""
        return subprocess.run(command, cwd=self.work, env={**self.environment, **(environment or {})}, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False, **more)

    def start(self, words, **more):
        """Starts the launcher here."""
        return subprocess.Popen([PINTOS, *words], cwd=self.work, env=self.environment, **more)


@pytest.fixture(name="desk")
def make_desk(tmp_path):
    """A place of its own for each test."""
    return Desk(tmp_path)


@pytest.mark.parametrize("number,name", [pytest.param(number, name, id=f"{number}-{name}")
                                         for number, row in tools.ROWS.items() for name in row])
def test_refused(desk, number, name):
    """A row of the table."""
    row = tools.ROWS[number][name]
    desk.lay_out(row.files)
    result = desk.run([os.path.join(TOOLS, row.tool), *row.words], row.environment)
    said = "make run" if row.tool == "run-demo" and row.words else row.tool
    assert re.fullmatch(f"{said}: {row.line}\n", result.stderr), f"expected `{row.line}', got\n{result.stderr}"
    assert result.returncode == 1
    assert row.boots == ("Powering off..." in result.stdout) and (row.boots or result.stdout == "")
    desk.check_left(row.files)


def test_kernel_not_built(desk):
    """50: a fresh copy of the tools, with no kernel beside it."""
    shutil.copytree(TOOLS, desk.temporary.parent / "tools")
    result = desk.run([desk.temporary.parent / "tools" / "pintos", "--", "-q"], {"QUIRE_KERNEL": "", "BUILD": ""})
    assert re.fullmatch(r"pintos: cannot find kernel /.*/build/kernel\.elf \(run make first\)\n", result.stderr)
    assert (result.returncode, result.stdout) == (1, "")


def test_no_arguments(desk):
    """49: usage on standard output, and nothing is wrong."""
    for tool in ("pintos", "pintos-mkdisk"):
        result = desk.run([os.path.join(TOOLS, tool)])
        assert result.returncode == 0 and result.stderr == "" and result.stdout.startswith(f"usage: {tool} ")


@pytest.mark.parametrize("tool,usage", [
    ("run-demo", "run-demo run|shell|gdb|view"),
    ("compile-commands", "compile-commands FILE 'COMPILER FLAGS' SOURCE... [-- ...]"),
    ("setup", "tools/setup [--run | --check | --view | --view-check] [--dry-run]"),
], ids=["run-demo", "compile-commands", "setup"])
def test_usage(desk, tool, usage):
    """49: the tools behind make's goals, called wrongly."""
    result = desk.run([os.path.join(TOOLS, tool), *(["--nonsense"] if tool == "setup" else [])])
    assert (result.returncode, result.stdout, result.stderr) == (1, "", f"usage: {usage}\n")


@pytest.mark.parametrize("variables,line", [
    ({"REPEAT": "x"}, "tests/run: error: argument --repeat: x is not a number from 1 up"),
    ({"REPEAT": "0"}, "tests/run: error: argument --repeat: 0 is not a number from 1 up"),
    ({"JOBS": "many"}, "tests/run: error: argument --jobs: many is not a number from 1 up"),
    ({"K": "("}, r"tests/run: -k '\(': .*: at column 2: .*"),
    ({"BUILD": "/nowhere"}, "tests/run: /nowhere has no kernel.elf: run `make' first, or say BUILD=folder"),
], ids=lambda value: " ".join(f"{name}={text}" for name, text in value.items()) if isinstance(value, dict) else "")
def test_runner(desk, variables, line):
    """49: what `make check' hands on makes no sense."""
    result = desk.run([os.path.join(support.TESTS, "run")], variables)
    lines = [text for text in result.stderr.split("\n") if text and not text.startswith(("usage: ", " "))]
    assert len(lines) == 1 and re.fullmatch(line, lines[0]), result.stderr
    assert result.returncode != 0 and "Traceback" not in result.stdout


# -- 57: a full disk on the host -------------------------------------------------------------------


@pytest.mark.parametrize("command,line", [
    (["pintos-mkdisk", "a.dsk", "--filesys-size=4"], r"pintos-mkdisk: a\.dsk: File too large\n"),
    (["pintos", "--filesys-size=4", "--make-disk=a.dsk", "--", "-q", "-f"], r"pintos: a\.dsk: File too large\n"),
    (["pintos", "--filesys-size=4", "--", "-q", "-f"], r"pintos: /\S*/disk: File too large\n"),
], ids=["mkdisk", "kept", "own"])
def test_file_limit(desk, command, line):
    """57: a disk that may not become as large as it must be is taken away again."""
    limit = 1 << 20
    result = desk.run([os.path.join(TOOLS, command[0]), *command[1:]],
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert re.fullmatch(line, result.stderr), result.stderr
    assert (result.returncode, result.stdout) == (1, "")
    desk.check_left({})


def run_on_small_disk(desk, kilobytes, command):
    """Runs the shell COMMAND where all files together have KILOBYTES, and tells at the end which are left."""
    script = (f"mount -t tmpfs -o size={kilobytes}k none {desk.work} && cd {desk.work} && mkdir tmp && "
              "export TMPDIR=$PWD/tmp")
    probe = ["unshare", "-rm", "sh", "-c", script]
    if shutil.which("unshare") is None or desk.run(probe).returncode != 0:
        pytest.skip("no small file systems here: unshare -rm and mount of a tmpfs do not work")
    return desk.run([*probe[:-1], f"{script}; {command}; echo status $?; find . -type f"])


def test_full_disk(desk):
    """57: the same where the disk of the host is full."""
    big = desk.temporary.parent / "big"
    big.write_bytes(os.urandom(900_000))
    result = run_on_small_disk(desk, 1200, f"{TOOLS}/pintos-mkdisk a.dsk --filesys-size=4 -p {big}")
    assert result.stderr == (f"pintos-mkdisk: no space left in {desk.work}: the file system could not be made; "
                             "free some space\n")
    assert result.stdout == "status 1\n"


@pytest.mark.parametrize("kilobytes,put,text", [
    (300, ["-p", "{big}"], "copying {big}: no space left in {tmp}: big could not be written"),
    (1300, ["-p", "{big}"], "no space left in {tmp}: the file system could not be made"),
    (1300, ["--filesys={image}"], "no space left in {tmp}: disk could not be written"),
    (16, ["--record=notes"], "no space left in {notes}: kernel.elf could not be written"),
], ids=["copying", "file system", "partition", "recording"])
def test_no_space_for_the_launcher(desk, kilobytes, put, text):
    """57: whatever it makes, the launcher names the folder that has no room for it, and what to do."""
    places = {"big": desk.temporary.parent / "big", "image": desk.temporary.parent / "image",
              "tmp": desk.work / "tmp", "notes": desk.work / "notes"}
    places["big"].write_bytes(os.urandom(900_000))
    places["image"].write_bytes(os.urandom(2 << 20))
    size = ["--filesys-size=4"] if put[0] == "-p" else []
    words = [word.format(**places) for word in [*size, *put]]
    result = run_on_small_disk(desk, kilobytes, f"{PINTOS} {' '.join(words)} -- -q {'-f' if size else ''}")
    advice = "free some space" + (" or set TMPDIR to another folder" if "{tmp}" in text else "")
    assert result.stderr == f"pintos: {text.format(**places)}; {advice}\n"
    assert result.stdout == "status 1\n"


def test_no_space_for_a_file(desk):
    """57: a file that is read back does not fit; what was there stays."""
    big = desk.temporary.parent / "big"
    big.write_bytes(os.urandom(900_000))
    result = run_on_small_disk(desk, 200, f"echo old > big; TMPDIR={desk.temporary} {PINTOS} --filesys-size=4 "
                                          f"-p {big} -g big -- -q -f; cat big")
    assert result.stderr == (f"pintos: getting big failed: no space left in {desk.work}: big could not be written; "
                             "free some space\n")
    assert "status" in result.stdout and "old" in result.stdout and ".new" not in result.stdout


def test_disk_that_fills(desk):
    """57: a guest's disk that cannot grow on the host any more: the guest is told, says so, and ends."""
    big = desk.temporary.parent / "big"
    big.write_bytes(os.urandom(900_000))
    copy = os.path.join(support.BUILD, "user", "cp")
    result = run_on_small_disk(desk, 2400, f"{PINTOS} -T 60 --filesys-size=4 -p {big} -p {copy} "
                                           "-- -q -f run 'cp big copy'")
    assert result.stdout.count("\next2: hda2: could not be written completely: run e2fsck\n") == 1, result.stdout
    assert "PANIC" not in result.stdout and result.stdout.endswith("\nPowering off...\nstatus 0\n")
    assert result.stderr == (f"pintos: no space left in {desk.work}/tmp: the guest's disk could not be written; "
                             "free some space or set TMPDIR to another folder\n")


def test_swap_that_fills(desk):
    """57: the same for swap: it is said once, however many pages could not be written."""
    sort = os.path.join(support.BUILD, "user", "sort")
    result = run_on_small_disk(desk, 700, f"{PINTOS} -T 60 --swap-size=4 --filesys-size=0.5 -p {sort} "
                                          "-- -q -f -ul=64 run 'sort 1M'")
    assert result.stderr == (f"pintos: no space left in {desk.work}/tmp: the guest's disk could not be written; "
                             "free some space or set TMPDIR to another folder\n")
    assert "PANIC" not in result.stdout


# -- 58, 59, 60: how a run ends ---------------------------------------------------------------------


BAD_SIMULATORS = {"killed": ("kill -9 $$", 6, "pintos: simulator died with signal 9\n"),
                  "status": ("exit 42", 6, "pintos: simulator ended with status 42\n"),
                  "refuses": ("exit 1", 1, "pintos: QEMU could not run the guest\n"),
                  "hangs": ("exec sleep 100", 2, "")}


@pytest.mark.parametrize("how", support.after(3, BAD_SIMULATORS))
def test_bad_simulator(desk, how):
    """58: a QEMU that dies or does nothing."""
    script, status, line = BAD_SIMULATORS[how]
    qemu = desk.temporary.parent / "qemu"
    qemu.write_text("#!/bin/sh\n" + script)
    qemu.chmod(0o755)
    result = desk.run([PINTOS, "-T", "1", "--", "-q"], {"QUIRE_QEMU": str(qemu)})
    assert (result.returncode, result.stderr) == (status, line)
    assert result.stdout == ("TIMEOUT after 1 second\n" if status == 2 else "")
    desk.check_left({})


@pytest.mark.battery
def test_timeout(desk):
    """58: a guest that takes too long."""
    def run_for(seconds):
        result = desk.run([PINTOS, "-T", str(seconds), "--"])
        return result, "Boot complete" in result.stdout.partition("TIMEOUT")[0]

    seconds, result = support.until_boot(run_for)
    assert (result.returncode, result.stderr) == (2, "")
    assert result.stdout.count(f"\nTIMEOUT after {seconds} seconds\n") == 1
    assert re.search(r"^The guest was at 0x[0-9a-f]{8} .*, in the kernel, halted, interrupts on\.$", result.stdout,
                     re.MULTILINE)
    desk.check_left({})


SLOW_WORK = {"make": ("mke2fs", ["--filesys-size=1", "--", "-f"], "the disks were being made"),
             "put": ("debugfs", ["--filesys=image", "-p", "/etc/passwd", "--", "-q"], "the disks were being made"),
             "get": ("debugfs", ["--filesys-size=1", "-g", "file", "--", "-f", "-q"], "the files of -g were being read")}


@pytest.mark.parametrize("work", support.after(1, SLOW_WORK))
def test_timeout_of_the_launcher(desk, work):
    """58: -T is the time of the launcher's own work as well; what it waits for is ended too."""
    tool, words, doing = SLOW_WORK[work]
    folder = desk.temporary.parent / "bin"
    folder.mkdir()
    # Who reads files must have got through making them: only who writes (-w) is let do it then.
    real = shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    through = f'case " $* " in *" -w "*) exec {real} "$@" ;; esac\n' if "-g" in words else ""
    (folder / tool).write_text(f"#!/bin/sh\n{through}echo $$ > {folder}/pid\nexec sleep 1000\n")
    (folder / tool).chmod(0o755)
    files = {"image": bytes(1 << 20)} if "image" in words[0] else {}
    desk.lay_out(files)

    def run_for(seconds):
        result = desk.run([PINTOS, "-T", str(seconds), *words], {"PATH": f"{folder}:{os.environ['PATH']}"})
        return result, doing in result.stderr

    seconds, result = support.until_boot(run_for)
    assert result.stderr == f"pintos: TIMEOUT after {seconds} seconds: {doing}\n"
    assert result.returncode == 2
    assert not os.path.exists(f"/proc/{(folder / 'pid').read_text().strip()}")
    desk.check_left(files)


def test_interrupt(desk):
    """59: Ctrl-C ends QEMU too, and the terminal is as it was."""
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"no terminals here: {error}")
    before = termios.tcgetattr(theirs)
    with desk.start(["--filesys-size=1", "--", "-f"], stdin=theirs, stdout=theirs, stderr=theirs,
                    start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) as process:
        support.read_until(ours, b"Boot complete.")
        children = support.children_of(process.pid)
        os.write(ours, b"\x03")
        assert process.wait(support.SECONDS) == 128 + signal.SIGINT
    assert children and not any(os.path.exists(f"/proc/{pid}") for pid in children)
    assert termios.tcgetattr(theirs) == before
    desk.check_left({})


def test_disk_in_use(desk):
    """60: a disk that another run has is refused before anything is put into it; the other one is not harmed."""
    assert desk.run([os.path.join(TOOLS, "pintos-mkdisk"), "a.dsk", "--filesys-size=1"]).returncode == 0
    with desk.start(["--disk=a.dsk", "--"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as first:
        support.read_until(first.stdout.fileno(), b"Boot complete.")
        result = desk.run([PINTOS, "--disk=a.dsk", "-p", "/etc/passwd", "--", "-q"])
        assert first.poll() is None
        first.send_signal(signal.SIGINT)
        assert first.wait(support.SECONDS) == 128 + signal.SIGINT
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr == "pintos: a.dsk: in use by another run of pintos\n"
    assert os.listdir(desk.work) == ["a.dsk"] and not os.listdir(desk.temporary)
