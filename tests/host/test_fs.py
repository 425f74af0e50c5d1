"""The file system on the host: random calls against a model, threads, full disks, errors, damaged
images and cuts, with e2fsck and debugfs as judges."""

import os
import random
import re
import shutil
import struct
import subprocess

import pytest

import support

PROGRAM = os.path.join(support.BUILD, "tests", "host", "fs_test")
NAMES = os.path.join(support.BUILD, "tests", "host", "fs_names")
SIZES = [1024, 2048, 4096]
# What e2fsck may never say after a cut: that two have the same, or that a name leads to nothing.
FATAL = re.compile(r"multiply|unused inode|illegal|corrupt|invalid", re.IGNORECASE)
OLD = ["-O", "^filetype,^sparse_super,^resize_inode", "-I", "128"]


def run(command, statuses=(0,), seconds=500):
    """Runs COMMAND; its output is the reason if its status is not one of STATUSES."""
    result = subprocess.run([str(word) for word in command], cwd=support.ROOT, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, errors="replace", check=False, timeout=seconds)
    if result.returncode not in statuses:
        pytest.fail(f"{' '.join(map(str, command))}: status {result.returncode}\n{support.tail(result.stdout, 40)}",
                    pytrace=False)
    return result.stdout


@pytest.fixture(scope="module", autouse=True)
def program():
    """The test program, built."""
    for tool in ("cc", "mke2fs", "e2fsck", "debugfs"):
        if shutil.which(tool, path=os.environ["PATH"] + ":/sbin:/usr/sbin") is None:
            pytest.skip(f"{tool} is not installed")
    os.environ["PATH"] += ":/sbin:/usr/sbin"
    for target in (PROGRAM, NAMES):
        support.make("tests/host/fs.mk", target)


def make_image(folder, block_size, megabytes, options=()):
    """A new image, empty."""
    path = folder / "image"
    with open(path, "wb") as file:
        file.truncate(int(megabytes * (1 << 20)))
    run(["mke2fs", "-q", "-F", "-t", "ext2", "-b", block_size, "-m", 0, *options, path])
    return path


def check(image):
    """e2fsck finds nothing."""
    run(["e2fsck", "-fn", image])


MODELS = [(1024, 2, []), (2048, 9, OLD), (4096, 2, OLD), *((size, megabytes, options) for size in SIZES
          for megabytes in (2, 9) for options in ([], OLD))]
MODELS = {f"{size}-{megabytes}-{'old' if options else 'new'}": (size, megabytes, options)
          for size, megabytes, options in MODELS}


@pytest.mark.parametrize("name", support.after(3, MODELS))
def test_model(tmp_path, name):
    """Random calls do what the model does, and debugfs reads what was written."""
    block_size, megabytes, options = MODELS[name]
    image = make_image(tmp_path, block_size, megabytes, options)
    run([PROGRAM, "model", image, block_size + megabytes, 3500, tmp_path / "expected"])
    check(image)
    (tmp_path / "found").mkdir()
    run(["debugfs", "-R", f"rdump / {tmp_path}/found", image])
    (tmp_path / "found" / "lost+found").rmdir()
    run(["diff", "-r", tmp_path / "expected", tmp_path / "found"])


def test_undo(tmp_path):
    """Blocks that a reservation takes back are nobody's while a write to them is under way."""
    image = make_image(tmp_path, 1024, 2)
    run([PROGRAM, "undo", image])
    check(image)


@pytest.mark.parametrize("block_size", support.after(1, SIZES))
def test_threads(tmp_path, block_size):
    """Four threads at once."""
    image = make_image(tmp_path, block_size, 16)
    run([PROGRAM, "threads", image, block_size, 2500])
    check(image)


def test_sync(tmp_path):
    """A directory can be removed while another thread syncs all."""
    image = make_image(tmp_path, 1024, 4)
    run([PROGRAM, "sync", image, 1, 10000])
    check(image)


@pytest.mark.parametrize("length, count", [(100, 3000), (8, 10000)], ids=["long", "short"])
@pytest.mark.parametrize("block_size", SIZES)
def test_names_pace(tmp_path, block_size, length, count):
    """In a directory of many names the last ones cost what the first did."""
    image = make_image(tmp_path, block_size, 24, ["-N", 11000])
    run([NAMES, "pace", image, length, count])
    check(image)


@pytest.mark.parametrize("block_size", support.after(1, SIZES))
def test_names_random(tmp_path, block_size):
    """Names come and go in large directories, whatever memory there is for their indexes."""
    image = make_image(tmp_path, block_size, 16, ["-N", 7000])
    run([NAMES, "random", image, block_size, 20000])
    check(image)


@pytest.mark.parametrize("block_size", support.after(1, SIZES))
@pytest.mark.parametrize("what", ["far", "full"])
def test_limits(tmp_path, block_size, what):
    """Offsets up to 2 GB; no block and no inode left."""
    image = make_image(tmp_path, block_size, 20, ["-N", 600])
    run([PROGRAM, what, image, 1])
    check(image)


@pytest.mark.parametrize("seed", support.after(3, range(6)))
def test_faults(tmp_path, seed):
    """After errors of disk and memory e2fsck may find what was lost, but nothing that two have."""
    image = make_image(tmp_path, SIZES[seed % 3], 4)
    run([PROGRAM, "faults", image, seed, 3000])
    text = run(["e2fsck", "-fn", image], statuses=(0, 4))
    assert not FATAL.search(text), text


def damage(data, block_size, seed):
    """Changes words in one of the places where they hurt."""
    source = random.Random(seed)
    groups = 2 * block_size if block_size == 1024 else block_size
    bitmap, _, table = struct.unpack_from("<III", data, groups)
    start, size, count = source.choice([
        (1024, 264, 2), (groups, 32, 1), (table * block_size, 128 * 160, 40), (table * block_size + 256, 128, 3),
        ((table + 40) * block_size, 200 * block_size, 300), (bitmap * block_size, 2 * block_size, 60)])
    for _ in range(count):
        place, width = start + source.randrange(size), source.choice([1, 2, 4])
        value = source.choice([0, 1, 0xFF, 0xFFFF, 0xFFFFFFFF, source.getrandbits(32), source.randrange(3000)])
        data[place:place + width] = (value & ((1 << 8 * width) - 1)).to_bytes(width, "little")


@pytest.mark.parametrize("part", support.after(1, range(4)))
@pytest.mark.parametrize("block_size", SIZES)
def test_damage(tmp_path, block_size, part):
    """Damaged images are refused or survived."""
    image = make_image(tmp_path, block_size, 3, ["-d", os.path.join(support.ROOT, "vm")])
    run([PROGRAM, "model", image, 5, 700])
    good = image.read_bytes()
    for seed in range(15 * part, 15 * part + 15):
        data = bytearray(good)
        damage(data, block_size, seed)
        image.write_bytes(data)
        run([PROGRAM, "walk", image, seed], statuses=(0, 3))


@pytest.mark.parametrize("block_size", SIZES)
def test_fresh(tmp_path, block_size):
    """Blocks whose content has not been written show zeroes, never what they held before."""
    image = make_image(tmp_path, block_size, 4)
    run([PROGRAM, "fresh", image, 1])
    run(["e2fsck", "-fy", image], statuses=(0, 1))
    run(["debugfs", "-R", f"rdump / {tmp_path}", image])
    smalls = [f"small{number}" for number in range(200)]
    files = {name: (tmp_path / name).read_bytes() for name in ("run", "holes", "whole", *smalls)}
    assert {name: len(content) for name, content in files.items()} == {
        "run": 600000, "holes": 199 * 9000 + 1000, "whole": 50000, **dict.fromkeys(smalls, 1000)}
    assert not any(0xEE in content for content in files.values()), "old content shows"
    assert set(files["whole"]) == {0x11} and set(files["run"]) == {0, 0x11}


def read_log(path):
    """The writes of a log: places and data."""
    data, place, writes = path.read_bytes(), 0, []
    while place < len(data):
        sector, size = struct.unpack_from("<II", data, place)
        writes.append((sector * 512, data[place + 8:place + 8 + size]))
        place += 8 + size
    return writes


@pytest.mark.parametrize("block_size", support.after(1, SIZES))
def test_cuts(tmp_path, block_size):
    """Whenever the writes end, e2fsck finds losses at most, and repairs them."""
    image = make_image(tmp_path, block_size, 4)
    disk = bytearray(image.read_bytes())
    run([PROGRAM, "log", image, block_size, 1500, tmp_path / "log"])
    writes = read_log(tmp_path / "log")
    points = set(random.Random(block_size).sample(range(len(writes)), 40))
    for number, (place, data) in enumerate(writes):
        disk[place:place + len(data)] = data
        if number not in points:
            continue
        image.write_bytes(disk)
        text = run(["e2fsck", "-fn", image], statuses=(0, 4))
        assert not FATAL.search(text), f"after write {number}: {text}"
        run(["e2fsck", "-fy", image], statuses=(0, 1))
        check(image)
