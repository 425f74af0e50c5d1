"""A pytest plugin: one line for each test as it ends, and one closing line.

Loaded by tests/run.  It silences pytest's own report.
"""

import os
import re
import shlex
import sys
import time

import pytest

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


def repeat_command(nodeid):
    """The command that runs just this test again."""
    nodeid = re.sub(r"\[run\d+\]$", "", nodeid)
    nodeid = re.sub(r"\[run\d+-", "[", nodeid)
    build = os.environ.get("BUILD", "")
    prefix = "" if build == os.path.join(ROOT, "build") else f"BUILD={shlex.quote(build)} "
    return prefix + shlex.join([os.path.join(ROOT, "tests", "run"), nodeid])


class LiveReporter:
    """Writes the lines."""

    def __init__(self):
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}
        self.started = time.monotonic()
        self.done = set()

    @staticmethod
    def say(text=""):
        """Writes one line at once; a file name may hold any byte."""
        data = (text + "\n").encode("utf-8", "backslashreplace")
        sys.__stdout__.buffer.write(data)
        sys.__stdout__.buffer.flush()

    def fail(self, name, reason, command=None):
        """Counts and explains a failure."""
        self.counts["failed"] += 1
        for line in str(reason).rstrip().split("\n"):
            if not re.match(r"\[gw\d+\] ", line):
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
        reason = ""
        if report.skipped and isinstance(report.longrepr, tuple):
            reason = "  (" + report.longrepr[2].removeprefix("Skipped: ") + ")"
        self.say(f"{name:<52} {verdict} {report.duration:6.1f} s{reason}")
        if report.failed:
            self.fail(name, report.longreprtext or "no reason given", repeat_command(report.nodeid))
        else:
            self.counts["passed" if report.passed else "skipped"] += 1

    def pytest_collectreport(self, report):
        """A test file that cannot be read is a failure too."""
        if report.failed:
            self.say(f"{report.nodeid:<52} FAIL    0.0 s")
            self.fail(report.nodeid, report.longreprtext)

    def pytest_internalerror(self, excrepr):
        """The runner itself is broken."""
        self.say("tests/run: internal error")
        self.fail("pytest", excrepr)

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
        self.say(f"{time.monotonic() - self.started:.0f} s in all")
        self.say("{passed} passed, {failed} failed, {skipped} skipped".format(**self.counts))


def pytest_xdist_make_scheduler(config, log):
    """Hands each processor one test besides the one it runs, not a large share: ours take long."""
    from xdist.scheduler import LoadScheduling

    class FineScheduling(LoadScheduling):
        """Tests two by two."""

        def _send_tests(self, node, num):
            super()._send_tests(node, max(0, min(num, 2 - len(self.node2pending[node]))))

    return FineScheduling(config, log)


def check_expression(text):
    """Refuses TEXT if it is no expression for -k: the workers would break at it."""
    from _pytest.mark.expression import Expression, ParseError

    try:
        Expression.compile(text or "any")
    except ParseError as error:
        raise pytest.UsageError(f"-k '{text}': {error}") from error


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Takes the place of pytest's reporter, in the process that the user sees."""
    if hasattr(config, "workerinput"):
        return
    check_expression(config.option.keyword)
    standard = config.pluginmanager.getplugin("terminalreporter")
    if standard is not None:
        standard._tw._file = open(os.devnull, "w", encoding="utf-8")  # pylint: disable=all
    config.pluginmanager.register(LiveReporter(), "live-reporter")
