"""Bad inputs 22 to 30: ELF files of elf_corpus.py, and what the loader says of each."""

NO_ELF = "not an ELF file"
HEADERS_CUT = "program headers past the end of the file"
OUTSIDE = "outside user space"
WRAPS = "wraps around the end of memory"
STACK = "overlaps the stack"
CUT = "past the end of the file"
ENTRY = "entry point 0x{} is not in an executable segment"

# Number -> hostile file -> the reason in its line `load: FILE: reason'.
REASONS = {
    22: {"empty": NO_ELF, "one-byte": NO_ELF, "magic-only": "truncated ELF header",
         "half-header": "truncated ELF header",
         "no-program-headers-in-file": HEADERS_CUT, "half-program-header": HEADERS_CUT, "phoff-far": HEADERS_CUT,
         "phoff-wraps": HEADERS_CUT, "text-cut-off": f"segment 0: {CUT}"},
    23: {"script": NO_ELF, "zeroes": NO_ELF, "random": NO_ELF, "class-64": "not a 32-bit program",
         "class-0": "not a 32-bit program", "big-endian": "not little-endian",
         "machine-arm": "not for the i386 (machine 40)", "machine-x86-64": "not for the i386 (machine 62)",
         "type-relocatable": "not an executable (type 1)", "type-shared": "a position-independent program (type 3); link it with -no-pie",
         "type-core": "not an executable (type 4)"},
    24: {"phentsize-0": "bad program header size (0)", "phentsize-31": "bad program header size (31)",
         "phentsize-56": "bad program header size (56)", "phnum-0": "no loadable segment",
         "no-load-segment": "no loadable segment", "phnum-65535": "too many program headers (65535)"},
    25: {"page-zero": f"segment 0: {OUTSIDE}", "in-kernel": f"segment 0: {OUTSIDE}",
         "top-of-memory": f"segment 0: {OUTSIDE}", "into-kernel": f"segment 1: {OUTSIDE}",
         "memory-wraps": f"segment 1: {WRAPS}", "memory-everything": f"segment 1: {WRAPS}"},
    26: {"file-larger-than-memory": "segment 0: file size exceeds memory size", "offset-past-end": f"segment 1: {CUT}",
         "file-size-huge": f"segment 1: {CUT}", "offset-wraps": f"segment 1: {CUT}"},
    27: {"over-stack": f"segment 1: {STACK}", "below-stack": f"segment 1: {STACK}",
         "overlap": "segments 0 and 1 overlap", "overlap-same": "segments 0 and 1 overlap",
         "overlap-inside": "segments 0 and 1 overlap",
         "misaligned": "segment 1: misaligned: address and offset differ within the page"},
    28: {"memory-3-gib": f"segment 0: {STACK}"},
    29: {"entry-0": ENTRY.format("0"), "entry-outside": ENTRY.format("804d000"),
         "entry-kernel": ENTRY.format("c0100000"), "entry-in-data": ENTRY.format("20000000"),
         "interpreter": "a dynamically linked program (PT_INTERP) is not supported"},
}

# Number -> strange files that do no harm and run, with status 7.  An executable cannot shrink: while it runs, nobody
# may write to it, and no call makes a file shorter.
HARMLESS = {
    27: ["unaligned-align"],
    28: ["huge-bss"],
    30: ["one-segment-rwx"],
}

ROWS = {number: {**{name: f"load: {name}: {reason}" for name, reason in REASONS.get(number, {}).items()},
                 **{name: f"{name}: exit(7)" for name in HARMLESS.get(number, [])}}
        for number in {**REASONS, **HARMLESS}}
