"""The floors of the kernel's folders, by who calls whom (floors.py says which there are)."""

import collections
import glob
import importlib.util
import os
import re

import pytest

_SPEC = importlib.util.spec_from_file_location("floors", os.path.join(os.path.dirname(__file__), "floors.py"))
floors = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(floors)


def graph_of(folder):
    """Who calls whom in FOLDER, in the kernel that was built."""
    found = floors.calls(os.environ["BUILD"], folder)
    assert len(found) > 5, f"{folder}/ is not built"
    return found


@pytest.mark.parametrize("folder", floors.FLOORS)
def test_every_file_stands_on_a_floor(folder):
    """A new file is entered in floors.py."""
    assert [name for name in graph_of(folder) if floors.floor_of(folder, name) is None] == []


@pytest.mark.parametrize("folder", floors.FLOORS)
def test_no_call_leads_up(folder):
    """Nothing calls what stands on a higher floor."""
    assert floors.upward(folder, graph_of(folder)) == []


@pytest.mark.parametrize("folder", floors.FLOORS)
def test_no_circles(folder):
    """No two files of a folder call each other, also not by way of others."""
    assert [" -> ".join(way) for way in floors.circles(graph_of(folder))] == []


def test_no_call_leads_into_a_higher_layer():
    """Nothing calls a folder above its own, but by a door."""
    assert floors.between_layers(os.environ["BUILD"]) == []


# Needed by nobody of the kernel: where the machine enters, and what the compiler asks for.
ENTRIES = r"boot_entry|boot_entry_physical|__\w+"


def test_every_global_function_is_called():
    """What no other file of the kernel, of the programs' library or of the tests names is static, or goes."""
    unused = [(symbol, where) for symbol, (where, users) in floors.global_functions(os.environ["BUILD"]).items()
              if not users and not re.fullmatch(ENTRIES, symbol)]
    text = "\n".join(open(path, encoding="utf-8").read()
                     for folder in ("user/lib", "host", "tests/host", "tests/soak", "tests/fuzz", "tests/kernel")
                     for path in glob.glob(os.path.join(floors.ROOT, folder, "*.c")))
    words = set(re.findall(r"\w+", text))
    headers = [open(path, encoding="utf-8").read() for folder in floors.LAYERS
               for path in glob.glob(os.path.join(floors.ROOT, folder, "*.h"))]
    counts = collections.Counter(word for header in headers for word in re.findall(r"\w+", header))
    words.update(word for word, count in counts.items() if count > 1)  # An inline function names it.
    assert [f"{where} {symbol}" for symbol, where in sorted(unused) if symbol not in words] == []


def test_upward_calls_and_circles_are_seen():
    """The test can fail: a call upwards and a circle are found where there are some."""
    graph = {"page": {"fault": ["vm_fault"]}, "fault": {"supply": ["x"]}, "supply": {"page": ["y"]}}
    assert len(floors.upward("vm", graph)) == 1
    assert floors.circles(graph) == [["page", "fault", "supply", "page"]]


@pytest.mark.parametrize("folder", floors.FLOORS)
def test_picture_is_in_a_document(folder):
    """A document shows the floors as they are: tests/static/floors.py prints them."""
    shown = floors.shown(folder, graph_of(folder))
    with open(os.path.join(floors.ROOT, floors.document(folder)), encoding="utf-8") as file:
        assert shown in file.read(), f"put this into {floors.document(folder)}:\n{shown}"
