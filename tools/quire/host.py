"""The host: failures, programs, temporary folders and files."""

import errno
import os
import signal
import stat
import sys

EXIT_ERROR = 1
EXIT_TIMEOUT = 2

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

# A disk of the host takes no more: it is full, or the user's share of it.
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
TEMPORARY_PREFIX = "quire-"

# What to install for a program that is missing, on Debian.
PACKAGES = {
    "qemu-system-i386": "qemu-system-x86",
    "mke2fs": "e2fsprogs",
    "debugfs": "e2fsprogs",
    "e2fsck": "e2fsprogs",
    "addr2line": "binutils",
    "gdb": "gdb",
}


class Failure(Exception):
    """Something the user must know, in one line.  STATUS is what the tool exits with."""

    def __init__(self, message, status=EXIT_ERROR):
        super().__init__(message)
        self.status = status


class TimeUp(Exception):
    """The time that the user gave is over."""


class TimeLimit:
    """Within it TimeUp is raised when END, a time of the monotonic clock, has come; None: never."""

    def __init__(self, end):
        self.end = end

    def __enter__(self):
        import time

        if self.end is not None:
            signal.signal(signal.SIGALRM, raise_time_up)
            signal.setitimer(signal.ITIMER_REAL, max(0.001, self.end - time.monotonic()))

    def __exit__(self, *_):
        if self.end is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)


def raise_time_up(_number, _frame):
    """Handles the alarm."""
    raise TimeUp


def tool_name():
    """The name the user called this tool by."""
    return os.path.basename(sys.argv[0]) or "pintos"


def say(message):
    """Tells the user MESSAGE, a line, on standard error."""
    write_all(2, f"{tool_name()}: {message}\n".encode("utf-8", "surrogateescape"))


def write_all(descriptor, data):
    """Writes all of DATA, also where the descriptor is a terminal that QEMU made non-blocking."""
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view):]
        except BlockingIOError:
            import select

            select.select([], [descriptor], [], 0.1)
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            raise Failure(f"{'standard output' if descriptor == 1 else 'a file'}: {error.strerror}") from error


def write_file(descriptor, data):
    """Writes all of DATA to a file; a system call may take less when the disk is nearly full."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]


def describe(error, name=None):
    """The text of OSError ERROR as "NAME: reason"; a full disk of the host gets a line of its own."""
    name = name if name is not None else error.filename2 or error.filename
    if error.errno in DISK_FULL and name is not None:
        return no_space(name)
    return f"{os.fsdecode(name)}: {error.strerror}" if name is not None else str(error.strerror)


def no_space(path, what=None):
    """The line about a full disk of the host: WHAT tells what became of file PATH, which lies there."""
    path = os.path.abspath(os.fsdecode(path))
    folder, advice = os.path.dirname(path), "free some space"
    if path.startswith(os.path.join(os.path.abspath(temporary_parent()), TEMPORARY_PREFIX)):
        folder, advice = temporary_parent(), "free some space or set TMPDIR to another folder"
    return f"no space left in {folder}: {what or os.path.basename(path) + ' could not be written'}; {advice}"


def open_regular(path):
    """Opens regular file PATH for reading.  A Failure if there is none, or something else: a pipe, say, would
    make us wait."""
    try:
        if stat.S_ISREG(os.stat(path).st_mode):
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return descriptor
            os.close(descriptor)
    except OSError as error:
        raise Failure(describe(error, path)) from error
    raise Failure(f"{path}: not a regular file")


def lookup_program(name):
    """The path of program NAME, or None.  Looks in the system folders too: a user's PATH on Debian
    lacks /sbin, where mke2fs is."""
    if os.sep in name:
        return name if os.access(name, os.X_OK) and not os.path.isdir(name) else None
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) + ["/usr/sbin", "/sbin"]:
        path = os.path.join(folder or ".", name)
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    return None


def find_program(name):
    """The path of program NAME; a Failure with the package to install if there is none."""
    path = lookup_program(name)
    if path is None:
        raise Failure(f"{name} not found (apt install {PACKAGES.get(name, name)})")
    return path


def run_program(command, data=b""):
    """Runs COMMAND with DATA (up to a few kB) as its input.  Returns its exit status (negative: the
    signal it died of) and all it wrote, as text.  Cheaper to import than `subprocess`."""
    input_end, feed = os.pipe()
    output, output_end = os.pipe()
    actions = [
        (os.POSIX_SPAWN_DUP2, input_end, 0),
        (os.POSIX_SPAWN_DUP2, output_end, 1),
        (os.POSIX_SPAWN_DUP2, output_end, 2),
    ]
    environment = dict(os.environ, LC_ALL="C")
    try:
        pid = os.posix_spawn(command[0], command, environment, file_actions=actions, setpgroup=0)
    except OSError as error:
        raise Failure(describe(error, command[0])) from error
    finally:
        os.close(input_end)
        os.close(output_end)
    try:
        return converse(pid, feed, output, data)
    except BaseException:
        try:
            os.killpg(pid, signal.SIGKILL)
            wait_for(pid)
        except (ProcessLookupError, ChildProcessError):
            pass  # It has ended already.
        raise


def converse(pid, feed, output, data):
    """Writes DATA to the pipe FEED of child PID, reads all that comes from OUTPUT, and waits for its end."""
    try:
        write_file(feed, data)
    except BrokenPipeError:
        pass
    finally:
        os.close(feed)
    pieces = []
    try:
        while piece := os.read(output, 65536):
            pieces.append(piece)
    finally:
        os.close(output)
    return wait_for(pid), b"".join(pieces).decode("utf-8", "replace")


def wait_for(pid):
    """Waits for child PID; its exit status, or minus the signal that killed it."""
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def temporary_parent():
    """Where temporary folders are made."""
    return os.environ.get("TMPDIR") or "/tmp"


class TemporaryFolder:
    """A folder for one run, removed with all in it when the run is over, however it ends."""

    def __init__(self):
        while True:
            self.path = os.path.join(temporary_parent(), TEMPORARY_PREFIX + os.urandom(6).hex())
            try:
                os.mkdir(self.path, 0o700)
                return
            except FileExistsError:
                continue
            except OSError as error:
                raise Failure(describe(error)) from error

    def file(self, name):
        """The path of a file NAME in it."""
        return os.path.join(self.path, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for folder, folders, files in os.walk(self.path, topdown=False):
            for name in files:
                os.unlink(os.path.join(folder, name))
            for name in folders:
                path = os.path.join(folder, name)
                os.unlink(path) if os.path.islink(path) else os.rmdir(path)
        os.rmdir(self.path)
