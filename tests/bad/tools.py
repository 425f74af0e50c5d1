"""Bad inputs 49 to 57: the host tools, and the line in which each refuses.

A row's line is a regular expression for all that stands on standard error behind "TOOL: ".
"""

import re
import struct
from typing import NamedTuple

NO_FILE = "No such file or directory"
USAGE = r"\nusage: {} --help tells all options"
NOT_MB = "{}: not a number of MB from 2 to 3072"
NOT_SIZE = "{}: not a valid size in MB"
OTHER_SWAP = "--{}: there is another source for the swap partition"
PASSWD = "/etc/passwd"
NO_REGULAR = "not a regular file"

# What a working folder may hold besides files and links: whoever opens the first waits for ever.
PIPE, SOCKET = "a pipe", "a socket"
SPECIAL = {"pipe": PIPE, "socket": SOCKET}


class Row(NamedTuple):
    """The WORDS of a command line of TOOL, and what must come of it."""

    words: list
    line: str
    tool: str = "pintos"
    files: dict = {}  # In the working folder: name -> bytes, PIPE, SOCKET, or the target of a symbolic link.
    environment: dict = {}
    boots: bool = False  # Whether the guest runs all the same.


def usage(words, line, tool="pintos"):
    """A row of wrong usage: a second line tells of --help."""
    return Row(words, line + USAGE.format(tool), tool)


def mkdisk(words, line, **more):
    """A row of pintos-mkdisk."""
    return Row(words, line, "pintos-mkdisk", **more)


def demo(line, **variables):
    """A row of `make run' with VARIABLES."""
    return Row(["run"], line, "run-demo", environment=variables)


def option(*words, line):
    """A row of one option of the launcher."""
    return Row([*words, "--"], line)


def boot_record(*entries):
    """A master boot record with ENTRIES of (type, start, sectors), followed by a few sectors."""
    table = b"".join(struct.pack("<B3xB3xII", 0, *entry) for entry in entries)
    return bytes(446) + table.ljust(64, b"\0") + b"\x55\xaa" + bytes(9 * 512)


def bad_disk(option_name, content, line):
    """A row of a disk of CONTENT that OPTION_NAME names."""
    return Row([f"{option_name}=bad.dsk", "--", "-q"], f"bad.dsk: {line}", files={"bad.dsk": content})


def disk_rows(name, content, line):
    """The rows of such a disk for each way to name it."""
    return {f"{name} {way}": bad_disk(way, content, line) for way in ("--disk", "--swap-from", "--filesys-from")}


URL_FORM = r"write it as nbd://HOST\[:PORT\]/EXPORT or nbd\+unix:///EXPORT\?socket=PATH"
URL = "nbd+unix:///x?socket=nowhere"


def beyond(value, line, **more):
    """A row of --swap=VALUE, of which LINE tells."""
    return Row([f"--swap={value}", "--", "-q"], f"--swap={re.escape(value)}: {line}", **more)


def image(content):
    """A row of the image swap.qcow2 of CONTENT that is none."""
    return beyond("swap.qcow2", "not a qcow2 image; make one by: qemu-img create -f qcow2 FILE 64M",
                  files={"swap.qcow2": content})


NEW = ["--filesys-size=2"]
FORMAT = ["--", "-q", "-f"]


def special_rows(name, words, line, **more):
    """A row for each special file called `special` that WORDS name, of which LINE tells."""
    return {f"{name} {kind}": Row(words, line, files={"special": what}, **more) for kind, what in SPECIAL.items()}


def near(word, meant, **more):
    """A row of WORD, an option that is none, and the one that was MEANT."""
    name = word.partition("=")[0]
    return usage([word, "--"], rf"unknown option {name}; did you mean {meant}\?", **more)

ROWS = {
    49: {
        "unknown": usage(["--nonsense", "--"], "unknown option --nonsense"),
        "unknown letter": usage(["-z", "--"], "unknown option -z"),
        "unknown in a run": usage(["-vz", "--"], "unknown option -vz"),
        **{f"near {word}": near(word, meant) for word, meant in (
            ("--filesys-siz=2", "--filesys-size"), ("--swapsize=2", "--swap-size"), ("--memroy=3", "--memory"),
            ("-timeout=5", "--timeout"), ("-mem=8", "--mem"), ("--Disk=x", "--disk"), ("--explian", "--explain"),
            ("-gdb", "--gdb"))},
        "near without --": usage(["--swapsize=2", "-q"], r"unknown option --swapsize; did you mean --swap-size\?"),
        **{f"kernel's {word}": usage([word, "--"], f"{word}: an option of the kernel: those follow `--'")
           for word in ("-q", "-f", "-ul=64", "-swap=hda4", "-vm-check=1")},
        "no dashes": usage(["--nonsense", "x"], "unknown option --nonsense"),
        "dashes too late": usage(["--explain", "x"], "--explain: options of the launcher must be followed by `--'"),
        "mkdisk -T": usage(["a.dsk", "--swap-size=1", "-T", "5"], "unknown option -T", "pintos-mkdisk"),
        "mkdisk near": near("--swap-sise=1", "--swap-size", tool="pintos-mkdisk"),
        "word": usage(["word", "--"], "word: not an option; kernel arguments follow `--'"),
        "-m alone": usage(["-m", "--"], "option -m needs a value"),
        "-T alone": usage(["-T"] + ["--"], "option -T needs a value"),
        "--mem=": usage(["--mem=", "--"], "option --mem needs a value"),
        "--no-vga=1": usage(["--no-vga=1", "--"], "option --no-vga takes no value"),
        "--qemu-args": option("--qemu-args='a", line="--qemu-args='a: no closing quotation"),
        "mkdisk no disk": usage(["--swap-size=1"], "name one disk to make", "pintos-mkdisk"),
        "mkdisk no partition": usage(["a.dsk"], "a.dsk: no partition for it; add --filesys-size=N or --swap-size=N",
                                     "pintos-mkdisk"),
        "mkdisk word": usage(["a.dsk", "2"], "2: name one disk, and sizes as --swap-size=N", "pintos-mkdisk"),
        "mkdisk --swap-size": usage(["a.dsk", "--swap-size"], "option --swap-size needs a value", "pintos-mkdisk"),
        "mkdisk unknown": usage(["a.dsk", "--nonsense"], "unknown option --nonsense", "pintos-mkdisk"),
    },
    50: {
        "kernel": option("--kernel=missing", line="cannot find kernel missing"),
        "kernel of the environment": Row(["--", "-q"], "cannot find kernel /nowhere",
                                         environment={"QUIRE_KERNEL": "/nowhere"}),
        "QEMU": Row(["--", "-q"], r"no-qemu not found \(apt install no-qemu\)", environment={"QUIRE_QEMU": "no-qemu"}),
        "QEMU's path": Row(["--", "-q"], r"/no/qemu not found \(apt install /no/qemu\)",
                           environment={"QUIRE_QEMU": "/no/qemu"}),
    },
    51: {
        "exists": mkdisk(["swap.dsk", "--swap-size=1"], "swap.dsk: already exists", files={"swap.dsk": b"precious"}),
        "exists --make-disk": Row(["--swap-size=1", "--make-disk=swap.dsk", "--"], "swap.dsk: already exists",
                                  files={"swap.dsk": b"precious"}),
        "no folder": mkdisk(["nowhere/a.dsk", "--swap-size=1"], f"nowhere/a.dsk: {NO_FILE}"),
        "mkdisk x": mkdisk(["a.dsk", "--swap-size=x"], NOT_SIZE.format("x")),
        **{f"size {size}": option(f"--swap-size={size}", line=NOT_SIZE.format(size))
           for size in ("abc", "-1", "0", "1e9", "999999999", "nan", "0x10", "1,5")},
        "too small": Row(["--filesys-size=0.01", *FORMAT], r"file system of 0\.01074 MB: too small for a file system"),
        **{f"-m {size}": option("-m", size, line=NOT_MB.format(f"-m {size}"))
           for size in ("abc", "0", "1", "-4", "4M", "3073", "99999999999")},
        **{f"-T {time}": option("-T", time, line=f"-T {time}: not a number of seconds") for time in ("abc", "0", "-1")},
        "--gdb-port": option("--gdb-port=0", line="--gdb-port 0: not a number from 1 to 65535"),
        "FRAMES=abc": demo("FRAMES=abc: not a number of page frames from 4 to 786432", FRAMES="abc"),
        "FRAMES=2": demo("FRAMES=2: not a number of page frames from 4 to 786432", FRAMES="2"),
        "FRAMES=-5": demo("FRAMES=-5: not a number of page frames from 4 to 786432", FRAMES="-5"),
        "SWAP=lots": demo("SWAP=lots: not a valid size in MB", SWAP="lots"),
        "SWAP=-1": demo("SWAP=-1: not a valid size in MB", SWAP="-1"),
        "MEM=4M": demo(NOT_MB.format("MEM=4M"), MEM="4M"),
        "MEM=1": demo(NOT_MB.format("MEM=1"), MEM="1"),
        "PROG": demo("PROG: no program no-such; there are .*", PROG="no-such 1 2"),
        "PROG path": demo(r"PROG: no program \.\./echo; there are .*", PROG="../echo"),
    },
    52: {
        **special_rows("--disk", ["--disk=special", "--"], f"special: {NO_REGULAR}"),
        **special_rows("--filesys", ["--filesys=special", *FORMAT], f"special: {NO_REGULAR}"),
        **special_rows("--swap-from", ["--swap-from=special", "--"], f"special: {NO_REGULAR}"),
        **special_rows("--swap-disk", ["--swap-disk=special", "--"], f"special: {NO_REGULAR}"),
        **special_rows("--kernel", ["--kernel=special", "--"], "cannot find kernel special"),
        **special_rows("--make-disk", ["--swap-size=1", "--make-disk=special", "--"], "special: already exists"),
        **special_rows("--record", ["--record=special", "--"], "--record=special: already exists"),
        **special_rows("--replay", ["--replay=special", "--"], "--replay=special: no recording, .*"),
        **special_rows("mkdisk --scratch", ["a.dsk", "--scratch=special"], f"special: {NO_REGULAR}",
                       tool="pintos-mkdisk"),
        **{f"found {kind}": Row(["--", "-q"], f"swap.dsk: {NO_REGULAR}", files={"swap.dsk": what})
           for kind, what in SPECIAL.items()},
        "device": option("--disk=/dev/zero", line=f"/dev/zero: {NO_REGULAR}"),
        "device --swap": option("--swap=/dev/zero", line=f"/dev/zero: {NO_REGULAR}"),
        "twice": Row(["--disk=a.dsk", "--disk=a.dsk", "--"], "a.dsk: attached twice",
                     files={"a.dsk": boot_record((0x22, 1, 9))}),
        "missing": option("--disk=missing.dsk", line=f"missing.dsk: {NO_FILE}"),
        "folder": option("--disk=.", line=r"\.: is a directory"),
        "--swap missing": option("--swap=missing", line=f"missing: {NO_FILE}"),
        "--swap-from missing": option("--swap-from=missing", line=f"missing: {NO_FILE}"),
        "unreadable": Row(["--disk=ring.dsk", "--"], "ring.dsk: Too many levels of symbolic links",
                          files={"ring.dsk": "ring.dsk"}),
        **disk_rows("empty", b"", "file has zero size"),
        **disk_rows("odd", bytes(700), "size 700 not a multiple of 512 bytes"),
        "odd --filesys": bad_disk("--filesys", bytes(700), "size 700 not a multiple of 512 bytes"),
        "no ext2": Row(["--filesys=bad.dsk", "-p", PASSWD, "--", "-q"], "putting files into the file system failed: .*",
                       files={"bad.dsk": bytes(1 << 20)}),
    },
    53: {
        "missing": Row([*NEW, "-p", "missing", *FORMAT], f"missing: {NO_FILE}"),
        "dot": Row([*NEW, "-p", ".", *FORMAT], r"'\.': not a file name"),
        "folder": Row([*NEW, "-p", "/tmp", *FORMAT], "/tmp: not a regular file"),
        "device": Row([*NEW, "-p", "/dev/null", *FORMAT], "/dev/null: not a regular file"),
        **special_rows("new", [*NEW, "-p", "special", *FORMAT], f"special: {NO_REGULAR}"),
        **special_rows("mkdisk", ["a.dsk", *NEW, "-p", "special"], f"special: {NO_REGULAR}", tool="pintos-mkdisk"),
        "long name": Row([*NEW, "-p", PASSWD, "-a", "n" * 256, *FORMAT],
                         r"n{256}: name too long \(max 255 characters\)"),
        "name above": Row([*NEW, "-p", PASSWD, "-a", "../x", *FORMAT], r"'\.\./x': not a file name"),
        "file and folder": Row([*NEW, "-p", PASSWD, "-a", "x", "-p", PASSWD, "-a", "x/y", *FORMAT],
                               "x/y: is put both as a file and as a directory"),
        # Its size is said to be 0.
        "changes": Row([*NEW, "-p", "/proc/version", *FORMAT], "/proc/version: changed size while being read"),
        "mkdisk missing": mkdisk(["a.dsk", *NEW, "-p", "missing"], f"missing: {NO_FILE}"),
        "mkdisk changes": mkdisk(["a.dsk", *NEW, "-p", "/proc/version"], "/proc/version: changed size while being "
                                 "read"),
    },
    54: {
        "-a first": option("-a", "x", line="-a x: no -p or -g stands before it"),
        "two swaps": option("--swap-size=1", "--swap-size=2", line=OTHER_SWAP.format("swap-size=2")),
        "swap and size": option("--swap-size=1", "--swap=x", line=OTHER_SWAP.format("swap=x")),
        "two kept": option("--make-disk=a", "--make-disk=b", line="--make-disk=b: the disk is to be kept as a already"),
        "--make-disk alone": option("--make-disk=x.dsk", line="--make-disk=x.dsk: no partition for it; "
                                    "add --filesys-size=N"),
        "five disks": Row([*[f"--disk={name}.dsk" for name in "abcde"], "--"],
                          "5 disks: the machine has room for 4",
                          files={f"{name}.dsk": boot_record((0x22, 1, 9)) for name in "abcde"}),
        "-p without -f": Row([*NEW, "-p", PASSWD, "--"], "-p: the file system partition is new; add -f to the kernel "
                             "arguments to format it"),
        "-p without disk": option("-p", PASSWD, line="-p: there is no file system partition; add --filesys-size=N or "
                                  "--disk=DISK"),
        "-g without disk": option("-g", "x", line="-g: there is no file system partition; add --filesys-size=N or "
                                  "--disk=DISK"),
        "-f without disk": Row(["--", "-f"], "-f: there is no file system partition; add --filesys-size=N or "
                               "--disk=DISK"),
        "-filesys": Row([*NEW, "--", "-f", "-filesys=hdb1"], "no such block device `hdb1'"),
        "mkdisk -f": mkdisk(["a.dsk", "--swap-size=1", "-f"], "-p and -f need a file system partition: "
                            "add --filesys-size=N"),
        "--bochs": option("--bochs", line="--bochs: not supported: runs in QEMU only"),
        "--player": option("--player", line="--player: not supported: runs in QEMU only"),
        "-t": option("-t", line="-t: not supported: has no terminal display: the console is the serial line"),
        "-j": option("-j", "5", line="-j: not supported: QEMU has no jitter in its timer"),
        "-r": option("-r", line="-r: not supported: QEMU always follows the wall clock"),
        "-r and -j": option("--realtime", "--jitter=1", line="--realtime: not supported: QEMU always follows the wall "
                            "clock"),
    },
    55: {
        "absent": Row([*NEW, "-g", "absent", *FORMAT], "getting absent failed: no such file", boots=True),
        # A device must not be replaced by the file.  This one cannot be, should the tool try to.
        "onto a device": Row([*NEW, "-p", PASSWD, "-g", "passwd:/dev/pts/ptmx", *FORMAT],
                             f"getting passwd failed: /dev/pts/ptmx: {NO_REGULAR}"),
        "onto a folder": Row([*NEW, "-p", PASSWD, "-g", "passwd:.", *FORMAT],
                             rf"getting passwd failed: \.: {NO_REGULAR}"),
        **special_rows("onto", [*NEW, "-p", PASSWD, "-g", "passwd:special", *FORMAT],
                       f"getting passwd failed: special: {NO_REGULAR}"),
        "no folder": Row([*NEW, "-p", PASSWD, "-g", "passwd", "-a", "no/where", *FORMAT],
                         f"getting passwd failed: no/where: {NO_FILE}", boots=True),
        "folder": Row([*NEW, "-p", PASSWD, "-a", "d/x", "-g", "d", *FORMAT],
                      "getting d failed: is a directory", boots=True),
    },
    56: {
        **disk_rows("no record", bytes(1024), "not a partitioned disk"),
        **disk_rows("past the end", boot_record((0x23, 1, 10)), "partition 1 reaches past the end of the disk"),
        **disk_rows("at the record", boot_record((0x22, 1, 1), (0x23, 0, 4)),
                    "partition 2 reaches past the end of the disk"),
        "no swap": bad_disk("--swap-from", boot_record((0x22, 1, 9)), "has no swap partition"),
        **{f"swap at {value}": beyond(value, f"bad URL; {URL_FORM}")
           for value in ("nbd:x", "nbd://", "nbd:///x", "nbd://h:0/x", "nbd://me@h/x", "nbd://h/x?y=1", "nbd://h/x#y",
                         "nbd+unix:///x", "nbd+unix:///x?socket=", "nbd+unix://h/x?socket=s")},
        "swap at port": beyond("nbd://h:99999/x", rf"bad URL \(.*\); {URL_FORM}"),
        "swap of TLS": beyond("nbds://h/x", "TLS is not supported; use nbd:// through an ssh tunnel"),
        "swap by http": beyond("http://h/x", f"http: is not supported; {URL_FORM}"),
        # Nobody can listen at port 1 without root, and no name has a part of more than 63 letters.
        "swap refused": beyond("nbd://127.0.0.1:1/x", "127.0.0.1:1: Connection refused: nobody listens there; start a "
                               "server, as by: nbdkit --port=1 memory 64M"),
        "swap at no host": beyond(f"nbd://{'h' * 64}.invalid/x", r"h*\.invalid:10809: no such host"),
        "swap at no socket": beyond(URL, f"nowhere: {NO_FILE}; is the server running, and can this machine reach it\\?"),
        "swap in no image": beyond("swap.qcow2", f"{NO_FILE}; make it by: qemu-img create -f qcow2 swap.qcow2 64M"),
        "swap in empty image": image(b""),
        "swap in raw image": image(bytes(1 << 20)),
        "swap in cut image": beyond("swap.qcow2", ".*", files={"swap.qcow2": b"QFI\xfb\0\0\0\3"}),
        "swap twice": option(f"--swap={URL}", f"--swap={URL}", line=rf"--swap={re.escape(URL)}: there is swap beyond the machine "
                             "already; give more by --swap-size=N"),
        "swap priority": option(f"--swap={URL},priority=high", line=rf"--swap={re.escape(URL)},priority=high: not a number from "
                                "-9999 to 9999"),
        "swap recorded": option(f"--swap={URL}", "--record=r", line=rf"--swap={re.escape(URL)}: a recording keeps all "
                                "disks; give swap by --swap-size=N"),
        "swap and four disks": Row([*[f"--disk={name}.dsk" for name in "abcd"], f"--swap={URL}", "--"],
                                   "5 disks: the machine has room for 4",
                                   files={f"{name}.dsk": boot_record((0x22, 1, 9)) for name in "abcd"}),
        "swap waited for": option("--swap-wait=10", line="--swap-wait 10: not a number of seconds from 0 to 9"),
        "mkdisk swap": mkdisk(["a.dsk", f"--swap={URL}"], f"--swap={re.escape(URL)}: is no content for a disk; give it "
                              "to pintos"),
        "SWAP=nbd:": demo(f"SWAP=nbd:x: bad URL; {URL_FORM}", SWAP="nbd:x"),
        "mkdisk no swap": mkdisk(["a.dsk", "--swap-from=bad.dsk"], "bad.dsk: has no swap partition",
                                 files={"bad.dsk": boot_record((0x22, 1, 9))}),
    },
}
