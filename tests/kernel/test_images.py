"""File systems that are not there, not ext2, or damaged: refused or survived, never a panic."""

import os
import random
import re
import struct
import subprocess
import tempfile

import pytest

import machine
import support

SUPER = 1024
# Fields of the superblock: name -> (offset, format).
FIELDS = {"inodes_count": (0, "<I"), "blocks_count": (4, "<I"), "free_blocks": (12, "<I"), "first_data_block": (20, "<I"),
          "log_block_size": (24, "<I"), "blocks_per_group": (32, "<I"), "inodes_per_group": (40, "<I"),
          "magic": (56, "<H"), "state": (58, "<H"), "rev_level": (76, "<I"), "first_ino": (84, "<I"),
          "inode_size": (88, "<H"), "feature_incompat": (96, "<I"), "feature_ro_compat": (100, "<I")}
# Damage -> what the line must say.
BAD_FIELDS = [
    ("magic", 0, r"ext2"), ("magic", 0xFFFF, r"ext2"),
    ("log_block_size", 25, r"ext2.*block"), ("log_block_size", 0xFFFFFFFF, r"ext2.*block"),
    ("blocks_per_group", 0, r"ext2.*blocks.per.group"), ("blocks_per_group", 0xFFFFFFFF, r"ext2"),
    ("inodes_per_group", 0, r"ext2.*inodes.per.group"), ("inodes_per_group", 0xFFFFFFFF, r"ext2"),
    ("first_data_block", 0xFFFFFFFF, r"ext2"), ("blocks_count", 0xFFFFFFFF, r"ext2"), ("blocks_count", 0, r"ext2"),
    ("blocks_count", 10_000_000, r"ext2.*(larger|device|blocks)"),
    ("inodes_count", 0, r"ext2"), ("inodes_count", 0xFFFFFFFF, r"ext2"),
    ("inode_size", 0, r"ext2.*inode"), ("inode_size", 100, r"ext2.*inode"), ("inode_size", 32768, r"ext2.*inode"),
    ("rev_level", 99, r"ext2"), ("feature_incompat", 0x40, r"ext2.*(feature|unsupported)"),
    ("feature_incompat", 0xFFFFFFFF, r"ext2.*(feature|unsupported)"),
]


class Images:
    """Makes a good image once and damaged copies of it."""

    def __init__(self, folder):
        self.folder = folder
        self.good = os.path.join(folder, "good")
        machine.make_filesystem(self.good, 1, {"echo": support.program("echo"), "d/deep/file": b"x" * 70000,
                                               "text": b"hello\n" * 100})

    def data(self):
        """The good image's bytes, to be damaged."""
        with open(self.good, "rb") as file:
            return bytearray(file.read())

    def boot(self, data, actions="ls cat text run 'echo alive'", seconds=40):
        """Boots with DATA as file system."""
        image = os.path.join(self.folder, "image")
        disk = os.path.join(self.folder, "disk")
        with open(image, "wb") as file:
            file.write(data)
        machine.make_disk(disk, [("filesys", image), ("swap", 512)])
        console = machine.boot(f"-q {actions}", [disk], seconds=seconds)
        console.check("PANIC" not in console.text, "a panic")
        console.check("TIMEOUT" not in console.text, "a hang")
        return console


@pytest.fixture(scope="module")
def images():
    """The images of this file's tests."""
    with tempfile.TemporaryDirectory(prefix="quire-images-") as folder:
        yield Images(folder)


def test_good(images):
    """The image that the others are made of works."""
    console = images.boot(images.data())
    console.check("echo: exit(0)" in console.text, "echo did not run")


@pytest.mark.parametrize("field,value,pattern", BAD_FIELDS, ids=[f"{f}-{v:x}" for f, v, _ in BAD_FIELDS])
def test_bad_superblock(images, field, value, pattern):
    """A superblock that cannot be is refused, with its field named."""
    data = images.data()
    offset, form = FIELDS[field]
    struct.pack_into(form, data, SUPER + offset, value & (0xFFFF if form == "<H" else 0xFFFFFFFF))
    console = images.boot(data)
    console.check(re.search(pattern, console.text), f"no line like `{pattern}'")
    console.check("echo: exit(0)" not in console.text, "it was mounted all the same")


@pytest.mark.parametrize("kind", ["zeroes", "random", "tiny", "cut", "empty-superblock"])
def test_not_a_file_system(images, kind):
    """Whatever is not ext2 is refused by a line, and the kernel ends well."""
    data = images.data()
    data = {"zeroes": bytes(1 << 20), "random": random.Random(3).randbytes(1 << 20), "tiny": bytes(512),
            "cut": bytes(data[:len(data) // 2]),
            "empty-superblock": bytes(data[:SUPER]) + bytes(1024) + bytes(data[2048:])}[kind]
    console = images.boot(data)
    console.check(re.search(r"ext2|file system", console.text), "no line that says so")
    if kind != "cut":
        console.check("echo: exit(0)" not in console.text, "it was mounted all the same")


def test_no_disk():
    """Without any disk the kernel says that there is no file system, and ends."""
    console = machine.boot("-q run 'echo x'", [])
    console.check("PANIC" not in console.text and "TIMEOUT" not in console.text, "a panic or a hang")
    console.check(re.search(r"(?i)no file system|no .*(device|partition|disk)", console.text), "no line that says so")


def test_read_only_feature(images):
    """A feature that only writers must know mounts it read-only, and says so."""
    data = images.data()
    struct.pack_into("<I", data, SUPER + 100, 0x80000000)
    console = images.boot(data, "cat text rm text ls")
    console.check(re.search(r"(?i)ext2.*read-only", console.text), "no line that says read-only")
    console.check("hello" in console.text, "the file cannot be read")


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


@pytest.mark.parametrize("seed", range(12))
def test_random_damage(images, seed):
    """Random damage to the metadata gives errors, never a panic or a loop."""
    console = images.boot(damage_metadata(images.data(), seed),
                          "ls cat text cat d/deep/file run 'echo alive' rm text ls")
    console.check("Powering off" in console.text or console.status != 0, "no end")


def inode_place(data, number):
    """Where inode NUMBER stands in the image DATA, of one group and blocks of 4096."""
    table = struct.unpack_from("<I", data, 4096 + 8)[0]
    size = struct.unpack_from("<H", data, SUPER + 88)[0]
    return table * 4096 + (number - 1) * size


def inode_number(image, name):
    """The number of the inode of NAME."""
    text = subprocess.run(["/sbin/debugfs", "-R", f"stat {name}", image], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return int(re.search(r"Inode: (\d+)", text).group(1))


DAMAGES = ("root-not-directory", "root-deleted", "pointer-out-of-range", "pointer-to-superblock",
           "indirect-out-of-range", "indirect-to-itself", "size-huge", "rec-len-0", "rec-len-3", "rec-len-far",
           "name-len-long", "entry-inode-huge", "directory-into-itself", "links-0", "bitmaps-full", "bitmaps-empty")


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage(images, kind):
    """Each classic damage is met with an error for that file, and the kernel ends well."""
    data = images.data()
    text = inode_place(data, inode_number(images.good, "text"))
    deep = inode_place(data, inode_number(images.good, "d/deep/file"))
    root = inode_place(data, 2)
    directory = struct.unpack_from("<I", data, root + 40)[0] * 4096
    put = {
        "root-not-directory": lambda: struct.pack_into("<H", data, root, 0o100644),
        "root-deleted": lambda: data.__setitem__(slice(root, root + 128), bytes(128)),
        "pointer-out-of-range": lambda: struct.pack_into("<I", data, text + 40, 0xFFFFFFF0),
        "pointer-to-superblock": lambda: struct.pack_into("<I", data, text + 40, 1),
        "indirect-out-of-range": lambda: struct.pack_into("<I", data, deep + 40 + 48, 0x7FFFFFFF),
        "indirect-to-itself": lambda: struct.pack_into(
            "<I", data, struct.unpack_from("<I", data, deep + 88)[0] * 4096,
            struct.unpack_from("<I", data, deep + 88)[0]),
        "size-huge": lambda: struct.pack_into("<I", data, text + 4, 0xFFFFFFFF),
        "rec-len-0": lambda: struct.pack_into("<H", data, directory + 4, 0),
        "rec-len-3": lambda: struct.pack_into("<H", data, directory + 4, 3),
        "rec-len-far": lambda: struct.pack_into("<H", data, directory + 4, 0xFFFC),
        "name-len-long": lambda: struct.pack_into("<B", data, directory + 24 + 6, 255),
        "entry-inode-huge": lambda: struct.pack_into("<I", data, directory + 24, 0xFFFFFFFF),
        "directory-into-itself": lambda: struct.pack_into("<I", data, directory + 24, 2),
        "links-0": lambda: struct.pack_into("<H", data, text + 26, 0),
        "bitmaps-full": lambda: data.__setitem__(
            slice(struct.unpack_from("<I", data, 4096)[0] * 4096, struct.unpack_from("<I", data, 4096)[0] * 4096 + 8192),
            b"\xff" * 8192),
        "bitmaps-empty": lambda: data.__setitem__(
            slice(struct.unpack_from("<I", data, 4096)[0] * 4096, struct.unpack_from("<I", data, 4096)[0] * 4096 + 8192),
            bytes(8192)),
    }[kind]
    put()
    console = images.boot(data, "ls cat text cat d/deep/file run 'echo alive' rm text ls", seconds=60)
    console.check(re.search(r"(?i)ext2|fail|error|corrupt|no such|damage", console.text) or kind in ("links-0",
                  "bitmaps-empty", "directory-into-itself"), "nothing is said")
