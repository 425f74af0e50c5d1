"""A small ext2 image with known files, and copies of it to be damaged."""

import os
import re
import struct
import subprocess

import machine
import support

SUPER = 1024
BLOCK = 4096
# Fields of the superblock: name -> (offset, format).
FIELDS = {"inodes_count": (0, "<I"), "blocks_count": (4, "<I"), "reserved_blocks": (8, "<I"), "free_blocks": (12, "<I"),
          "free_inodes": (16, "<I"), "first_data_block": (20, "<I"), "log_block_size": (24, "<I"),
          "log_frag_size": (28, "<I"), "blocks_per_group": (32, "<I"), "inodes_per_group": (40, "<I"),
          "magic": (56, "<H"), "state": (58, "<H"), "rev_level": (76, "<I"), "first_ino": (84, "<I"),
          "inode_size": (88, "<H"), "feature_incompat": (96, "<I"), "feature_ro_compat": (100, "<I"),
          "reserved_gdt_blocks": (206, "<H")}
# The same of the only group's descriptor.
GROUP_FIELDS = {"block_bitmap": (0, "<I"), "inode_bitmap": (4, "<I"), "inode_table": (8, "<I"),
                "free_blocks": (12, "<H"), "free_inodes": (14, "<H"), "used_dirs": (16, "<H")}
# Of an inode.
INODE_FIELDS = {"mode": (0, "<H"), "size": (4, "<I"), "links": (26, "<H"), "flags": (32, "<I"), "block": (40, "<I"),
                "indirect": (88, "<I"), "size_high": (108, "<I")}
# Of the first records of the root directory, which are `.' and `..', and of the third.
RECORD_FIELDS = {"inode": (0, "<I"), "length": (4, "<H"), "name_length": (6, "<B")}


class Image:
    """The bytes of an image, and where in them the parts stand."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = bytearray(file.read())
        self.path = path

    def put(self, place, field, value):
        """Changes FIELD, (offset, format), of what stands at PLACE."""
        offset, form = field
        struct.pack_into(form, self.data, place + offset, value)

    def get(self, place, field):
        """The value of FIELD of what stands at PLACE."""
        offset, form = field
        return struct.unpack_from(form, self.data, place + offset)[0]

    def super(self, name, value):
        """Changes field NAME of the superblock."""
        self.put(SUPER, FIELDS[name], value)

    def group(self, name, value):
        """Changes field NAME of the group's descriptor."""
        self.put(BLOCK, GROUP_FIELDS[name], value)

    def table_place(self, name):
        """Where the block stands that field NAME of the group's descriptor names."""
        return self.get(BLOCK, GROUP_FIELDS[name]) * BLOCK

    def number(self, file):
        """The inode number of FILE."""
        if file == "/":
            return 2
        text = subprocess.run(["/sbin/debugfs", "-R", f"stat {file}", self.path], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, check=True).stdout
        return int(re.search(r"Inode: (\d+)", text).group(1))

    def inode_place(self, file):
        """Where the inode of FILE stands."""
        size = self.get(SUPER, FIELDS["inode_size"])
        return self.table_place("inode_table") + (self.number(file) - 1) * size

    def inode(self, file, name, value):
        """Changes field NAME of the inode of FILE."""
        self.put(self.inode_place(file), INODE_FIELDS[name], value)

    def pointer(self, file, name="block"):
        """The block that field NAME of the inode of FILE names."""
        return self.get(self.inode_place(file), INODE_FIELDS[name])

    def record(self, index, name, value):
        """Changes field NAME of record INDEX, 0, 1 or 2, of the root directory."""
        self.put(self.pointer("/") * BLOCK + 12 * index, RECORD_FIELDS[name], value)

    def fill(self, place, blocks, byte):
        """Fills BLOCKS blocks at PLACE with BYTE."""
        self.data[place:place + blocks * BLOCK] = bytes([byte]) * (blocks * BLOCK)


class Images:
    """Makes a good image once, and boots with damaged copies of it."""

    def __init__(self, folder):
        self.folder = folder
        self.good = os.path.join(folder, "good")
        self.disk = os.path.join(folder, "disk")
        self.before = None  # The disk's bytes before the last boot.
        machine.make_filesystem(self.good, 1, {"echo": support.program("echo"), "text": b"hello\n" * 100,
                                               "d/deep/file": (b"x" * 63 + b"\n") * 1100})
        links = "symlink ring-a ring-b\nsymlink ring-b ring-a\n"
        subprocess.run(["/sbin/debugfs", "-w", "-f", "-", self.good], input=links.encode(), stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)

    def image(self):
        """A copy of the good image, to be damaged."""
        return Image(self.good)

    def boot(self, data, actions, seconds=support.SECONDS):
        """Boots with DATA as file system."""
        image = os.path.join(self.folder, "image")
        with open(image, "wb") as file:
            file.write(data)
        machine.make_disk(self.disk, [("filesys", image), ("swap", 512)])
        with open(self.disk, "rb") as file:
            self.before = file.read()
        console = machine.boot(f"-q {actions}", [self.disk], seconds=seconds)
        console.check("PANIC" not in console.text, "a panic")
        console.check("TIMEOUT" not in console.text, "a hang")
        return console
