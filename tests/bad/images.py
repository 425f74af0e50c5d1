"""Bad inputs 31 to 41: damage to a file system or a swap device, and what the kernel says of it."""

import random

NONE = 0xFFFFFFFF


def change(part, *fields):
    """The damage that sets FIELDS, pairs of names and values, of PART of an image: "super" or "group"."""
    def damage(image):
        for name, value in fields:
            getattr(image, part)(name, value)
    return damage


def of_inode(file, *fields):
    """The same for the inode of FILE."""
    def damage(image):
        for name, value in fields:
            image.inode(file, name, value)
    return damage


def of_record(index, name, value):
    """The same for a record of the root directory."""
    return lambda image: image.record(index, name, value)


def of_content(make):
    """The damage that puts what MAKE gives for its bytes in the place of the whole image."""
    def damage(image):
        image.data = bytearray(make(image.data))
    return damage


def of_bitmaps(byte):
    """The damage that fills both bitmaps with BYTE."""
    def damage(image):
        image.fill(image.table_place("block_bitmap"), 1, byte)
        image.fill(image.table_place("inode_bitmap"), 1, byte)
    return damage


def indirect_to_itself(image):
    """The pointer block of a file names itself as its first."""
    block = image.pointer("d/deep/file", "indirect")
    image.put(block * 4096, (0, "<I"), block)


def indirect_to_root(image):
    """The pointer block of a file is the root directory's block."""
    image.inode("d/deep/file", "indirect", image.pointer("/"))


def same_bitmaps(image):
    """One block is to be both bitmaps."""
    image.group("inode_bitmap", image.table_place("block_bitmap") // 4096)


def bad(field, value):
    """The line about a superblock FIELD."""
    return f"bad superblock field {field}={value}"


# Number -> name -> (damage, line): the mount is refused with "ext2: hda1: LINE", and the disk stays as it is.
REFUSED = {
    31: {
        "zeroes": (of_content(lambda data: bytes(len(data))), r"no ext2 superblock \(magic 0x0000\)"),
        "random": (of_content(lambda data: random.Random(3).randbytes(len(data))),
                   r"no ext2 superblock \(magic 0x[0-9a-f]{4}\)"),
        "tiny": (of_content(lambda data: bytes(512)), r"no ext2 superblock \(device of 1 sectors\)"),
        "two-sectors": (of_content(lambda data: data[:1024]), r"no ext2 superblock \(device of 2 sectors\)"),
        "empty-superblock": (of_content(lambda data: data[:1024] + bytes(1024) + data[2048:]),
                             r"no ext2 superblock \(magic 0x0000\)"),
        "magic-ffff": (change("super", ("magic", 0xFFFF)), r"no ext2 superblock \(magic 0xffff\)"),
    },
    32: {
        "log-block-size-25": (change("super", ("log_block_size", 25)), bad("s_log_block_size", 25)),
        "log-block-size-max": (change("super", ("log_block_size", NONE)), bad("s_log_block_size", NONE)),
        "log-frag-size-1": (change("super", ("log_frag_size", 1)), bad("s_log_frag_size", 1)),
        "blocks-per-group-0": (change("super", ("blocks_per_group", 0)), bad("s_blocks_per_group", 0)),
        "blocks-per-group-7": (change("super", ("blocks_per_group", 7)), bad("s_blocks_per_group", 7)),
        "blocks-per-group-max": (change("super", ("blocks_per_group", NONE)), bad("s_blocks_per_group", NONE)),
        "inodes-per-group-0": (change("super", ("inodes_per_group", 0)), bad("s_inodes_per_group", 0)),
        "inodes-per-group-max": (change("super", ("inodes_per_group", NONE)), bad("s_inodes_per_group", NONE)),
        "first-data-block-1": (change("super", ("first_data_block", 1)), bad("s_first_data_block", 1)),
        "first-data-block-max": (change("super", ("first_data_block", NONE)), bad("s_first_data_block", NONE)),
        "blocks-count-0": (change("super", ("blocks_count", 0)), bad("s_blocks_count", 0)),
        "inodes-count-0": (change("super", ("inodes_count", 0)), bad("s_inodes_count", 0)),
        "inodes-count-max": (change("super", ("inodes_count", NONE)), bad("s_inodes_count", NONE)),
        "free-blocks-max": (change("super", ("free_blocks", NONE)), bad("s_free_blocks_count", NONE)),
        "free-inodes-max": (change("super", ("free_inodes", NONE)), bad("s_free_inodes_count", NONE)),
        "reserved-blocks-max": (change("super", ("reserved_blocks", NONE)), bad("s_r_blocks_count", NONE)),
        "first-inode-0": (change("super", ("first_ino", 0)), bad("s_first_ino", 0)),
        "first-inode-max": (change("super", ("first_ino", NONE)), bad("s_first_ino", NONE)),
        "reserved-descriptors": (change("super", ("reserved_gdt_blocks", 0xFFFF)),
                                 bad("s_reserved_gdt_blocks", 0xFFFF)),
    },
    33: {
        "blocks-count-large": (change("super", ("blocks_count", 10_000_000)),
                               r"file system larger than device \(10000000 > 256 blocks\)"),
        "blocks-count-max": (change("super", ("blocks_count", NONE)),
                             rf"file system larger than device \({NONE} > 256 blocks\)"),
        "cut": (of_content(lambda data: data[:len(data) // 2]), r"file system larger than device \(256 > 128 blocks\)"),
    },
    34: {
        "extents": (change("super", ("feature_incompat", 0x40)), "unsupported features 0x40 extents"),
        "64bit": (change("super", ("feature_incompat", 0x80)), "unsupported features 0x80 64bit"),
        "journal-device": (change("super", ("feature_incompat", 0x8)), "unsupported features 0x8 journal_dev"),
        "all": (change("super", ("feature_incompat", NONE)), "unsupported features 0xfffffffd( [a-z0-9_]+)+"),
        "unnamed": (change("super", ("feature_incompat", 0x80000000)), "unsupported features 0x80000000"),
    },
    35: {name: (change("group", (field, value)), "group 0 descriptor corrupt") for name, field, value in (
        ("block-bitmap-0", "block_bitmap", 0), ("block-bitmap-far", "block_bitmap", 256),
        ("block-bitmap-over-descriptors", "block_bitmap", 1), ("inode-bitmap-far", "inode_bitmap", NONE),
        ("inode-table-far", "inode_table", 255), ("inode-table-0", "inode_table", 0),
        ("free-blocks-many", "free_blocks", 0xFFFF), ("free-inodes-many", "free_inodes", 0xFFFF))} |
        {"one-bitmap": (same_bitmaps, "group 0 descriptor corrupt")},
    36: {
        "root-file": (of_inode("/", ("mode", 0o100644)), "root inode corrupt"),
        "root-size-0": (of_inode("/", ("size", 0)), r"directory inode 2 corrupt \(size\)\n"
                                                    "ext2: hda1: root inode corrupt"),
        "root-deleted": (of_inode("/", ("links", 0)), "inode 2: deleted, but referred to\n"
                                                      "ext2: hda1: root inode corrupt"),
    },
    40: {
        "revision-99": (change("super", ("rev_level", 99)), "unsupported revision 99"),
        "inode-size-0": (change("super", ("inode_size", 0)), "unsupported inode size 0"),
        "inode-size-100": (change("super", ("inode_size", 100)), "unsupported inode size 100"),
        "inode-size-192": (change("super", ("inode_size", 192)), "unsupported inode size 192"),
        "inode-size-8192": (change("super", ("inode_size", 8192)), "unsupported inode size 8192"),
    },
}

NOT_REMOVED = "rm: text: delete failed: read-only file system"
LARGE = ("ext2: hda1: inode 16: file of 2 GB or more not supported", "cat: text: open failed: file too large",
         "ext2: hda1: inode 16: file of 2 GB or more not supported", "rm: text: delete failed: file too large")
DAMAGED = "file system damaged"
BAD_ROOT = ("ext2: hda1: directory inode 2 corrupt", f"ls: {DAMAGED}", f"cat: text: open failed: {DAMAGED}",
            f"cat: d/deep/file: open failed: {DAMAGED}", f"cat: ring-a: open failed: {DAMAGED}",
            f"load: echo: open failed: {DAMAGED}", f"rm: text: delete failed: {DAMAGED}", f"ls: {DAMAGED}")
RING = "cat: ring-a: open failed: too many symbolic links"


def bad_block(block):
    """The lines about the pointer block of d/deep/file, which names BLOCK."""
    return f"ext2: hda1: inode 14: bad block {block}", "cat: d/deep/file: read failed at byte 49152", RING


# What is done with a file system that is mounted.  ring-a and ring-b are symbolic links to each other.
ACTIONS = "ls cat text cat d/deep/file cat ring-a run 'echo alive' rm text ls"

# Number -> name -> (damage, lines): it is mounted, and these are all complaints.
MOUNTED = {
    34: {"read-only-feature": (change("super", ("feature_ro_compat", 0x80000000)),
                               ["ext2: hda1: unsupported read-only features 0x80000000, mounted read-only", RING,
                                NOT_REMOVED])},
    36: {"not-clean": (change("super", ("state", 0)), ["ext2: hda1: not cleanly unmounted: run e2fsck", RING]),
         "errors": (change("super", ("state", 3)),
                    ["ext2: hda1: marked as having errors, mounted read-only: run e2fsck", RING, NOT_REMOVED])},
    37: {name: (of_record(*record), BAD_ROOT) for name, record in {
        "length-0": (0, "length", 0), "length-3": (0, "length", 3), "length-13": (0, "length", 13),
        "length-far": (0, "length", 0xFFFC), "name-long": (2, "name_length", 255), "name-none": (2, "name_length", 0),
        "inode-max": (2, "inode", NONE)}.items()},
    38: {"pointer-far": (of_inode("text", ("block", 0xFFFFFFF0)),
                         ["ext2: hda1: inode 16: bad block 4294967280", "cat: text: read failed at byte 0", RING]),
         "pointer-to-descriptors": (of_inode("text", ("block", 1)),
                                    ["ext2: hda1: inode 16: bad block 1", "cat: text: read failed at byte 0", RING]),
         "indirect-far": (of_inode("d/deep/file", ("indirect", 0x7FFFFFFF)), bad_block(0x7FFFFFFF)),
         "indirect-to-itself": (indirect_to_itself, bad_block(r"\d+")),
         "indirect-to-root": (indirect_to_root, bad_block(2)),
         "size-max": (of_inode("text", ("size", NONE)), [*LARGE[:2], RING, *LARGE[2:]]),
         "size-2-pow-63": (of_inode("text", ("size_high", 0x80000000)), [*LARGE[:2], RING, *LARGE[2:]])},
    39: {"directory-in-itself": (of_record(2, "inode", 2), [RING]),
         "links-0": (of_inode("text", ("links", 0)),
                     ["ext2: hda1: inode 16: deleted, but referred to", f"cat: text: open failed: {DAMAGED}", RING,
                      f"rm: text: delete failed: {DAMAGED}"])},
    40: {"bitmaps-full": (of_bitmaps(0xFF), ["ext2: hda1: group 0 bitmaps corrupt or counts wrong: run e2fsck", RING]),
         "bitmaps-empty": (of_bitmaps(0), ["ext2: hda1: group 0 block bitmap corrupt",
                                           "ext2: hda1: mounted read-only: run e2fsck", RING, NOT_REMOVED])},
}

# Number -> name -> (partitions of the disk besides the file system, kernel options, lines).
SWAP = {
    41: {"absent": ([], "", ["swap: no device; running without"]),
         "one-sector": ([("swap", 1)], "", ["swap: hda2 is too small for a single page; running without"]),
         "seven-sectors": ([("swap", 7)], "", ["swap: hda2 is too small for a single page; running without"]),
         "odd": ([("swap", 8 * 20 + 5)], "", []),
         "no-sectors": ([("swap", 0)], "", ["swap: no device; running without"]),
         "file-system": ([], "-swap=hda1", ["hda1 cannot be swap: it holds the file system hda1"]),
         "whole-disk": ([], "-swap=hda", ["hda cannot be swap: it holds the file system hda1"])},
}

ROWS = {number: {**REFUSED.get(number, {}), **MOUNTED.get(number, {}), **SWAP.get(number, {})}
        for number in {**REFUSED, **MOUNTED, **SWAP}}
