"""The state of every table of the VM, rebuilt from events for any moment, and compared with the tables themselves."""

from quire.events import NONE

ABSENT, ARRIVING, RESIDENT, LEAVING = range(4)
ZERO, FILE, SWAP = 1, 2, 4  # Homes.
NO_PAGE = 0


class Page:
    """A page of content."""

    __slots__ = ("state", "home", "frame", "slot", "store", "index", "cached", "syncing", "users")

    def __init__(self):
        self.state, self.home, self.frame, self.slot = ABSENT, ZERO, NONE, NONE
        self.store = self.index = 0
        self.cached = self.syncing = False
        self.users = set()  # (address space, vpn)


class Space:
    """An address space: its regions, and what stands at each page."""

    __slots__ = ("regions", "entries", "folded", "mapped", "locked")

    def __init__(self):
        self.regions = {}  # id -> (start, end, rights, store, offset)
        self.entries = {}  # vpn -> page
        self.folded = {}  # vpn -> slot
        self.mapped, self.locked = set(), set()  # vpns


def bits(first, mask):
    """The numbers from FIRST on whose bits MASK has."""
    while mask:
        low = mask & -mask
        yield first + low.bit_length() - 1
        mask ^= low


class State:
    """All tables as they are behind the events so far."""

    def __init__(self, table):
        self.spaces, self.pages, self.frames, self.kernel = {}, {}, {}, set()
        self.slots, self.bad = set(), set()
        self.zero_page = None
        self.handlers = [getattr(self, "on_" + kind.name.lower(), None) for kind in table.kinds]

    def apply(self, record):
        """Takes RECORD in."""
        handler = self.handlers[record[1]]
        if handler is not None:
            handler(record[3], record[2], *record[4:9])

    # -- What the pieces are -------------------------------------------------------------------------

    def space(self, who):
        """Address space WHO."""
        space = self.spaces.get(who)
        if space is None:
            space = self.spaces[who] = Space()
        return space

    def page(self, number):
        """Page NUMBER."""
        page = self.pages.get(number)
        if page is None:
            page = self.pages[number] = Page()
        return page

    def enter(self, who, vpn, number):
        """The entry at VPN of WHO stands for page NUMBER."""
        space = self.space(who)
        old = space.entries.get(vpn)
        if old == number:
            return
        if old is not None and old in self.pages:
            self.pages[old].users.discard((who, vpn))
        space.folded.pop(vpn, None)
        space.entries[vpn] = number
        self.page(number).users.add((who, vpn))

    def clear(self, who, vpn):
        """The entry at VPN of WHO ends."""
        space = self.space(who)
        number = space.entries.pop(vpn, None)
        if number in self.pages:
            self.pages[number].users.discard((who, vpn))
        space.folded.pop(vpn, None)
        space.mapped.discard(vpn)
        space.locked.discard(vpn)

    # -- Address spaces ------------------------------------------------------------------------------

    def on_space(self, who, *_):
        self.spaces[who] = Space()

    def on_space_end(self, who, *_):
        self.spaces.pop(who, None)

    def on_region(self, who, rights, region, start, end, store, offset):
        self.space(who).regions[region] = (start, end, rights, store, offset)

    def on_region_end(self, who, _, region, *__):
        self.space(who).regions.pop(region, None)

    def on_fault_start(self, who, found, address, number, tries, store, index):
        self.enter(who, address >> 12, number)
        page = self.page(number)
        if page.state == ABSENT:
            page.home = found >> 1 & 7
            if page.home == FILE:
                page.store, page.index = store, index

    def on_fault(self, who, _, address, number, frame, *__):
        self.enter(who, address >> 12, number)
        self.space(who).mapped.add(address >> 12)
        page = self.page(number)
        if page.frame == NONE:  # The one page of zeroes, which has a frame of its own.
            self.zero_page = number
            page.state, page.frame = RESIDENT, frame

    def on_copy_run(self, who, _, child, first, mask, mapped, *__):
        parent, copy = self.space(who), self.space(child)
        for vpn in bits(first, mask):
            if vpn in parent.entries:
                self.enter(child, vpn, parent.entries[vpn])
        copy.mapped.update(bits(first, mapped))

    def on_unmap_run(self, who, _, first, mask, *__):
        self.space(who).mapped.difference_update(bits(first, mask))

    def on_clear_run(self, who, _, first, mask, *__):
        for vpn in bits(first, mask):
            self.clear(who, vpn)

    def on_fold(self, who, _, vpn, number, slot, *__):
        self.pages.pop(number, None)
        space = self.space(who)
        space.entries.pop(vpn, None)
        space.folded[vpn] = slot

    def on_unfold(self, who, _, vpn, number, slot, *__):
        page = self.pages[number] = Page()
        page.home, page.slot = SWAP, slot
        self.enter(who, vpn, number)

    def on_lock(self, who, _, vpn, *__):
        self.space(who).locked.add(vpn)

    def on_unlock(self, who, _, vpn, *__):
        self.space(who).locked.discard(vpn)

    # -- Pages and frames ----------------------------------------------------------------------------

    def on_store_page(self, _, anonymous, number, store, index, *__):
        page = self.pages[number] = Page()
        page.home, page.cached = ZERO if anonymous else FILE, True
        page.store, page.index = store, index

    def on_lend(self, _, __, frame, number, *___):
        page = self.page(number)
        page.state, page.frame = ARRIVING, frame
        self.frames[frame] = number

    def on_free(self, _, __, frame, number, *___):
        self.frames.pop(frame, None)
        page = self.page(number)
        page.state, page.frame = ABSENT, NONE

    def on_arrive(self, who, came, frame, number, key, store, index):
        page = self.page(number)
        page.state, page.frame, page.home, page.cached = RESIDENT, frame, came >> 2 & 7, bool(came & 32)
        page.store, page.index = (store, index) if page.home == FILE or page.cached else (0, 0)
        self.frames[frame] = number

    def on_left(self, _, ended, frame, number, *__):
        self.frames.pop(frame, None)
        page = self.page(number)
        page.state, page.frame = ABSENT, NONE
        if ended:
            self.pages.pop(number, None)

    def on_gone(self, _, __, number, *___):
        self.pages.pop(number, None)

    def on_lend_kernel(self, _, __, frame, *___):
        self.kernel.add(frame)

    def on_return_kernel(self, _, __, frame, *___):
        self.kernel.discard(frame)

    def on_unmapped(self, _, __, number, *___):
        for who, vpn in self.page(number).users:
            self.space(who).mapped.discard(vpn)

    def on_evict(self, _, how, frame, number, *__):
        if how & 0x7F:
            self.page(number).state = LEAVING

    def on_not_left(self, _, __, number, *___):
        self.page(number).state = RESIDENT

    def on_sync(self, _, __, number, *___):
        self.page(number).syncing = True

    def on_sync_done(self, _, __, number, *___):
        self.page(number).syncing = False

    # -- Slots ---------------------------------------------------------------------------------------

    def on_in_slot(self, _, __, number, slot, *___):
        page = self.page(number)
        page.slot = slot
        if slot != NONE:
            page.home = SWAP

    def on_slots(self, _, __, slot, count, *___):
        self.slots.update(range(slot, slot + count))

    def on_slot_free(self, _, __, slot, *___):
        self.slots.discard(slot)

    def on_slot_bad(self, _, __, slot, *___):
        self.bad.add(slot)


class Tables:
    """The tables as events TABLE_... tell them."""

    def __init__(self):
        self.regions, self.entries, self.pages, self.frames, self.slots = set(), set(), set(), set(), set()

    def take(self, name, record):
        """Takes RECORD, of kind NAME, in."""
        detail, who, (a, b, c, d, e) = record[2], record[3], record[4:9]
        if name == "TABLE_REGION":
            self.regions.add((who, a, b, c, detail, d, e))
        elif name == "TABLE_ENTRY":
            self.entries.add((who, a, bool(detail & 1), bool(detail & 2), b if not detail & 4 else None, c if detail & 4 else None))
        elif name == "TABLE_PAGE":
            state = ABSENT if detail & 3 == ARRIVING and b == NONE else detail & 3  # It waits for a frame.
            self.pages.add((a, state, detail >> 2 & 7, b, c, bool(detail & 32), bool(detail & 64), d, e))
        elif name == "TABLE_FRAME":
            self.frames.add((a, None if detail else b))
        elif name == "TABLE_SLOTS":
            self.slots.update(bits(a, b))


def tables_of(state):
    """The same, of the rebuilt STATE."""
    tables = Tables()
    for who, space in state.spaces.items():
        for region, (start, end, rights, store, offset) in space.regions.items():
            tables.regions.add((who, region, start, end, rights, store, offset))
        for vpn, page in space.entries.items():
            tables.entries.add((who, vpn, vpn in space.mapped, vpn in space.locked, page, None))
        for vpn, slot in space.folded.items():
            tables.entries.add((who, vpn, False, False, None, slot))
    for number, page in state.pages.items():
        if number != state.zero_page and (page.users or page.cached):
            tables.pages.add((number, page.state, page.home, page.frame, page.slot, page.cached, page.syncing,
                              page.store if page.cached or page.home == FILE else 0,
                              page.index if page.cached or page.home == FILE else 0))
    for frame, number in state.frames.items():
        tables.frames.add((frame, number))
    tables.frames.update((frame, None) for frame in state.kernel)
    tables.slots = set(state.slots)
    return tables


PARTS = ("regions", "entries", "pages", "frames", "slots")


def differences(rebuilt, real):
    """Lines about how the REBUILT Tables differ from the REAL ones."""
    lines = []
    for part in PARTS:
        ours, theirs = getattr(rebuilt, part), getattr(real, part)
        lines += [f"{part}: the events say {item}, the table does not" for item in sorted(ours - theirs, key=repr)]
        lines += [f"{part}: the table says {item}, the events do not" for item in sorted(theirs - ours, key=repr)]
    return lines


def check(trace):
    """Rebuilds the tables along TRACE and compares them wherever it has them: how often, and lines about the first
    place where they differ."""
    names = [kind.name for kind in trace.table.kinds]
    state, real, times = State(trace.table), None, 0
    for number, record in enumerate(trace.records()):
        name = names[record[1]]
        if name == "TABLES":
            real = Tables()
        elif name == "TABLES_END":
            times += 1
            lines = differences(tables_of(state), real)
            if lines:
                return times, [f"at event {number:,}:"] + lines
            real = None
        elif name.startswith("TABLE_"):
            real.take(name, record)
        else:
            state.apply(record)
    return times, []
