"""Bad inputs 1 to 21: what programs do that makes no sense, and what must come of it.

The guest runs with -explain, so that whoever is killed gets one line that says why.
"""

import os
import re

import support


def read_errors():
    """Name -> number of enum vm_error."""
    with open(os.path.join(support.ROOT, "vm", "error.h"), encoding="utf-8") as file:
        return {name: int(number) for name, number in re.findall(r"(VM_\w+) = (-?\d+)", file.read())}


def read_last_call():
    """The highest number of a system call."""
    with open(os.path.join(support.ROOT, "proc", "syscall_numbers.h"), encoding="utf-8") as file:
        return max(map(int, re.findall(r"SYSCALL_\w+ = +(\d+)", file.read())))


LAST_CALL = read_last_call()
# Number -> deed of call-bad -> its result, a number or an enum vm_error.
RESULTS = {
    3: {"open-empty": -1, "open-missing": -1, "open-below-file": -1, "open-long-name": -1, "open-long-path": -1,
        "create-empty": 0, "create-twice": 0, "create-long-name": 0, "create-long-path": 0, "create-huge": 0,
        "mkdir-empty": 0, "mkdir-twice": 0, "remove-empty": 0, "remove-missing": 0, "remove-root": 0, "remove-dot": 0,
        "chdir-empty": 0, "chdir-file": 0},
    4: {"read-minus-1": -1, "read-far": -1, "read-closed": -1, "read-stdout": -1, "read-directory": -1,
        "write-minus-1": -1, "write-far": -1, "write-closed": -1, "write-stdin": -1, "write-directory": -1,
        "write-running": 0, "filesize-minus-1": -1, "tell-closed": -1, "readdir-file": 0, "readdir-minus-1": 0,
        "isdir-far": 0, "inumber-closed": -1,
        "fsync-minus-1": "VM_EBADF", "fsync-stdout": "VM_EBADF", "fsync-directory": "VM_EBADF"},
    7: {"mmap-address-0": -1, "mmap-unaligned": -1, "map-length-0": "VM_ERANGE", "map-offset-1": "VM_ERANGE",
        "map-unaligned": "VM_ERANGE", "map-neither": "VM_EINVAL", "map-both": "VM_EINVAL",
        "map-unknown-flag": "VM_EINVAL", "map-unknown-right": "VM_EINVAL"},
    8: {"mmap-kernel": -1, "map-into-kernel": "VM_ERANGE", "map-kernel": "VM_ERANGE", "map-3-gib": "VM_ELIMIT",
        "map-all": "VM_ERANGE", "map-over-stack": "VM_EOVERLAP"},
    9: {"mmap-stdin": -1, "mmap-closed": -1, "mmap-directory": -1, "map-minus-1": "VM_EBADF", "map-closed": "VM_EBADF",
        "map-stdout": "VM_EBADF", "map-directory": "VM_EBADF", "map-running": "VM_EACCESS", "map-past-end": "VM_EEOF"},
    11: {"munmap-unknown": 0, "munmap-minus-1": 0, "unmap-unaligned": "VM_ERANGE", "unmap-nothing": "VM_ERANGE",
         "unmap-hole": 0, "unmap-kernel": "VM_ERANGE", "unmap-into-kernel": "VM_ERANGE"},
    12: {"protect-hole": "VM_ENOMAP", "protect-kernel": "VM_ERANGE", "protect-unknown-right": "VM_EINVAL",
         "protect-running": "VM_EACCESS", "advise-unknown": "VM_EINVAL", "advise-hole": "VM_ENOMAP",
         "sync-hole": "VM_ENOMAP", "lock-hole": "VM_ENOMAP", "lock-too-much": "VM_ELIMIT", "resident-hole": "VM_ENOMAP",
         "limit-unknown": "VM_EINVAL", "limit-stack-0": "VM_EINVAL"},
    13: {"sbrk-below-start": 0, "sbrk-too-much": 0, "sbrk-over-mapping": 0},
    14: {"exec-empty": -1, "exec-spaces": -1},
    16: {"wait-unknown": -1, "wait-minus-1": -1, "wait-self": -1},
    17: {"seek-minus-1-write": 0, "seek-minus-1-read": 0, "seek-2-gib-write": 0},
    21: {"alignment": 1},
}

REGISTERS = [pattern.pattern for pattern in support.KILL_LINES[2:]]


def killed(program, *lines):
    """The lines of a PROGRAM that is killed after LINES."""
    return [*lines, rf"{program}: exit\(-1\)"]


def page_fault(program, address, how, why):
    """The lines of a PROGRAM whose own access to ADDRESS (HOW: words of the Pintos line) fails, for WHY."""
    return killed(program, f"Page fault at {address}: {how} page in user context\\.",
                  rf"{program}: dying due to interrupt 0x0e \(#PF Page-Fault Exception\)\.", *REGISTERS,
                  f"{program}: {why}")


def exception(vector, name):
    """The lines of child-instruction when it raises exception VECTOR, called NAME."""
    return killed("child-instruction", rf"child-instruction: dying due to interrupt 0x{vector:02x} \({name}\)\.",
                  *REGISTERS)


def gave(deed, result, *before):
    """The lines of call-bad, whose DEED gives RESULT, after the lines BEFORE."""
    return [*before, rf"\(call-bad\) {deed}: {result}", r"call-bad: exit\(0\)"]


ABSENT = "not present error reading"
NULL = "no memory at 0x00000000: a null pointer, or an offset from one"
KERNEL = "touched 0xc0000000, which is the kernel's"
HOLE = r"no memory at 0x20000000: \d+ KiB below the stack, \d+ KiB below esp"
END = r"no memory at 0x080[0-9a-f]{2}000: just behind the (data|heap)"
CODE = r"wrote to the read-only page 0x080[0-9a-f]{5} of `call-bad' \(code\)"

# Number -> command line -> the lines it leaves, each whole, and no other.
LINES = {
    1: {f"child-stack number={number}": killed("child-stack", f"child-stack: there is no system call {number}")
        for number in (9999, -1, 20, 63, LAST_CALL + 1, 2147483647)},
    2: {f"child-pointer {call} {kind}": killed("child-pointer", f"child-pointer: {why}")
        for call in ("open", "create", "remove", "chdir", "mkdir")
        for kind, why in (("null", NULL), ("kernel", KERNEL), ("hole", HOLE), ("into-hole", END))},
    5: {f"child-pointer {call} huge": killed("child-pointer", r"child-pointer: wanted memory from 0x080[0-9a-f]{5} on "
                                             "that ends beyond user space") for call in ("write-console", "write")},
    6: {f"call-bad {deed}": gave(deed, 0, f"call-bad: {CODE}", r"call-bad: exit\(-1\)")
        for deed in ("read-into-code", "read-into-constant")},
    10: {"call-bad touch-past-end": page_fault("call-bad", "0x[0-9a-f]+", ABSENT,
                                               "page 0x[0-9a-f]{8}: beyond the end of the file")},
    14: {f"call-bad {deed}": gave(deed, -1, f"load: {line}") for deed, line in (
        ("exec-missing", "nothing: open failed"), ("exec-text", "verse: not an ELF file"),
        ("exec-directory", "/: is a directory"), ("exec-empty-file", "empty: not an ELF file"),
        ("exec-long-name", "n{256}: open failed: name too long"))},
    15: {"call-bad exec-long-line": gave("exec-long-line", -1, "load: echo: argument list too long"),
         "child-pointer exec hole": killed("child-pointer", f"child-pointer: {HOLE}"),
         "child-pointer exec kernel": killed("child-pointer", f"child-pointer: {KERNEL}"),
         "child-pointer exec into-hole": killed("child-pointer", f"child-pointer: {END}")},
    16: {"call-bad wait-twice": gave("wait-twice", -1, "child", r"echo: exit\(0\)")},
    18: {"call-bad fork-until-full": [r"(call-bad: exit\(0\)\n){4,}\(call-bad\) fork-until-full: 0",
                                      r"call-bad: exit\(0\)"]},
    19: {"call-bad recurse": page_fault("call-bad", "0xbf[0-9a-f]{6}", "not present error writing", "no memory at "
                                        "0xbf[0-9a-f]{6}: the stack may not grow over its limit of 64 KiB"),
         "vm-bad stack-limit": page_fault("vm-bad", "0xbf7ffff0", "not present error writing", "no memory at "
                                          "0xbf7ffff0: the stack may not grow over its limit of 8192 KiB"),
         "vm-bad stack-very-far": page_fault("vm-bad", "0xbf[0-9a-f]{6}", "not present error writing", "no memory at "
                                             r"0xbf[0-9a-f]{6}: \d+ KiB below the stack, 1024 KiB below esp")},
    21: {f"child-instruction {kind}": exception(vector, name) for kind, vector, name in (
        ("divide", 0, "#DE Divide Error"), ("int3", 3, "#BP Breakpoint Exception"),
        ("into", 4, "#OF Overflow Exception"), ("ud2", 6, "#UD Invalid Opcode Exception"),
        ("fpu", 16, "#MF x87 FPU Floating-Point Error"), ("cli", 13, "#GP General Protection Exception"),
        ("trap-flag", 1, "#DB Debug Exception"))} |
        {"vm-bad null-read": page_fault("vm-bad", "0x0", ABSENT, NULL),
         "vm-bad null-jump": page_fault("vm-bad", "0x0", ABSENT, NULL),
         "vm-bad kernel-write": page_fault("vm-bad", "0xc0000000", "rights violation error writing", KERNEL)},
}


def rows():
    """Number -> command line -> lines: both tables as one."""
    errors = read_errors()
    table = {number: dict(commands) for number, commands in LINES.items()}
    for number, results in RESULTS.items():
        for deed, result in results.items():
            table.setdefault(number, {})[f"call-bad {deed}"] = gave(deed, errors.get(result, result))
    return table


ROWS = rows()
PROGRAMS = ("call-bad", "vm-bad", "child-pointer", "child-stack", "child-instruction", "echo", "verse")
