"""Assemble a new warehouse from artefacts, check it, and compare it with CMS's amounts."""

from pathlib import Path

import duckdb

from pipeline.errors import refuse
from pipeline.read.bundle import hash_of_parts
from pipeline.release import model as release_model
from pipeline.release import read as release_read
from pipeline.release.companion import PUBLIC_TABLES
from pipeline.release.companion_copies import copies_among
from pipeline.release.contents import Companion, Contents
from pipeline.release.history import Posting
from pipeline.release.model import RELEASE_TABLES
from pipeline.release.warehouse_check import check, reconcile_companions, remove_former_results
from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.change import HERE as CHANGE
from pipeline.schedules.pfs.change import (
    code_history_query,
    payment_locality_change_query,
    rvu_value_change_query,
)
from pipeline.schedules.pfs.guide import (
    ANNOTATIONS,
    CURATED,
    RULES,
    fill_rules,
    hold_against_releases,
)
from pipeline.schedules.pfs.identify import schedule
from pipeline.schedules.pfs.macro import HERE as MACRO
from pipeline.schedules.pfs.macro import MACROS, macro_sql
from pipeline.schedules.pfs.sentences import english_query
from pipeline.store import database
from pipeline.store import parts as machinery
from pipeline.store.fingerprint import definitions_in, definitions_of, hash_of_code
from pipeline.store.parts import Part
from pipeline.store.sql import compose
from schemas.definitions import Table, view_of
from schemas.derive import comment_sql, quoted

VIEWS = tables.HERE / "view"

FROM_REFERENCE = (
    "conversion_factor", "code_section", "indicator_value", "price_status", "pricing_rule", "place_of_service",
    "modifier", "modifier_effect", "multiple_procedure_factor", "global_test_part", "anesthesia_without_time", "sentence",
)  # fmt: skip

# What a posting in force has in main, and one that was superseded in schema superseded.
OF_A_POSTING = (*RELEASE_TABLES, "quarantine", "check_result", "check_finding", "reconciliation", "reconciliation_difference")  # fmt: skip


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
        machinery.append(con, declared[name], rows)
    hold_against_releases(con)
    _refuse_repeated_companion(con)
    remove_former_results(con)
    con.execute("COMMIT")
    reconcile_companions(con, contents.companions)
    check(con)
    return con


def _parts(contents: Contents) -> list[Part]:
    parts = [part for posting in contents.postings for part in _parts_of(posting)]
    for release_id, artefact in contents.changes.items():
        query = f"FROM {database.parquet([artefact.table_path('rvu_change')])}"
        parts.append(Part(artefact.key, "release_id", release_id, {"rvu_change": query}))
    copies = copies_among(contents.companions)
    for one in contents.companions:
        source, _ = one.source_file
        if one.artefact.key in copies:
            parts.append(_part_of_copy(one, source))
            continue
        names = {"source_file": "source_file"}
        if not one.is_unread:
            names["quarantine"] = "quarantine"
            if one.kind in PUBLIC_TABLES:
                names[PUBLIC_TABLES[one.kind]] = one.kind
        queries = {
            table: f"FROM {database.parquet([one.artefact.table_path(name)])}"
            for table, name in names.items()
        }
        parts.append(Part(one.artefact.key, "source_file", source, queries))
    return parts


def _part_of_copy(one: Companion, source: str) -> Part:
    """A file that says what another one says is listed, and not loaded."""
    path = database.parquet([one.artefact.table_path("source_file")])
    listed = {"source_file": f"SELECT * REPLACE (false AS is_loaded) FROM {path}"}
    return Part(f"{one.artefact.key} copy", "source_file", source, listed)


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


def _create_views(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"CREATE VIEW payment_locality AS {tables.payment_locality_query()}")
    con.execute(f"CREATE VIEW payment_locality_change AS {payment_locality_change_query()}")
    con.execute(f"CREATE VIEW rvu_value_change AS {rvu_value_change_query()}")
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
