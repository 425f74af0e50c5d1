"""A loop over a few pages more than there are frames: a merge that reads the heads of 16 chunks for each byte that it writes."""

import csv
import os
import re
import subprocess

import pytest

import support

SIMULATOR = os.path.join(support.BUILD, "host", "quire-sim")
CHUNKS, BYTES = 16, 2000
CODE, DATA, STACK, MERGED, FIRST = 1, 2, 3, 4, 16  # Pages of the trace; from FIRST on those of the chunks.


def make_chunks():
    """The chunks of tests/guest/merge-heads.c."""
    state, chunks = 1, []
    for _ in range(CHUNKS):
        value, chunk = 0, []
        for _ in range(BYTES):
            state = (state * 1664525 + 1013904223) % 2**32
            value += state >> 24 == 0
            chunk.append(value)
        chunks.append(chunk)
    return chunks


def references():
    """What the program touches while it merges BYTES bytes, a line of a trace each."""
    chunks, at, lines = make_chunks(), [0] * CHUNKS, []
    for _ in range(BYTES):
        least = 0
        for i in range(1, CHUNKS):
            lines += [f"{CODE}", f"{DATA}", f"{STACK} w", f"{FIRST + least} w", f"{FIRST + i} w"]
            if chunks[i][at[i]] < chunks[least][at[least]]:
                least = i
        at[least] += 1
        lines += [f"{CODE}", f"{DATA} w", f"{STACK}", f"{FIRST + least} w", f"{MERGED} w"]
    return "\n".join(lines) + "\n"


@pytest.fixture(name="simulate", scope="module")
def fixture_simulate(tmp_path_factory):
    """The simulator's faults for POLICY in FRAMES on the lines of a trace; the merge's, if there are none."""
    support.make("tests/host/host.mk", os.path.normpath(SIMULATOR))
    path = tmp_path_factory.mktemp("merge") / "trace"

    def simulate(policy, frames, lines=None):
        path.write_text(lines if lines is not None else references())
        output = subprocess.run([SIMULATOR, "--csv", "--policy", policy, "--frames", str(frames), str(path)],
                                text=True, capture_output=True, check=True, timeout=support.SECONDS).stdout
        return int(next(csv.DictReader(output.splitlines()))["faults"])
    return simulate


@pytest.mark.parametrize("frames", [16, 17, 18])
def test_merge(simulate, frames):
    """The default policy needs at most twice the faults of the best possible, in the kernel and in the simulator."""
    console = support.pintos(["--filesys-size=2", "--swap-size=4", *support.put(["merge-heads"])],
                             ["-q", "-f", f"-ul={frames}", "check", "run", f"merge-heads {BYTES}", "check"])
    console.expect_clean_end()
    support.check_counts(console, *console.checks())
    faults = int(re.search(rf"^merge-heads: (\d+) faults for {BYTES} bytes$", console.text, re.MULTILINE).group(1))
    best = simulate("opt", frames)
    assert faults <= 2 * best, (faults, best)
    assert simulate("duo", frames) <= 2 * best


@pytest.mark.parametrize("pages, frames", [(20, 13), (20, 15), (20, 18), (40, 30), (40, 38), (60, 55)])
def test_loop(simulate, pages, frames):
    """So it is with any loop over at least two pages more than there are frames."""
    lines = "".join(f"{page} w\n" for page in range(pages)) * 400
    faults, best = simulate("duo", frames, lines), simulate("opt", frames, lines)
    assert faults <= 2 * best, (faults, best)
