"""Runs one case of the matrix: makes the disks, breaks one of them, boots, answers the guest."""

import contextlib
import os
import subprocess
import tempfile
import time

import fault_cases as cases
import machine
import support

SECONDS = support.SECONDS
SWAP_SECTORS = 16 * 2048
FILESYS_MB = 8
KNOWN = ("known", 1, 128 * 4096)  # Name, seed and size, as tests/guest/disk-*.c know them.
OTHER = ("other", 2, 100 * 4096)
LISTED = 150
BEGIN, END = b"faults begin\n", b"faults end\n"


def pattern(seed, offset, size):
    """SIZE bytes at OFFSET of the pattern SEED, as pattern_fill() of the guest tests makes it."""
    return bytes(((at * 7 + (at >> 8) * 13 + (at >> 16) * 29 + seed * 101) & 0xffffffff) % 251
                 for at in range(offset, offset + size))


def programs(workload):
    """The programs that WORKLOAD needs."""
    return {"disk-watch", *(command.split()[0] for command, _ in workload.commands)}


def make_template(folder):
    """Makes the file system with all programs and the known files, as FOLDER/filesys; done once, copied often."""
    files = {name: support.program(name) for group in cases.WORKLOADS.values() for workload in group.values()
             for name in programs(workload)}
    for name, seed, size in (KNOWN, OTHER):
        files[name] = pattern(seed, 0, size)
    for number in range(LISTED):
        files[f"listed/{number}-a-name-that-takes-some-room-in-its-directory"] = b""
    image = os.path.join(folder, "filesys")
    machine.make_filesystem(image, FILESYS_MB, files)
    machine.make_disk(os.path.join(folder, "disk"), [("filesys", image)])
    machine.make_disk(os.path.join(folder, "swap"), [("swap", SWAP_SECTORS)])


def kernel_arguments(case):
    """What the kernel is to do in CASE."""
    workload = case.workload
    how = workload.how + ("m" if case.disk == "files" else "f")
    how += ("x" if case.memory_runs_out else "") + ("h" if case.heals else "")
    commands = " / ".join(command for command, _ in workload.commands)
    commands = commands.replace("{reads}", "0" if case.reads_fail else "1")
    return f"-q -ul={workload.pool} -vm-check=256 check run 'disk-watch {how} {commands}' check"


@contextlib.contextmanager
def nbdkit(path, folder, case):
    """Serves the file PATH on a Unix socket, with errors as CASE says while the file named second exists."""
    socket, switch = os.path.join(folder, "socket"), os.path.join(folder, "errors")
    operation = {"read": "pread", "write": "pwrite"}[case.kind]
    command = ["nbdkit", "--foreground", "--exit-with-parent", "-U", socket, "--filter=error", "file", path,
               f"error-{operation}=EIO", f"error-{operation}-rate={cases.RATES[case.mode]}",
               f"error-{operation}-file={switch}"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as server:
        try:
            while not os.path.exists(socket):
                if server.poll() is not None:
                    raise OSError(f"nbdkit ended with {server.returncode}")
                time.sleep(0.01)
            yield socket, switch
        finally:
            server.kill()


def talk(command, folder, switch):
    """Runs QEMU by COMMAND; answers the guest, and makes or removes the file SWITCH, when it asks.  Its console."""
    def heard(line):
        if line.endswith(BEGIN):
            with open(switch, "wb"):
                pass
        elif line.endswith(END) and os.path.exists(switch):
            os.remove(switch)
        return line.endswith((BEGIN, END))

    return support.talk(command, heard, SECONDS, folder)


def copy_disks(template, folder):
    """Copies all that make_template() made from TEMPLATE to FOLDER."""
    for name in ("filesys", "disk", "swap"):
        subprocess.run(["cp", "--sparse=always", os.path.join(template, name), os.path.join(folder, name)],
                       check=True)


def run(case, template):
    """Runs CASE on a copy of the disks in the folder TEMPLATE.  Its console, and the file system image afterwards as
    bytes."""
    with tempfile.TemporaryDirectory(prefix="quire-faults-") as folder, contextlib.ExitStack() as stack:
        paths = {"files": os.path.join(folder, "disk"), "swap": os.path.join(folder, "swap")}
        copy_disks(template, folder)
        disks, switch = dict(paths), os.path.join(folder, "unused")
        if case.by_nbdkit:
            socket, switch = stack.enter_context(nbdkit(paths[case.disk], folder, case))
            disks[case.disk] = machine.nbd(socket, case.disk)
        else:
            disks[case.disk] = machine.faulty(paths[case.disk], case.disk, cases.rules(case))
        console = talk(machine.boot_command(kernel_arguments(case), [disks["files"], disks["swap"]]), folder,
                       switch)
        image = os.path.join(folder, "filesys")
        machine.extract(paths["files"], "filesys", image)
        with open(image, "rb") as file:
            return console, file.read()
