"""Disks and machines made by hand: what the launcher does not do, such as broken disks and images.

Nothing here uses the launcher, so its mistakes and the kernel's stay apart.
"""

import json
import os
import shutil
import struct
import subprocess

import support

SECTOR = 512
ROLES = {"kernel": 0x20, "filesys": 0x21, "scratch": 0x22, "swap": 0x23}


def make_filesystem(image, megabytes, files=None, options=()):
    """An ext2 image with FILES (guest name -> host path or bytes)."""
    folder = image + ".files"
    os.mkdir(folder)
    for name, content in (files or {}).items():
        target = os.path.join(folder, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if isinstance(content, bytes):
            with open(target, "wb") as file:
                file.write(content)
        else:
            shutil.copyfile(content, target)
    with open(image, "wb") as file:
        file.truncate(int(megabytes * 1024 * 1024))
    subprocess.run(["/sbin/mke2fs", "-q", "-t", "ext2", "-b", "4096", "-m", "0", "-F", *options, "-d", folder,
                    image], check=True, stdout=subprocess.DEVNULL, timeout=300)


def make_disk(path, partitions):
    """A partitioned disk; PARTITIONS are (role, image file or size in sectors)."""
    entries, start = b"", 64
    layout = []
    for role, content in partitions:
        sectors = content if isinstance(content, int) else os.path.getsize(content) // SECTOR
        entries += struct.pack("<BBBBBBBBII", 0, 0, 0, 0, ROLES[role], 0, 0, 0, start, sectors)
        layout.append((start, sectors, content))
        start += sectors
    with open(path, "wb") as disk:
        disk.truncate(start * SECTOR)
        disk.seek(446)
        disk.write(entries.ljust(64, b"\0") + b"\x55\xaa")
        for first, _, content in layout:
            if not isinstance(content, int):
                with open(content, "rb") as image:
                    disk.seek(first * SECTOR)
                    disk.write(image.read())
    return layout


def partitions_of(disk):
    """(type, first sector, sectors) of the partitions of the file DISK."""
    with open(disk, "rb") as file:
        file.seek(446)
        table = file.read(66)
    if table[64:] != b"\x55\xaa":
        return []
    rows = [struct.unpack_from("<4xB3xII", table, 16 * n) for n in range(4)]
    return [row for row in rows if row[0] != 0]


def extract(disk, role, image):
    """Copies the first partition of ROLE out of DISK into IMAGE; false if there is none."""
    for kind, start, sectors in partitions_of(disk):
        if kind == ROLES[role]:
            with open(disk, "rb") as source, open(image, "wb") as target:
                source.seek(start * SECTOR)
                target.write(source.read(sectors * SECTOR))
            return True
    return False


def faulty(path, node, rules):
    """QEMU's description of the disk in file PATH with error-injection RULES (of blkdebug)."""
    return json.dumps({
        "driver": "raw", "node-name": node,
        "file": {"driver": "blkdebug", "image": {"driver": "file", "filename": path}, **rules}})


def nbd(socket, node):
    """QEMU's description of the disk that an NBD server offers at the Unix SOCKET."""
    return json.dumps({
        "driver": "raw", "node-name": node,
        "file": {"driver": "nbd", "server": {"type": "unix", "path": socket}}})


def slow_disk(path):
    """QEMU's description of the disk in file PATH that is as slow as slow_group() says."""
    return json.dumps({"driver": "throttle", "node-name": "slow", "throttle-group": "slow",
                       "file": {"driver": "raw", "file": {"driver": "file", "filename": path}}})


def slow_group(requests):
    """QEMU's options for a slow_disk() that serves REQUESTS a second."""
    return ["-object", f"throttle-group,id=slow,x-iops-total={requests}"]


def boot_command(arguments, disks=(), memory=4, extra=()):
    """QEMU's command line for boot()."""
    command = ["qemu-system-i386", "-m", str(memory), "-nodefaults", "-display", "none", "-no-user-config",
               "-serial", "stdio", "-no-reboot", "-device", "isa-debug-exit,iobase=0x501,iosize=2",
               "-kernel", support.KERNEL, "-append", " ".join([*support.POLICY, arguments])]
    for number, disk in enumerate(disks):
        if not disk.startswith("{"):
            disk = json.dumps({"driver": "raw", "node-name": f"disk{number}",
                               "file": {"driver": "file", "filename": disk}})
        node = json.loads(disk)["node-name"]
        command += ["-blockdev", disk, "-device",
                    f"ide-hd,bus=ide.{number // 2},unit={number % 2},drive={node},"
                    "rerror=report,werror=report"]
    return [*command, *extra]


def boot(arguments, disks=(), memory=4, extra=(), stdin=None, seconds=support.SECONDS):
    """Boots the kernel with DISKS (files, or descriptions by faulty() or nbd()) and returns its console.

    The console's status is QEMU's: 0 after a power-off, 2*N+1 after the debug exit with N.
    """
    return support.run_command(boot_command(arguments, disks, memory, extra), seconds, stdin)
