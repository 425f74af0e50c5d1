"""Formatting, layers, and sizes: the rules of the house, each with the places that break it."""

import os
import re
import statistics
import subprocess

import pytest

import versions
from static import sources

KERNEL = [layer for layer in sources.LAYERS if layer != "user"]
pytestmark = pytest.mark.quick
EVERYWHERE = [*sources.LAYERS, "host", "tests", "bench"]


def report(rule, places):
    """Fails with RULE and the PLACES that break it."""
    if places:
        shown = "\n".join(f"  {place}" for place in places[:40])
        more = f"\n  and {len(places) - 40} more" if len(places) > 40 else ""
        pytest.fail(f"{rule}:\n{shown}{more}", pytrace=False)


def all_functions(folders):
    """Every function defined in FOLDERS."""
    return [function for path in sources.c_files(*folders) for function in sources.functions(path)]


def test_formatting(record_property):
    """clang-format has nothing to change."""
    command = versions.command_of("clang-format")
    if command is None:
        record_property("note", versions.note("clang-format"))
        return
    files = sources.c_files(*EVERYWHERE)
    result = subprocess.run([command, "--dry-run", "-Werror", *files], cwd=sources.ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    places = sorted({line.split(":")[0] for line in result.stdout.split("\n") if "error:" in line})
    report("run `make format'; these files would change", places)
    assert result.returncode == 0, result.stdout


def test_layers():
    """A file includes only from its own or a lower layer; vm/ only vm/ and lib/."""
    broken = []
    for path in sources.c_files(*sources.LAYERS):
        layer = sources.layer_of(path)
        for target in re.findall(r'^\s*#\s*include\s+"([^"]+)"', sources.read(path), re.MULTILINE):
            other = sources.layer_of(target)
            if layer == "user":
                # A user program sees the library's headers, and of the kernel only lib/.
                fine = other in (None, "user", "lib") or target in ("vm/error.h", "proc/syscall_numbers.h", "proc/vm_info.h",
                                                          "proc/file_info.h", "proc/process_info.h")
            elif layer == "vm":
                fine = other in ("vm", "lib")
            else:
                fine = other is not None and sources.LAYERS.index(other) <= sources.LAYERS.index(layer)
            if not fine:
                broken.append(f"{path} includes {target}")
    report("layers", broken)


def test_include_counts():
    """At most 10 includes in a .c file of the kernel, and every header is guarded and has a purpose."""
    broken = []
    for path in sources.c_files(*KERNEL):
        text = sources.read(path)
        count = len(re.findall(r"^\s*#\s*include", text, re.MULTILINE))
        # init/port.c is the door: there the VM meets every layer below.
        if path.endswith(".c") and count > 10 and path != "init/port.c":
            broken.append(f"{path}: {count} includes")
        if path.endswith(".h"):
            guard = re.sub(r"\W", "_", path).upper()
            if not text.startswith("/*"):
                broken.append(f"{path}: no comment at the top")
            if f"#ifndef {guard}" not in text and "#pragma once" not in text:
                # arch/i386 may leave its folder's number out.
                broken.append(f"{path}: no guard {guard}")
    report("includes", broken)


def test_no_conditional_code():
    """No #if in .c files of the kernel: options are data."""
    broken = [f"{path}:{number}: {line.strip()}" for path in sources.c_files(*KERNEL, headers=False)
              for number, line in enumerate(sources.read(path).split("\n"), 1) if re.match(r"\s*#\s*if", line)]
    report("conditional compilation", broken)


def test_function_sizes():
    """No function over 60 lines; in each layer nine in ten within 40 and a median of 15 or less."""
    broken = []
    for layer in [*sources.LAYERS, "host"]:
        found = [function for function in all_functions([layer]) if function.path.endswith(".c")]
        broken += [f"{function}: {function.length} lines" for function in found if function.length > 60]
        if not found:
            continue
        lengths = sorted(function.length for function in found)
        if statistics.median(lengths) > 15:
            broken.append(f"{layer}: median {statistics.median(lengths)}")
        within = sum(length <= 40 for length in lengths)
        if within * 10 < len(lengths) * 9:
            broken.append(f"{layer}: only {within} of {len(lengths)} within 40 lines")
    report("function sizes", broken)


def test_parameters():
    """At most 4 parameters; the standard's own functions (and panics, which count their place) aside."""
    allowed = {"debug_panic", "vsnprintf", "snprintf", "sort", "bsearch", "binary_search"}
    broken = [f"{function}: {function.parameters}" for function in all_functions([*sources.LAYERS, "host"])
              if function.parameters > 4 and function.name not in allowed]
    report("parameters", broken)


def test_file_sizes():
    """No file over 800 lines."""
    files = sources.c_files(*EVERYWHERE)
    broken = [f"{path}: {lines}" for path in files if (lines := sources.read(path).count("\n")) > 800]
    report("file sizes", broken)


def test_function_comments():
    """At least 95 in 100 definitions in .c files have a comment right above them."""
    found = [function for function in all_functions(EVERYWHERE) if function.path.endswith(".c")]
    bare = [str(function) for function in found if not function.commented]
    if len(bare) * 20 > len(found):
        report(f"{len(bare)} of {len(found)} functions without a comment", bare)


def test_contracts():
    """Every function in a header of vm/ has its contract right above it."""
    prototype = re.compile(r"^(?:static inline |_Noreturn )?[a-z_][\w ]*[ *]\w+\([^;=]*(?:;|\{)$", re.MULTILINE)
    broken = []
    for path in sources.c_files("vm"):
        text = sources.read(path)
        for match in prototype.finditer(text) if path.endswith(".h") else ():
            above = text[:match.start()].rstrip().rsplit("\n", 1)[-1]
            if not above.endswith("*/"):
                broken.append(f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match.group(0).splitlines()[0]}")
    report("functions without a contract right above", broken)


def test_comments_stand_alone():
    """No comment begins by pointing at another: what it says is said where it stands."""
    pointing = re.compile(r"(?:/\*+|//)\s*(?:The same\b|Likewise|Ditto|See |As above|As before\b|Same as)|\b[Ss]ee above\b")
    broken = []
    for path in sources.c_files(*EVERYWHERE):
        text = sources.read(path)
        broken += [f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match.group(0)}" for match in pointing.finditer(text)]
    report("comments that point at others", broken)


def test_asserts():
    """At least three lines of code in a hundred of vm/ assert something."""
    texts = [sources.blank(sources.read(path)) for path in sources.c_files("vm", headers=False)]
    lines = sum(bool(line.strip()) for text in texts for line in text.split("\n"))
    asserts = sum(len(re.findall(r"\b(?:ASSERT|NOT_REACHED|_Static_assert|page_assert|page_enter_state)\(", text))
                  for text in texts)
    assert asserts >= 0.03 * lines, f"{asserts} asserts in {lines} lines of vm/: too few"


def test_forbidden_words():
    """No notes to oneself are left in."""
    words = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
    broken = []
    for folder in (*EVERYWHERE, "tools", "docs"):
        for base, _, names in os.walk(os.path.join(sources.ROOT, folder)):
            for name in names:
                path = os.path.join(base, name)
                if not name.endswith((".c", ".h", ".S", ".py", ".md", ".mk", ".sh")) and "." in name:
                    continue
                with open(path, encoding="utf-8", errors="replace") as file:
                    broken += [f"{os.path.relpath(path, sources.ROOT)}:{number}: {line.strip()}"
                               for number, line in enumerate(file, 1) if words.search(line)]
    report("forbidden words", broken)


def test_stack_arrays():
    """No array of more than 256 bytes on the kernel's stack (sizes that can be read off)."""
    sizes = {"char": 1, "uint8_t": 1, "uint16_t": 2, "int": 4, "unsigned": 4, "uint32_t": 4, "uint64_t": 8,
             "size_t": 4, "long": 4}
    broken = []
    for path in sources.c_files(*KERNEL, headers=False):
        text = sources.blank(sources.read(path))
        for number, line in enumerate(text.split("\n"), 1):
            match = re.match(r"\s+(?:const\s+)?(\w+)\s+(\**)\w+\[(\d+)\](?:\s*=.*)?;", line)
            if match:
                size = (4 if match.group(2) else sizes.get(match.group(1), 4)) * int(match.group(3))
                inside_struct = text[:text.find(line)].count("{") == 0
                if size > 256 and not inside_struct and not line.strip().startswith("static"):
                    broken.append(f"{path}:{number}: {line.strip()}")
    places = []
    for place in broken:
        path, number = place.split(":")[:2]
        line = int(number)
        if any(f.line <= line < f.line + f.length for f in sources.functions(path)):
            places.append(place)
    report("arrays on the stack", places)
