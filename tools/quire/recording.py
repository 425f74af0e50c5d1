"""Recordings: a folder from which a run can be run again, instruction by instruction.

QEMU notes what comes to the guest from outside, and when, in the file `events`.  Beside it are the kernel, each disk
as it was at the start, and `run.json`, written last: a folder without it is incomplete.
"""

import json
import os
import shutil

from quire.host import Failure, open_regular

FORMAT = 1
KERNEL = "kernel.elf"
EVENTS = "events"
GDB = "-gdb.py"  # What gdb loads together with a kernel has its name and this.


def begin(folder, kernel, drives):
    """Makes FOLDER and copies KERNEL and DRIVES into it; returns the copy of the kernel."""
    try:
        os.mkdir(folder)
    except FileExistsError:
        raise Failure(f"--record={folder}: already exists") from None
    try:
        for index, drive in enumerate(drives):
            shutil.copyfile(drive.path, disk_file(folder, index))
        if os.path.isfile(kernel + GDB):
            shutil.copyfile(kernel + GDB, os.path.join(folder, KERNEL + GDB))
        return shutil.copyfile(kernel, os.path.join(folder, KERNEL))
    except BaseException:
        shutil.rmtree(folder)
        raise


def finish(folder, options, words, drives, version):
    """Writes what else a replay needs: the run by OPTIONS is over, the kernel's arguments were WORDS."""
    with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, "qemu": version, "memory": options.memory, "words": words, "disks": len(drives),
                   "qemu_args": options.qemu_args, "clock": options.clock}, file, indent=1)
        file.write("\n")


def load(folder):
    """What run.json of FOLDER says; refuses what cannot be replayed."""
    try:
        notes = os.path.join(folder, "run.json")
        if not os.path.exists(notes):
            raise Failure(f"--replay={folder}: no recording, or one that was cut short (there is no run.json)")
        with open(open_regular(notes), encoding="utf-8") as file:
            run = json.load(file)
    except ValueError:
        raise Failure(f"--replay={folder}: run.json is damaged") from None
    if not isinstance(run, dict) or run.get("format") != FORMAT:
        raise Failure(f"--replay={folder}: not a recording of this launcher")
    for name in [os.path.join(folder, EVENTS), os.path.join(folder, KERNEL),
                 *(disk_file(folder, index) for index in range(run["disks"]))]:
        if not os.path.isfile(name):
            raise Failure(f"--replay={folder}: {os.path.basename(name)} is missing")
    return run


def disk_file(folder, index):
    """Disk INDEX as it was at the start."""
    return os.path.join(folder, f"disk{index}")
