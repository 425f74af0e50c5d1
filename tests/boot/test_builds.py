"""The system builds without a warning and boots, by every compiler and option that it may meet."""

import os
import re
import shutil
import subprocess

import pytest

import support

FORM = {
    "gcc-O0": ("OPT=-O0",),
    "gcc-O1": ("OPT=-O1",),
    "gcc-O2": ("OPT=-O2",),
    "gcc-Os": ("OPT=-Os",),
    "clang": ("CC=clang",),
    "clang-O0": ("CC=clang", "OPT=-O0"),
    "gnu2x": ("STD=-std=gnu2x",),
    "pie-default": ("CC=gcc -fPIE -pie",),
    "fortify-stack-protector": ("CC=gcc -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fcf-protection",),
    "no-common": ("EXTRA_CFLAGS=-fno-common",),
    "lld": ("LD32=ld.lld -m elf_i386",),
}


def run_make(command):
    """Runs COMMAND and keeps what it says."""
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


@pytest.mark.heavy
@pytest.mark.battery
@pytest.mark.parametrize("name", FORM)
def test_build(name):
    """`make' with these variables makes a kernel and programs that run, without a warning."""
    variables = FORM[name]
    for word in " ".join(variables).split():
        tool = word.rpartition("=")[2] if word.startswith(("CC=", "LD32=")) else None
        if tool and shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    build = os.path.join(support.BUILD, "variants", name)
    command = ["make", "-s", "-C", support.ROOT, f"BUILD={build}", "kernel", f"{build}/user/echo", *variables]
    made = run_make(command)
    if made.returncode != 0:
        # What an older tree left there may be in the way.
        shutil.rmtree(build, ignore_errors=True)
        made = run_make(command)
    shown = " ".join(command)
    if made.returncode != 0:
        pytest.fail(f"{shown}\n{support.tail(made.stdout, 40)}", pytrace=False)
    warnings = [line for line in made.stdout.split("\n") if re.search(r"\bwarning\b", line)]
    if warnings:
        pytest.fail(f"{shown}\n" + "\n".join(warnings[:40]), pytrace=False)
    console = support.pintos(
        [f"--kernel={build}/kernel.elf", "--filesys-size=1", "--swap-size=1", "-p", f"{build}/user/echo", "-a", "echo"],
        ["-q", "-f", "-ul=4", "run", "echo hello world"])
    console.check(console.lines_of("echo hello world") == ["hello world", "echo: exit(0)"], "not what echo prints")
    console.expect_clean_end()
