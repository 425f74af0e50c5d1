"""Bad inputs 22 to 30: each file gets its line, nothing is left of it, and the next one is not harmed."""

import os
import tempfile

import elf_corpus
import machine
import support
from bad import elf


def test_elf():
    """Every row leaves its line and no other."""
    hostile = elf_corpus.hostile()
    files = {**hostile, **elf_corpus.good()}
    lines = {name: line for row in elf.ROWS.values() for name, line in row.items()}
    missing = hostile.keys() - lines.keys()
    assert not missing, f"{missing} have no row"
    with tempfile.TemporaryDirectory(prefix="quire-bad-") as folder:
        image, disk = os.path.join(folder, "filesys"), os.path.join(folder, "disk")
        machine.make_filesystem(image, 4, {name: files[name] for name in lines})
        machine.make_disk(disk, [("filesys", image), ("swap", 2048)])
        console = machine.boot(f"-q check {' '.join(f'run {name}' for name in lines)} check", [disk])
        machine.extract(disk, "filesys", image)
        support.fsck(console, image)
    wrong = [f"{name}: expected `{line}', got {console.lines_of(name)}" for name, line in lines.items()
             if console.lines_of(name) != [line]]
    console.check(not wrong, "\n".join(wrong))
    console.expect_clean_end()
    checks = console.checks()
    console.check(len(checks) == 2, "no two checks")
    support.check_counts(console, *checks)
