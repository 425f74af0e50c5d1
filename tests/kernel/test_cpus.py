"""Processors with more or less floating point: none, x87 alone, FXSAVE without SSE, SSE."""

import pytest

import machine
import support

PROGRAMS = ("vm-float", "float-start", "matmult", "child-instruction")
CPUS = {"none": "pentium3,fpu=off", "x87": "pentium2,fxsr=off", "fxsave": "pentium2", "sse": "pentium3", "today": "max"}


def boot(tmp_path, cpu, commands):
    """The console of a guest with processor CPU that runs COMMANDS in a small pool."""
    image, disk = str(tmp_path / "filesys"), str(tmp_path / "disk")
    machine.make_filesystem(image, 2, {name: support.program(name) for name in PROGRAMS})
    machine.make_disk(disk, [("filesys", image), ("swap", 4 * 2048)])
    actions = " ".join(f"run '{command}'" for command in commands)
    console = machine.boot(f"-q -ul=24 check {actions} check", [disk], extra=["-cpu", cpu])
    console.check(len(console.checks()) == 2, "the kernel's own check failed, or said nothing")
    support.check_counts(console, *console.checks())
    return console


@pytest.mark.parametrize("name", [name for name in CPUS if name != "none"])
def test_floating_point(tmp_path, name):
    """Registers are clean at the start, kept, and computed with, whatever instructions save them."""
    console = boot(tmp_path, CPUS[name], ["vm-float 5", "float-start", "matmult", "child-instruction fpu"])
    for line in ("vm-float: exit(0)", "float-start: exit(0)", "matmult: exit(2064512)", "child-instruction: exit(-1)"):
        console.check(line in console.text, f"no line `{line}'")
    console.check("(#MF x87 FPU Floating-Point Error)" in console.text, "an x87 error was not told")


def test_without_unit(tmp_path):
    """A program that wants floating point is told that there is none; nobody else notices."""
    console = boot(tmp_path, CPUS["none"], ["matmult", "child-instruction ud2"])
    console.check("matmult: dying due to interrupt 0x07 (#NM Device Not Available Exception)." in console.text,
                  "no line about the unit")
    console.check("matmult: exit(-1)" in console.text, "it went on")
