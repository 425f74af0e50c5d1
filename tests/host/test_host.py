"""Unit tests of what runs on the host as well."""

import os
import shutil
import subprocess

import pytest

import support

BUILT = os.path.join(support.BUILD, "tests", "host")


def run(command, seconds=100):
    """Runs COMMAND; its output is the reason if it fails."""
    result = subprocess.run(command, cwd=support.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            errors="replace", check=False, timeout=seconds)
    if result.returncode != 0:
        pytest.fail(f"{' '.join(command)}: status {result.returncode}\n{support.tail(result.stdout, 40)}",
                    pytrace=False)
    return result.stdout


@pytest.mark.parametrize("name", ["lib_test", "radix_test"])
def test_unit(name):
    """cmocka's verdict on one program."""
    if not os.path.exists("/usr/include/cmocka.h"):
        pytest.skip("cmocka is not installed")
    if shutil.which("cc") is None:
        pytest.skip("no host compiler")
    target = os.path.join(BUILT, name)
    run(["make", "-s", "-f", "tests/host/host.mk", f"BUILD={support.BUILD}", target])
    run([target])
