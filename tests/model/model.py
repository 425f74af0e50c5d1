"""The models page.pml and turns.pml under spin: their configurations, their planted errors, and one run of pan."""

import glob
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
DEADLOCK = "S5"
STARVATION = "S10"
MEMORY_MB = 7000
DEPTH = 1_000_000
DEPTH_LONG = 30_000_000

# Name -> definitions.  Each is searched to the end.  The word TURNS stands for the model turns.pml, whose cycles are
# searched under weak fairness.
SHORT = {
    "pageout": "PROCS=1 VPNS=2 FRAMES=1 SLOTS=2 PAGEOUT",
    "fork-pageout": "PROCS=2 VPNS=1 FRAMES=2 SLOTS=2 PAGEOUT",
    "fork-fail": "PROCS=2 VPNS=1 FRAMES=1 SLOTS=2 FAIL",
    "keep": "PROCS=1 VPNS=2 FRAMES=1 SLOTS=2 KEEP PAGEOUT",
    "fork-keep": "PROCS=2 VPNS=1 FRAMES=1 SLOTS=2 KEEP",
    "swap-full": "PROCS=1 VPNS=3 FRAMES=2 SLOTS=1",
    "file-pageout": "PROCS=2 VPNS=1 FRAMES=1 SLOTS=1 SHARED PAGEOUT",
    "file-fail": "PROCS=2 VPNS=1 FRAMES=1 SLOTS=1 SHARED FAIL PAGEOUT",
    "file-swap-fail": "PROCS=1 VPNS=2 FRAMES=1 SLOTS=2 SHARED FAIL",
    "turns": "TURNS FRAMES=2",
    "turns-spare": "TURNS FRAMES=3",
    "file-grows": "PROCS=2 VPNS=1 FRAMES=1 SLOTS=1 SHARED GROWS",
    "file-grows-fail": "PROCS=2 VPNS=1 FRAMES=1 SLOTS=1 SHARED GROWS FAIL PAGEOUT",
}
LONG = {
    "three-pages": "PROCS=1 VPNS=3 FRAMES=2 SLOTS=2 PAGEOUT",
    "fork-pageout-fail": "PROCS=2 VPNS=1 FRAMES=2 SLOTS=2 PAGEOUT FAIL",
}

# Planted error -> the property that finds it, definitions.
PLANTS = {
    "LATE_UNMAP": ("S1", "PROCS=1 VPNS=2 FRAMES=1 SLOTS=2 PAGEOUT"),
    "EARLY_SAMPLE": ("S2", "PROCS=1 VPNS=2 FRAMES=1 SLOTS=2"),
    "DIRTY_FORGOTTEN": ("S2", "PROCS=2 VPNS=1 FRAMES=2 SLOTS=2 PAGEOUT"),
    "SLOT_KEPT": ("S3", "PROCS=1 VPNS=2 FRAMES=1 SLOTS=2"),
    "STALE_SLOT": ("S2", "PROCS=1 VPNS=2 FRAMES=1 SLOTS=2 KEEP"),
    "SLOT_FREED_TWICE": ("S3", "PROCS=1 VPNS=2 FRAMES=1 SLOTS=2"),
    "HOLD_KEPT": ("S4", "PROCS=1 VPNS=2 FRAMES=1 SLOTS=2"),
    "WAIT_PINNED": ("S5", "PROCS=2 VPNS=2 FRAMES=2 SLOTS=2"),
    "SILENT_ARRIVAL": ("S5", "PROCS=2 VPNS=1 FRAMES=1 SLOTS=2"),
    "FORK_WRITABLE": ("S6", "PROCS=2 VPNS=1 FRAMES=2 SLOTS=2"),
    "CHILD_WRITABLE": ("S6", "PROCS=2 VPNS=1 FRAMES=2 SLOTS=2"),
    "FORK_ENTERS_LEAVING": ("S1", "PROCS=2 VPNS=1 FRAMES=2 SLOTS=2 PAGEOUT"),
    "REFUSED_EARLY": ("S7", "PROCS=2 VPNS=1 FRAMES=1 SLOTS=2"),
    "SYNC_IN_PASSING": ("S8", "PROCS=2 VPNS=1 FRAMES=1 SLOTS=1 SHARED"),
    "GROWN_WRITABLE": ("S9", "PROCS=2 VPNS=1 FRAMES=1 SLOTS=1 SHARED GROWS"),
    "RESERVED_ONCE": ("S9", "PROCS=2 VPNS=1 FRAMES=1 SLOTS=1 SHARED GROWS"),
    "LOSER_TRIES_ON": ("S10", "TURNS FRAMES=3"),
    "NEVER_PASSED_ON": ("S10", "TURNS FRAMES=2"),
    "NO_TURNS": ("S11", "TURNS FRAMES=2"),
    "KEPT_IGNORED": ("S11", "TURNS FRAMES=2"),
    "NEVER_RELEASED": ("S0", "TURNS FRAMES=2"),
    "EVICT_PINNED": ("S0", "PROCS=2 VPNS=1 FRAMES=2 SLOTS=2 PAGEOUT"),
    "SOURCE_UNPINNED": ("S0", "PROCS=2 VPNS=1 FRAMES=2 SLOTS=2 PAGEOUT"),
}
PLANT_DEPTH = 6000  # Enough for each, and keeps what is found short.


class Verdict:
    """What one search found: BROKEN is the property, "" if none, or why the search says nothing."""

    def __init__(self, output):
        self.output = output
        self.states = self._number(r"(\d+) states, stored")
        self.seconds = float((re.search(r"elapsed time ([\d.]+)", output) or [0, "0"])[1])
        self.broken = self._broken()

    def _number(self, pattern):
        match = re.search(pattern, self.output)
        return int(match[1]) if match else 0

    def _broken(self):
        if "pan:1: invalid end state" in self.output:
            return DEADLOCK
        if "pan:1: acceptance cycle" in self.output:
            return STARVATION
        match = re.search(r"assertion violated (.*)", self.output)
        if match:
            name = re.search(r"\b([SB]\w+?)_\w+", match[1])
            return name[1] if name else match[1]
        if not re.search(r"errors: 0$", self.output, re.MULTILINE):
            return "no verdict"
        for trouble in ("max search depth too small", "out of memory", "Search not completed", "hash-table"):
            if trouble in self.output:
                return trouble
        return ""


def model_of(words):
    """The file of the model that WORDS are for; it includes its parts."""
    return "turns.pml" if "TURNS" in words.split() else "page.pml"


def definitions(words):
    """The options of spin for WORDS such as PROCS=2 FAIL."""
    return ["-D" + word for word in words.split()]


def call(command, folder, seconds=None):
    """Runs COMMAND in FOLDER and returns what it said."""
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False, timeout=seconds).stdout


def search(words, folder, depth=DEPTH, optimize="-O0"):
    """Searches the model with the definitions WORDS in FOLDER, made anew; returns the Verdict.  Small searches take
    less time than the optimizer."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for part in glob.glob(os.path.join(HERE, "*.pml")):
        shutil.copy(part, folder)
    cycles = model_of(words) == "turns.pml"
    checks = ["-DNFAIR=3"] if cycles else ["-DSAFETY", "-DNOCLAIM"]
    said = call(["spin", "-a", *definitions(words), model_of(words)], folder)
    said += call(["gcc", optimize, "-w", *checks, "-DCOLLAPSE", f"-DMEMLIM={MEMORY_MB}", "-o", "pan",
                  "pan.c"], folder)
    if not os.path.exists(os.path.join(folder, "pan")):
        return Verdict(said)
    return Verdict(said + call(["./pan", f"-m{depth}", "-n", *(["-a", "-f"] if cycles else [])], folder))


def search_true(name, folder):
    """Searches the configuration NAME."""
    return search(SHORT[name], folder) if name in SHORT else search(LONG[name], folder, DEPTH_LONG, "-O1")


def search_plant(name, folder):
    """Searches the model with the planted error NAME."""
    return search(f"PLANT_{name} {PLANTS[name][1]}", folder, PLANT_DEPTH)


def story(words, folder, lines=60):
    """The last LINES of what happens on the way to the error that the search of WORDS in FOLDER found."""
    told = call(["spin", "-k", model_of(words) + ".trail", *definitions(words), model_of(words)], folder, 60)
    return told.rstrip().split("\n")[-lines:]
