"""Events tell everything: the tables rebuilt from them are the tables themselves, at many moments of a run."""

import os
import subprocess

import pytest

import support

QUIRE_TRACE = os.path.join(support.ROOT, "tools", "quire-trace")


def record(tmp_path, seed, operations):
    """A trace of SEED."""
    program = os.path.join(support.BUILD, "host", "fast", "soak")
    support.make("tests/host/host.mk", program)
    name = str(tmp_path / f"{seed}.qtrace")
    subprocess.run([program, "--record", name, str(seed), str(operations)], check=True)
    return name


def quire_trace(*words):
    """What the tool says, and its exit status."""
    result = subprocess.run([QUIRE_TRACE, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return result.stdout, result.returncode


@pytest.mark.parametrize("seed", support.after(6, range(1, 15)))
def test_tables(tmp_path, seed):
    """Each seed has another policy, pool, and kind of failing disk."""
    said, status = quire_trace(record(tmp_path, seed, 4000), "--check")
    assert status == 0, said
    assert said == "80 times the tables were as the events say\n"
