"""Whether a case went as it must: who may die of what, what is said, what is counted, what is on the disk."""

import collections
import dataclasses
import os
import re
import shlex
import subprocess
import tempfile
import time

import fault_cases as cases
import fault_guest as guest
import support

DISK_ERROR = re.compile(r"(hd[ab]): (read|write|flush) error", re.MULTILINE)
REPEATS = re.compile(r"^(hd[ab]): (\d+) tried again$", re.MULTILINE)
DEVICES = {"files": "hda", "swap": "hdb"}
DEATH = re.compile(r"(?:^|\s)(\S+): exit\(-1\)$", re.MULTILINE)
BAD_DISK = r"(\S+): page at 0x[0-9a-f]+: the disk could not be read or written$"
NO_MEMORY = r"(\S+): out of memory: .*$"
NOT_LOADED = r"load: (\S+): .*$"
NOT_WRITTEN = "could not be written completely: run e2fsck"
LOST = "what was written to it is lost"
ERRORS_SHOWN = 10  # For one disk; then the kernel is silent about it.
NOT_STARTED = -2  # As disk-watch says it.
FSCK_CLEAN, FSCK_CORRECTED = 0, 1
VERDICTS = ("pass", "missed", "FAIL")  # Missed: it passed, but no error came.


class Failure(Exception):
    """Why a case failed."""


def must(condition, message):
    """Like assert."""
    if not condition:
        raise Failure(message)


def count_errors(console):
    """How many errors of disks the kernel told of."""
    return len(DISK_ERROR.findall(console.text))


def count_repeats(console):
    """How many requests the kernel tried again."""
    return sum(int(count) for _, count in REPEATS.findall(console.text))


def check_errors(case, console):
    """Only such errors came as CASE makes, and none where it shows that none can come."""
    must(all(device == DEVICES[case.disk] for device, _ in REPEATS.findall(console.text)), "the other disk was tried again")
    must(not case.is_invisible or count_errors(console) == 0, "an error that did not repeat was reported")
    kinds = cases.KINDS if case.mode == "dies" else (case.kind,)
    for device, kind in DISK_ERROR.findall(console.text):
        must(device == DEVICES[case.disk] and kind in kinds, f"{device} reports a {kind} error")
    must(case.name not in cases.PROOFS or count_errors(console) == 0, "an error came that cannot be")


def check_console(case, console):
    """The system ran on to its end, found itself in order, and no program found anything wrong."""
    for word in ("PANIC", "TIMEOUT", "broken", "FAIL", "begins wrong"):
        must(word not in console.text, f"the console says {word}")
    must("Powering off..." in console.text and console.status == 0, f"no power-off, status {console.status}")
    must("\ndisk-watch: exit(0)" in console.text, "disk-watch did not end well")
    must(re.search(r"Byte \d+ is", console.text) is None, "cmp found a difference")
    must(case.disk == "files" or NOT_WRITTEN not in console.text,
         "the healthy file system could not be written")
    must(not case.heals or LOST in console.text or NOT_WRITTEN not in console.text,
         "the disk was well again, and could not be written completely")


def reasons(case):
    """What a program may die of: only what it cannot do without."""
    allowed = []
    if case.reads_fail or (case.disk == "files" and case.writes_fail):
        allowed.append(BAD_DISK)
    if case.disk == "files" and case.reads_fail:
        allowed.append(NOT_LOADED)
    if case.memory_runs_out:
        allowed.append(NO_MEMORY)
    return allowed


def check_deaths(case, console):
    """Whoever was killed was so for one of the reasons that CASE allows, once each."""
    found = collections.Counter(
        name for pattern in reasons(case)
        for name in re.findall(r"(?:^|\s)" + pattern, console.text, re.MULTILINE))
    deaths = collections.Counter(DEATH.findall(console.text))
    for name in {*found, *deaths}:
        refused = len(re.findall(rf"load: {name}: ", console.text))  # May end a process, or be before there is one.
        must(found[name] - refused <= deaths[name] <= found[name],
             f"{name} was killed {deaths[name]} times, for a reason {found[name]} times")
    must("disk-watch" not in found or case.memory_runs_out, "disk-watch or its children were hit")


def check_statuses(case, console, hits):
    """Every command ended as if nothing had failed, or was killed, or gave up where it may."""
    statuses = {int(number): int(status)
                for number, status in re.findall(r"\(disk-watch\) command (\d+): (-?\d+)", console.text)}
    for number, (command, want) in enumerate(case.workload.commands):
        must(number in statuses, f"`{command}' did not end")
        allowed = {want}
        if hits and reasons(case):
            allowed |= {-1, *case.workload.statuses}
            if case.memory_runs_out:
                allowed.add(NOT_STARTED)
        elif hits and case.disk == "files":
            allowed |= {*case.workload.statuses}
        must(statuses[number] in allowed, f"`{command}' ended with {statuses[number]}, not {want}")


def check_counts(case, console):
    """All that was taken was given back.  What cannot be written stays in memory, and is told."""
    checks = console.checks()
    must(len(checks) == 2, "no two checks")
    before, after = checks
    must(after["slots_used"] == before["slots_used"] == 0, f"{after['slots_used']} slots are in use")
    stuck = int(re.findall(r"(\d+) frames dirty", console.text)[1])
    if case.disk == "files" and case.is_forever and case.writes_fail:
        must(before["frames_free"] == after["frames_free"] + stuck, f"{after['frames_free']} frames free, {stuck} dirty")
        return
    must(stuck == 0, f"{stuck} pages could be written, but were not")
    for key in ("frames_free", "kernel_bytes", "kernel_blocks"):
        must(before[key] == after[key], f"leak: {key} was {before[key]}, is {after[key]}")
    must(before["pages_free"] - after["pages_free"] <= 4, "leak: kernel pages")


def check_slots(case, console, hits):
    """Slots are bad if they could not be written, and only then."""
    bad = int(re.search(r"\(disk-watch\) (\d+) bad slots", console.text).group(1))
    if case.disk == "files" or not case.writes_fail or not hits:
        must(bad == 0, f"{bad} bad slots")
    elif case.mode in ("always", "while"):
        must(bad > 0, "no bad slots")


def check_flushes(case, console, hits):
    """Each flush that failed was reported: by a sync, or when the volume was unmounted."""
    if case.kind != "flush" or case.mode == "dies":
        return
    reported = sum(map(int, re.findall(r"(\d+) of \d+ (?:syncs|calls) failed", console.text)))
    reported += NOT_WRITTEN in console.text
    must(reported == hits or reported > hits == ERRORS_SHOWN, f"{hits} flushes failed, {reported} were reported")


def fsck(image, option):
    """The status of e2fsck with OPTION on the file IMAGE, and what it says."""
    result = subprocess.run(["/sbin/e2fsck", option, image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, errors="replace", check=False, timeout=300)
    return result.returncode, result.stdout


def debugfs(image, request):
    """What debugfs says to REQUEST about the file IMAGE, as bytes."""
    return subprocess.run(["/sbin/debugfs", "-R", request, image], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True, timeout=300).stdout


def check_damage(image):
    """What is wrong with the file system can be repaired, and it is not marked clean."""
    marked = re.search(rb"Filesystem state:\s+(.*)", debugfs(image, "show_super_stats -h")).group(1)
    must(b"not clean" in marked, "damaged, but marked clean")
    status, text = fsck(image, "-fy")
    must(status in (FSCK_CLEAN, FSCK_CORRECTED), f"e2fsck cannot repair it: {text}")
    status, text = fsck(image, "-fn")
    must(status == FSCK_CLEAN, f"e2fsck has not repaired it: {text}")


def check_content(console, image):
    """What was acknowledged is on the disk."""
    files = {}
    for name, *numbers in re.findall(r"kept (\S+) (\d+) (\d+) (\d+)$", console.text, re.MULTILINE):
        offset, size, seed = map(int, numbers)
        if name not in files:
            files[name] = debugfs(image, f"cat {name}")
        must(files[name][offset:offset + size] == guest.pattern(seed, offset, size),
             f"bytes {offset}+{size} of {name} were synced and are not on the disk")
    for name in re.findall(r"gone (\S+)$", console.text, re.MULTILINE):
        must(not debugfs(image, f"stat {name}").startswith(b"Inode"), f"{name} was removed and is on the disk")


def check_image(case, console, content):
    """The file system CONTENT is sound, or can be made so; what was acknowledged is there."""
    with tempfile.TemporaryDirectory(prefix="quire-image-") as folder:
        image = os.path.join(folder, "image")
        with open(image, "wb") as file:
            file.write(content)
        status, text = fsck(image, "-fn")
        if status != FSCK_CLEAN:
            must(case.disk == "files", f"a file system whose disk never failed: {text}")
            check_damage(image)
        check_content(console, image)


def judge(case, console, content):
    """Raises Failure if CASE did not go as it must."""
    hits = count_errors(console)
    check_errors(case, console)
    check_console(case, console)
    check_deaths(case, console)
    check_statuses(case, console, hits)
    check_counts(case, console)
    check_slots(case, console, hits)
    check_flushes(case, console, hits)
    check_image(case, console, content)


def report(case, console, error):
    """What to print of a failed CASE."""
    return (f"{case.name}: {error}\n{support.tail(console.text, 40)}\nguest: {shlex.join(console.command)}\n"
            f"repeat: tests/faults/run --case {case.name}")


@dataclasses.dataclass
class Result:
    """How a case ended."""
    case: cases.Case
    verdict: str
    hits: int
    seconds: float
    text: str


def run_once(case, template):
    """Runs CASE."""
    start = time.monotonic()
    console, content = guest.run(case, template)
    hits, text = count_errors(console), ""
    if case.is_invisible or case.mode in cases.RATES:
        hits += count_repeats(console)
    verdict = "pass" if hits or case.name in cases.PROOFS else "missed"
    try:
        judge(case, console, content)
    except Failure as error:
        verdict, text = "FAIL", report(case, console, error)
    return Result(case, verdict, hits, time.monotonic() - start, text)


def run_drawn(case, template):
    """Runs CASE; if its work is over before the request that should fail, an earlier one."""
    result = run_once(case, template)
    while result.verdict == "missed" and case.mode in ("once", "stays", "dies") and case.number > 1:
        case = dataclasses.replace(case, number=case.number // 2)
        result = run_once(case, template)
    return result
