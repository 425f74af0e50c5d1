"""Files that grow under mappings, at every block size of a file system and in small pools."""

import os
import tempfile

import pytest

import machine
import support

PROGRAMS = ["grow-gap", "grow-mapping", "grow-source", "grow-itself"]


@pytest.mark.parametrize("block_size,pool", support.after(1, [(2048, 10), (1024, 10), (4096, 10), (1024, 20), (2048, 20),
                                                              (4096, 20)]))
@pytest.mark.parametrize("program", PROGRAMS)
def test_grow(program, block_size, pool):
    """What the program of that name shows holds at BLOCK_SIZE with POOL frames."""
    with tempfile.TemporaryDirectory(prefix="quire-grow-") as folder:
        image, disk = os.path.join(folder, "filesys"), os.path.join(folder, "disk")
        machine.make_filesystem(image, 3, {program: support.program(program)}, ["-b", str(block_size)])
        machine.make_disk(disk, [("filesys", image), ("swap", 2 * 2048)])
        console = machine.boot(f"-q -ul={pool} -vm-check=64 run {program} check", [disk], seconds=2 * support.SECONDS)
        console.check(f"{program}: exit(0)" in console.text.splitlines(), "the program failed")
        console.expect_clean_end()
        console.check(len(console.checks()) == 1, "the kernel's own check failed")
        machine.extract(disk, "filesys", image)
        support.fsck(console, image)
