"""What user programs include says the same as the kernel's own headers."""

import glob
import os
import re
import shutil
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
pytestmark = pytest.mark.quick
ENUMS = {"vm_prot": "vm/region.h", "vm_map_flags": "vm/map.h", "vm_advice": "vm/map.h"}


def read(path):
    """The file at PATH without comments."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)


def values_of(path, name):
    """The constants of enum NAME in PATH."""
    match = re.search(r"enum " + name + r" \{(.*?)\}", read(path), re.DOTALL)
    assert match, f"{path}: no enum {name}"
    return dict(re.findall(r"(\w+) = (-?\d+)", match.group(1)))


@pytest.mark.parametrize("name", ENUMS)
def test_user_enums(name):
    """The enums of user/include/vm.h are those of vm/."""
    assert values_of("user/include/vm.h", name) == values_of(ENUMS[name], name)


def test_user_calls():
    """Every system call of our own has a stub and a prototype, and one entry in the kernel's table."""
    calls = re.findall(r"SYSCALL_(\w+) =\s*(\d+)", read("proc/syscall_numbers.h"))
    stubs = dict(re.findall(r"^STUB\(\w+, \w+, (\w+), (\d+)\);", read("user/lib/syscall.c"), re.MULTILINE))
    prototypes = read("user/include/vm.h") + read("user/include/syscall.h")
    assert calls and dict(calls) == stubs
    for call, _ in calls:
        assert re.search(r"\b" + call.lower() + r"\(", prototypes), f"no prototype of {call.lower()}()"
        assert read("proc/syscall.c").count(f"[SYSCALL_{call}] =") == 1, f"{call} in the kernel's table"


@pytest.mark.parametrize("name", sorted(os.path.basename(path) for path in glob.glob(f"{ROOT}/user/include/*.h")))
def test_user_header_alone(name):
    """A header of user programs is plain C17, whole by itself, and may be included twice."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no host compiler")
    own = subprocess.run([compiler, "-print-file-name=include"], stdout=subprocess.PIPE, text=True, check=True)
    command = [compiler, "-std=c17", "-pedantic", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-nostdinc",
               "-isystem", own.stdout.strip(), "-I.", "-Iuser/include", "-x", "c", "-fsyntax-only", "-"]
    result = subprocess.run(command, input=f"#include <{name}>\n#include <{name}>\nint main(void) {{ return 0; }}\n",
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, cwd=ROOT)
    assert result.returncode == 0, result.stdout
