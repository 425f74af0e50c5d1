"""Locks: who holds each, and who waits for it."""

import re

import gdb

from quire.debugger.kernel import (Command, all_processes, all_threads, entries, read_struct, say, struct_type, text_of,
                                   thread_at, title, variable)
from quire.debugger.threads import is_waiting


def rank_name(rank):
    """What locks of RANK are called."""
    for field in gdb.lookup_type("enum lock_rank").fields():
        if field.enumval == rank:
            return field.name.replace("RANK_", "").replace("_", " ").lower()
    return str(rank)


def rank_names(mask):
    """The names of the ranks in MASK."""
    return [f"a lock of rank {rank_name(rank)}" for rank in range(32) if mask >> rank & 1]


class Lock:
    """A lock and what it guards."""

    def __init__(self, value, what):
        self.value, self.what = value, what


def locks_inside(value, what, depth=0):
    """The locks in VALUE, a variable called WHAT, and in the structures in it."""
    type_ = value.type.strip_typedefs()
    if type_.code == gdb.TYPE_CODE_STRUCT and type_.name == "lock":
        yield Lock(value, what)
    elif type_.code == gdb.TYPE_CODE_STRUCT and depth < 3:
        for field in type_.fields():
            if field.name:
                yield from locks_inside(value[field.name], what, depth + 1)
    elif type_.code == gdb.TYPE_CODE_ARRAY and type_.target().strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        low, high = type_.range()
        for index in range(low, min(high, low + 16) + 1):
            yield from locks_inside(value[index], f"{what}[{index}]", depth + 1)


def static_locks():
    """The locks in the kernel's variables."""
    file = None
    for line in gdb.execute("info variables -q -n", to_string=True).splitlines():
        if line.startswith("File "):
            file = line[5:].rstrip(":")
        match = re.match(r"\d+:\s+(?:static )?(?:volatile )?struct [^*]*?(\w+)(\[\d*\])*;$", line)
        if match is None or file is None or not file.endswith(".c") or file.startswith(("user/", "tests/", "init/selftest")):
            continue
        try:
            yield from locks_inside(variable(file, match.group(1)), f"{match.group(1)} ({file})")
        except gdb.error:
            continue  # It was optimised away.


def inode_locks():
    """The locks of inodes in memory."""
    table = variable("fs/inode.c", "inodes")
    low, high = table["hash"].type.range()
    if int(table["hash"][low]["head"]["next"]) == 0:
        return  # No file system.
    for bucket in range(low, high + 1):
        for inode in entries(table["hash"][bucket], "inode", "hash_node"):
            yield Lock(inode["lock"], f"inode {int(inode['number'])}")


def process_locks():
    """The locks of address spaces and of open files."""
    for process in all_processes():
        yield Lock(process["as"]["lock"].address.cast(struct_type("lock").pointer()).dereference(),
                   f"address space of {title(process)}")
        files = process["files"]
        for index in range(int(files["size"]) if int(files) else 0):
            file = files["files"][index]
            if int(file):
                yield Lock(file["lock"], f"open file {index + 2} of {title(process)}")


def all_locks():
    """All locks there are, by address, each once."""
    found = {}
    for source in (static_locks, inode_locks, process_locks):
        for lock in source():
            found.setdefault(int(lock.value.address), lock)
    return found


def names_of(threads):
    """THREADS in words."""
    return ", ".join(f"{text_of(t['name'])} (thread {int(t['id'])})" for t in threads)


class Locks(Command):
    """Show the locks that somebody holds: who, and who waits for them; then what else is waited for.
usage: locks"""

    most = 0

    def run(self):
        """Prints them."""
        threads, locks, count = all_threads(), all_locks(), 0
        held, waiters = {}, set()  # Ranks by holder; ids of threads.
        for address, lock in locks.items():
            value = read_struct(lock.value)
            holder = int(value["holder"]) & ~1  # The lowest bit: others may wait.
            waiting = [t for t in threads if is_waiting(t) and address <= int(t["waiting_object"]) < address + value.type.sizeof]
            if not holder and not waiting:
                continue
            waiters.update(int(t["id"]) for t in waiting)
            count += 1
            held.setdefault(holder, 0)
            held[holder] |= 1 << int(value["rank"])
            who = f"held by {names_of([thread_at(holder)])}" if holder else "held by nobody just now"
            say(f"{lock.what}, rank {rank_name(int(value['rank']))}: {who}; "
                + (f"waited for by {names_of(waiting)}" if waiting else "nobody waits"))
        self.say_unknown(threads, held)
        owner = variable("init/port.c", "vm_lock_holder")
        say("VM lock: " + (f"held by {names_of([read_struct(owner.dereference())])}" if int(owner) else "free"))
        say(f"{count} of {len(locks)} locks are held or waited for")
        for thread in threads:
            if is_waiting(thread) and int(thread["id"]) not in waiters:
                say(f"{names_of([thread])} waits for {text_of(thread['waiting_for'])} at {int(thread['waiting_object']):#x}")

    def say_unknown(self, threads, held):
        """Tells of locks that threads hold and that stand in no table: HELD are those that were found."""
        for thread in threads:
            rest = int(thread["ranks_held"]) & ~held.get(int(thread.address), 0)
            for name in rank_names(rest):
                say(f"{name}: held by {names_of([thread])}")


def register():
    """Makes the command."""
    Locks("locks")
