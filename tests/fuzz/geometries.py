#!/usr/bin/env python3
"""The file systems that the fuzz targets start from, made by mke2fs: geometries.py FOLDER.

Each comes out the same whenever it is made.  Their names say: block size, and what is special."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import elf_corpus

TIME = 1_000_000_000
FILES = {"hello": b"hello\n" * 7, "empty": b"", "dir/sub/file": b"deep\n", "prog": elf_corpus.good()["plain"],
         "text": bytes(range(256)) * 40, **{f"many/entry-with-a-long-name-{n:02}": b"" for n in range(30)}}
LINKS = {"to-hello": "hello", "to-dir": "dir/sub", "absolute": "/dir/sub/file", "up": "dir/../hello", "dangling": "none",
         "loop": "loop", "ping": "pong", "pong": "ping", "one": "two", "two": "three", "three": "four", "four": "five",
         "five": "six", "six": "hello", "slash": "dir/", "not-dir": "hello/", "dir/back": "../hello", "long": "x/" * 40}
# Name -> (kilobytes, options).
IMAGES = {
    "1k": (192, ["-b", "1024", "-I", "128", "-N", "80"]),
    "1k-groups": (384, ["-b", "1024", "-I", "256", "-g", "256", "-N", "96"]),
    "2k-old": (320, ["-b", "2048", "-I", "128", "-N", "80", "-O", "^filetype,^sparse_super,^resize_inode"]),
    "4k": (512, ["-b", "4096", "-I", "256", "-N", "80"]),
}


def fill(folder):
    """Makes the files that each image holds."""
    for name, content in FILES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    with open(os.path.join(folder, "holes"), "wb") as file:  # A block behind one and two levels of pointers.
        for place in (0, 20_000, 300_000):
            file.seek(place)
            file.write(b"holes")
    for name, target in LINKS.items():
        os.symlink(target, os.path.join(folder, name))
    os.link(os.path.join(folder, "hello"), os.path.join(folder, "hard"))
    for base, folders, names in os.walk(folder):
        for name in [*folders, *names, "."]:
            os.utime(os.path.join(base, name), (TIME, TIME), follow_symlinks=False)


def make(image, folder, kilobytes, options):
    """Makes IMAGE with the files of FOLDER."""
    with open(image, "wb") as file:
        file.truncate(kilobytes << 10)
    environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "E2FSPROGS_FAKE_TIME": str(TIME),
                   "MKE2FS_CONFIG": "/dev/null"}  # No defaults of this host's own.
    uuid = "11111111-2222-3333-4444-555555555555"
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext2", "-m", "0", "-U", uuid, "-E", f"hash_seed={uuid},root_owner=0:0",
                    *options, "-d", folder, image], check=True, capture_output=True, env=environment)


def main():
    """Makes all images, for images.S to take into a program."""
    target = sys.argv[1]
    folder = os.path.join(target, "files")
    os.makedirs(folder)
    fill(folder)
    for name, (kilobytes, options) in IMAGES.items():
        make(os.path.join(target, name), folder, kilobytes, options)


if __name__ == "__main__":
    main()
