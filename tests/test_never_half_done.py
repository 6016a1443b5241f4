"""A refresh that is killed, doubled, read from or out of space leaves the old build or the new one.

A handful of each fault; ``make soak`` does hundreds.
"""

import duckdb
import pytest

from tests.soak.judge import NOTHING, exports_of, state_after_kill, whole
from tests.soak.kills import Tally, kill_at_random_moments, kill_before_each_border
from tests.soak.place import PFS, Place, make_place, run
from tests.soak.storage import (
    AS_MODES_SAY,
    file_size_limit,
    full_disk,
    may_mount,
    read_only_disk,
    without_permission,
)
from tests.soak.together import read_throughout, two_at_once


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A warehouse of one release, and another release that is due."""
    return make_place(tmp_path_factory.mktemp("never") / "half_done", "one release more")


def outcomes(tally: Tally) -> dict[str, int]:
    """What came of the faults; what went wrong shows in the assertion."""
    assert tally.faults == []
    return dict(tally.outcomes)


def test_a_refresh_killed_at_any_moment_leaves_a_whole_build_and_the_next_one_succeeds(place):
    assert sum(outcomes(kill_at_random_moments(place, count=2, seed=1)).values()) == 2


def test_a_refresh_killed_before_the_database_is_replaced_leaves_the_old_build(place):
    tally = kill_before_each_border(place, only=("rename to fee_schedule.duckdb",))
    assert outcomes(tally) == {"old state": 1}


def test_a_refresh_killed_between_database_and_exports_is_finished_by_the_next_one(place):
    tally = kill_before_each_border(place, only=("rename to exports/current",))
    assert outcomes(tally) == {"between state": 1}


def test_of_two_refreshes_started_together_one_works_and_one_exits_with_7(place):
    assert outcomes(two_at_once(place, count=1)) == {"one did it, one exited with 7": 1}


def test_readers_see_no_error_and_no_mixed_state_while_builds_are_published(tmp_path):
    told = outcomes(read_throughout(tmp_path, readers=2, publishes=2))
    assert told["read without an error or a mixed state"] == 2


def test_a_file_that_cannot_grow_leaves_the_old_build_and_one_sentence(place):
    assert outcomes(file_size_limit(place, [1000])) == {"exit code 10, old state": 1}


def test_a_full_disk_leaves_the_old_build_and_one_sentence(place, tmp_path):
    if not may_mount(tmp_path / "disk"):
        pytest.skip("only root may mount the small disk that is filled here")
    assert outcomes(full_disk(place, [1500])) == {"exit code 10, old state": 1}


def test_a_read_only_disk_leaves_the_old_build_and_one_sentence(place, tmp_path):
    if not may_mount(tmp_path / "disk"):
        pytest.skip("only root may mount the read-only disk that is used here")
    assert outcomes(read_only_disk(place)) == {"exit code 10, old state": 1}


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
    path = (warehouse / "exports" / "current").resolve() / "build" / "data.csv"
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
