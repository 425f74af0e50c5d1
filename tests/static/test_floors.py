"""The floors of vm/, by who calls whom (floors.py says which there are)."""

import importlib.util
import os

import pytest

_SPEC = importlib.util.spec_from_file_location("floors", os.path.join(os.path.dirname(__file__), "floors.py"))
floors = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(floors)


@pytest.fixture(scope="module")
def graph():
    """Who calls whom in vm/, in the kernel that was built."""
    found = floors.calls(os.environ["BUILD"])
    assert len(found) > 20, "vm/ is not built"
    return found


def test_every_file_stands_on_a_floor(graph):
    """A new file of vm/ is entered in floors.py."""
    assert [name for name in graph if floors.floor_of(name) is None] == []


def test_no_call_leads_up(graph):
    """Nothing calls what stands on a higher floor."""
    assert floors.upward(graph) == []


def test_no_circles(graph):
    """No two files of vm/ call each other, also not by way of others."""
    assert [" -> ".join(way) for way in floors.circles(graph)] == []


def test_upward_calls_and_circles_are_seen():
    """The test can fail: a call upwards and a circle are found where there are some."""
    graph = {"page": {"fault": ["vm_fault"]}, "fault": {"supply": ["x"]}, "supply": {"page": ["y"]}}
    assert len(floors.upward(graph)) == 1
    assert floors.circles(graph) == [["page", "fault", "supply", "page"]]


def test_picture_is_in_the_readme(graph):
    """vm/README.md shows the floors as they are: tests/static/floors.py prints them."""
    with open(os.path.join(floors.ROOT, "vm", "README.md"), encoding="utf-8") as file:
        text = file.read()
    shown = "\n".join("    " + line for line in floors.picture(graph).split("\n"))
    assert shown in text, f"put this into vm/README.md:\n{shown}"
