"""Every tests/guest/NAME.c whose header says `TEST:` is one test.

The header is the first comment of the file, one KEY: value per line:

  TEST:    one sentence, what it shows
  ARGS:    arguments of the program                                        (default: none)
  ROUNDS:  a number, given as the last argument: a tenth of it under -vm-stress, ten times as many
           with LONG=1                                                     (default: none)
  PUT:     programs and files of tests/guest/data it needs; file=name renames (default: none)
  EXPECT:  exit(STATUS), how it must end                                   (default: exit(0))
  MEM:     RAM in MB                                                       (default: 4)
  POOL:    frames in the user pool                                         (default: all)
  SWAP:    swap in MB, 0 for none                                          (default: 4)
  DISK:    file system in MB                                               (default: 2)
  KERNEL:  more options for the kernel
  STDIN:   what is typed, \\n for Enter, \\r for a carriage return
  OUTPUT:  a regular expression the console must match somewhere; may come several times
  ABSENT:  one that the whole console must not match; likewise
  ALLOW:   one that whole lines may match which are not of the usual shapes; likewise
  STRESS:  a reason why it is not run under -vm-stress                     (default: it is)
  BATTERY: a reason why it is left to the batteries                        (default: it is not)
  LEAK:    a reason why counts before and after may differ                 (default: they must not)

Usual shapes are `(name) text', exit lines, the lines of a user fault that kills, and whatever
OUTPUT matches.  After the run the file system must be clean and every frame, slot, and piece of
kernel memory given back.
"""

import glob
import os
import re
import tempfile

import pytest

import machine
import support

GUEST = os.path.join(support.TESTS, "guest")
MANY = ("OUTPUT", "ABSENT", "ALLOW")
KEYS = ("TEST", "ARGS", "ROUNDS", "PUT", "EXPECT", "MEM", "POOL", "SWAP", "DISK", "KERNEL", "STDIN", "STRESS", "BATTERY", "LEAK", *MANY)


def read_header(path):
    """The keys of the first comment of PATH, or None if it is no test."""
    with open(path, encoding="utf-8") as file:
        match = re.match(r"\s*/\*(.*?)\*/", file.read(), re.DOTALL)
    if not match or not re.match(r"\s*TEST:", match.group(1)):
        return None
    header = {key: [] for key in MANY}
    marks = list(re.finditer(r"(?:^|\s)(" + "|".join(KEYS) + r"):(?=\s|$)", match.group(1)))
    for mark, following in zip(marks, [*marks[1:], None]):
        end = following.start() if following else len(match.group(1))
        value = " ".join(match.group(1)[mark.end():end].split())
        if mark.group(1) in MANY:
            header[mark.group(1)].append(value)
        else:
            header[mark.group(1)] = value
    return header


TESTS = {os.path.basename(path)[:-2]: header for path in sorted(glob.glob(os.path.join(GUEST, "*.c")))
         if (header := read_header(path)) is not None}


def check_shape(console, command_line, header):
    """Nothing stands between the two lines but what may."""
    lines = console.lines_of(command_line)
    for pattern in header["OUTPUT"]:
        console.check(re.search(pattern, console.text, re.MULTILINE), f"no output like `{pattern}'")
    for pattern in header["ABSENT"]:
        console.check(not re.search(pattern, console.text, re.MULTILINE), f"output like `{pattern}'")
    shapes = [re.compile(pattern) for pattern in header["ALLOW"] + header["OUTPUT"]]
    shapes += [re.compile(r"\(.*"), support.EXIT_LINE, support.LOAD_LINE, support.DEATH_LINE, *support.KILL_LINES]
    for line in lines:
        if line and not any(shape.fullmatch(line) for shape in shapes) and line not in header["STDIN"]:
            # A pattern of OUTPUT that is part of a line allows that line.
            console.check(any(re.search(p, line) for p in header["OUTPUT"]), f"unexpected line `{line}'")
    for line in lines:
        console.check(not re.match(r"\([^)]*\) FAIL|.*\bFAIL\b", line), line)


# What is run under stress: all by `make stress`, with these seeds; by `make check-all` just those about
# memory, with the first; by `make check` one of each kind.
SEEDS = os.environ.get("STRESS_SEEDS", "1").split()
MEMORY = re.compile(r"(vm|map|heap|fork|call)-")
STRESSED = [name for name, header in TESTS.items()
            if "STRESS" not in header and ("STRESS_SEEDS" in os.environ or MEMORY.match(name))]
STRESSED_DAILY = set("""call-map call-stack-guard fork-private fork-swapped heap-malloc map-coherent map-evict map-write
    vm-clean-data vm-dirty-data vm-linear vm-share-text""".split())
STRESS_SECONDS = 400
STRESS_ROUNDS = 0.1
LONG_SECONDS = 400


def run_guest(name, folder, more_options, seconds=support.SECONDS, rounds=1):
    """Runs the test program NAME by its header, ROUNDS times as often as that says, with MORE_OPTIONS of the
    kernel; its console."""
    header = TESTS[name]
    command_line = command_line_of(name, rounds)
    options = ["-m", header.get("MEM", "4"), f"--filesys-size={header.get('DISK', '2')}", "--make-disk=disk"]
    if header.get("SWAP") != "0":
        options.append(f"--swap-size={header.get('SWAP', '4')}")
    options += support.put([name, *header.get("PUT", "").split()])
    kernel = ["-q", "-f", *([f"-ul={header['POOL']}"] if "POOL" in header else []), *more_options,
              *header.get("KERNEL", "").split(), "check", "run", command_line, "check"]
    typed = header.get("STDIN", "").replace("\\n", "\n").replace("\\r", "\r").encode() or None
    return support.pintos(options, kernel, typed, seconds, folder=folder)


def command_line_of(name, rounds):
    """What is run for the test program NAME with ROUNDS times its rounds."""
    words = [name, TESTS[name].get("ARGS", "")]
    if "ROUNDS" in TESTS[name]:
        words.append(str(max(int(int(TESTS[name]["ROUNDS"]) * rounds), 1)))
    return " ".join(filter(None, words))


def judge(name, console, folder, rounds=1):
    """The console of NAME, run with ROUNDS times its rounds, and the disk in FOLDER must be as its header says."""
    header = {"STDIN": "", **TESTS[name]}
    command_line = command_line_of(name, rounds)
    status = re.fullmatch(r"exit\((-?\d+)\)", header.get("EXPECT", "exit(0)"))
    assert status, f"EXPECT: {header['EXPECT']} is not of the form exit(N)"
    check_shape(console, command_line, header)
    exit_line = f"{name}: exit({status.group(1)})"
    console.check(exit_line in console.lines_of(command_line), f"no line `{exit_line}'")
    console.expect_clean_end()
    checks = console.checks()
    console.check(len(checks) == 2, "the kernel's own check failed, or said nothing")
    if "LEAK" not in header:
        support.check_counts(console, *checks)
    image = os.path.join(folder, "filesys")
    if machine.extract(os.path.join(folder, "disk"), "filesys", image):
        support.fsck(console, image)


# A few of every kind, which take a moment each: `make check K=quick`.
QUICK = set("""args-many bad-pointer-write bad-stack call-map call-protect child-files dir-make exec-missing exit-status
    file-grow-tail file-read file-write fork-basic fork-private fork-shared fork-swapped full-swap good-stack heap-malloc
    heap-zero lib-print map-coherent map-evict map-read map-write pool-four vm-bss-zero vm-clean-data vm-dirty-data
    vm-linear vm-merge vm-oom-child vm-parallel vm-share-text vm-zero-fill wait-killed wait-status""".split())


def marks_of(name):
    """The marks of the test program NAME."""
    quick = [pytest.mark.quick] if name in QUICK else []
    return quick + ([pytest.mark.battery] if "BATTERY" in TESTS[name] else [])


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks_of(name)) for name in TESTS])
def test_guest(name):
    """One program, by its header; all invariants of the VM are checked now and then."""
    with tempfile.TemporaryDirectory(prefix="quire-guest-") as folder:
        rounds, seconds = (10, LONG_SECONDS) if support.LONG else (1, support.SECONDS)
        judge(name, run_guest(name, folder, ["-vm-check=256"], seconds, rounds), folder, rounds)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", support.only(STRESSED_DAILY, STRESSED))
def test_stress(name, seed):
    """The same while pages leave at every chance and disks answer late and out of order."""
    with tempfile.TemporaryDirectory(prefix="quire-stress-") as folder:
        options = [f"-vm-stress={seed}", "-vm-check=64"]
        judge(name, run_guest(name, folder, options, STRESS_SECONDS, STRESS_ROUNDS), folder, STRESS_ROUNDS)


def test_headers():
    """Every guest program says what it is, and none asks for something unknown."""
    for path in sorted(glob.glob(os.path.join(GUEST, "*.c"))):
        header = read_header(path)
        with open(path, encoding="utf-8") as file:
            first = re.match(r"\s*/\*(.*?)\*/", file.read(), re.DOTALL)
        assert first, f"{path}: no comment at the top"
        if header is not None:
            unknown = set(re.findall(r"^\s*\*?\s*([A-Z]{3,}):", first.group(1), re.MULTILINE)) - set(KEYS)
            assert not unknown, f"{path}: unknown {unknown}"
