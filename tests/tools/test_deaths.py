"""The launcher says where in its source a program was killed."""

import os
import re
import sys

import support

sys.path.insert(0, os.path.join(support.ROOT, "tools"))

from quire.deaths import describe_death, find_reports  # pylint: disable=wrong-import-position

REPORT = (b"Page fault at 0x0: not present error writing page in user context.\n"
          b"mine: dying due to interrupt 0x0e (#PF Page-Fault Exception).\n"
          b"Interrupt 0x0e (#PF Page-Fault Exception) at eip=0x80480db\n"
          b" cr2=00000000 error=00000006\n"
          b" eax=00000006 ebx=00000000 ecx=080481c9 edx=00000000\n"
          b" esi=00000000 edi=00000000 esp=bfffff90 ebp=bfffffa8\n"
          b" cs=001b ds=0023 es=0023 ss=0023\n")


def line_of(text):
    """The number of the line of fault-lines.c that begins with TEXT."""
    with open(os.path.join(support.TESTS, "guest", "fault-lines.c"), encoding="utf-8") as file:
        return next(number for number, line in enumerate(file, 1) if line.lstrip().startswith(text))


def test_place():
    """Right below the report, before the guest goes on, stands the line that the program was killed in; for a child of
    another program as well."""
    for command in ("fault-lines", "shell"):
        console = support.pintos(["--filesys-size=2", *support.put(["fault-lines", "shell"])],
                                 ["-q", "-f", "run", command], b"fault-lines\nexit\n" if command == "shell" else None)
        console.expect_clean_end()
        place = rf"is test_main \(.*fault-lines\.c:{line_of('__asm__')}\)$"
        lines = console.text.splitlines()
        found = [number for number, line in enumerate(lines) if line.startswith("pintos: fault-lines: eip 0x")]
        console.check(len(found) == 1 and re.search(place, lines[found[0]]), f"not once that it {place}")
        console.check(lines[found[0] - 1].startswith(" cs="), "it does not stand below the report")
        console.check(lines[found[0] + 1] == "fault-lines: exit(-1)", "it does not stand before the exit line")


def test_pieces():
    """A report is found once, in whatever pieces it comes."""
    text = b"hello\n" + REPORT + b"mine: exit(-1)\n" + REPORT
    ends = [len(text) - len(REPORT + b"mine: exit(-1)\n"), len(text)]
    for size in (1, 7, 100, 10000):
        found, seen = [], b""
        for start in range(0, len(text), size):
            seen += text[start:start + size]
            found += find_reports(seen, start)
        assert found == [(end, "mine", 0x80480DB) for end in ends], size


def test_unknown_place():
    """An eip outside of the program, and a program without lines, get a line that says so."""
    program = support.program("fault-lines")
    assert describe_death("x", 0, program) == "x: eip 0x0 is in no function that fault-lines names"
    assert "no function" in describe_death("x", 0xC0100000, program)
