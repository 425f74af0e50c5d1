"""The host: failures, programs, temporary folders and files."""

import os
import sys

EXIT_ERROR = 1

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

# What to install for a program that is missing, on Debian.
PACKAGES = {
    "qemu-system-i386": "qemu-system-x86",
    "mke2fs": "e2fsprogs",
    "debugfs": "e2fsprogs",
    "addr2line": "binutils",
    "gdb": "gdb",
}


class Failure(Exception):
    """Something the user must know, in one line.  STATUS is what the tool exits with."""

    def __init__(self, message, status=EXIT_ERROR):
        super().__init__(message)
        self.status = status


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


def describe(error, name=None):
    """The text of OSError ERROR as "NAME: reason"."""
    name = name if name is not None else error.filename
    return f"{os.fsdecode(name)}: {error.strerror}" if name is not None else str(error.strerror)


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
        pid = os.posix_spawn(command[0], command, environment, file_actions=actions)
    except OSError as error:
        raise Failure(describe(error, command[0])) from error
    finally:
        os.close(input_end)
        os.close(output_end)
    try:
        if data:
            os.write(feed, data)
    except BrokenPipeError:
        pass
    os.close(feed)
    pieces = []
    while True:
        piece = os.read(output, 65536)
        if not piece:
            break
        pieces.append(piece)
    os.close(output)
    return wait_for(pid), b"".join(pieces).decode("utf-8", "replace")


def wait_for(pid):
    """Waits for child PID; its exit status, or minus the signal that killed it."""
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


class TemporaryFolder:
    """A folder for one run, removed with all in it when the run is over, however it ends."""

    def __init__(self):
        parent = os.environ.get("TMPDIR") or "/tmp"
        while True:
            self.path = os.path.join(parent, "quire-" + os.urandom(6).hex())
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
