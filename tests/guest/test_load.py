"""Load control: what processes get done that need more memory than there is, on a slow disk; who is suspended gets its turn, and
ends when it is killed.  Nothing is timed: work is counted for each request to the disk."""

import os
import re
import tempfile

import pytest

import machine
import support

REQUESTS = 300  # A second.
SWAP_SECTORS = 32 << 11
FRAMES = 256
OFF = "-load-control=off"


def boot(command, programs, options=(), frames=FRAMES):
    """The console of a guest that runs COMMAND, of PROGRAMS, with FRAMES of memory and a slow disk; it must have ended well."""
    with tempfile.TemporaryDirectory(prefix="quire-load-") as folder:
        image, disk = os.path.join(folder, "filesys"), os.path.join(folder, "disk")
        machine.make_filesystem(image, 2, {name: support.program(name) for name in programs})
        machine.make_disk(disk, [("filesys", image), ("swap", SWAP_SECTORS)])
        words = " ".join(["-q", f"-ul={frames}", *options, "check", "run", f"'{command}'", "check"])
        console = machine.boot(words, [machine.slow_disk(disk)], memory=16, extra=machine.slow_group(REQUESTS))
    console.check("FAIL" not in console.text and f"{programs[0]}: exit(0)" in console.text, "it did not end well")
    console.expect_clean_end()
    return console


@pytest.mark.parametrize("what", support.after(2, ["kill", "leave", "turns"]))
def test_suspended(what):
    """Who is suspended ends at once when it is killed or when the machine ends, and goes on in its turn."""
    console = boot(f"load-many {what} 8 {FRAMES // 4}", ["load-many"])
    console.check(console.statistic(r"^Load: (\d+) suspended") > 0, "nobody was suspended")
    if what != "leave":
        support.check_counts(console, *console.checks())


def work_of(options):
    """The pieces of work of a crowd for each request to swap."""
    console = boot("crowd -r -s 3 12", ["crowd"], options, 4 * FRAMES)
    support.check_counts(console, *console.checks())
    suspended = console.statistic(r"(\d+) times suspended")
    console.check((suspended == 0) == (OFF in options), f"{suspended} times suspended")
    requests = re.search(r"pages in by (\d+) requests, \d+ out by (\d+);", console.text)
    console.check(requests, "no figures")
    return console.statistic(r"(\d+) pieces of work") / sum(map(int, requests.groups()))


@pytest.mark.battery
def test_effect():
    """With load control a request to the disk brings several times the work that it does without."""
    without, controlled = work_of([OFF]), work_of([])
    assert controlled > 5 * without, f"{controlled:.1f} pieces of work for a request, {without:.1f} without load control"


@pytest.mark.battery
def test_fits():
    """Nobody is suspended where all fit."""
    console = boot("crowd -r -s 3 3", ["crowd"])
    console.check(console.statistic(r"(\d+) times suspended") == 0, "somebody was suspended")


@pytest.mark.battery
def test_explain():
    """With -explain one line says why processes are suspended."""
    console = boot("crowd -r -s 2 8", ["crowd"], ["-explain"])
    console.check(re.search(r"^crowd: suspended for a while, and others by turns: what \d+ processes need does not fit into "
                            f"{FRAMES} frames$", console.text, re.MULTILINE), "no such line")
