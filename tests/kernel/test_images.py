"""File systems that are not there, or damaged at random: survived.  tests/bad has the damages one by one."""

import random
import re
import struct
import tempfile

import pytest

import machine
import support
from images import Images


@pytest.fixture(scope="module", name="images")
def make_images():
    """The images of this file's tests."""
    with tempfile.TemporaryDirectory(prefix="quire-images-") as folder:
        yield Images(folder)


def test_no_disk():
    """Without any disk the kernel says that there is no file system, and ends."""
    console = machine.boot("-q run 'echo x'", [])
    console.check("PANIC" not in console.text and "TIMEOUT" not in console.text, "a panic or a hang")
    console.check(re.search(r"(?i)no file system|no .*(device|partition|disk)", console.text), "no line that says so")


def damage_metadata(data, seed):
    """Changes words of superblock, group descriptors, bitmaps, inode table and directories."""
    source = random.Random(seed)
    blocks = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    for _ in range(source.randint(1, 12)):
        place = source.choice(blocks) * 4096 + source.randrange(1024) * 4
        if place == 0 or place + 4 > len(data):
            continue
        value = source.choice([0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, source.getrandbits(32), source.randrange(300)])
        struct.pack_into("<I", data, place, value)
    return data


@pytest.mark.parametrize("seed", support.after(3, range(12)))
def test_random_damage(images, seed):
    """Random damage to the metadata gives errors, never a panic or a loop."""
    console = images.boot(damage_metadata(images.image().data, seed),
                          "ls cat text cat d/deep/file run 'echo alive' rm text ls")
    console.check("Powering off" in console.text or console.status != 0, "no end")
