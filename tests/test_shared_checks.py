"""Checks that every schedule shares, and what each check says of itself."""

import pytest

from pipeline.read.sort import file_kinds, main_kind, release_kinds
from pipeline.release.check import SHARED_CHECKS, shared_checks
from pipeline.release.warehouse_check import CHECKS_OF_EACH, checks_of
from pipeline.release.warehouse_check import SHARED_CHECKS as SHARED_WAREHOUSE_CHECKS
from pipeline.schedules.all import SCHEDULES
from pipeline.store import database

FOLDERS = (
    SHARED_CHECKS,
    SHARED_WAREHOUSE_CHECKS,
    CHECKS_OF_EACH,
    *(folder for one in SCHEDULES for folder in (one.release_checks, one.warehouse_checks)),
)


def test_check_says_what_a_payment_has_to_do_with_it():
    """Each check answers: does a payment depend on it, and does CMS break it?"""
    silent = [
        path.stem
        for folder in FOLDERS
        for path in folder.glob("*.sql")
        if "\n-- payment: " not in path.read_text("utf-8")
    ]
    assert silent == []


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda one: one.name)
def test_texts_of_every_schedule_that_are_no_plain_words_are_found(schedule):
    """A file of each kind with one row, of which every free text is a formula or unseen."""
    con = database.connect(1)
    con.execute("CREATE SCHEMA stage")
    expected = []
    for kind in (file_kinds()[name] for name in release_kinds(schedule.name)):
        table = schedule.declared.tables[f"stage.{kind.plain}"]
        types = ", ".join(f"{column.name} {column.type}" for column in table.columns)
        con.execute(f"CREATE TABLE stage.{kind.name} ({types})")
        texts = [column.name for column in table.columns if column.free_text]
        for value in ("=1+1", "x\u202ey", "plain - words") if texts else ():
            values = ", ".join(f"'{value}'" for _ in texts)
            con.execute(f"INSERT INTO stage.{kind.name} ({', '.join(texts)}) VALUES ({values})")
        expected += [kind.name] * 2 * len(texts)
    [check] = [x for x in shared_checks(schedule.name) if x.name == "texts_are_plain"]
    assert sorted(row[0] for row in con.sql(check.query).fetchall()) == sorted(expected)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda one: one.name)
def test_lines_that_are_no_rows_are_found(schedule):
    table, main = schedule.model.table_names[0], main_kind(schedule.name)
    others = [kind for kind in schedule.model.rows_of if kind != main]
    con = database.connect(1)
    con.execute(
        "CREATE TABLE release AS SELECT name AS release_id, name AS posting_id, true AS is_current, true AS is_latest, "
        "false AS is_sample, make_date(2025, month, 1) AS effective_from, '' AS series "
        "FROM (VALUES ('A', 1), ('B', 4), ('C', 7), ('D', 10)) AS t(name, month)"
    )
    # B has 94 rows where A has 100, C none at all, and D again 100.
    con.execute(
        f"CREATE TABLE {table} AS SELECT name AS release_id "
        "FROM (VALUES ('A', 100), ('B', 94), ('D', 100)) AS t(name, n), range(n)"
    )
    con.execute(
        "CREATE TABLE source_file AS SELECT name AS release_id, name AS posting_id, true AS is_loaded, "
        f"'{main}' AS file_kind, 'file ' || name AS source_file, n AS loaded_count, 'made' AS layout "
        "FROM (VALUES ('A', 100), ('B', 95), ('C', 7), ('D', 100)) AS t(name, n)"
    )
    # Lines of the other files that have such rows count with those of the main one, and rows of the
    # other tables that its lines become with those of the first.
    tables = (table, *schedule.model.shared_with)
    con.execute(
        "UPDATE source_file SET loaded_count = loaded_count + $1 WHERE release_id = 'A'",
        [len(tables) - 1 - len(others)],
    )
    for name in tables[1:]:
        con.execute(f"CREATE TABLE {name} AS SELECT 'A' AS release_id")
    for kind in others:
        con.execute("INSERT INTO source_file VALUES ('A', 'A', true, $1, $1, 1, 'made')", [kind])
    found = {
        check.name: sorted(con.sql(check.query).fetchall())
        for check in checks_of(schedule)
        if check.name == "loaded_lines_are_rows"
    }
    assert found == {
        "loaded_lines_are_rows": [
            ("B", f"file B: 95 lines loaded, 94 rows in {' and '.join(tables)}"),
            ("C", f"file C: 7 lines loaded, 0 rows in {' and '.join(tables)}"),
        ],
    }


# Postings with the month that they begin in and how many rows they have; "A@1" was replaced by "A".
FULL = [("A", 1, 100), ("B", 4, 100)]


@pytest.mark.parametrize(
    ("postings", "expected"),
    [
        ([*FULL, ("A@1", 1, 100)], []),
        ([*FULL, ("C", 7, 94)], [("C", "94 rows, but 100 in B: was a file cut short?")]),
        ([("A", 1, 94), ("B", 4, 100)], [("A", "94 rows, but 100 in B: was a file cut short?")]),
        # A schedule may grow by as much from quarter to quarter.
        ([("A", 1, 91), ("B", 7, 100)], []),
        ([("A", 1, 90), ("B", 7, 100)], [("A", "90 rows, but 100 in B: was a file cut short?")]),
        (
            [("A@1", 1, 100), ("A", 1, 94)],
            [("A", "94 rows, but 100 in A@1: was a file cut short?")],
        ),
        ([("A@1", 1, 100), ("A", 1, 95)], []),
    ],
)
@pytest.mark.parametrize("name", ["asp", "ncci"])
def test_a_release_that_was_cut_short_is_found_beside_any_that_says_more(name, postings, expected):
    """Of NCCI the warehouse holds the rows of the latest release alone, and of the others how many."""
    [schedule] = [one for one in SCHEDULES if one.name == name]
    table, kind = schedule.model.table_names[0], schedule.model.rows_of or (main_kind(name),)
    con = database.connect(1)
    con.execute("CREATE SCHEMA superseded")
    con.execute(
        "CREATE TABLE release (release_id VARCHAR, posting_id VARCHAR, series VARCHAR, "
        "effective_from DATE, is_current BOOLEAN, is_sample BOOLEAN)"
    )
    con.execute(
        "CREATE TABLE source_file "
        "(posting_id VARCHAR, file_kind VARCHAR, is_loaded BOOLEAN, loaded_count INTEGER)"
    )
    con.execute(f"CREATE TABLE {table} (release_id VARCHAR)")
    con.execute(f"CREATE TABLE superseded.{table} (posting_id VARCHAR)")
    for posting, month, count in postings:
        is_current = "@" not in posting
        begins = f"2025-{month:02}-01"
        con.execute(
            "INSERT INTO release VALUES ($1, $2, '', $3, $4, false)",
            [posting[0], posting, begins, is_current],
        )
        con.execute("INSERT INTO source_file VALUES ($1, $2, true, $3)", [posting, kind[0], count])
        held = table if is_current else f"superseded.{table}"
        con.execute(f"INSERT INTO {held} SELECT $1 FROM range($2)", [posting, count])
    [check] = [x for x in checks_of(schedule) if x.name == "row_count_does_not_drop"]
    assert con.sql(check.query).fetchall() == expected
