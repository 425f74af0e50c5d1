"""/proc beside what a disk has at that name, and on the kernel's command line."""

import subprocess

import machine
import support


def boot(folder, commands, kernel):
    """The console of a guest that does KERNEL with a disk on which debugfs did COMMANDS."""
    image = str(folder / "image")
    files = {name: support.program(name) for name in ("cat", "ls", "echo")}
    machine.make_filesystem(image, 2, files)
    for command in commands:
        subprocess.run(["debugfs", "-w", "-R", command, image], check=True, capture_output=True)
    console = support.pintos([f"--filesys={image}"], ["-q", *kernel], folder=str(folder))
    console.expect_clean_end()
    return console


def test_directory_on_disk(tmp_path):
    """It is listed, and hidden by the kernel's."""
    console = boot(tmp_path, ["mkdir proc", "mkdir proc/below", "mkdir proc/self"],
                   ["ls", "run", "ls /proc", "run", "ls /proc/below", "run", "cat /proc/self/status", "rm", "/proc"])
    console.check("\nproc\n" in console.text, "listed")
    console.check("\nvmstat\n" in console.text and "\nbelow\n" not in console.text, "hidden")
    console.check("/proc/below: not found" in console.text, "and what is in it")
    console.check("\nName:\tcat\n" in console.text, "the kernel's")
    console.check("rm: /proc: delete failed" in console.text, "it stays")


def test_file_on_disk(tmp_path):
    """It is there for all, and /proc is not."""
    console = boot(tmp_path, [f"write {support.program('echo')} proc"],
                   ["run", "proc as ever", "run", "cat /proc/meminfo", "rm", "proc", "cat", "/proc/meminfo"])
    console.check("\nas ever\n" in console.text and "proc: exit(0)" in console.text, "it runs")
    console.check("/proc/meminfo: open failed" in console.text, "nothing below it")
    console.check("\nMemTotal: " in console.text, "until it is removed")


def test_command_line(tmp_path):
    """`cat' shows reports, but none of a process, and `ls' does not list them."""
    console = boot(tmp_path, [], ["ls", "cat", "/proc/policy", "cat", "/proc/self/maps", "cat", "/proc", "rm", "/proc/stat"])
    console.check("\npolicy    duo\n" in console.text, "the policy")
    console.check("\nproc\n" not in console.text, "not listed")
    console.check("cat: /proc/self/maps: open failed: no such file" in console.text, "nobody runs")
    console.check("cat: /proc: is a directory" in console.text, "a directory")
    console.check("rm: /proc/stat: delete failed: " in console.text, "it stays")
