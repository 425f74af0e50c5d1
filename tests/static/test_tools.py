"""What other tools say about the sources and the image: cppcheck, the kernel's size, the README."""

import os
import re
import subprocess

import pytest

import support
import versions


def test_cppcheck(record_property):
    """cppcheck finds nothing."""
    command = versions.command_of("cppcheck")
    if command is None:
        record_property("note", versions.note("cppcheck"))
        return
    folders = [folder for folder in ("arch", "lib", "kern", "dev", "vm", "fs", "proc", "init", "user", "host")
               if os.path.isdir(os.path.join(support.ROOT, folder))]
    cache = os.path.join(support.BUILD, "cppcheck")
    os.makedirs(cache, exist_ok=True)
    suppressions = os.path.join(support.TESTS, "static", "cppcheck.txt")
    result = subprocess.run(
        [command, "-q", "--enable=warning,performance,portability", "--inline-suppr", "--std=c11",
         "--platform=unix32", "--error-exitcode=1", f"--cppcheck-build-dir={cache}", "-I.", "-Iuser/include",
         f"--suppressions-list={suppressions}",
         "--template={file}:{line}: {id}: {message}", *folders],
        cwd=support.ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if result.returncode != 0:
        pytest.fail(result.stdout, pytrace=False)


@pytest.mark.quick
def test_kernel_size():
    """The kernel's image takes less than 256 KB of memory, .bss included."""
    lines = subprocess.run(["size", "-A", "-d", support.KERNEL], text=True, stdout=subprocess.PIPE, check=True).stdout
    total = 0
    for line in lines.split("\n"):
        match = re.match(r"(\.\S+)\s+(\d+)\s+(\d+)", line)
        if match and int(match.group(3)) != 0:
            total += int(match.group(2))
    assert total < 256 * 1024, f"{total} bytes:\n{lines}"


@pytest.mark.quick
def test_no_library():
    """The kernel has no symbol of libgcc's and none undefined."""
    text = subprocess.run(["nm", support.KERNEL], text=True, stdout=subprocess.PIPE, check=True).stdout
    assert " U " not in text, text
    sources = subprocess.run(["grep", "-rhoE", r"\b__(u?div|u?mod)[a-z]*di[34]\b", os.path.join(support.ROOT, "lib")],
                             text=True, stdout=subprocess.PIPE, check=False).stdout.split()
    helpers = set(re.findall(r" [tT] (__(?:u?div|u?mod)[a-z]*di[34])", text))
    assert helpers <= set(sources), f"{helpers - set(sources)} come from elsewhere"


@pytest.mark.parametrize("script", ["tools/pintos", "tools/pintos-mkdisk", "tests/run"])
def test_python_compiles(script):
    """The scripts are Python that this Python reads, and can be run."""
    path = os.path.join(support.ROOT, script)
    with open(path, encoding="utf-8") as file:
        first = file.readline()
        text = first + file.read()
    assert os.access(path, os.X_OK), f"{script} is not executable"
    if "python" in first:
        compile(text, script, "exec")


@pytest.mark.quick
def test_readme_commands():
    """Every `make' goal and every program of tools/ that README and docs name exists."""
    files = [os.path.join(support.ROOT, "README.md")]
    docs = os.path.join(support.ROOT, "docs")
    files += [os.path.join(docs, name) for name in sorted(os.listdir(docs)) if name.endswith(".md")]
    with open(os.path.join(support.ROOT, "Makefile"), encoding="utf-8") as file:
        makefile = file.read()
    goals = set(re.findall(r"^([a-z][\w.-]*(?: [a-z][\w.-]*)*):(?!=)", makefile, re.MULTILINE))
    goals |= set(re.findall(r"^BATTERIES := (.*)", makefile, re.MULTILINE))
    goals = {goal for line in goals for goal in line.split()}
    broken = []
    for path in files:
        assert os.path.exists(path), f"no {path}"
        with open(path, encoding="utf-8") as file:
            text = file.read()
        code = "\n".join(re.findall(r"^(?:    |```\w*\n)(.*?)(?=\n\S|```|\Z)", text, re.MULTILINE | re.DOTALL)
                         + re.findall(r"`([^`\n]+)`", text))
        for goal in re.findall(r"(?:^|\s)make ((?:[a-z][a-z-]*))(?=\s|$)", code):
            if goal not in goals:
                broken.append(f"{os.path.basename(path)}: make {goal}")
        for tool in re.findall(r"(?:^|[\s(])((?:tools|tests|bench)/[\w.-]+)(?=[\s)]|$)", code):
            if not os.path.exists(os.path.join(support.ROOT, tool)):
                broken.append(f"{os.path.basename(path)}: {tool}")
    if broken:
        pytest.fail("named but not there:\n  " + "\n  ".join(broken), pytrace=False)
