"""Virtual memory tests that need more than one program and one command line."""

import json
import os
import re
import subprocess
import tempfile

import pytest

import machine
import support

# What must be killed, with what the page fault line must say (None: no such line).
BAD_DEEDS = {
    "null-read": "0x0: not present error reading",
    "null-write": "0x0: not present error writing",
    "null-jump": "0x0: not present error reading",
    "null-page-end": "0xfff: not present error reading",
    "unmapped-read": "0x60000000: not present error reading",
    "unmapped-write": "0x60000000: not present error writing",
    "unmapped-jump": "0x60000000: not present error reading",
    "below-code": "0x8047fff: not present error reading",
    "kernel-read": "0xc0000000: rights violation error reading",
    "kernel-write": "0xc0000000: rights violation error writing",
    "kernel-text-read": "0xc0100000: rights violation error reading",
    "kernel-text-write": "0xc0100000: rights violation error writing",
    "kernel-jump": "0xc0100000: rights violation error reading",
    "last-byte": "0xffffffff: (rights violation|not present) error reading",
    "stack-33": "not present error writing",
    "stack-far": "not present error writing",
    "stack-very-far": "not present error writing",
    "stack-limit": "not present error writing",
    "stack-wild": "not present error writing",
    "code-write": "rights violation error writing",
    "constant-write": "rights violation error writing",
    "read-into-code": None,
    "read-below-stack": None,
    "cli": None,
    "hlt": None,
    "divide": None,
    "ud2": None,
    "load-cr3": None,
    "int-20": None,
    "out": None,
}
SILENT = ("read-into-code", "read-below-stack")
FINE_DEEDS = ("stack-32", "stack-4", "stack-deep", "stack-48k", "stack-80k")


def run_all(deeds, options=("--swap-size=2",), kernel=()):
    """Runs vm-bad once for each of DEEDS in one guest."""
    actions = ["check"]
    for deed in deeds:
        actions += ["run", f"vm-bad {deed}"]
    return support.pintos([*options, "--filesys-size=2", *support.put(["vm-bad"])],
                          ["-q", "-f", *kernel, *actions, "check"])


def check_killed(console, deed, fault):
    """The lines of one deed: just those of a user fault, and the exit line."""
    lines = console.lines_of(f"vm-bad {deed}")
    console.check(lines and lines[-1] == "vm-bad: exit(-1)", f"{deed} was not killed: {lines}")
    if fault is None and deed in SILENT:
        console.check(len(lines) == 1, f"{deed}: more than the exit line: {lines}")
        return
    for line in lines[:-1]:
        console.check(any(shape.fullmatch(line) for shape in [*support.KILL_LINES, support.DEATH_LINE]),
                      f"{deed}: unexpected `{line}'")
    if fault is not None:
        console.check(re.search(r"^Page fault at .*" + fault, "\n".join(lines), re.MULTILINE),
                      f"{deed}: no fault line like `{fault}'")


def test_bad_accesses():
    """Every bad access kills just the program, in the lines graders know."""
    console = run_all(BAD_DEEDS)
    for deed, fault in BAD_DEEDS.items():
        check_killed(console, deed, fault)
    console.expect_clean_end()
    support.check_counts(console, *console.checks())


def test_good_stack_accesses():
    """What looks like the stack is the stack, to 32 bytes below esp and 8 MB deep."""
    console = run_all(FINE_DEEDS)
    for deed in FINE_DEEDS:
        console.check(console.lines_of(f"vm-bad {deed}") == ["vm-bad: exit(77)"], f"{deed} was not let live")
    console.expect_clean_end()


def test_stack_option():
    """-stack=64 lets a stack grow to 64 KB and no further."""
    console = run_all(["stack-48k", "stack-80k"], kernel=["-stack=64"])
    console.check(console.lines_of("vm-bad stack-48k") == ["vm-bad: exit(77)"], "48 KB were refused")
    check_killed(console, "stack-80k", "not present error writing")
    console.expect_clean_end()


def test_four_frames():
    """echo runs in a pool of four frames, as the specification's example."""
    console = support.pintos(["--swap-size=2", "--filesys-size=2", *support.put(["echo"])],
                             ["-ul=4", "-f", "-q", "run", "echo hello world"])
    console.check(console.lines_of("echo hello world") == ["hello world", "echo: exit(0)"], "not what echo prints")
    console.expect_clean_end()


@pytest.mark.parametrize("frames", [4, 5, 6, 8, 12, 20, 33])
def test_tiny_pools(frames):
    """A program works in a pool of any size, one that moves every page included."""
    command = "vm-worker 40 2 9"
    console = support.pintos(["--swap-size=2", "--filesys-size=2", *support.put(["vm-worker"])],
                             [f"-ul={frames}", "-f", "-q", "check", "run", command, "check"])
    console.check(console.lines_of(command) == ["vm-worker: exit(9)"], "it did not end well")
    console.expect_clean_end()
    support.check_counts(console, *console.checks())


@pytest.mark.parametrize("memory", [3, 4, 5, 8, 16, 64, 256, 1024])
def test_memory_sizes(memory):
    """Any amount of RAM works; too little is refused by a clear line."""
    command = "vm-worker 100 1 9"
    console = support.pintos(["-m", str(memory), "--swap-size=4", "--filesys-size=2", *support.put(["vm-worker"])],
                             ["-f", "-q", "check", "run", command, "check"])
    if memory < 4 and "Boot complete" not in console.text:
        console.check(re.search(r"(?i)(need|at least|too (little|small)|not enough)", console.text), "no clear refusal")
        console.check(console.status != 0, "refused, but with status 0")
        return
    console.check(console.lines_of(command) == ["vm-worker: exit(9)"], "it did not end well")
    console.expect_clean_end()
    support.check_counts(console, *console.checks())
    if memory == 4:
        before = console.checks()[0]
        console.check(before["frames"] >= 400, f"only {before['frames']} frames of 4 MB are for users")


def test_oom_panic():
    """-oom=panic panics when neither frame nor slot is left."""
    console = support.pintos(["--swap-size=0.25", "--filesys-size=2", *support.put(["vm-worker"])],
                             ["-ul=48", "-oom=panic", "-f", "-q", "run", "vm-worker 500 1 5"])
    console.check(re.search(r"Kernel PANIC at .*: .*(swap|memory)", console.text), "no panic that names the reason")
    console.check(console.text.count("Kernel PANIC") == 1, "more than one panic")
    console.check("Call stack: 0x" in console.text, "no call stack")
    console.check(console.status != 0, "a panic with status 0")


class Machine:
    """A folder with a file system of PROGRAMS and a swap disk, for faults of the disk."""

    def __init__(self, folder, programs, swap_sectors=2048, swap_content=None):
        self.filesys = os.path.join(folder, "filesys")
        self.disk = os.path.join(folder, "disk")
        self.swap = os.path.join(folder, "swap")
        machine.make_filesystem(self.filesys, 2, {name: support.program(name) for name in programs})
        self.layout = machine.make_disk(self.disk, [("filesys", self.filesys)])
        machine.make_disk(self.swap, [("swap", swap_content or swap_sectors)])

    def boot(self, arguments, swap_rules=None, disk_rules=None):
        """Boots with both disks, under rules of error injection."""
        disks = [machine.faulty(self.disk, "disk", disk_rules) if disk_rules else self.disk,
                 machine.faulty(self.swap, "swap", swap_rules) if swap_rules else self.swap]
        return machine.boot(arguments, disks)


@pytest.fixture
def folder():
    """A folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="quire-vm-") as path:
        yield path


def test_swap_read_error(folder):
    """A slot that cannot be read kills the process that needs it, and no other."""
    guest = Machine(folder, ["vm-worker"])
    # The first half of the slots; the partition starts at sector 64.
    rules = {"inject-error": [{"event": "none", "iotype": "read", "errno": 5, "sector": 64 + 8 * n}
                              for n in range(128)]}
    console = guest.boot("-q -ul=48 check run 'vm-worker 150 2 5' run 'vm-worker 20 2 6' check", rules)
    console.check("vm-worker: exit(-1)" in console.lines_of("vm-worker 150 2 5"), "it was not killed")
    console.check(re.search(r"(?i)vm-worker: .*(read|i/o|disk)", console.text), "no line that says why")
    console.check(console.lines_of("vm-worker 20 2 6") == ["vm-worker: exit(6)"], "the next did not run")
    console.check("PANIC" not in console.text and "Powering off" in console.text, "the kernel did not live on")
    checks = console.checks()
    console.check(len(checks) == 2, "no two checks")
    support.check_counts(console, *checks)


def test_swap_write_error(folder):
    """A slot that cannot be written is avoided: the page stays and goes to another slot."""
    guest = Machine(folder, ["vm-worker"])
    rules = {"inject-error": [{"event": "none", "iotype": "write", "errno": 5, "sector": 64 + 8 * n}
                              for n in range(0, 40, 3)]}
    console = guest.boot("-q -ul=48 check run 'vm-worker 100 2 5' check", rules)
    console.check("vm-worker: exit(5)" in console.lines_of("vm-worker 100 2 5"), "its data is lost")
    console.check("PANIC" not in console.text and "Powering off" in console.text, "the kernel did not live on")


def test_swap_dead(folder):
    """A swap disk that takes nothing is as no swap: who needs it is killed, the kernel lives."""
    guest = Machine(folder, ["vm-worker"])
    rules = {"inject-error": [{"event": "none", "iotype": "write", "errno": 5}]}
    console = guest.boot("-q -ul=48 run 'vm-worker 100 2 5' run 'vm-worker 10 2 6'", rules)
    console.check("vm-worker: exit(-1)" in console.lines_of("vm-worker 100 2 5"), "it was not killed")
    console.check("vm-worker: exit(6)" in console.lines_of("vm-worker 10 2 6"), "the next did not run")
    console.check("PANIC" not in console.text and "Powering off" in console.text, "the kernel did not live on")


def block_of(image, name, index):
    """The number of the 4 KB block of the file system that holds page INDEX of file NAME."""
    text = subprocess.run(["/sbin/debugfs", "-R", f"bmap {name} {index}", image], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return int(text.split()[-1])


def test_file_read_error(folder):
    """A page of an executable that cannot be read kills just the process that needs it."""
    guest = Machine(folder, ["vm-sharer", "echo"])
    rules = {"inject-error": [{"event": "none", "iotype": "read", "errno": 5,
                               "sector": 64 + 8 * block_of(guest.filesys, "vm-sharer", 30)}]}
    console = guest.boot("-q check run vm-sharer run 'echo alive' check", disk_rules=rules)
    console.check("vm-sharer: exit(-1)" in console.lines_of("vm-sharer"), "it was not killed")
    console.check("alive" in console.lines_of("echo alive"), "the next did not run")
    console.check("PANIC" not in console.text and "Powering off" in console.text, "the kernel did not live on")
    console.check(len(console.checks()) == 2, "no two checks")


def test_faults_overlap(folder):
    """While one process waits for a slow disk, another runs and has its faults served."""
    guest = Machine(folder, ["vm-overlap", "vm-worker", "vm-sharer"])
    slow = json.dumps({"driver": "raw", "node-name": "disk", "file": {
        "driver": "throttle", "throttle-group": "slow", "file": {"driver": "file", "filename": guest.disk}}})
    console = machine.boot("-q -ul=300 run vm-overlap", [slow, guest.swap],
                           extra=["-object", "throttle-group,id=slow,x-bps-read=200000"])
    lines = console.lines_of("vm-overlap")
    order = [line for line in lines if "exit(" in line]
    console.check(order == ["vm-worker: exit(3)", "vm-worker: exit(4)", "vm-sharer: exit(50)", "vm-overlap: exit(0)"],
                  f"not in the expected order: {order}")


def test_text_is_shared(folder):
    """Copies of one program that run at once have its code in memory once: little is read or held."""
    guest = Machine(folder, ["vm-share-text", "vm-sharer"])
    console = guest.boot("-q -ul=90 run vm-share-text")
    console.check("vm-share-text: exit(0)" in console.lines_of("vm-share-text"), "it did not end well")
    console.check(console.statistic(r"VM: .*?(\d+) clean") < 60, "four copies of 50 pages do not fit into 90 frames")


@pytest.mark.parametrize("sectors", [1, 7, 8, 9, 15, 100, 1003, 3 * 8 + 5])
def test_odd_swap_sizes(folder, sectors):
    """Swap of any number of sectors is used as far as whole pages go; less than a page is refused."""
    guest = Machine(folder, ["vm-worker"], swap_sectors=sectors)
    console = guest.boot("-q -ul=64 check run 'vm-worker 20 2 5' run 'vm-worker 70 2 6' check")
    console.check(console.lines_of("vm-worker 20 2 5") == ["vm-worker: exit(5)"], "the small one did not run")
    fits = sectors // 8 >= 70
    expected = "vm-worker: exit(6)" if fits else "vm-worker: exit(-1)"
    if fits or sectors < 30:
        console.check(expected in console.lines_of("vm-worker 70 2 6"), f"the large one: no `{expected}'")
    checks = console.checks()
    console.check(len(checks) == 2, "no two checks")
    support.check_counts(console, *checks)
    console.check(checks[0]["slots"] == sectors // 8, f"{checks[0]['slots']} slots of {sectors} sectors")
    if sectors < 8:
        console.check(re.search(r"(?i)^swap: .*(small|page|disabled|no )", console.text, re.MULTILINE),
                      "no line that says why there is no swap")
