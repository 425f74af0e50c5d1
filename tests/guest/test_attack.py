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
MOST_SECONDS = 400
PART = 25  # Attacks in one boot: more do not fit the command line.
STRESSED_PART = 6  # Under stress, where each takes its time.


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
        files = {name: support.program(name) for name in ("attack", "attack-canary", "true")}
        files |= {f"elf/{name}": data for name, data in elf_corpus.hostile().items()}
        files |= {f"elf/fuzzed-{n}": data for n, data in enumerate(elf_corpus.fuzzed(40, 7))}
        machine.make_filesystem(filesys, 4, files)
        machine.make_disk(disk, [("filesys", filesys), ("swap", 4 * 2048)])
        actions = " check ".join(["", *(f"run '{command}'" for command in commands), ""])
        console = machine.boot(" ".join(["-q", *options, actions.strip()]), [disk], seconds=seconds)
        console.check("PANIC" not in console.text, "a panic")
        console.check("Powering off" in console.text, "the kernel did not live on")
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
    checks = console.checks()
    for number, command in enumerate(commands):
        console.check("attack: exit(0)" in console.lines_of(command), f"{command} did not end well")
        console.check(len(checks) > number + 1, f"no good check after {command}")
        support.check_counts(console, checks[0], checks[number + 1])


def parts(size):
    """The attacks of each group, at most SIZE for one boot."""
    for group, names in GROUPS.items():
        for start in range(0, len(names), size):
            yield pytest.param(names[start:start + size], id=f"{group}{start // size or ''}")


def test_tables():
    """There are as many different attacks as promised, of all groups."""
    assert len(NAMES) == len(set(NAMES)) >= 64, f"{len(NAMES)} attacks, {len(set(NAMES))} names"
    assert len(GROUPS) >= 11, sorted(GROUPS)


@pytest.mark.parametrize("names", parts(PART))
def test_attacks(names):
    """Each attack by itself."""
    commands = [f"attack {name}" for name in names]
    judge(boot(["-vm-check=256"], commands), commands)


# What is tried under stress in the short form: what changes while the kernel waits for a disk.
WAITING = [*GROUPS["races"], "exec-torn", "mapped-before", "running-removed", "cow-swapped"]


@pytest.mark.battery
@pytest.mark.parametrize("seed", (1, 2, 3) if support.LONG else (1,))
@pytest.mark.parametrize("names", parts(STRESSED_PART) if support.LONG else [pytest.param(WAITING, id="waiting")])
def test_attacks_stressed(names, seed):
    """The same while pages leave at every chance and disks answer late and out of order."""
    commands = [f"attack {name}" for name in names]
    judge(boot([f"-vm-stress={seed}", "-vm-check=64"], commands, MOST_SECONDS), commands)


def run_one(command, options):
    """COMMAND in a guest by itself, however long it takes."""
    judge(boot(options, [command], MOST_SECONDS), [command])


@pytest.mark.battery
@pytest.mark.parametrize("seed", range(1, 1 + (8 if support.LONG else 1)))
def test_attacks_shuffled(seed):
    """Attacks one after another in random order."""
    run_one(f"attack shuffle {seed} {125 if support.LONG else 30}", ["-vm-check=256"])


@pytest.mark.battery
@pytest.mark.parametrize("frames", (12, 20, 33, 60) if support.LONG else (20,))
def test_attacks_tiny(frames):
    """The same in a pool too small for one program."""
    run_one(f"attack shuffle {frames} {60 if support.LONG else 20}", [f"-ul={frames}", "-vm-check=64"])


# Kernel options, and how many calls each process makes in the short form and in the long one.
RANDOM = {"plain": (["-vm-check=256"], 2000, 50000), "stressed": (["-vm-stress={seed}", "-vm-check=64"], 500, 5000),
          "small": (["-ul=60", "-vm-check=64"], 1000, 20000), "tiny": (["-ul=12", "-vm-check=64"], 500, 10000)}


@pytest.mark.parametrize("seed", range(1, 1 + (20 if support.LONG else 1)))
@pytest.mark.parametrize("kind", support.after(1, RANDOM))
def test_random_calls(kind, seed):
    """Random calls with hostile arguments by processes that share what they can."""
    options, short, long = RANDOM[kind]
    count = long if support.LONG else short
    run_one(f"attack random {seed} {count}", [word.format(seed=seed) for word in options])
