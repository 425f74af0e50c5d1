"""The fuzz targets: each runs its corpus in the repository and what comes next; `make fuzz` goes on for longer."""

import os
import shutil
import subprocess

import pytest

import support

RUN = os.path.join(support.TESTS, "fuzz", "run")
# Inputs in the short form: a few seconds of each target.
RUNS = {"elf": 4000, "ext2": 500, "syscalls": 600, "cmdline": 4000, "path": 1500}


@pytest.fixture(scope="module", autouse=True)
def targets():
    """The targets, built."""
    for tool in ("clang", "mke2fs"):
        if shutil.which(tool, path=os.environ["PATH"] + ":/sbin:/usr/sbin") is None:
            pytest.skip(f"{tool} is not installed")
    support.make("tests/fuzz/fuzz.mk", "targets")


@pytest.mark.battery
@pytest.mark.parametrize("target", RUNS)
def test_fuzz(tmp_path, target):
    """Nothing that is known, and nothing that is tried, breaks it."""
    bound = ["--seconds", "60"] if support.LONG else ["--runs", str(RUNS[target])]
    os.symlink(os.path.join(support.BUILD, "tests"), tmp_path / "tests")
    result = subprocess.run([RUN, "--built", "--target", target, "--seed", "1", *bound], check=False, text=True,
                            env={**os.environ, "BUILD": str(tmp_path)}, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, timeout=500)
    assert result.returncode == 0, result.stdout
