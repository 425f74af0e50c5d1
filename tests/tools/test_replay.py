"""A recorded run runs again, to the byte, however it ended."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest

import support

# Options, programs to put, kernel arguments, what is typed, what the console must have.
RUNS = {
    "typed": (["--filesys-size=2"], ["shell", "echo"], ["run", "shell"], b"echo typed\nexit\n", "typed"),
    "swap": (["--filesys-size=2", "--swap-size=4"], ["sort"], ["-ul=32", "-vm-stress=7", "run", "sort 64K"], None,
             "Execution of 'sort 64K' complete."),
    "panic": (["--filesys-size=2", "--swap-size=0.25"], ["vm-worker"],
              ["-ul=48", "-oom=panic", "run", "vm-worker 500 1 5"], None, "Kernel PANIC"),
}


def record(folder, name):
    """Records the run NAME in FOLDER and returns its console."""
    options, programs, arguments, typed, _ = RUNS[name]
    return support.pintos([f"--record={folder}", *options, *support.put(programs)], ["-q", "-f", *arguments], typed)


def replay(folder, *options):
    """Runs the recording in FOLDER again and returns its console."""
    return support.run_command([support.PINTOS, "-k", "-T", str(support.SECONDS), f"--replay={folder}", *options, "--"],
                               support.SECONDS + 20)


def guest_text(console):
    """What CONSOLE has but for the line that tells how to replay."""
    return re.sub(r"pintos: to run this again: .*\n", "", console.text)


@pytest.mark.parametrize("name", RUNS)
def test_same(name, tmp_path):
    """The console and the status of a replay are those of the run."""
    folder = str(tmp_path / "run")
    first = record(folder, name)
    first.check(RUNS[name][-1] in first.text, "the run is not what it should be")
    again = replay(folder)
    again.check(guest_text(again) == guest_text(first), f"not the same; the first was\n{support.tail(first.text)}")
    again.check(again.status == first.status, f"status {again.status}, not {first.status}")


@pytest.mark.battery
def test_timeout(tmp_path):
    """A run that was ended by its time-out runs again up to there."""
    folder = str(tmp_path / "run")

    def run_for(seconds):
        shutil.rmtree(folder, ignore_errors=True)
        console = support.pintos([f"--record={folder}", "--filesys-size=1", *support.put(["vm-loop"])],
                                 ["-q", "-f", "run", "vm-loop"], seconds=seconds)
        return console, "Executing" in console.text.partition("TIMEOUT")[0]

    _, first = support.until_boot(run_for)
    first.check(first.status == 2, "it did not time out")
    again = replay(folder)
    again.check(again.text.strip() == first.text.split("TIMEOUT")[0].strip(), "not the same")


def test_interrupted(tmp_path):
    """A run that was ended by Ctrl-C runs again up to there."""
    folder = str(tmp_path / "run")
    command = [support.PINTOS, "-k", "-T", str(support.SECONDS), f"--kernel={support.KERNEL}", f"--record={folder}",
               "--filesys-size=1", *support.put(["vm-loop"]), "--", "-q", "-f", "run", "vm-loop"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        seen = support.read_until(run.stdout.fileno(), b"Executing")
        run.send_signal(signal.SIGINT)
        seen += run.stdout.read()
    first = support.Console(seen.decode(), run.returncode, command)
    first.check(first.status == 128 + signal.SIGINT, "it was not ended by the signal")
    first.check("to run this again" in first.text, "it was not recorded")
    again = replay(folder)
    again.check(again.text.strip() == guest_text(first).strip(), f"not the same; the first was\n{first.text}")


def test_debugger(tmp_path):
    """gdb stops a replay at a function of the kernel."""
    support.have("gdb")
    folder = str(tmp_path / "run")
    record(folder, "typed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [support.PINTOS, "-T", str(support.SECONDS), f"--replay={folder}", f"--gdb-port={port}", "--"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as guest:
        guest.stderr.readline()
        time.sleep(1)
        told = subprocess.run(
            ["gdb", "-nx", "-batch", os.path.join(folder, "kernel.elf"), "-ex", "set tcp connect-timeout 30",
             "-ex", f"target remote :{port}", "-ex", "hbreak vm_fault", "-ex", "continue", "-ex", "backtrace",
             "-ex", "kill"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300,
            check=False).stdout
        guest.kill()
    assert re.search(r"^#0 +vm_fault \(", told, re.MULTILINE), told


def test_bad_folder(tmp_path):
    """A folder that cannot be replayed is refused with the reason, and none is overwritten."""
    folder = str(tmp_path / "run")
    record(folder, "typed")
    refusals = []
    with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
        good = file.read()
    for change, text in ((good.replace('"qemu": "', '"qemu": "1'), "recorded by QEMU 1"), ("{", "damaged"),
                         ("[]", "not a recording")):
        with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as file:
            file.write(change)
        refusals.append((replay(folder), text))
    with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as file:
        file.write(good)
    refusals.append((record(folder, "typed"), "already exists"))
    os.unlink(os.path.join(folder, "disk0"))
    refusals.append((replay(folder), "disk0 is missing"))
    shutil.rmtree(folder)
    refusals.append((replay(folder), "no recording"))
    for console, text in refusals:
        console.check(console.status == 1 and text in console.text, f"not refused with `{text}'")
