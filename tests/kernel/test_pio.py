"""A machine without PCI, and so without DMA: disks are served by programmed input and output."""

import os

import machine
import support


def test_pio(tmp_path):
    """A program pages against an IDE disk of an ISA machine, and the file system stays whole."""
    image, disk = str(tmp_path / "filesys"), str(tmp_path / "disk")
    machine.make_filesystem(image, 2, {"vm-worker": support.program("vm-worker")})
    machine.make_disk(disk, [("filesys", image), ("swap", 2048)])
    console = machine.boot("-r -ul=48 check run 'vm-worker 100 2 5' check", [disk],
                           extra=["-M", "isapc", "-cpu", "qemu32"])
    console.check("vm-worker: exit(5)" in console.lines_of("vm-worker 100 2 5"), "its data is lost")
    console.check(console.status == 0, "it did not end by itself") # -r: QEMU ends at a reboot.
    support.check_counts(console, *console.checks())
    after = os.path.join(tmp_path, "after")
    assert machine.extract(disk, "filesys", after)
    support.fsck(console, after)
