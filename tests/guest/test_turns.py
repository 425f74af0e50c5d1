"""Everybody gets on: many processes in few frames, whose faults are counted and held against their work."""

import statistics

import pytest

import support

PAGES, ROUNDS = 8, 30
FITS = PAGES + 6  # With code, constants, stack and a file: from so many frames on a process fits alone.
RUNS = 10 if support.LONG else 1
DAILY = [(6, 2), (16, 24)]
CROWDS = [(frames, count) for frames in (6, 8, 12, 16) for count in (2, 4, 8, 16, 24)]


def run(command, programs, frames):
    """The faults that COMMAND took in a pool of FRAMES; every process of it must have ended well."""
    console = support.pintos(["--swap-size=8", "--filesys-size=4", *support.put(programs)],
                             ["-q", "-f", f"-ul={frames}", "check", "run", command, "check"])
    console.check("FAIL" not in console.text and "exit(-1)" not in console.text, "a process did not end well")
    console.expect_clean_end()
    support.check_counts(console, *console.checks())
    return console.statistic(r"(\d+) page faults")


def check_runs(faults):
    """No run took three times as many faults as the median of all."""
    assert max(faults) <= 3 * statistics.median(faults), faults


@pytest.mark.parametrize("frames, count", support.only(DAILY, CROWDS))
def test_crowd(frames, count):
    """Each of COUNT processes touches its pages.  Where one fits alone it has all of its pages for a while; where it
    does not, a touch costs it three faults at most."""
    most = count * (100 if frames >= FITS else 3 * PAGES * ROUNDS)
    faults = [run(f"turn-touch {count} {PAGES} {ROUNDS}", ["turn-touch"], frames) for _ in range(RUNS)]
    assert max(faults) <= most, f"{faults}, at most {most}"
    check_runs(faults)


@pytest.mark.battery
@pytest.mark.parametrize("frames", [8, 12, 16])
def test_sorters(frames):
    """Eight processes that sort 32 pages each, and a merge of what they sorted."""
    check_runs([run("turn-sort", ["turn-sort", "turn-sorter"], frames) for _ in range(RUNS)])
