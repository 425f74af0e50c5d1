"""The matrix of tests/faults: which disk fails, at what, how often, and what works meanwhile.

A case is called DISK-KIND-MODE-WORKLOAD, as swap-read-once3-sort: the third read of swap fails.

    once N   the N-th request of its kind fails, and goes well when it is tried again
    stays N  the same, but it fails whenever the driver tries it
    always   all of its kind fail
    dies N   from the N-th of its kind on everything fails, of any kind
    1% 20%   so many of its kind fail, by chance; the number after it is the seed, or just tells tries apart
    while    all of its kind fail until the work is done; then the disk is well again
"""

import dataclasses
import random
import re

DISKS = ("swap", "files")
KINDS = ("read", "write", "flush")
MODES = ("once", "stays", "always", "dies", "1%", "20%")
EXTRA_MODES = ("while",)  # Beyond the matrix: what happens when a dead disk comes back.
NUMBERED = ("once", "stays", "dies", "1%", "20%")
TRIES = 4  # Of a transfer, by the driver: dev/ide.h.
RATES = {"1%": 0.01, "20%": 0.2, "while": 1.0}
FLUSHES = 100  # After so many none fails any more by chance.
NUMBER_MAX = 64  # The latest request that is chosen to fail first.
NAME = re.compile(r"(swap|files)-(read|write|flush)-(once|stays|always|dies|1%|20%|while)(\d*)-(\w+)")


@dataclasses.dataclass(frozen=True)
class Workload:
    """COMMANDS with the status of each when nothing fails, run by disk-watch as HOW says; the first letters of
    `disk-watch': p or s, and b if the faults begin before them."""
    name: str
    how: str
    commands: tuple
    pool: int = 64
    statuses: tuple = ()  # What they may also end with, all of them, when something fails.


SWAP_WORKLOADS = {w.name: w for w in (
    Workload("sort", "sb", (("sort 640K", 0),)),
    Workload("merge", "sb", (("vm-merge", 0),), 128),
    Workload("linear", "sb", (("vm-linear", 0),)),
    Workload("random", "sb", (("vm-random", 0),)),
    Workload("workers", "pb", tuple((f"vm-worker 90 2 {n}", n) for n in (10, 11, 12, 13))),
    Workload("chain", "sb", tuple((f"vm-worker {n} 2 5", 5) for n in (120, 40, 150, 20))),
    Workload("malloc", "sb", (("heap-malloc-stress 20000", 0),), 96),
    Workload("stack", "sb", (("call-sorter s 90", 80),)),
    Workload("heap", "sb", (("call-sorter h 90", 80),)),
    Workload("data", "pb", (("call-sorter d 100", 80), ("call-sorter d 90", 80))),
    Workload("cow", "sb", (("disk-pages cow", 5),)),
    Workload("shared", "sb", (("disk-pages shared", 5),)),
    Workload("tree", "sb", (("disk-pages tree", 5),)),
    Workload("calls", "sb", (("disk-pages calls", 5),)),
    Workload("pageout", "sb", (("sort 1600K", 0),), 300),  # So many frames have a thread that keeps some free.
)}
# What programs that give up at an error may end with: 1, or not even start (-2).
GIVES_UP = (1, -2)
FILE_WORKLOADS = {w.name: w for w in (
    Workload("grow", "s", (("disk-files grow", 5),), 96),
    Workload("overwrite", "s", (("disk-files overwrite", 5),), 96),
    Workload("copy", "s", (("disk-files copy", 5),), 96),
    Workload("big", "s", (("disk-files big", 5),), 96),
    Workload("parallel", "s", (("disk-files parallel", 5),), 128),
    Workload("map", "s", (("disk-files map", 5),), 96),
    Workload("hole", "s", (("disk-files hole", 5),), 96),
    Workload("pageout", "s", (("disk-files overwrite", 5),), 300),
    Workload("tree", "s", (("disk-names tree {reads}", 5),), 96),
    Workload("many", "s", (("disk-names many {reads}", 5),), 96),
    Workload("orphan", "s", (("disk-names orphan {reads}", 5),), 96),
    Workload("list", "s", (("disk-names list {reads}", 5),), 96),
    Workload("exec", "sb", tuple((f"vm-sharer {n}", 50) for n in range(6)), 64, GIVES_UP),
    Workload("share", "pb", tuple((f"vm-sharer {n}", 50) for n in range(4)), 64, GIVES_UP),
    Workload("tools", "sb", (("mkdir made", 0), ("cp known made/copy", 0), ("cmp known made/copy", 0),
                             ("cat other", 0), ("rm made/copy", 0), ("rm made", 0)), 64, GIVES_UP),
)}
WORKLOADS = {"swap": SWAP_WORKLOADS, "files": FILE_WORKLOADS}

# Combinations that cannot be, with the reason.
IMPOSSIBLE = {("swap", "flush"): "swap is never flushed: what is in it means nothing after a power cut "
                                 "(the case swap-flush-always-sort shows that no flush is sent)"}
PROOFS = ("swap-flush-always-sort",)  # Cases that show it: nothing must be hit.


@dataclasses.dataclass(frozen=True)
class Case:
    """One run."""
    disk: str
    kind: str
    mode: str
    number: int
    work: str

    @property
    def name(self):
        """What --case takes."""
        number = self.number if self.mode in NUMBERED else ""
        return f"{self.disk}-{self.kind}-{self.mode}{number}-{self.work}"

    @property
    def workload(self):
        """What works meanwhile."""
        return WORKLOADS[self.disk][self.work]

    @property
    def by_nbdkit(self):
        """Whether errors come by chance, from nbdkit (whose filter knows no flush), or by rules of blkdebug."""
        return self.mode in RATES and self.kind != "flush"

    @property
    def is_invisible(self):
        """Whether nobody but the driver may notice."""
        return self.mode == "once" and self.kind != "flush"

    @property
    def is_forever(self):
        """Whether the disk is still broken when the system goes down."""
        return self.mode in ("always", "dies")

    @property
    def heals(self):
        """Whether the disk is well when the faults have ended."""
        return self.by_nbdkit and not self.memory_runs_out

    @property
    def reads_fail(self):
        """Whether reading this disk may fail."""
        return not self.is_invisible and (self.kind == "read" or self.mode == "dies")

    @property
    def writes_fail(self):
        """Whether writing it may fail."""
        return not self.is_invisible and (self.kind == "write" or self.mode == "dies")

    @property
    def memory_runs_out(self):
        """Whether swap takes so little that it is as if there were none."""
        return self.disk == "swap" and self.writes_fail and self.mode in ("always", "dies", "while")


def parse(name):
    """The case called NAME; ValueError if there is none."""
    match = NAME.fullmatch(name)
    if match is None or match.group(5) not in WORKLOADS[match.group(1)]:
        raise ValueError(f"no case `{name}'")
    disk, kind, mode, number, work = match.groups()
    if (mode in NUMBERED) != bool(number) or number == "0" or (mode == "while" and kind == "flush"):
        raise ValueError(f"no case `{name}'")
    return Case(disk, kind, mode, int(number or 1), work)


def draw(seed, disk, kind, mode, work):
    """The case of a place in the matrix that SEED chooses: early requests are more likely to fail."""
    chance = random.Random(f"{seed} {disk} {kind} {mode} {work}")
    number = int(NUMBER_MAX ** chance.random()) if mode in ("once", "stays", "dies") else seed
    return Case(disk, kind, mode, number, work)


def matrix(seed):
    """All cases that can be, as SEED chooses their numbers."""
    for disk in DISKS:
        for kind in KINDS:
            if (disk, kind) in IMPOSSIBLE:
                continue
            for mode in (*MODES, *(EXTRA_MODES if kind != "flush" else ())):
                if (kind, mode) == ("flush", "stays"):
                    continue  # A flush is not tried again.
                for work in WORKLOADS[disk]:
                    yield draw(seed, disk, kind, mode, work)


EVENTS = {"read": "read_aio", "write": "write_aio", "flush": "flush_to_disk"}


class Rules:
    """Rules of blkdebug: a chain of states, each left by one event."""

    def __init__(self):
        self.state = 1
        self.moves, self.errors = [], []

    def pass_one(self, kind):
        """A request of KIND leads on."""
        self.moves.append({"event": EVENTS[kind], "state": self.state, "new_state": self.state + 1})
        self.state += 1

    def fail(self, kind, once=False):
        """Requests of KIND, or the first of them, fail in this state."""
        self.errors.append({"event": EVENTS[kind], "iotype": kind, "state": self.state, "errno": 5, "once": once})

    def fail_one(self, kind):
        """A request of KIND fails and leads on."""
        self.fail(kind, once=True)
        self.pass_one(kind)

    def options(self):
        """For machine.faulty()."""
        lists = {"set-state": self.moves, "inject-error": self.errors}
        return {name: rows for name, rows in lists.items() if rows}


def rules(case):
    """The rules of a CASE of blkdebug.  A disk of files is flushed when it is mounted and again when the faults
    begin.  Swap is first written after it was looked at, and before it can be read for its content."""
    result = Rules()
    if case.disk == "files":
        result.pass_one("flush")
        result.pass_one("flush")
    elif case.kind == "read":
        result.pass_one("write")
    if case.mode in ("once", "stays", "dies"):
        for _ in range(case.number - 1):
            result.pass_one(case.kind)
    if case.mode == "once":
        result.fail_one(case.kind)
    elif case.mode == "stays":
        for _ in range(TRIES):
            result.fail_one(case.kind)
    elif case.mode == "always":
        result.fail(case.kind)
    elif case.mode == "dies":
        for kind in KINDS:
            result.fail(kind)
    else:
        chance = random.Random(case.number)
        for _ in range(FLUSHES):
            if chance.random() < RATES[case.mode]:
                result.fail_one(case.kind)
            else:
                result.pass_one(case.kind)
    return result.options()
