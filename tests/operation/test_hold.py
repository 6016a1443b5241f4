"""After a rollback the same inputs do not go forward again, until something new comes."""

import shutil

import pytest

from pipeline.publish.swap import Warehouse
from pipeline.sample import SAMPLE_BUNDLE
from pipeline.store.state import State
from tests.operation.place import add_zips, again, back, published, quarters, run, run_pfs, snapshot

pytestmark = pytest.mark.slow


@pytest.mark.slow
def test_the_same_inputs_do_not_go_forward_again(three_builds, monkeypatch, capsys):
    place, (_, second, third) = three_builds
    back(place)
    before = snapshot(place)
    assert run_pfs(monkeypatch, "refresh", place, "--no-fetch") == 0
    assert capsys.readouterr().out == (
        f"nothing new: the warehouse is build {second} since a rollback; {third} is held back "
        "until something new lies in the raw folder, or until: fees refresh --forward "
        f"--raw {place.raw} --warehouse {place.warehouse}\n"
    )
    assert snapshot(place) == before
    assert [x["outcome"] for x in State(place.warehouse / "state").runs()][-1] == "rolled_back"


def test_the_same_contents_are_the_same_inputs(three_builds):
    """However often they are asked for, after a touch of each and after a change of the program."""
    place, (_, second, third) = three_builds
    back(place)
    for how in ("verify", "touched", "program", "dry_run"):
        if how == "touched":
            for path in place.raw.iterdir():
                path.touch()
        if how == "program":
            state = State(place.warehouse / "state")
            inputs = state.read_inputs()
            inputs.fingerprint = "of an earlier program"
            state.write_inputs(inputs)
        outcome = again(place, verify=how == "verify", dry_run=how == "dry_run")
        found = (outcome.outcome, outcome.build_id, outcome.held_back)
        assert found == ("held", second, third), how


@pytest.mark.slow
def test_something_new_goes_forward(three_builds):
    place, (_, second, third) = three_builds
    back(place)
    add_zips(place, "20263")
    outcome = run(place)
    assert outcome.outcome == "published"
    assert outcome.build_id not in (second, third)
    manifest = Warehouse(place.warehouse).manifest()
    assert manifest["changes"]["previous_build_id"] == second
    assert run(place).outcome == "nothing_new"
    assert back(place).build_id == second


@pytest.mark.slow
@pytest.mark.long
def test_without_the_file_that_was_wrong_nothing_is_held_any_more(three_builds):
    place, (_, second, _) = three_builds
    back(place)
    (place.raw / "ZIP5_20262.txt").unlink()
    assert (run(place).outcome, published(place)) == ("nothing_new", second)
    assert State(place.warehouse / "state").read_hold() is None


@pytest.mark.slow
def test_forward_builds_what_is_held_back(three_builds, monkeypatch, capsys):
    place, (_, second, third) = three_builds
    back(place)
    assert run_pfs(monkeypatch, "refresh", place, "--no-fetch", "--forward", "--dry-run") == 0
    assert capsys.readouterr().out == "dry run: nothing was changed\n"
    assert run_pfs(monkeypatch, "refresh", place, "--no-fetch", "--forward") == 0
    assert f"published build {third}" in capsys.readouterr().out
    assert (published(place), quarters(place)) == (third, 3)
    assert run(place).outcome == "nothing_new"
    assert back(place).build_id == second


def test_forward_without_a_rollback_is_a_refresh(place):
    assert again(place, forward=True).outcome == "nothing_new"


@pytest.mark.long
@pytest.mark.slow
def test_inputs_that_nobody_remembers_are_held_as_they_lie_there(three_builds):
    place, (_, _, _) = three_builds
    (place.warehouse / "state" / "inputs.json").unlink()
    back(place)
    assert [again(place).outcome for _ in range(2)] == ["held", "held"]
    add_zips(place, "20263")
    assert run(place).outcome == "published"


@pytest.mark.slow
@pytest.mark.long
def test_a_build_that_was_lost_while_another_is_held_back_is_put_back(three_builds):
    place, (_, second, _) = three_builds
    back(place)
    (place.warehouse / "fee_schedule.duckdb").unlink()
    assert published(place) == ""
    outcome = run(place)
    assert (outcome.outcome, outcome.build_id, published(place)) == ("finished", second, second)
    assert run(place).outcome == "held"


@pytest.mark.long
@pytest.mark.slow
def test_a_release_that_is_gone_is_missed_while_a_build_is_held_back(real_place, monkeypatch):
    zips = (SAMPLE_BUNDLE / "ZIP5_OCT2025.txt").read_text()
    (real_place.raw / "ZIP5_OCT2025.txt").write_text(zips)
    run(real_place)
    back(real_place)
    shutil.rmtree(real_place.raw / "rvu25d")
    assert run_pfs(monkeypatch, "refresh", real_place, "--no-fetch") == 4
