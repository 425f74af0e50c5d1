"""`make run` and `make shell`: programs in little memory, on a disk with all user programs.

The variables are PROG, FRAMES, SWAP, MEM, DISK, POLICY, CORE, TRACE and VIEW, as `make help` tells; they come in the environment.
"""

import os
import sys
import time

from quire import keptdisk, launcher
from quire.host import REPOSITORY, Failure, say, write_all
from quire.options import BEYOND, MEMORY_LIMITS_MB, parse_command_line, parse_count, parse_decimal, parse_size

PAGE_KB = 4
FRAMES_LIMITS = (4, MEMORY_LIMITS_MB[1] * 1024 // PAGE_KB)  # The kernel runs in no fewer.
SPARE_BYTES = 2 << 20  # Room on the disk for what programs write.
KEPT_TIMES = 4  # A disk that is kept is so many times as large.
ELF_MAGIC = b"\x7fELF"


def setting(name, default):
    """The variable NAME; DEFAULT if it is not set or empty."""
    return os.environ.get(name, "").strip() or default


def swap_setting():
    """The variable SWAP, in MB as text, or where swap lies beyond the machine; None for no swap."""
    text = setting("SWAP", "8")
    if BEYOND.match(text):
        from quire.swapdisk import make_node

        make_node("SWAP", text)  # Refuses what is none before anything is said.
        return text
    megabytes = parse_decimal(text)
    if megabytes == 0:
        return None
    try:
        parse_size(text)
    except Failure as error:
        raise Failure(f"SWAP={error}") from error
    return text


def frames_setting(default):
    """The variable FRAMES; None for all there are."""
    text = setting("FRAMES", default)
    if text == "all":
        return None
    return parse_count("FRAMES=", text, FRAMES_LIMITS, "of page frames ")


def build_folder():
    """Where make put the programs."""
    return os.path.dirname(launcher.find_kernel())


def user_programs(build):
    """The built user programs: name -> path."""
    programs = {}
    folder = os.path.join(build, "user")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name)
        if "." not in name and os.path.isfile(path):
            with open(path, "rb") as file:
                if file.read(4) == ELF_MAGIC:
                    programs[name] = path
    return programs


def find_program(name, programs, build):
    """The file of program NAME, which may also be a guest test."""
    path = programs.get(name) or os.path.join(build, "tests", "guest", name)
    if "/" in name or not os.path.isfile(path):
        raise Failure(f"PROG: no program {name}; there are {' '.join(programs)}")
    return path


def disk_megabytes(programs):
    """A size for a file system that holds PROGRAMS and leaves room."""
    total = sum(os.path.getsize(path) for path in programs.values())
    return max(4, -(-(total + total // 8 + SPARE_BYTES) >> 20))


def disk_arguments(disk, programs):
    """The launcher's arguments for the disk that is kept, or else for a fresh one with PROGRAMS on it."""
    if disk:
        return [f"--disk={disk}"]
    words = [f"--filesys-size={disk_megabytes(programs)}"]
    for name, path in programs.items():
        words += ["-p", path, "-a", name]
    return words


def announce(command, frames, swap, memory):
    """Says what is about to run."""
    room = "all free memory" if frames is None else f"{frames} page frames ({frames * PAGE_KB} KiB)"
    swap_text = "no swap" if swap is None else f"swap on {swap}" if BEYOND.match(swap) else f"{swap} MB of swap"
    write_all(1, f"{command}: in {room} of a {memory} MB machine, {swap_text}\n".encode())


def run_guest(command, more, frames, programs):
    """Runs COMMAND in a guest with the launcher's arguments MORE; returns the exit status."""
    disk, policy = setting("DISK", None), setting("POLICY", None)
    if disk:
        write_all(1, (keptdisk.prepare(disk, programs, disk_megabytes(programs) * KEPT_TIMES) + "\n").encode())
    write_all(1, b"\n")
    kernel = ["-q", *([] if disk else ["-f"]), *([f"-ul={frames}"] if frames is not None else []),
              *([f"-policy={policy}"] if policy else [])]
    core = ["--core"] if setting("CORE", "0") != "0" else []
    options = parse_command_line(["--explain", *core, *more, *disk_arguments(disk, programs), "--", *kernel, "run", command])
    options.swap_word, options.memory_word = "SWAP=", "MEM="
    return launcher.boot(options)


def show(trace, out):
    """Makes page OUT of file TRACE."""
    from quire import events, page

    page.write(out, [(os.path.basename(trace), events.packed(events.load(trace)))], say)
    say(f"the run in pictures: {out}, for any browser")


def view(build):
    """`make view`: the run as a child of ours, with the page beside it; its exit status."""
    from quire import live

    command = [sys.executable, os.path.join(REPOSITORY, "tools", "run-demo"), "view"]
    trace = setting("TRACE", None)
    return live.run(lambda name: live.start(command, {launcher.VIEWED: "keep" if trace else "away", "TRACE": name}), 0,
                    trace, os.path.join(build, "kernel.elf"))


def demonstrate(mode):
    """Runs what MODE ("run", "shell", "gdb" or "view") asks for; returns the exit status."""
    build = build_folder()
    wants_page = mode == "run" and setting("VIEW", None) is not None
    if wants_page:
        from quire import page

        page.built(say=say)  # Refuses at once if it cannot be.
    if mode == "view" and not os.environ.get(launcher.VIEWED):
        return view(build)
    programs = user_programs(build)
    command = "shell" if mode == "shell" else setting("PROG", "sort 4M")
    frames = frames_setting("all" if mode == "shell" else "64")
    swap = swap_setting()
    memory = parse_count("MEM=", setting("MEM", "4"), MEMORY_LIMITS_MB, "of MB ")
    name = command.split()[0]
    programs[name] = find_program(name, programs, build)
    announce(command, frames, swap, memory)
    words = [f"--mem={memory}"]
    trace = setting("TRACE", os.path.join(build, "run.trace") if mode == "run" and setting("VIEW", None) else None)
    if trace:
        words.append(f"--trace={trace}")
    if swap is not None:
        words.append(f"--swap={swap}" if BEYOND.match(swap) else f"--swap-size={swap}")
    started = time.monotonic()
    status = run_guest(command, words + (["--gdb"] if mode == "gdb" else []), frames, programs)
    if status == 0 and mode == "run":
        write_all(1, f"\n{time.monotonic() - started:.2f} s from power-on to power-off\n".encode())
    if wants_page and os.path.exists(trace):
        show(trace, os.path.join(build, "run.html"))
    if status != 0:
        say(f"the run ended with status {status} (tools/pintos --help explains it)")
    return status


def main(words):
    """The tool's entry."""
    if words not in (["run"], ["shell"], ["gdb"], ["view"]):
        write_all(2, b"usage: run-demo run|shell|gdb|view\n")
        return 1
    sys.argv[0] = "make " + words[0]
    return launcher.guarded(lambda: demonstrate(words[0]), "pintos")
