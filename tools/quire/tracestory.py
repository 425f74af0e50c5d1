"""What a trace of events tells of processes: who they are, what they faulted on, how long they waited."""

from collections import Counter, defaultdict

from quire.events import text_of_record

WINDOWS = 50  # Parts of a run whose working sets are counted.
HOTTEST, STALLS = 5, 5
READAHEAD = 1  # Of an arrival.
KINDS = 6  # Of faults.
BY_WRITE, STACK_GREW = 0x08, 0x10
NO_REGION = "nowhere"


class Process:
    """What one address space did."""

    def __init__(self, who):
        self.who, self.name, self.pid, self.status = who, f"space {who}", None, None
        self.faults = [0] * (KINDS + 1)
        self.stack_grew = 0
        self.by_region = defaultdict(lambda: [0] * (KINDS + 1))
        self.first = self.last = None  # Times of its first and last event.
        self.pages = Counter()  # Faults by vpn.
        self.stalls = []  # (time, address, kind, begin)
        self.windows = defaultdict(set)
        self.regions = {}
        self.found = None  # The region that was found last.
        self.begun = None  # (address, time) of a fault under way.
        self.marks = []

    def region_kind(self, vpn, words):
        """What kind of region VPN lies in."""
        if self.found is None or not self.found[0] <= vpn < self.found[1]:
            self.found = next((region for region in self.regions.values() if region[0] <= vpn < region[1]), None)
        return words[self.found[2] >> 3 & 7] if self.found else NO_REGION


class Story:
    """A trace, told."""

    def __init__(self, trace, progress=None):
        self.trace, self.processes, self.counts = trace, {}, [0] * len(trace.table.kinds)
        self.guesses, self.guessed, self.useful, self.useless = set(), 0, 0, 0
        self.pages_read = self.pages_written = 0
        self.start = self.end = 0
        handlers = [getattr(self, "on_" + kind.name.lower(), None) for kind in trace.table.kinds]
        self.width = 1
        if trace.count:
            first = next(iter(trace.records()))[0]
            last = max(first, self._last_time())
            self.start, self.end = first, last
            self.width = max(1, (last - first) // WINDOWS + 1)
        for number, record in enumerate(trace.records()):
            kind = record[1]
            self.counts[kind] += 1
            if handlers[kind] is not None:
                handlers[kind](record)
            if progress and number % 100_000 == 0:
                progress(number)

    def _last_time(self):
        """The time of the last record."""
        from quire.events import RECORD

        return RECORD.unpack_from(self.trace.data, (self.trace.count - 1) * RECORD.size)[0]

    def process(self, record):
        """The process of RECORD."""
        who = record[3]
        process = self.processes.get(who)
        if process is None:
            process = self.processes[who] = Process(who)
        if process.first is None:
            process.first = record[0]
        process.last = record[0]
        return process

    def count(self, name):
        """How many events of kind NAME there are."""
        return self.counts[self.trace.table.number[name]]

    # -- One kind of event each ------------------------------------------------------------------------

    def on_space(self, record):
        self.processes.pop(record[3], None) if self.processes.get(record[3]) and not self.processes[record[3]].pid else None
        self.process(record)

    def on_name(self, record):
        self.process(record).name = text_of_record(record)

    def on_fork(self, record):
        child = self.process((record[0], 0, 0, record[4]))
        child.name = self.process(record).name

    def on_process(self, record):
        self.process(record).pid = record[4]

    def on_exit(self, record):
        status = record[5]
        self.process(record).status = status - (1 << 32) if status >> 31 else status

    def on_region(self, record):
        process = self.process(record)
        process.regions[record[4]] = (record[5], record[6], record[2])
        process.found = None

    def on_region_end(self, record):
        process = self.process(record)
        process.regions.pop(record[4], None)
        process.found = None

    def on_mark(self, record):
        self.process(record).marks.append((text_of_record(record), record[0], sum(self.process(record).faults)))

    def on_fault_start(self, record):
        process = self.process(record)
        if process.begun is None or process.begun[0] != record[4]:
            process.begun = (record[4], record[0])

    def on_fault(self, record):
        process, kind = self.process(record), record[2] & 7
        vpn, page = record[4] >> 12, record[5]
        process.faults[kind] += 1
        process.stack_grew += bool(record[2] & STACK_GREW)
        process.by_region[process.region_kind(vpn, self.trace.table.words["kind"])][kind] += 1
        process.pages[vpn] += 1
        process.windows[(record[0] - self.start) // self.width].add(page)
        if process.begun is not None and process.begun[0] == record[4]:
            waited = record[0] - process.begun[1]
            if len(process.stalls) < STALLS or waited > process.stalls[-1][0]:
                process.stalls = sorted(process.stalls + [(waited, record[4], kind, process.begun[1])], reverse=True)[:STALLS]
        process.begun = None
        if page in self.guesses:
            self.guesses.discard(page)
            self.useful += 1

    def on_fault_failed(self, record):
        process = self.process(record)
        process.faults[5] += 1
        process.begun = None

    def on_found(self, record):
        if record[3]:
            self.process(record).windows[(record[0] - self.start) // self.width].add(record[5])
        if record[5] in self.guesses:
            self.guesses.discard(record[5])
            self.useful += 1

    def on_arrive(self, record):
        if record[2] & 3 == READAHEAD:
            self.guesses.add(record[5])
            self.guessed += 1

    def on_left(self, record):
        if record[5] in self.guesses:
            self.guesses.discard(record[5])
            self.useless += 1

    def on_read(self, record):
        self.pages_read += record[6]

    def on_write(self, record):
        self.pages_written += record[6]

    # -- What comes of it ------------------------------------------------------------------------------

    def time(self, ticks):
        """TICKS in words."""
        rate = self.trace.ticks_of_ms
        return f"{ticks / rate:,.3f} ms" if rate else f"{ticks:,} ticks"

    def real_processes(self):
        """The processes that did something, in their order."""
        return [process for process in self.processes.values() if process.pid is not None or sum(process.faults)]

    def figures(self):
        """All of it, for other programs."""
        words = self.trace.table.words
        names = words["fault"]
        result = {
            "events": self.trace.count, "missing": self.trace.lost, "policy": self.trace.policy, "what": self.trace.what,
            "frames": self.trace.frames, "slots": self.trace.slots, "ticks": self.end - self.start,
            "ticks_of_ms": self.trace.ticks_of_ms, "pages_read": self.pages_read, "pages_written": self.pages_written,
            "evictions": self.count("EVICT"),
            "readahead": {"pages": self.guessed, "used": self.useful, "of_no_use": self.useless},
            "kinds": {kind.name.lower(): count for kind, count in zip(self.trace.table.kinds, self.counts) if count},
            "processes": [],
        }
        for process in self.real_processes():
            sizes = [len(pages) for pages in process.windows.values()] or [0]
            result["processes"].append({
                "space": process.who, "name": process.name, "pid": process.pid, "status": process.status,
                "faults": dict(zip(names, process.faults)), "stack_grew": process.stack_grew,
                "ticks": (process.last or 0) - (process.first or 0),
                "regions": {kind: dict(zip(names, counts)) for kind, counts in process.by_region.items()},
                "working_set": {"most": max(sizes), "mean": round(sum(sizes) / len(sizes), 1)},
                "hottest": [{"address": vpn << 12, "faults": count} for vpn, count in process.pages.most_common(HOTTEST)],
                "stalls": [{"ticks": waited, "address": address, "kind": names[kind], "at": at - self.start}
                           for waited, address, kind, at in process.stalls],
                "marks": [{"text": text, "at": at - self.start, "faults": faults} for text, at, faults in process.marks],
            })
        return result


def counts_text(counts):
    """COUNTS, of faults by kind, in words."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "none"


def summary_lines(story):
    """The summary, line by line."""
    trace, figures = story.trace, story.figures()
    yield (f"{trace.name}: {trace.count:,} events in {story.time(story.end - story.start)}, policy {trace.policy}, "
           f"{trace.frames:,} frames, {trace.slots:,} slots" + (f"; {trace.what}" if trace.what else ""))
    if trace.lost:
        yield f"{trace.lost:,} events {'before the first' if trace.wraps else 'after the last'} are missing: the ring was full"
    if trace.is_flight:
        yield "only rare events: the flight recorder"
    yield f"pages read {story.pages_read:,}, written {story.pages_written:,}, evicted {figures['evictions']:,}"
    ahead = figures["readahead"]
    if ahead["pages"]:
        yield f"read ahead {ahead['pages']:,} pages: {ahead['used']:,} used, {ahead['of_no_use']:,} of no use"
    for process in figures["processes"]:
        yield from process_lines(story, process)


def process_lines(story, process):
    """The lines about PROCESS, of the figures."""
    total = sum(process["faults"].values())
    status = "" if process["status"] is None else f", status {process['status']}"
    rate, seconds = story.trace.ticks_of_ms, 0
    if rate:
        seconds = process["ticks"] / rate / 1000
    yield ""
    yield f"{process['name']} (process {process['pid']}{status}): {total:,} faults: {counts_text(process['faults'])}"
    if seconds > 0:
        yield f"  {total / seconds:,.0f} faults a second in {seconds:.2f} s"
    for kind, counts in process["regions"].items():
        yield f"  {kind:8} {counts_text(counts)}"
    working = process["working_set"]
    yield f"  working set: {working['most']:,} pages at the most, {working['mean']:,} in the mean of {WINDOWS} parts"
    for page in process["hottest"]:
        yield f"  {page['faults']:,} faults on page {page['address']:#010x}"
    for stall in process["stalls"][:3]:
        yield f"  waited {story.time(stall['ticks'])} for {stall['address']:#010x} ({stall['kind']}), at {story.time(stall['at'])}"


class DifferentPrograms(Exception):
    """Two traces that cannot be compared; why."""


def compare_lines(one, other):
    """How OTHER differs from ONE, two Stories."""
    names = [Counter(process.name for process in story.real_processes() if process.pid is not None) for story in (one, other)]
    if names[0] != names[1]:
        raise DifferentPrograms(f"{one.trace.name} ran {', '.join(sorted(names[0])) or 'nothing'}, "
                                f"{other.trace.name} {', '.join(sorted(names[1])) or 'nothing'}: different programs")
    figures = [one.figures(), other.figures()]
    rows = [("policy", one.trace.policy, other.trace.policy), ("frames", one.trace.frames, other.trace.frames)]
    for name in ("events", "pages_read", "pages_written", "evictions"):
        rows.append((name.replace("_", " "), figures[0][name], figures[1][name]))
    rows.append(("read ahead, of no use", figures[0]["readahead"]["of_no_use"], figures[1]["readahead"]["of_no_use"]))
    for first, second in zip(*(sorted(f["processes"], key=lambda p: (p["name"], p["pid"] or 0)) for f in figures)):
        rows.append((f"{first['name']}: faults", sum(first["faults"].values()), sum(second["faults"].values())))
        for kind, count in first["faults"].items():
            if count or second["faults"][kind]:
                rows.append((f"  {kind}", count, second["faults"][kind]))
        for a, b in zip(first["marks"], second["marks"]):
            if a["text"] != b["text"]:
                break
            rows.append((f"  faults until mark {a['text']}", a["faults"], b["faults"]))
    yield f"{'':28} {'one':>14} {'other':>14}"
    for name, a, b in rows:
        change = f"{(b - a) / a:+.1%}" if isinstance(a, int) and a else ""
        yield f"{name:28} {a if isinstance(a, str) else format(a, ','):>14} {b if isinstance(b, str) else format(b, ','):>14} {change:>9}"
