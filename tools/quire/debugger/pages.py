"""What stands at a virtual page, where its content is, and what an access to it would do."""

import gdb

from quire.debugger.kernel import (KERNEL_BASE, PAGE, SLOT_NONE, USER_END, Command, address_of, all_processes, container,
                                   find_process, find_region, parse_address, radix_get, read_struct, regions_of, say,
                                   source_name, space_of, struct_type, title, variable)

SPT_BLOCK = 32
STACK_SLACK = 32
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
STATES = ("absent", "arriving", "resident", "leaving")
HOMES = {1: "zeroes", 2: "file", 4: "swap"}
SHOWN_MAX = 200  # Lines of a table; more are counted.


class Entry:
    """The entry of a supplemental page table for page VPN: folded, it has a slot and no page."""

    def __init__(self, vpn, slot=None, page=None, mapped=False, locked=False):
        self.vpn, self.slot, self.page, self.mapped, self.locked = vpn, slot, page, mapped, locked


def entries_of_block(item, number):
    """The entries in ITEM, which stands at NUMBER of a table of blocks."""
    closed = int(item) & 1
    kind = "spte_closed" if closed else "spte_block"
    block = read_struct(gdb.Value(int(item) - closed).cast(struct_type(kind).pointer()).dereference())
    present = int(block["present"])
    for bit in range(SPT_BLOCK):
        if not present >> bit & 1:
            continue
        vpn = number * SPT_BLOCK + bit
        if closed:
            yield Entry(vpn, slot=int(block["slots"][bit]))
        elif int(block["folded"]) >> bit & 1:
            yield Entry(vpn, slot=int(block["entries"][bit]["slot"]))
        else:
            yield Entry(vpn, page=read_struct(block["entries"][bit]["page"].dereference()),
                        mapped=bool(int(block["mapped"]) >> bit & 1), locked=bool(int(block["locked"]) >> bit & 1))


def find_entry(space, vpn):
    """The entry of SPACE at VPN, or None."""
    item = radix_get(space["spt"]["blocks"], vpn // SPT_BLOCK)
    if item is None:
        return None
    return next((entry for entry in entries_of_block(item, vpn // SPT_BLOCK) if entry.vpn == vpn), None)


def frame_number(page):
    """The number of PAGE's frame, or None."""
    if int(page["frame"]) == 0:
        return None
    table = variable("vm/frame.c", "frame_table")
    return (int(page["frame"]) - int(table["frames"])) // struct_type("frame").sizeof


def is_zero_page(page):
    """Whether PAGE is the one that all untouched zeroes share."""
    return address_of(page) == int(variable("vm/page.c", "page_zero").address)


def users_of(page):
    """The entries that stand for PAGE, as (address space, virtual page number)."""
    found, spte = [], page["sptes"]
    while int(spte) and len(found) < SHOWN_MAX:
        entry = read_struct(spte.dereference())
        found.append((int(entry["block"]["as"]), int(entry["vpn"])))
        spte = entry["next"]
    return found


def flags_of(page):
    """The words for PAGE's flags."""
    words = [word for word in ("cached", "dirty", "syncing", "unwritten") if bool(page[word])]
    if int(page["frame"]) and int(page["frame"]["pins"]) > 0:
        words.append(f"pinned {int(page['frame']['pins'])}")
    return words


def describe_page(page):
    """PAGE in a few words."""
    if is_zero_page(page):
        return "the page of zeroes that all share"
    state, home = STATES[int(page["state"])], HOMES.get(int(page["home"]), "?")
    frame = frame_number(page)
    words = [state + ("" if frame is None else f" in frame {frame}")]
    if int(page["slot"]) != SLOT_NONE:
        words.append(f"in slot {int(page['slot'])}")
    elif home == "file":
        words.append(f"page {int(page['index'])} of {source_name(page['store'])}")
    elif home == "zeroes":
        words.append("at home all zeroes")
    else:
        words.append("the only copy")
    return ", ".join(words + flags_of(page))


def describe_entry(entry):
    """ENTRY in a few words."""
    if entry.page is None:
        return f"in slot {entry.slot} (folded)"
    text = describe_page(entry.page) + (", mapped" if entry.mapped else "") + (", locked" if entry.locked else "")
    others = len(users_of(entry.page)) - 1
    return text if others <= 0 or is_zero_page(entry.page) else f"{text}, shared with {others} more"


def page_table_entry(space, address):
    """What the machine's page table of SPACE has for ADDRESS; 0 if nothing."""
    table = int(space["pmap"]["tables"][address >> 22])
    if not table & 1:
        return 0
    memory = gdb.selected_inferior().read_memory((table & ~0xFFF) + KERNEL_BASE + (address >> 12 & 1023) * 4, 4)
    return int.from_bytes(bytes(memory), "little")


def describe_mapping(space, address):
    """What the machine's page table says about ADDRESS."""
    entry = page_table_entry(space, address)
    if not entry & 1:
        return "not mapped: the next access faults"
    words = [f"mapped at physical {entry & ~0xFFF:#x}", "writable" if entry & 2 else "read-only"]
    words += [word for bit, word in ((0x20, "accessed"), (0x40, "dirty")) if entry & bit]
    return ", ".join(words)


def rights(region):
    """REGION's rights as three letters."""
    prot = int(region["prot"])
    return "".join(letter if prot & bit else "-" for letter, bit in (("r", 1), ("w", 2), ("x", 4)))


# -- Why ---------------------------------------------------------------------------------------------


def describe_hole(space, address):
    """Why nothing is at ADDRESS, and what is near."""
    stack = space["stack"]
    lowest = int(stack["start"]) * PAGE if int(stack) else 0
    esp = int(space["user_esp"])
    if address < PAGE:
        return "no memory there: a null pointer, or an offset from one"
    before = [region for region in regions_of(space) if int(region["end"]) * PAGE <= address]
    behind = f", {address - int(before[-1]['end']) * PAGE:#x} bytes behind the end of the region before it" if before else ""
    if lowest and address < lowest and USER_END - address <= int(space["stack_limit"]):
        if address + STACK_SLACK >= esp:
            return f"no memory there yet: the stack grows to it, {lowest - address:#x} bytes below its first page"
        return (f"no memory there: {lowest - address:#x} bytes below the stack, "
                f"but more than {STACK_SLACK} bytes below esp, which was {esp:#x}")
    return f"no memory there{behind}"


def fault_would(region, entry, vpn):
    """What a fault does to bring in page VPN of REGION, whose entry is ENTRY or None."""
    if entry is None:
        store = region["source"]["store"]
        page_offset = (vpn - int(region["start"])) * PAGE
        if int(store) == 0 or page_offset >= int(region["source"]["length"]):
            return "never touched: a fault gives it a page of zeroes"
        index = (int(region["source"]["offset"]) + page_offset) // PAGE
        cached = radix_get(store["pages"], index)
        if cached is not None:
            page = read_struct(cached.cast(struct_type("page").pointer()).dereference())
            if int(page["state"]) == 2:
                return f"never touched: a fault maps page {index} of {source_name(store)}, which is in frame {frame_number(page)}"
        return f"never touched: a fault reads page {index} of {source_name(store)}"
    if entry.page is None:
        return f"a fault reads it from slot {entry.slot}"
    state = STATES[int(entry.page["state"])]
    if state == "resident":
        return "a fault maps it: it is in a frame"
    if state != "absent":
        return f"a fault waits: it is {state}"
    if int(entry.page["slot"]) != SLOT_NONE:
        return f"a fault reads it from slot {int(entry.page['slot'])}"
    return "a fault reads it from " + ("its file" if int(entry.page["home"]) == 2 else "its home")


def is_exclusive(page):
    """Whether who writes to PAGE needs no copy."""
    return not bool(page["cached"]) and not is_zero_page(page) and len(users_of(page)) == 1


def why_read(space, region, entry, address):
    """What a read of ADDRESS would do."""
    if int(region["prot"]) == 0:
        return "refused: the region has no rights"
    if page_table_entry(space, address) & 1:
        return "no fault: it is mapped"
    return fault_would(region, entry, address // PAGE)


def why_write(space, region, entry, address):
    """What a write to ADDRESS would do."""
    if not int(region["prot"]) & PROT_WRITE:
        return f"refused: the region is {rights(region)}"
    if page_table_entry(space, address) & 3 == 3:
        return "no fault: it is mapped writable"
    first = why_read(space, region, entry, address)
    first = "" if first.startswith("no fault") else first + ", and "
    if bool(region["shared"]):
        return first + "the fault gives the right to write: the region is shared"
    if entry is not None and entry.page is not None and is_exclusive(entry.page):
        return first + "the fault gives the right to write: nobody else uses the page"
    if entry is not None and entry.page is not None:
        reason = "it is the page of zeroes" if is_zero_page(entry.page) else \
            "it is its file's" if bool(entry.page["cached"]) else f"{len(users_of(entry.page)) - 1} more use it"
        return first + f"the fault copies the page: {reason}"
    if entry is not None:
        return first + "it is its own"
    return first + "the process gets a page of its own"


class Why(Command):
    """Tell what a read and a write of an address would do now, and why.
usage: vm why ADDRESS [PID]"""

    most, usage = 2, "ADDRESS [PID]"

    def run(self, text=None, pid=None):
        """Prints it."""
        if text is None:
            raise gdb.GdbError("usage: vm why ADDRESS [PID]")
        process, address = find_process(pid), parse_address(text)
        say(f"{address:#010x} in {title(process)}")
        if address >= USER_END:
            say("  it is the kernel's: no program may touch it")
            return
        space = space_of(process)
        region = find_region(space, address // PAGE)
        if region is None:
            say("  " + describe_hole(space, address))
            return
        entry = find_entry(space, address // PAGE)
        say(f"  read   {why_read(space, region, entry, address)}")
        say(f"  write  {why_write(space, region, entry, address)}")


class Page(Command):
    """Show all that is known of the page at an address.
usage: vm page ADDRESS [PID]"""

    most, usage = 2, "ADDRESS [PID]"

    def run(self, text=None, pid=None):
        """Prints it."""
        from quire.debugger.maps import describe_region

        if text is None:
            raise gdb.GdbError("usage: vm page ADDRESS [PID]")
        process, address = find_process(pid), parse_address(text)
        if address >= USER_END:
            raise gdb.GdbError(f"{address:#x} is the kernel's; the VM has pages below {USER_END:#x}")
        space, vpn = space_of(process), address // PAGE
        region, entry = find_region(space, vpn), find_entry(space, vpn)
        say(f"page {vpn:#x} ({vpn * PAGE:#010x}) of {title(process)}")
        say("  region   " + (describe_region(region) if region is not None else describe_hole(space, address)))
        say("  entry    " + (describe_entry(entry) if entry is not None else "none: never touched"))
        say("  machine  " + describe_mapping(space, address))
        if entry is not None and entry.page is not None and not is_zero_page(entry.page):
            names = {int(p["as"]): title(p) for p in all_processes()}
            for user, at in users_of(entry.page):
                say(f"  used by  {names.get(user, 'an address space that ends')} at {at * PAGE:#010x}")


def owner_of(page):
    """Who uses PAGE: the first of its users, and how many more there are."""
    users = users_of(page)
    if users:
        names = {int(p["as"]): title(p) for p in all_processes()}
        more = f" and {len(users) - 1} more" if len(users) > 1 else ""
        return f"{names.get(users[0][0], '?')} at {users[0][1] * PAGE:#010x}{more}"
    return f"{source_name(page['store'])} page {int(page['index'])}" if bool(page["cached"]) else "nobody"


def inode_of(store):
    """The number of the inode whose content STORE, a pointer, is."""
    return int(container(store, "inode", "store")["number"])


def register():
    """Makes the commands."""
    Why("vm why")
    Page("vm page")
