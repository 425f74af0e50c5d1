"""Every tests/guest/NAME.c whose header says `TEST:` is one test.

The header is the first comment of the file, one KEY: value per line:

  TEST:    one sentence, what it shows
  ARGS:    arguments of the program                                        (default: none)
  PUT:     programs and files of tests/guest/data it needs; file=name renames (default: none)
  EXPECT:  exit(STATUS), how it must end                                   (default: exit(0))
  MEM:     RAM in MB                                                       (default: 4)
  POOL:    frames in the user pool                                         (default: all)
  SWAP:    swap in MB, 0 for none                                          (default: 4)
  DISK:    file system in MB                                               (default: 2)
  KERNEL:  more options for the kernel
  STDIN:   what is typed, \\n for Enter
  OUTPUT:  a regular expression the console must match somewhere; may come several times
  ABSENT:  one that the whole console must not match; likewise
  ALLOW:   one that whole lines may match which are not of the usual shapes; likewise
  LEAK:    a reason why counts before and after may differ                 (default: they must not)

Usual shapes are `(name) text', exit lines, the lines of a user fault that kills, and whatever
OUTPUT matches.  After the run the file system must be clean and every frame, slot, and piece of
kernel memory given back.
"""

import glob
import os
import re
import tempfile

import pytest

import machine
import support

GUEST = os.path.join(support.TESTS, "guest")
MANY = ("OUTPUT", "ABSENT", "ALLOW")
KEYS = ("TEST", "ARGS", "PUT", "EXPECT", "MEM", "POOL", "SWAP", "DISK", "KERNEL", "STDIN", "LEAK", *MANY)


def read_header(path):
    """The keys of the first comment of PATH, or None if it is no test."""
    with open(path, encoding="utf-8") as file:
        match = re.match(r"\s*/\*(.*?)\*/", file.read(), re.DOTALL)
    if not match or not re.match(r"\s*TEST:", match.group(1)):
        return None
    header = {key: [] for key in MANY}
    marks = list(re.finditer(r"(?:^|\s)(" + "|".join(KEYS) + r"):(?=\s|$)", match.group(1)))
    for mark, following in zip(marks, [*marks[1:], None]):
        end = following.start() if following else len(match.group(1))
        value = " ".join(match.group(1)[mark.end():end].split())
        if mark.group(1) in MANY:
            header[mark.group(1)].append(value)
        else:
            header[mark.group(1)] = value
    return header


TESTS = {os.path.basename(path)[:-2]: header for path in sorted(glob.glob(os.path.join(GUEST, "*.c")))
         if (header := read_header(path)) is not None}


def check_shape(console, command_line, header):
    """Nothing stands between the two lines but what may."""
    lines = console.lines_of(command_line)
    for pattern in header["OUTPUT"]:
        console.check(re.search(pattern, console.text, re.MULTILINE), f"no output like `{pattern}'")
    for pattern in header["ABSENT"]:
        console.check(not re.search(pattern, console.text, re.MULTILINE), f"output like `{pattern}'")
    shapes = [re.compile(pattern) for pattern in header["ALLOW"] + header["OUTPUT"]]
    shapes += [re.compile(r"\(.*"), support.EXIT_LINE, support.LOAD_LINE, *support.KILL_LINES]
    for line in lines:
        if line and not any(shape.fullmatch(line) for shape in shapes) and line not in header["STDIN"]:
            # A pattern of OUTPUT that is part of a line allows that line.
            console.check(any(re.search(p, line) for p in header["OUTPUT"]), f"unexpected line `{line}'")
    for line in lines:
        console.check(not re.match(r"\([^)]*\) FAIL|.*\bFAIL\b", line), line)


@pytest.mark.parametrize("name", TESTS)
def test_guest(name):
    """One program, by its header."""
    header = {"ARGS": "", "PUT": "", "EXPECT": "exit(0)", "MEM": "4", "SWAP": "4", "DISK": "2", "KERNEL": "",
              "STDIN": "", **TESTS[name]}
    status = re.fullmatch(r"exit\((-?\d+)\)", header["EXPECT"])
    assert status, f"EXPECT: {header['EXPECT']} is not of the form exit(N)"
    command_line = f"{name} {header['ARGS']}".strip()
    with tempfile.TemporaryDirectory(prefix="quire-guest-") as folder:
        disk = os.path.join(folder, "disk")
        options = ["-m", header["MEM"], f"--filesys-size={header['DISK']}", "--make-disk=disk"]
        if header["SWAP"] != "0":
            options.append(f"--swap-size={header['SWAP']}")
        options += support.put([name, *header["PUT"].split()])
        kernel = ["-q", "-f", *([f"-ul={header['POOL']}"] if "POOL" in header else []),
                  *header["KERNEL"].split(), "check", "run", command_line, "check"]
        typed = header["STDIN"].replace("\\n", "\n").encode() if header["STDIN"] else None
        console = support.pintos(options, kernel, typed, folder=folder)
        check_shape(console, command_line, header)
        exit_line = f"{name}: exit({status.group(1)})"
        console.check(exit_line in console.lines_of(command_line), f"no line `{exit_line}'")
        console.expect_clean_end()
        checks = console.checks()
        console.check(len(checks) == 2, "the kernel's own check failed, or said nothing")
        if "LEAK" not in header:
            support.check_counts(console, *checks)
        image = os.path.join(folder, "filesys")
        if machine.extract(disk, "filesys", image):
            support.fsck(console, image)


def test_headers():
    """Every guest program says what it is, and none asks for something unknown."""
    for path in sorted(glob.glob(os.path.join(GUEST, "*.c"))):
        header = read_header(path)
        with open(path, encoding="utf-8") as file:
            first = re.match(r"\s*/\*(.*?)\*/", file.read(), re.DOTALL)
        assert first, f"{path}: no comment at the top"
        if header is not None:
            unknown = set(re.findall(r"^\s*\*?\s*([A-Z]{3,}):", first.group(1), re.MULTILINE)) - set(KEYS)
            assert not unknown, f"{path}: unknown {unknown}"
