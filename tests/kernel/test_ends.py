"""How a run of the real kernel can end badly, and what the launcher says of it."""

import re

import pytest

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


def test_hang():
    """A guest that does not end is stopped in time, and the launcher tells where it was."""
    def run_for(seconds):
        console = support.pintos(["--filesys-size=1", *support.put(["vm-loop"])], ["-q", "-f", "run", "vm-loop"],
                                 seconds=seconds)
        return console, "Executing" in console.text

    seconds, console = support.until_boot(run_for)
    console.check(f"TIMEOUT after {seconds} seconds" in console.text, "no line that says so")
    console.check(console.status == 2, f"status {console.status}, not 2")
