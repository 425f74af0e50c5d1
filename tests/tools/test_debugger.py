"""What gdb shows by Quire's commands, of a guest that runs and waits."""

import os
import re
import shutil
import socket
import subprocess

import pytest

import support


@pytest.fixture(name="debug")
def make_debugger(tmp_path):
    """A function that runs PROGRAM in a guest until gdb has done COMMANDS there; returns what gdb printed for each."""
    kernel = shutil.copy(support.KERNEL, tmp_path / "kernel.elf")
    shutil.copy(support.KERNEL + "-gdb.py", tmp_path / "kernel.elf-gdb.py")

    def debug(program, arguments, commands):
        support.have("gdb")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        guest = [support.PINTOS, f"--gdb-port={port}", f"--kernel={kernel}", "-T", str(support.SECONDS), "--filesys-size=2",
                 "--swap-size=4", *support.put([program]), "--", "-q", "-f", *arguments, "run", program]
        with subprocess.Popen(guest, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              cwd=tmp_path) as process:
            told = [process.stderr.readline() for _ in range(3)]
            script = re.search(r"gdb -x (\S+)$", told[2]).group(1)
            words = ["gdb", "-nx", "-batch", "-iex", "set tcp connect-timeout 60", "-x", script]
            for command in commands:
                words += ["-ex", f"echo \\n=== {command}\\n", "-ex", command]
            result = subprocess.run([*words, "-ex", "kill"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True, timeout=support.SECONDS, check=False, cwd=tmp_path)
            process.kill()
        return dict(zip(commands, re.split(r"^=== .*\n", result.stdout, flags=re.MULTILINE)[1:])), result.stdout

    return debug


def check(transcript, command, *patterns):
    """What TRANSCRIPT has for COMMAND must match each of PATTERNS."""
    answers, whole = transcript
    for pattern in patterns:
        assert re.search(pattern, answers.get(command, ""), re.MULTILINE), f"{command}: no `{pattern}' in\n{whole}"


def test_tables(debug):
    """A program that goes through more memory than there is: each command tells of it, and the counts agree."""
    at_start = ["threads", "vm maps"]
    commands = ["program vm-linear", "hbreak swap_alloc", "continue", "threads", "locks", "vm maps", "vm frames", "vm why 0",
                "vm why 0xc0000000", "vm why 0x08048000", "vm page 0x08048000", "vm maps 77", "vm maps x", "vm page",
                "vm page no_such_name", "vm frames 1", "vm", "threads 77", "backtrace", "delete", "hbreak exit", "continue",
                "vm spt", "vm swap", "info symbol $pc", "threads 1", "frame", "threads off"]
    transcript = debug("vm-linear", ["-ul=64"], [*at_start, *[c for c in commands if c not in at_start]])
    check(transcript, "vm maps", r"^there is no thread yet; let the kernel start first")
    transcript = debug("vm-linear", ["-ul=64"], commands)
    check(transcript, "program vm-linear", r"^symbols of .*/vm-linear$")
    check(transcript, "threads", r"^ +1 main +(waiting for child at 0x|ready)", r"^ +2 idle +ready$",
          r"^\* +\d+ vm-linear +running, in the kernel, holds a lock of rank addrspace of vm-linear \(process 1\)$")
    check(transcript, "locks", r"^address space of vm-linear \(process 1\), rank addrspace: held by vm-linear \(thread \d+\); nobody",
          r"^VM lock: held by vm-linear")
    check(transcript, "vm maps", r"^vm-linear \(process 1\): \d+ pages mapped, 0 in swap$",
          r"^  08048000-[0-9a-f]{8} r-x private code +inode \d+ from 0x0 on; \d+ pages, \d+ touched, \d+ mapped, 0 in swap$",
          r"^  [0-9a-f]{8}-[0-9a-f]{8} rw- private data ", r"^  [0-9a-f]{8}-c0000000 rw- private stack +zeroes; ")
    check(transcript, "vm frames", r"^64 frames, \d+ free, \d+ lent to the kernel, 0 pinned by vm_lock; policy \w+$",
          r"^ +\d+ resident in frame \d+, page 0 of inode \d+, cached.*: vm-linear \(process 1\) at 0x08048000$")
    free = int(re.search(r"(\d+) free", transcript[0]["vm frames"]).group(1))
    assert len(re.findall(r"^ +\d+ ", transcript[0]["vm frames"], re.MULTILINE)) == 64 - free, transcript[1]
    check(transcript, "vm why 0", r"a null pointer, or an offset from one$")
    check(transcript, "vm why 0xc0000000", r"it is the kernel's: no program may touch it$")
    check(transcript, "vm why 0x08048000", r"^  read +no fault: it is mapped$", r"^  write +refused: the region is r-x$")
    check(transcript, "vm page 0x08048000", r"^  region +08048000-", r"^  entry +resident in frame",
          r"^  machine +mapped at physical 0x[0-9a-f]+, read-only, accessed", r"^  used by +vm-linear \(process 1\) at 0x08048000$")
    for command, line in (("vm maps 77", "there is no process 77 with memory; there are: 1 vm-linear"),
                          ("vm maps x", "x: not a process id; there are: 1 vm-linear"), ("vm page", "usage: vm page ADDRESS"),
                          ("vm page no_such_name", "no_such_name: not an address"), ("vm frames 1", "usage: vm frames$"),
                          ("vm", "vm maps .* | why ADDRESS"), ("threads 77", "there is no thread 77; `threads' lists them")):
        check(transcript, command, "^" + line)
    check(transcript, "threads 1", r"^#\d+ .* switch_to \(", r"^#\d+ .* actions_run \(")
    assert "swap_alloc" not in transcript[0]["threads 1"], transcript[1]
    check(transcript, "frame", r"^#\d+ .* switch_to \(")
    check(transcript, "backtrace", r"^#0 +swap_alloc \(", r" vm_fault(_locked)? \(", r" trap_entry \(",
          r"^#\d+ .* at (\S*/)?tests/guest/vm-linear\.c:\d+$")
    check(transcript, "vm spt", r"^  08048000 ", r"^  [0-9a-f]{8} in slot \d+ \(folded\)$")
    used = int(re.search(r"slots, (\d+) used, 0 bad", transcript[0]["vm swap"]).group(1))
    assert used > 0 and len(re.findall(r"^ +\d+ vm-linear", transcript[0]["vm swap"], re.MULTILINE)) == min(used, 200), \
        transcript[1]
    check(transcript, "info symbol $pc", r"^exit in section \.text of .*/vm-linear$")


def test_waiting(debug):
    """Of two processes that read by one position the one holds the open file, the other waits for it; the stack of
    each is shown from the kernel down to its program."""
    commands = ["hbreak sched_sleep if reason[0] == 'o'", "continue", "delete", "hbreak switch_to", "continue ", "threads", "locks",
                "threads all"]
    transcript = debug("fork-read-turns", ["-ul=32"], commands)
    check(transcript, "threads", r"^\* +\d+ fork-read-turns +running, in the kernel for open file at 0x",
          r"^  +\d+ fork-read-turns .*, holds a lock of rank file")
    check(transcript, "locks", r"^open file \d+ of fork-read-turns \(process \d\), rank file: held by fork-read-turns \(thread (\d+)\); "
          r"waited for by fork-read-turns \(thread (?!\1)\d+\)$")
    parts = re.split(r"^[* ] +\d+ ", transcript[0]["threads all"], flags=re.MULTILINE)
    readers = [part for part in parts if part.startswith("fork-read-turns")]
    assert len(readers) == 2, transcript[1]
    for part in readers:
        kernel, _, program = part.partition("    in its program\n")
        assert re.search(r"^#\d+ .*sys_read \(", kernel, re.MULTILINE), transcript[1]
        assert re.search(r"^#\d+ .* read_pages \(\) at (\S*/)?tests/guest/fork-read-turns\.c:\d+$", program, re.MULTILINE), \
            transcript[1]


def test_safe_path(tmp_path):
    """Who opens the kernel alone is told by gdb how to allow its commands, and has them then."""
    gdb = support.have("gdb")
    kernel = shutil.copy(support.KERNEL, tmp_path / "kernel.elf")
    shutil.copy(support.KERNEL + "-gdb.py", tmp_path / "kernel.elf-gdb.py")
    environment = dict(os.environ, HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))

    def ask(*words):
        return subprocess.run([gdb, "-batch", *words, kernel, "-ex", "help vm"], capture_output=True, text=True, check=False,
                              env=environment, timeout=support.SECONDS)

    assert "has been declined by your `auto-load safe-path'" in ask().stderr
    assert "Show what the virtual memory of Quire knows" in ask("-iex", f"add-auto-load-safe-path {tmp_path}").stdout
