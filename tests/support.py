"""Where things are, and how to run a guest by the launcher and read what it printed."""

import contextlib
import fcntl
import os
import re
import select
import shlex
import shutil
import subprocess
import tempfile
import threading
import time

import pytest

from cause import tail

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)
BUILD = os.path.abspath(os.environ.get("BUILD") or os.path.join(ROOT, "build"))
POLICY = [f"-policy={os.environ['POLICY']}"] if os.environ.get("POLICY") else []  # For every guest.
KERNEL = os.path.join(BUILD, "kernel.elf")
PINTOS = os.path.join(ROOT, "tools", "pintos")
SECONDS = 180  # What the launcher gives a guest: much more than any needs, also on a busy machine.
LONG = os.environ.get("LONG", "0") not in ("", "0")  # Batteries take their time.

CHECK_LINE = re.compile(
    r"check: ok, frames (\d+) free of (\d+), slots (\d+) used of (\d+), "
    r"kernel (\d+) bytes in (\d+) blocks, (\d+) of (\d+) pages free")
CHECK_NAMES = ("frames_free", "frames", "slots_used", "slots", "kernel_bytes", "kernel_blocks",
               "pages_free", "pages")
# What a user fault that kills may print (besides the exit line).
KILL_LINES = [re.compile(pattern) for pattern in (
    r"Page fault at 0x[0-9a-f]+: (not present|rights violation) error (reading|writing) page in user context\.",
    r"\S+: dying due to interrupt 0x[0-9a-f]{2} \(.*\)\.",
    r"Interrupt 0x[0-9a-f]{2} \(.*\) at eip=(0x)?[0-9a-f]+",
    r" cr2=[0-9a-f]{8} error=[0-9a-f]{8}",
    r" eax=[0-9a-f]{8} ebx=[0-9a-f]{8} ecx=[0-9a-f]{8} edx=[0-9a-f]{8}",
    r" esi=[0-9a-f]{8} edi=[0-9a-f]{8} esp=[0-9a-f]{8} ebp=[0-9a-f]{8}",
    r" cs=[0-9a-f]{4} ds=[0-9a-f]{4} es=[0-9a-f]{4} ss=[0-9a-f]{4}",
)]
DEATH_LINE = re.compile(r"pintos: \S+: eip 0x[0-9a-f]+ is .*")  # What the launcher adds.
EXIT_LINE = re.compile(r"\S+: exit\(-?\d+\)")
LOAD_LINE = re.compile(r"load: \S+: .+")


def fail(message):
    """Ends the test with MESSAGE and no Python traceback."""
    pytest.fail(message, pytrace=False)


def program(name):
    """The file of a built program: a guest test, a program of user/, or a file of tests/guest/data."""
    for folder in (os.path.join(BUILD, "tests", "guest"), os.path.join(BUILD, "user"),
                   os.path.join(BUILD, "user", "bin"), os.path.join(TESTS, "guest", "data")):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    return fail(f"no built program or data file `{name}' (make builds them into {BUILD})")


class Console:
    """What a guest printed, and how the launcher ended."""

    def __init__(self, text, status, command):
        self.text = text.replace("\r\n", "\n")
        self.status = status
        self.command = command

    def fail(self, message):
        """Ends the test with MESSAGE, the end of the console and the command."""
        fail(f"{message}\n{tail(self.text)}\nguest: {shlex.join(self.command)}")

    def check(self, condition, message):
        """Like assert."""
        if not condition:
            self.fail(message)

    def lines_of(self, command_line):
        """The lines between Executing and Execution complete of COMMAND_LINE."""
        start = f"Executing '{command_line}':\n"
        end = f"Execution of '{command_line}' complete.\n"
        first = self.text.find(start)
        self.check(first >= 0, f"no line `{start.strip()}'")
        last = self.text.find(end, first)
        self.check(last >= 0, f"no line `{end.strip()}'")
        return self.text[first + len(start):last].split("\n")[:-1]

    def checks(self):
        """The figures of all `check' actions."""
        return [dict(zip(CHECK_NAMES, map(int, match.groups())))
                for match in CHECK_LINE.finditer(self.text)]

    def statistic(self, pattern):
        """The first number that PATTERN finds in the text."""
        match = re.search(pattern, self.text, re.MULTILINE)
        self.check(match, f"no line like `{pattern}'")
        return int(match.group(1))

    def expect_clean_end(self):
        """The guest powered off by itself and said nothing alarming."""
        for word in ("PANIC", "TIMEOUT"):
            self.check(word not in self.text, f"the console says {word}")
        self.check("Powering off..." in self.text, "the guest did not power off")
        self.check(self.status == 0, f"the launcher's status is {self.status}")


def check_counts(console, before, after):
    """What ran between two checks gave back all it took; stacks of two threads may be kept for the next."""
    for key in ("frames_free", "slots_used", "kernel_bytes", "kernel_blocks"):
        console.check(before[key] == after[key], f"leak: {key} was {before[key]}, is {after[key]}")
    lost = before["pages_free"] - after["pages_free"]
    console.check(lost <= 4, f"leak: {lost} kernel pages")


def run_command(command, seconds, stdin=None, folder=None):
    """Runs COMMAND in FOLDER, or an empty one of its own, and returns its console; at most SECONDS."""
    with tempfile.TemporaryDirectory(prefix="quire-test-") as own:
        source = subprocess.DEVNULL if stdin is None else subprocess.PIPE
        with subprocess.Popen(command, cwd=folder or own, stdin=source, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, start_new_session=True) as process:
            try:
                output, _ = process.communicate(stdin, timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                output, _ = process.communicate()
                output += b"\nTIMEOUT: killed by the test\n"
        return Console(output.decode("utf-8", "replace"), process.returncode, command)


def talk(command, heard, seconds=SECONDS, folder=None):
    """Runs COMMAND in FOLDER and returns its console.  HEARD(line) is called for each line and says whether to answer it
    by Enter.  Ends what takes more than SECONDS."""
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        late = threading.Timer(seconds, process.kill)
        late.start()
        output = b""
        for line in process.stdout:
            output += line
            if heard(line.replace(b"\r", b"")):
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.write(b"\n")
                    process.stdin.flush()
        process.wait()
        if not late.is_alive():
            output += b"\nTIMEOUT: killed by the test\n"
        late.cancel()
    return Console(output.decode("utf-8", "replace"), process.returncode, command)


def pintos(options, kernel_arguments, stdin=None, seconds=SECONDS, folder=None):
    """Runs the launcher with OPTIONS and the kernel's arguments, in FOLDER; the kernel is the one just
    built."""
    if not any(option.startswith("--kernel=") for option in options):
        options = [f"--kernel={KERNEL}", *options]
    command = [PINTOS, "-v", "-k", "-T", str(seconds), *options, "--", *POLICY, *kernel_arguments]
    return run_command(command, seconds + 20, stdin, folder)


def until_boot(run, seconds=4):
    """What RUN gives for a time-out in seconds: for the first one, from SECONDS on, that is long enough for the guest to
    have booted before it was over, however busy this machine is."""
    while True:
        console, booted = run(seconds)
        if booted or seconds > SECONDS:
            return seconds, console
        seconds *= 3


def read_until(descriptor, text, seconds=SECONDS):
    """Reads from DESCRIPTOR until TEXT has come; returns all of it."""
    seen = b""
    end = time.monotonic() + seconds
    while text not in seen:
        ready, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
        assert ready, f"{text!r} did not come, but {seen!r}"
        seen += os.read(descriptor, 4096)
    return seen


def children_of(pid):
    """The process ids of children of PID."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def put(names):
    """Launcher options that put the programs NAMES into the guest; a/b=c puts a/b as c."""
    options = []
    for name in names:
        source, _, target = name.partition("=")
        path = source if os.path.isabs(source) else program(source)
        options += ["-p", path, "-a", target or os.path.basename(source)]
    return options


def battery(value):
    """VALUE, or a tuple of them, as a parameter of a test that is a battery's."""
    values = value if isinstance(value, tuple) else (value,)
    return pytest.param(*values, marks=pytest.mark.battery)


def after(count, values):
    """VALUES as parameters of a test: those after the first COUNT are a battery's."""
    return [value if number < count else battery(value) for number, value in enumerate(values)]


def only(daily, values):
    """VALUES as parameters of a test: those that are not in DAILY are a battery's."""
    return [value if value in daily else battery(value) for value in values]


def make(makefile, target):
    """Brings TARGET of MAKEFILE up to date, also if another test wants it at the same time."""
    os.makedirs(BUILD, exist_ok=True)
    with open(os.path.join(BUILD, ".tests-lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = ["make", "-s", f"-j{len(os.sched_getaffinity(0))}", "-C", ROOT, "-f", makefile, f"BUILD={BUILD}", target]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                check=False)
    if result.returncode != 0:
        fail(f"{shlex.join(command)}: status {result.returncode}\n{tail(result.stdout, 40)}")


def have(tool):
    """Skips the test if TOOL is not installed."""
    path = shutil.which(tool)
    if path is None:
        pytest.skip(f"{tool} is not installed")
    return path


def fsck(console, image):
    """e2fsck -fn must find nothing in IMAGE."""
    result = subprocess.run(["/sbin/e2fsck", "-fn", image], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
    if result.returncode != 0:
        console.fail(f"e2fsck finds errors:\n{result.stdout}")
