"""Back to the build before, in the same two steps."""

import json
import os
import shutil

import pytest

from pipeline.cli import main
from pipeline.errors import NotThereError
from pipeline.publish import swap as publish
from pipeline.publish.swap import BUILDS_KEPT, Warehouse
from pipeline.refresh.options import Options
from pipeline.store.shelf import sha256_of
from pipeline.store.state import State
from tests.operation.place import add_zips, again, back, published, quarters, run, run_pfs, snapshot

pytestmark = pytest.mark.whole

# ---------------------------------------------------------------- back


def test_a_rollback_puts_database_and_exports_of_the_build_before_in_force(three_builds):
    place, (_, second, third) = three_builds
    assert quarters(place) == 3
    outcome = back(place)
    assert (outcome.outcome, outcome.build_id, outcome.held_back) == ("rolled_back", second, third)
    assert (published(place), quarters(place)) == (second, 2)
    assert Warehouse(place.warehouse).manifest()["build_id"] == second


def test_a_second_rollback_goes_one_further_back_and_a_third_finds_none(
    three_builds, monkeypatch, capsys
):
    place, (first, _, third) = three_builds
    assert run_pfs(monkeypatch, "refresh", place, "--rollback") == 0
    # A rollback needs no raw folder; what it advises does.
    named = ["--warehouse", str(place.warehouse)]
    monkeypatch.setattr("sys.argv", ["fees", "refresh", "--rollback", *named])
    main()
    said = capsys.readouterr().out
    assert f"back to build {first} with SAMPLERVU25D; " in said
    assert f"{third} is held back" in said
    assert said.endswith(
        f"fees refresh --forward --raw {place.raw} --warehouse {place.warehouse}\n"
    )
    before = snapshot(place)
    assert run_pfs(monkeypatch, "refresh", place, "--rollback") == 6
    assert f"error: No build before {first} is kept whole in" in capsys.readouterr().err
    assert (published(place), snapshot(place)) == (first, before)
    assert again(place).outcome == "held"


def test_a_rollback_changes_no_byte_of_any_build(three_builds):
    place, builds = three_builds
    kept = {path: sha256_of(path) for path in (place.warehouse / "builds").iterdir()}
    assert {path.stem for path in kept} == set(builds)
    back(place)
    assert {path: sha256_of(path) for path in (place.warehouse / "builds").iterdir()} == kept
    assert Warehouse(place.warehouse).database.stat().st_mode & 0o777 == 0o444


def test_a_rollback_is_noted_in_the_run_history(three_builds):
    place, (_, second, _) = three_builds
    back(place)
    last = State(place.warehouse / "state").runs()[-1]
    assert (last["outcome"], last["exit_code"], last["build_id"]) == ("rolled_back", 0, second)


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["database", "exports", "all", "damaged"])
def test_a_build_that_is_not_kept_whole_is_no_build_to_return_to(three_builds, lost):
    place, (_, second, third) = three_builds
    warehouse = Warehouse(place.warehouse)
    if lost == "damaged":
        warehouse.kept_database(second).chmod(0o644)
        warehouse.kept_database(second).write_bytes(b"no database")
    if lost in ("database", "all"):
        warehouse.kept_database(second).unlink()
    if lost in ("exports", "all"):
        shutil.rmtree(warehouse.export_folder(second))
    with pytest.raises(NotThereError, match="nothing was changed"):
        back(place)
    assert published(place) == third
    assert again(place).outcome == "nothing_new"


def test_where_nothing_was_ever_built_there_is_none(tmp_path, monkeypatch, capsys):
    (tmp_path / "raw").mkdir()
    place = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    assert run_pfs(monkeypatch, "refresh", place, "--rollback") == 6
    assert "There is no warehouse in" in capsys.readouterr().err
    assert not place.warehouse.exists()


@pytest.mark.slow
@pytest.mark.parametrize("other", ["--forward", "--dry-run", "--verify", "--skip=x"])
def test_a_rollback_stands_by_itself(three_builds, monkeypatch, other):
    place, (*_, third) = three_builds
    assert run_pfs(monkeypatch, "refresh", place, "--rollback", other) == 2
    assert published(place) == third


@pytest.mark.slow
def test_inputs_that_went_back_and_forth_do_not_make_a_rollback_go_forward(place):
    first = published(place)
    add_zips(place, "20261")
    second = run(place).build_id
    for path in place.raw.glob("ZIP5_*.txt"):
        path.unlink()
    assert run(place).build_id == first
    assert back(place).build_id == second
    with pytest.raises(NotThereError, match="No build before"):
        back(place)


# ---------------------------------------------------------------- interrupted


def die(*_):
    raise KeyboardInterrupt


@pytest.mark.slow
@pytest.mark.long
def test_a_rollback_that_dies_between_its_steps_is_finished_by_the_next_run(three_builds):
    place, (_, second, _) = three_builds
    with pytest.MonkeyPatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(publish, "point_to_exports", die)
        back(place)
    assert published(place) == ""
    outcome = run(place)
    assert (outcome.outcome, outcome.build_id, published(place)) == ("finished", second, second)
    assert run(place).outcome == "held"


@pytest.mark.slow
@pytest.mark.long
def test_a_rollback_that_dies_before_its_first_step_did_nothing(three_builds):
    place, (_, second, third) = three_builds
    with pytest.MonkeyPatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(publish, "_prepare_symlink", die)
        back(place)
    assert published(place) == third
    assert run(place).outcome == "nothing_new"
    assert State(place.warehouse / "state").read_hold() is None
    assert back(place).build_id == second


@pytest.mark.slow
def test_going_forward_that_dies_between_its_steps_is_finished(three_builds):
    place, (*_, third) = three_builds
    back(place)
    with pytest.MonkeyPatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(publish, "point_to_exports", die)
        again(place, forward=True)
    assert (run(place).outcome, published(place)) == ("finished", third)
    assert run(place).outcome == "nothing_new"


# ---------------------------------------------------------------- what is kept


@pytest.mark.slow
@pytest.mark.long
def test_the_databases_of_three_builds_are_kept(three_builds):
    place, (_, second, third) = three_builds
    add_zips(place, "20263")
    fourth = run(place).build_id
    kept = {path.name for path in (place.warehouse / "builds").iterdir()}
    builds = (second, third, fourth)
    assert kept == {f"{build}.{kind}" for build in builds for kind in ("duckdb", "sha256")}
    assert len(builds) == BUILDS_KEPT
    warehouse = Warehouse(place.warehouse)
    assert warehouse.kept_database(fourth).samefile(warehouse.database)


@pytest.mark.slow
def test_where_files_cannot_be_linked_databases_are_copied(place, monkeypatch):
    def no_link(*_, **__):
        raise OSError("not on this file system")

    monkeypatch.setattr(os, "link", no_link)
    first = published(place)
    add_zips(place, "20261")
    second = run(place).build_id
    assert back(place).build_id == first
    assert again(place, forward=True).build_id == second


@pytest.mark.slow
def test_a_build_that_is_made_again_keeps_the_builds_before_it(three_builds):
    place, builds = three_builds
    (place.warehouse / "fee_schedule.duckdb").unlink()
    for path in (place.warehouse / "builds").glob(f"{builds[-1]}*"):
        path.unlink()
    manifest = (place.warehouse / "exports" / "current" / "manifest.json").read_text()
    assert run(place).build_id == builds[-1]
    assert {path.stem for path in (place.warehouse / "builds").iterdir()} == set(builds)
    now = json.loads((place.warehouse / "exports" / "current" / "manifest.json").read_text())
    assert now == json.loads(manifest)
