#!/usr/bin/env python3
"""The floors of the kernel's folders: who may call whom, held against the symbols of the object files.

usage: tests/static/floors.py [BUILD]

Prints the pictures of docs/floors.md and vm/README.md: each floor with its files, and the files that each calls.
"""

import fnmatch
import functools
import glob
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Folder -> its floors from the top down.  A file calls files of its own floor or of lower ones, and no two call
# each other, not even by way of others.
FLOORS = {
    "init": [
        ("order", ["main"]),
        ("starting and ending", ["actions", "start", "vm_start", "end"]),
        ("parts", ["check", "devices", "memory", "selftest", "statistics", "port"]),
        ("command line", ["options", "cmdline"]),
    ],
    "proc": [
        ("entries", ["syscall", "page_fault", "exception"]),
        ("calls", ["syscall_*", "fork", "spawn"]),
        ("reports", ["report", "report_*"]),
        ("ends", ["kill", "terminate"]),
        ("what is left", ["core", "core_*"]),
        ("processes", ["process"]),
        ("what a process has", ["arguments", "elf", "exec", "fd", "foreground", "fpu"]),
        ("load control", ["load"]),
        ("who there is", ["contend", "flight", "mark", "process_facts", "record", "shortage", "suspend", "tree"]),
    ],
    "fs": [
        ("the whole", ["mount"]),
        ("names", ["names", "node_ops", "path", "path_of"]),
        ("content", ["store_ops"]),
        ("putting on disk", ["sync"]),
        ("directories", ["dir"]),
        ("inodes", ["inode"]),
        ("blocks of a file", ["block_map", "dir_index"]),
        ("free blocks", ["balloc"]),
        ("blocks in memory", ["buffer", "fresh"]),
        ("volume", ["check", "volume"]),
    ],
    "vm": [
        ("verbs", ["advise", "exit", "explain", "fault", "fork", "heap", "map", "mmap", "range", "stack", "store_copy",
                   "swapper", "sync", "unmap", "user", "vm"]),
        ("bringing in", ["pagein", "readahead"]),
        ("supply", ["supply"]),
        ("sending out", ["pageout", "reclaim"]),
        ("policies", ["policy", "policy_*", "event_policy"]),
        ("records", ["addrspace", "anonymous", "check", "event_tables", "frame", "own", "page", "region", "spt", "spte",
                     "store", "swap", "turn", "usage"]),
        ("ground", ["error", "event", "radix", "stats", "stress"]),
    ],
    "dev": [
        ("disks", ["ide"]),
        ("parts of a disk", ["partition"]),
        ("transfers", ["ide_dma", "ide_pio"]),
        ("channel", ["ide_channel"]),
        ("what others see", ["block", "clock", "clock_decode", "console", "timer"]),
    ],
    "kern": [
        ("reports", ["panic"]),
        ("threads", ["thread"]),
        ("memory", ["kmalloc", "page_alloc", "stack"]),
        ("waiting and saying", ["channel", "sync", "print"]),
        ("scheduler", ["sched"]),
    ],
}

# The folders from the top down: a file calls files of its own folder or of lower ones.
LAYERS = ["init", "proc", "fs", "vm", "dev", "kern", "arch/i386", "lib"]
# What may be called from anywhere below: doors that whoever stands higher implements.
DOORS = ["debug_panic", "kernel_main", "port_*"]


def is_door(symbol):
    """Whether SYMBOL is a door."""
    return any(fnmatch.fnmatchcase(symbol, pattern) for pattern in DOORS)


def floor_of(folder, name):
    """The floor of file NAME of FOLDER, 0 being the top; None if it stands on none."""
    for number, (_, patterns) in enumerate(FLOORS[folder]):
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
            return number
    return None


@functools.lru_cache(maxsize=None)
def all_symbols(build):
    """{object file: (what it defines for others, what it needs of them)} of all LAYERS in BUILD, by one call of nm."""
    paths = [path for folder in LAYERS for path in sorted(glob.glob(os.path.join(build, folder, "*.o")))]
    listing = subprocess.run(["nm", "-A", *paths], stdout=subprocess.PIPE, text=True, check=True).stdout
    found = {path: (set(), set()) for path in paths}
    for line in listing.splitlines():
        path, _, row = line.rpartition(":")
        kind, name = row.split()[-2:]
        if kind in "TDBRC":
            found[path][0].add(name)
        elif kind == "U":
            found[path][1].add(name)
    return found


def sources(build, folder):
    """{file: object file} of FOLDER in the tree that was built in BUILD."""
    names = {os.path.basename(path)[:-2]: path for path in glob.glob(os.path.join(build, folder, "*.o"))}
    return {name: path for name, path in sorted(names.items())
            if any(os.path.exists(os.path.join(ROOT, folder, name + end)) for end in (".c", ".S"))}


def symbols(build, folder):
    """{file: (what it defines for others, what it needs of them)} of FOLDER in BUILD."""
    return {name: all_symbols(build)[path] for name, path in sources(build, folder).items()}


def calls(build, folder):
    """{file: {called file: symbols}} of the objects of FOLDER in BUILD."""
    tables = symbols(build, folder)
    owner = {symbol: name for name, (defined, _) in tables.items() for symbol in defined if not is_door(symbol)}
    found = {name: {} for name in tables}
    for name, (_, needed) in tables.items():
        for symbol in sorted(needed):
            if owner.get(symbol, name) != name:
                found[name].setdefault(owner[symbol], []).append(symbol)
    return found


def global_functions(build):
    """{function: (file that defines it, files of the kernel that need it)} of all folders."""
    tables = {f"{folder}/{name}": both for folder in LAYERS for name, both in symbols(build, folder).items()}
    found = {}
    for where, (defined, _) in tables.items():
        for symbol in defined:
            found[symbol] = (where, [other for other, (_, needed) in tables.items() if symbol in needed])
    return found


def between_layers(build):
    """The calls from one folder into a higher one, one line each."""
    tables = {(folder, name): both for folder in LAYERS for name, both in symbols(build, folder).items()}
    owner = {symbol: where for where, (defined, _) in tables.items() for symbol in defined if not is_door(symbol)}
    return [f"{folder}/{name} calls {symbol} of {'/'.join(owner[symbol])}, which is in a higher layer"
            for (folder, name), (_, needed) in tables.items() for symbol in sorted(needed)
            if symbol in owner and LAYERS.index(owner[symbol][0]) < LAYERS.index(folder)]


def upward(folder, graph):
    """The calls of FOLDER's GRAPH that lead to a higher floor, one line each."""
    return [f"{folder}/{name}.c calls {', '.join(used)} of {folder}/{other}.c, which stands above it"
            for name, others in graph.items() for other, used in sorted(others.items())
            if floor_of(folder, name) > floor_of(folder, other)]


def circles(graph):
    """The circles of GRAPH: lists of files of which each calls the next, and the last the first."""
    found, done = [], set()

    def walk(name, way):
        if name in way:
            found.append(way[way.index(name):] + [name])
        elif name not in done:
            for other in sorted(graph[name]):
                walk(other, way + [name])
            done.add(name)

    for name in graph:
        walk(name, [])
    return found


def picture(folder, graph):
    """FOLDER's GRAPH in words: the floors from the top down, each file with those it calls."""
    lines = []
    for number, (title, _) in enumerate(FLOORS[folder]):
        lines.append(title)
        for name in graph:
            if floor_of(folder, name) == number:
                lines.append(f"    {name:<14} {' '.join(sorted(graph[name]))}".rstrip())
    return "\n".join(lines)


def shown(folder, graph):
    """The picture as a document shows it."""
    return "\n".join("    " + line for line in picture(folder, graph).split("\n"))


def document(folder):
    """The document that shows the picture of FOLDER."""
    return os.path.join("vm", "README.md") if folder == "vm" else os.path.join("docs", "floors.md")


if __name__ == "__main__":
    BUILD = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build")
    for each in FLOORS:
        print(f"{each}/, for {document(each)}:\n\n{shown(each, calls(BUILD, each))}\n")
