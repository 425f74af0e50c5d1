"""What all tests share: --repeat, the time limit, and the order."""

import os
import signal
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live  # noqa: E402

# Who started us in the background may have had interrupts ignored, and what is ignored is inherited:
# what the tests start must meet them as in a terminal.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

TEST_SECONDS = 600  # No test needs a tenth of it on an idle machine; more is a hang.


def pytest_addoption(parser):
    """Options of our own."""
    parser.addoption("--repeat", type=int, default=1, metavar="N", help="run each test N times")
    parser.addoption("--only", metavar="FILE", help="run only the tests that are named in FILE")


def pytest_configure(config):
    """Marks that tests may carry."""
    config.addinivalue_line("markers", "heavy: takes longest, so starts first")
    config.addinivalue_line("markers", "battery: takes long, and is left to `make check-all`")
    config.addinivalue_line("markers", "quick: one of a minute's worth of tests, `make check K=quick`")
    config.option.tbstyle = "short"


def pytest_generate_tests(metafunc):
    """Multiplies each test for --repeat."""
    count = metafunc.config.option.repeat
    if count > 1:
        metafunc.fixturenames.append("repetition")
        metafunc.parametrize("repetition", range(count), ids=[f"run{n + 1}" for n in range(count)])


def pytest_collection_modifyitems(config, items):
    """Only those that were asked for by name; the longest first, so that no processor idles at the end."""
    if config.option.only:
        with open(config.option.only, encoding="utf-8") as file:
            wanted = set(file.read().split("\n"))
        items[:] = [item for item in items if live.plain_id(item.nodeid) in wanted]
    items.sort(key=lambda item: item.get_closest_marker("heavy") is None)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """Fails a test that hangs."""

    def expire(_signal, _frame):
        pytest.fail(f"time-out: still running after {TEST_SECONDS} seconds", pytrace=True)

    before = signal.signal(signal.SIGALRM, expire)
    signal.alarm(TEST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
