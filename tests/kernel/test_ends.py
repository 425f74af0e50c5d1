"""How a run of the real kernel can end badly, and what the launcher says of it."""

import re

import pytest

import machine
import support


@pytest.mark.quick
def test_panic():
    """A panic prints its place and a call stack, once, and is the launcher's status 3."""
    console = support.pintos(["--swap-size=0.25", "--filesys-size=2", *support.put(["vm-worker"])],
                             ["-q", "-ul=48", "-oom=panic", "-f", "run", "vm-worker 500 1 5"])
    console.check(re.search(r"^Kernel PANIC at \S+:\d+ in \w+\(\): ", console.text, re.MULTILINE), "no panic line")
    console.check(console.text.count("Kernel PANIC") == 1, "more than one panic")
    console.check(re.search(r"^Call stack: 0x[0-9a-f]+( 0x[0-9a-f]+)+\.$", console.text, re.MULTILINE), "no call stack")
    console.check(re.search(r"\w+\.c:\d+|\w+ \(.*:\d+\)", console.text.split("Call stack", 1)[1]),
                  "no function names and lines for it")
    console.check(console.status == 3, f"status {console.status}, not 3")


@pytest.mark.battery
def test_hang():
    """A guest that does not end is stopped in time, and the launcher tells where it was."""
    def run_for(seconds):
        console = support.pintos(["--filesys-size=1", *support.put(["vm-loop"])], ["-q", "-f", "run", "vm-loop"],
                                 seconds=seconds)
        return console, "Executing" in console.text.partition("TIMEOUT")[0]

    seconds, console = support.until_boot(run_for)
    console.check(f"TIMEOUT after {seconds} seconds" in console.text, "no line that says so")
    console.check(console.status == 2, f"status {console.status}, not 2")


@pytest.mark.heavy
@pytest.mark.parametrize("how,pool", support.after(1, [("halt", 40), ("exit", 128), ("halt", 128), ("exit", 40)]))
def test_busy(tmp_path, how, pool):
    """Whoever is still at work when the system ends is stopped: nobody dies of it, nothing is said to be broken, the file
    system is whole, and once it is being closed nobody says anything."""
    for turn in range(3):
        folder = tmp_path / str(turn)
        folder.mkdir()
        console = support.pintos(["--swap-size=4", "--filesys-size=4", "--make-disk=disk",
                                  *support.put(["end-busy", "child-exit"])],
                                 ["-q", "-f", f"-ul={pool}", "run", f"end-busy {how}"], folder=str(folder))
        console.expect_clean_end()
        for wrong in (r"exit\(-1\)", r"\(end-busy\) FAIL", "could not be", "error", "out of memory", "fault at"):
            console.check(not re.search(wrong, console.text), f"the console has `{wrong}'")
        console.check("(end-busy) ends" in console.text, "it did not get so far")
        after = console.text.split("\nTimer: ", 1)[1]
        console.check("end-busy" not in after and "child-exit" not in after, "somebody went on")
        image = str(folder / "image")
        console.check(machine.extract(str(folder / "disk"), "filesys", image), "no file system on the disk")
        support.fsck(console, image)
