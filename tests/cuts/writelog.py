"""The writes of a disk, as QEMU's blklogwrites logs them, and what a power cut makes of them.

A point names a cut: `123' is the disk after its first 123 writes and flushes; `123t5' has the first 5
sectors of the next one as well; `123r77' is a disk with a cache: of what was written after the last
flush, parts chosen at random by seed 77 are lost.
"""

import random
import re
import struct

SECTOR = 512
FLUSH = 1
MARK = re.compile(rb"QUIRE-MARK (\d+) (\d+) ([^\n\0]*)\n")


class Entry:
    """A write, or a flush if there is no data."""

    def __init__(self, offset, data):
        self.offset = offset
        self.data = data

    def sectors(self):
        """How many sectors it has."""
        return len(self.data) // SECTOR


def read_entries(data):
    """The entries of the log DATA.  The count in its head is only right after a flush: an empty head ends it."""
    magic, version, _, size = struct.unpack_from("<QQQI", data)
    if (magic, version, size) != (0x6A736677736872, 1, SECTOR):
        raise ValueError("not a log of blklogwrites")
    entries, place = [], SECTOR
    while place + SECTOR <= len(data):
        first, sectors, flags = struct.unpack_from("<QQQ", data, place)
        if sectors == 0 and flags == 0:
            break
        place += SECTOR
        if sectors > 0:
            entries.append(Entry(first * SECTOR, data[place:place + sectors * SECTOR]))
            place += sectors * SECTOR
        if flags & FLUSH:
            entries.append(Entry(0, b""))
    return entries


class Point:
    """One cut; see above."""

    def __init__(self, text):
        match = re.fullmatch(r"(\d+)(?:([tr])(\d+))?", text)
        if not match:
            raise ValueError(f"`{text}' is no point")
        self.text = text
        self.count = int(match.group(1))
        self.kind = match.group(2) or ""
        self.number = int(match.group(3) or 0)

    def in_order(self):
        """Whether all that was written before is there."""
        return self.kind != "r"


def includes(new, old):
    """Whether the promise NEW (offset, size, generation) says all that OLD does."""
    return new[0] <= old[0] and old[0] + old[1] <= new[0] + new[1] and old[2] <= new[2]


class Writes:
    """The log of one disk, of which partition [START, START + len(BASE)) was BASE at first."""

    def __init__(self, base, entries, start=0):
        self.base = base
        self.start = start
        self.entries = entries
        self.flushes = [n for n, entry in enumerate(entries) if not entry.data]
        self.marks = self._find_marks()

    def _find_marks(self):
        """(count, words): marks that have been written when COUNT entries have; each once."""
        marks, seen = [], set()
        for count, entry in enumerate(self.entries, 1):
            for place in range(0, len(entry.data), SECTOR):
                match = MARK.match(entry.data, place)
                if match and match.group(1, 2) not in seen:
                    seen.add(match.group(1, 2))
                    marks.append((count, match.group(3).decode().split()))
        return marks

    def promised(self, count):
        """What the marks among the first COUNT entries promise: name -> [(offset, size, generation)]."""
        promised = {}
        for place, words in self.marks:
            if place > count:
                break
            if words[0] == "synced":
                new = tuple(map(int, words[2:]))
                others = [old for old in promised.get(words[1], []) if not includes(new, old)]
                promised[words[1]] = [*others, new]
            elif words[0] == "removing":
                promised.pop(words[1], None)
        return promised

    def choose(self, number, seed):
        """NUMBER points: one half of whole writes, one sixth of cut ones, one third with a cache."""
        source = random.Random(seed)
        counts = source.sample(range(len(self.entries) + 1), min(number // 2, len(self.entries) + 1))
        points = [str(count) for count in counts]
        while len(points) < number:
            count = source.randrange(len(self.entries))
            sectors = self.entries[count].sectors()
            if len(points) % 3 > 0 or sectors < 2:
                points.append(f"{count}r{source.randrange(1000000)}")
            else:
                points.append(f"{count}t{source.randrange(1, sectors)}")
        return sorted((Point(text) for text in points), key=lambda point: point.count)


class Disk:
    """Makes the images of WRITES at points that come in order of their counts."""

    def __init__(self, writes):
        self.writes = writes
        self.image = bytearray(writes.base)
        self.count = 0  # Entries that are in the image.

    def _put(self, image, entry, sectors=None):
        """Applies ENTRY, or those of its SECTORS, to IMAGE."""
        place = entry.offset - self.writes.start
        if sectors is None:
            image[place:place + len(entry.data)] = entry.data
            return
        for sector in sectors:
            at = sector * SECTOR
            image[place + at:place + at + SECTOR] = entry.data[at:at + SECTOR]

    def _lose(self, image, point):
        """Applies parts of the entries up to POINT to IMAGE, which has those before."""
        source = random.Random(point.number)
        kept = source.choice((0.1, 0.5, 0.9))
        for entry in self.writes.entries[self.count:point.count]:
            if source.random() < 0.2:
                sectors = range(entry.sectors())
                self._put(image, entry, [sector for sector in sectors if source.random() < kept])
            elif source.random() < kept:
                self._put(image, entry)

    def at(self, point):
        """The image at POINT, whose count is not below the last one's."""
        entries = self.writes.entries
        flushed = max((n for n in self.writes.flushes if n < point.count), default=0)
        while self.count < flushed:
            self._put(self.image, entries[self.count])
            self.count += 1
        image = bytearray(self.image)
        if not point.in_order():
            self._lose(image, point)
            return image
        for entry in entries[self.count:point.count]:
            self._put(image, entry)
        if point.kind == "t":
            self._put(image, entries[point.count], range(point.number))
        return image
