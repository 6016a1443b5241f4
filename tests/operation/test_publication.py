"""Published means whole: nothing new changes nothing, and an interrupted run is finished."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import MissingReleaseError, RefusedError
from pipeline.publish import swap as publish
from pipeline.publish.swap import BUILDS_KEPT, Warehouse, point_to_exports
from pipeline.refresh import report_build
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers import bundles
from tests.operation.place import add_zips, published, run, snapshot

pytestmark = pytest.mark.whole

# ---------------------------------------------------------------- nothing new


def test_nothing_new_changes_no_byte(place):
    before = snapshot(place)
    outcome = run(place)
    assert (outcome.outcome, outcome.build_id) == ("nothing_new", published(place))
    assert snapshot(place) == before


@pytest.mark.slow
@pytest.mark.long
def test_inputs_hashed_again_and_found_the_same_change_no_byte(place):
    before = snapshot(place)
    outcome = run(Options(raw=place.raw, warehouse=place.warehouse, verify=True))
    assert (outcome.outcome, outcome.build_id) == ("nothing_new", published(place))
    assert snapshot(place) == before


def test_a_dry_run_changes_no_byte(place):
    add_zips(place, "20261")
    before = snapshot(place)
    outcome = run(Options(raw=place.raw, warehouse=place.warehouse, dry_run=True))
    assert outcome.outcome == "would_publish"
    assert snapshot(place) == before


def test_a_dry_run_tells_what_is_gone_as_the_refresh_would(real_place, monkeypatch):
    there = report_build.published_holdings(Warehouse(real_place.warehouse))
    options = replace(real_place, dry_run=True)
    assert run(options).outcome == "nothing_new"
    monkeypatch.setattr(report_build, "published_holdings", lambda _: there | {"RVU19A", "zip5"})
    with pytest.raises(MissingReleaseError, match="The warehouse holds RVU19A, zip5, but"):
        run(options)


@pytest.mark.long
@pytest.mark.slow
def test_back_to_the_inputs_of_before_is_the_build_of_before(place):
    first = published(place)
    add_zips(place, "20261")
    assert run(place).build_id != first
    for path in place.raw.glob("ZIP5_*.txt"):
        path.unlink()
    outcome = run(place)
    assert (outcome.outcome, outcome.build_id) == ("published", first)
    assert published(place) == first


# ---------------------------------------------------------------- what is published


def test_published_files_are_read_only(small_warehouse):
    warehouse = Warehouse(small_warehouse)
    assert warehouse.database.stat().st_mode & 0o777 == 0o444
    data = list(warehouse.current.resolve().rglob("data.*"))
    assert data
    assert [path for path in data if path.stat().st_mode & 0o222] == []


def test_current_is_a_relative_symlink_to_the_build(small_warehouse):
    warehouse = Warehouse(small_warehouse)
    assert warehouse.published_build_id()
    assert warehouse.current.readlink() == Path(warehouse.published_build_id())


@pytest.mark.slow
@pytest.mark.long
def test_only_three_builds_are_kept(three_builds):
    place, builds = three_builds
    add_zips(place, "20263")
    builds = [*builds, run(place).build_id]
    assert len(set(builds)) == 4
    kept = {path.name for path in (place.warehouse / "exports").iterdir()}
    assert kept == {*builds[-BUILDS_KEPT:], "current"}
    assert BUILDS_KEPT == 3


def test_nothing_is_left_beside_the_published(three_builds_template):
    folder, _ = three_builds_template
    names = {path.name for path in (folder / "warehouse").iterdir()}
    assert names == {"fee_schedule.duckdb", "builds", "exports", "artefacts", "state"}


# ---------------------------------------------------------------- interrupted


def interrupted_run(options: Options, dies_in: str) -> None:
    """A refresh that dies where it calls a function of the publication."""

    def die(*_):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(publish, dies_in, die)
        run(options)


@pytest.mark.slow
@pytest.mark.long
def test_a_run_that_dies_before_the_database_is_replaced_publishes_nothing(place):
    first = published(place)
    add_zips(place, "20261")
    interrupted_run(place, "_prepare_symlink")
    assert published(place) == first
    assert run(replace(place, dry_run=True)).outcome == "would_publish"
    assert run(place).build_id == published(place) != first


def test_a_run_that_dies_between_database_and_exports_is_finished_by_the_next(place):
    first = published(place)
    add_zips(place, "20261")
    interrupted_run(place, "point_to_exports")
    assert published(place) == ""
    outcome = run(place)
    assert (outcome.outcome, outcome.build_id) == ("finished", published(place))
    assert outcome.build_id != first
    assert run(place).outcome == "nothing_new"


@pytest.mark.slow
@pytest.mark.long
def test_a_publication_is_finished_although_the_inputs_are_refused(place):
    add_zips(place, "20261")
    interrupted_run(place, "point_to_exports")
    (place.raw / "nowhere").symlink_to(place.raw / "gone")
    with pytest.raises(RefusedError, match="the symlink leads nowhere"):
        run(place)
    assert published(place) != ""


@pytest.mark.slow
@pytest.mark.long
def test_exports_behind_the_database_are_put_right(three_builds):
    place, (_, second, third) = three_builds
    point_to_exports(Warehouse(place.warehouse), second)
    assert published(place) == ""
    outcome = run(place)
    assert (outcome.outcome, outcome.build_id) == ("finished", third)
    assert published(place) == third


@pytest.mark.long
@pytest.mark.slow
def test_a_database_of_another_build_is_put_right(three_builds):
    place, (_, second, third) = three_builds
    old = place.warehouse / "builds" / f"{second}.duckdb"
    old.replace(place.warehouse / "fee_schedule.duckdb")
    assert published(place) == ""
    assert run(place).build_id == third
    assert published(place) == third
    query = "select count(distinct effective_from) from zip_locality"
    with duckdb.connect(str(place.warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        assert con.sql(query).fetchall() == [(3,)]


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["fee_schedule.duckdb", "exports", "artefacts", "state"])
def test_what_was_lost_is_made_again(place, lost):
    build_id = published(place)
    path = place.warehouse / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert run(place).build_id == build_id
    assert published(place) == build_id
    assert run(place).outcome == "nothing_new"


@pytest.mark.slow
@pytest.mark.parametrize(
    "damaged",
    ["fee_schedule.duckdb", "exports/current/manifest.json"],
)
def test_what_was_damaged_is_made_again(place, damaged):
    # A power cut may leave a file that was written last without its contents.
    build_id = published(place)
    path = place.warehouse / damaged
    path.chmod(0o644)
    path.write_bytes(b"")
    assert run(place).build_id == build_id
    assert published(place) == build_id


@pytest.mark.slow
def test_a_table_that_is_gone_from_an_artefact_is_not_replaced_by_its_export(real_place):
    run(real_place)
    (gone,) = (real_place.warehouse / "artefacts").glob("rvu25d-*/tables/rvu.parquet")
    gone.unlink()
    (real_place.warehouse / "fee_schedule.duckdb").unlink()
    run(real_place)
    with duckdb.connect(str(real_place.warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        statuses = con.sql("select distinct description_status from rvu").fetchall()
    assert statuses == [("cms",)]


# ---------------------------------------------------------------- companions


# How the workbook of January 2026 heads its columns, and where they stand in the text.
ZIP5_HEAD = {
    "STATE": (0, 2), "ZIP CODE": (2, 7), "CARRIER": (7, 12), "LOCALITY": (12, 14), "RURAL IND": (14, 15),
    "LAB CB LOCALITY": (15, 17), "RURAL IND2": (17, 18), "PLUS 4 FLAG": (20, 21), "PART B DRUG INDICATOR": (22, 23),
    "YEAR/QTR": (75, 80),
}  # fmt: skip


@pytest.mark.slow
def test_zip_files_of_several_quarters_and_forms_stand_beside_each_other(place):
    """CMS ships ZIP5 as text and as workbook; both say the same, so that one is loaded."""
    add_zips(place, "20261")
    text = (place.raw / "ZIP5_20261.txt").read_text().splitlines()
    cells = [[line[a:b].strip() for a, b in ZIP5_HEAD.values()] for line in text]
    bundles.workbook_of([[*ZIP5_HEAD], *cells], place.raw / "ZIP5_JAN2026.xlsx")
    last = [line.replace("20261", "20262") for line in text]
    later = [[line[a:b].strip() for a, b in ZIP5_HEAD.values()] for line in last]
    bundles.workbook_of([[*ZIP5_HEAD], *later], place.raw / "ZIP5_APR2026.xlsx")
    shutil.copyfile(place.raw / "ZIP5_OCT2025.txt", place.raw / "ZIP5_copy.txt")
    run(place)
    with duckdb.connect(str(Warehouse(place.warehouse).database), read_only=True) as con:
        files = con.sql(
            "select source_file, loaded_count, is_loaded from source_file "
            "where file_kind = 'zip5' order by source_file"
        ).fetchall()
        quarters = con.sql(
            "select year_quarter, any_value(source_file), count(*) from zip_locality group by all order by all"
        ).fetchall()
        # Every quarter says the same but for its name.
        different = con.sql(
            "select distinct * exclude (effective_from, effective_to, year_quarter, source_file, source_line) "
            "from zip_locality"
        ).fetchall()
        current = con.sql("select distinct year_quarter from zip_locality_current").fetchall()
    assert current == [("20254",)]
    count = len(text)
    assert files == [
        ("ZIP5_20261.txt", count, True),
        ("ZIP5_APR2026.xlsx", count, True),
        ("ZIP5_JAN2026.xlsx", count, False),
        ("ZIP5_OCT2025.txt", count, True),
        ("ZIP5_copy.txt", count, False),
    ]
    assert quarters == [
        ("20254", "ZIP5_OCT2025.txt", count),
        ("20261", "ZIP5_20261.txt", count),
        ("20262", "ZIP5_APR2026.xlsx", count),
    ]
    assert len(different) == count


# ---------------------------------------------------------------- a full disk


@pytest.mark.slow
def test_a_disk_that_is_full_right_after_publication_does_not_call_it_a_failure(place, monkeypatch):
    """The new build is in force; only the notes about it are missing, and the next run copes."""

    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device", str(path))

    add_zips(place, "20253")
    before = published(place)
    report = Report(quiet=True)
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.store.state.replace_text", full)
        outcome = refresh(place, report)
    assert outcome.outcome == "published"
    assert published(place) == outcome.build_id != before
    assert any("could not be written: No space left on device" in x for x in report.reminders)
    assert run(place).build_id == outcome.build_id
    assert run(place).outcome == "nothing_new"
