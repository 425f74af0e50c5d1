"""The launcher's command line: what it means, and a clear line for what makes no sense."""

import os
import re
import time

from quire.filesys import block_size
from quire.host import Failure

ROLES = ("filesys", "scratch", "swap")

MEGABYTE = 1 << 20
SIZE_MAX_MB = 130_000  # What 28-bit sector numbers reach.
# In less, firmware or kernel find no room and say nothing; QEMU's pc machine puts no more below 4 GB.
CLOCK_YEARS = (2002, 2105)  # What the guest's file system takes for a time.
MEMORY_LIMITS_MB = (2, 3072)
# For a lost server of swap.  The kernel gives a disk ten seconds; a request that QEMU still held then would stop the whole guest.
SWAP_WAIT_LIMITS = (0, 9)
BEYOND = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/|nbds?:|.*\.qcow2$")  # Swap that QEMU must open: not a file of raw content.

HELP = """\
usage: pintos [OPTION...] -- [KERNEL ARGUMENT...]
       pintos KERNEL ARGUMENT...
       pintos doctor

Boots Quire in QEMU; its console is this terminal.

Machine:
  -m N, --mem=N            physical memory in MB (default: 4); also --memory=N
  -T N, --timeout=N        stop after N seconds of wall clock, the launcher's own work included,
                           and tell where the guest was
  -k, --kill-on-failure    stop a few seconds after a line with PANIC or FAIL
  --explain                say in plain words why a process was killed
  --core                   a killed program leaves NAME.core here, which gdb reads
  --gdb                    wait for a debugger; prints the line to type
  --gdb-port=N             wait for it on port N (default: a free one)
  --uport                  wait for it on a port of your own, made of your user id
  --record=FOLDER          note in FOLDER, made new, all that comes to the guest
  --replay=FOLDER          run that again, exactly; with --gdb under the debugger
  --clock=TIME             the guest's clock starts at TIME, such as 2026-01-31T12:00:00 (UTC), instead of now
  --icount                 count instructions: rdtsc counts them, and time follows them
  --trace=FILE             record every event of the VM in FILE, for tools/quire-trace
  --trace-mb=N             in N MB that the machine gets besides (default: 16); full, it stops, or with the
                           kernel's -trace-full=wrap forgets the oldest
  --view                   show what happens in a page of a browser while it happens; prints its address
  --view-port=N            the same on port N (default: a free one)
  --qemu-args=WORDS        more arguments for QEMU, quoted as in a shell
  --monitor                QEMU's monitor on the same terminal (Ctrl-A c switches)
  --kernel=FILE            boot FILE (default: build/kernel.elf beside tools/, or $QUIRE_KERNEL)
  -v, -s, --qemu           accepted: it always is QEMU without VGA, console on the serial line

Files:
  -p FILE, --put-file=FILE   copy host FILE into the guest before the run (also FILE:NAME)
  -g NAME, --get-file=NAME   copy guest file NAME out after the run (also NAME:FILE)
  -a NAME, --as=NAME         its name on the other side; follows -p or -g

Partitions of this run's own disk; PART is filesys, scratch or swap:
  --PART-size=N            a fresh one of N MB (N may be a fraction)
  --PART=FILE              a copy of FILE
  --PART-from=DISK         a copy of the one on DISK
  --make-disk=DISK         keep the run's disk as DISK

Disks:
  --disk=DISK              attach a disk made by pintos-mkdisk or --make-disk as well
  --fs-disk=X, --swap-disk=X  a size in MB as --filesys-size and --swap-size, or a disk to attach
  filesys.dsk and swap.dsk in the current folder are attached where the run has no such partition.

Swap beyond them, as a disk of its own:
  --swap=nbd://HOST[:PORT]/EXPORT  what an NBD server has; also nbd+unix:///EXPORT?socket=PATH
  --swap=FILE.qcow2        a qcow2 image
  ...,priority=N           beside --swap-size: above 0 it is used first, -1 both in turn, else last
  --swap-wait=N            wait N seconds, 0 to 9, for a server that was lost (default: 8)

Kernel arguments: -h -q -f -r -filesys=DEV -scratch=DEV -swap=DEV -rs=SEED -ul=FRAMES ...,
then actions: run 'PROGRAM ARGUMENT...', ls, cat FILE, rm FILE.  -f makes a new ext2 file system
on the partition before the guest starts.

Exit status:
  0    the guest powered itself off
  1    wrong usage, a missing file or program, or QEMU could not start
  2    the time given by -T was up
  3    the kernel panicked
  4    the kernel refused its command line
  5    the guest was reset, as by a triple fault
  6    QEMU died, or was ended by a signal
  7    stopped by -k after a line with FAIL
  130  interrupted, or ended by the monitor's quit
"""

# Options without a value -> the attribute they set (None: accepted, nothing to do).
FLAGS = {
    "-v": None, "--no-vga": None, "-s": None, "--no-serial": None, "--qemu": None,
    "-k": "kill_on_failure", "--kill-on-failure": "kill_on_failure",
    "--explain": "explain", "--core": "core", "--gdb": "gdb", "--uport": "uport", "--monitor": "monitor", "--icount": "icount",
    "--view": "view",
    "-h": "help", "--help": "help",
}
# Options with a value -> the method that takes it.
VALUES = {
    "-m": "memory", "--mem": "memory", "--memory": "memory",
    "-T": "timeout", "--timeout": "timeout",
    "-p": "put", "--put-file": "put", "-g": "get", "--get-file": "get", "-a": "as", "--as": "as",
    "--gdb-port": "gdb_port", "--clock": "clock",
    "--trace": "trace", "--trace-mb": "trace_mb", "--view-port": "view_port",
    "--record": "record", "--replay": "replay",
    "--kernel": "kernel", "--make-disk": "make_disk", "--disk": "disk",
    "--qemu-args": "qemu_args", "--swap-wait": "swap_wait", "--fs-disk": "fs_disk", "--swap-disk": "swap_disk",
}
REFUSED = {
    "--bochs": "runs in QEMU only",
    "--player": "runs in QEMU only",
    "-t": "has no terminal display: the console is the serial line",
    "--terminal": "has no terminal display: the console is the serial line",
    "-j": "QEMU has no jitter in its timer",
    "--jitter": "QEMU has no jitter in its timer",
    "-r": "QEMU always follows the wall clock",
    "--realtime": "QEMU always follows the wall clock",
}


# Of the kernel, for who puts one of them before `--'.
KERNEL_OPTIONS = ("-q", "-f", "-filesys", "-scratch", "-swap", "-rs", "-ul", "-explain", "-core", "-policy", "-stack", "-oom",
                  "-vm-check", "-vm-stress", "-asserts", "-cluster", "-readahead", "-reserve", "-trace", "-trace-full",
                  "-trace-out", "-trace-tables")
TRACE_LIMITS_MB = (1, 512)
KERNEL_MEMORY_MB = 1016  # More it does not use: what it maps of its own.
PAGE = 4096
SECTOR = 512


class UsageError(Failure):
    """A Failure after which the usage line helps."""


class PartitionSource:
    """Where one partition of the run's disk comes from: HOW is "size", "file" or "disk"."""

    def __init__(self, how, value):
        self.how = how
        self.value = value


class FileCopy:
    """A file to put into the guest or to get out of it."""

    def __init__(self, host, guest):
        self.host = host
        self.guest = guest


class Options:
    """All that a command line asks for."""

    def __init__(self):
        self.memory = 4
        self.timeout = None
        self.deadline = None  # When the time of -T is up, by the monotonic clock.
        self.kill_on_failure = False
        self.gdb = False
        self.gdb_port = None
        self.uport = False
        self.monitor = False
        self.icount = False
        self.clock = None
        self.explain = False
        self.core = False
        self.terminal_columns = None  # Of an interactive run; not an option.
        self.trace = None
        self.trace_mb = 16
        self.view = False
        self.view_port = 0  # 0: any.
        self.record = None
        self.replay = None
        self.qemu_args = []
        self.help = False
        self.kernel = None
        self.puts = []
        self.gets = []
        self.partitions = {}
        self.make_disk = None
        self.disks = []
        self.words = []  # What is no option, where a tool allows it.
        self.kernel_arguments = []
        self.rounded = []  # Lines about sizes that are not as given.
        self.swap_node = None  # The SwapNode that is swap instead of a partition.
        self.swap_priority = ""  # Of swap_node, if the user said one.
        self.swap_wait = 8
        self.swap_size = 0  # Bytes of the swap partition, once it is known.
        self.swap_word, self.memory_word = "--swap-size=", "--mem="  # What the user says for more.
        self._last_copy = None

    # Each take_X(NAME, VALUE) below stores VALUE, given to the option spelled NAME.

    def take_memory(self, name, value):
        """Megabytes of RAM."""
        self.memory = parse_count(f"{name} ", value, MEMORY_LIMITS_MB, "of MB ")

    def take_timeout(self, name, value):
        """Seconds the run may take."""
        seconds = parse_decimal(value)
        if seconds is None or seconds <= 0:
            raise Failure(f"{name} {value}: not a number of seconds")
        self.timeout = seconds
        self.deadline = time.monotonic() + seconds

    def take_put(self, _name, value):
        """A host file, or FILE:NAME."""
        host, guest = value, os.path.basename(value.rstrip("/"))
        if ":" in value and not os.path.exists(value):
            host, _, guest = value.rpartition(":")
        check_guest_name(guest)
        self._last_copy = ("put", FileCopy(host, guest))
        self.puts.append(self._last_copy[1])

    def take_get(self, _name, value):
        """A guest file, or NAME:FILE."""
        guest, colon, host = value.partition(":")
        check_guest_name(guest)
        host = host if colon and host else os.path.basename(guest)
        self._last_copy = ("get", FileCopy(host, guest))
        self.gets.append(self._last_copy[1])

    def take_as(self, name, value):
        """The other name of the file before."""
        if self._last_copy is None:
            raise Failure(f"{name} {value}: no -p or -g stands before it")
        direction, copy = self._last_copy
        if direction == "put":
            check_guest_name(value)
            copy.guest = value
        else:
            copy.host = value

    def take_gdb_port(self, name, value):
        """A port to wait on for the debugger."""
        self.gdb_port = parse_count(f"{name} ", value, (1, 65535))
        self.gdb = True

    def take_clock(self, name, value):
        """When the guest's clock starts."""
        self.clock = parse_time(name, value)

    def take_kernel(self, _name, value):
        """The file to boot."""
        self.kernel = value

    def take_trace(self, _name, value):
        """A file for events."""
        self.trace = value

    def take_trace_mb(self, name, value):
        """How many MB there are for them."""
        self.trace_mb = parse_count(f"{name} ", value, TRACE_LIMITS_MB, "of MB ")

    def take_view_port(self, name, value):
        """A port for the page."""
        self.view_port = parse_count(f"{name} ", value, (1, 65535))
        self.view = True

    def take_record(self, _name, value):
        """A folder for a recording."""
        self.record = value

    def take_replay(self, _name, value):
        """The folder of a recording."""
        self.replay = value

    def take_qemu_args(self, name, value):
        """Words for QEMU."""
        import shlex

        try:
            self.qemu_args += shlex.split(value)
        except ValueError as error:
            raise Failure(f"{name}={value}: {str(error).lower()}") from error

    def take_make_disk(self, name, value):
        """Where to keep the run's disk."""
        if self.make_disk is not None:
            raise Failure(f"{name}={value}: the disk is to be kept as {self.make_disk} already")
        self.make_disk = value

    def take_disk(self, _name, value):
        """A disk to attach."""
        self.disks.append(value)

    def take_fs_disk(self, name, value):
        """A size for the file system, or a disk."""
        self._take_size_or_disk("filesys", name, value)

    def take_swap_disk(self, name, value):
        """A size for swap, or a disk."""
        self._take_size_or_disk("swap", name, value)

    def _take_size_or_disk(self, role, name, value):
        """VALUE is a size in MB for the partition of ROLE, or a disk to attach."""
        if parse_decimal(value) is not None and not os.path.exists(value):
            self.take_partition(role, "size", name, value)
        elif role == "swap" and BEYOND.match(value):
            self.take_partition(role, "file", name, value)
        else:
            self.disks.append(value)

    def take_swap_wait(self, name, value):
        """Seconds to wait for a lost server."""
        self.swap_wait = parse_count(f"{name} ", value, SWAP_WAIT_LIMITS, "of seconds ")

    def take_partition(self, role, how, name, value):
        """Stores a source for the partition of ROLE, or what is swap without being one."""
        place, _, priority = value.partition(",priority=")
        if role == "swap" and how == "file" and BEYOND.match(place):
            self.take_swap_node(name, place, priority)
            return
        if role in self.partitions:
            raise Failure(f"{name}={value}: there is another source for the {role} partition")
        if how == "size":
            text, value = value, round_size(role, value)
            if value != parse_decimal(text) * MEGABYTE:
                unit, what = size_unit(role, value)
                self.rounded.append(f"{name}={text}: rounded up to {value // unit:,} {what} of {unit:,} bytes")
        self.partitions[role] = PartitionSource(how, value)

    def take_swap_node(self, name, place, priority):
        """Stores PLACE, which is swap beyond the disks, and its PRIORITY, if it has one."""
        from quire.swapdisk import make_node

        if self.swap_node is not None:
            raise Failure(f"{name}={place}: there is swap beyond the machine already; give more by --swap-size=N")
        if priority and not re.fullmatch(r"-?\d{1,4}", priority):
            raise Failure(f"{name}={place},priority={priority}: not a number from -9999 to 9999")
        self.swap_node = make_node(name, place)
        self.swap_priority = priority

    @property
    def wants_format(self):
        """True if -f stands among the kernel's options, which come before its actions."""
        for word in self.kernel_arguments:
            if not word.startswith("-"):
                return False
            if word == "-f":
                return True
        return False

    @property
    def filesys_device(self):
        """The device named by -filesys=, or None."""
        device = None
        for word in self.kernel_arguments:
            if not word.startswith("-"):
                break
            if word.startswith("-filesys="):
                device = word[len("-filesys="):]
        return device


def parse_decimal(text):
    """TEXT as a plain decimal number such as 2 or 0.5, or None."""
    whole, _, part = text.partition(".")
    digits = whole + part
    return float(text) if digits.isascii() and digits.isdigit() else None


def parse_count(label, text, limits, what=""):
    """TEXT as a whole number (of WHAT) within LIMITS, the lowest and the highest; LABEL tells what it is for."""
    if not (text.isascii() and text.isdigit() and limits[0] <= int(text[:9]) <= limits[1]):
        raise Failure(f"{label}{text}: not a number {what}from {limits[0]} to {limits[1]}")
    return int(text)


def parse_size(text):
    """TEXT, a size in MB, in bytes."""
    megabytes = parse_decimal(text)
    if megabytes is None or not 0 < megabytes <= SIZE_MAX_MB:
        raise Failure(f"{text}: not a valid size in MB")
    return int(megabytes * MEGABYTE)


def size_unit(role, size):
    """The unit of a partition of ROLE with SIZE bytes, and what it is called."""
    if role == "filesys":
        return block_size(size), "blocks"
    return (PAGE, "pages") if role == "swap" else (SECTOR, "sectors")


def round_size(role, text):
    """TEXT, the size in MB of a partition of ROLE, in bytes, rounded up to whole units."""
    unit, _ = size_unit(role, parse_size(text))
    return max(1, -(-parse_size(text) // unit)) * unit


def notices(options):
    """Lines about what is not quite as OPTIONS asked for."""
    if options.memory > KERNEL_MEMORY_MB:
        return [f"-m {options.memory}: the kernel uses only {KERNEL_MEMORY_MB:,} MB of it", *options.rounded]
    return options.rounded


def parse_time(name, text):
    """TEXT, a date or a date and a time in UTC, as QEMU takes it."""
    import datetime

    try:
        time = datetime.datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is not None or not CLOCK_YEARS[0] <= time.year <= CLOCK_YEARS[1]:
        raise Failure(f"{name}={text}: not a time such as 2026-01-31T12:00:00, from {CLOCK_YEARS[0]} to {CLOCK_YEARS[1]}")
    return time.strftime("%Y-%m-%dT%H:%M:%S")


def check_guest_name(name):
    """Refuses NAME if it cannot stand in the guest's file system."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or name.endswith("/"):
        raise Failure(f"'{name}': not a file name")
    for part in parts:
        if len(os.fsencode(part)) > 255:
            raise Failure(f"{part}: name too long (max 255 characters)")


def partition_option(name):
    """The role and kind of source of option NAME, such as --swap-size; None if it is none."""
    for role in ROLES:
        if name == f"--{role}":
            return role, "file"
        if name == f"--{role}-size":
            return role, "size"
        if name == f"--{role}-from":
            return role, "disk"
    return None


def refuse(name):
    """Says why option NAME is not for us."""
    raise Failure(f"{name}: not supported: {REFUSED[name]}")


def long_options():
    """All options that begin with two dashes."""
    partitions = [f"--{role}{end}" for role in ROLES for end in ("", "-size", "-from")]
    return [name for name in (*FLAGS, *VALUES, *REFUSED, *partitions) if name.startswith("--")]


def unknown_option(word):
    """The UsageError about WORD, which is no option."""
    import difflib

    name = word.partition("=")[0]
    if name in KERNEL_OPTIONS:
        return UsageError(f"{word}: an option of the kernel: those follow `--'")
    near = difflib.get_close_matches("--" + name.lower().lstrip("-"), long_options(), 1, 0.7)
    return UsageError(f"unknown option {name}" + (f"; did you mean {near[0]}?" if near else ""))


def parse_word(options, words):
    """Takes the option at the head of the list WORDS, with its value, into OPTIONS."""
    word = words.pop(0)
    if word.partition("=")[0] in KERNEL_OPTIONS or "-" + word.partition("=")[0] in long_options():
        raise unknown_option(word)
    if word.startswith("--"):
        name, equals, value = word.partition("=")
    else:
        name, equals, value = word[:2], "", word[2:]
    partition = partition_option(name)
    if name in REFUSED:
        refuse(name)
    if name in FLAGS:
        if name.startswith("--") and equals:
            raise UsageError(f"option {name} takes no value")
        if FLAGS[name]:
            setattr(options, FLAGS[name], True)
        if not name.startswith("--") and value:
            if "-" + value[0] not in (*FLAGS, *VALUES, *REFUSED):
                raise unknown_option(word)
            words.insert(0, "-" + value)  # -vk is -v -k.
        return
    if name not in VALUES and partition is None:
        raise unknown_option(word)
    if not equals and not value:
        if not words:
            raise UsageError(f"option {name} needs a value")
        value = words.pop(0)
    elif not value:
        raise UsageError(f"option {name} needs a value")
    if partition is not None:
        options.take_partition(*partition, name, value)
    else:
        getattr(options, "take_" + VALUES[name])(name, value)


def parse_options(words, only=None):
    """Turns the launcher's part of a command line, WORDS, into Options.  If ONLY is given, options other than these
    are refused, and words that are no options collected; else those are refused."""
    options = Options()
    words = list(words)
    while words:
        if words[0].startswith("-") and words[0] != "-":
            if only is not None and not words[0].startswith(only):
                raise unknown_option(words[0])
            parse_word(options, words)
        elif only is not None:
            options.words.append(words.pop(0))
        else:
            raise UsageError(f"{words[0]}: not an option; kernel arguments follow `--'")
    return options


def parse_command_line(words):
    """Splits WORDS at the first `--`: options before it, kernel arguments after.  Without it all
    are the kernel's."""
    if "--" in words:
        split = words.index("--")
        options = parse_options(words[:split])
        options.kernel_arguments = words[split + 1:]
        return options
    for word in words:
        if word.startswith("--"):
            if word.partition("=")[0] not in long_options():
                raise unknown_option(word)
            raise UsageError(f"{word}: options of the launcher must be followed by `--'")
    options = Options()
    options.kernel_arguments = list(words)
    return options
