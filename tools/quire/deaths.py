"""Where in its source a program stood that an exception of its own killed, said right below the kernel's report."""

import os
import re

from quire.symbols import KERNEL_BASE, symbolize

# The kernel's report, all of it: a name, an eip, and four lines of registers.
REPORT = re.compile(rb"(?:^|\n)([^\n]+): dying due to interrupt [^\n]*\n"
                    rb"Interrupt [^\n]* at eip=(0x[0-9a-f]+)\n(?: [^\n]*\n){4}")


def find_reports(text, start):
    """The reports in TEXT (bytes) that end behind START, each as (its end, the program's name, its eip)."""
    if b"dying due to interrupt" not in text:
        return []
    return [(match.end(), os.fsdecode(match.group(1)), int(match.group(2), 16))
            for match in REPORT.finditer(text) if match.end() > start]


def describe_death(name, eip, program):
    """The line about the program NAME, killed at EIP, whose file on the host is PROGRAM."""
    place = symbolize(program, [eip])[0] if eip < KERNEL_BASE else None
    if place is None:
        return f"{name}: eip {eip:#x} is in no function that {os.path.basename(program)} names"
    if ":" not in place:
        place += ", its line unknown (compiled without -g)"
    return f"{name}: eip {eip:#x} is {place}"
