"""The list and its tables: each number has a row, or a reason why not."""

import glob
import os
import re

from bad import command_line, elf, images, inputs, programs, tools

TABLES = (programs.ROWS, elf.ROWS, images.ROWS, command_line.ROWS, tools.ROWS)


def numbers_of_tests():
    """The numbers that tests beside the tables are about: their first sentence begins with them."""
    found = set()
    for path in glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "test_*.py")):
        with open(path, encoding="utf-8") as file:
            found |= {int(number) for number in re.findall(r'^def test_.*:\n    """(\d+): ', file.read(), re.MULTILINE)}
    return found


def test_list_is_covered():
    """Numbers 1 to 60, each once in the list, have a row that is not empty, or do not apply."""
    assert list(inputs.SENTENCES) == list(range(1, 61))
    covered = {number for table in TABLES for number, rows in table.items() if rows} | numbers_of_tests()
    missing = set(inputs.SENTENCES) - covered - set(inputs.DOES_NOT_APPLY)
    assert not missing, "no row: " + "; ".join(f"{number}, {inputs.SENTENCES[number]}" for number in sorted(missing))
    assert not covered & set(inputs.DOES_NOT_APPLY) and covered <= set(inputs.SENTENCES)
