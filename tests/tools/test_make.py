"""`make run` and `make shell`: the variables they take, and compilers that are not there."""

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
