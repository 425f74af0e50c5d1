#!/usr/bin/env python3
"""The floors of vm/: who may call whom, held against the symbols of the object files.

usage: tests/static/floors.py [BUILD]

Prints the picture of vm/README.md: each floor with its files, and the files that each calls.
"""

import fnmatch
import glob
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# From the top down.  A file calls files of its own floor or of lower ones, and no two call each
# other, not even by way of others.
FLOORS = [
    ("verbs", ["advise", "exit", "explain", "fault", "fork", "heap", "map", "mmap", "range", "stack", "store_copy",
               "sync", "unmap", "user", "vm"]),
    ("bringing in", ["pagein", "readahead"]),
    ("supply", ["supply"]),
    ("sending out", ["pageout", "reclaim"]),
    ("policies", ["policy", "policy_*"]),
    ("records", ["addrspace", "anonymous", "check", "frame", "page", "region", "spt", "spte", "store", "swap"]),
    ("ground", ["error", "radix", "stats", "stress"]),
]


def floor_of(name):
    """The floor of file NAME, 0 being the top; None if it stands on none."""
    for number, (_, patterns) in enumerate(FLOORS):
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
            return number
    return None


def symbols(path):
    """What the object file at PATH defines for others, and what it needs of them."""
    listing = subprocess.run(["nm", path], stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = [line.split()[-2:] for line in listing.splitlines()]
    return ({name for kind, name in rows if kind in "TDBRC"}, {name for kind, name in rows if kind == "U"})


def calls(build):
    """{file: {called file: symbols}} of the objects of vm/ in folder BUILD."""
    tables = {os.path.basename(path)[:-2]: symbols(path) for path in glob.glob(os.path.join(build, "vm", "*.o"))
              if os.path.exists(os.path.join(ROOT, "vm", os.path.basename(path)[:-2] + ".c"))}
    owner = {symbol: name for name, (defined, _) in tables.items() for symbol in defined}
    found = {name: {} for name in sorted(tables)}
    for name, (_, needed) in tables.items():
        for symbol in sorted(needed):
            if owner.get(symbol, name) != name:
                found[name].setdefault(owner[symbol], []).append(symbol)
    return found


def upward(graph):
    """The calls of GRAPH that lead to a higher floor, one line each."""
    return [f"vm/{name}.c calls {', '.join(used)} of vm/{other}.c, which stands above it"
            for name, others in graph.items() for other, used in sorted(others.items())
            if floor_of(name) > floor_of(other)]


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


def picture(graph):
    """GRAPH in words: the floors from the top down, each file with those it calls."""
    lines = []
    for number, (title, _) in enumerate(FLOORS):
        lines.append(title)
        for name in graph:
            if floor_of(name) == number:
                lines.append(f"    {name:<14} {' '.join(sorted(graph[name]))}".rstrip())
    return "\n".join(lines)


if __name__ == "__main__":
    print(picture(calls(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build"))))
