"""Assemble a new warehouse from artefacts, check it, and compare it with CMS's amounts."""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline import assemble as machinery
from pipeline import database
from pipeline.artefact import Artefact
from pipeline.assemble import Part
from pipeline.bundle import hash_of_parts
from pipeline.errors import CheckError, refuse
from pipeline.fingerprint import definitions_in, definitions_of, hash_of_code
from pipeline.pfs import release_model, release_read, tables
from pipeline.pfs.change import HERE as CHANGE
from pipeline.pfs.change import code_history_query, payment_locality_change_query
from pipeline.pfs.companion import PUBLIC_TABLES
from pipeline.pfs.curated import ANNOTATIONS, CURATED, RULES, fill_rules, hold_against_releases
from pipeline.pfs.history import Posting
from pipeline.pfs.identify import schedule
from pipeline.pfs.macro import HERE as MACRO
from pipeline.pfs.macro import MACROS, macro_sql
from pipeline.pfs.reconcile import Reconciled, reconcile_anesthesia_factor, reconcile_pfrev
from pipeline.pfs.release_model import RELEASE_TABLES
from pipeline.pfs.sentences import english_query
from pipeline.sql import compose, load_checks
from schemas.definitions import Table, view_of
from schemas.derive import comment_sql, quoted

VIEWS = tables.HERE / "view"

FROM_REFERENCE = (
    "conversion_factor", "code_section", "indicator_value", "price_status", "pricing_rule", "place_of_service",
    "modifier_effect", "multiple_procedure_factor", "sentence",
)  # fmt: skip

# What a posting in force has in main, and one that was superseded in schema superseded.
OF_A_POSTING = (*RELEASE_TABLES, "quarantine", "check_result", "reconciliation", "reconciliation_difference")  # fmt: skip

# PFREV4.txt is the payment file of the fourth quarter; a PFALL file is that of January.
PFREV_QUARTER = re.compile(r"PFREV([1-4])", re.IGNORECASE)


@dataclass
class Companion:
    """A companion's artefact with its kind."""

    kind: str
    artefact: Artefact


@dataclass
class Contents:
    """Everything that a warehouse is assembled from; ``changes`` by the later release."""

    postings: list[Posting]
    periods: list[dict]
    changes: dict[str, Artefact]
    companions: list[Companion]

    @property
    def artefacts(self) -> list[Artefact]:
        """All artefacts."""
        of_postings = [x for posting in self.postings for x in (posting.read, posting.model)]
        return [*of_postings, *self.changes.values(), *(one.artefact for one in self.companions)]


def definitions() -> str:
    """A hash of all that the warehouse depends on, besides its artefacts."""
    curated = [schedule().reference_file(name) for name in (*tables.REFERENCE, *RULES)]
    curated += sorted(ANNOTATIONS.rglob("*.yaml"))
    folders = (
        VIEWS,
        MACRO,
        CURATED,
        tables.MODEL,
        CHANGE,
        tables.WAREHOUSE_CHECKS,
        tables.HERE / "reconcile",
    )
    parts = definitions_in(*folders, *curated) | definitions_of(_all_tables())
    return hash_of_parts(
        [hash_of_code(), *(f"{name} {known}" for name, known in sorted(parts.items()))]
    )


def _all_tables() -> list[Table]:
    """The tables of main and superseded, views left out."""
    posting_id = schedule().columns["posting_id"]
    declared = schedule().tables
    return [table for table in schedule().public_tables if not table.view] + [
        declared[name].superseded(posting_id) for name in OF_A_POSTING
    ]


def assemble(
    new: Path, published: Path, is_trusted: bool, contents: Contents, build: dict, threads: int
) -> duckdb.DuckDBPyConnection:
    """Write a new database file at ``new`` and return a connection that uses it.

    It begins as a copy of the ``published`` one where that ``is_trusted`` and of the same
    definitions. ``build`` is the row of table ``build``. Raises CheckError where a check finds
    an error.
    """
    con = machinery.open_new(new, published, is_trusted, definitions(), _all_tables(), threads)
    declared = schedule().tables
    if machinery.is_empty(con):
        for name in FROM_REFERENCE:
            machinery.fill(con, declared[name], tables.reference_query(name))
        fill_rules(con)
        _create_views(con)
        _comment(con)
    machinery.bring_in(con, _parts(contents))
    for name, rows in (
        ("build", [build]),
        ("release", [posting.row for posting in contents.postings]),
        ("release_period", contents.periods),
    ):
        con.execute(f"DELETE FROM {name}")
        _append(con, name, rows)
    hold_against_releases(con)
    _refuse_repeated_companion(con)
    _remove_former_comparisons(con)
    con.execute("COMMIT")
    _reconcile_companions(con, contents.companions)
    _check(con)
    return con


def _parts(contents: Contents) -> list[Part]:
    parts = [part for posting in contents.postings for part in _parts_of(posting)]
    for release_id, artefact in contents.changes.items():
        query = f"FROM {database.parquet([artefact.table_path('rvu_change')])}"
        parts.append(Part(artefact.key, "release_id", release_id, {"rvu_change": query}))
    for one in contents.companions:
        source, _ = _source_file(one)
        names = {name: name for name in ("source_file", "quarantine")}
        if one.kind in PUBLIC_TABLES:
            names[PUBLIC_TABLES[one.kind]] = one.kind
        queries = {
            table: f"FROM {database.parquet([one.artefact.table_path(name)])}"
            for table, name in names.items()
        }
        parts.append(Part(one.artefact.key, "source_file", source, queries))
    return parts


def _parts_of(posting: Posting) -> list[Part]:
    """The rows of a posting: where it is in force in main, else in superseded under its id."""
    read, model = posting.read, posting.model
    named = f"SELECT * REPLACE ({quoted(posting.posting_id)} AS posting_id)"
    files = f"{named} FROM {database.parquet([read.table_path('source_file')])}"
    key = hash_of_parts([read.key, model.key, posting.posting_id])
    part = Part(f"{key} files", "posting_id", posting.posting_id, {"source_file": files})
    queries = {}
    for name in OF_A_POSTING:
        both = ((read, release_read.REPORTS), (model, (*RELEASE_TABLES, *release_model.REPORTS)))
        paths = [artefact.table_path(name) for artefact, names in both if name in names]
        queries[name] = f"FROM {database.parquet(paths)}"
    if posting.is_current:
        return [part, Part(f"{key} main", "release_id", posting.release_id, queries)]
    named = f"SELECT {quoted(posting.posting_id)} AS posting_id, *"
    queries = {f"superseded.{name}": f"{named} {query}" for name, query in queries.items()}
    return [part, Part(f"{key} superseded", "posting_id", posting.posting_id, queries)]


def _refuse_repeated_companion(con: duckdb.DuckDBPyConnection) -> None:
    """Two files of one quarter or year would give every key twice."""
    for name in PUBLIC_TABLES.values():
        key = ", ".join(schedule().tables[name].key)
        repeated = con.sql(
            f"SELECT min(source_file), max(source_file) FROM {name} GROUP BY {key} "
            "HAVING count(*) > 1 LIMIT 1"
        ).fetchall()
        if repeated:
            one, another = repeated[0]
            message = f"{another} is for the same period"
            advice = f"Keep the file that is wanted, or leave the other out: --skip {another}"
            raise refuse(one, "period", message, advice=advice)


def _remove_former_comparisons(con: duckdb.DuckDBPyConnection) -> None:
    """Checks over the whole warehouse and comparisons with companions are made anew."""
    names = ", ".join(quoted(check.name) for check in load_checks(tables.WAREHOUSE_CHECKS))
    con.execute(f"DELETE FROM check_result WHERE check_name IN ({names})")
    con.execute(
        "DELETE FROM reconciliation WHERE source_file NOT IN "
        "(SELECT source_file FROM source_file WHERE release_id <> '')"
    )
    con.execute(
        "DELETE FROM reconciliation_difference WHERE (release_id, comparison) NOT IN "
        "(SELECT (release_id, comparison) FROM reconciliation)"
    )


def _create_views(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"CREATE VIEW payment_locality AS {tables.payment_locality_query()}")
    con.execute(f"CREATE VIEW payment_locality_change AS {payment_locality_change_query()}")
    con.execute(f"CREATE VIEW code_history AS {code_history_query()}")
    con.execute(f"CREATE VIEW code_sentence AS {english_query()}")
    con.execute(f"CREATE VIEW superseded.payment_locality AS {_superseded_payment_locality()}")
    for path in sorted(VIEWS.glob("*.sql")):
        con.execute(f"CREATE VIEW {path.stem} AS {compose(path)}")
    for name in MACROS:
        con.execute(macro_sql(name))


def _superseded_payment_locality() -> str:
    """The same SELECT over the superseded tables, where a posting stands for its release."""
    parts = ", ".join(
        f"{name} AS (SELECT * EXCLUDE (posting_id) REPLACE (posting_id AS release_id) "
        f"FROM superseded.{name})"
        for name in ("rvu", "payment_national", "locality")
    )
    return (
        f"WITH {parts} SELECT release_id AS posting_id, "
        "* REPLACE (split_part(release_id, '@', 1) AS release_id) "
        f"FROM (\n{tables.payment_locality_query()}\n)"
    )


def _comment(con: duckdb.DuckDBPyConnection) -> None:
    declared = schedule().tables
    posting_id = schedule().columns["posting_id"]
    statements = [x for table in schedule().public_tables for x in comment_sql(table)]
    for name in (*OF_A_POSTING, "payment_locality"):
        table = declared[name].superseded(posting_id)
        statements += comment_sql(table, f"{table.meaning} Postings that CMS replaced.")
    for path in sorted(VIEWS.glob("*.sql")):
        view = view_of(schedule(), path)
        statements += comment_sql(view, view.meaning)
    con.execute(";\n".join(statements))


def _reconcile_companions(con: duckdb.DuckDBPyConnection, companions: list[Companion]) -> None:
    for companion in companions:
        path = companion.artefact.table_path(companion.kind)
        source, repeated = _source_file(companion)
        if companion.kind == "pfrev":
            _insert(con, _best_pfrev(con, _rows(path), source), repeated)
        elif companion.kind == "anesthesia_factor":
            _insert(con, _best_anesthesia(con, _rows(path), source), repeated)


def _rows(path: Path) -> str:
    return f"FROM {database.parquet([path])}"


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
