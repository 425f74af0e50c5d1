"""Power cuts: whatever of the writes is on the disk, the file system can be repaired and keeps its promises."""

import os
import re
import subprocess
import tempfile

import pytest

import machine
import support
from cuts import cuts, judge, writelog

SEEDS = range(1, 7) if support.LONG else [1]
POINTS = 110 if support.LONG else 64  # Of each workload and seed.
STATE = 1024 + 58  # Where the superblock says whether it is clean.
UNCLEAN = re.compile(r"^ext2: hda1: not cleanly unmounted: run e2fsck$", re.MULTILINE)


@pytest.fixture(name="folder")
def make_folder():
    """A folder for one recording."""
    with tempfile.TemporaryDirectory(prefix="quire-cuts-") as folder:
        yield folder


def expect_good(writes, points, folder, name):
    """All POINTS of WRITES, recorded in FOLDER, are as they must be."""
    tally = cuts.judge_points(writes, points)
    if tally.failures:
        support.fail(cuts.failures_text(tally, cuts.keep(folder, os.path.join(support.BUILD, "cuts", name))))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("workload", map(support.battery, cuts.WORKLOADS))
def test_cuts(workload, seed, folder):
    """At points of what WORKLOAD writes, in order and with a cache that loses some."""
    cuts.record(workload, seed, folder)
    writes = cuts.load(folder)
    assert writes.marks[-1][1] == ["end"], "not all marks are in the log"
    assert sum(words[0] == "synced" for _, words in writes.marks) > 8, "hardly anything was promised"
    expect_good(writes, writes.choose(POINTS, seed), folder, f"{workload}-{seed}")
    broken = judge.broken_directories(writes, cuts.WORKLOADS[workload][0])
    assert not broken, f"directories do not survive torn writes: {broken[:10]}"


@pytest.mark.battery
def test_second_life(folder):
    """What a cut left is used on, without repair: that is said, and later cuts are no worse."""
    lives = [os.path.join(folder, name) for name in ("first", "second", "third")]
    for life in lives:
        os.mkdir(life)
    console = cuts.record("dirs", 3, lives[0])
    console.check(not UNCLEAN.search(console.text), "a new file system was not cleanly unmounted")
    writes = cuts.load(lives[0])
    image = writelog.Disk(writes).at(writelog.Point(str(len(writes.entries) // 2)))
    console = cuts.record("small", 3, lives[1], image)
    console.check(UNCLEAN.search(console.text), "no line that says so")
    writes = cuts.load(lives[1])
    points = [point for point in writes.choose(30, 3) if point.in_order()]
    expect_good(writes, points, lives[1], "second-life")
    image = writelog.Disk(writes).at(points[-1])
    path = os.path.join(folder, "image")
    with open(path, "wb") as file:
        file.write(image)
    subprocess.run(["/sbin/e2fsck", "-fy", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    with open(path, "rb") as file:
        console = cuts.record("exit", 3, lives[2], file.read())
    console.check(not UNCLEAN.search(console.text), "a repaired file system was not cleanly unmounted")


def test_clean_end(folder):
    """After a power-off everything is on disk, and clean; from the first write on until then it is not."""
    cuts.record("exit", 2, folder)
    writes = cuts.load(folder)
    states = {}
    for count in (0, writes.flushes[0] + 1, writes.flushes[-1], len(writes.entries)):
        image = writelog.Disk(writes).at(writelog.Point(str(count)))
        states[count] = image[STATE] & 1
    assert list(states.values()) == [1, 0, 1, 1], f"valid after so many writes: {states}"
    tally = cuts.judge_points(writes, [writelog.Point(str(len(writes.entries)))])
    assert sum(tally.clean.values()) == 1 and not tally.failures, tally.failures
    assert writes.entries[-1].data == b"", "no flush at the end"


@pytest.mark.battery
@pytest.mark.parametrize("plant,kind,found", [
    (lambda writes: cuts.swap_order(writes, 1), "", r"not a loss: Block bitmap differences:.* \+"),
    (lambda writes: cuts.swap_order(writes, 1), "", r"not a loss: Entry '.*' in .* has deleted/unused inode"),
    (lambda writes: cuts.swap_order(writes, 1), "", r"shows what is not its own"),
    (cuts.drop_flushes, "r", r"is not there|instead of generation")],
    ids=["bitmap-late", "inode-late", "content-late", "no-flush"])
def test_judges(folder, plant, kind, found):
    """Logs of disks that were written in a wrong order, or never flushed, are found out."""
    cuts.record("small", 2, folder)
    writes = plant(cuts.load(folder))
    points = [point for point in writes.choose(120, 1) if point.kind == kind]
    complaints = [complaint for _, complaint in cuts.judge_points(writes, points).failures]
    assert any(re.search(found, complaint) for complaint in complaints), f"{len(complaints)} others"


def test_refused_flush(folder):
    """A disk that does not write its cache out has fsync and vm_sync fail, and the volume is to be checked."""
    image, disk = os.path.join(folder, "image"), os.path.join(folder, "disk")
    machine.make_filesystem(image, 2, {"sync-refused": support.program("sync-refused")})
    machine.make_disk(disk, [("filesys", image)])
    refusal = {"event": "flush_to_disk", "iotype": "flush", "once": True, "errno": 5}
    refuse = {"set-state": [{"event": "flush_to_disk", "state": n, "new_state": n + 1} for n in (1, 2, 3)],
              "inject-error": [{"state": n, **refusal} for n in (2, 3)]}
    console = machine.boot("-q run sync-refused", [machine.faulty(disk, "disk0", refuse)])
    console.check("sync-refused: exit(0)" in console.text, "sync-refused failed")
    console.check("Powering off" in console.text, "no end")
    with open(disk, "rb") as file:
        file.seek(cuts.START + STATE)
        assert file.read(1)[0] & 1 == 0, "the volume is marked as clean"
