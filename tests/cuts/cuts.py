"""Records what workloads write to their disk, cuts the power at points of it, and has each judged."""

import collections
import json
import multiprocessing
import os
import random
import shutil
import tempfile

import machine
import support
from cuts import judge, writelog

START = 64 * writelog.SECTOR  # Where machine.make_disk() puts the first partition.
# Workload of tests/guest/power-cut.c -> block size, frames in the user pool (0: all).
WORKLOADS = {"small": (1024, 0), "large": (1024, 0), "mapped": (1024, 0), "rename": (4096, 0), "dirs": (1024, 0),
             "reuse": (1024, 0), "exit": (4096, 0), "crowd": (1024, 64)}
LOG_SIZE = 1 << 30  # Sparse.


def record(workload, seed, folder, image=None):
    """Runs WORKLOAD in the guest, on a new file system or IMAGE; FOLDER gets `base', the file system before, and
    `log', its writes.  Returns the console."""
    block_size, frames = WORKLOADS[workload]
    paths = {name: os.path.join(folder, name) for name in ("base", "disk", "swap", "log")}
    if image is None:
        files = {"power-cut": support.program("power-cut"), "marks": b"-" * 16384}
        machine.make_filesystem(paths["base"], 2, files, ["-b", str(block_size)])
        shutil.rmtree(paths["base"] + ".files")
    else:
        with open(paths["base"], "wb") as file:
            file.write(image)
    machine.make_disk(paths["disk"], [("filesys", paths["base"])])
    machine.make_disk(paths["swap"], [("swap", 8192)])
    with open(paths["log"], "wb") as log:
        log.truncate(LOG_SIZE)
    disk = {"driver": "blklogwrites", "node-name": "filesys", "log-sector-size": writelog.SECTOR,
            "file": {"driver": "file", "filename": paths["disk"]},
            "log": {"driver": "file", "filename": paths["log"]}}
    pool = [f"-ul={frames}"] if frames else []
    console = machine.boot(" ".join(["-q", *pool, f"run 'power-cut {workload} {seed}'"]),
                           [json.dumps(disk), paths["swap"]], seconds=400)
    console.check("power-cut: exit(0)" in console.text, f"workload {workload} failed")
    for name in ("disk", "swap"):
        os.remove(paths[name])
    return console


def load(folder):
    """The writes recorded in FOLDER."""
    with open(os.path.join(folder, "base"), "rb") as file:
        base = file.read()
    with open(os.path.join(folder, "log"), "rb") as file:
        end = file.seek(0, os.SEEK_HOLE) if hasattr(os, "SEEK_HOLE") else LOG_SIZE
        file.seek(0)
        return writelog.Writes(base, writelog.read_entries(file.read(end)), START)


class Tally:
    """The sums over points."""

    def __init__(self):
        self.points = collections.Counter()
        self.clean = collections.Counter()
        self.repaired = collections.Counter()
        self.losses = collections.Counter()
        self.failures = []  # (point, complaint)

    def add(self, point, verdict):
        """Counts VERDICT on POINT."""
        kind = {"": "whole writes", "t": "cut writes", "r": "lost writes"}[point.kind]
        self.points[kind] += 1
        self.clean[kind] += verdict.state == judge.CLEAN
        self.repaired[kind] += verdict.state == judge.REPAIRED
        if point.in_order():
            self.losses.update(verdict.losses)
        self.failures += [(point.text, complaint) for complaint in verdict.complaints[:3]]

    def merge(self, other):
        """Adds OTHER's sums."""
        self.points += other.points
        self.clean += other.clean
        self.repaired += other.repaired
        self.losses += other.losses
        self.failures += other.failures


def judge_points(writes, points):
    """The tally of POINTS, which are in order of their counts."""
    tally = Tally()
    disk = writelog.Disk(writes)
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="quire-cuts-", dir=base) as folder:
        for point in points:
            verdict = judge.judge(disk.at(point), point.in_order(), writes.promised(point.count), folder)
            tally.add(point, verdict)
    return tally


def judge_parallel(writes, points, jobs):
    """The same by JOBS processes."""
    if jobs == 1:
        return judge_points(writes, points)
    parts = [points[n::jobs * 4] for n in range(jobs * 4)]
    tally = Tally()
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for part in pool.starmap(judge_points, [(writes, part) for part in parts if part]):
            tally.merge(part)
    return tally


def failures_text(tally, folder):
    """The first failures of the recording in FOLDER, each with the command that repeats it."""
    texts = [f"at {point}: {complaint.strip()}\n  again: tests/cuts/run --from {folder} --point {point}"
             for point, complaint in tally.failures[:5]]
    more = [f"... and {len(tally.failures) - 5} more"] if len(tally.failures) > 5 else []
    return "\n".join(texts + more)


def keep(folder, target):
    """Copies the recording in FOLDER to TARGET, which is emptied first, and returns TARGET."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target)
    return target


def swap_order(writes, seed):
    """WRITES with those between flushes in a random order, which no file system survives: to try the judges."""
    source, entries, run = random.Random(seed), [], []
    for entry in [*writes.entries, writelog.Entry(0, b"")]:
        if entry.data:
            run.append(entry)
            continue
        source.shuffle(run)
        entries += [*run, entry]
        run = []
    return writelog.Writes(writes.base, entries[:-1], writes.start)


def drop_flushes(writes):
    """WRITES without flushes: all may be lost."""
    return writelog.Writes(writes.base, [entry for entry in writes.entries if entry.data], writes.start)
