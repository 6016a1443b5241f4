"""``fees status``: what is loaded, what failed last, what is stale, and what to do next."""

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.cli import main
from pipeline.cli.status import _print_operation
from pipeline.errors import RefusedError
from pipeline.fetch.licence import write_answer
from pipeline.fetch.memory import Memory
from pipeline.publish import swap as publish
from pipeline.publish.swap import Warehouse
from pipeline.refresh.lock import only_refresh
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import rollback
from pipeline.refresh.status import _next_step, status_of
from pipeline.report import Report
from pipeline.store.state import State
from tests.operation.place import add_zips, published, run, snapshot
from tests.soak import place as soak
from tests.soak.storage import AS_MODES_SAY

pytestmark = pytest.mark.whole

IN_TIME = date(2025, 11, 1)

# What programs rely on; keys may be added and none may go.
# fmt: off
KEYS = [
    "warehouse", "raw", "build", "releases", "source_files", "unread", "reconciliation",
    "warnings", "quarantined_lines", "ignored", "unknown", "skipped", "copies", "refused",
    "is_whole", "built_at", "published_at",
    "builds_kept", "rollback_to", "hold", "running", "fetch", "stale", "last_failure",
    "last_runs", "next_step",
]
# fmt: on


def status(options: Options, today: date = IN_TIME) -> dict:
    return status_of(options.warehouse, today)


def reasons(found: dict) -> list[str]:
    return [entry["reason"] for entry in found["stale"]]


def run_status(monkeypatch, place: Options, *arguments: str) -> int:
    """Run the command, which unlike others names no raw folder; returns the exit code."""
    monkeypatch.setattr(
        "sys.argv", ["fees", "status", "--warehouse", str(place.warehouse), *arguments]
    )
    try:
        main()
    except SystemExit as done:
        return int(done.code)
    return 0


def test_a_warehouse_that_is_up_to_date(real_place):
    run(replace(real_place, today=IN_TIME))
    found = status(real_place)
    assert list(found) == KEYS
    assert found["build"]["build_id"] == published(real_place)
    assert [release["release_id"] for release in found["releases"]] == ["RVU25D"]
    assert {file["file_kind"] for file in found["source_files"]} >= {"pprrvu", "gpci"}
    assert all(len(file["sha256"]) == 64 for file in found["source_files"])
    assert found["is_whole"]
    assert (found["stale"], found["next_step"], found["hold"]) == ([], "", None)
    assert (found["last_failure"], found["running"]) == (None, "")
    assert found["fetch"] == {"licence": "", "asked_at": "", "failed_at": "", "failure": ""}


@pytest.mark.slow
@pytest.mark.long
def test_it_says_when_the_build_was_made_and_put_in_force(place):
    add_zips(place, "20261")
    run(place)
    found = status(place)
    assert found["built_at"] <= found["published_at"]
    age = datetime.now(UTC) - datetime.fromisoformat(found["published_at"])
    assert timedelta(seconds=-2) < age < timedelta(minutes=1)
    assert found["published_at"] <= found["last_runs"][-1]["at"]


def test_asking_changes_no_byte_and_no_state(place):
    def state():
        return {x: x.stat().st_mtime_ns for x in (place.warehouse / "state").iterdir()}

    before = snapshot(place), state()
    status(place)
    assert (snapshot(place), state()) == before


def test_a_database_that_rots_is_told_with_what_finds_it(place, monkeypatch, capsys):
    """Its size and time are as they were, so that a refresh would find nothing new."""
    database = place.warehouse / "fee_schedule.duckdb"
    times, data = database.stat(), bytearray(database.read_bytes())
    data[8] ^= 1
    database.chmod(0o644)
    database.write_bytes(data)
    os.utime(database, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert run_status(monkeypatch, place) == 6
    again = f"fees refresh --verify --raw {place.raw} --warehouse {place.warehouse}"
    told = capsys.readouterr()
    assert told.out.endswith(f"next       Run: {again}\n")
    assert told.err.endswith(f"run: {again}\n")
    assert run(replace(place, verify=True)).outcome == "published"
    assert status(place)["is_whole"]


def test_who_may_not_see_the_raw_folder_is_told_all_else(place):
    """CMS's files may lie in the home of one user, and the warehouse where all may read it."""
    private = place.raw.parent / "private"
    private.mkdir()
    raw = place.raw.rename(private / "raw")
    run(replace(place, raw=raw))
    private.chmod(0)
    told = soak.run([*AS_MODES_SAY, soak.PFS, "status", "--warehouse", str(place.warehouse)])
    private.chmod(0o700)
    assert (told.returncode, told.stderr) == (0, "")
    assert f"raw        {raw}\n" in told.stdout
    assert f"stale      You have no permission for {raw}: see whose it is" in told.stdout


def test_the_sample_says_how_to_get_releases(place):
    assert status(place)["next_step"].startswith("Put CMS's RVU zips into the raw folder")


# ---------------------------------------------------------------- what failed


def test_what_failed_last_is_told_until_it_is_over(place):
    broken = place.raw / "rvu26d.zip"
    broken.write_text("no zip")
    with pytest.raises(RefusedError) as caught:
        run(place)
    found = status(place)
    assert found["last_failure"]["message"] == str(caught.value)
    assert (found["last_failure"]["exit_code"], found["last_failure"]["is_over"]) == (3, False)
    assert found["next_step"] == "See to what failed last, then run: fees refresh"
    # Without the file nothing is new, so that no later run is noted.
    broken.unlink()
    run(place)
    found = status(place)
    assert (found["last_failure"]["exit_code"], found["last_failure"]["is_over"]) == (3, True)


@pytest.mark.slow
@pytest.mark.long
def test_a_later_success_ends_a_failure(place):
    State(place.warehouse / "state").record_run("failed", exit_code=10, message="full")
    add_zips(place, "20261")
    assert not status(place)["last_failure"]["is_over"]
    run(place)
    assert status(place)["last_failure"]["is_over"]


def test_without_a_warehouse_it_says_what_failed_and_exits_with_6(tmp_path, monkeypatch, capsys):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "rvu26d.zip").write_text("no zip")
    place = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    with pytest.raises(RefusedError) as caught:
        run(place)
    assert run_status(monkeypatch, place) == 6
    told = capsys.readouterr()
    assert str(caught.value) in told.out
    assert "error: There is no warehouse in" in told.err
    assert run_status(monkeypatch, place, "--json") == 6
    assert json.loads(capsys.readouterr().out)["build"] is None


# ---------------------------------------------------------------- what is stale


def test_inputs_that_changed_since_the_build_are_named(place):
    add_zips(place, "20261")
    found = status(place)
    assert found["stale"] == [
        {
            "reason": "inputs_changed",
            "message": "changed since the build: ZIP5_20261.txt, ZIP5_OCT2025.txt",
        }
    ]
    assert found["next_step"] == "Run: fees refresh"


def test_a_raw_folder_that_is_gone_is_told(place):
    place.raw.rmdir()
    found = status(place)
    assert reasons(found) == ["raw_missing"]
    assert found["next_step"] == f"Bring the raw folder back: there is no folder {place.raw}."


def test_another_program_than_that_of_the_build_is_told(place):
    state = State(place.warehouse / "state")
    state.write_inputs(replace(state.read_inputs(), fingerprint="of an earlier program"))
    assert reasons(status(place)) == ["program_changed"]


def test_a_quarter_without_a_release_and_cms_not_asked_for_a_week_are_told(real_place):
    run(real_place)
    found = status(real_place, date(2026, 2, 1))
    assert reasons(found) == ["quarter_missing"]
    assert found["next_step"] == (
        "Get the release of this quarter: fees fetch --latest, then fees refresh"
    )
    state = real_place.warehouse / "state"
    write_answer(state, "accepted")
    is_stale = {"": True, "2025-01-01T00:00:00+00:00": True, "now": False, "some day": True}
    for asked_at in is_stale:
        asked = asked_at.replace("now", datetime.now(UTC).isoformat())
        Memory(asked, failure="www.cms.gov cannot be reached.").write(state)
        found = status(real_place)
        assert found["fetch"]["licence"] == "accepted"
        assert reasons(found) == ["cms_not_asked"] * is_stale[asked_at], asked_at
        if is_stale[asked_at]:
            assert found["stale"][0]["message"].endswith(": www.cms.gov cannot be reached.")


# ---------------------------------------------------------------- operation


@pytest.mark.slow
def test_a_rollback_is_told_with_what_it_holds_back(place):
    first = published(place)
    add_zips(place, "20261")
    second = run(place).build_id
    found = status(place)
    assert (found["rollback_to"], found["builds_kept"]) == (first, [second, first])
    rollback(Warehouse(place.warehouse), Report(quiet=True))
    found = status(place)
    assert found["hold"].pop("at")
    assert found["hold"] == {"in_force": first, "held_back": second}
    assert (found["rollback_to"], found["is_whole"]) == ("", True)
    assert found["next_step"].endswith("or run: fees refresh --forward")


def test_a_refresh_that_runs_is_told(place):
    with only_refresh(place.warehouse / "state"):
        found = status(place)
    assert found["running"].startswith("process ")
    assert found["next_step"] == "Wait for the refresh that is running."


@pytest.mark.slow
@pytest.mark.long
def test_an_interrupted_publication_is_told(place, monkeypatch):
    def die(*_):
        raise KeyboardInterrupt

    add_zips(place, "20261")
    with pytest.MonkeyPatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(publish, "point_to_exports", die)
        run(place)
    found = status(place)
    assert (found["is_whole"], found["published_at"]) == (False, "")
    assert found["last_failure"]["outcome"] == "interrupted"
    run(place)
    assert status(place)["is_whole"]


@pytest.mark.parametrize(
    ("count", "words"), [(0, ""), (1, "  1 warning"), (1234, "  1,234 warnings")]
)
def test_warnings_of_a_run_are_counted_in_words(capsys, count, words):
    fetch = {"licence": "", "asked_at": "", "failure": ""}
    run = {"at": "2026-07-01", "outcome": "published", "warnings": count}
    rest = {"stale": [], "refused": {}, "rollback_to": "", "running": "", "next_step": ""}
    _print_operation(
        {"hold": None, "last_failure": None, "fetch": fetch, "last_runs": [run], **rest}
    )
    assert capsys.readouterr().out == f"run        2026-07-01  published{words}\n"


def test_for_people(place, monkeypatch, capsys):
    first = published(place)
    add_zips(place, "20261")
    second = run(place).build_id
    rollback(Warehouse(place.warehouse), Report(quiet=True))
    shutil.rmtree(place.raw)
    assert run_status(monkeypatch, place) == 0
    told = capsys.readouterr().out
    for line in (
        "SAMPLE: this warehouse is built from the embedded sample",
        f"build      {first}  contract",
        f"held back  {second}, since the rollback of",
        "rolled_back",
        "stale      there is no folder",
        "next       Bring the raw folder back",
    ):
        assert line in told


@pytest.mark.parametrize(
    ("held", "step"),
    [
        (["pfs RVU25D"], "fees fetch --latest"),
        (["pfs RVU25D", "clfs CLFS25Q4"], "fees fetch --schedule pfs --schedule clfs"),
        (["mue MUE25Q4P"], "fees fetch --schedule mue"),
        (["opps_rule OPPS25FR"], "as said above"),
        (["opps_rule OPPS25FR", "mue MUE25Q4P"], "fees fetch --schedule mue"),
    ],
)
def test_the_next_step_fetches_the_schedules_whose_quarter_is_missing(held, step):
    releases = [
        dict(zip(("schedule", "release_id"), x.split(), strict=True))
        | {"effective_from": "2025-10-01", "effective_to": "2025-12-31"}
        for x in held
    ]
    found = {
        "stale": [{"reason": "quarter_missing", "message": ""}], "releases": releases, "last_failure": None,
        "running": False, "is_whole": True, "build": {"is_sample": False}, "refused": [], "hold": None,
    }  # fmt: skip
    said = _next_step(found, date(2026, 2, 1))
    assert said == f"Get the release of this quarter: {step}, then fees refresh"
