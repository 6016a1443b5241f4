"""The new warehouse held against its own rules and against CMS's amounts beside the releases."""

import re
from pathlib import Path

import duckdb

from pipeline.errors import CheckError
from pipeline.release.check import listed
from pipeline.release.contents import Companion
from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.identify import schedule
from pipeline.schedules.pfs.reconcile import (
    Reconciled,
    reconcile_anesthesia_factor,
    reconcile_pfrev,
)
from pipeline.store import database
from pipeline.store.parts import append
from pipeline.store.sql import load_checks
from schemas.derive import quoted

# PFREV4.txt is the payment file of the fourth quarter; a PFALL file is that of January.
PFREV_QUARTER = re.compile(r"PFREV([1-4])", re.IGNORECASE)


def remove_former_results(con: duckdb.DuckDBPyConnection) -> None:
    """Checks over the whole warehouse and comparisons with companions are made anew."""
    names = ", ".join(quoted(one.name) for one in load_checks(tables.WAREHOUSE_CHECKS))
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


def reconcile_companions(con: duckdb.DuckDBPyConnection, companions: list[Companion]) -> None:
    """Compare CMS's payment files and workbooks with the releases that they belong to."""
    for companion in companions:
        if companion.is_unread:
            continue
        path = companion.artefact.table_path(companion.kind)
        source, repeated = companion.source_file
        if companion.kind == "pfrev":
            _insert(con, _best_pfrev(con, _rows(path), source), repeated)
        elif companion.kind == "anesthesia_factor":
            _insert(con, _best_anesthesia(con, _rows(path), source), repeated)


def _rows(path: Path) -> str:
    return f"FROM {database.parquet([path])}"


def _best_pfrev(con: duckdb.DuckDBPyConnection, rows: str, source: str) -> Reconciled | None:
    """A payment file does not say which release or class it is of: its quarter and the class
    with the most equal amounts decide."""
    year = database.value_of(con, f"SELECT any_value(calendar_year) FROM ({rows})")
    quarter = PFREV_QUARTER.search(source.rpartition("/")[2])
    month = 3 * int(quarter[1]) - 2 if quarter else 1
    found = con.sql(
        "SELECT DISTINCT release_id, conversion_factor_class FROM release "
        "JOIN payment_national USING (release_id) "
        f"WHERE is_current AND calendar_year = {year} AND month(effective_from) = {month} "
        "ORDER BY ALL"
    ).fetchall()
    compared = [
        reconcile_pfrev(con, release_id, factor_class, rows, source, year)
        for release_id, factor_class in found
    ]
    return max(filter(None, compared), key=lambda one: one.summary["matched_count"], default=None)


def _best_anesthesia(con: duckdb.DuckDBPyConnection, rows: str, source: str) -> Reconciled | None:
    """CMS revises the workbook within a year: the release with the most equal factors counts."""
    releases = con.sql(
        "SELECT release_id FROM release WHERE is_current ORDER BY effective_from"
    ).fetchall()
    compared = [reconcile_anesthesia_factor(con, row[0], rows, source) for row in releases]
    return max(filter(None, compared), key=lambda one: one.summary["matched_count"], default=None)


def _insert(con: duckdb.DuckDBPyConnection, reconciled: Reconciled | None, repeated: int) -> None:
    if reconciled is None:
        return
    declared = schedule().tables
    if repeated:
        words = f"{repeated:,} records stand twice in the file and are compared once."
        reconciled.summary["message"] = f"{reconciled.summary['message']} {words}".strip()
    append(con, declared["reconciliation"], [reconciled.summary])
    append(con, declared["reconciliation_difference"], reconciled.differences)


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Run the checks over the whole warehouse; raises CheckError with every error found."""
    errors = []
    for one in load_checks(tables.WAREHOUSE_CHECKS):
        found = con.sql(one.query).fetchall()
        for release_id in sorted({row[0] for row in found}) or [""]:
            findings = sorted(row[1] for row in found if row[0] == release_id)
            named = {"check_name": one.name, "release_id": release_id}
            result = named | {
                "severity": one.severity,
                "finding_count": len(findings),
                "first_finding": findings[0] if findings else "",
                "meaning": one.meaning,
            }
            rows = listed([("", None, text) for text in findings])
            append(con, schedule().tables["check_result"], [result])
            append(con, schedule().tables["check_finding"], [named | row for row in rows])
            if findings and one.severity == "error":
                errors.append(f"{one.name}: {findings[0]} ({len(findings):,} found)")
    errors += _duplicate_keys(con)
    if errors:
        raise CheckError("The new warehouse fails its checks: " + "; ".join(errors))


def _duplicate_keys(con: duckdb.DuckDBPyConnection) -> list[str]:
    found = []
    for table in schedule().public_tables:
        if table.view:
            continue
        key = ", ".join(table.key)
        rows = con.sql(
            f"SELECT {key} FROM {table.name} GROUP BY ALL HAVING count(*) > 1"
        ).fetchall()
        if rows:
            found.append(f"keys_are_unique: {table.name} has {key} = {rows[0]} more than once")
    return found
