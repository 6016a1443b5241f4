"""The new warehouse held against its own rules and against CMS's amounts beside the releases."""

import duckdb

from pipeline.errors import CheckError
from pipeline.release.check import listed
from pipeline.release.contents import Companion
from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.identify import schedule
from pipeline.schedules.pfs.reconcile import Reconciled
from pipeline.schedules.pfs.reconcile.companion import reconcile_anesthesia_factor, reconcile_pfrev
from pipeline.store import database
from pipeline.store.parts import append
from pipeline.store.sql import load_checks
from schemas.derive import quoted

RECONCILE = {"pfrev": reconcile_pfrev, "anesthesia_factor": reconcile_anesthesia_factor}


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
    compared = [one for one in companions if one.kind in RECONCILE and not one.is_unread]
    names = [_base_name(one) for one in compared]
    for one, name in zip(compared, names, strict=True):
        source, repeated = one.source_file
        comparison = name if names.count(name) == 1 else source
        rows = f"FROM {database.parquet([one.artefact.table_path(one.kind)])}"
        _insert(con, RECONCILE[one.kind](con, rows, comparison, source), repeated)


def _base_name(companion: Companion) -> str:
    return companion.source_file[0].rpartition("/")[2]


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
