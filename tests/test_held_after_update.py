"""What is held of a bundle that is refused stays after an update of the program, too."""

import json
from pathlib import Path

import pytest

from pipeline.release import check as release_check
from pipeline.release import model as release_model
from pipeline.release import read as release_read
from pipeline.release.read import FACTS
from pipeline.store.sql import Check
from pipeline.store.state import State
from tests.helpers import bundles
from tests.helpers.damaged_file import CPR, PPRRVU
from tests.helpers.damages import BUNDLE
from tests.helpers.marks import cases
from tests.helpers.two_files import copy_of, published_of_two_files, told, work_rvu

pytestmark = pytest.mark.whole

HELD = 13


@pytest.fixture
def place(built_once, tmp_path: Path) -> Path:
    """A published place of its own, which the test may damage."""
    return copy_of(published_of_two_files(built_once), tmp_path / "copy")


@pytest.fixture
def update(monkeypatch):
    """Another version of the program: its code is other code, and it knows what that means."""

    def install() -> None:
        for module in (release_model, release_read):
            monkeypatch.setattr(module, "hash_of_code", lambda *_: "of a later version")
        monkeypatch.setattr("pipeline.refresh.refresh.fingerprint", lambda: "of a later version")

    return install


def damage(place: Path) -> None:
    bundles.edit_cell(place / "raw" / BUNDLE / PPRRVU, CPR, bundles.WORK, "4.O0")


@pytest.mark.slow
@pytest.mark.parametrize("first", cases(["damaged", "updated"], ["damaged"]))
def test_what_is_refused_stays_as_it_was(place, update, first):
    """Whether the bundle was damaged before the update or after it, on every later refresh."""
    raw, warehouse = place / "raw", place / "warehouse"
    damage(place)
    if first == "damaged":
        assert told(raw, warehouse)[0] == HELD
    update()
    for _ in range(2):
        exit_code, sentence = told(raw, warehouse)
        assert (exit_code, 'work_rvu is "4.O0"' in sentence) == (HELD, True)
        assert work_rvu(warehouse, "92950") == "4.00"
    bundles.edit_cell(raw / BUNDLE / PPRRVU, CPR, bundles.WORK, "4.00")
    assert told(raw, warehouse)[0] in (0, 11)
    assert State(warehouse / "state").read_inputs().refused == {}


def test_what_todays_checks_refuse_stays_as_it_was_computed(place, update, monkeypatch):
    """The bytes are those of then, and a check that did not exist then refuses them."""
    raw, warehouse = place / "raw", place / "warehouse"
    update()
    query = "SELECT 'pprrvu' AS file_kind, 1 AS line, 'a later check' AS finding"
    stricter = Check("a_later_check", "error", "Of today.", query)
    known = release_check.load_checks
    monkeypatch.setattr(release_check, "load_checks", lambda folder: [*known(folder), stricter])
    for _ in range(2):
        exit_code, sentence = told(raw, warehouse)
        assert (exit_code, "a later check" in sentence) == (HELD, True)
        assert work_rvu(warehouse, "92950") == "4.00"


@pytest.mark.parametrize("what", ["a table", "a fact"])
def test_what_cannot_be_used_any_more_ends_the_refresh(place, update, monkeypatch, what):
    """Nothing of the warehouse is lost by an update: it stays as it is, and somebody decides."""
    raw, warehouse = place / "raw", place / "warehouse"
    damage(place)
    update()
    if what == "a fact":
        monkeypatch.setattr("pipeline.refresh.release_artefacts.FACTS", {*FACTS, "weather"})
    else:
        monkeypatch.setattr(release_read, "definitions_of", lambda tables: {"table stage.x": "y"})
    exit_code, sentence = told(raw, warehouse)
    # Of the only release nothing is left; with another one it is missing, which is code 4.
    assert exit_code == 3
    assert 'work_rvu is "4.O0"' in sentence
    assert work_rvu(warehouse, "92950") == "4.00"


def test_the_facts_of_a_release_are_those_that_are_listed(place):
    [path] = (place / "warehouse" / "artefacts").glob("*-read-*/artefact.json")
    assert json.loads(path.read_text())["artefact"]["facts"].keys() == FACTS
