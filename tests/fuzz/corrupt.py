#!/usr/bin/env python3
"""Damages file systems that mke2fs made, and looks whether the kernel's ext2 takes them as it should, with
e2fsck as the judge: corrupt.py GEOMETRY SEED [--count N].

What e2fsck accepts must be mounted, and every file must be what debugfs reads.  What it rejects must be refused,
without a byte written, or served without harm: looking changes nothing but counts, and after changes e2fsck can still
repair it.  All is a function of the geometry and the seed.
"""

import argparse
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile

import geometries

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SUPER = 1024
REFUSED = 3         # fs_test's status.
FILE_MAX = 64 << 20  # What debugfs may write.
# Name -> (kilobytes, options of mke2fs).
GEOMETRIES = {
    "1k": (1024, ["-b", "1024", "-I", "128"]),
    "1k-groups": (3072, ["-b", "1024", "-I", "256", "-g", "512"]),
    "1k-old": (2048, ["-b", "1024", "-I", "128", "-O", "none", "-g", "1024"]),  # Revision 0: make_base() sees to it.
    "2k-no-types": (2048, ["-b", "2048", "-I", "256", "-O", "^filetype,^resize_inode", "-g", "512"]),
    "4k": (4096, ["-b", "4096", "-I", "256"]),
    "4k-groups": (6144, ["-b", "4096", "-I", "128", "-g", "512", "-O", "^sparse_super,^dir_index,^resize_inode"]),
}
# Fields as (offset, bytes): those that mean something, and those that may have any value.
SUPER_FIELDS = [(0, 4), (4, 4), (8, 4), (12, 4), (16, 4), (20, 4), (24, 4), (28, 4), (32, 4), (36, 4), (40, 4), (56, 2),
                (58, 2), (76, 4), (84, 4), (88, 2), (90, 2), (92, 4), (96, 4), (100, 4), (206, 2), (224, 4), (228, 4),
                (232, 4), (254, 2), (256, 4)]
SUPER_IDLE = [(44, 4), (48, 4), (52, 2), (54, 2), (60, 2), (62, 2), (64, 4), (68, 4), (80, 2), (82, 2), (120, 16), (136, 16)]
GROUP_FIELDS = [(0, 4), (4, 4), (8, 4), (12, 2), (14, 2), (16, 2), (18, 2)]
INODE_FIELDS = [(0, 2), (4, 4), (20, 4), (26, 2), (28, 4), (32, 4), (104, 4), (108, 4), (112, 4)]
INODE_IDLE = [(2, 2), (8, 4), (12, 4), (16, 4), (24, 2), (100, 4)]
HOSTILE = [0, 1, 2, 3, 7, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]


class Failure(Exception):
    """The kernel's ext2 did not do what it should."""


def make_revision_0(path):
    """Takes from the superblock in image PATH what revision 0 does not know: the revision itself, the first inode,
    the size of inodes.  mke2fs itself makes no such image any more, from 1.47.2 on."""
    with open(path, "r+b") as file:
        file.seek(SUPER + 76)
        file.write(bytes(4 + 4) + bytes(4 + 2))


def make_base(path, geometry):
    """Makes the image of GEOMETRY, with small files and large ones, at PATH."""
    folder = path + ".files"
    os.mkdir(folder)
    geometries.fill(folder)
    source = random.Random(geometry)
    for name, size in (("large", 90_000), ("larger", 400_000), ("many/tail", 4097)):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(source.randbytes(size))
    for number in range(150):
        with open(os.path.join(folder, "dir", f"{number}-{'n' * (number % 60)}"), "wb") as file:
            file.write(b"x" * (number % 7))
    kilobytes, options = GEOMETRIES[geometry]
    geometries.make(path, folder, kilobytes, [*options, "-N", "320"])
    if geometry == "1k-old":
        make_revision_0(path)
    shutil.rmtree(folder)


class Patient:
    """An image to be damaged: where its parts are, and the random source of the damage."""

    def __init__(self, data, seed):
        self.data, self.chance, self.done = bytearray(data), random.Random(seed), []
        word = lambda offset: struct.unpack_from("<I", data, SUPER + offset)[0]
        self.inodes, self.blocks, self.per_group, self.block_size = word(0), word(4), word(40), 1024 << word(24)
        self.groups_at = (word(20) + 1) * self.block_size
        self.groups = self.inodes // self.per_group
        self.inode_size = struct.unpack_from("<H", data, SUPER + 88)[0] if word(76) else 128
        self.used = [number for number in range(1, self.inodes + 1)
                     if self.get(self.inode(number) + 26, 2) and (number == 2 or number > 10)]

    def get(self, place, width):
        """The WIDTH bytes at PLACE as a number."""
        return int.from_bytes(self.data[place:place + width], "little")

    def put(self, what, place, width, value):
        """Puts VALUE there, and notes WHAT that was."""
        if place < 0 or place + width > len(self.data):
            return
        value &= (1 << 8 * width) - 1
        self.done.append(f"{what}: {width} bytes at {place} from {self.get(place, width):#x} to {value:#x}")
        self.data[place:place + width] = value.to_bytes(width, "little")

    def value(self, old):
        """Something to put in the place of OLD."""
        pick = self.chance
        return pick.choice([pick.choice(HOSTILE), old + 1, old - 1, old ^ 1 << pick.randrange(32), pick.getrandbits(32),
                            pick.randrange(self.blocks), pick.randrange(self.inodes + 10)])

    def descriptor(self, offset):
        """A word of a descriptor, and its group."""
        group = self.chance.randrange(self.groups)
        return self.get(self.groups_at + 32 * group + offset, 4)

    def inode(self, number):
        """Where inode NUMBER stands."""
        group, index = divmod(number - 1, self.per_group)
        return self.get(self.groups_at + 32 * group + 8, 4) * self.block_size + index * self.inode_size

    def some_block(self, number, first=0, last=14):
        """Where a block of inode NUMBER stands, one of those FIRST to LAST in i_block; None if there is none."""
        blocks = [self.get(self.inode(number) + 40 + 4 * index, 4) for index in range(first, last + 1)]
        blocks = [block for block in blocks if 0 < block < self.blocks]
        return self.chance.choice(blocks) * self.block_size if blocks else None

    def of_type(self, kind):
        """Inodes in use whose mode says KIND."""
        return [number for number in self.used if self.get(self.inode(number), 2) >> 12 == kind]


def damage_field(patient, what, base, fields):
    """Another value for one of FIELDS at BASE."""
    offset, width = patient.chance.choice(fields)
    patient.put(f"{what} +{offset}", base + offset, width, patient.value(patient.get(base + offset, min(width, 4))))


def damage_super(patient):
    """A field of the superblock."""
    damage_field(patient, "superblock", SUPER, SUPER_FIELDS)


def damage_group(patient):
    """A field of a group's descriptor."""
    group = patient.chance.randrange(patient.groups)
    damage_field(patient, f"group {group}", patient.groups_at + 32 * group, GROUP_FIELDS)


def damage_idle(patient):
    """A field that e2fsck does not mind."""
    if patient.chance.randrange(2):
        damage_field(patient, "superblock", SUPER, SUPER_IDLE)
    else:
        number = patient.chance.choice(patient.used)
        damage_field(patient, f"inode {number}", patient.inode(number), INODE_IDLE)


def damage_bitmap(patient):
    """A bit, a byte or all of a bitmap."""
    offset = patient.chance.choice([0, 4])
    place = patient.descriptor(offset) * patient.block_size
    kind = patient.chance.randrange(3)
    what = "inode bitmap" if offset else "block bitmap"
    if kind == 0:
        at = place + patient.chance.randrange(64)
        patient.put(what, at, 1, patient.get(at, 1) ^ 1 << patient.chance.randrange(8))
    else:
        width = 1 if kind == 1 else patient.block_size
        patient.put(what, place, width, patient.chance.choice([0, -1]))


def damage_inode(patient):
    """A field of an inode in use."""
    number = patient.chance.choice(patient.used)
    damage_field(patient, f"inode {number}", patient.inode(number), INODE_FIELDS)


def damage_size(patient):
    """A size that is a little off, so that often no block is too many or too few."""
    number = patient.chance.choice(patient.of_type(8))
    place = patient.inode(number) + 4
    patient.put(f"size of inode {number}", place, 4, max(0, patient.get(place, 4) + patient.chance.randrange(-40, 40)))


def damage_pointer(patient):
    """A block pointer in an inode: to nowhere, to a table, or to what another file has."""
    number = patient.chance.choice(patient.used)
    place = patient.inode(number) + 40 + 4 * patient.chance.randrange(15)
    patient.put(f"pointer of inode {number}", place, 4, patient.value(patient.get(place, 4)))


def damage_indirect(patient):
    """A pointer in a block of pointers."""
    number = patient.chance.choice(patient.of_type(8))
    place = patient.some_block(number, 12)
    if place is not None:
        place += 4 * patient.chance.randrange(40)
        patient.put(f"indirect pointer of inode {number}", place, 4, patient.value(patient.get(place, 4)))


def damage_entry(patient):
    """A field of a directory's entry, found from record to record."""
    number = patient.chance.choice(patient.of_type(4))
    block = patient.some_block(number, 0, 11)
    if block is None:
        return
    records, at = [], 0
    while at <= patient.block_size - 8 and (length := patient.get(block + at + 4, 2)) >= 8:
        records.append(block + at)
        at += length
    if records:
        offset, width = patient.chance.choice([(0, 4), (4, 2), (6, 1), (7, 1), (8, 1), (9, 1)])
        place = patient.chance.choice(records) + offset
        patient.put(f"entry of directory {number} +{offset}", place, width, patient.value(patient.get(place, width)))


def damage_link(patient):
    """A symbolic link's target or length."""
    number = patient.chance.choice(patient.of_type(10) or patient.used)
    place = patient.inode(number)
    offset, width = patient.chance.choice([(4, 4), (40, 1), (43, 1), (50, 1), (28, 4)])
    patient.put(f"link {number} +{offset}", place + offset, width, patient.value(patient.get(place + offset, width)))


def damage_block(patient):
    """A whole block of zeroes, of ones, or of another place."""
    place = patient.chance.randrange(min(patient.blocks, 160)) * patient.block_size
    other = patient.chance.randrange(patient.blocks) * patient.block_size
    value = patient.chance.choice([0, -1, patient.get(other, patient.block_size)])
    patient.put("block", place, patient.block_size, value)


def damage_bytes(patient):
    """Bytes of any kind, near the start, where the tables are, or anywhere."""
    end = patient.chance.choice([SUPER + 300, 64 * patient.block_size, len(patient.data)])
    for _ in range(patient.chance.randint(1, 20)):
        patient.put("bytes", patient.chance.randrange(SUPER, end), patient.chance.choice([1, 2, 4]),
                    patient.value(0))


def damage_end(patient):
    """The end is missing."""
    size = patient.chance.randrange(0, len(patient.data), 512)
    patient.done.append(f"cut to {size} bytes")
    del patient.data[size:]


KINDS = [damage_super, damage_super, damage_group, damage_idle, damage_idle, damage_idle, damage_bitmap, damage_inode,
         damage_inode, damage_size, damage_size, damage_pointer, damage_indirect, damage_entry, damage_entry, damage_link,
         damage_block, damage_bytes]


def damage(good, seed):
    """A copy of the image GOOD with the damage of SEED, and what that is."""
    patient = Patient(good, seed)
    for _ in range(patient.chance.choice([1, 1, 1, 2, 4])):
        patient.chance.choice(KINDS)(patient)
    if patient.chance.randrange(30) == 0:
        damage_end(patient)
    return bytes(patient.data), patient.done


def run(command, limit=None):
    """Status and output of COMMAND, whose files may have LIMIT bytes."""
    def preexec():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False,
                            timeout=300, preexec_fn=preexec if limit else None)
    return result.returncode, result.stdout.decode("utf-8", "replace")


def read(path):
    """The bytes of PATH."""
    with open(path, "rb") as file:
        return file.read()


class Judge:
    """Compares what the kernel's ext2 (PROGRAM, fs_test) does with e2fsck."""

    def __init__(self, program, folder, geometry):
        self.program, self.image = program, os.path.join(folder, "image")
        base = os.path.join(folder, "base")
        make_base(base, geometry)
        self.good, self.geometry = read(base), geometry

    def fs_test(self, what, *words):
        """Runs fs_test; whether it mounted, and what it said."""
        status, text = run([self.program, what, self.image, *words])
        if status not in (0, REFUSED):
            raise Failure(f"fs_test {what}: status {status}\n{text}")
        return status == 0, text

    def write(self, data):
        """Makes the image DATA."""
        with open(self.image, "wb") as file:
            file.write(data)

    def check_repairable(self):
        """e2fsck repairs the image and is content then."""
        status, text = run(["e2fsck", "-fy", self.image])
        if status in (0, 1, 2) and run(["e2fsck", "-fn", self.image])[0] == 0:
            return
        raise Failure(f"e2fsck cannot repair it: status {status}\n{text}")

    def check_accepted(self, said):
        """What e2fsck accepts, and is mounted, reads as debugfs reads it."""
        with tempfile.TemporaryDirectory(dir=os.path.dirname(self.image)) as folder:
            status, _ = run(["debugfs", "-R", f"rdump / {folder}", self.image], FILE_MAX)
            if status == 0:
                self.fs_test("verify", folder)
        if "not supported" not in said and "error" in said:
            raise Failure(f"it finds fault with it: {said}")

    def check_look(self, data):
        """Looking at an image that was DATA changes nothing but superblock and descriptors."""
        now = read(self.image)
        start = SUPER + 8192  # Where those end in all geometries.
        if len(data) != len(now) or data[:SUPER] != now[:SUPER] or data[start:] != now[start:]:
            raise Failure("looking at it changed more than counts")

    def judge(self, seed):
        """What becomes of the image with the damage of SEED, in a word; raises Failure."""
        data, done = damage(self.good, seed)
        try:
            return self.judge_image(data, seed)
        except Failure as failure:
            raise Failure("\n".join([*done, str(failure), f"repeat it: tests/fuzz/corrupt.py {self.geometry} {seed}"])) \
                from None

    def judge_image(self, data, seed):
        """The same for the image DATA."""
        self.write(data)
        status, text = run(["e2fsck", "-fn", self.image])
        # Where it goes on with copies of what is damaged, it accepts those.
        accepted = status == 0 and "trying backup blocks" not in text
        repairable = accepted or self.can_be_repaired(data)
        mounted, said = self.fs_test("look")
        if not mounted:
            if read(self.image) != data:
                raise Failure("it was refused, and written to")
            if accepted and "unsupported" not in said:
                raise Failure(f"e2fsck accepts it: {said}")
            return "refused"
        self.check_look(data)
        if accepted:
            self.check_accepted(said)
        self.fs_test("walk", str(seed))
        if repairable:
            self.check_repairable()
        return "accepted" if accepted else "served"

    def can_be_repaired(self, data):
        """Whether e2fsck can repair DATA to begin with."""
        try:
            self.check_repairable()
            return True
        except Failure:
            return False
        finally:
            self.write(data)


def main():
    """Judges the seeds asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("geometry", choices=GEOMETRIES)
    parser.add_argument("seed", type=int)
    parser.add_argument("--count", metavar="N", type=int, default=1, help="this seed and those after it")
    options = parser.parse_args()
    build = os.path.abspath(os.environ.get("BUILD") or os.path.join(ROOT, "build"))
    program = os.path.join(build, "tests", "host", "fs_test")
    subprocess.run(["make", "-s", "-C", ROOT, "-f", "tests/host/fs.mk", f"BUILD={build}", program], check=True)
    failures, verdicts = 0, {}
    with tempfile.TemporaryDirectory(prefix="quire-corrupt-") as folder:
        judge = Judge(program, folder, options.geometry)
        for seed in range(options.seed, options.seed + options.count):
            try:
                verdict = judge.judge(seed)
            except Failure as failure:
                verdict, failures = "failed", failures + 1
                print(failure, flush=True)
            verdicts[verdict] = verdicts.get(verdict, 0) + 1
    print(options.geometry, ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
