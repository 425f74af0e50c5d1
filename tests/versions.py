#!/usr/bin/env python3
"""All that depends on the version of a tool: versions.py TOOL prints the command of a pinned one, or what is wrong.

The tree's form and its lint are judged by one version of their tools each, since every version has another opinion.
Where another is installed, the tests that ask them pass with a note.  The rest of the tree avoids what only some versions
know; what it could not avoid stands below, or is named here:

- QEMU from 10 on lets programs run INVD and WBINVD (tests/guest/attacks/cpu.c takes both ends).
- QEMU before 4.0 is refused by the launcher (tools/quire/machine.py).
- mke2fs from 1.47.2 on makes no file systems of revision 0 (tests/fuzz/corrupt.py makes them itself).
"""

import re
import shutil
import subprocess
import sys

PINNED = {"clang-format": "14", "cppcheck": "2.10"}
CHUNKS_SINCE = (3, 2)  # pytest-xdist that can be told how many tests a processor gets at once.


def version(command):
    """What COMMAND says its version is, or None if it is not there."""
    if shutil.which(command) is None:
        return None
    said = subprocess.run([command, "--version"], text=True, capture_output=True, check=False).stdout
    found = re.search(r"\d+(?:\.\d+)+", said)
    return found.group(0) if found else "?"


def command_of(tool):
    """The command of TOOL in the version that decides, or None."""
    pinned = PINNED[tool]
    for command in (tool, f"{tool}-{pinned}"):
        if f"{version(command)}.".startswith(f"{pinned}."):
            return command
    return None


def note(tool):
    """Why TOOL was not asked."""
    return f"not judged: {tool} {PINNED[tool]} decides, here is {version(tool) or 'none'}"


def scheduling(xdist):
    """Options for version XDIST of pytest-xdist: one test at a time to each processor, since ours take long."""
    numbers = tuple(int(number) for number in re.findall(r"\d+", xdist)[:2])
    return ["--maxschedchunk", "1"] if numbers >= CHUNKS_SINCE else []


def main():
    """For the Makefile."""
    command = command_of(sys.argv[1])
    if command is None:
        sys.exit(f"{sys.argv[1]} {PINNED[sys.argv[1]]} decides; here is {version(sys.argv[1]) or 'none'}")
    print(command)


if __name__ == "__main__":
    main()
