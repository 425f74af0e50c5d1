"""Traces of events in the formats of other programs."""

import json

from quire.events import NONE, text_of_record
from quire.host import Failure

TEXTS = ("text",)


def number_text(value, kind):
    """VALUE, an argument of KIND, as text."""
    if kind in ("address", "hex", "mask", "page", "store", "region"):
        return f"{value:#x}"
    if kind in ("frame", "slot") and value == NONE:
        return "none"
    if kind in ("signed", "error") and value >> 31:
        return str(value - (1 << 32))
    return str(value)


def fields(kind, record):
    """The arguments of RECORD, of KIND, as pairs of name and text."""
    if kind.arguments and kind.arguments[0][0] == "text":
        return [("text", text_of_record(record))]
    return [(name, number_text(record[4 + i], what)) for i, (name, what) in enumerate(kind.arguments)]


def detail_text(table, kind, detail):
    """DETAIL of an event of KIND in words."""
    words = table.words.get(kind.detail_kind)
    if kind.name == "FAULT_START":
        return f"{'write' if detail & 1 else 'read'} {table.words['state'][detail >> 4 & 3]}"
    if kind.name == "FAULT":
        return table.words["fault"][detail & 7] + (" write" if detail & 8 else " read") + (" stack" if detail & 16 else "")
    if kind.name == "EVICT":
        return words[detail & 3] + (" together" if detail & 0x80 else "")
    if kind.name == "ARRIVE":
        return words[detail & 3]
    if kind.name in ("REGION", "TABLE_REGION"):
        rights = "".join(letter if detail >> bit & 1 else "-" for bit, letter in enumerate("rwx"))
        return f"{table.words['kind'][detail >> 3 & 7]} {rights}" + (" shared" if detail & 64 else "")
    if words and detail < len(words):
        return words[detail]
    return str(detail) if kind.detail else ""


class Names:
    """Which process an address space is, as the events go by."""

    def __init__(self, table):
        self.number, self.names = table.number, {0: "kernel"}

    def take(self, record):
        """Takes RECORD in."""
        if record[1] == self.number["NAME"]:
            self.names[record[3]] = text_of_record(record)
        elif record[1] == self.number["FORK"]:
            self.names[record[4]] = self.names.get(record[3], "")

    def __getitem__(self, who):
        return self.names.get(who) or f"space {who}"


def csv_lines(trace):
    """One line for each event."""
    names, kinds = Names(trace.table), trace.table.kinds
    yield "number,time,space,process,event,detail,arguments"
    for number, record in enumerate(trace.records()):
        names.take(record)
        kind = kinds[record[1]]
        words = " ".join(f"{name}={value}" for name, value in fields(kind, record)).replace('"', '""')
        yield (f'{number},{record[0]},{record[3]},"{names[record[3]]}",{kind.name.lower()},'
               f'{detail_text(trace.table, kind, record[2])},"{words}"')


def ftrace_lines(trace):
    """The text form of Linux's ftrace."""
    names, kinds, rate = Names(trace.table), trace.table.kinds, trace.ticks_of_ms or 1000
    yield "# tracer: nop"
    yield "#           TASK-PID     CPU#  ||||   TIMESTAMP  FUNCTION"
    start = None
    for record in trace.records():
        names.take(record)
        kind = kinds[record[1]]
        start = record[0] if start is None else start
        seconds = max(0, record[0] - start) / rate / 1000
        words = " ".join(f"{name}={value}" for name, value in fields(kind, record))
        detail = detail_text(trace.table, kind, record[2]).replace(" ", ",")
        task = names[record[3]].replace(" ", "_")[:16]
        yield (f"{task:>16}-{record[3]:<6} [000] .... {seconds:12.6f}: {kind.name.lower()}: "
               + (f"{kind.detail}={detail} " if detail else "") + words)


def page_lines(trace):
    """A page number a line, for quire-sim: each page that arrives, each fault, and where a frame was found touched a use
    of its page.  What was touched between two looks at it stands where it was seen."""
    number, keys, ids = trace.table.number, {}, {}
    fault, found, arrive = number["FAULT"], number["FOUND"], number["ARRIVE"]
    for record in trace.records():
        kind, page = record[1], record[5]
        if kind == arrive:  # A page of a file is the same for all, and may come without a fault.
            keys[page] = ("file", record[7], record[8]) if record[7] else None
            if keys[page]:
                yield str(ids.setdefault(keys[page], len(ids)))
        elif kind == fault and record[6] != trace.frames:  # The one page of zeroes takes no frame.
            keys[page] = keys.get(page) or ("own", record[3], record[4] >> 12)
            yield f"{ids.setdefault(keys[page], len(ids))}{'w' if record[2] & 8 else ''}"
        elif kind == found and keys.get(page):
            yield str(ids[keys[page]])


# -- Perfetto --------------------------------------------------------------------------------------------

# What each phase of an event must have, beside name, ph, pid and ts.
PHASES = {"X": ("tid", "dur"), "C": ("args",), "M": ("args",), "i": ("tid", "s"), "s": ("tid", "id", "cat"), "f": ("tid", "id", "cat", "bp")}


def check_schema(events):
    """Refuses EVENTS that the viewer would not take."""
    flows = set()
    for event in events:
        phase = event.get("ph")
        needed = ("name", "pid") + (() if phase == "M" else ("ts",)) + PHASES.get(phase, ("?",))
        missing = [key for key in needed if key not in event]
        if missing or (phase == "X" and event["dur"] < 0):
            raise Failure(f"a bug of this tool: an event of Perfetto's lacks {missing}: {event}")
        if phase == "s":
            flows.add(event["id"])
        if phase == "f" and event["id"] not in flows:
            raise Failure(f"a bug of this tool: a flow ends that did not begin: {event}")
    return events


class Perfetto:
    """The JSON that Perfetto and chrome://tracing open: a track for each process, counters, and an arrow from each
    eviction to the fault that brings the page back."""

    EVERY = 20  # Faults between two points of a counter.

    def __init__(self, trace):
        self.trace, self.events, self.rate = trace, [], (trace.ticks_of_ms or 1000) / 1000
        self.begun, self.gone, self.free, self.slots = {}, {}, trace.frames, 0
        self.resident, self.faults, self.start, self.flow, self.last = {}, 0, None, 0, 0
        self.names = Names(trace.table)

    def add(self, phase, name, record, **more):
        """One event."""
        event = {"ph": phase, "name": name, "pid": record[3], "ts": self.time(record[0]), **more}
        self.events.append(event)

    def time(self, ticks):
        """TICKS of the clock in microseconds since the first event."""
        return round(max(0, ticks - self.start) / self.rate, 3)

    def counters(self, record):
        """A point of all counters."""
        kernel = (record[0], 0, 0, 0)
        self.add("C", "free frames", kernel, args={"frames": self.free})
        self.add("C", "used slots", kernel, args={"slots": self.slots})
        span = self.time(record[0]) - self.time(self.last)
        self.add("C", "faults a second", kernel, args={"faults": round(self.EVERY / span * 1e6) if span > 0 else 0})
        self.last = record[0]
        for who, pages in self.resident.items():
            self.add("C", "resident", (record[0], 0, 0, who), args={"pages": len(pages)})

    def take(self, name, record):
        """Takes RECORD, of kind NAME, in."""
        who = record[3]
        if name == "FAULT_START":
            self.begun.setdefault((who, record[4]), record[0])
        elif name in ("FAULT", "FAULT_FAILED"):
            self.fault(name, record)
        elif name == "EVICT":
            self.flow += 1
            self.gone[who, record[6]] = self.flow
            self.add("i", f"evict {detail_text(self.trace.table, self.trace.table.kinds[record[1]], record[2])}", record, tid=who, s="t")
            self.add("s", "eviction", record, tid=who, id=self.flow, cat="page")
        elif name == "LEND":
            self.free -= 1
        elif name in ("LEFT", "FREE", "RETURN_KERNEL"):
            self.free += 1
            for pages in self.resident.values():
                pages.discard(record[5])
        elif name == "LEND_KERNEL":
            self.free -= 1
        elif name == "SLOTS":
            self.slots += record[5]
        elif name == "SLOT_FREE":
            self.slots -= 1
        elif name == "MARK":
            self.add("i", text_of_record(record), record, tid=who, s="p")
        elif name in ("NAME", "FORK", "EXIT"):
            self.add("i", name.lower(), record, tid=who, s="p")

    def fault(self, name, record):
        """A fault has ended."""
        who, begin = record[3], self.begun.pop((record[3], record[4]), record[0])
        what = self.trace.table.words["fault"][record[2] & 7] if name == "FAULT" else "error"
        duration = round((record[0] - begin) / self.rate, 3)
        self.events.append({"ph": "X", "name": what, "pid": who, "tid": who, "ts": self.time(begin), "dur": max(0, duration),
                            "args": {"address": f"{record[4]:#x}"}})
        flow = self.gone.pop((who, record[4] >> 12), None)
        if flow is not None:
            self.add("f", "eviction", record, tid=who, id=flow, cat="page", bp="e")
        if name == "FAULT":
            self.resident.setdefault(who, set()).add(record[5])
        self.faults += 1
        if self.faults % self.EVERY == 0:
            self.counters(record)

    def json(self):
        """The whole, as text."""
        kinds = [kind.name for kind in self.trace.table.kinds]
        for record in self.trace.records():
            self.start = record[0] if self.start is None else self.start
            self.names.take(record)
            self.take(kinds[record[1]], record)
        for who, name in sorted(self.names.names.items()):
            self.events.append({"ph": "M", "name": "process_name", "pid": who, "args": {"name": name}})
        return json.dumps({"traceEvents": check_schema(self.events), "displayTimeUnit": "ms"})
