"""Assemble a new warehouse from artefacts, check it, and compare it with CMS's amounts."""

import glob
import re
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipeline import database
from pipeline.artefact import Artefact
from pipeline.errors import CheckError, refuse
from pipeline.pfs import tables
from pipeline.pfs.companion import PUBLIC_TABLES
from pipeline.pfs.identify import schedule
from pipeline.pfs.reconcile import Reconciled, reconcile_anesthesia_factor, reconcile_pfrev
from pipeline.pfs.sentences import english_query
from pipeline.sql import compose, load_checks
from schemas.definitions import Table
from schemas.derive import comment_sql, quoted

VIEWS = tables.HERE / "view"

FROM_RELEASES = (
    "release", "source_file", "rvu", "locality", "payment_national", "work_rvu_rank", "payment_rank",
    "code_profile", "quarantine", "check_result", "reconciliation", "reconciliation_difference",
)  # fmt: skip
FROM_REFERENCE = (
    "conversion_factor",
    "code_section",
    "indicator_value",
    "price_status",
    "sentence",
)

# PFREV4.txt is the payment file of the fourth quarter; a PFALL file is that of January.
PFREV_QUARTER = re.compile(r"PFREV([1-4])", re.IGNORECASE)


@dataclass
class Companion:
    """A companion's artefact with its kind."""

    kind: str
    artefact: Artefact


def assemble(
    path: Path, releases: list[Artefact], companions: list[Companion], build: dict, threads: int
) -> duckdb.DuckDBPyConnection:
    """Write a new database file at ``path`` and return a connection that uses it.

    ``build`` is the row of table ``build``. Raises CheckError where a check finds an error.
    """
    con = database.connect(threads)
    con.execute(
        f"ATTACH {quoted(str(path))} AS warehouse (STORAGE_VERSION '{database.STORAGE_VERSION}')"
    )
    con.execute("USE warehouse")
    con.execute("BEGIN")
    declared = schedule().tables
    database.insert_rows(con, declared["build"], [build])
    for name in FROM_RELEASES:
        parts = [artefact.table_path(name) for artefact in releases]
        if name in ("source_file", "quarantine"):
            parts += [companion.artefact.table_path(name) for companion in companions]
        # Each artefact is sorted, and they come in the order of their releases.
        is_sorted = declared[name].per_release
        database.insert_query(con, declared[name], _read(parts), is_sorted)
    for kind, name in PUBLIC_TABLES.items():
        parts = [one.artefact.table_path(kind) for one in companions if one.kind == kind]
        if parts:
            database.insert_query(con, declared[name], _read(parts))
            _refuse_repeated_companion(con, declared[name])
        else:
            database.create(con, declared[name])
    for name in FROM_REFERENCE:
        database.insert_query(con, declared[name], tables.reference_query(name))
    _mark_latest(con)
    database.insert_query(con, declared["code_history"], tables.code_history_query())
    _create_views(con)
    _comment(con)
    con.execute("COMMIT")
    _reconcile_companions(con, companions)
    _check(con)
    return con


def _read(parts: list[Path]) -> str:
    files = ", ".join(quoted(glob.escape(str(part))) for part in parts)
    return f"FROM read_parquet([{files}])"


def _refuse_repeated_companion(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Two files of one quarter or year would give every key twice."""
    key = ", ".join(table.key)
    repeated = con.sql(
        f"SELECT min(source_file), max(source_file) FROM {table.name} GROUP BY {key} "
        "HAVING count(*) > 1 LIMIT 1"
    ).fetchall()
    if repeated:
        one, another = repeated[0]
        message = f"{another} is for the same period"
        advice = f"Keep the file that is wanted, or leave the other out: --skip {another}"
        raise refuse(one, "period", message, advice=advice)


def _mark_latest(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "UPDATE release SET is_latest = true WHERE posting_id = "
        "(SELECT posting_id FROM release ORDER BY effective_from DESC, posting_id DESC LIMIT 1)"
    )


def _create_views(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"CREATE VIEW payment_locality AS {tables.payment_locality_query()}")
    con.execute(
        "CREATE MACRO sentences_of(code) AS TABLE "
        f"SELECT * FROM ({english_query()}) WHERE hcpcs_code = code"
    )
    for path in sorted(VIEWS.glob("*.sql")):
        con.execute(f"CREATE VIEW {path.stem} AS {compose(path)}")


def _comment(con: duckdb.DuckDBPyConnection) -> None:
    statements = [x for table in schedule().public_tables for x in comment_sql(table)]
    for path in sorted(VIEWS.glob("*.sql")):
        of, only = path.read_text("utf-8").splitlines()[:2]
        table = schedule().tables[of.removeprefix("-- of: ")]
        words = f"{table.meaning} {only.removeprefix('-- ')}"
        statements += comment_sql(replace(table, name=path.stem, view=True), words)
    con.execute(";\n".join(statements))


def _reconcile_companions(con: duckdb.DuckDBPyConnection, companions: list[Companion]) -> None:
    for companion in companions:
        path = companion.artefact.table_path(companion.kind)
        source, repeated = _source_file(companion)
        if companion.kind == "pfrev":
            _insert(con, _best_pfrev(con, _read([path]), source), repeated)
        elif companion.kind == "anesthesia_factor":
            _insert(con, _best_anesthesia(con, _read([path]), source), repeated)


def _source_file(companion: Companion) -> tuple[str, int]:
    """The name of a companion's file and how many of its records repeat others."""
    path = companion.artefact.table_path("source_file")
    row = database.read_table(path).row(0, named=True)
    return row["source_file"], row["duplicate_count"]


def _best_pfrev(con: duckdb.DuckDBPyConnection, rows: str, source: str) -> Reconciled | None:
    """A payment file does not say which release or class it is of: its quarter and the class
    with the most equal amounts decide."""
    year = database.value_of(con, f"SELECT any_value(calendar_year) FROM ({rows})")
    quarter = PFREV_QUARTER.search(source.rpartition("/")[2])
    month = 3 * int(quarter[1]) - 2 if quarter else 1
    found = con.sql(
        "SELECT DISTINCT release_id, conversion_factor_class FROM release "
        "JOIN payment_national USING (release_id) "
        f"WHERE calendar_year = {year} AND month(effective_from) = {month} ORDER BY ALL"
    ).fetchall()
    compared = [
        reconcile_pfrev(con, release_id, factor_class, rows, source, year)
        for release_id, factor_class in found
    ]
    return max(filter(None, compared), key=lambda one: one.summary["matched_count"], default=None)


def _best_anesthesia(con: duckdb.DuckDBPyConnection, rows: str, source: str) -> Reconciled | None:
    """CMS revises the workbook within a year: the release with the most equal factors counts."""
    releases = con.sql("SELECT release_id FROM release ORDER BY effective_from").fetchall()
    compared = [reconcile_anesthesia_factor(con, row[0], rows, source) for row in releases]
    return max(filter(None, compared), key=lambda one: one.summary["matched_count"], default=None)


def _insert(con: duckdb.DuckDBPyConnection, reconciled: Reconciled | None, repeated: int) -> None:
    if reconciled is None:
        return
    if repeated:
        words = f"{repeated:,} records stand twice in the file and are compared once."
        reconciled.summary["message"] = f"{reconciled.summary['message']} {words}".strip()
    _append(con, "reconciliation", [reconciled.summary])
    _append(con, "reconciliation_difference", reconciled.differences)


def _append(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict]) -> None:
    names = schedule().tables[table].column_names
    marks = ", ".join("?" * len(names))
    for row in rows:
        con.execute(f"INSERT INTO {table} VALUES ({marks})", [row[name] for name in names])


def _check(con: duckdb.DuckDBPyConnection) -> None:
    """Run the checks over the whole warehouse; raises CheckError with every error found."""
    errors = []
    for check in load_checks(tables.WAREHOUSE_CHECKS):
        found = con.sql(check.query).fetchall()
        for release_id in sorted({row[0] for row in found}) or [""]:
            findings = sorted(row[1] for row in found if row[0] == release_id)
            result = {
                "check_name": check.name,
                "release_id": release_id,
                "severity": check.severity,
                "finding_count": len(findings),
                "first_finding": findings[0] if findings else "",
                "meaning": check.meaning,
            }
            _append(con, "check_result", [result])
            if findings and check.severity == "error":
                errors.append(f"{check.name}: {findings[0]} ({len(findings):,} found)")
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
