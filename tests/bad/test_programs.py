"""Bad inputs 1 to 21, each number in one guest; all lines of every row are looked at."""

import os
import re
import tempfile

import pytest

import machine
import support
from bad import programs


@pytest.fixture(scope="module", name="disk")
def make_disk():
    """A disk with the programs of the table, and swap."""
    with tempfile.TemporaryDirectory(prefix="quire-bad-") as folder:
        image, disk = os.path.join(folder, "filesys"), os.path.join(folder, "disk")
        files = {name: support.program(name) for name in programs.PROGRAMS}
        machine.make_filesystem(image, 2, {**files, "empty": b""})
        machine.make_disk(disk, [("filesys", image), ("swap", 2048)])
        yield disk


@pytest.mark.parametrize("number", programs.ROWS)
def test_programs(disk, number):
    """Every row leaves its lines and no other, harms no program after it, and gives all back."""
    rows = programs.ROWS[number]
    actions = " ".join(f"run '{command}'" for command in rows)
    console = machine.boot(f"-q -explain check {actions} run 'echo alive' check", [disk])
    wrong = []
    for command, lines in rows.items():
        text = "\n".join(console.lines_of(command))
        if not re.fullmatch("\n".join(lines), text):
            wrong.append(f"{command}: expected\n  {lines}\ngot\n  {text}")
    console.check(not wrong, "\n".join(wrong))
    console.check(console.lines_of("echo alive") == ["alive", "echo: exit(0)"], "no program runs after it")
    console.expect_clean_end()
    checks = console.checks()
    console.check(len(checks) == 2, "no two checks")
    support.check_counts(console, *checks)
