"""A refresh that is killed, doubled, read from or out of space leaves the old build or the new one.

A handful of each fault; ``make soak`` does hundreds.
"""

import duckdb
import polars as pl
import pytest

from pipeline.store.database import storage_failure
from tests.soak.judge import NOTHING, exports_of, state_after_kill, whole
from tests.soak.kills import (
    Tally,
    kill_at_random_moments,
    kill_before_each_border,
    kill_while_the_site_is_written,
)
from tests.soak.place import PFS, Place, make_place, run
from tests.soak.storage import (
    AS_MODES_SAY,
    file_size_limit,
    full_disk,
    may_mount,
    without_permission,
)
from tests.soak.together import read_throughout, two_at_once

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A warehouse of one release, and another release that is due."""
    return make_place(tmp_path_factory.mktemp("never") / "half_done", "one release more")


def outcomes(tally: Tally) -> dict[str, int]:
    """What came of the faults; what went wrong shows in the assertion."""
    assert tally.faults == []
    return dict(tally.outcomes)


@pytest.mark.long
def test_a_refresh_killed_at_any_moment_leaves_a_whole_build_and_the_next_one_succeeds(place):
    assert sum(outcomes(kill_at_random_moments(place, count=1, seed=1)).values()) == 1


def test_a_refresh_killed_between_database_and_exports_is_finished_by_the_next_one(place):
    tally = kill_before_each_border(place, only=("rename to exports/current",))
    assert outcomes(tally) == {"between state": 1}


@pytest.mark.long
def test_a_refresh_killed_while_the_site_is_written_leaves_the_old_exports(tmp_path):
    place = make_place(tmp_path / "with_site", "one release more", "--site")
    assert "site/index.html" in place.new.files
    assert outcomes(kill_while_the_site_is_written(place)) == {"old state": 1}
    # Between the two steps the site is whole, and the next refresh puts it in force.
    tally = kill_before_each_border(place, only=("rename to exports/current",))
    assert outcomes(tally) == {"between state": 1}


def test_of_two_refreshes_started_together_one_works_and_one_exits_with_7(place):
    assert outcomes(two_at_once(place, count=1)) == {"one did it, one exited with 7": 1}


def test_readers_see_no_error_and_no_mixed_state_while_a_build_is_published(place):
    told = outcomes(read_throughout(place, readers=2, publishes=1))
    assert told["read without an error or a mixed state"] == 2


def test_a_full_disk_leaves_the_old_build_and_one_sentence(place, tmp_path):
    # Only root may mount a small disk; elsewhere no file may grow beyond a size.
    may = may_mount(tmp_path / "disk")
    tally = full_disk(place, [1500]) if may else file_size_limit(place, [1000])
    assert outcomes(tally) == {"exit code 10, old state": 1}


def test_a_warehouse_that_may_not_be_written_leaves_the_old_build_and_one_sentence(place):
    assert outcomes(without_permission(place)) == {"exit code 10, old state": 1}


def test_a_raw_folder_that_may_not_be_entered_is_one_sentence(place, tmp_path):
    closed = tmp_path / "closed"
    (closed / "raw").mkdir(parents=True)
    closed.chmod(0)
    try:
        places = ["--raw", str(closed / "raw"), "--warehouse", str(tmp_path / "warehouse")]
        told = run([*AS_MODES_SAY, PFS, "refresh", *places])
    finally:
        closed.chmod(0o700)
    assert told.returncode == 2
    assert told.stderr == f"error: You have no permission to look into {closed / 'raw'}.\n"


# ---------------------------------------------------------------- the judge itself


def test_the_judge_sees_a_byte_that_changed_in_an_export(place):
    warehouse = place.warehouse("damaged_export")
    path = (warehouse / "exports" / "current").resolve() / "csv" / "build" / "data.csv"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(AssertionError, match=r"build/data.csv is not the file of the manifest"):
        exports_of(warehouse)


def test_the_judge_sees_a_row_that_is_gone_from_the_database(place):
    warehouse = place.warehouse("damaged_database")
    database = warehouse / "fee_schedule.duckdb"
    database.chmod(0o644)
    with duckdb.connect(str(database)) as con:
        con.execute("DELETE FROM rvu WHERE hcpcs_code = '99291'")
    with pytest.raises(AssertionError, match="is not whole"):
        state_after_kill(warehouse, place.old, place.new)


def test_the_judge_sees_exports_of_another_build_than_the_database(place):
    warehouse = place.warehouse("mixed")
    (warehouse / "fee_schedule.duckdb").unlink()
    with pytest.raises(AssertionError, match="exports of"):
        whole(warehouse)
    with pytest.raises(AssertionError, match="published before the database"):
        state_after_kill(warehouse, NOTHING, place.old)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            duckdb.TransactionException(
                'Failed to commit: Could not write file "x.wal": No space left on device'
            ),
            'Could not write file "x.wal": No space left on device',
        ),
        (
            pl.exceptions.ComputeError(
                "parquet: underlying IO error: No space left on device (os error 28)"
            ),
            "No space left on device (os error 28)",
        ),
        (duckdb.CatalogException("Table x does not exist"), ""),
        (pl.exceptions.ComputeError("conversion failed"), ""),
    ],
)
def test_only_what_cannot_be_written_is_a_failure_of_the_storage(error, sentence):
    assert storage_failure(error) == sentence
