"""Addresses of the guest as functions, files and lines, by addr2line."""

import os
import re
import struct

from quire.host import lookup_program, run_program

KERNEL_BASE = 0xC0000000
PT_LOAD = 1


def symbolize_calls(program, addresses):
    """The places of ADDRESSES in the ELF file PROGRAM, a list of texts each, such as "sema_down (kern/sync.c:41)": the
    innermost first, and then those whose code it is a part of.  Empty where nothing is known."""
    tool = lookup_program("addr2line")
    if tool is None or not os.path.exists(program) or not addresses:
        return [[] for _ in addresses]
    words = [f"{address:#x}" for address in addresses]
    _, output = run_program([tool, "-e", program, "-a", "-i", "-f", *words])
    found = []
    for line in output.splitlines():
        if re.fullmatch("0x[0-9a-f]+", line):
            found.append([])
        elif found:
            found[-1].append(line)
    if len(found) != len(addresses):
        return [[] for _ in addresses]
    return [[place for pair in zip(lines[::2], lines[1::2]) if (place := describe_place(*pair))] for lines in found]


def symbolize(program, addresses):
    """The innermost place of each of ADDRESSES in PROGRAM, or None where nothing is known."""
    return [places[0] if places else None for places in symbolize_calls(program, addresses)]


def memory_size(program):
    """Bytes that the segments of ELF file PROGRAM take in memory."""
    with open(program, "rb") as file:
        data = file.read(4096)
    if data[:5] != b"\x7fELF\x01" or len(data) < 52:
        return 0
    table, = struct.unpack_from("<I", data, 28)
    size, count = struct.unpack_from("<HH", data, 42)
    headers = [struct.unpack_from("<8I", data, table + i * size) for i in range(count) if table + i * size + 32 <= len(data)]
    return sum(header[5] for header in headers if header[0] == PT_LOAD)


def describe_place(function, place):
    """Puts together what addr2line says in its two lines."""
    if function.startswith("??"):
        return None
    place = re.sub(r" \(discriminator \d+\)$", "", place)
    path, _, line = place.rpartition(":")
    if path.startswith("??") or line in ("?", "0"):
        return function
    return f"{function} ({shorten(path)}:{line})"


def shorten(path):
    """PATH relative to the current folder or the repository, where it is below."""
    from quire.host import REPOSITORY

    for top in (REPOSITORY, os.getcwd()):
        if path.startswith(top + os.sep):
            return path[len(top) + 1 :]
    return os.path.normpath(path)


def call_stacks(output):
    """The call stacks in the console OUTPUT (bytes), each as a pair: the name of the thread in
    whose paragraph of a thread list it stands, or None, and its addresses."""
    stacks = []
    pattern = rb"^([^\n]*)\n\s*Call stack:((?:\s+0x[0-9a-fA-F]+)+)"
    for match in re.finditer(pattern, b"\n" + output, re.MULTILINE):
        thread = re.match(rb"\s+(.*) \(thread \d+\)", match.group(1))
        name = thread.group(1).decode("ascii", "replace") if thread else None
        stacks.append((name, [int(word, 16) for word in match.group(2).split()]))
    return stacks


def explain_stack(kernel, addresses, exact=()):
    """Lines that name what stands at ADDRESSES of a call stack, of a function that became a part of its caller's code
    too.  They are return addresses, so the place meant is the call before, but for those in EXACT, where a trap came."""
    found = symbolize_calls(kernel, [address - (address not in exact) for address in addresses])
    return [f"  {address:#010x}  {place}" for address, places in zip(addresses, found)
            for place in places or ["(unknown)"]]


def trap_addresses(output):
    """The addresses of instructions at which the console OUTPUT (bytes) reports a trap."""
    return {int(word, 16) for word in re.findall(rb"at eip[ =](0x[0-9a-f]+)", output)}


def running_thread(output):
    """The name of the thread that the kernel's thread list in OUTPUT (bytes) says runs, or None;
    the idle thread is always said to."""
    names = re.findall(rb"^  (.+) \(thread \d+\): running", output, re.MULTILINE)
    names = [name for name in names if name != b"idle"]
    return os.fsdecode(names[0]) if names else None


def read_registers(text):
    """The eip, privilege level, halted flag, cr2 and esp in QEMU's `info registers`, or None."""
    found = {}
    for name, mark in (("eip", "EIP"), ("esp", "ESP"), ("flags", "EFL"), ("cr2", "CR2"),
                       ("cpl", "CPL"), ("halted", "HLT")):
        match = re.search(mark + r"=([0-9a-f]+)", text)
        if match is None:
            return None
        found[name] = int(match.group(1), 16)
    return found
