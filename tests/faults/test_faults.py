"""Disks that fail: some cases of the matrix, all with LONG=1; and what the matrix cannot show."""

import os
import re
import subprocess
import sys
import tempfile

import pytest

import machine
import support

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import fault_cases as cases
import fault_guest as guest
from fault_judge import Failure, judge, run_drawn

SEED = 1
EACH = 2  # Workloads for each disk, kind and mode in the short form.


def selection():
    """Cases spread evenly: every disk, kind and mode, and every workload in turn."""
    groups = {}
    for case in cases.matrix(SEED):
        groups.setdefault((case.disk, case.kind, case.mode), []).append(case)
    for turn, group in enumerate(groups.values()):
        for step in range(EACH):
            yield group[(EACH * turn + step) * 5 % len(group)]


# What once went wrong: programs died because files could not be written; what was synced could not be found; a disk that
# was well again was of no use.
PINNED = ("files-write-always-map", "files-write-while-overwrite", "files-write-dies17-big", "files-read-dies11-hole",
          "files-write-dies3-hole", "files-write-while-tree")
CASES = list(dict.fromkeys([*cases.PROOFS, *PINNED, *(
    case.name for case in (cases.matrix(SEED) if support.LONG else selection()))]))


@pytest.fixture(name="template", scope="module")
def fixture_template():
    """A folder with the disks that all cases start from."""
    with tempfile.TemporaryDirectory(prefix="quire-faults-") as folder:
        guest.make_template(folder)
        yield folder


@pytest.mark.parametrize("name", support.after(3, CASES))
def test_case(name, template):
    """One case."""
    case = cases.parse(name)
    if case.by_nbdkit:
        support.have("nbdkit")
    result = run_drawn(case, template)
    if result.verdict == "FAIL":
        support.fail(result.text)


@pytest.fixture(name="disks")
def fixture_disks(template):
    """A folder with copies of the disks."""
    with tempfile.TemporaryDirectory(prefix="quire-faults-") as folder:
        guest.copy_disks(template, folder)
        yield folder


def boot(disks, which, rules, command="vm-worker 20 2 5"):
    """The console of a guest that runs COMMAND; the file WHICH of DISKS fails by RULES from power-on."""
    paths = {name: os.path.join(disks, name) for name in ("disk", "swap")}
    paths[which] = machine.faulty(paths[which], which, rules)
    console = machine.boot(f"-q -ul=64 check run '{command}' check", paths.values())
    console.expect_clean_end()
    console.check(len(console.checks()) == 2, "no two checks")
    return console


@pytest.mark.parametrize("kind", cases.KINDS)
@pytest.mark.parametrize("which", ["disk", "swap"])
def test_boot(disks, which, kind):
    """A disk that fails from power-on is as none: the system comes up, tells, and goes down in order."""
    console = boot(disks, which, {"inject-error": [{"event": "none", "iotype": kind, "errno": 5}]})
    support.check_counts(console, *console.checks())
    if which == "disk":
        console.check("filesys: " in console.text, "no line about the file system")
    else:
        console.check("vm-worker: exit(5)" in console.text, "the program did not run")
    if kind == "read":
        console.check("read error" in console.text, "no line about the disk")


@pytest.mark.parametrize("number", support.after(1, range(1, 25, 4)))
@pytest.mark.parametrize("times", [1, cases.TRIES])
def test_mount(disks, number, times):
    """Whichever read of mounting fails, the system comes up and goes down in order; if it fails only once, nobody
    notices."""
    rules = cases.Rules()
    for _ in range(number - 1):
        rules.pass_one("read")
    for _ in range(times):
        rules.fail_one("read")
    console = boot(disks, "disk", rules.options())
    if times == 1:
        console.check("vm-worker: exit(5)" in console.text and "error" not in console.text, "it was noticed")


@pytest.mark.parametrize("times", support.only([cases.TRIES], range(1, cases.TRIES + 1)))
@pytest.mark.parametrize("kind", ["read", "write"])
def test_tries(disks, kind, times):
    """A transfer is tried so often, and no more, before it is an error."""
    rules = cases.Rules()
    if kind == "read":
        rules.pass_one("write")
    for _ in range(times):
        rules.fail_one(kind)
    console = boot(disks, "swap", rules.options(), "vm-worker 120 2 5")
    repeats = min(times, cases.TRIES - 1)
    console.check(f"hdb: {repeats} tried again" in console.text, f"it was not tried again {repeats} times")
    console.check((f"hdb: {kind} error" in console.text) == (times == cases.TRIES), "told too early, or not at all")


BAD_PAGE = 5  # As tests/guest/disk-files.c knows it.


def bad_page(disks, name, kind):
    """Rules by which page BAD_PAGE of file NAME cannot be read, or written."""
    text = subprocess.run(["/sbin/debugfs", "-R", f"bmap {name} {BAD_PAGE}", os.path.join(disks, "filesys")],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    sector = machine.partitions_of(os.path.join(disks, "disk"))[0][1] + 8 * int(text.split()[-1])
    return {"inject-error": [{"event": "none", "iotype": kind, "errno": 5, "sector": sector}]}


def test_bad_read(disks):
    """A read() that meets a page that cannot be read gives what comes before it; only then it fails."""
    console = boot(disks, "disk", bad_page(disks, "known", "read"), "disk-files bad-read")
    console.check("disk-files: exit(5)" in console.text, "it did not end well")
    support.check_counts(console, *console.checks())


def test_bad_write(disks):
    """A page that cannot be written keeps none of its neighbours from the disk, and the volume is not marked clean."""
    console = boot(disks, "disk", bad_page(disks, "other", "write"), "disk-files bad-write")
    console.check("disk-files: exit(5)" in console.text, "it did not end well")
    console.check("could not be written completely" in console.text, "no word when it is unmounted")
    image = os.path.join(disks, "after")
    machine.extract(os.path.join(disks, "disk"), "filesys", image)
    content = subprocess.run(["/sbin/debugfs", "-R", "cat other", image], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, check=True).stdout
    for page in range(16):
        seed = 2 if page == BAD_PAGE else 16
        console.check(content[4096 * page:4096 * (page + 1)] == guest.pattern(seed, 4096 * page, 4096),
                      f"page {page} is not as it must be")


# What the judge must not let pass: a way to spoil the console, or the disk, of a case that went well.
SPOILT = {
    "killed": (r"\Z", "disk-files: exit(-1)\n"),
    "panic": ("Boot complete", "PANIC"),
    "no end": ("Powering off", ""),
    "no watch": (r"disk-watch: exit\(0\)", "disk-watch: exit(1)"),
    "status": ("command 0: 5", "command 0: 4"),
    "bystander's disk": (r"\Z", "hdb: read error at sector 64+8 (status 41, error 04)\n"),
    "bad slot": ("0 bad slots", "1 bad slots"),
    "frame": (r"frames 96 free(?=.*Executing)", "frames 95 free"),
    "slot": ("slots 0 used", "slots 1 used"),
    "dirty": ("0 frames dirty", "1 frames dirty"),
    "silent sync": ("1 of 38 syncs failed", "0 of 38 syncs failed"),
    "kept": (r"kept grow 0 300000 11", "kept grow 0 300001 11"),
    "gone": (r"(kept grow)", r"gone known\n\1"),
}


@pytest.fixture(name="sound", scope="module")
def fixture_sound(template):
    """A case that went well, with its console and its disk."""
    case = cases.parse("files-flush-once1-grow")
    console, content = guest.run(case, template)
    judge(case, console, content)
    return case, console, content


@pytest.mark.parametrize("name", SPOILT)
def test_judge(sound, name):
    """The judge sees what went wrong."""
    case, console, content = sound
    text = re.sub(*SPOILT[name], console.text, flags=re.DOTALL)
    assert text != console.text
    with pytest.raises(Failure):
        judge(case, support.Console(text, console.status, console.command), content)


def test_judge_invisible(template):
    """The judge sees that an error was reported, or cost something, which went well when it was tried again."""
    case = cases.parse("files-write-once2-grow")
    console, content = guest.run(case, template)
    judge(case, console, content)
    for spoilt in ("hda: write error at sector 64+8 (status 41, error 04)\n", "hdb: 1 tried again\n"):
        with pytest.raises(Failure):
            judge(case, support.Console(console.text + spoilt, console.status, console.command), content)


def test_judge_image(sound):
    """The judge looks at the disk."""
    case, console, content = sound
    written = guest.pattern(11, 8192, 4096)
    assert written in content
    with pytest.raises(Failure):
        judge(case, console, content.replace(written, bytes(4096)))
