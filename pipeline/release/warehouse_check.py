"""The new warehouse held against its own rules."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from pipeline.errors import CheckError
from pipeline.read.sort import main_kind
from pipeline.release.check import listed
from pipeline.release.schedule import FeeSchedule
from pipeline.store.parts import Part, append, batches
from pipeline.store.sql import Check, load_checks
from schemas.definitions import Table, catalog
from schemas.derive import identifier, quoted

# What holds for the releases and files of all schedules together, and what for those of each one.
SHARED = Path(__file__).parent / "shared_check"
SHARED_CHECKS = SHARED / "warehouse"
CHECKS_OF_EACH = SHARED / "each_schedule"

# So many releases are looked at together, so that memory does not grow with them.
KEYS_AT_ONCE = 10


def checks_of(schedule: FeeSchedule) -> list[Check]:
    """The checks over all releases of a schedule: those that hold for any, and its own."""
    table, *_ = schedule.model.table_names
    kinds = schedule.model.rows_of or (main_kind(schedule.name),)
    of_lines = (table, *schedule.model.shared_with)
    named = {
        "table": table,
        "tables": " and ".join(of_lines),
        "rows": " union all ".join(f"select release_id from {name}" for name in of_lines),
        "row_counts": _row_counts(schedule, kinds),
        "kinds": ", ".join(map(quoted, kinds)),
        "held": "is_latest" if schedule.model.restates_history else "is_current",
        "several_lines": ", ".join(map(quoted, schedule.model.several_lines)) or "''",
    }
    shared = [check.about(**named) for check in load_checks(CHECKS_OF_EACH)]
    return [*shared, *load_checks(schedule.warehouse_checks)]


def _row_counts(schedule: FeeSchedule, kinds: Iterable[str]) -> str:
    """A SELECT of how many rows each posting has, superseded ones too.

    Where the rows of the latest release alone are held, the lines that were loaded stand for them.
    """
    if schedule.model.restates_history:
        return (
            "SELECT posting_id, sum(loaded_count) AS row_count FROM source_file "
            f"WHERE is_loaded AND file_kind IN ({', '.join(map(quoted, kinds))}) GROUP BY posting_id"
        )
    table, *_ = schedule.model.table_names
    return (
        f"SELECT posting_id, count(*) AS row_count FROM {table} JOIN release USING (release_id) "
        "WHERE is_current GROUP BY posting_id UNION ALL "
        f"SELECT posting_id, count(*) FROM superseded.{table} GROUP BY posting_id"
    )


def remove_former_results(con: duckdb.DuckDBPyConnection, schedules: Iterable[FeeSchedule]) -> None:
    """Checks over the whole warehouse and comparisons with companions are made anew."""
    checks = [*load_checks(SHARED_CHECKS), *(x for one in schedules for x in checks_of(one))]
    names = ", ".join(quoted(check.name) for check in checks)
    for table in ("check_result", "check_finding"):
        con.execute(f"DELETE FROM {table} WHERE check_name IN ({names})")
    con.execute(
        "DELETE FROM reconciliation WHERE source_file NOT IN "
        "(SELECT source_file FROM source_file WHERE release_id <> '')"
    )
    con.execute(
        "DELETE FROM reconciliation_difference WHERE (release_id, comparison) NOT IN "
        "(SELECT (release_id, comparison) FROM reconciliation)"
    )


def check(
    con: duckdb.DuckDBPyConnection, schedules: Iterable[FeeSchedule], added: Iterable[Part]
) -> None:
    """Run the checks over the whole warehouse; raises CheckError with every error found.

    ``added`` are the parts that the published warehouse, which passed them, did not hold.
    Of a schedule of which neither a release nor a file beside releases can be there, none is run.
    """
    held = {name for (name,) in con.execute("SELECT DISTINCT schedule FROM release").fetchall()}
    rules = [("", rule) for rule in load_checks(SHARED_CHECKS)]
    for one in (x for x in schedules if x.name in held or x.companions):
        rules += [(one.name, rule) for rule in checks_of(one)]
    results, findings = [], []
    for schedule, rule in rules:
        for result, of_release in _run(con, schedule, rule):
            results.append(result)
            findings += of_release
    append(con, catalog().tables["check_result"], results)
    append(con, catalog().tables["check_finding"], findings)
    errors = [
        f"{one['check_name']}: {one['first_finding']} ({one['finding_count']:,} found)"
        for one in results
        if one["finding_count"] and one["severity"] == "error"
    ]
    errors += _duplicate_keys(con, added)
    if errors:
        raise CheckError("The new warehouse fails its checks: " + "; ".join(errors))


def _run(
    con: duckdb.DuckDBPyConnection, schedule: str, rule: Check
) -> Iterator[tuple[dict, list[dict]]]:
    """What a check found, release by release: a row of check_result, those of check_finding."""
    found = con.execute(rule.query).fetchall()
    for release_id in sorted({row[0] for row in found}) or [""]:
        findings = sorted(rule.words(row[1]) for row in found if row[0] == release_id)
        named = {"check_name": rule.name, "release_id": release_id}
        result = named | {
            "schedule": schedule,
            "severity": rule.severity,
            "finding_count": len(findings),
            "first_finding": findings[0] if findings else "",
            "meaning": rule.meaning,
        }
        yield result, [named | row for row in listed([("", None, text) for text in findings])]


def _duplicate_keys(con: duckdb.DuckDBPyConnection, added: Iterable[Part]) -> list[str]:
    found = []
    parts = con.execute("SELECT DISTINCT table_name, key_column FROM stage.part").fetchall()
    for table in catalog().public_tables:
        if table.view:
            continue
        key = ", ".join(table.key)
        of_table = [column for name, column in parts if name == table.name]
        for where in _where_new(of_table, table, added):
            rows = con.execute(
                f"SELECT {key} FROM {table.name} {where} GROUP BY ALL HAVING count(*) > 1 LIMIT 1"
            ).fetchall()
            if rows:
                found.append(f"keys_are_unique: {table.name} has {key} = {rows[0]} more than once")
    return found


def _where_new(columns: list[str], table: Table, added: Iterable[Part]) -> Iterable[str]:
    """Conditions that take the new rows of a table, not too many at once; none where all count.

    A key with a release in it is twice in one release or nowhere, so that the releases that the
    published warehouse held, and was checked with, need not be looked at again.
    """
    if len(columns) != 1 or columns[0] not in table.key:
        return [""]
    new = sorted({part.key_value for part in added if table.name in part.queries})
    return [
        f"WHERE {identifier(columns[0])} IN ({', '.join(map(quoted, some))})"
        for some in batches(new, KEYS_AT_ONCE)
    ]
