"""The kernel's command line: what it takes.  tests/bad has what it does not."""

import re

import support

def test_help():
    """-h names every option and action, runs nothing, and powers off."""
    console = support.pintos(["--filesys-size=1"], ["-h"])
    for word in ("-q", "-r", "-f", "-filesys=", "-scratch=", "-swap=", "-rs=", "-ul=", "-stack=", "-oom=", "-cluster=", "-readahead=", "-reserve=", "-zero-ahead=",
                 "-load-control=", "run", "ls",
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
    console = support.pintos(["--filesys-size=1", *support.put(["echo"])], ["-r", "-f", "run", "echo x"])
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
