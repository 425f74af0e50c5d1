"""`make run` and `make shell`: the variables they take, and the bad values they refuse."""

import os
import shutil
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("BUILD") or os.path.join(ROOT, "build"))
DEMO = os.path.join(ROOT, "tools", "run-demo")


def demo(mode="run", stdin=b"", **settings):
    """Runs what `make run` runs after building, with variables SETTINGS."""
    environment = dict(os.environ, BUILD=BUILD, **settings)
    return subprocess.run([DEMO, mode], input=stdin, capture_output=True, env=environment, timeout=120,
                          check=False)


BAD_SETTINGS = [
    ({"FRAMES": "abc"}, "FRAMES=abc: not a number of page frames from 4 to"),
    ({"FRAMES": "0"}, "FRAMES=0: not a number of page frames"),
    ({"FRAMES": "-5"}, "FRAMES=-5: not a number of page frames"),
    ({"SWAP": "lots"}, "SWAP=lots: not a valid size in MB"),
    ({"SWAP": "-1"}, "SWAP=-1: not a valid size in MB"),
    ({"MEM": "4M"}, "MEM=4M: not a number of MB from 2 to"),
    ({"MEM": "0"}, "MEM=0: not a number of MB"),
    ({"PROG": "no-such-program 1 2"}, "PROG: no program no-such-program; there are"),
    ({"PROG": "../echo"}, "PROG: no program ../echo"),
]


@pytest.mark.parametrize("settings, text", BAD_SETTINGS, ids=[str(settings) for settings, _ in BAD_SETTINGS])
def test_bad_setting(settings, text):
    result = demo(**settings)
    assert result.returncode == 1
    assert text in result.stderr.decode()
    assert len(result.stderr.decode().splitlines()) <= 2


def test_run_sorts():
    result = demo(PROG="sort 256K", FRAMES="24")
    assert result.returncode == 0, result.stdout.decode() + result.stderr.decode()
    assert b"sort: exit(0)" in result.stdout
    assert b"s from power-on to power-off" in result.stdout


def test_shell_takes_commands():
    result = demo("shell", stdin=b"echo from the shell\nexit\n")
    assert result.returncode == 0
    assert b"from the shell" in result.stdout


def test_shell_ends_with_its_input():
    assert demo("shell", stdin=b"echo last\n").returncode == 0


@pytest.mark.parametrize("words, text", [
    (["CC=no-such-compiler"], "CC=no-such-compiler cannot build freestanding 32-bit x86 programs"),
    (["CROSS_COMPILE=no-such-"], "no-such-gcc (from CROSS_COMPILE) cannot build"),
], ids=["compiler", "prefix"])
def test_make_without_a_compiler(tmp_path, words, text):
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    result = subprocess.run(["make", f"BUILD={tmp_path}", *words], cwd=ROOT, capture_output=True, text=True,
                            timeout=60, check=False)
    assert result.returncode == 2
    assert text in result.stderr
