"""What readers see is what was published: changes of others are noticed, told and built over.

A client that opens the database without -readonly, as root or after chmod, changes it or leaves
a log that DuckDB replays; files are edited, deleted or rot.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import main
from pipeline.errors import CheckError
from pipeline.publish.published import left_by_clients
from pipeline.publish.swap import Warehouse
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.refresh.status import status_of
from pipeline.report import Report
from pipeline.store.shelf import sha256_of
from tests.helpers.marks import cases
from tests.operation.place import add_zips, again, back, published, run, run_pfs
from tests.soak.judge import whole

pytestmark = pytest.mark.slow

WORK = "SELECT work_rvu::VARCHAR FROM rvu WHERE hcpcs_code = '99291'"

# A client that forgot -readonly and died.
CLIENT = """
import duckdb, os, signal, sys
con = duckdb.connect(sys.argv[1])
con.execute("SET checkpoint_threshold = '1GB'")
con.execute("UPDATE rvu SET work_rvu = 7.77 WHERE hcpcs_code = '99291'")
os.kill(os.getpid(), signal.SIGKILL)
"""


def leave_a_log(database: Path) -> None:
    database.chmod(0o644)
    subprocess.run([sys.executable, "-c", CLIENT, str(database)], check=False)
    assert [path.suffix for path in left_by_clients(database)] == [".wal"]


def work(options: Options) -> list[tuple]:
    with duckdb.connect(str(options.warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        return con.sql(WORK).fetchall()


def current(options: Options) -> Path:
    return (options.warehouse / "exports" / "current").resolve()


def told(options: Options, **changed) -> tuple[str, list[str]]:
    """The outcome of a refresh and what it reminds of."""
    report = Report(quiet=True)
    return refresh(replace(options, **changed), report).outcome, report.reminders


# ---------------------------------------------------------------- a log that clients leave


@pytest.mark.slow
@pytest.mark.long
def test_a_log_of_a_client_is_never_replayed_over_another_build(place):
    right = work(place)
    leave_a_log(place.warehouse / "fee_schedule.duckdb")
    assert work(place) == [("7.77",)] != right
    found = status_of(place.warehouse)
    assert (found["is_whole"], found["next_step"]) == (False, "Run: fees refresh")
    assert "fee_schedule.duckdb.wal lies beside" in found["stale"][0]["message"]
    add_zips(place, "20261")
    assert run(place).outcome == "published"
    assert work(place) == right
    assert left_by_clients(place.warehouse / "fee_schedule.duckdb") == []


def test_a_log_is_removed_where_nothing_is_new(place):
    right = work(place)
    leave_a_log(place.warehouse / "fee_schedule.duckdb")
    outcome, reminders = told(place)
    assert outcome == "nothing_new"
    assert ["fee_schedule.duckdb.wal was removed" in x for x in reminders] == [True]
    assert work(place) == right
    assert status_of(place.warehouse)["is_whole"]


def test_questions_are_not_answered_from_a_log(place, monkeypatch, capsys):
    leave_a_log(place.warehouse / "fee_schedule.duckdb")
    monkeypatch.setattr("sys.argv", ["fees", "show", "99291", "--warehouse", str(place.warehouse)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 6
    assert "no part of the build; to remove them: fees refresh" in capsys.readouterr().err


# ---------------------------------------------------------------- changes in place


def update(options: Options) -> Path:
    path = options.warehouse / "fee_schedule.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE rvu SET work_rvu = 7.77 WHERE hcpcs_code = '99291'")
    return path


def flip_bytes(options: Options) -> Path:
    path = options.warehouse / "fee_schedule.duckdb"
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 64)
    return path


def edit_an_export(options: Options) -> Path:
    # As an editor does that writes in place: artefact and exports are links to one file.
    path = next(current(options).glob("csv/rvu/**/*.csv"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"4.50", b"5.40", 1))
    return path


def delete_an_export(options: Options) -> Path:
    path = next(current(options).glob("payment_locality/**/*.parquet"))
    path.unlink()
    return path


def edit_the_manifest(options: Options) -> Path:
    path = current(options) / "manifest.json"
    path.chmod(0o644)
    path.write_text(path.read_text().replace('"is_sample": true', '"is_sample": false'))
    return path


CHANGES: list[Callable[[Options], Path]] = [
    update,
    flip_bytes,
    edit_an_export,
    delete_an_export,
    edit_the_manifest,
]


@pytest.mark.parametrize(
    "change", cases(CHANGES, [flip_bytes, edit_an_export, delete_an_export, edit_the_manifest])
)
def test_what_was_changed_is_noticed_told_and_built_again(place, change):
    before = whole(place.warehouse)
    path = change(place)
    name = str(path.resolve().relative_to(place.warehouse.resolve()))
    words = f"{name} is {'not what was published' if path.exists() else 'gone'}"
    found = status_of(place.warehouse)
    assert not found["is_whole"]
    assert {"reason": "published_changed", "message": words} in found["stale"]
    outcome, reminders = told(place)
    assert outcome == "published"
    assert f"{words}; it is built again" in reminders
    assert whole(place.warehouse) == before
    assert status_of(place.warehouse)["is_whole"]
    assert told(place) == ("nothing_new", [])


@pytest.mark.slow
def test_bytes_that_rot_with_their_times_unchanged_are_found_by_verify(place):
    before, path = whole(place.warehouse), next(current(place).glob("rvu/**/*.parquet"))
    times, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    path.chmod(0o444)
    outcome, reminders = told(place, verify=True)
    assert outcome == "published"
    assert any(f"{path.name} is not what was published" in x for x in reminders)
    assert whole(place.warehouse) == before
    assert told(place, verify=True) == ("nothing_new", [])


def test_an_artefact_that_changed_is_told_and_made_again(place):
    tables = sorted((place.warehouse / "artefacts").glob("*/tables/stage.pprrvu.parquet"))
    known = sha256_of(tables[0])
    tables[0].chmod(0o644)
    tables[0].write_bytes(b"")
    outcome, reminders = told(place, verify=True)
    assert outcome == "nothing_new"
    assert [f"artefacts/{tables[0].parts[-3]} is not what" in x for x in reminders] == [True]
    assert sha256_of(tables[0]) == known


def test_every_published_file_is_read_only_and_can_still_be_removed(place):
    for folder in ("artefacts", "builds", "exports"):
        files = [x for x in (place.warehouse / folder).rglob("*") if x.is_file()]
        assert files and {oct(x.stat().st_mode & 0o777) for x in files} == {"0o444"}
    shutil.rmtree(place.warehouse)


# ---------------------------------------------------------------- builds that are kept


@pytest.mark.slow
def test_a_damaged_build_is_not_returned_to(three_builds, monkeypatch, capsys):
    place, (_, second, third) = three_builds
    kept = place.warehouse / "builds" / f"{second}.duckdb"
    kept.chmod(0o644)
    with duckdb.connect(str(kept)) as con:
        con.execute("UPDATE rvu SET work_rvu = 7.77 WHERE hcpcs_code = '99291'")
    assert run_pfs(monkeypatch, "refresh", place, "--rollback") == 6
    assert "is kept whole" in capsys.readouterr().err
    assert published(place) == third
    outcome, reminders = told(place, verify=True)
    assert outcome == "nothing_new"
    assert reminders == [f"build {second}, kept for a rollback, is no longer whole: it was removed"]


@pytest.mark.slow
@pytest.mark.long
def test_an_edit_that_reaches_kept_builds_is_mended_there_too(three_builds):
    place, (_, second, _) = three_builds
    edit_an_export(place)
    assert run(place).outcome == "published"
    back(place)
    assert published(place) == second
    assert whole(place.warehouse).build_id == second
    assert status_of(place.warehouse)["is_whole"]


@pytest.mark.slow
@pytest.mark.long
def test_what_is_held_back_does_not_come_into_force_because_of_damage(three_builds):
    place, (_, second, _) = three_builds
    back(place)
    update(place)
    with pytest.raises(CheckError, match="to do that: fees refresh --forward"):
        run(place)
    assert Warehouse(place.warehouse).manifest()["build_id"] == second
    assert again(place, forward=True).outcome == "published"


def test_a_build_of_before_hashes_were_recorded_is_taken_as_it_is(place):
    first = published(place)
    (place.warehouse / "builds" / f"{first}.sha256").unlink()
    (place.warehouse / "state" / "published.json").unlink()
    assert run(place).outcome == "nothing_new"
    assert json.loads((place.warehouse / "state" / "published.json").read_text())
