"""The tool `quire-trace`: what is in a trace of events."""

import json
import os
import sys
import time

from quire import events, page, rebuild, tracelife, traceout, tracestory
from quire.host import Failure, say, write_all
from quire.launcher import guarded

HELP = """quire-trace FILE [OPTION...]: tells what is in a trace of events (docs/trace.md)

FILE is a trace (pintos --trace=FILE, make run TRACE=FILE, soak --record FILE ...), or the memory of a machine that runs.

What to tell; without any a summary, by process and region:
  --why=ADDRESS[@MS]  why the page at ADDRESS is where it is, at the end or at a time, in sentences
  --page=ADDRESS      the whole life of the page at ADDRESS, in every process
  --compare=OTHER     how trace OTHER, of the same program, differs
  --html=OUT          a page that shows it, for any browser, without a network; with --compare=OTHER both side by side
  --check             rebuild the tables from the events and compare them with the tables in the trace

For other programs, to standard output or with --out=NAME to a file:
  --perfetto          for ui.perfetto.dev
  --ftrace            as Linux's ftrace
  --csv               a line for each event
  --json              the summary
  --pages             page numbers, for quire-sim

  --kernel=ELF        the kernel whose memory FILE is, if it is no trace (build/kernel.elf)
  --help              this
"""
WITH_VALUE = ("why", "page", "html", "compare", "kernel", "out")
FORMATS = ("perfetto", "ftrace", "csv", "json", "pages")
FLAGS = ("check", "help") + FORMATS
PROGRESS_SECONDS = 0.5


class Progress:
    """A line on a terminal that says how far it is, once it takes long."""

    def __init__(self):
        self.shown, self.due = False, time.monotonic() + PROGRESS_SECONDS
        self.wanted = sys.stderr is not None and os.isatty(2)

    def __call__(self, what):
        if not self.wanted or time.monotonic() < self.due:
            return
        self.shown, self.due = True, time.monotonic() + PROGRESS_SECONDS
        text = f"{what:,} events" if isinstance(what, int) else f"reading {what}"
        write_all(2, f"\r{text}...\x1b[K".encode())

    def end(self):
        """Wipes the line."""
        if self.shown:
            write_all(2, b"\r\x1b[K")


def check(trace):
    """Compares what the events say with the tables; the exit status."""
    if trace.starts_in_the_middle:
        raise Failure(f"{trace.name}: starts in the middle: {trace.lost:,} events before it are missing, so no table can be rebuilt")
    times, lines = rebuild.check(trace)
    if times == 0:
        raise Failure(f"{trace.name}: has no tables to compare with: record it with -trace-tables")
    print_lines(lines[:20] + [f"{times} times the tables were {'not ' if lines else ''}as the events say"], 1)
    return 1 if lines else 0


def write_html(trace, options, progress):
    """Writes the page that OPTIONS ask for, of TRACE and the one it is compared with; the exit status."""
    traces = [trace]
    if "compare" in options:
        traces.append(events.load(options["compare"], options.get("kernel"), progress))
    page.write(options["html"], [(os.path.basename(each.name), events.packed(each)) for each in traces], say)
    return 0


def print_lines(lines, descriptor):
    """Writes LINES, many at a time."""
    batch = []
    for line in lines:
        batch.append(line)
        if len(batch) == 4096:
            write_all(descriptor, ("\n".join(batch) + "\n").encode("utf-8", "replace"))
            batch = []
    if batch:
        write_all(descriptor, ("\n".join(batch) + "\n").encode("utf-8", "replace"))


def lines_of(trace, options, progress):
    """What OPTIONS ask for of TRACE, line by line."""
    if "why" in options or "page" in options:
        return tracelife.life_lines(trace, options.get("why") or options["page"], "why" in options)
    if "perfetto" in options:
        return [traceout.Perfetto(trace).json()]
    for name, lines in (("csv", traceout.csv_lines), ("ftrace", traceout.ftrace_lines), ("pages", traceout.page_lines)):
        if name in options:
            return lines(trace)
    story = tracestory.Story(trace, progress)
    if "compare" in options:
        other = events.load(options["compare"], options.get("kernel"), progress)
        try:
            return list(tracestory.compare_lines(story, tracestory.Story(other, progress)))
        except tracestory.DifferentPrograms as error:
            raise Failure(str(error)) from error
    if "json" in options:
        return [json.dumps(story.figures(), indent=1)]
    return tracestory.summary_lines(story)


def parse(words):
    """The files and the options among WORDS."""
    files, options, words = [], {}, list(words)
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            files.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        if name in WITH_VALUE:
            if not equals and not words:
                raise Failure(f"--{name} needs a value; quire-trace --help tells more")
            options[name] = value if equals else words.pop(0)
        elif name in FLAGS and not equals:
            options[name] = True
        else:
            raise Failure(f"unknown option {word}; quire-trace --help tells all")
    return files, options


def run(words):
    """Does what WORDS ask for; the exit status."""
    files, options = parse(words)
    if not words or "help" in options:
        write_all(1, HELP.encode())
        return 0
    if len(files) != 1:
        raise Failure(f"{len(files)} files are given, not one; quire-trace --help tells more")
    asked = [name for name in options if name not in ("kernel", "out") and not (name == "compare" and "html" in options)]
    if len(asked) > 1:
        raise Failure(f"--{asked[0]} and --{asked[1]}: one at a time")
    progress = Progress()
    try:
        trace = events.load(files[0], options.get("kernel"), progress)
        if "check" in options:
            return check(trace)
        if "html" in options:
            return write_html(trace, options, progress)
        lines = lines_of(trace, options, progress)
        if "out" not in options:
            print_lines(lines, 1)
            return 0
        descriptor = os.open(options["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            print_lines(lines, descriptor)
        finally:
            os.close(descriptor)
        return 0
    finally:
        progress.end()


def main(words):
    """The tool's entry."""
    return guarded(lambda: run(words), "quire-trace")
