"""Swap that lies beyond the machine: what an NBD server has, or in a qcow2 image; the server slow, lost, back again."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time

import pytest

import machine
import support

MEGABYTES = 8
MISSING = "missing"  # What the server that is lost is replaced by: nothing.
BEGIN, END = b"faults begin\n", b"faults end\n"
READS_MIN = 10  # In four seconds; a reader that waits as well does one or two.
BAD_DISK = "swap-lost: page at 0x"


@pytest.fixture(name="folder")
def fixture_folder():
    """A folder with a short path, for sockets."""
    with tempfile.TemporaryDirectory(prefix="quire-swap-") as folder:
        yield folder


@contextlib.contextmanager
def serving(path, *words):
    """An nbdkit that serves at the Unix socket PATH what WORDS say."""
    support.have("nbdkit")
    command = ["nbdkit", "--foreground", "--exit-with-parent", "-U", path, *words]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as server:
        try:
            while not os.path.exists(path):
                assert server.poll() is None, f"nbdkit ended with {server.returncode}"
                time.sleep(0.01)
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def serving_on_network(*words):
    """An nbdkit on a free port of this machine, of which it gets the open socket; the port's number."""
    support.have("nbdkit")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        start = f'exec 3<&{listener.fileno()}; LISTEN_FDS=1 LISTEN_PID=$$ exec nbdkit --foreground --exit-with-parent "$@"'
        with subprocess.Popen(["bash", "-c", start, "bash", *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, pass_fds=[listener.fileno()]) as server:
            try:
                yield listener.getsockname()[1]
            finally:
                server.kill()


def url(path, export=""):
    """The option for swap at the socket PATH."""
    return f"--swap=nbd+unix:///{export}?socket={path}"


def work(options, pages=500):
    """The console of a guest with OPTIONS in which a program needs swap."""
    console = support.pintos([*options, "--filesys-size=2", *support.put(["vm-worker"])],
                             ["-q", "-f", "-ul=64", "check", "run", f"vm-worker {pages} 2 5", "check"])
    console.check("vm-worker: exit(5)" in console.text, "the program did not end well")
    console.expect_clean_end()
    support.check_counts(console, *console.checks())
    return console


def test_network():
    """An export over the network is swap, all but its first page."""
    with serving_on_network("memory", f"{MEGABYTES}M") as port:
        console = work([f"--swap=nbd://127.0.0.1:{port}/any"])
    console.check("hdc (swap):" in console.text, "it is not on the second channel")
    console.check(console.checks()[0]["slots"] == MEGABYTES * 256 - 1, "it has another size")


def test_image(folder):
    """A qcow2 image is swap, and grows as it is used."""
    path = os.path.join(folder, "swap.qcow2")
    make_qcow2(path, MEGABYTES << 20)
    before = os.path.getsize(path)
    console = work([f"--swap={path}"])
    console.check(console.checks()[0]["slots"] == MEGABYTES * 256 - 1, "it has another size")
    console.check(os.path.getsize(path) > before + (1 << 20), "nothing was written there")


def make_qcow2(path, size):
    """Makes an empty image of SIZE bytes at PATH: header, table of reference counts, one block of them, first-level
    table, each a cluster of 64 kB."""
    bits, cluster = 16, 1 << 16
    header = struct.pack(">4sIQIIQIIQQIIQ", b"QFI\xfb", 2, 0, 0, bits, size, 0, 1, 3 * cluster, cluster, 1, 0, 0)
    with open(path, "wb") as file:
        for content in (header, struct.pack(">Q", 2 * cluster), struct.pack(">4H", 1, 1, 1, 1), b""):
            file.write(content.ljust(cluster, b"\0"))


def test_partition(folder):
    """Of an export with partitions only that for swap is used; one that has none is refused, and nothing written to it."""
    disk, path = os.path.join(folder, "disk"), os.path.join(folder, "socket")
    machine.make_disk(disk, [("scratch", 64), ("swap", 4096)])
    with serving(path, "file", disk):
        console = work([url(path)], pages=300)
    console.check("hdc2 (swap):" in console.text and console.checks()[0]["slots"] == 512, "it is not the partition")
    machine.make_disk(disk, [("scratch", 4096)])
    os.remove(path)
    with open(disk, "rb") as file, serving(path, "file", disk):
        before = file.read()
        console = support.pintos([url(path)], ["-q"])
        file.seek(0)
        console.check(file.read() == before, "it was written to")
    console.check("hdc cannot be swap: it has partitions, and none of them is for swap" in console.text
                  and console.status == 4, "it was not refused")


def talk(folder, options, begin=lambda: None):
    """The console of swap-lost in a guest with swap by OPTIONS; calls BEGIN when it is to be lost.  FOLDER is for files."""
    known = os.path.join(folder, "known")
    with open(known, "wb") as file:
        file.write(b"known" * (1 << 18))  # No holes: it is read from the disk.
    command = [support.PINTOS, "-k", "-T", str(support.SECONDS), f"--kernel={support.KERNEL}", "--filesys-size=4",
               *support.put(["swap-lost", known]), *options, "--", *support.POLICY, "-q", "-f", "-ul=96", "check",
               "run", "swap-lost", "check"]

    def heard(line):
        if line.endswith(BEGIN):
            begin()
        return line.endswith((BEGIN, END))

    console = support.talk(command, heard, support.SECONDS + 20)
    console.expect_clean_end()
    console.check("swap-lost: exit(0)" in console.text and "(swap-lost) reader: 5" in console.text, "others suffered")
    support.check_counts(console, *console.checks())
    return console


def ended(console, name):
    """How the process NAME of swap-lost ended in CONSOLE."""
    return console.statistic(rf"\(swap-lost\) {name}: (-?\d+)")


def test_slow(folder):
    """Over a slow link everything takes longer, and nothing else."""
    path = os.path.join(folder, "socket")
    with serving(path, "--filter=delay", "memory", f"{MEGABYTES}M", "rdelay=20ms", "wdelay=20ms"):
        console = talk(folder, [url(path)])
    console.check(ended(console, "needy") == 5 and ended(console, "third") == 5, "a process did not end well")


def test_back(folder):
    """A server that comes back in time costs nobody anything."""
    path, later, image = (os.path.join(folder, name) for name in ("socket", "later", "image"))
    with open(image, "wb") as file:
        file.truncate(MEGABYTES << 20)
    with serving(path, "file", image) as first, serving(later, "file", image):
        def restart():
            first.kill()
            first.wait()
            os.rename(later, path)

        console = talk(folder, ["--swap-wait=9", url(path)], restart)
    console.check(ended(console, "needy") == 5 and ended(console, "third") == 5, "a process did not end well")


@pytest.mark.parametrize("after", [MISSING, "another"])
def test_lost(folder, after):
    """Who needs pages of a server that is lost dies, as does who needs those of one that was started anew and has
    forgotten them, which its export's name tells.  Nobody else does, and files are read while it is waited for."""
    path, later = os.path.join(folder, "socket"), os.path.join(folder, "later")
    words = ["--filter=exportname", "memory", f"{MEGABYTES}M", "exportname-strict=true"]
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(serving(path, *words, "exportname=one"))
        stack.enter_context(serving(later, *words, "exportname=two"))

        def lose():
            first.kill()
            first.wait()
            if after != MISSING:
                os.rename(later, path)

        console = talk(folder, ["--swap-wait=4", url(path, "one")], lose)
    console.check(ended(console, "needy") == -1 and BAD_DISK in console.text, "it did not die for its page")
    console.check(console.statistic(r"(\d+) reads meanwhile") >= READS_MIN, "the file was not read meanwhile")
    console.check(console.text.count("is the server at") == 1, "the launcher did not tell of it once")


def used(console, device):
    """Sectors written to swap DEVICE."""
    return console.statistic(rf"{device} \(swap\): \d+ reads, (\d+) writes")


@pytest.mark.parametrize("priority, first, second", [("", "hda4", "hdc"), (",priority=5", "hdc", None), (",priority=-1", "hdc", "hda4")])
def test_two(folder, priority, first, second):
    """Of two devices the one with the higher priority is filled first, and the other only then; equal ones in turn."""
    path = os.path.join(folder, "socket")
    with serving(path, "memory", f"{MEGABYTES}M"):
        console = work(["--swap-size=1", url(path) + priority])
    console.check(used(console, first) > 0, f"{first} is not used")
    if second is None:
        console.check(used(console, "hda4") == 0, "the other is used too")
    elif priority:
        console.check(min(used(console, name) for name in ("hda4", "hdc")) >= 256, "they are not used in turn")
    else:
        console.check(used(console, "hda4") >= 2048 and used(console, second) > 0, "they are not filled in their order")


def test_two_lost(folder):
    """Of two devices one is lost: who needs its pages dies, all others use the one that is left."""
    path = os.path.join(folder, "socket")
    with serving(path, "memory", f"{MEGABYTES}M") as server:
        console = talk(folder, ["--swap-wait=2", "--swap-size=8", url(path) + ",priority=5"], server.kill)
    console.check(ended(console, "needy") == -1 and BAD_DISK in console.text, "it did not die for its page")
    console.check(ended(console, "third") == 5 and used(console, "hda4") > 0, "the other device was not used")


@pytest.mark.battery
def test_silent(folder):
    """BATTERY: ten seconds pass until the guest gives up.  A server that keeps its connection and answers nothing is as
    good as lost: its pages are, and nothing else."""
    path = os.path.join(folder, "socket")
    with serving(path, "memory", f"{MEGABYTES}M") as server:
        console = talk(folder, ["--swap-wait=2", url(path)], lambda: server.send_signal(signal.SIGSTOP))
    console.check(ended(console, "needy") == -1 and BAD_DISK in console.text, "it did not die for its page")
    console.check(console.statistic(r"(\d+) reads meanwhile") >= READS_MIN, "the file was not read meanwhile")


@pytest.mark.parametrize("words, line", [
    (["memory", "4096"], "4096 bytes: too small for swap, which needs 8,192 or more"),
    (["-r", "memory", "8M"], "may not be written, which swap must be"),
    (["--filter=exportname", "memory", "8M", "exportname-strict=true", "exportname=it"], "the server has no export 'x'"),
])
def test_unfit(folder, words, line):
    """An export that cannot be swap is refused before anything runs."""
    path = os.path.join(folder, "socket")
    with serving(path, *words):
        console = support.pintos([url(path, "x")], ["-q"])
    console.check(console.status == 1 and line in console.text and console.text.count("\n") == 1, "not refused so")


def test_full(folder):
    """Who runs out of such swap is told what to make larger."""
    path = os.path.join(folder, "socket")
    with serving(path, "memory", "1M"):
        console = support.pintos([url(path), "--explain", "--filesys-size=2", *support.put(["vm-worker"])],
                                 ["-q", "-f", "-ul=64", "run", "vm-worker 500 2 5"])
    console.check(f"vm-worker ran out of swap; to give it more: make {path} larger: 4 MB, say" in console.text, "no advice")
