"""The second artefact of a release: the tables that follow from its files, checked and compared."""

from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass

import duckdb

from pipeline.publish.licensed_text import exported_query
from pipeline.read.sort import file_kinds, release_kinds
from pipeline.release.check import SHARED_CHECKS, Checked, check_first, check_release
from pipeline.release.reconcile import Reconciled
from pipeline.release.schedule import FeeSchedule, Model, Queries
from pipeline.store import database
from pipeline.store.fingerprint import (
    Definitions,
    definitions_in,
    definitions_of,
    definitions_of_queries,
    hash_of_code,
    told_once,
)
from pipeline.store.parts import insert
from pipeline.store.shelf import Artefact, Shelf, finish_artefact, link_or_copy
from schemas.definitions import catalog

STAGE = "model"

# What a model leaves besides its tables.
REPORTS = ("check_result", "check_finding", "reconciliation", "reconciliation_difference")


def definitions_for(schedule: FeeSchedule) -> Definitions:
    """What the model of a release depends on, besides the files that were read."""
    model = schedule.model

    def definitions(_: dict) -> dict[str, str]:
        curated = schedule.reference_files((*model.curated, *schedule.dated_by))
        names = (*model.exported_names, *REPORTS)
        return (
            {"code": hash_of_code("pipeline.release.model", *model.modules)}
            | definitions_in(
                *model.folders, *model.checks, SHARED_CHECKS, schedule.release_checks, *curated
            )
            | definitions_of([schedule.declared.tables[name] for name in names])
            | definitions_of_queries(model.queries)
        )

    return told_once(definitions)


@dataclass
class UnfinishedModel:
    """A release whose tables are all written but for the one that is written aside."""

    artefact: Artefact
    con: duckdb.DuckDBPyConnection
    aside: Future[None]

    def finish(self) -> None:
        """Wait for the table that is written aside and complete the artefact."""
        self.aside.result()
        self.con.close()
        finish_artefact(self.artefact)

    def give_up(self) -> None:
        """Let what still is being written come to its end.

        It is never interrupted: DuckDB 2.0.0 can lose the wake-up of a COPY that another thread
        interrupts, and the run would wait for ever.
        """
        wait([self.aside])
        self.con.close()


def build_model(
    read: Artefact, schedule: FeeSchedule, shelf: Shelf, threads: int, side: Executor
) -> UnfinishedModel:
    """Compute and check one release from its artefact ``read``, whose stage tables are written.

    Writing the largest table, which is most of the work, is left to ``side``. Raises
    RefusedError where a check finds an error in the main file, UnprovenError where in another.
    """
    made_after = definitions_for(schedule)(read.facts)
    artefact = shelf.start(read.name, STAGE, read.content("stage."), made_after)
    con = _open_model(read, schedule, artefact, threads)
    written = side.submit(_write_aside, database.cursor_of(con), schedule, artefact)
    unfinished = UnfinishedModel(artefact, con, written)
    try:
        _compute(con, schedule.model, schedule.model.later, artefact)
        checked = check_release(con, read, schedule.release_checks, *schedule.model.checks)
        reconciled = schedule.model.reconcile(con, read)
        for name in schedule.model.table_names:
            write_exported(con, artefact, name)
        _write_reports(con, artefact, checked, reconciled)
    except BaseException:
        unfinished.give_up()
        raise
    return unfinished


def _open_model(
    read: Artefact, schedule: FeeSchedule, artefact: Artefact, threads: int
) -> duckdb.DuckDBPyConnection:
    model = schedule.model
    con = database.connect(threads)
    con.execute("CREATE SCHEMA stage")
    _stage_files(con, read, schedule)
    _stage_row_counts(con, read)
    _stage_loaded_files(con, read)
    _stage_unread_files(con, read)
    _stage_remarks(con, read)
    _stage_identity(con, read)
    model.stage(con, read)
    if model.first_check:
        check_first(con, read, schedule.release_checks, model.first_check)
    _compute(con, model, model.tables, artefact)
    return con


def _stage_files(con: duckdb.DuckDBPyConnection, read: Artefact, schedule: FeeSchedule) -> None:
    """A table of each kind of file, empty where the release has none."""
    loaded = read.facts["loaded_files"]
    for kind in (file_kinds()[name] for name in release_kinds(schedule.name)):
        table = schedule.declared.tables[f"stage.{kind.plain}"]
        if schedule.model.too_large_for_memory and kind.name in loaded:
            con.execute(f"CREATE VIEW stage.{kind.name} AS {_stored(read, kind.name)}")
        elif kind.of:
            con.execute(f"CREATE TABLE stage.{kind.name} AS FROM {table.name} LIMIT 0")
            if kind.name in loaded:
                con.execute(f"INSERT INTO stage.{kind.name} BY NAME {_stored(read, kind.name)}")
        elif kind.name in loaded:
            # Whatever is made of these tables is sorted then; in them the order means nothing.
            database.insert_query(con, table, _stored(read, kind.name), is_sorted=True)
        else:
            database.create(con, table)


def _stored(read: Artefact, kind: str) -> str:
    return f"FROM {database.parquet([read.table_path(f'stage.{kind}')])}"


def _compute(
    con: duckdb.DuckDBPyConnection, model: Model, queries: Queries, artefact: Artefact
) -> None:
    """A table of each SELECT, or a view of its file where it is too large for memory."""
    for name, query in queries.items():
        table = catalog().tables[name]
        if model.too_large_for_memory:
            path = artefact.table_path(name)
            typed = database.typed_select(table, query())
            artefact.row_counts[name] = database.write_parquet(con, table, path, typed)
            con.execute(f"CREATE VIEW {name} AS FROM {database.parquet([path])}")
        else:
            database.insert_query(con, table, query())


def _stage_row_counts(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    con.execute(
        "CREATE TABLE stage.row_count (file_kind VARCHAR, row_count INTEGER, form_count INTEGER)"
    )
    counts, forms = read.facts["row_counts"], read.facts["form_counts"]
    insert(con, "stage.row_count", [[kind, rows, forms[kind]] for kind, rows in counts.items()])


def _stage_loaded_files(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """The file that was loaded of each kind, and the words above its data."""
    con.execute("CREATE TABLE stage.loaded_file (file_kind VARCHAR, file VARCHAR, head VARCHAR)")
    loaded, heads = read.facts["loaded_files"], read.facts["heads"]
    rows = [[kind, file, heads[kind]] for kind, file in loaded.items()]
    insert(con, "stage.loaded_file", rows)


def _stage_unread_files(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """The files that are left unread, and why."""
    con.execute("CREATE TABLE stage.unread_file (file_kind VARCHAR, file VARCHAR, reason VARCHAR)")
    insert(con, "stage.unread_file", read.facts["unread_files"])


def _stage_remarks(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """What was said of the files when they were read, each under the check that warns of it."""
    con.execute("CREATE TABLE stage.remark (check_name VARCHAR, file_kind VARCHAR, remark VARCHAR)")
    insert(con, "stage.remark", read.facts["remarks"])


def _stage_identity(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """One row on the release itself."""
    facts = read.facts
    con.execute(
        "CREATE TABLE this_release AS SELECT ?::VARCHAR AS release_id, "
        "?::VARCHAR AS posting_id, ?::SMALLINT AS calendar_year, "
        "?::DATE AS effective_from, ?::BOOLEAN AS is_sample, ?::VARCHAR AS main_file, "
        "?::VARCHAR AS series",
        [
            facts["release_id"],
            facts["posting_id"],
            facts["calendar_year"],
            facts["period"][0],
            facts["is_sample"],
            facts["loaded_files"][facts["main_kind"]],
            facts["series"],
        ],
    )


def _write_aside(con: duckdb.DuckDBPyConnection, schedule: FeeSchedule, artefact: Artefact) -> None:
    """Write the table that is only exported, where the schedule has one."""
    aside = schedule.model.aside
    if aside is None:
        return
    for column, of in aside.words.items():
        database.create_word_type(con, column, of)
    table, path = catalog().tables[aside.table], artefact.export_path(aside.table, "parquet")
    artefact.row_counts[aside.table] = database.write_parquet(
        con, table, path, aside.query(), database.MOST_DISTINCT_AMOUNTS
    )


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
        table = catalog().tables[name]
        database.insert_rows(con, table, reports[name])
        database.write_parquet(con, table, artefact.table_path(name))


def write_exported(con: duckdb.DuckDBPyConnection, artefact: Artefact, name: str) -> None:
    """Write one table as the warehouse takes it and as it is exported, once where both agree."""
    table = catalog().tables[name]
    stored = database.stored_select(table)
    query = exported_query(table, stored)
    exported = artefact.export_path(name, "parquet")
    if name not in artefact.row_counts:
        path = artefact.table_path(name)
        artefact.row_counts[name] = database.write_parquet(con, table, path, stored)
    rows = artefact.row_counts[name]
    if query == stored:
        link_or_copy(artefact.table_path(name), exported)
    else:
        database.write_parquet(con, table, exported, query)
    artefact.note_table(name)
    if rows < database.MOST_CSV_ROWS:
        database.write_csv(con, query, artefact.export_path(name, "csv"))
    if rows < database.MOST_JSON_ROWS:
        database.write_json(con, query, artefact.export_path(name, "json"))
