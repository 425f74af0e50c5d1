#!/usr/bin/env python3
"""ELF files for the loader: good ones of every layout, and hostile ones.

Run by itself it writes them all into a folder: elf_corpus.py FOLDER.
"""

import os
import random
import struct
import sys

PAGE = 4096
BASE = 0x08048000
KERNEL = 0xC0000000
R, W, X = 4, 2, 1
PT_NULL, PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE, PT_PHDR, PT_TLS = 0, 1, 2, 3, 4, 6, 7
GNU_STACK, GNU_RELRO = 0x6474E551, 0x6474E552


def exit_code(status):
    """Machine code that ends with STATUS: push STATUS; push 1; int 0x30; jmp ."""
    return b"\x6a" + bytes([status]) + b"\x6a\x01\xcd\x30\xeb\xfe"


def check_code(checks):
    """Code that ends with 7 if each (address, byte) of CHECKS holds, else with 1 to n."""
    code = b""
    for number, (address, byte) in enumerate(checks, 1):
        code += b"\x80\x3d" + struct.pack("<IB", address, byte)  # cmpb $byte, address
        code += b"\x74\x08" + exit_code(number)                 # je +8; exit(number)
    return code + exit_code(7)


def segment(kind=PT_LOAD, offset=0, address=BASE, sizes=(0, 0), flags=R | X, align=PAGE):
    """A program header; SIZES are those in the file and in memory."""
    return struct.pack("<IIIIIIII", kind, offset, address, address, sizes[0], sizes[1], flags, align)


def image(headers, content, **fields):
    """A file with the program HEADERS, CONTENT (offset -> bytes), and header FIELDS changed."""
    header = {"magic": b"\x7fELF", "class_": 1, "data": 1, "version": 1, "type": 2, "machine": 3, "eversion": 1,
              "entry": BASE + 0x200, "phoff": 52, "shoff": 0, "flags": 0, "ehsize": 52, "phentsize": 32,
              "phnum": len(headers), "shentsize": 40, "shnum": 0, "shstrndx": 0}
    truncate = fields.pop("truncate", None)
    header.update(fields)
    values = list(header.values())
    data = bytearray(struct.pack("<4sBBB9xHHIIIIIHHHHHH", *values))
    data += b"".join(headers)
    for offset, piece in content.items():
        if len(data) < offset + len(piece):
            data += bytes(offset + len(piece) - len(data))
        data[offset:offset + len(piece)] = piece
    return bytes(data if truncate is None else data[:truncate])


CODE = {0x200: exit_code(7)}
TEXT = segment(sizes=(0x300, 0x300))
BODY = {0x200: exit_code(7), 0x2FF: b"\0"}


def good():
    """Name -> file; each must run and end with 7."""
    files = {"plain": image([TEXT], BODY)}
    data = BASE + 0x1000
    files["two-pages-apart"] = image(
        [segment(sizes=(0x300, 0x300)), segment(offset=0x1000, address=data, sizes=(0x10, 0x10), flags=R | W)],
        {0x200: check_code([(data, 5), (data + 15, 6)]), 0x1000: b"\5" + bytes(14) + b"\6"})
    # Text and data in one page of the file, mapped twice, as GNU ld lays it out.
    files["shared-file-page"] = image(
        [segment(sizes=(0x300, 0x300)), segment(offset=0x300, address=data + 0x300, sizes=(0x10, 0x20), flags=R | W)],
        {0x200: check_code([(data + 0x300, 5), (data + 0x310, 0), (data + 0x31F, 0)]), 0x300: b"\5" + bytes(15)})
    # Header segment read-only, text right behind it in the same page.
    files["shared-memory-page"] = image(
        [segment(sizes=(0x100, 0x100), flags=R), segment(offset=0x200, address=BASE + 0x200, sizes=(0x100, 0x100))],
        {0x200: check_code([(BASE, 0x7F), (BASE + 1, ord("E"))]), 0x2FF: b"\0"})
    # The same, from different pages of the file.
    files["shared-page-two-sources"] = image(
        [segment(sizes=(0x300, 0x300), flags=R | X),
         segment(offset=0x1800, address=BASE + 0x800, sizes=(4, 0x10), flags=R | W)],
        {0x200: check_code([(BASE + 0x800, 9), (BASE + 0x803, 8), (BASE + 0x804, 0), (BASE, 0x7F)]),
         0x2FF: b"\0", 0x1800: b"\x09\0\0\x08"})
    files["one-segment-rwx"] = image([segment(sizes=(0x300, 0x5000), flags=R | W | X)], {
        0x200: check_code([(BASE + 0x4FFF, 0), (BASE + 0x300, 0)]), 0x2FF: b"\0", 0x300: b"\xEE" * 64})
    files["bss-in-file-page"] = image(
        [TEXT, segment(offset=0x1000, address=data, sizes=(0x10, 0x2010), flags=R | W)],
        {0x200: check_code([(data + 0xF, 3), (data + 0x10, 0), (data + 0xFFF, 0), (data + 0x1000, 0),
                            (data + 0x200F, 0)]),
         0x1000: b"\3" * 16 + b"\xEE" * 4000})
    files["bss-only-segment"] = image(
        [TEXT, segment(offset=0x300, address=data, sizes=(0, 0x3000), flags=R | W)],
        {0x200: check_code([(data, 0), (data + 0x2FFF, 0)]), 0x2FF: b"\0"})
    files["zero-size-segments"] = image(
        [segment(sizes=(0, 0), address=0), TEXT, segment(sizes=(0, 0), address=data, flags=R | W)], BODY)
    files["extra-headers"] = image(
        [segment(PT_PHDR, 52, BASE + 52, (160, 160), R), TEXT, segment(PT_NOTE, 0x280, BASE + 0x280, (16, 16), R, 4),
         segment(GNU_STACK, 0, 0, (0, 0), R | W, 16), segment(GNU_RELRO, 0x280, BASE + 0x280, (16, 16), R, 1)], BODY)
    files["headers-out-of-order"] = image(
        [segment(offset=0x1000, address=data, sizes=(1, 1), flags=R | W), TEXT],
        {0x200: check_code([(data, 5)]), 0x1000: b"\5"})
    files["unaligned-align"] = image([segment(sizes=(0x300, 0x300), align=1)], BODY)
    files["execute-only"] = image([segment(sizes=(0x300, 0x300), flags=X)], BODY)
    files["low-address"] = image([segment(address=PAGE, sizes=(0x300, 0x300))], BODY, entry=PAGE + 0x200)
    files["high-address"] = image([segment(address=0x80000000, sizes=(0x300, 0x300))], BODY, entry=0x80000200)
    files["huge-bss"] = image([TEXT, segment(offset=0, address=0x10000000, sizes=(0, 0x60000000), flags=R | W)],
                              {0x200: check_code([(0x10000000, 0), (0x6FFFFFFF, 0)]), 0x2FF: b"\0"})
    return files


def hostile():
    """Name -> file; the loader must refuse each (tests/bad/elf.py has its words)."""
    files = {
        "empty": b"",
        "one-byte": b"\x7f",
        "magic-only": b"\x7fELF",
        "half-header": image([TEXT], BODY, truncate=40),
        "script": b"#!/bin/sh\necho no\n" * 10,
        "zeroes": bytes(8192),
        "random": random.Random(1).randbytes(8192),
        "no-program-headers-in-file": image([TEXT], BODY, truncate=52),
        "half-program-header": image([TEXT], BODY, truncate=60),
        "text-cut-off": image([TEXT], BODY, truncate=0x180),
        "class-64": image([TEXT], BODY, class_=2),
        "class-0": image([TEXT], BODY, class_=0),
        "big-endian": image([TEXT], BODY, data=2),
        "machine-arm": image([TEXT], BODY, machine=40),
        "machine-x86-64": image([TEXT], BODY, machine=62),
        "type-relocatable": image([TEXT], BODY, type=1),
        "type-shared": image([TEXT], BODY, type=3),
        "type-core": image([TEXT], BODY, type=4),
        "phentsize-0": image([TEXT], BODY, phentsize=0),
        "phentsize-31": image([TEXT], BODY, phentsize=31),
        "phentsize-56": image([TEXT], BODY, phentsize=56),
        "phnum-0": image([], BODY),
        "phnum-65535": image([TEXT], BODY, phnum=65535),
        "phoff-far": image([TEXT], BODY, phoff=0x7FFFFFF0),
        "phoff-wraps": image([TEXT], BODY, phoff=0xFFFFFFF0),
        "no-load-segment": image([segment(PT_NOTE, 0, BASE, (16, 16), R)], BODY),
        "interpreter": image([TEXT, segment(PT_INTERP, 0x280, BASE + 0x280, (16, 16), R)], BODY),
        "page-zero": image([segment(address=0, sizes=(0x300, 0x300))], BODY, entry=0x200),
        "in-kernel": image([segment(address=KERNEL, sizes=(0x300, 0x300))], BODY, entry=KERNEL + 0x200),
        "top-of-memory": image([segment(address=0xFFFFF000, sizes=(0x300, 0x300))], BODY, entry=0xFFFFF200),
        "into-kernel": image([TEXT, segment(address=KERNEL - PAGE, sizes=(0, 2 * PAGE), flags=R | W)], BODY),
        "memory-wraps": image([TEXT, segment(address=0x10000000, sizes=(0, 0xF8000000), flags=R | W)], BODY),
        "memory-3-gib": image([segment(sizes=(0x300, 0xB7FB8000))], BODY),
        "memory-everything": image([TEXT, segment(address=0x10000000, sizes=(0, 0xFFFFFFFF), flags=R | W)], BODY),
        "over-stack": image([TEXT, segment(address=KERNEL - PAGE, sizes=(0, PAGE), flags=R | W)], BODY),
        "below-stack": image([TEXT, segment(address=KERNEL - 0x100000, sizes=(0, PAGE), flags=R | W)], BODY),
        "file-larger-than-memory": image([segment(sizes=(0x300, 0x100))], BODY),
        "offset-past-end": image([TEXT, segment(offset=0x100000, address=BASE + 0x100000, sizes=(16, 16), flags=R)],
                                 BODY),
        "file-size-huge": image([TEXT, segment(offset=0, address=0x20000000, sizes=(0x10000000, 0x10000000),
                                               flags=R)], BODY),
        "offset-wraps": image([TEXT, segment(offset=0xFFFFF000, address=0x20000000, sizes=(0x2000, 0x2000),
                                             flags=R)], BODY),
        "misaligned": image([TEXT, segment(offset=0x201, address=0x20000000, sizes=(16, 16), flags=R)], BODY),
        "overlap": image([TEXT, segment(offset=0x200, address=BASE + 0x200, sizes=(16, 16), flags=R | W)], BODY),
        "overlap-same": image([TEXT, TEXT], BODY),
        "overlap-inside": image([segment(sizes=(0x300, 0x10000)),
                                 segment(address=BASE + 0x4000, sizes=(0, 16), flags=R | W)], BODY),
        "entry-0": image([TEXT], BODY, entry=0),
        "entry-outside": image([TEXT], BODY, entry=BASE + 0x5000),
        "entry-kernel": image([TEXT], BODY, entry=KERNEL + 0x100000),
        "entry-in-data": image([TEXT, segment(offset=0, address=0x20000000, sizes=(16, 16), flags=R | W)], BODY,
                               entry=0x20000000),
    }
    return files


def fuzzed(count, seed):
    """COUNT copies of good files with a few header bytes changed; anything may happen to them but a
    panic."""
    source = random.Random(seed)
    bases = list(good().values())
    for _ in range(count):
        data = bytearray(source.choice(bases))
        for _ in range(source.randint(1, 4)):
            place = source.randrange(min(len(data), 52 + 32 * 3))
            data[place] = source.choice([0, 1, 0x7F, 0x80, 0xFF, data[place] ^ (1 << source.randrange(8))])
        yield bytes(data)


def main():
    """Writes the files."""
    if len(sys.argv) != 2:
        print("usage: elf_corpus.py FOLDER", file=sys.stderr)
        return 1
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, data in [*good().items(), *hostile().items()]:
        with open(os.path.join(sys.argv[1], name), "wb") as file:
            file.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
