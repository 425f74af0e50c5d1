"""The loader: programs of every layout run, and damaged files harm nobody.  tests/bad has the hostile ones."""

import os
import re
import subprocess
import tempfile

import pytest

import elf_corpus
import machine
import support


def run_files(files, kernel=(), suffix=""):
    """Runs each of FILES (name -> bytes or path) in one guest and returns the console."""
    with tempfile.TemporaryDirectory(prefix="quire-elf-") as folder:
        filesys = os.path.join(folder, "filesys")
        disk = os.path.join(folder, "disk")
        machine.make_filesystem(filesys, 4, files)
        machine.make_disk(disk, [("filesys", filesys), ("swap", 2048)])
        actions = " ".join(f"run '{name}{suffix}'" for name in files)
        console = machine.boot(" ".join(["-q", *kernel, "check", actions, "check"]), [disk])
        machine.extract(disk, "filesys", filesys)
        support.fsck(console, filesys)
    console.check("PANIC" not in console.text and "Powering off" in console.text, "the kernel did not live on")
    checks = console.checks()
    console.check(len(checks) == 2, "no two checks")
    support.check_counts(console, *checks)
    return console


def test_good_layouts():
    """Every layout that makes sense runs."""
    files = elf_corpus.good()
    console = run_files(files)
    bad = [f"{name}: {console.lines_of(name)}" for name in files if console.lines_of(name) != [f"{name}: exit(7)"]]
    console.check(not bad, "\n".join(bad))


def test_missing_program():
    """A program that is not there says so."""
    console = run_files({"plain": elf_corpus.good()["plain"]}, kernel=())
    console.check(console.lines_of("plain") == ["plain: exit(7)"], "plain did not run")
    console = support.pintos(["--filesys-size=1"], ["-q", "-f", "run", "nothing"])
    console.check(re.search(r"^load: nothing: open failed", console.text, re.MULTILINE), "no line that says so")
    console.check("PANIC" not in console.text, "a panic")


@pytest.mark.parametrize("seed", range(3))
def test_fuzzed_headers(seed):
    """Files with random damage in their headers harm nobody."""
    files = {f"f{number}": data for number, data in enumerate(elf_corpus.fuzzed(60, seed))}
    run_files(files)


LAYOUTS = {
    "ld-default": ("ld", ()),
    "ld-noseparate-code": ("ld", ("-z", "noseparate-code")),
    "ld-separate-code": ("ld", ("-z", "separate-code")),
    "ld-omagic": ("ld", ("-N",)),
    "ld-norelro": ("ld", ("-z", "norelro")),
    "ld-relro-note": ("ld", ("-z", "relro", "--build-id")),
    "ld-small-pages": ("ld", ("-z", "max-page-size=4096", "-z", "common-page-size=4096")),
    "ld-large-pages": ("ld", ("-z", "max-page-size=65536")),
    "ld-execstack": ("ld", ("-z", "execstack")),
    "ld-stripped": ("ld", ("-s",)),
    "lld-default": ("ld.lld", ()),
    "lld-no-rosegment": ("ld.lld", ("--no-rosegment",)),
    "lld-omagic": ("ld.lld", ("-N",)),
    "lld-separate": ("ld.lld", ("-z", "separate-loadable-segments")),
}


def test_linker_layouts(tmp_path):
    """One program, linked in every way that GNU ld and lld offer, runs."""
    source = os.path.join(support.TESTS, "boot", "layout.c")
    objects = str(tmp_path / "layout.o")
    subprocess.run(["gcc", "-m32", "-std=gnu17", "-O1", "-ffreestanding", "-fno-pic", "-fno-stack-protector",
                    "-fcf-protection=none", "-fno-asynchronous-unwind-tables", "-c", source, "-o", objects], check=True)
    files = {}
    for name, (linker, options) in LAYOUTS.items():
        support.have(linker)
        target = str(tmp_path / name)
        address = ("-Ttext-segment=0x08048000",) if linker == "ld" else ("--image-base=0x08048000",)
        if "-N" in options:
            address = ()
        subprocess.run([linker, "-m", "elf_i386", "-static", "-nostdlib", *options, *address, "-o", target, objects],
                       check=True)
        files[name] = target
    console = run_files(files)
    bad = [f"{name}: {console.lines_of(name)}" for name in files if console.lines_of(name) != [f"{name}: exit(7)"]]
    console.check(not bad, "\n".join(bad))
