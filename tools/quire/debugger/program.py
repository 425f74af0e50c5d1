"""The symbols of the program that runs: loaded by themselves whenever the machine stops."""

import json
import os

import gdb

from quire.debugger.kernel import Command, current_thread, process_of, say, text_of

loaded = None  # The file whose symbols are loaded, or None.
LIST = "programs.json"  # Beside the kernel: which file of the host each program of the guest is.


def kernel_folder():
    """Where the kernel is."""
    for file in gdb.objfiles():
        if file.filename and os.path.basename(file.filename).startswith("kernel"):
            return os.path.dirname(file.filename)
    return "."


def find_file(name):
    """The host's file of the program NAME, or None."""
    folder = kernel_folder()
    try:
        with open(os.path.join(folder, LIST), encoding="utf-8") as file:
            known = json.load(file)
    except (OSError, ValueError):
        known = {}
    candidates = [known.get(name.lstrip("/"), "")]
    candidates += [os.path.join(folder, place, os.path.basename(name)) for place in ("user", "tests/guest")]
    return next((os.path.abspath(path) for path in candidates if path and os.path.isfile(path)), None)


def load(path):
    """Loads the symbols of PATH in the place of those there were."""
    global loaded
    if path == loaded:
        return
    if loaded is not None:
        unload()
    if not any(file.filename == path for file in gdb.objfiles()):
        gdb.execute(f'add-symbol-file "{path}"', to_string=True)
        loaded = path


def unload():
    """Takes the symbols of the program away again."""
    global loaded
    objfile = next((file for file in gdb.objfiles() if file.filename == loaded), None)
    if objfile is not None:
        gdb.execute(f"remove-symbol-file -a {first_address(loaded):#x}", to_string=True)
    loaded = None


def first_address(path):
    """Where the text of ELF file PATH begins, as gdb takes it for the file's address."""
    for line in gdb.execute("info files", to_string=True).splitlines():
        if line.rstrip().endswith(f".text in {path}"):
            return int(line.split()[0], 16)
    raise gdb.GdbError(f"{path}: has no text")


def follow(_event=None):
    """The machine stopped: the program that runs now may be another."""
    try:
        process = process_of(current_thread())
    except (gdb.error, gdb.GdbError):
        return
    if process is not None:
        follow_process(process)


def follow_process(process):
    """Loads the symbols of the program that PROCESS runs, if its file is here."""
    path = find_file(text_of(process["name"]))
    if path is not None:
        load(path)


class Program(Command):
    """Load the symbols of a program, before it runs; without NAME those of the running one, as every stop does.
Then `hbreak main' stops in it: its pages are not in memory yet, so plain breakpoints cannot be set.
usage: program [NAME]"""

    usage = "[NAME]"

    def run(self, name=None):
        """Does that."""
        if name is None:
            process = process_of(current_thread())
            if process is None:
                raise gdb.GdbError("no program runs just now; name one: program NAME")
            name = text_of(process["name"])
        path = find_file(name)
        if path is None:
            raise gdb.GdbError(f"{name}: no file of this name here; load it by hand: add-symbol-file FILE")
        load(path)
        say(f"symbols of {path}")


def register():
    """Makes the command, and has it done at each stop."""
    gdb.events.stop.connect(follow)
    Program("program")
