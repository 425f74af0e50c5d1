"""A pytest plugin: one line for each test as it ends, why it failed, and closing lines.

Loaded by tests/run, which sends pytest's own report nowhere and hands over where ours goes.
"""

import os
import re
import shlex
import time

import pytest

import cause

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def short_name(nodeid):
    """guest/test_guest.py::test_guest[vm-linear] -> guest vm-linear."""
    path, _, rest = nodeid.partition("::")
    folder, _, file = path.rpartition("/")
    file = re.sub(r"^test_|\.py$", "", file)
    match = re.fullmatch(r"(?:test_)?([^\[]*)(?:\[(.*)\])?", rest)
    function, parameters = match.group(1), match.group(2)
    words = [folder.rpartition("/")[2]]
    if file != words[0]:
        words.append(file)
    if function not in words:
        words.append(function)
    if parameters:
        words.append(parameters)
    return " ".join(word for word in words if word)


def plain_id(nodeid):
    """NODEID without the number of its repetition."""
    return re.sub(r"\[run\d+\]$|(?<=\[)run\d+-", "", nodeid)


def repeat_command(nodeid):
    """The command that runs just this test again."""
    nodeid = plain_id(nodeid)
    build = os.environ.get("BUILD", "")
    prefix = "" if build == os.path.join(ROOT, "build") else f"BUILD={shlex.quote(build)} "
    return prefix + shlex.join([os.path.join(ROOT, "tests", "run"), nodeid])


class LiveReporter:
    """Writes the lines."""

    def __init__(self):
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}
        self.started = time.monotonic()
        self.done = set()
        self.ended = set()  # Ids of all tests that ended.
        self.failed = {}  # Id -> name and headline.
        self.report = os.fdopen(int(os.environ.get("TESTS_REPORT") or os.dup(1)), "wb", closefd=False)

    def say(self, text=""):
        """Writes one line at once; a file name may hold any byte."""
        self.report.write((text + "\n").encode("utf-8", "backslashreplace"))
        self.report.flush()

    def fail(self, nodeid, name, reason, command=None):
        """Counts and explains a failure: what says most comes first, then all there is."""
        self.counts["failed"] += 1
        lines = [line for line in cause.quiet(str(reason)).strip("\n").split("\n") if not re.match(r"\[gw\d+\] ", line)]
        headline = cause.headline("\n".join(lines))
        self.failed[nodeid] = (name, headline)
        for line in lines if lines[0].strip() == headline else [headline, *lines]:
            self.say(f"    {line}")
        if command:
            self.say(f"    repeat: {command}")

    def pytest_runtest_logreport(self, report):
        """One phase of a test is over; its last, or the first that went wrong, gives the line."""
        worker = getattr(report, "worker_id", "")
        key = (report.nodeid, worker)
        if key in self.done:
            if report.when == "teardown":
                self.done.discard(key)
            return
        if report.passed and report.when != "call":
            return
        if report.when != "teardown":
            self.done.add(key)
        verdict = "pass" if report.passed else "skip" if report.skipped else "FAIL"
        name = short_name(report.nodeid)
        self.ended.add(plain_id(report.nodeid))
        reason = ""
        if report.skipped and isinstance(report.longrepr, tuple):
            reason = "  (" + report.longrepr[2].removeprefix("Skipped: ") + ")"
        for note in (value for key, value in report.user_properties if key == "note"):
            reason = f"  ({note})"
        self.say(f"{name:<52} {verdict} {report.duration:6.1f} s{reason}")
        if report.failed:
            self.fail(report.nodeid, name, report.longreprtext or "no reason given", repeat_command(report.nodeid))
        else:
            self.counts["passed" if report.passed else "skipped"] += 1

    def pytest_collectreport(self, report):
        """A test file that cannot be read is a failure too."""
        if report.failed:
            self.say(f"{report.nodeid:<52} FAIL    0.0 s")
            self.fail(report.nodeid, report.nodeid, report.longreprtext)

    def pytest_internalerror(self, excrepr):
        """The runner itself is broken."""
        self.say("tests/run: internal error")
        self.fail("", "pytest", excrepr)

    def remember(self, path):
        """Notes in the file PATH which tests failed, for FAILED=1: those of before that did not run now stay."""
        if not path:
            return
        before = set()
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                before = set(file.read().split("\n")) - self.ended
        failed = sorted(filter(None, before | {plain_id(nodeid) for nodeid in self.failed}))
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(nodeid + "\n" for nodeid in failed))

    def list_failed(self):
        """The failed tests once more, each with its headline."""
        if self.failed:
            self.say("failed:")
        for name, headline in self.failed.values():
            self.say(f"  {name}: {headline}")
        if self.failed and os.environ.get("TESTS_FAILED"):
            self.say("again: make check FAILED=1")

    def pytest_keyboard_interrupt(self):
        """Ctrl-C."""
        self.say("interrupted")
        self.counts["failed"] += 1

    def pytest_collection_finish(self, session):
        """With --list: the names."""
        if session.config.option.collectonly:
            for item in session.items:
                self.say(f"{short_name(item.nodeid):<52} {item.nodeid}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        """The closing lines."""
        if session.config.option.collectonly:
            return
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            self.say("no test matches")
        elif exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self.counts["failed"] = max(self.counts["failed"], 1)
        self.remember(os.environ.get("TESTS_FAILED"))
        self.list_failed()
        self.say(f"{time.monotonic() - self.started:.0f} s in all")
        self.say("{passed} passed, {failed} failed, {skipped} skipped".format(**self.counts))


def pytest_configure(config):
    """Reports in the process that the user sees, not in those that run the tests."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(LiveReporter(), "live-reporter")
