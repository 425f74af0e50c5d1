"""The sources as the static checks see them: files, layers, and functions with their sizes."""

import glob
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# From the lowest to the highest; a file includes from its own or a lower layer.
LAYERS = ["lib", "arch/i386", "kern", "dev", "vm", "fs", "proc", "init", "user"]


def c_files(*folders, headers=True):
    """All .c (and .h) files under FOLDERS of the project, relative to its root."""
    found = []
    for folder in folders:
        for path in glob.glob(os.path.join(ROOT, folder, "**", "*"), recursive=True):
            if path.endswith(".c") or (headers and path.endswith(".h")):
                found.append(os.path.relpath(path, ROOT))
    return sorted(found)


def read(path):
    """The text of PATH."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def layer_of(path):
    """The layer that PATH belongs to, or None."""
    for layer in LAYERS:
        if path.startswith(layer + "/"):
            return layer
    return None


def blank(text):
    """TEXT with comments, strings and macro definitions blanked out, every line in its place."""
    def spaces(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    token = r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    text = re.sub(token, spaces, text, flags=re.DOTALL)
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", spaces, text, flags=re.MULTILINE)


class Function:
    """A function definition: where it is, its length in lines, its parameters, its comment."""

    def __init__(self, path, name, line, length, parameters, commented):
        self.path, self.name, self.line = path, name, line
        self.length, self.parameters, self.commented = length, parameters, commented

    def __str__(self):
        return f"{self.path}:{self.line}: {self.name}"


def count_parameters(text):
    """The number of parameters in the TEXT between a function's parentheses."""
    text = text.strip()
    if text in ("", "void"):
        return 0
    depth, count = 0, 1
    for character in text:
        depth += character in "([" 
        depth -= character in ")]"
        count += character == "," and depth == 0
    return count


def matching(text, start, pair):
    """The place of the bracket that closes the one at START; PAIR is like "{}"."""
    depth = 0
    for place in range(start, len(text)):
        depth += text[place] == pair[0]
        depth -= text[place] == pair[1]
        if depth == 0:
            return place
    raise ValueError("unbalanced " + pair)


def functions(path):
    """All functions defined in PATH."""
    original = read(path)
    text = blank(original)
    found, place = [], 0
    while (brace := text.find("{", place)) >= 0:
        end = matching(text, brace, "{}")
        start = max(text.rfind(";", 0, brace), text.rfind("}", 0, brace)) + 1
        head = text[start:brace]
        place = end + 1
        head = re.sub(r"__attribute__\s*\(\(.*?\)\)", lambda m: " " * len(m.group(0)), head, flags=re.DOTALL)
        match = re.search(r"([A-Za-z_]\w*)\s*\(", head)
        if not match or "=" in head or re.match(r"\s*(static\s+|const\s+|typedef\s+)*(struct|union|enum)\s+\w*\s*$",
                                                head):
            continue
        opening = start + match.end() - 1
        parameters = text[opening + 1:matching(text, opening, "()")]
        whole = text[start:brace]
        first = start + len(whole) - len(whole.lstrip())
        line = text.count("\n", 0, first) + 1
        length = text.count("\n", first, end) + 1
        before = original[:first].rstrip()
        found.append(Function(path, match.group(1), line, length, count_parameters(parameters),
                              before.endswith("*/")))
    return found
