"""The life of a page, told in sentences from a trace of events."""

from quire.events import NONE, PAGE, text_of_record
from quire.host import Failure
from quire.rebuild import State
from quire.traceout import Names

HOMES = {1: "a page of zeroes", 2: "a page of its file", 4: "its slot"}
WHERE = {0: "is in no frame", 1: "is on its way in", 2: "is in frame {}", 3: "is on its way out of frame {}"}


class Life:
    """What happened at the page at ADDRESS, up to time UNTIL (ticks since the first event), in each process that has it."""

    def __init__(self, trace, address, until=None):
        self.trace, self.vpn, self.until = trace, address // PAGE, until
        self.names, self.state, self.lines, self.start = Names(trace.table), State(trace.table), {}, None
        self.watched, self.cause = {}, {}
        kinds = [kind.name.lower() for kind in trace.table.kinds]
        self.tellers = [getattr(self, "tell_" + name, None) for name in kinds]
        for record in trace.records():
            self.start = record[0] if self.start is None else self.start
            if until is not None and record[0] - self.start > until:
                break
            self.names.take(record)
            if self.tellers[record[1]] is not None:
                self.tellers[record[1]](record)
            self.state.apply(record)
            if record[1] in (trace.table.number["LEFT"], trace.table.number["GONE"]):
                self.watched.pop(record[5 if record[1] == trace.table.number["LEFT"] else 4], None)

    def when(self, record):
        """The time of RECORD in words."""
        rate, ticks = self.trace.ticks_of_ms, max(0, record[0] - self.start)
        return f"{ticks / rate:10.3f} ms" if rate else f"{ticks:10,}"

    def say(self, who, record, sentence):
        """Adds SENTENCE to the life in WHO."""
        self.lines.setdefault(who, []).append(f"{self.when(record)}  {sentence}")

    def say_page(self, page, record, sentence):
        """Adds SENTENCE to the lives of all in which PAGE stands at the address."""
        for who in sorted(self.watched.get(page, ())):
            self.say(who, record, sentence)

    def watch(self, page, who):
        """PAGE stands at the address in WHO."""
        for others in self.watched.values():
            others.discard(who)
        self.watched.setdefault(page, set()).add(who)

    def has(self, first, mask):
        """Whether the page is one of those that MASK names from FIRST on."""
        return first <= self.vpn < first + 32 and mask >> (self.vpn - first) & 1

    # -- One kind of event each ------------------------------------------------------------------------

    def tell_region(self, record):
        if record[5] <= self.vpn < record[6]:
            old = self.state.space(record[3]).regions.get(record[4])
            new = (record[5], record[6], record[2], record[7], record[8])
            kind = self.trace.table.words["kind"][record[2] >> 3 & 7]
            rights = "".join(letter for bit, letter in enumerate("rwx") if record[2] >> bit & 1) or "no rights"
            verb = "is made" if old is None else "is changed"
            if old != new:
                self.say(record[3], record, f"The region around it, {kind}, {rights}, {verb}: {record[5] * PAGE:#010x} to {record[6] * PAGE:#010x}.")

    def tell_region_end(self, record):
        if record[5] <= self.vpn < record[6]:
            self.say(record[3], record, "The region around it ends.")

    def tell_fault_start(self, record):
        if record[4] // PAGE == self.vpn and record[6] == 0:
            state = self.trace.table.words["state"][record[2] >> 4 & 3]
            verb = "write to" if record[2] & 1 else "read"
            self.watch(record[5], record[3])
            self.say(record[3], record, f"Process {self.names[record[3]]} faults, to {verb} {record[4]:#010x}; its page is {state}.")

    def tell_fault(self, record):
        if record[4] // PAGE != self.vpn:
            return
        self.watch(record[5], record[3])
        what = {"cached": "it was in memory", "zero": "it is a page of zeroes", "file": "it was read from its file",
                "swap": "it was read from swap", "cow": "it is a copy of a page of others"}
        kind = self.trace.table.words["fault"][record[2] & 7]
        self.say(record[3], record, f"It is mapped, in frame {record[6]}: {what.get(kind, kind)}.")

    def tell_fault_failed(self, record):
        if record[4] // PAGE == self.vpn:
            error = record[5] - (1 << 32)
            self.say(record[3], record, f"The fault at {record[4]:#010x} cannot be resolved: error {error}.")

    def tell_copy_run(self, record):
        if self.has(record[5], record[6]):
            page = self.state.space(record[3]).entries.get(self.vpn)
            self.say(record[3], record, f"A child, space {record[4]}, gets an entry for the same page: the next write of either copies it.")
            if page is not None:
                self.watch(page, record[4])
                self.say(record[4], record, f"It comes from the parent, {self.names[record[3]]}.")

    def tell_clear_run(self, record):
        if self.has(record[4], record[5]) and self.lines.get(record[3]):
            self.say(record[3], record, "It is given up.")
            for others in self.watched.values():
                others.discard(record[3])

    def tell_unmap_run(self, record):
        if self.has(record[4], record[5]) and self.lines.get(record[3]):
            self.say(record[3], record, "It is taken out of the page table, for new rights.")

    def tell_fold(self, record):
        if record[4] == self.vpn and record[3] in self.lines:
            self.say(record[3], record, f"Its record is folded: the entry names slot {record[6]} itself.")
            self.watched.pop(record[5], None)

    def tell_unfold(self, record):
        if record[4] == self.vpn and record[3] in self.lines:
            self.watch(record[5], record[3])

    def tell_read(self, record):
        self.cause["read"] = record

    def tell_arrive(self, record):
        why = {0: "it was asked for", 1: "read ahead, together with a neighbour", 2: "as a copy", 3: "as a new page"}[record[2] & 3]
        self.say_page(record[5], record, f"It arrives in frame {record[4]}: {why}.")

    def tell_found(self, record):
        self.say_page(record[5], record, "The policy looks, and finds that it was used.")

    def tell_victim(self, record):
        self.say_page(record[5], record, f"The policy chooses frame {record[4]}: it goes next.")

    def tell_evict(self, record):
        how = {0: "clean, without a write", 1: "to be written to a slot", 2: "to be written to its file"}[record[2] & 3]
        along = ", along with another" if record[2] & 0x80 else ""
        self.say_page(record[5], record, f"It is evicted, {how}{along}.")

    def tell_not_left(self, record):
        self.say_page(record[4], record, "It could not be written, and stays.")

    def tell_in_slot(self, record):
        if record[5] != NONE:
            self.say_page(record[4], record, f"It stands in slot {record[5]}.")

    def tell_left(self, record):
        self.say_page(record[5], record, f"It leaves frame {record[4]}" + (", and ends." if record[2] else "."))

    def tell_lock(self, record):
        self.say_page(record[5], record, "It is locked in its frame.")

    def tell_unlock(self, record):
        self.say_page(record[5], record, "It is unlocked.")

    def tell_sync(self, record):
        self.say_page(record[4], record, "It is being written to its file, and stays.")

    def tell_mark(self, record):
        if record[3] in self.lines:
            self.say(record[3], record, f"-- {text_of_record(record)} --")

    # -- The end -------------------------------------------------------------------------------------

    def verdict(self, who):
        """Where the page is now, in a sentence."""
        space = self.state.spaces.get(who)
        if space is None:
            return "The process has ended."
        if not any(start <= self.vpn < end for start, end, *_ in space.regions.values()):
            return "There is no region: an access would end the process."
        if self.vpn in space.folded:
            return f"It stands in slot {space.folded[self.vpn]}: the next access reads it."
        if self.vpn not in space.entries:
            return "It was never touched, or is given up: the next access makes it."
        page = self.state.page(space.entries[self.vpn])
        text = "It " + WHERE[page.state].format(page.frame)
        text += ", mapped" if self.vpn in space.mapped else ", not mapped: the next access faults"
        text += f", and has slot {page.slot}" if page.slot != NONE else ""
        others = sorted({self.names[other] + f" (space {other})" for other, _ in page.users if other != who})
        return text + (f"; shared with {', '.join(others)}" if others else "") + "."


def parse_place(text):
    """ADDRESS[@TIME] as a pair; TIME is in ms."""
    address, at, time = text.partition("@")
    try:
        return int(address, 0), float(time) if at else None
    except ValueError:
        raise Failure(f"{text}: not ADDRESS or ADDRESS@TIME, such as 0x8049000@12.5 (ms)") from None


def life_lines(trace, text, verdict):
    """The life at ADDRESS[@TIME], TEXT, process by process; with VERDICT where the page is at the end of it."""
    address, time = parse_place(text)
    until = None if time is None else int(time * (trace.ticks_of_ms or 1))
    life = Life(trace, address, until)
    if not life.lines:
        raise Failure(f"{trace.name}: nothing happened at {address:#x}" + (" until then" if until is not None else ""))
    if trace.starts_in_the_middle:
        yield "(the trace starts in the middle: what was before is not known)"
    for who, lines in sorted(life.lines.items()):
        yield f"{life.names[who]} (space {who}), page {life.vpn * PAGE:#010x}:"
        yield from lines
        if verdict or who in life.state.spaces:
            yield "  So " + ("at that time" if until is not None else "at the end") + ": " + life.verdict(who)
