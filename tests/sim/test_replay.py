"""Traces in the kernel, by the guest's program `replay`, against the simulator."""

import os
import random
import re
import struct
import subprocess
import sys

import pytest

import support

REPLAY = os.path.join(support.ROOT, "bench", "replay")
TRACES = os.path.join(support.TESTS, "sim", "traces")
SIMULATOR = os.path.join(support.BUILD, "host", "quire-sim")
POLICIES = ("fifo", "clock", "gclock", "duo", "aging", "clockpro", "clock2q")
# How far the kernel's faults may be from the simulator's that starts in the same way: docs/policies.md has the reasons.
SAME_START = {"fifo": 0, "clock": 0.02, "gclock": 0.02}
EITHER = 0.15  # For all others, of this or of the plain simulator's.


@pytest.fixture(name="simulator", scope="session", autouse=True)
def fixture_simulator():
    """The simulator, built."""
    support.make("tests/host/host.mk", os.path.normpath(SIMULATOR))


@pytest.fixture(name="small", scope="session")
def fixture_small(tmp_path_factory):
    """A trace of 4,000 references to 160 pages: a loop, some pages that are used often, and some chance."""
    chance = random.Random(7)
    lines = []
    for i in range(4000):
        kind = chance.random()
        page = i // 3 % 100 if kind < 0.4 else 100 + int(chance.paretovariate(0.7)) % 60 if kind < 0.9 else chance.randrange(160)
        lines.append(f"{page}{' w' if chance.random() < 0.3 else ''}\n")
    path = tmp_path_factory.mktemp("replay") / "small.txt"
    path.write_text("".join(lines))
    return str(path)


def number(text):
    """TEXT of a table as a number."""
    return float(text.replace(",", ""))


def replay(*words):
    """The rows that bench/replay WORDS prints, as dictionaries."""
    result = subprocess.run([sys.executable, REPLAY, "--seconds", str(support.SECONDS), *words], text=True, capture_output=True,
                            check=False, env={**os.environ, "BUILD": support.BUILD})
    assert result.returncode == 0, result.stdout + result.stderr
    table = [[cell.strip() for cell in line.split("|")[1:-1]] for line in result.stdout.splitlines() if line.startswith("|")]
    return [dict(zip(table[0], row)) for row in table[2:]]


def check_row(row):
    """The kernel's faults in ROW are as near to the simulator's as its policy can have them."""
    kernel, plain, same = (number(row[column]) for column in ("kernel", "simulator", "same start"))
    policy = row["policy"].strip("`")
    if policy in SAME_START:
        assert abs(kernel - same) <= SAME_START[policy] * same, row
    else:
        assert min(abs(kernel - same) / same, abs(kernel - plain) / plain) <= EITHER, row


@pytest.mark.parametrize("policy", POLICIES)
def test_small(small, policy):
    """The kernel's faults are the simulator's, or as near as the policy can have them."""
    rows = replay("--frames", "60,100", "--policy", policy, small)
    assert [row["frames"] for row in rows] == ["60", "100"]
    for row in rows:
        check_row(row)


@pytest.mark.battery
@pytest.mark.parametrize("trace", ["stencil", "sort", "python"])
def test_shared(trace):
    """So they are on recorded programs."""
    rows = replay("--frames", "50%,75%", "--policy", ",".join(POLICIES), os.path.join(TRACES, f"{trace}.pgt.xz"))
    assert len(rows) == 2 * len(POLICIES)
    for row in rows:
        check_row(row)


def test_requests(small):
    """With one page in a request there is a request for each page; with clusters and reading ahead there are fewer."""
    row = replay("--requests", "--frames", "60", "--policy", "clock", small)[0]
    kernel, opt = number(row["kernel"]), number(row["OPT"])
    assert abs(number(row["kernel over OPT"]) - kernel / opt) < 0.001
    assert number(row["requests, one page each"]) == (kernel - 160) + (kernel - 60)
    assert number(row["requests"]) < number(row["requests, one page each"])


def pgt1(pages=200, records=(1,), ticks=0, magic=b"PGT1"):
    """A trace in format PGT1."""
    head = magic + struct.pack("<5I", pages, len(records), ticks, 0, 65536) + struct.pack(f"<{pages}I", *range(pages)) + bytes(pages)
    return head + struct.pack(f"<{len(records)}H", *records)


BAD = {
    "missing": (None, "", "file: cannot be opened"),
    "foreign": (pgt1(magic=b"PGT2"), "", "file: is no trace in format PGT1"),
    "empty": (b"P", "", "file: is no trace in format PGT1"),
    "pages": (pgt1(pages=0), "", "file: its header says what cannot be"),
    "truncated": (pgt1()[:-1], "", "file: has not as many records as its header says"),
    "page": (pgt1(records=(200,)), "", "file: has a page number that its header says there is not"),
    "swap": (pgt1(pages=400), "--frames 40", r"file has 400 pages, but there are 40 frames and 256 free slots of swap; "
                                              r"give 104 pages more \(--swap-size\)"),
    "frames": (pgt1(), "--frames 60", r"\d+ frames of 60 are left beside the program's own; give the kernel \d+ more \(-ul\)"),
    "locked": (pgt1(), "--frames 20", r"\d+ pages cannot be locked: at most half of the frames can"),
    "option": (pgt1(), "--frames none", "usage: replay"),
}


def test_refused(tmp_path):
    """What cannot be replayed is refused in a line that says why, and a trace with more pages than there is room for."""
    options, actions = ["--swap-size=1", "--filesys-size=2", *support.put(["replay"])], []
    for name, (content, words, _) in BAD.items():
        if content is not None:
            path = tmp_path / name
            path.write_bytes(content)
            options += ["-p", str(path), "-a", f"{name}.file"]
        actions += ["run", f"replay {words} {name}.file".replace("  ", " ")]
    console = support.pintos(options, ["-ul=60", "-q", "-f", "check", *actions, "check"])
    for name, (_, words, line) in BAD.items():
        lines = console.lines_of(f"replay {words} {name}.file".replace("  ", " "))
        console.check(len(lines) == 2 and re.match("(replay: )?" + f"({name}.)?" + line, lines[0]), f"{name}: {lines}")
        console.check(lines[1] == "replay: exit(1)", f"{name}: {lines}")
    console.expect_clean_end()
    support.check_counts(console, *console.checks())
