"""tools/quire-trace and pintos --trace: what they tell, and what they refuse."""

import json
import os
import re
import shutil
import struct
import subprocess

import pytest

import support

QUIRE_TRACE = os.path.join(support.ROOT, "tools", "quire-trace")
HEAD, RECORD = 128, 32
SEED, OPERATIONS = 3, 3000


def tool(*words, status=0):
    """What quire-trace says to WORDS; it must end with STATUS."""
    result = subprocess.run([QUIRE_TRACE, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert result.returncode == status, result.stdout
    return result.stdout


@pytest.fixture(scope="module", name="trace")
def fixture_trace(tmp_path_factory):
    """A trace of a run on the simulated machine."""
    program = os.path.join(support.BUILD, "host", "fast", "soak")
    support.make("tests/host/host.mk", program)
    name = str(tmp_path_factory.mktemp("trace") / "soak.qtrace")
    subprocess.run([program, "--record", name, str(SEED), str(OPERATIONS)], check=True)
    return name


def spoil(trace, tmp_path, at, data):
    """A copy of TRACE with DATA at offset AT."""
    name = str(tmp_path / "spoilt.qtrace")
    shutil.copy(trace, name)
    with open(name, "r+b") as file:
        file.seek(at)
        file.write(data)
    return name


def test_summary(trace):
    """Who faulted on what, how much was read and written."""
    said = tool(trace)
    assert "48 frames, 2,400 slots; soak seed 3" in said
    assert "working set:" in said and "faults on page" in said and "read ahead" in said


def test_formats(trace, tmp_path):
    """Each format is what its readers want."""
    figures = json.loads(tool(trace, "--json"))
    assert figures["frames"] == 48 and sum(figures["kinds"].values()) == figures["events"]
    assert len(tool(trace, "--csv").splitlines()) == figures["events"] + 1
    assert len(tool(trace, "--ftrace").splitlines()) == figures["events"] + 2
    out = tmp_path / "out.json"
    tool(trace, "--perfetto", f"--out={out}")
    events = json.loads(out.read_text())["traceEvents"]
    assert {"X", "C", "M", "i", "s", "f"} <= {event["ph"] for event in events}
    assert {"free frames", "used slots", "resident", "faults a second"} <= {e["name"] for e in events if e["ph"] == "C"}


def test_life(trace):
    """A page's life is told in sentences, and where it is."""
    hottest = json.loads(tool(trace, "--json"))["processes"]
    address = next(process["hottest"][0]["address"] for process in hottest if process["hottest"])
    told = tool(trace, f"--page={address:#x}")
    assert "faults, to" in told and "It is mapped, in frame" in told
    why = tool(trace, f"--why={address:#x}@100000000")
    assert "So at that time: " in why
    assert "nothing happened at 0x1000" in tool(trace, "--why=0x1000", status=1)
    assert "not ADDRESS or ADDRESS@TIME" in tool(trace, "--why=there", status=1)


def test_compare(trace):
    """A trace is like itself."""
    said = tool(trace, f"--compare={trace}")
    assert "evictions" in said and "+0.0%" in said and "+1." not in said


BAD = [
    (0, b"ELF", "no trace of events"),
    (8, struct.pack("<I", 99), "format 99, newer than this tool"),
    (8, struct.pack("<I", 0), "format 0, older than this tool"),
    (12, struct.pack("<I", 24), "damaged: its head says records of 24 bytes"),
    (HEAD + 5 * RECORD + 8, b"\xff", "damaged: record 5 is none"),
    (28, struct.pack("<I", 1), "damaged: its sum does not fit"),
]


@pytest.mark.parametrize("at,data,words", BAD)
def test_bad(trace, tmp_path, at, data, words):
    """Each bad file gets one line that says what is wrong."""
    said = tool(spoil(trace, tmp_path, at, data), status=1)
    assert words in said and len(said.splitlines()) == 1


def test_cut(trace, tmp_path):
    """So does one that was cut off, in the head or behind it, an empty one and none."""
    for size, words in ((0, "empty: no trace"), (50, "cut off"), (HEAD + 10 * RECORD + 3, "cut off: 10 records of")):
        name = str(tmp_path / "cut.qtrace")
        shutil.copy(trace, name)
        os.truncate(name, size)
        said = tool(name, status=1)
        assert words in said and len(said.splitlines()) == 1
    assert "No such file" in tool("nowhere.qtrace", status=1)
    assert "unknown option --whi" in tool(trace, "--whi", status=1)


def test_middle(trace, tmp_path):
    """From a trace that starts in the middle no table can be rebuilt, which is said; the rest is told."""
    flags, = struct.unpack("<I", open(trace, "rb").read(24)[20:])
    written, = struct.unpack("<I", open(trace, "rb").read(28)[24:])
    name = spoil(trace, tmp_path, 20, struct.pack("<II", flags & ~2, written + 1000))
    with open(name, "r+b") as file:
        file.seek(16)
        file.write(struct.pack("<I", written))
    assert "starts in the middle" in tool(name, "--check", status=1)
    assert "1,000 events before the first are missing" in tool(name)


def test_pages_reproduce(tmp_path):
    """Replayed in the simulator, the pages of a guest's run make about as many faults as the guest had."""
    trace = guest_trace(tmp_path, "-policy=fifo", "-cluster=1", "-readahead=off", "-reserve=off")
    pages = tmp_path / "pages"
    tool(trace, "--pages", f"--out={pages}")
    simulator = os.path.join(support.BUILD, "host", "quire-sim")
    support.make("tests/host/host.mk", simulator)
    said = subprocess.run([simulator, "--csv", "--policy", "fifo", "--frames", "64", str(pages)], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    arrived = json.loads(tool(trace, "--json"))["kinds"]["arrive"]
    row = dict(zip(*(line.split(",") for line in said.splitlines()[:2])))
    assert abs(int(row["faults"]) - arrived) <= arrived * 0.03, (row, arrived)


def guest_trace(tmp_path, *arguments):
    """A trace of `sort 1M` in a guest."""
    trace = str(tmp_path / "guest.qtrace")
    sort = os.path.join(support.BUILD, "user", "sort")
    command = [os.path.join(support.ROOT, "tools", "pintos"), f"--trace={trace}", "-T", "120", "--filesys-size=2", "--swap-size=8",
               "-p", sort, "-a", "sort", "--", "-q", "-f", "-ul=64", *arguments, "run", "sort 1M"]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert result.returncode == 0 and f"events in {trace}" in result.stdout, result.stdout
    return trace


def test_guest(tmp_path):
    """A guest's events tell what its own counters do, and its tables."""
    trace = guest_trace(tmp_path, "-trace-tables")
    assert "1 times the tables were as the events say" in tool(trace, "--check")
    said = tool(trace)
    assert "sort (process 1, status 0)" in said and "run sort 1M" in said


def test_refused(tmp_path):
    """What is no trace is not overwritten."""
    precious = tmp_path / "precious"
    precious.write_text("do not lose me\n")
    command = [os.path.join(support.ROOT, "tools", "pintos"), f"--trace={precious}", "--", "-q"]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert result.returncode == 1 and "is there, and is no trace" in result.stdout
    assert precious.read_text() == "do not lose me\n"


def boot(tmp_path, *arguments, options=()):
    """What a guest says with ARGUMENTS."""
    command = [os.path.join(support.ROOT, "tools", "pintos"), "-T", "120", *options, "--", "-q", *arguments]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, cwd=tmp_path)
    return result.stdout


def test_marks(tmp_path):
    """At each mark of a program that forks, locks, maps and protects, the tables are as the events say, in the guest too."""
    trace = str(tmp_path / "marks.qtrace")
    program = os.path.join(support.BUILD, "tests", "guest", "call-mark")
    said = boot(tmp_path, "-f", "-ul=64", "-trace-tables", "run", "call-mark",
                options=[f"--trace={trace}", "--filesys-size=2", "--swap-size=4", "-p", program, "-a", "call-mark"])
    assert "call-mark: exit(0)" in said, said
    assert "5 times the tables were as the events say" in tool(trace, "--check")
    marks = [mark["text"] for process in json.loads(tool(trace, "--json"))["processes"] for mark in process["marks"]]
    assert sorted(marks) == ["", "a text that is much ", "child", "filled"]


def test_pools(tmp_path):
    """The pools are as they are without a trace."""
    pools = [re.findall(r"^memory: .*$", boot(tmp_path, "memory", options=options), re.MULTILINE)
             for options in ([], [f"--trace={tmp_path / 'pools.qtrace'}"], ["-m", "9", "--trace", str(tmp_path / "pools.qtrace")], ["-m", "9"])]
    assert pools[0] and pools[0] == pools[1] and pools[2] == pools[3]


def test_full(tmp_path):
    """A full ring stops, and says how much is missing; or it wraps, and the end is there."""
    for how, words in (("stop", "after the last are missing"), ("wrap", "before the first are missing")):
        trace = str(tmp_path / "full.qtrace")
        sort = os.path.join(support.BUILD, "user", "sort")
        said = boot(tmp_path, "-f", "-ul=32", f"-trace-full={how}", "run", "sort 2M",
                    options=[f"--trace={trace}", "--trace-mb=1", "--filesys-size=2", "--swap-size=8", "-p", sort, "-a", "sort"])
        assert "are missing: it was full" in said, said
        assert words in tool(trace)
        assert ("exit" in json.loads(tool(trace, "--json"))["kinds"]) == (how == "wrap")


def test_flight(tmp_path):
    """A panic and a shortage show the last events."""
    sort = os.path.join(support.BUILD, "user", "sort")
    said = boot(tmp_path, "-f", "-ul=64", "run", "sort 4M", options=["--explain", "--filesys-size=2", "-p", sort, "-a", "sort"])
    assert re.search(r"Last events, by the processor's clock:\n(.*\n)*.* 0 k ago, space \d+: fault failed", said), said
    said = boot(tmp_path, "-f", "-ul=64", "-oom=panic", "run", "sort 4M", options=["--filesys-size=2", "-p", sort, "-a", "sort"])
    assert "Kernel PANIC" in said and "exec store" in said, said


def test_too_large(tmp_path):
    """A machine too small for the trace that the kernel is asked for is refused in a line."""
    assert "not enough memory for -trace=16: this machine has" in boot(tmp_path, "-trace=16")
