"""Planted bugs are found: some of them here, all by `make mutants`."""

import os
import re
import subprocess

import pytest

import support
from mutants.mutants import MUTANTS, SHORT

HERE = os.path.dirname(os.path.abspath(__file__))


@pytest.mark.battery
def test_planted():
    """Those of the short list are found, each by what it breaks."""
    names = list(MUTANTS) if support.LONG else SHORT
    command = [os.path.join(HERE, "run"), *(word for name in names for word in ("--only", name))]
    result = subprocess.run(command, env={**os.environ, "BUILD": support.BUILD}, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if not re.search(rf"mutants: {len(names)} of {len(names)} found", result.stdout) and not support.LONG:
        support.fail(result.stdout)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", MUTANTS)
def test_fits(name):
    """The text that a bug replaces stands in its file once: the list keeps up with the code."""
    path, old, new = MUTANTS[name]
    with open(os.path.join(support.ROOT, path), encoding="utf-8") as file:
        assert file.read().count(old) == 1
    assert old != new


def test_enough():
    """There are at least forty, in every file of vm/ that moves pages."""
    assert len(MUTANTS) >= 40
    files = {path for path, _, _ in MUTANTS.values()}
    assert {"vm/page.c", "vm/frame.c", "vm/fault.c", "vm/reclaim.c", "vm/spt.c", "vm/swap.c", "vm/store.c"} <= files
