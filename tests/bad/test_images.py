"""Bad inputs 31 to 41: each damage is told once, and the kernel goes on with what is whole."""

import os
import re
import tempfile

import pytest

import machine
from bad import images as table
from images import Images

COMPLAINT = re.compile(r"^(?:(?:ext2|filesys|swap|ls|cat|rm|load|check): |hda\d? cannot ).*", re.MULTILINE)


@pytest.fixture(scope="module", name="images")
def make_images():
    """The image of this file's tests."""
    with tempfile.TemporaryDirectory(prefix="quire-bad-") as folder:
        yield Images(folder)


def check_complaints(console, lines):
    """LINES, regular expressions, match all that the kernel complains of, one by one and in their order."""
    complaints = COMPLAINT.findall(console.text)
    console.check(re.fullmatch("\n".join(lines), "\n".join(complaints)), f"expected {lines},\ngot {complaints}")


def check_alive(console, is_alive=True):
    """A program ran after it, unless it cannot be read, and the machine ended well."""
    console.check(("\nalive\necho: exit(0)\n" in console.text) == is_alive, "the program after it")
    console.expect_clean_end()


def read(path):
    """The bytes of file PATH."""
    with open(path, "rb") as file:
        return file.read()


def rows_of(tables):
    """(number, name) of all rows of TABLES, for pytest."""
    return [pytest.param(number, name, id=f"{number}-{name}") for number in tables for name in tables[number]]


def test_good(images):
    """The image that the others are made of is fine."""
    console = images.boot(images.image().data, table.ACTIONS)
    check_complaints(console, [table.RING])
    console.check(console.text.count("hello\n") == 100 and console.text.count("x" * 63 + "\n") == 1100, "the content")
    check_alive(console)


@pytest.mark.parametrize("number,name", rows_of(table.REFUSED))
def test_refused(images, number, name):
    """It is not mounted, for the reason in the line, and not touched."""
    damage, line = table.REFUSED[number][name]
    image = images.image()
    damage(image)
    console = images.boot(image.data, "run 'echo alive'")
    check_complaints(console, [f"ext2: hda1: {line}", "filesys: not mounted; running without",
                               "load: echo: open failed"])
    check_alive(console, False)
    console.check(read(images.disk) == images.before, "the disk was written")


@pytest.mark.parametrize("number,name", rows_of(table.MOUNTED))
def test_mounted(images, number, name):
    """What is damaged is refused by name, and the rest can be used."""
    damage, lines = table.MOUNTED[number][name]
    image = images.image()
    damage(image)
    console = images.boot(image.data, table.ACTIONS)
    check_complaints(console, lines)
    check_alive(console, not any("load: echo" in line for line in lines))
    if any("read-only" in line for line in lines):
        console.check(read(images.disk) == images.before, "the disk was written")


@pytest.mark.parametrize("number,name", rows_of(table.SWAP))
def test_swap(images, number, name):
    """A swap device is used as far as it goes, or not at all, or refused with the command line."""
    partitions, options, lines = table.SWAP[number][name]
    disk = os.path.join(images.folder, "swap-disk")
    machine.make_disk(disk, [("filesys", images.good), *partitions])
    console = machine.boot(f"-q {options} check run 'echo alive'", [disk])
    slots = sum(sectors // 8 for _, sectors in partitions)
    if options:
        check_complaints(console, lines)
        console.check("Boot complete." not in console.text and console.status == 5, f"status {console.status}, not 5")
        return
    checks = console.checks()
    console.check(len(checks) == 1 and checks[0]["slots"] == slots, f"not {slots} slots")
    check_complaints(console, [*lines, "check: ok, .*"])
    check_alive(console)
