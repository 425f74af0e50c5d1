"""The floors of the kernel's folders, by who calls whom (floors.py says which there are)."""

import importlib.util
import os

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
