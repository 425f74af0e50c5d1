"""A killed program leaves a core file that gdb, as it is, reads with names and lines."""

import os
import re
import subprocess

import pytest

import support

POOL = ["-ul=32"]


def run(folder, how, options=(), arguments=(), sizes=("--filesys-size=6", "--swap-size=4")):
    """Runs child-core HOW with --core in FOLDER; its console."""
    console = support.pintos(["--core", *sizes, *support.put(["child-core"]), *options],
                             ["-q", "-f", *POOL, *arguments, "check", "run", f"child-core {how}", "check", "ls"], folder=folder)
    console.check("PANIC" not in console.text, "it panicked")
    support.check_counts(console, *console.checks())
    return console


def ask(console, folder, *questions):
    """What gdb answers to QUESTIONS about the core file in FOLDER."""
    command = [support.have("gdb"), "-nx", "-batch", support.program("child-core"), "child-core.core"]
    for question in questions:
        command += ["-ex", question]
    result = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, timeout=support.SECONDS, check=False)
    console.check("truncated" not in result.stdout and "warning" not in result.stdout, f"gdb complains:\n{result.stdout}")
    return result.stdout


@pytest.mark.parametrize("how, signal", [("read", "SIGSEGV"), ("divide", "SIGFPE"), ("call", "SIGSEGV"), ("number", "SIGSYS")])
def test_core(tmp_path, how, signal):
    """The stack has names and lines; memory is as it was, whether it was in a frame, in a slot, in a file or untouched."""
    console = run(tmp_path, how)
    console.expect_clean_end()
    console.check(re.search(r"^child-core: core in child-core\.core, \d+ KB\nchild-core: exit\(-1\)$", console.text, re.MULTILINE),
                  "no line about the core before the exit line")
    console.check(re.search(r"^pintos: to see where child-core was killed: gdb \S*child-core child-core\.core$", console.text,
                            re.MULTILINE), "no line that says how to look at it")
    console.check(console.statistic(r"swap \d+ pages in by \d+ reads, (\d+) out") > 100, "it had nothing in swap")
    answer = ask(console, tmp_path, "backtrace", "print numbers[0]", "print numbers[100000]", "print numbers[262143]",
                 "print table[0] + table[1499]", "print table[700]", "x/s mapped + 4090", "frame function main", "print argv[1]")
    console.check(f"Program terminated with signal {signal}" in answer, f"another signal:\n{answer}")
    walks = re.findall(r"^#\d+ .*\bwalk \(.*child-core\.c:(\d+)$", answer, re.MULTILINE)
    console.check(len(walks) == 3 and re.search(r"^#\d+ .*\bmain \(argc=2, .*child-core\.c:\d+$", answer, re.MULTILINE),
                  f"the stack is not walk, walk, walk, main:\n{answer}")
    values = re.findall(r"^\$\d+ = (.*)$", answer, re.MULTILINE)
    console.check(values[:5] == ["0", "300000", "786429", "33", "0"] and f'"{how}"' in values[5], f"other values:\n{answer}")
    console.check('"seen through a mapping"' in answer, f"the mapping is not there:\n{answer}")


def test_four_frames(tmp_path):
    """The smallest pool is enough."""
    console = run(tmp_path, "read", arguments=["-ul=4"])
    console.expect_clean_end()
    console.check(["$1 = 300000"] == ask(console, tmp_path, "print numbers[100000]").splitlines()[-1:], "not the number")


def test_full_disk(tmp_path):
    """On a full file system there is a line, and no part of a core file that takes its last blocks."""
    console = run(tmp_path, "read", ["-g", "mapped"], sizes=("--filesys-size=1", "--swap-size=4"))
    console.expect_clean_end()
    console.check("child-core: no core: no space on the file system\nchild-core: exit(-1)" in console.text, "no line")
    console.check("\nchild-core.core\n" not in console.text, "a part of it is left")
    console.check(os.listdir(tmp_path) == ["mapped"], f"other files came out: {os.listdir(tmp_path)}")


def test_no_memory(tmp_path):
    """Who ends for want of memory leaves none, and a line; nobody waits for a core that needs what it lacks."""
    console = run(tmp_path, "read", sizes=("--filesys-size=4", "--swap-size=0.5"))
    console.expect_clean_end()
    console.check("child-core: no core: there is no memory to write it\nchild-core: exit(-1)" in console.text, "no line")


def test_name_taken(tmp_path):
    """An older core file is replaced; a directory of its name stays, with a line."""
    console = support.pintos(["--core", "--filesys-size=6", "--swap-size=4", *support.put(["child-core"])],
                             ["-q", "-f", *POOL, "run", "child-core read", "rm", "mapped", "run", "child-core divide"], folder=tmp_path)
    console.expect_clean_end()
    console.check("SIGFPE" in ask(console, tmp_path), "not that of the second run")
    console = support.pintos(["--core", "--filesys-size=6", "--swap-size=4", *support.put(["child-core", "mkdir"])],
                             ["-q", "-f", *POOL, "run", "mkdir child-core.core", "run", "child-core read"], folder=tmp_path)
    console.expect_clean_end()
    console.check(re.search("^child-core: no core: .*directory", console.text, re.MULTILINE), "no line")


def test_not_asked_for(tmp_path):
    """Without --core, and for an end that is no fault of its own, nothing is left."""
    console = support.pintos(["--filesys-size=4", "--swap-size=4", *support.put(["child-core"])],
                             ["-q", "-f", *POOL, "run", "child-core read"], folder=tmp_path)
    console.check("core in" not in console.text, "a core without --core")
    console = run(tmp_path, "none")
    console.check("no core" not in console.text and not os.listdir(tmp_path), "a core of a program that ended by itself")
