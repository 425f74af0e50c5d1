"""Disk images: a master boot record with partitions of the Pintos types, and copies of them.

A disk that we make has its file system in slot 2 of the MBR, its scratch partition in slot 3 and
its swap in slot 4, so that the guest calls those of the first disk hda2, hda3 and hda4.  Images
are sparse files.
"""

import fcntl
import os
import struct

from quire.host import Failure, describe, open_regular, write_file

SECTOR = 512
ALIGNMENT = 2048  # Sectors; partitions begin at multiples of 1 MB.
TABLE_OFFSET = 446
ENTRY = struct.Struct("<B3sB3sII")
SIGNATURE = b"\x55\xaa"
# Cylinder, head and sector of what only the sector number can tell.
CHS_BEYOND = b"\xfe\xff\xff"

TYPES = {"kernel": 0x20, "filesys": 0x21, "scratch": 0x22, "swap": 0x23}
SLOTS = {"filesys": 2, "scratch": 3, "swap": 4}
DISKS_MAX = 4  # Two on each of two IDE channels.
DEVICE_NAMES = ("hda", "hdb", "hdc", "hdd")


class Locks:
    """The disk files that this run has for itself: another one would write into the same file system.  A lock
    goes with us, however we end."""

    def __init__(self):
        self.descriptors = []
        self.files = set()

    def take(self, path):
        """Takes disk file PATH; a Failure if another run has it."""
        descriptor = open_regular(path)
        self.descriptors.append(descriptor)
        if os.fstat(descriptor).st_ino in self.files:
            raise Failure(f"{path}: attached twice")
        self.files.add(os.fstat(descriptor).st_ino)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failure(f"{path}: in use by another run of pintos") from error
        except OSError:
            pass  # No locks on this file system; QEMU has its own.

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for descriptor in self.descriptors:
            os.close(descriptor)


class Partition:
    """COUNT sectors of disk file PATH from sector START on; NUMBER is the slot in its table."""

    def __init__(self, path, number, kind, start, count):
        self.path = path
        self.number = number
        self.kind = kind
        self.start = start
        self.count = count

    @property
    def offset(self):
        """Where it begins in the file, in bytes."""
        return self.start * SECTOR

    @property
    def size(self):
        """Its length in bytes."""
        return self.count * SECTOR


def image_size(path):
    """The size of image file PATH; a Failure unless it is a file of whole sectors."""
    if os.path.isdir(path):
        raise Failure(f"{path}: is a directory")
    descriptor = open_regular(path)
    size = os.fstat(descriptor).st_size
    os.close(descriptor)
    if size == 0:
        raise Failure(f"{path}: file has zero size")
    if size % SECTOR != 0:
        raise Failure(f"{path}: size {size} not a multiple of {SECTOR} bytes")
    return size


def read_partitions(path):
    """The partitions of disk PATH, by slot."""
    sectors = image_size(path) // SECTOR
    with open(path, "rb", buffering=0) as file:
        record = file.read(SECTOR)
    if record[510:] != SIGNATURE:
        raise Failure(f"{path}: not a partitioned disk")
    partitions = []
    for slot in range(4):
        _, _, kind, _, start, count = ENTRY.unpack_from(record, TABLE_OFFSET + slot * ENTRY.size)
        if kind == 0 or count == 0:
            continue
        if start == 0 or start + count > sectors:
            raise Failure(f"{path}: partition {slot + 1} reaches past the end of the disk")
        partitions.append(Partition(path, slot + 1, kind, start, count))
    return partitions


def lookup_partition(disks, role):
    """The first partition of ROLE on the disk files DISKS, as the guest finds it, or None."""
    for path in disks:
        for partition in read_partitions(path):
            if partition.kind == TYPES[role]:
                return partition
    return None


def find_device(disks, device):
    """The partition that the guest calls DEVICE, such as "hdb2"."""
    name, number = device[:3], device[3:]
    if name in DEVICE_NAMES[: len(disks)]:
        for partition in read_partitions(disks[DEVICE_NAMES.index(name)]):
            if str(partition.number) == number:
                return partition
    raise Failure(f"no such block device `{device}'")


def partition_content(role, source):
    """Where the content of a new partition of ROLE comes from: (bytes it needs, None or the
    Partition to copy)."""
    if source.how == "size":
        return source.value, None
    if source.how == "file":
        size = image_size(source.value)
        return size, Partition(source.value, 0, TYPES[role], 0, size // SECTOR)
    for partition in read_partitions(source.value):
        if partition.kind == TYPES[role]:
            return partition.size, partition
    raise Failure(f"{source.value}: has no {role} partition")


def make_disk(path, sources):
    """Makes a new disk file PATH with a partition for each role in the dict SOURCES of
    PartitionSource.  PATH must not exist.  Leaves none behind if it fails."""
    plan = []
    end = ALIGNMENT
    for role in sorted(sources, key=SLOTS.get):
        size, copy = partition_content(role, sources[role])
        count = max(1, -(-size // SECTOR))
        plan.append((Partition(path, SLOTS[role], TYPES[role], end, count), copy))
        end = -(-(end + count) // ALIGNMENT) * ALIGNMENT
    try:
        disk = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    except FileExistsError as error:
        raise Failure(f"{path}: already exists") from error
    except OSError as error:
        raise Failure(describe(error, path)) from error
    try:
        os.ftruncate(disk, end * SECTOR)
        os.pwrite(disk, boot_record([partition for partition, _ in plan]), 0)
        for partition, copy in plan:
            if copy is not None:
                copy_sparsely(copy, disk, partition.offset)
    except OSError as error:
        os.unlink(path)
        raise Failure(describe(error, path)) from error
    except BaseException:
        os.unlink(path)
        raise
    finally:
        os.close(disk)
    return [partition for partition, _ in plan]


def boot_record(partitions):
    """A master boot record that holds only the table of PARTITIONS."""
    record = bytearray(SECTOR)
    for partition in partitions:
        where = TABLE_OFFSET + (partition.number - 1) * ENTRY.size
        ENTRY.pack_into(record, where, 0, CHS_BEYOND, partition.kind, CHS_BEYOND, partition.start,
                        partition.count)
    record[510:] = SIGNATURE
    return bytes(record)


def copy_sparsely(source, disk, offset):
    """Copies Partition SOURCE into the open file DISK at OFFSET; zeroes become holes."""
    with open(source.path, "rb", buffering=0) as file:
        file.seek(source.offset)
        left = source.size
        while left > 0:
            piece = file.read(min(left, 1 << 18))
            if not piece:
                raise Failure(f"{source.path}: changed size while being read")
            if piece.count(0) != len(piece):
                os.lseek(disk, offset, os.SEEK_SET)
                write_file(disk, piece)
            offset += len(piece)
            left -= len(piece)
