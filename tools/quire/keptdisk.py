"""The disk of `make shell DISK=FILE`: made when it is not there, else used as the last run left it."""

import os

from quire import disks, filesys
from quire.host import Failure, TemporaryFolder
from quire.options import MEGABYTE, FileCopy, PartitionSource


def prepare(path, programs, megabytes):
    """Makes disk PATH with a file system of MEGABYTES and PROGRAMS (name -> host file) on it, or brings those on it
    up to date.  Returns a line that tells what was done."""
    copies = [FileCopy(host, name) for name, host in programs.items()]
    with TemporaryFolder() as folder:
        if os.path.lexists(path):
            return refresh(path, copies, folder)
        partition, = disks.make_disk(path, {"filesys": PartitionSource("size", megabytes * MEGABYTE)})
        try:
            filesys.format_partition(partition, copies, folder)
        except BaseException:
            os.unlink(path)
            raise
    return f"{path}: made, {megabytes} MB, with {len(copies)} programs; what you write there stays"


def refresh(path, copies, folder):
    """Repairs the file system of disk PATH if need be, and puts those of COPIES there that have changed."""
    with disks.Locks() as locks:
        partition = disks.lookup_partition([path], "filesys")
        if partition is None:
            raise Failure(f"{path}: has no file system partition")
        locks.take(path)
        repaired = filesys.repair(partition)
        same = filesys.same_files(partition, copies, folder)
        changed = [copy for copy in copies if copy not in same]
        if changed:
            filesys.put_files(partition, changed, folder)
    done = ["repaired by e2fsck: the last run did not end in order"] if repaired else []
    if changed:
        done.append(f"programs put there anew: {' '.join(copy.guest for copy in changed)}")
    return f"{path}: " + "; ".join(done or ["as the last run left it"])
