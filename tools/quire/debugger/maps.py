"""Tables of the VM: regions, supplemental page tables, frames, slots."""

import gdb

from quire.debugger.kernel import (PAGE, REGION_KINDS, SLOT_NONE, Command, all_processes, find_process, radix_leaves,
                                   read_struct, regions_of, say, source_name, space_of, struct_type, title, variable)
from quire.debugger.pages import (SHOWN_MAX, describe_entry, describe_page, entries_of_block, is_zero_page, owner_of,
                                  rights)


class Vm(Command):
    """Show what the virtual memory of Quire knows: vm maps, spt, frames, swap, page, why.
`help vm maps' and so on tell what each shows."""

    def __init__(self):
        super().__init__("vm", prefix=True)

    def run(self, *_):
        """Says what there is."""
        raise gdb.GdbError("vm maps [PID] | spt [PID] | frames | swap | page ADDRESS [PID] | why ADDRESS [PID]")


def describe_region(region):
    """REGION in a line."""
    start, end = int(region["start"]) * PAGE, int(region["end"]) * PAGE
    kind = REGION_KINDS[int(region["kind"])]
    source = region["source"]
    text = source_name(source["store"], int(source["offset"]) if int(source["store"]) else None)
    how = "shared " if bool(region["shared"]) else "private"
    mapping = f", mapping {int(region['mapping'])}" if int(region["mapping"]) else ""
    return f"{start:08x}-{end:08x} {rights(region)} {how} {kind:<8}{text}{mapping}"


def space_entries(space):
    """All entries of SPACE's supplemental page table."""
    for number, item in radix_leaves(space["spt"]["blocks"]):
        yield from entries_of_block(item, number)


def count_pages(entries):
    """How many of ENTRIES are mapped, and how many in slots."""
    mapped = sum(entry.mapped for entry in entries)
    swapped = sum(entry.page is None or int(entry.page["slot"]) != SLOT_NONE for entry in entries)
    return mapped, swapped


class Maps(Command):
    """Show the regions of a process: addresses, rights, kind, source; pages touched, mapped, in swap.
usage: vm maps [PID]; without PID the running process."""

    usage = "[PID]"

    def run(self, pid=None):
        """Prints them."""
        process = find_process(pid)
        space = space_of(process)
        entries = list(space_entries(space))
        say(f"{title(process)}: {int(space['counters']['resident'])} pages mapped, "
            f"{int(space['counters']['swapped'])} in swap")
        for region in regions_of(space):
            inside = [e for e in entries if int(region["start"]) <= e.vpn < int(region["end"])]
            mapped, swapped = count_pages(inside)
            say(f"  {describe_region(region)}; {int(region['end']) - int(region['start'])} pages, "
                f"{len(inside)} touched, {mapped} mapped, {swapped} in swap")


def say_table(lines):
    """Prints LINES, as far as they are not too many."""
    for number, line in enumerate(lines):
        if number >= SHOWN_MAX:
            say(f"  ... only the first {SHOWN_MAX} are shown")
            return
        say(line)


class Spt(Command):
    """Show the supplemental page table of a process: where each page is that was touched.
usage: vm spt [PID]; without PID the running process."""

    usage = "[PID]"

    def run(self, pid=None):
        """Prints it."""
        process = find_process(pid)
        say(f"{title(process)}")
        say_table(f"  {entry.vpn * PAGE:08x} {describe_entry(entry)}" for entry in space_entries(space_of(process)))


class Frames(Command):
    """Show the frame table: whose page is in each frame.
usage: vm frames"""

    most = 0

    def run(self):
        """Prints it."""
        table = read_struct(variable("vm/frame.c", "frame_table"))
        total = int(table["total"])
        say(f"{total} frames, {int(table['free'])} free, {int(table['kernel'])} lent to the kernel, "
            f"{int(table['wired'])} pinned by vm_lock; policy {table['policy']['name'].string()}")
        frames = read_struct(table["frames"].dereference().cast(struct_type("frame").array(max(total - 1, 0)))) \
            if total else ()
        say_table(f"  {number:4} {describe_frame(frames[number])}" for number in range(total) if bool(frames[number]["lent"]))


def describe_frame(frame):
    """FRAME, which is lent, in a line."""
    if bool(frame["kernel"]):
        return "the kernel's own memory"
    page = read_struct(frame["page"].dereference())
    return f"{describe_page(page)}: {owner_of(page)}"


class Swap(Command):
    """Show the slots of the swap devices that are taken, and whose page is in each.
usage: vm swap"""

    most = 0

    def run(self):
        """Prints them."""
        used, bad = int(variable("vm/swap.c", "used")), int(variable("vm/swap.c", "bad"))
        say(f"{int(variable('vm/swap.c', 'total'))} slots, {used} used, {bad} bad")
        say_table(f"  {slot:5} {text}" for slot, text in sorted(slot_users().items()))


def slot_users():
    """The slots that processes' pages are in: slot -> text."""
    found = {}
    for process in all_processes():
        for entry in space_entries(space_of(process)):
            slot = entry.slot if entry.page is None else int(entry.page["slot"])
            if slot == SLOT_NONE or (entry.page is not None and is_zero_page(entry.page)):
                continue
            found[slot] = found.get(slot, "") + ("; " if slot in found else "") + f"{title(process)} at {entry.vpn * PAGE:#010x}"
    return found


def register():
    """Makes the commands."""
    Vm()
    Maps("vm maps")
    Spt("vm spt")
    Frames("vm frames")
    Swap("vm swap")
