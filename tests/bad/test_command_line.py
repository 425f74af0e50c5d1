"""Bad inputs 42 to 48: the kernel says one line, runs nothing, and leaves with a status that is not 0."""

import os
import re
import tempfile

import pytest

import machine
import support
from bad import command_line

# What the kernel says before, besides the line.
BOOTING = re.compile(r"Pintos booting with [\d,]+ kB RAM\.\.\.|hd[a-d]\d?: .*|")
REFUSED = 5  # QEMU's status: 2 * the kernel's 2 + 1.


@pytest.fixture(scope="module", name="disk")
def make_disk():
    """A disk with a program and swap."""
    with tempfile.TemporaryDirectory(prefix="quire-bad-") as folder:
        image, disk = os.path.join(folder, "filesys"), os.path.join(folder, "disk")
        machine.make_filesystem(image, 1, {"echo": support.program("echo")})
        machine.make_disk(disk, [("filesys", image), ("swap", 512)])
        yield disk


def check_refused(console, line):
    """All that the kernel says is LINE, a regular expression."""
    said = [text for text in console.text.split("\n") if not BOOTING.fullmatch(text)]
    console.check(len(said) == 1 and re.fullmatch(line, said[0]), f"expected `{line}', got {said}")
    console.check(console.status == REFUSED, f"status {console.status}, not {REFUSED}")


@pytest.mark.parametrize("number,words", [pytest.param(number, words, id=f"{number}-{words[:24]}".rstrip())
                                          for number, row in command_line.ROWS.items() for words in row])
def test_refused(disk, number, words):
    """A command line that makes no sense."""
    check_refused(machine.boot(f"-q {words}", [disk]), re.escape(command_line.ROWS[number][words]))


@pytest.mark.parametrize("kilobytes", command_line.SMALL_MACHINES)
def test_small_machine(disk, kilobytes):
    """48: a machine with too little memory; how much it must be is true."""
    console = machine.boot("-q run 'echo alive'", [disk], memory=f"{kilobytes}K")
    check_refused(console, r"not enough memory: this machine has \d+ kB of RAM, at least \d+ kB are needed")
    has = console.statistic(r"machine has (\d+) kB")
    needed = console.statistic(r"at least (\d+) kB")
    console = machine.boot("-q run 'echo alive'", [disk], memory=f"{kilobytes + needed - has + 4}K")
    console.check("\nalive\necho: exit(0)\n" in console.text, "it does not run with what it says it needs")
    console.expect_clean_end()
