"""What all tests share: --repeat, the time limit, and the order."""

import os
import signal
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# Who started us in the background may have had interrupts ignored, and what is ignored is inherited:
# what the tests start must meet them as in a terminal.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

TEST_SECONDS = 150  # No test needs a third of it; more is a hang.


def pytest_addoption(parser):
    """--repeat N runs each test N times."""
    parser.addoption("--repeat", type=int, default=1, metavar="N", help="run each test N times")


def pytest_configure(config):
    """Marks that tests may carry."""
    config.addinivalue_line("markers", "heavy: takes longest, so starts first")
    config.option.tbstyle = "short"


def pytest_generate_tests(metafunc):
    """Multiplies each test for --repeat."""
    count = metafunc.config.option.repeat
    if count > 1:
        metafunc.fixturenames.append("repetition")
        metafunc.parametrize("repetition", range(count), ids=[f"run{n + 1}" for n in range(count)])


def pytest_collection_modifyitems(items):
    """The longest first, so that no processor idles at the end."""
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
