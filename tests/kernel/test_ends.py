"""How a run can end badly: panics, triple faults, hangs; and what the launcher says of each."""

import re
import struct

import elf_corpus
import support


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
    console = support.pintos(["--filesys-size=1", *support.put(["vm-loop"])], ["-q", "-f", "run", "vm-loop"],
                             seconds=3)
    console.check("TIMEOUT after 3 seconds" in console.text, "no line that says so")
    console.check(console.status == 2, f"status {console.status}, not 2")


def test_triple_fault(tmp_path):
    """A machine that resets itself ends the run with status 5 and a line that says so."""
    base = 0x100000
    multiboot = struct.pack("<III", 0x1BADB002, 0, -0x1BADB002 & 0xFFFFFFFF)
    # lidt of six zero bytes, then int3: no gate, no double-fault gate, reset.
    code = b"\x0f\x01\x1d" + struct.pack("<I", base + 0x280) + b"\xcc"
    kernel = tmp_path / "kernel.elf"
    kernel.write_bytes(elf_corpus.image([elf_corpus.segment(address=base, sizes=(0x300, 0x300))],
                                        {0x100: multiboot, 0x200: code, 0x2FF: b"\0"}, entry=base + 0x200))
    console = support.pintos([f"--kernel={kernel}", "--filesys-size=1"], ["-q", "-f"], seconds=20)
    console.check(console.status == 5, f"status {console.status}, not 5")
    console.check(re.search(r"(?i)triple fault|reset", console.text), "no line that says so")
