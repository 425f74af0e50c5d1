"""Unit tests of what runs on the host as well."""

import os
import shutil
import subprocess
import sys

import pytest

import support

BUILT = os.path.join(support.BUILD, "tests", "host")


def run(command, seconds=500, seeds=None):
    """Runs COMMAND, with fewer SEEDS than usual if this is the short form; its output is the reason if it fails."""
    environment = {**os.environ, **({} if seeds is None or support.LONG else {"SEEDS": str(seeds)})}
    result = subprocess.run(command, cwd=support.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            errors="replace", check=False, timeout=seconds)
    if result.returncode != 0:
        pytest.fail(f"{' '.join(command)}: status {result.returncode}\n{support.tail(result.stdout, 40)}",
                    pytrace=False)
    return result.stdout


def build(name, header=None):
    """The program NAME, built; skips the test if the host cannot."""
    if header is not None and not os.path.exists(header):
        pytest.skip(f"{header} is not there")
    if shutil.which("cc") is None:
        pytest.skip("no host compiler")
    target = os.path.normpath(os.path.join(BUILT, name))
    support.make("tests/host/host.mk", target)
    return target


@pytest.mark.quick
@pytest.mark.parametrize("name", ["lib_test", "radix_test", "float_test", "user_lib_test", "edit_test", "policy_test"])
def test_unit(name):
    """cmocka's verdict on one program."""
    run([build(name, "/usr/include/cmocka.h")])


@pytest.mark.quick
def test_vm_unit():
    """cmocka's verdict on what the VM says, and on arguments without meaning."""
    run([build("../../host/asan/vm_test", "/usr/include/cmocka.h")])


@pytest.mark.quick
def test_vm_scenarios():
    """What once went wrong goes right, under many seeds."""
    run([build("../../host/asan/vm_scenarios")], seeds=60)


TOPICS = ["memory", "files", "swap", "fork", "map", "grow", "calls", "transfers", "several"]


@pytest.mark.parametrize("topic", support.only(TOPICS[:-1], TOPICS))
def test_vm_failures(topic):
    """Whatever the VM asks of its machine fails once, and from then on."""
    run([build("../../host/asan/vm_failures"), topic])


@pytest.mark.battery
@pytest.mark.heavy
def test_vm_failures_several():
    """The same for several processes, without sanitizers."""
    run([build("../../host/fast/vm_failures"), "several"], seeds=1)


@pytest.mark.battery
def test_coverage():
    """At least 95 % of the lines of vm/ and 90 % of its branches are run by the tests on the host."""
    if not os.path.exists("/usr/include/cmocka.h") or shutil.which("gcov") is None:
        pytest.skip("no cmocka, or no gcov")
    options = [] if support.LONG else ["--seeds", "10", "--operations", "2000", "--jobs", "1"]
    assert "coverage: " in run([sys.executable, os.path.join(os.path.dirname(__file__), "coverage"), *options], 500)

