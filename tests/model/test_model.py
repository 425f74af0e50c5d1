"""The models page.pml and turns.pml hold in small configurations, and find every planted error."""

import os

import pytest

import support

from model import model


@pytest.fixture(name="folder")
def work_folder(tmp_path):
    """Where spin works."""
    support.have("spin")
    support.have("gcc")
    return str(tmp_path / "model")


@pytest.mark.parametrize("name", support.only({"fork-pageout", "file-grows"}, [*model.SHORT, *(model.LONG if support.LONG else ())]))
def test_holds(name, folder):
    """No property is broken, whatever happens when."""
    found = model.search_true(name, folder)
    if found.broken:
        support.fail(f"broken: {found.broken}; tests/model/run {name} tells how\n{support.tail(found.output)}")


@pytest.mark.parametrize("name", support.only({"SLOT_KEPT", "SYNC_IN_PASSING"}, model.PLANTS))
def test_planted(name, folder):
    """A planted error is found, by the property that names it."""
    found = model.search_plant(name, folder)
    if found.broken != model.PLANTS[name][0]:
        support.fail(f"found: {found.broken or 'nothing'}, not {model.PLANTS[name][0]}\n{support.tail(found.output)}")
