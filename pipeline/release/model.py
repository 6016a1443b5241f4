"""The second artefact of a release: its payments, localities and ranks, checked and compared."""

import re
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass

import duckdb

from pipeline.publish.licensed_text import exported_query
from pipeline.release.check import Checked, check_first, check_release
from pipeline.release.files import RELEASE_FILES
from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.identify import schedule
from pipeline.schedules.pfs.identity import effective_period
from pipeline.schedules.pfs.reconcile import HERE as RECONCILE
from pipeline.schedules.pfs.reconcile import Reconciled, reconcile_anes, reconcile_oppscap
from pipeline.store import database
from pipeline.store.fingerprint import definitions_in, definitions_of, hash_of_code
from pipeline.store.shelf import Artefact, Shelf, finish_artefact, link_or_copy

STAGE = "model"

# What payments are computed from, and what follows from the payments.
PAYMENT_TABLES: dict[str, Callable[[], str]] = {
    "rvu": tables.rvu_query,
    "locality": tables.locality_query,
    "payment_national": tables.payment_national_query,
}
RANK_TABLES: dict[str, Callable[[], str]] = {
    "work_rvu_rank": tables.work_rvu_rank_query,
    "payment_rank": tables.payment_rank_query,
    "code_profile": tables.code_profile_query,
}
RELEASE_TABLES = (*PAYMENT_TABLES, *RANK_TABLES)

# "National Anes CF of 20.3178"; from 2026 "Non-Qualifying APM National Anes CF (with ...) of 20.49754"
# and, for another class, "Qualifying APM National ...".
NATIONAL_FACTOR = re.compile(
    r"(?P<before>.*?)\bAnes CF\b(?:\s*\([^)]*\))?\s*of\s+(?P<factor>[0-9]+\.[0-9]+)", re.IGNORECASE
)

# What a model leaves besides its tables.
REPORTS = ("check_result", "check_finding", "reconciliation", "reconciliation_difference")


def definitions(_: dict) -> dict[str, str]:
    """What the model of a release depends on, besides the files that were read."""
    curated = [
        schedule().reference_file(name)
        for name in (*tables.OF_A_RELEASE, "effective_period", "release_letter")
    ]
    names = (*RELEASE_TABLES, "payment_locality", *REPORTS)
    return (
        {"code": hash_of_code()}
        | definitions_in(tables.MODEL, tables.RELEASE_CHECKS, RECONCILE, *curated)
        | definitions_of([schedule().tables[name] for name in names])
    )


@dataclass
class UnfinishedModel:
    """A release whose tables are all written but for the locality amounts, which still are."""

    artefact: Artefact
    con: duckdb.DuckDBPyConnection
    payment_locality: Future[None]

    def finish(self) -> None:
        """Wait for the locality amounts and complete the artefact."""
        self.payment_locality.result()
        self.con.close()
        finish_artefact(self.artefact)

    def give_up(self) -> None:
        """Let what still is being written come to its end.

        It is never interrupted: DuckDB 2.0.0 can lose the wake-up of a COPY that another thread
        interrupts, and the run would wait for ever.
        """
        wait([self.payment_locality])
        self.con.close()


def build_model(read: Artefact, shelf: Shelf, threads: int, side: Executor) -> UnfinishedModel:
    """Compute and check one release from its artefact ``read``, whose stage tables are written.

    Writing the locality amounts, which is most of the work, is left to ``side``. Raises
    RefusedError where a check finds an error in PPRRVU, UnprovenError where in another file.
    """
    artefact = shelf.start(read.name, STAGE, read.content("stage."), definitions(read.facts))
    con = _open_model(read, threads)
    cursor = database.cursor_of(con)
    written = side.submit(_write_payment_locality, cursor, artefact)
    unfinished = UnfinishedModel(artefact, con, written)
    try:
        _insert_tables(con, RANK_TABLES)
        checked = check_release(con, read)
        reconciled = _reconcile(con, read)
        _write_release_tables(con, artefact)
        _write_reports(con, artefact, checked, reconciled)
    except BaseException:
        unfinished.give_up()
        raise
    return unfinished


def _open_model(read: Artefact, threads: int) -> duckdb.DuckDBPyConnection:
    con = database.connect(threads)
    con.execute("CREATE SCHEMA stage")
    tables.load_reference(con)
    for kind in RELEASE_FILES:
        table = schedule().tables[f"stage.{kind}"]
        if kind in read.facts["loaded_files"]:
            # Whatever is made of these tables is sorted then; in them the order means nothing.
            database.insert_query(con, table, _stored(read, kind), is_sorted=True)
        else:
            database.create(con, table)
    _stage_qpp(con, read)
    _stage_row_counts(con, read)
    _stage_unread_files(con, read)
    _stage_remarks(con, read)
    stage_anes_head(con, read)
    _stage_identity(con, read)
    check_first(con, read)
    _insert_tables(con, PAYMENT_TABLES)
    return con


def _stored(read: Artefact, kind: str) -> str:
    return f"FROM {database.parquet([read.table_path(f'stage.{kind}')])}"


def _insert_tables(con: duckdb.DuckDBPyConnection, queries: dict[str, Callable[[], str]]) -> None:
    for name, query in queries.items():
        database.insert_query(con, schedule().tables[name], query())


def _stage_qpp(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    con.execute("CREATE TABLE stage.pprrvu_qpp AS FROM stage.pprrvu LIMIT 0")
    if "pprrvu_qpp" in read.facts["loaded_files"]:
        con.execute(f"INSERT INTO stage.pprrvu_qpp BY NAME {_stored(read, 'pprrvu_qpp')}")


def _stage_row_counts(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    con.execute(
        "CREATE TABLE stage.row_count (file_kind VARCHAR, row_count INTEGER, form_count INTEGER)"
    )
    for kind, rows in read.facts["row_counts"].items():
        forms = read.facts["form_counts"][kind]
        con.execute("INSERT INTO stage.row_count VALUES (?, ?, ?)", [kind, rows, forms])


def _stage_unread_files(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """The files that are left unread, and why."""
    con.execute("CREATE TABLE stage.unread_file (file_kind VARCHAR, file VARCHAR, reason VARCHAR)")
    for row in read.facts["unread_files"]:
        con.execute("INSERT INTO stage.unread_file VALUES (?, ?, ?)", row)


def _stage_remarks(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """What was said of the files when they were read, each under the check that warns of it."""
    con.execute("CREATE TABLE stage.remark (check_name VARCHAR, file_kind VARCHAR, remark VARCHAR)")
    for row in read.facts["remarks"]:
        con.execute("INSERT INTO stage.remark VALUES (?, ?, ?)", row)


def stage_anes_head(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """The national anesthesia factors that the head of ANES states; the fixed form has none."""
    con.execute(
        "CREATE TABLE stage.anes_header (conversion_factor_class VARCHAR, national_factor DECIMAL(9,6))"
    )
    for stated in NATIONAL_FACTOR.finditer(read.facts["anes_head"]):
        row = [_class_of(stated["before"]), stated["factor"]]
        con.execute("INSERT INTO stage.anes_header VALUES (?, ?::VARCHAR::DECIMAL(9,6))", row)


def _class_of(words: str) -> str:
    """The conversion-factor class that words of a head name."""
    if re.search(r"non-?\s?qualifying", words, re.IGNORECASE):
        return "nonqp"
    return "qp" if "qualifying" in words.lower() else "all"


def _stage_identity(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    facts = read.facts
    begins, _ = effective_period(facts["release_id"], facts["calendar_year"])
    con.execute(
        "CREATE TABLE this_release AS SELECT ?::VARCHAR AS release_id, "
        "?::VARCHAR AS posting_id, ?::SMALLINT AS calendar_year, "
        "?::DATE AS effective_from, ?::BOOLEAN AS is_sample, ?::VARCHAR AS pprrvu_file",
        [
            facts["release_id"],
            facts["posting_id"],
            facts["calendar_year"],
            begins,
            facts["is_sample"],
            facts["loaded_files"]["pprrvu"],
        ],
    )
    con.execute(f"CREATE TABLE release_factor AS {tables.release_factor_query()}")


def _write_payment_locality(con: duckdb.DuckDBPyConnection, artefact: Artefact) -> None:
    table = schedule().tables["payment_locality"]
    query = tables.payment_locality_query("sorted_locality_rows")
    path = artefact.export_path(table.name, "parquet")
    artefact.row_counts[table.name] = database.write_parquet(con, table, path, query)


def _reconcile(con: duckdb.DuckDBPyConnection, read: Artefact) -> list[Reconciled]:
    facts = read.facts
    files, release_id = facts["loaded_files"], facts["release_id"]
    reconciled = []
    if {"oppscap", "gpci"} <= files.keys():
        year = facts["calendar_year"]
        reconciled.append(reconcile_oppscap(con, release_id, files["oppscap"], year))
    if {"anes", "gpci"} <= files.keys():
        anes = reconcile_anes(con, release_id, files["anes"])
        reconciled += [anes] if anes else []
    return reconciled


def _write_reports(
    con: duckdb.DuckDBPyConnection,
    artefact: Artefact,
    checked: Checked,
    reconciled: list[Reconciled],
) -> None:
    reports = {
        "check_result": checked.results,
        "check_finding": checked.findings,
        "reconciliation": [one.summary for one in reconciled],
        "reconciliation_difference": [row for one in reconciled for row in one.differences],
    }
    for name in REPORTS:
        table = schedule().tables[name]
        database.insert_rows(con, table, reports[name])
        database.write_parquet(con, table, artefact.table_path(name))


def _write_release_tables(con: duckdb.DuckDBPyConnection, artefact: Artefact) -> None:
    """Write the tables of the release for the warehouse and for export, most of them once."""
    for name in RELEASE_TABLES:
        write_exported(con, artefact, name)


def write_exported(con: duckdb.DuckDBPyConnection, artefact: Artefact, name: str) -> None:
    """Write one table as the warehouse takes it and as it is exported, once where both agree."""
    table = schedule().tables[name]
    stored = database.stored_select(table)
    query = exported_query(table, stored)
    exported = artefact.export_path(name, "parquet")
    rows = database.write_parquet(con, table, exported, query)
    artefact.row_counts[name] = rows
    if query == stored:
        link_or_copy(exported, artefact.table_path(name))
    else:
        database.write_parquet(con, table, artefact.table_path(name), stored)
    artefact.note_table(name)
    database.write_csv(con, query, artefact.export_path(name, "csv"))
    if rows < database.MOST_JSON_ROWS:
        database.write_json(con, query, artefact.export_path(name, "json"))
