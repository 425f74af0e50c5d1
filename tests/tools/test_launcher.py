"""The launcher: what it accepts, and how each end of a run is told.  tests/bad has what it refuses.

Runs a kernel of a few instructions (mini.S), or a shell script in QEMU's place.
"""

import contextlib
import fcntl
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import termios
import time

import pytest

from support import SECONDS, children_of, read_until, until_boot

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TOOLS = os.path.join(ROOT, "tools")
PINTOS = os.path.join(TOOLS, "pintos")
MKDISK = os.path.join(TOOLS, "pintos-mkdisk")


@pytest.fixture(scope="session")
def mini(tmp_path_factory):
    """The file of the small kernel."""
    folder = tmp_path_factory.mktemp("mini")
    answer = subprocess.run([os.path.join(TOOLS, "toolchain")], capture_output=True, text=True, check=True)
    tools = dict(line.split(" = ", 1) for line in answer.stdout.splitlines())
    kernel = folder / "mini.elf"
    subprocess.run([*tools["CC32"].split(), "-g", "-c", "-o", folder / "mini.o", "mini.S"], check=True, cwd=HERE)
    subprocess.run([*tools["LD32"].split(), "--build-id=none", "-z", "noexecstack", "-T",
                    os.path.join(HERE, "mini.lds"), "-o", kernel, folder / "mini.o"], check=True)
    return str(kernel)


@pytest.fixture(name="run")
def make_runner(mini, tmp_path):
    """A function that runs the launcher in an empty folder with its own folder for temporary files,
    and sees that none is left."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    work = tmp_path / "work"
    work.mkdir()

    def run(*words, tool=PINTOS, stdin=b"", qemu=None, check_left=True, **settings):
        environment = dict(os.environ, TMPDIR=str(temporary), QUIRE_KERNEL=mini)
        environment.update(settings)
        if qemu is not None:
            script = tmp_path / "qemu"
            script.write_text("#!/bin/bash\n" + qemu)
            script.chmod(0o755)
            environment["QUIRE_QEMU"] = str(script)
        result = subprocess.run([tool, *map(str, words)], input=stdin, capture_output=True, cwd=work,
                                env=environment, timeout=3000, check=False)
        if check_left:
            assert not os.listdir(temporary), "temporary files are left"
        result.out = result.stdout.decode()
        result.err = result.stderr.decode()
        return result

    run.work = work
    run.temporary = temporary
    run.started = []
    yield run
    for process in run.started:
        if process.poll() is None:
            process.kill()
            process.wait()


def refused(result, text, status=1):
    """RESULT must be a refusal with a line that holds TEXT."""
    assert result.returncode == status, result.err
    assert text in result.err
    assert len(result.err.splitlines()) <= 2, result.err
    assert "Traceback" not in result.err


# -- How a run can end -----------------------------------------------------------------------------


def test_power_off(run):
    result = run("--", "-q")
    assert (result.returncode, result.out, result.err) == (0, "Boot complete.\nPowering off...\n", "")


def test_panic(run):
    result = run("--", "p")
    assert result.returncode == 3
    assert re.search(r"Call stack by name:\n  0x00100003  .*\n  0x00100005  ", result.out)


def test_refused_command_line(run):
    assert run("--", "u").returncode == 4


def test_triple_fault(run):
    result = run("--", "t")
    assert result.returncode == 5
    assert re.search(r"The guest was at 0x001000[0-9a-f]{2} triple_fault_here \(.*mini\.S:\d+\), in the kernel",
                     result.out)
    assert "reset (triple fault?)" in result.err


def test_reset(run):
    assert run("--", "r").returncode == 5


def test_reset_as_asked(run):
    assert run("--", "-r", "r").returncode == 0


def test_timeout(run):
    def run_for(seconds):
        start = time.monotonic()
        result = run("-T", seconds, "--", "h")
        assert time.monotonic() - start >= seconds
        return result, "Boot complete" in result.out.partition("TIMEOUT")[0]

    seconds, result = until_boot(run_for)
    assert result.returncode == 2
    assert f"Boot complete.\nTIMEOUT after {seconds} seconds\n" in result.out
    assert re.search(r"The guest was at 0x001000[0-9a-f]{2} hang_here \(.*mini\.S:\d+\), in the kernel, halted, "
                     "interrupts off", result.out)


def test_kill_on_failure(run):
    result = run("-k", "-T", SECONDS, "--", "f")
    assert result.returncode == 7  # Not that of a time-out.
    assert "FAIL" in result.out


def test_failure_without_kill(run):
    assert run("-T", "1", "--", "f").returncode == 2


def test_simulator_too_old(run):
    result = run("--", "x", qemu="""
for word; do case $word in socket,id=control,fd=*) fd=${word##*=};; esac; done
echo '{"QMP": {"version": {"qemu": {"micro": 1, "minor": 1, "major": 3}}}}' >&$fd
exec sleep 20""")
    refused(result, "QEMU 3.1 is too old: 4.0 or newer is needed (apt install qemu-system-x86)")


OLD_QEMU = """[ "$1" = --version ] && echo 'QEMU emulator version 2.11.1(Debian 1:2.11)' && exit
exit 1"""


def test_simulator_far_too_old(run):
    """One that does not understand its command line is asked for its version."""
    refused(run("--", "x", qemu=OLD_QEMU), "QEMU 2.11 is too old: 4.0 or newer is needed (apt install qemu-system-x86)")


def test_doctor_tells_of_old_simulator(run):
    result = run("doctor", qemu=OLD_QEMU)
    assert result.returncode == 1
    assert "QEMU 2.11 is too old: 4.0 or newer is needed" in result.out
    assert re.search(r"Missing or too old, to run: sudo apt-get install .*qemu-system-x86", result.out)


def test_ended_by_the_monitor(run, mini):
    """Its `quit' is not the guest's powering off."""
    process, ours, _ = start_in_terminal(run, mini, ["--monitor", "--", "h"])
    read_until(ours, b"Boot complete.")
    os.write(ours, b"\x01c")
    read_until(ours, b"(qemu) ")
    os.write(ours, b"quit\n")
    assert b"pintos: ended by the monitor's quit" in read_until(ours, b"monitor's quit")
    assert process.wait(20) == 130


def test_simulator_ended_by_signal(run, mini):
    """QEMU ends in order when it is told to, but the guest did not power off."""
    process, ours, _ = start_in_terminal(run, mini, ["--", "h"])
    read_until(ours, b"Boot complete.")
    os.kill(children_of(process.pid)[0], signal.SIGTERM)
    read_until(ours, b"pintos: QEMU was ended by a signal")
    assert process.wait(20) == 6


def control_terminal():
    """Makes standard input the controlling terminal, as a shell in a window has it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def control_terminal_from_background():
    """The same, but another process is in its foreground: a child that does nothing."""
    control_terminal()
    ready, done = os.pipe()
    other = os.fork()
    if other == 0:
        os.setpgid(0, 0)  # Only it can: who has run exec() is let be.
        for descriptor in (0, 1, 2):
            os.close(descriptor)
        os.execv("/bin/sleep", ["sleep", str(SECONDS)])  # Closes `done', too.
    os.close(done)
    os.read(ready, 1)
    os.close(ready)
    os.tcsetpgrp(0, other)


def start_in_terminal(run, mini, words, setup=control_terminal):
    """Starts the launcher on a terminal of its own, with SETUP done to it; returns its process and our end."""
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"no terminals here: {error}")
    environment = dict(os.environ, TMPDIR=str(run.temporary), QUIRE_KERNEL=mini)
    process = subprocess.Popen([PINTOS, *words], stdin=theirs, stdout=theirs, stderr=theirs, cwd=run.work,
                               env=environment, start_new_session=True, preexec_fn=setup)
    run.started.append(process)
    return process, ours, theirs


def test_interrupt_at_terminal(run, mini):
    process, ours, theirs = start_in_terminal(run, mini, ["--", "h"])
    before = termios.tcgetattr(theirs)
    read_until(ours, b"Boot complete.")
    assert termios.tcgetattr(theirs) != before, "the terminal is raw while the guest runs"
    children = children_of(process.pid)
    os.write(ours, b"\x03\x03")  # The first is the guest's, which takes none.
    assert process.wait(SECONDS) == 130
    assert termios.tcgetattr(theirs) == before
    assert not fcntl.fcntl(theirs, fcntl.F_GETFL) & os.O_NONBLOCK
    assert children and not any(os.path.exists(f"/proc/{pid}") for pid in children)
    assert not os.listdir(run.temporary)


@pytest.mark.parametrize("number, status", [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_ended_by_signal(run, mini, number, status):
    process, ours, _ = start_in_terminal(run, mini, ["--", "h"])
    read_until(ours, b"Boot complete.")
    children = children_of(process.pid)
    process.send_signal(number)
    assert process.wait(SECONDS) == status
    assert not any(os.path.exists(f"/proc/{pid}") for pid in children)
    assert not os.listdir(run.temporary)


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_simulator_does_not_outlive_the_launcher(run, mini):
    process, ours, _ = start_in_terminal(run, mini, ["--", "h"])
    read_until(ours, b"Boot complete.")
    children = children_of(process.pid)
    process.kill()
    process.wait()
    end = time.monotonic() + SECONDS
    while any(os.path.exists(f"/proc/{pid}") for pid in children) and time.monotonic() < end:
        time.sleep(0.05)
    # A zombie that nobody reaps is dead as well.
    for pid in children:
        if os.path.exists(f"/proc/{pid}/stat"):
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                assert file.read().rpartition(")")[2].split()[0] == "Z"


# -- Input -----------------------------------------------------------------------------------------


def test_input_from_pipe_then_end(run):
    result = run("-T", SECONDS, "--", "i", stdin=b"one\ntwo\n")
    assert (result.returncode, result.out) == (0, "Boot complete.\none\ntwo\nPowering off...\n")


def test_input_without_last_newline(run):
    assert "last\nPowering off" in run("-T", SECONDS, "--", "i", stdin=b"last").out


def test_input_from_terminal(run, mini):
    process, ours, _ = start_in_terminal(run, mini, ["--", "i"])
    read_until(ours, b"Boot complete.")
    os.write(ours, b"typed\x04")
    assert b"typed" in read_until(ours, b"Powering off")
    assert process.wait(SECONDS) == 0


def test_input_from_foreign_terminal(run, mini):
    """One that is not the controlling terminal is read as well, key by key, and put back."""
    process, ours, theirs = start_in_terminal(run, mini, ["--", "i"], setup=None)
    before = termios.tcgetattr(theirs)
    read_until(ours, b"Boot complete.")
    os.write(ours, b"ty")
    read_until(ours, b"ty")
    os.write(ours, b"ped\x04")
    assert b"ped" in read_until(ours, b"Powering off")
    assert process.wait(SECONDS) == 0
    assert termios.tcgetattr(theirs) == before


def test_interrupt_at_foreign_terminal(run, mini):
    process, ours, _ = start_in_terminal(run, mini, ["--", "i"], setup=None)
    read_until(ours, b"Boot complete.")
    os.write(ours, b"\x03\x03")
    assert process.wait(SECONDS) == 130


def test_end_of_foreign_terminal(run, mini):
    """Its hanging up is the end of the guest's input."""
    process, ours, theirs = start_in_terminal(run, mini, ["--", "i"], setup=None)
    read_until(ours, b"Boot complete.")
    os.close(theirs)
    os.close(ours)
    process.wait(SECONDS)


def test_terminal_in_background(run, mini):
    """Reading would stop the launcher: the guest has no input, and ends."""
    process, ours, _ = start_in_terminal(run, mini, ["--", "i"], setup=control_terminal_from_background)
    other = os.tcgetpgrp(ours)
    read_until(ours, b"Powering off")
    assert process.wait(SECONDS) == 0
    with contextlib.suppress(ProcessLookupError):  # The end of the session may have ended it.
        os.kill(other, signal.SIGKILL)


def test_closed_descriptors(run, mini):
    environment = dict(os.environ, TMPDIR=str(run.temporary), QUIRE_KERNEL=mini)
    result = subprocess.run(["/bin/sh", "-c", f"exec '{PINTOS}' -- x <&- >&- 2>&-"], cwd=run.work,
                            env=environment, timeout=300, check=False)
    assert result.returncode == 0


# -- Where it works --------------------------------------------------------------------------------


def test_through_a_link_from_another_folder(run, tmp_path):
    link = tmp_path / "a link"
    link.symlink_to(PINTOS)
    assert run("--", "x", tool=str(link)).returncode == 0


def test_kernel_in_folder_with_spaces(run, mini, tmp_path):
    folder = tmp_path / "with space, and comma"
    folder.mkdir()
    shutil.copy(mini, folder / "kernel.elf")
    assert run(f"--kernel={folder / 'kernel.elf'}", "--", "p").returncode == 3


def test_temporary_folder_with_comma(run, tmp_path):
    folder = tmp_path / "a,b"
    folder.mkdir()
    assert run("--filesys-size=1", "--", "-f", TMPDIR=str(folder)).returncode == 0


def test_debian_python(run, mini):
    environment = dict(os.environ, TMPDIR=str(run.temporary), QUIRE_KERNEL=mini)
    result = subprocess.run(["/usr/bin/python3", PINTOS, "--", "p"], env=environment, cwd=run.work, timeout=300,
                            capture_output=True, stdin=subprocess.DEVNULL, check=False)
    assert result.returncode == 3


# -- Old command lines -----------------------------------------------------------------------------

OLD_LINES = [
    ["-v", "-k", "-T", "60", "--qemu", "--filesys-size=2", "-p", "PROGRAM", "-a", "pt-grow-stack", "--swap-size=4",
     "--", "-q", "-f", "run", "pt-grow-stack"],
    ["-v", "--", "-q", "run", "alarm-multiple"],
    ["--qemu", "--filesys-size=2", "-p", "PROGRAM", "-a", "echo", "--", "-f", "-q", "run", "echo x"],
    ["-m", "8", "-T60", "-vs", "--swap-size", "0.5", "--", "-q"],
    ["--memory=4", "--timeout=60", "--kill-on-failure", "--no-vga", "--no-serial", "--", "-q"],
    ["--fs-disk=10", "-p", "PROGRAM:args-single", "--swap-disk=4", "--", "-q", "-f", "run", "args-single onearg"],
    ["--filesys-size=2", "--scratch-size=1", "--put-file", "PROGRAM", "--as", "a/b/c", "--", "-f", "-q"],
    ["-q", "run", "alarm"],
]


@pytest.mark.parametrize("line", OLD_LINES, ids=[" ".join(line) for line in OLD_LINES])
def test_old_line(run, mini, line):
    result = run(*[word.replace("PROGRAM", mini) for word in line])
    assert (result.returncode, result.err) == (0, "")


def test_help(run):
    for line in (["--help"], ["-h", "--"], ["-v", "--help", "--"]):
        assert "Exit status:" in run(*line).out


# -- What is refused -------------------------------------------------------------------------------

def test_files_do_not_fit(run, tmp_path):
    big = tmp_path / "big"
    big.write_bytes(os.urandom(2 << 20))
    refused(run("--filesys-size=1", "-p", big, "--", "-f"), "too small for the files put into it")
    refused(run("--filesys-size=1", "--make-disk=kept.dsk", "-p", big, "--", "-f"), "too small")
    assert not os.listdir(run.work), "a half-made disk is left"


def test_no_room_for_temporary_files(run):
    refused(run("--", "x", TMPDIR="/nowhere", check_left=False), "/nowhere")


# -- Disks and files -------------------------------------------------------------------------------


def sfdisk(path):
    """The partitions of PATH as sfdisk reads them: (number, type, sectors)."""
    if shutil.which("sfdisk", path="/sbin:/usr/sbin:" + os.environ["PATH"]) is None:
        pytest.skip("sfdisk is not installed")
    dump = subprocess.run(["/sbin/sfdisk", "-d", path], capture_output=True, text=True, check=True).stdout
    return [(int(number), int(kind, 16), int(size)) for number, size, kind in
            re.findall(r"dsk(\d) : start= *\d+, size= *(\d+), type=(\w+)", dump)]


def fsck(path, start=1 << 20):
    """e2fsck must find nothing in the file system at START."""
    result = subprocess.run(["/sbin/e2fsck", "-fn", f"{path}?offset={start}"], capture_output=True, text=True,
                            check=False)
    assert result.returncode == 0, result.stdout


def test_mkdisk(run):
    result = run("new.dsk", "--filesys-size=2", "--scratch-size=0.1", "--swap-size=4", tool=MKDISK)
    assert (result.returncode, result.out) == (0, "")
    assert result.err == "pintos-mkdisk: --scratch-size=0.1: rounded up to 205 sectors of 512 bytes\n"
    assert sfdisk(run.work / "new.dsk") == [(2, 0x21, 4096), (3, 0x22, 205), (4, 0x23, 8192)]


def test_sizes_that_are_rounded(run):
    result = run("--filesys-size=0.3", "--swap-size=0.1", "--make-disk=d.dsk", "-m", "2048", "--", "-f")
    assert result.returncode == 0
    assert result.err == ("pintos: -m 2048: the kernel uses only 1,016 MB of it\n"
                          "pintos: --filesys-size=0.3: rounded up to 308 blocks of 1,024 bytes\n"
                          "pintos: --swap-size=0.1: rounded up to 26 pages of 4,096 bytes\n")
    assert sfdisk(run.work / "d.dsk") == [(2, 0x21, 616), (4, 0x23, 208)]
    assert run("--filesys-size=0.25", "--swap-size=1.5", "-m", "1016", "--", "-f").err == ""


def test_put_and_get(run, tmp_path):
    source = tmp_path / "source file"
    source.write_bytes(os.urandom(300_000))
    result = run("--filesys-size=2", "--make-disk=d.dsk", "-p", source, "-a", "dir/x y", "-p", f"{source}:z",
                 "-g", "dir/x y", "-a", "back 1", "-g", "z:back2", "--", "-f")
    assert (result.returncode, result.err) == (0, "")
    assert (run.work / "back 1").read_bytes() == source.read_bytes()
    assert (run.work / "back2").read_bytes() == source.read_bytes()
    fsck(run.work / "d.dsk")


def debugfs(path, command, start=1 << 20):
    """What debugfs answers to COMMAND on the file system at START."""
    return subprocess.run(["/sbin/debugfs", "-R", command, f"{path}?offset={start}"], capture_output=True, text=True,
                          check=True).stdout


@pytest.mark.parametrize("megabytes", [0.5, 2, 8])
def test_new_file_system(run, tmp_path, megabytes):
    """It has an inode for each 4 KiB, and in its root what was put there and nothing else."""
    source = tmp_path / "source"
    source.write_bytes(b"content")
    disk = run.work / "new.dsk"
    assert run(disk, f"--filesys-size={megabytes}", "-p", source, tool=MKDISK).returncode == 0
    inodes = int(re.search(r"Inode count: +(\d+)", debugfs(disk, "show_super_stats -h")).group(1))
    assert megabytes * 256 <= inodes <= megabytes * 256 + 64
    names = [line.split("/")[5] for line in debugfs(disk, "ls -p /").splitlines() if line.count("/") > 5]
    assert sorted(names) == [".", "..", "source"]
    fsck(disk)


def test_put_into_existing_file_system(run, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"first")
    run("filesys.dsk", "--filesys-size=2", tool=MKDISK)
    assert run("-p", source, "--", "-f").returncode == 0
    source.write_bytes(b"second")
    for guest in ("source", "deep/er/source", 'quote"s'):
        result = run("-p", source, "-a", guest, "-g", guest, "-a", "back", "--", "-q")
        assert (result.returncode, result.err) == (0, "")
        assert (run.work / "back").read_bytes() == b"second"
    fsck(run.work / "filesys.dsk")


def test_format_keeps_nothing(run, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"x")
    run("filesys.dsk", "--filesys-size=2", "-p", source, tool=MKDISK)
    assert run("-g", "source", "--", "-q").returncode == 0
    refused(run("-g", "source", "--", "-q", "-f"), "getting source failed: no such file")


def test_copies_of_partitions(run, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"content")
    run("a.dsk", "--filesys-size=2", "--swap-size=1", "-p", source, tool=MKDISK)
    before = (run.work / "a.dsk").read_bytes()
    raw = tmp_path / "raw"
    raw.write_bytes(before[1 << 20 : 3 << 20])
    for option in ("--filesys-from=a.dsk", f"--filesys={raw}"):
        assert run(option, "--swap-from=a.dsk", "-p", source, "-a", "other", "-g", "source:back", "--",
                   "-q").returncode == 0
        assert (run.work / "back").read_bytes() == b"content"
    assert (run.work / "a.dsk").read_bytes() == before


def test_default_disks(run):
    run("swap.dsk", "--swap-size=1", tool=MKDISK)
    run("filesys.dsk", "--filesys-size=1", tool=MKDISK)
    show = 'for word; do case $word in file=*) echo "$word";; esac; done'
    result = run("--scratch-size=1", "--", "-q", qemu=show)
    assert re.findall(r"file=([^,]*).*index=(\d)", result.out)[1:] == [("filesys.dsk", "1"), ("swap.dsk", "2")]
    result = run("--swap-size=1", "--", "-q", qemu=show)
    assert "swap.dsk" not in result.out and "filesys.dsk" in result.out
    result = run("--disk=swap.dsk", "--", "-q", qemu=show)
    assert result.out.count("swap.dsk") == 1


def test_kernel_command_line(run):
    show = 'while [ $# -gt 0 ]; do [ "$1" = -append ] && echo "$2"; shift; done'
    result = run("--", "-q", "run", "echo a  b", "cat", "it's", "", "a'b\"c", qemu=show)
    assert result.out == """-q run 'echo a  b' cat "it's" '' 'a'"'"'b"c'\n"""


def test_options_for_the_machine(run):
    show = 'echo "$@"'
    out = run("-m", "16", "--icount", "--qemu-args=-x 'y z'", "--", qemu=show).out
    assert "-m 16 " in out and "-icount shift=0,sleep=off" in out and "-x y z" in out
    assert " -m 4 " in run("--", "-q", qemu=show).out


# -- The debugger and the rest ---------------------------------------------------------------------


@pytest.mark.parametrize("complaint, told", [
    ("Unknown driver 'nbd'", "this QEMU has no support for NBD (apt install qemu-system-x86)"),
    ("Parameter 'driver' does not accept value 'nbd'", "this QEMU has no support for NBD"),
    ("Invalid parameter 'reconnect-delay'", "this QEMU is too old for it: 4.2 or newer is needed"),
    ("Requested export not available", "h:9: the server has no export 'x'; `nbdinfo --list' tells its names"),
    ("Could not open image: Permission denied", "h:9: may not be written, which swap must be"),
    ("Server requires TLS", "h:9: the server wants TLS, which is not supported; use an ssh tunnel to it"),
    ("Failed to connect to 'h:9': No route to host", "h:9: No route to host; is the server running, and can this "),
    ("Bad initial magic received: 0x1234", "h:9: what answers there is no NBD server (Bad initial magic received"),
    ("Something else", "--swap=nbd://h:9/x: Something else"),
])
def test_swap_that_cannot_be_opened(run, complaint, told):
    """Each complaint of QEMU's about swap beyond the machine becomes one line that says what to do."""
    result = run("--swap=nbd://h:9/x", "--", qemu=f"""
for word; do case $word in '{{"node-name"'*) node=$word;; esac; done
echo "qemu: -blockdev $node: {complaint}
server reported: more" >&2
exit 1""")
    refused(result, told)
    assert len(result.err.splitlines()) == 1, result.err


def test_gdb_waits(run, mini, tmp_path):
    kernel = shutil.copy(mini, tmp_path / "kernel.elf")
    environment = dict(os.environ, TMPDIR=str(run.temporary), QUIRE_KERNEL=str(kernel))
    with subprocess.Popen([PINTOS, "--gdb", "-T", str(SECONDS), "--", "x"], stdin=subprocess.DEVNULL, cwd=run.work,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        line = process.stderr.readline() + process.stderr.readline()
        port = int(re.search(rb"gdb \S+ -ex 'target remote :(\d+)'", line).group(1))
        assert str(port) in (tmp_path / "gdbinit").read_text()
        for _ in range(20 * SECONDS):
            try:
                stub = socket.create_connection(("127.0.0.1", port), SECONDS)
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        with stub:
            stub.sendall(b"+$c#63")
            assert process.wait(SECONDS) == 0


def test_doctor(run):
    result = run("doctor")
    assert "qemu-system-i386" in result.out
    assert result.returncode == 0


def test_doctor_names_what_is_missing(run, tmp_path):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("python3", "env", "sh", "gcc"):
        (tools / name).symlink_to(shutil.which(name, path="/usr/bin:/bin"))
    result = run("doctor", PATH=str(tools))
    assert result.returncode == 1
    assert re.search(r"Missing or too old, to run: sudo apt-get install .*qemu-system-x86", result.out)


def test_setup_says_what_is_missing(tmp_path):
    for name in ("sh", "dirname", "uname", "id", "python3"):
        (tmp_path / name).symlink_to(shutil.which(name, path="/usr/bin:/bin"))
    result = subprocess.run([os.path.join(TOOLS, "setup"), "--dry-run"], env={"PATH": str(tmp_path)},
                            capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "qemu-system-x86" in result.stdout and "gcc" in result.stdout
