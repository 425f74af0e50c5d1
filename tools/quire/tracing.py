"""Runs whose events are recorded: the guest's memory is a file while it runs, and a trace is left in its place."""

import os

from quire.host import Failure, say

TRACE_MB = 16  # Half a million events.
MEGABYTE = 1 << 20


def prepare(options):
    """Makes room for the trace that OPTIONS ask for.  Nothing but an older trace is overwritten."""
    name = options.trace
    if name is None:
        return
    if options.record is not None:
        raise Failure(f"--trace={name}: not together with --record; record, then trace the --replay of an untraced run")
    folder = os.path.dirname(name) or "."
    if not os.path.isdir(folder):
        raise Failure(f"--trace={name}: there is no folder {folder}")
    if os.path.isdir(name) or (os.path.exists(name) and not is_ours(name)):
        raise Failure(f"--trace={name}: is there, and is no trace: it stays; give another name")
    room, needed = os.statvfs(folder), (options.memory + options.trace_mb) * MEGABYTE
    if room.f_bavail * room.f_frsize < needed:
        raise Failure(f"--trace={name}: {needed // MEGABYTE} MB of memory are to be a file: there is no room for it in {folder}")
    if os.path.exists(name):
        os.unlink(name)


def is_ours(name):
    """Whether file NAME is a trace, or the memory of a machine that was left."""
    from quire.events import MAGIC

    size = os.path.getsize(name)
    with open(name, "rb") as file:
        return size == 0 or file.read(len(MAGIC)) == MAGIC or size % MEGABYTE == 0


def qemu_words(options):
    """QEMU's words for the machine's kind and memory."""
    if options.trace is None:
        return ["-M", "pc", "-m", str(options.memory)]
    memory = options.memory + options.trace_mb
    path = os.path.abspath(options.trace).replace(",", ",,")
    return ["-M", "pc,memory-backend=ram", "-m", str(memory),
            "-object", f"memory-backend-file,id=ram,share=on,mem-path={path},size={memory}M"]


def finish(options, kernel):
    """Puts the trace in the place of the memory."""
    from quire import events

    if options.trace is None or not os.path.exists(options.trace):
        return
    try:
        trace = events.load(options.trace, kernel)
        events.save(trace, options.trace, " ".join(word for word in options.kernel_arguments if not word.startswith("-")))
    except Failure as error:
        say(str(error))
        return
    missing = f"; {trace.lost:,} are missing: it was full, give it more by --trace-mb" if trace.lost else ""
    say(f"{trace.count:,} events in {options.trace}{missing}: tools/quire-trace {options.trace}")
