"""Attacks on the kernel from within: tests/guest/attacks/*.c has them, in tables by groups.

Each ends in a kill or an error; then a canary program finds all in order, and the kernel's own check
finds every invariant kept and everything given back.
"""

import glob
import os
import re
import tempfile

import pytest

import elf_corpus
import machine
import support

ATTACKS = os.path.join(support.TESTS, "guest", "attacks")
ROW = re.compile(r'\{"([a-z0-9-]+)", [a-z0-9_]+, (KILLED|REFUSED)\}')
SHUFFLE_SECONDS = 120
PART = 25  # Attacks in one boot: more do not fit the command line.


def read_groups():
    """Group -> names of its attacks, as the tables have them."""
    groups = {}
    for path in sorted(glob.glob(os.path.join(ATTACKS, "*.c"))):
        with open(path, encoding="utf-8") as file:
            names = [name for name, _ in ROW.findall(file.read())]
        if names:
            groups[os.path.basename(path)[:-2]] = names
    return groups


GROUPS = read_groups()
NAMES = [name for names in GROUPS.values() for name in names]


def boot(options, commands, seconds=support.SECONDS):
    """Runs COMMANDS in one guest, with a check before and after each; returns its console."""
    with tempfile.TemporaryDirectory(prefix="quire-attack-") as folder:
        filesys, disk = os.path.join(folder, "filesys"), os.path.join(folder, "disk")
        files = {name: support.program(name) for name in ("attack", "attack-canary")}
        files |= {f"elf/{name}": data for name, data in elf_corpus.hostile().items()}
        files |= {f"elf/fuzzed-{n}": data for n, data in enumerate(elf_corpus.fuzzed(40, 7))}
        machine.make_filesystem(filesys, 4, files)
        machine.make_disk(disk, [("filesys", filesys), ("swap", 4 * 2048)])
        actions = " check ".join(["", *(f"run '{command}'" for command in commands), ""])
        console = machine.boot(" ".join(["-q", *options, actions.strip()]), [disk], seconds=seconds)
        machine.extract(disk, "filesys", filesys)
        support.fsck(console, filesys)
        with open(filesys, "rb") as image:
            console.check(bytes([ord("K") ^ 0x11]) * 32 not in image.read(), "bytes from beyond the end of a file are on disk")
    return console


def judge(console, commands):
    """Each command must have ended well, and left nothing behind."""
    # What a program does whose file was changed is its own affair.
    failures = re.findall(r"^\((?!copy\)).*\) FAIL.*$", console.text, re.MULTILINE)
    console.check(not failures, "\n".join(failures))
    console.check("PANIC" not in console.text, "a panic")
    checks = console.checks()
    for number, command in enumerate(commands):
        console.check("attack: exit(0)" in console.lines_of(command), f"{command} did not end well")
        console.check(len(checks) > number + 1, f"no good check after {command}")
        support.check_counts(console, checks[0], checks[number + 1])
    console.check("Powering off" in console.text, "the kernel did not live on")


def parts():
    """(group, its attacks that run in one boot)."""
    for group, names in GROUPS.items():
        for start in range(0, len(names), PART):
            yield pytest.param(names[start:start + PART], id=f"{group}{start // PART or ''}")


def test_tables():
    """There are as many different attacks as promised, of all groups."""
    assert len(NAMES) == len(set(NAMES)) >= 64, f"{len(NAMES)} attacks, {len(set(NAMES))} names"
    assert len(GROUPS) >= 11, sorted(GROUPS)


@pytest.mark.parametrize("names", parts())
def test_attacks(names):
    """Each attack by itself."""
    commands = [f"attack {name}" for name in names]
    judge(boot(["-vm-check=256"], commands), commands)


def shuffled(seed, count, options):
    """COUNT attacks in the order of SEED in one guest."""
    command = f"attack shuffle {seed} {count}"
    judge(boot(options, [command], SHUFFLE_SECONDS), [command])


@pytest.mark.parametrize("seed", range(1, 1 + (8 if support.LONG else 1)))
def test_attacks_shuffled(seed):
    """Attacks one after another in random order."""
    shuffled(seed, 150 if support.LONG else 40, ["-vm-check=256"])


@pytest.mark.parametrize("seed", range(1, 1 + (8 if support.LONG else 1)))
def test_attacks_stressed(seed):
    """The same while pages leave at every chance and disks answer late and out of order."""
    shuffled(seed, 40 if support.LONG else 15, [f"-vm-stress={seed}", "-vm-check=64"])


@pytest.mark.parametrize("frames", (12, 20, 33, 60) if support.LONG else (20,))
def test_attacks_tiny(frames):
    """The same in a pool too small for one program."""
    shuffled(frames, 60 if support.LONG else 20, [f"-ul={frames}", "-vm-check=64"])
