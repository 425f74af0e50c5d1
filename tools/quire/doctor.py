"""`pintos doctor`: what is installed here, what is missing, and the line that installs it."""

import os

from quire.host import REPOSITORY, lookup_program, run_program, write_all
from quire.machine import too_old

# Program, package, what for.
NEEDED = (
    ("gcc", "gcc", "compiles the kernel"),
    ("make", "make", "builds"),
    ("qemu-system-i386", "qemu-system-x86", "runs the kernel"),
    ("mke2fs", "e2fsprogs", "makes file systems"),
    ("debugfs", "e2fsprogs", "copies files in and out"),
    ("addr2line", "binutils", "names addresses in reports"),
)
OPTIONAL = (
    ("clang", "clang", "the second compiler"),
    ("clang-format", "clang-format", "make format, make check"),
    ("cppcheck", "cppcheck", "make check"),
    ("spin", "spin", "make check"),
    ("sfdisk", "fdisk", "make check"),
    ("pytest-3", "python3-pytest", "make check"),
    ("gdb", "gdb", "pintos --gdb"),
)


def version_line(path):
    """The first line PATH prints when asked for its version."""
    for option in ("--version", "-V"):
        status, output = run_program([path, option])
        if status == 0 and output.strip():
            return output.strip().splitlines()[0]
    return ""


def examine_programs(programs):
    """Reports on each of PROGRAMS; returns the packages of those that are missing."""
    missing = []
    for name, package, purpose in programs:
        asked = os.environ.get("QUIRE_QEMU") if package == "qemu-system-x86" else None
        path = lookup_program(asked or name)
        text = version_line(path) if path else f"MISSING ({purpose})"
        wrong = too_old(text) if path and package == "qemu-system-x86" else None
        text += f"\n  {'':<18} QEMU {wrong}" if wrong else ""
        write_all(1, f"  {name:<18} {text}\n".encode())
        if (path is None or wrong) and package not in missing:
            missing.append(package)
    return missing


def examine():
    """Prints the report; returns 0 if all that is needed is there."""
    write_all(1, b"Needed:\n")
    missing = examine_programs(NEEDED)
    status, compiler = run_program(["/bin/sh", os.path.join(REPOSITORY, "tools", "toolchain")])
    write_all(1, b"  32-bit compiler    " + (compiler.splitlines() or ["none"])[0].encode() + b"\n")
    if status != 0 and "gcc" not in missing:
        missing.append("gcc-multilib")
    write_all(1, b"For tests and debugging:\n")
    wanted = examine_programs(OPTIONAL)
    kernel = os.environ.get("QUIRE_KERNEL") or os.path.join(REPOSITORY, "build", "kernel.elf")
    built = "built" if os.path.exists(kernel) else "not built yet: run make"
    write_all(1, f"Kernel: {built}\n".encode())
    for packages, purpose in ((missing, "or too old, to run"), (wanted, "for the tests")):
        if packages:
            install = "sudo apt-get install --no-install-recommends " + " ".join(packages)
            write_all(1, f"Missing {purpose}: {install}\n".encode())
    if not missing:
        write_all(1, b"Ready: make run\n")
    return 1 if missing else 0
