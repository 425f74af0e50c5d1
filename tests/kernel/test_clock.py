"""The machine's clock: --clock sets it, files carry its time, and runs under it are the same."""

import os
import re

import support

LINE = re.compile(r"^([-d]) +(\d+) +(\d+) (\d{4}-\d\d-\d\d \d\d:\d\d):\d\d (\S+)$", re.MULTILINE)


def listing(clock, *options):
    """What `ls -l` prints, with the clock starting at CLOCK: name -> (type, size, links, date and time)."""
    console = support.pintos([f"--clock={clock}", "--filesys-size=2", *options, *support.put(["mkdir", "ls", "cp"])],
                             ["-q", "-f", "run", "mkdir d", "run", "cp ls copy", "run", "ls -l"])
    console.check(console.status == 0, "did not end well")
    return {name: fields for *fields, name in LINE.findall(console.text)}, console


def test_listing():
    """New files have the guest's time, others the host's; the root has only what was put there or made."""
    files, console = listing("2031-12-31T23:59:00")
    size = str(os.path.getsize(support.program("ls")))
    console.check(sorted(files) == ["copy", "cp", "d", "ls", "mkdir"], "other files")
    console.check(files["copy"] == ["-", size, "1", "2031-12-31 23:59"], "the copy")
    console.check(files["d"][0] == "d" and files["d"][2:] == ["2", "2031-12-31 23:59"], "the directory")
    console.check(files["ls"][:3] == ["-", size, "1"] and files["ls"][3] < "2031", "what was put")


def test_dates():
    """A leap day, and a time of the last century that can be told."""
    for clock in ("2096-02-29T12:30:00", "2105-12-31T00:00:00"):
        files, console = listing(clock)
        console.check(files["d"][3] == clock[:16].replace("T", " "), f"not {clock}")


def test_same():
    """With a fixed clock two runs that count instructions print the same."""
    texts = [listing("2026-05-04T03:02:01", "--icount")[1].text for _ in range(2)]
    tables = [LINE.findall(text) for text in texts]
    assert len(tables[0]) == 5
    assert [line for line in tables[0] if line[4] in ("copy", "d")] == [
        line for line in tables[1] if line[4] in ("copy", "d")]
