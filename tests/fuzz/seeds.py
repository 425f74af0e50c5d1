#!/usr/bin/env python3
"""Inputs that the fuzz targets start from besides their corpora: seeds.py FOLDER.

They are made by rule, of what each target is known to understand, the same each time."""

import os
import random
import re
import struct
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)
import elf_corpus

COUNT = 60  # Of each kind that is made by chance.


def elf(chance):
    """All files of elf_corpus.py, and programs whose segments crowd a few pages of a file without zeroes."""
    yield from elf_corpus.good().values()
    yield from elf_corpus.hostile().values()
    for _ in range(COUNT):
        headers, place = [], elf_corpus.BASE + 52 + 32 * 6
        for _ in range(chance.randint(2, 6)):
            size = chance.choice([1, 16, 100, 800, 3000])
            extra = chance.choice([0, 0, 1, 50, 500, 5000])
            # From the page that its address suggests, or from the other.
            offset = place % 4096 + chance.choice([0, 0, 0, 4096]) * (place % 4096 + size < 2000)
            headers.append(elf_corpus.segment(offset=offset, address=place, sizes=(size, size + extra),
                                              flags=chance.choice([4, 5, 6, 7])))
            place += size + extra + chance.choice([0, 0, 8, 300])
            if place % 4096 > 3900:
                place += 4096 - place % 4096
        yield elf_corpus.image(headers, {52 + 32 * len(headers): chance.randbytes(6000 - 52 - 32 * len(headers))},
                               entry=elf_corpus.BASE + 52 + 32 * 6)


def ext2(chance):
    """Each image with steps of every kind (see ext2.c): none, calls alone, and damage before calls."""
    for number in range(4):
        yield bytes([number, 1])
    for index in range(2 * COUNT):
        data = bytearray([index % 4, chance.randrange(256)])
        for _ in range(chance.randint(0, 3)):
            which = chance.choice([1, 1, 10, 11, 12, 13, 14, 15, 16, 17, 18, chance.randrange(80)])
            place = chance.choice([0, 0, 0, 1, 2, 3, 13]) << 12 | chance.randrange(chance.choice([64, 1024]))
            value = chance.choice([0, 1, 2, 0xFF, 0xFFFF, 0xFFFFFFFF, chance.randrange(200), chance.getrandbits(32)])
            data += struct.pack("<BBHI", chance.randrange(8) | chance.choice([0x00, 0x10, 0x20]), which, place, value)
        for _ in range(chance.randint(2, 40)):
            data += struct.pack("<BBHI", 8 + chance.randrange(8) | chance.randrange(16) << 4, chance.randrange(256),
                                chance.randrange(256), chance.choice([0, 1, 5000, 70_000, 300_000, 0x7FFFFFFF]))
        yield bytes(data)


def call_numbers():
    """Name -> number of each system call, as syscalls.c counts them."""
    with open(os.path.join(os.path.dirname(TESTS), "proc", "syscall_numbers.h"), encoding="utf-8") as file:
        numbers = {name.lower(): int(number) for name, number in re.findall(r"SYSCALL_(\w+) =\s*(\d+)", file.read())}
    return {name: number if number < 64 else 20 + number - 64 for name, number in numbers.items()}


def syscalls(chance):
    """Programs that open files, use what they got, map and unmap, and have children."""
    numbers = call_numbers()
    files = ["open"] * 4 + ["read", "write"] * 4

    def descriptor():
        return 0x60 + chance.choice([0, 1, 2, 2, 2, 3, 4])

    def arguments(name):
        memory = chance.choice([24, 25, 26, 27, 28, 32])
        size = chance.choice([11, 12, 13, 15, 0x60 + chance.randrange(60)])
        if name in ("exec", "create", "remove", "open", "chdir", "mkdir"):
            return [0xA0 + chance.randrange(24), chance.choice([0x60, 13, 16]), 0x60]
        if name in ("read", "write", "readdir_name", "vm_resident"):
            return [descriptor() if name != "vm_resident" else memory, memory if name != "vm_resident" else size, size]
        if name == "vm_map":
            return [chance.choice([0, 32]), chance.choice([13, 15, 16]), 0x60 + chance.randrange(8),
                    chance.choice([40, 41, 42, 43, 44]), descriptor(), chance.choice([0, 13])]
        if name.startswith("vm_"):
            return [chance.choice([24, 27, 29, 32, 0x58, 0x40 + chance.randrange(8)]), chance.choice([13, 15, 16]),
                    0x60 + chance.randrange(8)]
        if name in ("wait", "munmap"):
            return [chance.choice([1, 2, 0x40 + chance.randrange(8)]), 0, 0]
        return [descriptor(), chance.choice([0x60, 24, 32, 13, 18]), 0x60]

    for _ in range(2 * COUNT):
        data = bytearray([chance.randrange(256), chance.randrange(256), chance.randrange(4)])
        while len(data) < chance.choice([100, 200, 400]):
            name = chance.choice(files + list(numbers))
            data += bytes([numbers[name], *arguments(name)])
            if chance.random() < .3:
                data += bytes([0xD0 + chance.randrange(24), chance.choice([24, 27, 32, 33, 36, 22, 0x58])])
            if chance.random() < .04:
                data += bytes([0xF0 + chance.randrange(4), chance.randrange(40)])
        yield bytes(data)


def cmdline(chance):
    """Lines that make sense, and some that are too much."""
    del chance
    lines = ["-q run 'prog x' cat hello", "-f -ul=64 -swap=hdb -filesys=hda2 -oom=kill ls", "-h", "-oom=panic",
             "-policy=clock -explain -vm-check=7 -vm-stress=9 check memory", "-r -rs=5 -stack=4096 -scratch=x rm hello ls",
             "run prog run \"prog a\" cat dir cat none rm none", "'ls' \"ls\" l's' ''ls\"\"", "ls " * 256, "ls " * 257,
             "x" * 2046, "x" * 2047, "x" * 2048, "cat '" + "y" * 1000 + "'", "'unfinished", "-ul=3", "-ul=4294967300"]
    yield b"\1ls"
    yield from (b"\0" + line.encode() for line in lines)


def path(chance):
    """Calls with paths of the names that path.c knows."""
    for _ in range(COUNT):
        data = bytearray()
        for _ in range(chance.randint(1, 12)):
            names = [0x80 + chance.randrange(48) for _ in range(chance.randint(1, 4))]
            data += bytes([chance.randrange(6), *b"/".join(bytes([name]) for name in names), 0])
        yield bytes(data)


def main():
    """Writes them all, each target's into its folder."""
    for make in (elf, ext2, syscalls, cmdline, path):
        folder = os.path.join(sys.argv[1], make.__name__)
        os.makedirs(folder, exist_ok=True)
        for number, data in enumerate(make(random.Random(make.__name__))):
            with open(os.path.join(folder, str(number)), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main()
