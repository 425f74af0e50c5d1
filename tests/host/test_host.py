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


def build(name, header=None):
    """The program NAME, built; skips the test if the host cannot."""
    if header is not None and not os.path.exists(header):
        pytest.skip(f"{header} is not there")
    if shutil.which("cc") is None:
        pytest.skip("no host compiler")
    target = os.path.join(BUILT, name)
    support.make("tests/host/host.mk", target)
    return target


@pytest.mark.parametrize("name", ["lib_test", "radix_test"])
def test_unit(name):
    """cmocka's verdict on one program."""
    run([build(name, "/usr/include/cmocka.h")])


# Processes, frames, slots.
MODELS = [(1, 16, 400), (3, 24, 600), (3, 8, 600), (4, 60, 300), (6, 40, 1000), (2, 200, 0)]


@pytest.mark.parametrize("size", MODELS, ids=["-".join(map(str, model)) for model in MODELS])
def test_vm_model(size):
    """Random operations on the VM agree with flat arrays, and every invariant holds after each."""
    program = build("vm_model")
    for seed in range(1, 4):
        run([program, str(seed), "6000", *map(str, size)])


def test_vm_scenarios():
    """What once went wrong goes right, under many seeds."""
    run([build("vm_scenarios")])
