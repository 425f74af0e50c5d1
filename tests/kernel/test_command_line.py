"""The kernel's command line: what it takes, and a clear line for what it does not."""

import re

import pytest

import support

# What makes no sense -> what the line must say.
REFUSED = {
    "unknown-option": (["-x"], r"unknown option `?'?-x"),
    "unknown-long-option": (["-swapp=hda1"], r"unknown option `?'?-swapp"),
    "unknown-action": (["frobnicate"], r"unknown action `?'?frobnicate"),
    "run-without-program": (["run"], r"`?'?run'? (requires|needs)"),
    "cat-without-file": (["cat"], r"`?'?cat'? (requires|needs)"),
    "rm-without-file": (["rm"], r"`?'?rm'? (requires|needs)"),
    "ul-word": (["-ul=abc"], r"(bad|not a) number.*abc|abc.*(bad|not a) number"),
    "ul-negative": (["-ul=-1"], r"(bad|not a) number.*-1|-1.*(bad|not a) number"),
    "ul-empty": (["-ul="], r"-ul"),
    "ul-missing": (["-ul"], r"-ul"),
    "ul-overflow": (["-ul=99999999999"], r"99999999999|-ul"),
    "ul-trailing": (["-ul=12x"], r"12x"),
    "stack-word": (["-stack=much"], r"much"),
    "rs-word": (["-rs=x"], r"-rs|`x'"),
    "oom-word": (["-oom=maybe"], r"maybe|-oom"),
    "swap-device": (["-swap=hdz"], r"(?i)no such block device.*hdz|hdz.*no such"),
    "filesys-device": (["-filesys=hdz1"], r"(?i)no such block device.*hdz1|hdz1.*no such"),
    "scratch-device": (["-scratch=sda"], r"(?i)no such block device.*sda|sda.*no such"),
    "swap-is-filesys": (["-swap=hda2"], r"hda2.*(swap|file ?sys)|(swap|file ?sys).*hda2"),
    "swap-holds-filesys": (["-swap=hda"], r"hda\b.*(overlap|partition|file ?sys|swap)"),
    "policy-word": (["-policy=none"], r"`none'"),
    "ul-too-small": (["-ul=3"], r"`3' for -ul"),
    "stack-too-small": (["-stack=3"], r"`3' for -stack"),
    "stack-too-large": (["-stack=3145728"], r"`3145728' for -stack"),
    "option-after-action": (["run", "echo", "-ul=9"], r"-ul=9"),
    "unbalanced-quote": (["run", "'echo x"], r"(?i)quote"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    """One clear line, no panic, nothing run, and a status that is not 0."""
    words, pattern = REFUSED[name]
    if name == "unbalanced-quote":
        # The launcher quotes what it passes on; so by hand.
        import machine
        console = machine.boot("-q run 'echo x", [])
    else:
        console = support.pintos(["--filesys-size=1", "--swap-size=1", *support.put(["echo"])],
                                 ["-q", "-f", *words], seconds=20)
    console.check("PANIC" not in console.text, "a panic")
    console.check("TIMEOUT" not in console.text, "a hang")
    lines = [line for line in console.text.split("\n") if re.search(pattern, line)]
    console.check(lines, f"no line like `{pattern}'")
    console.check(console.status != 0, "status 0")
    console.check("exit(" not in console.text, "something ran")


def test_help():
    """-h names every option and action, runs nothing, and powers off."""
    console = support.pintos(["--filesys-size=1"], ["-h"], seconds=20)
    for word in ("-q", "-r", "-f", "-filesys=", "-scratch=", "-swap=", "-rs=", "-ul=", "-stack=", "-oom=", "run", "ls",
                 "cat", "rm"):
        console.check(word in console.text, f"no {word} in the help")
    console.expect_clean_end()


def test_files():
    """ls, cat and rm do what they say; a file that is not there gives a line."""
    console = support.pintos(["--filesys-size=1", "-p", support.program("verse"), "-a", "source"],
                             ["-q", "-f", "ls", "cat", "source", "rm", "source", "ls", "cat", "source"])
    console.check(console.text.count("\nsource\n") == 1, "ls before and after rm do not differ")
    console.check(console.text.count("took it away.\n") == 1, "cat shows not what is in the file")
    console.check(re.search(r"source: .*(no such|not found|does not exist|failed)", console.text, re.IGNORECASE),
                  "cat of a removed file says nothing")
    console.expect_clean_end()


def test_boot_lines():
    """The lines graders look for, in their order."""
    console = support.pintos(["--filesys-size=1", "--swap-size=1", *support.put(["echo"])],
                             ["-q", "-f", "run", "echo x"])
    place = 0
    for pattern in (r"^Pintos booting with [\d,]+ kB RAM\.\.\.$", r"^Boot complete\.$", r"^Executing 'echo x':$",
                    r"^x$", r"^echo: exit\(0\)$", r"^Execution of 'echo x' complete\.$", r"^Timer: \d+ ticks$",
                    r"^Powering off\.\.\.$"):
        match = re.compile(pattern, re.MULTILINE).search(console.text, place)
        console.check(match, f"no line like `{pattern}' in its place")
        place = match.end()
    for pattern in (r"^hda\d \(filesys\): \d+ reads, \d+ writes$", r"^hda\d \(swap\): 0 reads, 0 writes$",
                    r"^Exception: \d+ page faults$"):
        console.statistic(pattern.replace(r"\d+ reads", r"(\d+) reads", 1).replace(r": \d+ page", r": (\d+) page")
                          .replace("0 reads", "(0) reads", 1) if "(\\d+)" not in pattern else pattern)
    console.expect_clean_end()


def test_reboot_option():
    """-r resets the machine after the actions; the launcher does not take it for a crash of the guest."""
    console = support.pintos(["--filesys-size=1", *support.put(["echo"])], ["-r", "-f", "run", "echo x"], seconds=20)
    console.check("echo: exit(0)" in console.text, "it did not run")
    console.check("TIMEOUT" not in console.text, "it did not end")


def test_long_command_line():
    """Arguments up to a page reach the program; more are refused by a line."""
    words = " ".join(["abcdefghi"] * 90)
    console = support.pintos(["--filesys-size=1", *support.put(["echo"])], ["-q", "-f", "run", f"echo {words}"])
    console.check(words in console.text, "900 bytes of arguments are not echoed")
    console.expect_clean_end()
    words = " ".join(["abcdefghi"] * 900)
    console = support.pintos(["--filesys-size=1", *support.put(["echo"])], ["-q", "-f", "run", f"echo {words}"])
    console.check("PANIC" not in console.text and "TIMEOUT" not in console.text, "a panic or a hang")
    console.check("echo: exit(0)" in console.text or re.search(r"(?i)too long|overflow", console.text),
                  "neither run nor refused")
