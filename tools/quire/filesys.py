"""ext2 file systems inside partitions of disk images, by mke2fs and debugfs.  Needs no root."""

import os
import struct

from quire.host import Failure, describe, find_program, no_space, open_regular, run_program, write_file

MEGABYTE = 1 << 20
BYTES_PER_INODE = 4096
NO_SPACE = "No space left on device"  # What mke2fs and debugfs say about the host's disk.
# Of ext2's superblock.
SUPERBLOCK = 1024
MAGIC_OFFSET = 56
MAGIC = 0xEF53
STATE_VALID = 1


def block_size(size):
    """Bytes of a block in a file system of SIZE bytes."""
    return 4096 if size >= 4 * MEGABYTE else 1024


def format_partition(partition, copies, folder):
    """Makes an ext2 file system in PARTITION, with the host files of COPIES (FileCopy) and nothing else in
    it: e2fsck makes a `lost+found' when it needs one.  FOLDER is a TemporaryFolder."""
    stage = folder.file("stage")
    os.mkdir(stage)
    for copy in copies:
        stage_file(copy, stage)
    block = block_size(partition.size)
    command = [
        find_program("mke2fs"), "-q", "-F", "-t", "ext2", "-b", str(block), "-m", "0",
        "-I", "256", "-i", str(BYTES_PER_INODE), "-O", "none,filetype,sparse_super",
        "-E", f"offset={partition.offset},root_owner=0:0", "-d", stage,
        partition.path, str(partition.size // block),
    ]
    status, output = run_program(command)
    if status != 0:
        reason = last_line(output)
        if NO_SPACE in output:
            raise Failure(no_space(partition.path, "the file system could not be made"))
        if "allocate block" in output or "No free space" in output:
            reason = "too small for the files put into it"
        elif "too small" in output or partition.size // block < 64:
            reason = "too small for a file system"
        raise Failure(f"file system of {partition.size / MEGABYTE:.4g} MB: {reason}")
    if not any(copy.guest.strip("/").split("/")[0] == "lost+found" for copy in copies):
        debugfs(partition, ["rmdir lost+found"], writing=True)


def stage_file(copy, stage):
    """Copies the host file of COPY to its guest name under folder STAGE."""
    target = os.path.join(stage, copy.guest.lstrip("/"))
    source = open_regular(copy.host)
    try:
        size = os.fstat(source).st_size
        os.makedirs(os.path.dirname(target), exist_ok=True)
        destination = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o755)
        try:
            written = 0
            while piece := os.read(source, 1 << 18):
                write_file(destination, piece)
                written += len(piece)
        finally:
            os.close(destination)
    except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        raise Failure(f"{copy.guest}: is put both as a file and as a directory") from error
    except OSError as error:
        raise Failure(f"copying {copy.host}: {describe(error, target)}") from error
    finally:
        os.close(source)
    if written != size:
        raise Failure(f"{copy.host}: changed size while being read")


def put_files(partition, copies, folder):
    """Writes the host files of COPIES into the file system of PARTITION, replacing those of the
    same names.  FOLDER is a TemporaryFolder."""
    removals = []
    writes = []
    for number, copy in enumerate(copies):
        os.close(open_regular(copy.host))
        # debugfs cannot quote every name: it reads through a plain one.
        source = folder.file(f"put{number}")
        os.symlink(os.path.abspath(copy.host), source)
        parts = [part for part in copy.guest.split("/") if part not in ("", ".")]
        for depth in range(1, len(parts)):
            removals.append("mkdir " + quote("/" + "/".join(parts[:depth])))
        removals.append("rm " + quote("/" + "/".join(parts)))
        writes.append("cd " + quote("/" + "/".join(parts[:-1])))
        writes.append(f"write {source} " + quote(parts[-1]))
    debugfs(partition, removals, writing=True)  # It may fail: mostly there is nothing to remove.
    complaints = debugfs(partition, writes, writing=True)
    if any(NO_SPACE in line for line in complaints):
        raise Failure(no_space(partition.path, "the files could not be put into the file system"))
    if any("allocate block" in line for line in complaints):
        raise Failure("the file system is too small for the files put into it")
    if complaints:
        raise Failure(f"putting files into the file system failed: {complaints[0]}")


def get_file(partition, copy, folder):
    """Copies the guest's file of COPY out of the file system of PARTITION."""
    dumped = folder.file("dumped")
    name = quote("/" + copy.guest.lstrip("/"))
    if any("Type: directory" in line for line in debugfs(partition, [f"stat {name}"])):
        raise Failure(f"getting {copy.guest} failed: is a directory")
    complaints = debugfs(partition, [f"dump {name} {dumped}"])
    if complaints or not os.path.exists(dumped):
        reason = complaints[0] if complaints else "no file system"
        reason = "no such file" if "not found" in reason else reason
        if NO_SPACE in reason:
            reason = no_space(dumped)
        raise Failure(f"getting {copy.guest} failed: {reason}")
    target_file = os.path.realpath(copy.host)
    temporary = f"{target_file}.new{os.getpid()}"
    try:
        with open(dumped, "rb") as source, open(temporary, "wb") as target:
            while piece := source.read(1 << 18):
                target.write(piece)
        check_target(copy)
        os.replace(temporary, target_file)
    except OSError as error:
        raise Failure(f"getting {copy.guest} failed: {describe(error, copy.host)}") from error
    finally:
        os.unlink(dumped)
        if os.path.exists(temporary):
            os.unlink(temporary)


def check_target(copy):
    """Refuses the host's file of COPY if something stands there that is no file: a device, a pipe, a folder."""
    if os.path.exists(copy.host) and not os.path.isfile(copy.host):
        raise Failure(f"getting {copy.guest} failed: {copy.host}: not a regular file")


def same_files(partition, copies, folder):
    """Those of COPIES whose file in PARTITION is the host's, byte for byte.  FOLDER is a TemporaryFolder."""
    read_back = [(copy, folder.file(f"read{number}")) for number, copy in enumerate(copies)]
    debugfs(partition, [f"dump {quote('/' + copy.guest.lstrip('/'))} {file}" for copy, file in read_back])
    same = []
    for copy, file in read_back:
        if os.path.isfile(file):
            with open(file, "rb") as there, open(open_regular(copy.host), "rb") as here:
                if there.read() == here.read():
                    same.append(copy)
            os.unlink(file)
    return same


def repair(partition):
    """Repairs the file system in PARTITION if it was not unmounted in order.  Returns whether it had to."""
    with open(open_regular(partition.path), "rb") as file:
        file.seek(partition.offset + SUPERBLOCK)
        magic, state = struct.unpack_from("<HH", file.read(1024).ljust(1024, b"\0"), MAGIC_OFFSET)
    if magic != MAGIC:
        raise Failure(f"{partition.path}: has no ext2 file system")
    if state & STATE_VALID:
        return False
    status, output = run_program([find_program("e2fsck"), "-fy", f"{partition.path}?offset={partition.offset}"])
    if not 0 <= status < 4:
        raise Failure(f"{partition.path}: e2fsck could not repair the file system: {last_line(output)}")
    return True


def quote(name):
    """NAME as one word of a debugfs command."""
    return '"' + name.replace('"', '""') + '"'


def debugfs(partition, commands, writing=False):
    """Runs debugfs COMMANDS on the file system in PARTITION; returns the lines it answered or complained in."""
    command = [find_program("debugfs"), *(["-w"] if writing else []), "-f", "-",
               f"{partition.path}?offset={partition.offset}"]
    _, output = run_program(command, "".join(line + "\n" for line in commands).encode(
        "utf-8", "surrogateescape"))
    lines = [line for line in output.splitlines() if line.strip()]
    return [line for line in lines
            if not line.startswith(("debugfs", "Allocated inode:", "Superblock checksum"))]


def last_line(output):
    """The last line of OUTPUT that says anything."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
