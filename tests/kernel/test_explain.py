"""-explain: why a process was killed, in plain words, and nothing without it."""

import re

import pytest

import support

CASES = [
    ("vm-bad code-write", [], r"vm-bad: wrote to the read-only page 0x0804[0-9a-f]{4} of `vm-bad' \(code\)"),
    ("vm-bad kernel-read", [], r"vm-bad: touched 0xc0000000, which is the kernel's"),
    ("vm-bad heap-end", [], r"vm-bad: no memory at 0x080[0-9a-f]{2}000: just behind the heap"),
    ("vm-bad stack-far", [], r"vm-bad: no memory at 0xbfff[0-9a-f]{4}: \d+ KiB below the stack, \d+ KiB below esp"),
    ("vm-worker 100 2 5", ["-ul=48"], r"vm-worker: out of memory: \d+ frames pinned or dirty, swap full \(\d+ of \d+ slots"
     r"(, the rest kept for pages there are)?\); it gives back the most, \d+ pages"),
]


def run(command_line, options, launcher=()):
    """The lines that COMMAND_LINE leaves on the console."""
    program = command_line.split()[0]
    console = support.pintos(["--filesys-size=2", "--swap-size=0.1", *support.put([program]), *launcher],
                             ["-q", "-f", *options, "run", command_line])
    return console, console.lines_of(command_line)


@pytest.mark.parametrize("command_line,options,line", CASES, ids=[case[0] for case in CASES])
def test_explained(command_line, options, line):
    """One line before the exit line says why."""
    console, lines = run(command_line, options, ["--explain"])
    console.check(re.fullmatch(line, lines[-2]), f"no line like `{line}' before the exit line")
    console.check(sum("out of memory" in line for line in lines) == ("out of memory" in line), "it is said twice")


def test_silent_without():
    """Without the option graders see just the lines they know."""
    console, lines = run("vm-bad code-write", [])
    console.check(not any("read-only page" in line for line in lines), "an explanation nobody asked for")
