"""pintos-mkdisk: makes a partitioned disk for `pintos --disk=`."""

import os

from quire import disks, filesys
from quire.host import Failure, TemporaryFolder, say, write_all
from quire.launcher import guarded
from quire.options import ROLES, UsageError, notices, parse_options

HELP = """\
usage: pintos-mkdisk DISK [OPTION...] [-- -f]

Makes DISK, a new disk image with partitions, for `pintos --disk=DISK`.

  --PART-size=N       a partition of N MB (N may be a fraction); PART is filesys, scratch or swap
  --PART=FILE         a partition that is a copy of FILE
  --PART-from=OTHER   a copy of the one on the disk OTHER
  -p FILE, --put-file=FILE   make the file system and put host FILE into it (also FILE:NAME)
  -a NAME, --as=NAME         under this name; follows -p
  -f, or -f after --         make an empty file system; else the first `pintos -- -f` does

A disk called filesys.dsk or swap.dsk is attached by `pintos` in the same folder by itself.
Exit status: 0 if the disk was made; 1 if not, and then there is none.
"""


OPTIONS = ("-p", "--put-file", "-a", "--as", *(f"--{role}" for role in ROLES))


def main(words):
    """Runs pintos-mkdisk with the arguments WORDS; returns its exit status."""
    return guarded(lambda: make(words), "pintos-mkdisk")


def make(words):
    """Makes the disk that WORDS ask for."""
    if not words or "--help" in words or "-h" in words:
        write_all(1, HELP.encode())
        return 0
    wants_format = "-f" in words
    words = [word for word in words if word not in ("-f", "--")]
    options = parse_options(words, OPTIONS)
    if len(options.words) != 1:
        raise UsageError("name one disk to make" if not options.words
                         else f"{options.words[1]}: name one disk, and sizes as --swap-size=N")
    path = options.words[0]
    if options.swap_node is not None:
        raise Failure(f"{options.swap_node.word}: is no content for a disk; give it to pintos")
    if not options.partitions:
        raise UsageError(f"{path}: no partition for it; add --filesys-size=N or --swap-size=N")
    made = disks.make_disk(path, options.partitions)
    if options.puts or wants_format:
        try:
            fill(made, options.puts, options.partitions, wants_format)
        except BaseException:
            os.unlink(path)
            raise
    for line in notices(options):
        say(line)
    return 0


def fill(partitions, copies, sources, wants_format):
    """Makes the file system among PARTITIONS, with COPIES in it."""
    for partition in partitions:
        if partition.kind == disks.TYPES["filesys"]:
            with TemporaryFolder() as folder:
                if wants_format or sources["filesys"].how == "size":
                    filesys.format_partition(partition, copies, folder)
                else:
                    filesys.put_files(partition, copies, folder)
            return
    raise Failure("-p and -f need a file system partition: add --filesys-size=N")
