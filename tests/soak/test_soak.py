"""The VM against flat arrays: many seeds, and every plan that once failed."""

import os
import subprocess

import pytest

import support

HERE = os.path.dirname(os.path.abspath(__file__))
SEEDS = 32
OPERATIONS = 100_000
GROUP = 2  # Seeds of one test.
TSAN_SEEDS = 20 if support.LONG else 3
TSAN_OPERATIONS = 1_000_000 if support.LONG else 10_000


def play(flavour, arguments, every=1):
    """Runs the program as FLAVOUR."""
    program = os.path.join(support.BUILD, "host", flavour, "soak")
    support.make("tests/host/host.mk", program)
    environment = {**os.environ, "CHECK_EVERY": str(every), "SHRINK": "0" if flavour == "tsan" else "1"}
    result = subprocess.run([program, *map(str, arguments)], env=environment, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if result.returncode != 0:
        support.fail(support.tail(result.stdout, 80))
    return result.stdout


@pytest.mark.heavy
def test_daily():
    """Random operations agree with flat arrays, and all invariants hold after each."""
    play("asan", [1, GROUP, OPERATIONS // 4])


@pytest.mark.battery
@pytest.mark.parametrize("first", range(1, SEEDS + 1, GROUP), ids="from{:02}".format)
def test_seeds(first):
    """More seeds, and more operations of each."""
    flavour = "asan" if first % (2 * GROUP) == 1 else "asan32"
    play(flavour, [first, GROUP, OPERATIONS])


@pytest.mark.battery
@pytest.mark.parametrize("first", range(1, TSAN_SEEDS + 1))
def test_threads(first):
    """The same by threads that truly run at the same time: no data race, no lost update."""
    play("tsan", [first, 1, TSAN_OPERATIONS], 64)


@pytest.mark.parametrize("name", sorted(os.listdir(os.path.join(HERE, "plans"))))
def test_plan(name):
    """What once failed."""
    play("asan", ["--plan", os.path.join(HERE, "plans", name)])


def test_deterministic():
    """The same seed is the same run, to the last switch of threads."""
    program = os.path.join(support.BUILD, "host", "fast", "soak")
    support.make("tests/host/host.mk", program)
    runs = {play("fast", ["--trace", 7, 3000]) for _ in range(3)}
    assert len(runs) == 1 and "faults" in runs.pop()


def test_shortening(tmp_path):
    """A plan that says what is not true is found out, and an unreadable one is refused."""
    for text, status in (("machine processes 1 frames 2\n", 2), ("", 2)):
        plan = tmp_path / "plan"
        plan.write_text(text)
        program = os.path.join(support.BUILD, "host", "fast", "soak")
        support.make("tests/host/host.mk", program)
        assert subprocess.run([program, "--plan", plan], stderr=subprocess.DEVNULL, check=False).returncode == status
