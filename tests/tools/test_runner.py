"""The runner of the tests: what a failure says first, what is remembered of it, and what is selected."""

import os
import shutil
import subprocess
import sys

import pytest

import cause
import support

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CONSOLE = ["Boot complete.", "Executing 'x':", "Kernel PANIC at vm/page.c:7 in page_free(): it is in use", "Threads:",
           *(f"  thread {number}: waiting" for number in range(60))]
SAMPLE = """
import pytest, support
CONSOLE = "\\n".join({console!r})
@pytest.mark.quick
def test_good(): pass
@pytest.mark.battery
def test_long(): pass
def test_panic(): support.Console(CONSOLE, 3, ["guest"]).fail("leak: frames_free was 3, is 4")
def test_sum():
    assert 1 + 1 == 3, "arithmetic"
@pytest.mark.parametrize("number", [1, 2])
def test_odd(number): assert number % 2
"""


@pytest.fixture(name="suite")
def make_suite(tmp_path):
    """A function that runs a copy of the runner over the tests of SAMPLE, with words and variables."""
    tests, build = tmp_path / "tests", tmp_path / "build"
    tests.mkdir()
    build.mkdir()
    for name in ("run", "live.py", "conftest.py", "cause.py", "support.py", "versions.py"):
        shutil.copy(os.path.join(TESTS, name), tests)
    (build / "kernel.elf").write_bytes(b"")
    (tests / "test_sample.py").write_text(SAMPLE.format(console=CONSOLE))

    def run(*words, **variables):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("PYTHONPATH", "K", "ALL", "LONG", "FAILED", "REPEAT", "JUNIT", "TESTS_REPORT")}
        environment.update(BUILD=str(build), JOBS="1", **variables)
        return subprocess.run([sys.executable, tests / "run", *words], env=environment, text=True, capture_output=True,
                              check=False).stdout
    return run


def test_cause_first(suite):
    """The line after FAIL is the cause, though a message and sixty threads follow it; so it is told at the end."""
    panic = "Kernel PANIC at vm/page.c:7 in page_free(): it is in use"
    lines = suite().split("\n")
    place = next(number for number, line in enumerate(lines) if line.startswith("sample panic ") and "FAIL" in line)
    assert lines[place + 1] == f"    {panic}"
    reason = lines[place + 1:next(number for number in range(place, len(lines)) if "repeat: " in lines[number])]
    assert f"    | {panic}" in reason and "    | Executing 'x':" in reason and "    |   thread 59: waiting" in reason
    assert lines[-8:-3] == ["failed:", f"  sample panic: {panic}", "  sample sum: AssertionError: arithmetic",
                            "  sample odd 2: assert (2 % 2)", "again: make check FAILED=1"]
    assert lines[-2] == "2 passed, 3 failed, 0 skipped"


@pytest.mark.battery
def test_failed_again(suite):
    """FAILED=1 runs what failed, until it fails no more; what was not run meanwhile is not forgotten."""
    assert "no test failed the last time\n" == suite(FAILED="1")
    suite()
    assert suite(K="good or sum").endswith("1 passed, 1 failed, 0 skipped\n")
    again = suite(FAILED="1", REPEAT="2")
    assert again.endswith("0 passed, 6 failed, 0 skipped\n") and "sample panic run2" in again
    assert suite("-k", "good").endswith("1 passed, 0 failed, 0 skipped\n")
    assert suite(FAILED="1").endswith("0 passed, 3 failed, 0 skipped\n")


SELECTIONS = {"none": ({}, 5), "name and mark": ({"K": "battery or sum"}, 2), "all": ({"ALL": "1"}, 6),
              "long": ({"LONG": "1"}, 6), "quick": ({"K": "quick"}, 1)}


@pytest.mark.parametrize("name", support.after(2, SELECTIONS))
def test_selection(suite, name):
    """Without a word all run but the batteries; an expression chooses among all, by name and by mark."""
    variables, count = SELECTIONS[name]
    passed, failed, _ = suite(**variables).strip().split("\n")[-1].split(", ")
    assert int(passed.split()[0]) + int(failed.split()[0]) == count


@pytest.mark.parametrize("text, line", [
    ("x\ncheck: broken: a slot has one page\nFAIL y\n", "check: broken: a slot has one page"),
    ("a\n(vm-x) FAIL: page 3\nvm-x: dying due to interrupt 0x0e (#PF).\n", "(vm-x) FAIL: page 3"),
    ("==7==WARNING: ASan is ignoring requested __asan_handle_no_return: stack type: default\n"
     "vm/page.c:3:4: runtime error: index 4 out of bounds\n", "vm/page.c:3:4: runtime error: index 4 out of bounds"),
    ("# seed 4 of 2000 operations: byte 0x0 is 170 on disk\nmachine 4\n", "# seed 4 of 2000 operations: byte 0x0 is 170 on disk"),
    ("==7==WARNING: ASan doesn't fully support makecontext/swapcontext functions and may produce false positives\n| write: ok\n"
     "tests/host/failures_world.c:33 in judge(): the memory of store_read_user()\nscenario read\n",
     "tests/host/failures_world.c:33 in judge(): the memory of store_read_user()"),
    ("number=83: expected\n| Exception: 35 page faults\n", "number=83: expected"),
], ids=["invariant", "guest", "sanitizer", "soak", "rig", "none"])
def test_cause(text, line):
    """Whatever is printed beside it, the strongest line is the headline, and noise is gone."""
    assert cause.headline(text) == line
    assert "WARNING" not in cause.tail(text)
