"""Traces of events: their table, read from vm/event.h, and the files and memory that hold them.

A trace is a file of records behind their head, or the memory of a machine (`pintos --trace`), in which the kernel's
symbol event_ring leads to the same head.  docs/trace.md tells about the format.
"""

import mmap
import os
import re
import struct
import zlib

from quire.host import REPOSITORY, Failure

HEAD = struct.Struct("<8s6IQQQIIII16s40s")
RECORD = struct.Struct("<QBBH5I")
MAGIC = b"QUIREVT\0"
ALL, STOPS = 1, 2  # Bits of the flags.
KERNEL_BASE = 0xC0000000
NONE = 0xFFFFFFFF
PAGE = 4096
SYMBOL = "event_ring"
NEWER = "newer than this tool"


class Kind:
    """One kind of event: its NAME, what its detail is, and the names and kinds of its arguments."""

    def __init__(self, number, name, detail, arguments, sentence):
        self.number, self.name, self.sentence = number, name, sentence
        self.detail, _, self.detail_kind = detail.partition(":")
        pairs = [word.partition(":") for word in arguments.split()]
        self.arguments = [(name, kind or name) for name, _, kind in pairs]


class Table:
    """All kinds of events and the words for their details, as vm/event.h has them."""

    def __init__(self, path=None):
        with open(path or os.path.join(REPOSITORY, "vm", "event.h"), encoding="utf-8") as file:
            text = file.read().replace("\\\n", " ")
        self.version = int(re.search(r"#define EVENT_VERSION (\d+)", text).group(1))
        string = r'"([^"]*)"'
        rows = re.findall(rf"\bE\((\w+),\s*{string},\s*{string},\s*{string}\)", text)
        self.kinds = [Kind(0, "NONE", "", "", "")] + [Kind(i + 1, *row) for i, row in enumerate(rows)]
        self.number = {kind.name: kind.number for kind in self.kinds}
        words = dict(re.findall(rf"\bL\((\w+),\s*{string}\)", text))
        self.words = {name: words.partition("|")[0].split() for name, words in words.items()}


class Trace:
    """The events of a trace, in their order, and what is known of them."""

    def __init__(self, name, head, data, table):
        (_, self.version, self.record_size, self.capacity, self.flags, self.written, self.crc, _,
         self.first_time, self.last_time, self.first_ms, self.last_ms, self.frames, self.slots, policy, what) = head
        self.name, self.data, self.table = name, data, table
        self.policy, self.what = text_of(policy), text_of(what)
        self.count = len(data) // RECORD.size
        self.lost = max(0, self.written - self.count)  # Before the first if it wraps, else after the last.
        self.is_flight = not self.flags & ALL

    @property
    def wraps(self):
        """Whether what is missing was before the first record."""
        return not self.flags & STOPS

    @property
    def starts_in_the_middle(self):
        """Whether the beginning is missing."""
        return self.is_flight or (self.lost > 0 and self.wraps)

    def records(self):
        """All records as tuples (time, kind, detail, who, five arguments)."""
        return RECORD.iter_unpack(self.data)

    @property
    def ticks_of_ms(self):
        """Ticks of the clock in a millisecond; 0 if that is not known."""
        ms = self.last_ms - self.first_ms
        return (self.last_time - self.first_time) / ms if ms > 0 and self.last_time > self.first_time else 0


def text_of(data):
    """The text in DATA, up to the first zero."""
    return data.partition(b"\0")[0].decode("utf-8", "replace")


def text_of_record(record):
    """The text that stands in the place of the arguments of RECORD."""
    return text_of(struct.pack("<5I", *record[4:9]))


def elf_symbols(data, names):
    """The addresses of those of NAMES that the 32-bit ELF file DATA has."""
    sections, = struct.unpack_from("<I", data, 32)
    size, count = struct.unpack_from("<HH", data, 46)
    headers = [struct.unpack_from("<10I", data, sections + i * size) for i in range(count)]
    found = {}
    for header in headers:
        if header[1] != 2:  # SHT_SYMTAB
            continue
        strings = headers[header[6]][4]
        for at in range(header[4], header[4] + header[5], 16):
            name, value = struct.unpack_from("<II", data, at)
            end = data.index(b"\0", strings + name)
            word = data[strings + name:end].decode("ascii", "replace")
            if word in names:
                found[word] = value
    return found


def elf_text(data):
    """Where the first program segment of ELF file DATA lies in memory, and its first bytes."""
    table, = struct.unpack_from("<I", data, 28)
    size, count = struct.unpack_from("<HH", data, 42)
    for i in range(count):
        kind, offset, _, physical, in_file, _, flags, _ = struct.unpack_from("<8I", data, table + i * size)
        if kind == 1 and flags & 1 and in_file > 0:
            return physical, data[offset:offset + in_file]
    return 0, b""


def load(name, kernel=None, progress=None):
    """The Trace in file NAME, a trace or the memory of a machine that ran KERNEL.  Every trouble is a Failure."""
    try:
        with open(name, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                raise Failure(f"{name}: empty: no trace")
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise Failure(f"{name}: {getattr(error, 'strerror', None) or error}") from error
    if progress:
        progress(name)
    if data[:len(MAGIC)] == MAGIC:
        return load_file(name, data)
    if size % (64 * 1024) == 0 and size >= 1 << 20:
        return load_memory(name, data, kernel)
    raise Failure(f"{name}: no trace of events, and no memory of a machine: make one by tools/pintos --trace=FILE")


def check_head(name, head, table):
    """Refuses HEAD if its records are not for us."""
    version, record_size = head[1], head[2]
    if version != table.version:
        age = NEWER if version > table.version else "older than this tool"
        raise Failure(f"{name}: format {version}, {age}, which reads {table.version}: record it again")
    if record_size != RECORD.size or head[3] == 0:
        raise Failure(f"{name}: damaged: its head says records of {record_size} bytes, {head[3]} of them")


def load_file(name, data):
    """The Trace in file NAME with content DATA."""
    if len(data) < HEAD.size:
        raise Failure(f"{name}: cut off: {len(data)} bytes, of which the head alone has {HEAD.size}")
    head, table = HEAD.unpack_from(data), Table()
    check_head(name, head, table)
    there, wanted = (len(data) - HEAD.size) // RECORD.size, min(head[5], head[3])
    if there < wanted or (len(data) - HEAD.size) % RECORD.size != 0:
        raise Failure(f"{name}: cut off: {there:,} records of {wanted:,} are there")
    records = memoryview(data)[HEAD.size:HEAD.size + wanted * RECORD.size]
    if head[6] != 0 and zlib.crc32(records) != head[6]:
        raise Failure(f"{name}: damaged: its sum does not fit its records")
    trace = Trace(name, head, records, table)
    check_records(trace)
    return trace


def check_records(trace):
    """Refuses records of no known kind, and time that goes back by more than an interrupt takes."""
    known, before = len(trace.table.kinds), 0
    slack = 1 << 32
    for number, record in enumerate(trace.records()):
        if not 0 < record[1] < known or record[0] + slack < before:
            raise Failure(f"{trace.name}: damaged: record {number:,} is none")
        before = record[0]


def load_memory(name, data, kernel):
    """The Trace in memory DATA of a machine that ran KERNEL."""
    from quire.launcher import find_kernel

    kernel = find_kernel(kernel)
    with open(kernel, "rb") as file:
        elf = file.read()
    if elf[:5] != b"\x7fELF\x01":
        raise Failure(f"{kernel}: no kernel")
    where, text = elf_text(elf)
    if data[where:where + len(text)] != text:
        raise Failure(f"{name}: the memory of another kernel than {kernel}, or of none: give that by --kernel=FILE")
    symbols = elf_symbols(elf, (SYMBOL,))
    if SYMBOL not in symbols:
        raise Failure(f"{kernel}: has no symbol {SYMBOL}: stripped, or of a version without events")
    return ring_of(name, data, symbols[SYMBOL] - KERNEL_BASE)


def ring_of(name, data, at):
    """The Trace whose head stands in memory DATA at AT."""
    head, table = HEAD.unpack_from(data, at), Table()
    if head[0] != MAGIC:
        raise Failure(f"{name}: the kernel had not started yet")
    check_head(name, head, table)
    capacity, flags, written = head[3], head[4], head[5]
    start = head[7] - KERNEL_BASE if head[7] != 0 else 0
    if start < 0 or start + capacity * RECORD.size > len(data):
        raise Failure(f"{name}: damaged: its records lie outside of memory")
    if head[7] == 0:
        raise Failure(f"{name}: nothing was recorded")
    view = memoryview(data)
    if written <= capacity or flags & STOPS:
        records = view[start:start + min(written, capacity) * RECORD.size]
    else:
        turn = start + written % capacity * RECORD.size
        records = bytes(view[turn:start + capacity * RECORD.size]) + bytes(view[start:turn])
    return Trace(name, head, records, table)


def packed(trace, what=None):
    """The bytes of a file for TRACE, which is called WHAT."""
    written = trace.count + trace.lost
    data = bytes(trace.data)
    head = HEAD.pack(MAGIC, trace.version, RECORD.size, max(1, trace.count), trace.flags, written, zlib.crc32(data), 0,
                     trace.first_time, trace.last_time, trace.first_ms, trace.last_ms, trace.frames, trace.slots,
                     trace.policy.encode()[:16], (what or trace.what).encode()[:40])
    return head + data


def save(trace, name, what=None):
    """Writes TRACE to file NAME, in one piece or not at all."""
    temporary = f"{name}.new"
    with open(temporary, "wb") as file:
        file.write(packed(trace, what))
    os.replace(temporary, name)
