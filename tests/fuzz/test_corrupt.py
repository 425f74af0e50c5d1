"""Damaged file systems: what e2fsck accepts is mounted and read, what it rejects is refused or does no harm."""

import os
import shutil
import sys

import pytest

import machine
import support

sys.path.insert(0, os.path.join(support.TESTS, "fuzz"))
import corrupt

PROGRAM = os.path.join(support.BUILD, "tests", "host", "fs_test")
# Images of each geometry in one test; how many such tests.
COUNT, PARTS = (60, 10) if support.LONG else (12, 2)
GUESTS = 40 if support.LONG else 6


@pytest.fixture(scope="module", autouse=True)
def tools():
    """The judges, and the program that is judged."""
    os.environ["PATH"] += ":/sbin:/usr/sbin"
    for tool in ("cc", "mke2fs", "e2fsck", "debugfs"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    support.make("tests/host/fs.mk", PROGRAM)


CASES = [(part, geometry) for part in range(PARTS) for geometry in corrupt.GEOMETRIES]


@pytest.mark.parametrize("part,geometry", support.after(1, CASES))
def test_host(tmp_path, part, geometry):
    """On the host; some images of each verdict must have been among them."""
    judge = corrupt.Judge(PROGRAM, str(tmp_path), geometry)
    verdicts = set()
    for seed in range(COUNT * part, COUNT * (part + 1)):
        try:
            verdicts.add(judge.judge(seed))
        except corrupt.Failure as failure:
            support.fail(str(failure))
    assert verdicts == {"accepted", "refused", "served"}, verdicts


@pytest.mark.parametrize("number", support.after(1, range(GUESTS)))
def test_guest(tmp_path, number):
    """In the guest: no panic and no hang, and e2fsck can still repair what it could before."""
    geometry = list(corrupt.GEOMETRIES)[number % len(corrupt.GEOMETRIES)]
    judge = corrupt.Judge(PROGRAM, str(tmp_path), geometry)
    data, done = corrupt.damage(judge.good, 1000 + number)
    judge.write(data)
    repairable = judge.can_be_repaired(data)
    disk = str(tmp_path / "disk")
    judge.write(data + bytes(-len(data) % machine.SECTOR))
    machine.make_disk(disk, [("filesys", judge.image), ("swap", 512)])
    console = machine.boot("-q ls cat hello cat larger run 'prog' rm text rm holes run 'prog' ls", [disk])
    for word in ("PANIC", "TIMEOUT"):
        console.check(word not in console.text, f"the console says {word} with {done}")
    console.check("Powering off..." in console.text, f"no end with {done}")
    machine.extract(disk, "filesys", judge.image)
    if repairable:
        judge.check_repairable()
