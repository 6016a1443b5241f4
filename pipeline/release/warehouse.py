"""Assemble a new warehouse from artefacts, check it, and compare it with CMS's amounts."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from pipeline.command import skip_option
from pipeline.companions.kind import CompanionKind
from pipeline.errors import refuse
from pipeline.read.bundle import hash_of_parts
from pipeline.release.across import made_from as across_made_from
from pipeline.release.across import reconcile_schedules
from pipeline.release.fee import create_fee
from pipeline.release.fee import made_from as fee_made_from
from pipeline.release.history import HERE as HISTORY
from pipeline.release.place import create_place
from pipeline.release.place import made_from as place_made_from
from pipeline.release.schedule import FeeSchedule
from pipeline.release.warehouse_check import (
    CHECKS_OF_EACH,
    SHARED_CHECKS,
    check,
    remove_former_results,
)
from pipeline.release.warehouse_inputs import WarehouseInputs
from pipeline.release.warehouse_parts import REPORTS, parts_of
from pipeline.store import parts
from pipeline.store.fingerprint import definitions_in, definitions_of, hash_of_code
from pipeline.store.kept import keep_file, kept_file
from pipeline.store.sql import compose_with
from schemas.definitions import Table, catalog
from schemas.derive import comment_sql
from schemas.views import views_of


def definitions(schedules: Iterable[FeeSchedule]) -> str:
    """A hash of all that the warehouse depends on, besides its artefacts."""
    files = [
        path
        for one in schedules
        for path in (*one.whole.made_from(), *_view_files(one), one.warehouse_checks)
    ]
    files += [*place_made_from(schedules), *fee_made_from(schedules), *across_made_from(schedules)]
    files += [SHARED_CHECKS, CHECKS_OF_EACH, HISTORY]
    modules = [module for one in schedules for module in one.whole.modules]
    known = definitions_in(*files) | definitions_of(_all_tables(schedules))
    code = hash_of_code("pipeline.release.warehouse", *modules)
    return hash_of_parts([code, *(f"{name} {one}" for name, one in sorted(known.items()))])


def _view_files(schedule: FeeSchedule) -> list[Path]:
    return [view.path for view in views_of(schedule.name)]


def _all_tables(schedules: Iterable[FeeSchedule]) -> list[Table]:
    """The tables of main and superseded, views left out."""
    tables, posting_id = catalog().tables, catalog().columns["posting_id"]
    # A table that several schedules fill, as schedule_factor, is there once.
    of_postings = dict.fromkeys(
        (*REPORTS, *(name for one in schedules for name in one.model.table_names))
    )
    return [table for table in catalog().public_tables if not table.view] + [
        tables[name].superseded(posting_id) for name in of_postings
    ]


def open_warehouse(
    new: Path,
    published: Path | None,
    schedules: Iterable[FeeSchedule],
    made_after: str,
    threads: int,
) -> duckdb.DuckDBPyConnection:
    """A connection that uses a new database file at ``new``, which is yet to be filled.

    It is a copy of the ``published`` one, whose bytes are those of then, where that is of the same
    definitions, whose hash is ``made_after``; else it has what is the same in every one of its
    definitions, which is made once and kept.
    """
    name = f"empty-{hash_of_parts([made_after, duckdb.__version__])[:16]}"
    to_copy = _to_copy(published, name)
    con = parts.open_new(new, to_copy, made_after, _all_tables(schedules), threads)
    if not parts.is_made(con):
        make_empty(con, schedules, made_after)
        con.execute("COMMIT")
        con.execute("CHECKPOINT warehouse")
        keep_file(new, name)
        con.execute("BEGIN")
    return con


def _to_copy(published: Path | None, name: str) -> Iterator[Path]:
    """The databases that a new one may begin as a copy of; the second is looked for where the first is no use."""
    if published:
        yield published
    if kept := kept_file(name):
        yield kept


def assemble(
    con: duckdb.DuckDBPyConnection,
    contents: WarehouseInputs,
    schedules: Iterable[FeeSchedule],
    build: dict,
) -> None:
    """Make an open warehouse hold ``contents``, and check it.

    ``build`` is the row of table ``build``. Raises CheckError where a check finds an error.
    """
    tables = catalog().tables
    added = parts.bring_in(con, parts_of(contents, {one.name: one for one in schedules}))
    for name, rows in (
        ("build", [build]),
        ("release", [posting.row for posting in contents.postings]),
        ("release_period", contents.periods),
    ):
        con.execute(f"DELETE FROM {name}")
        parts.append(con, tables[name], rows)
    for one in schedules:
        one.whole.hold(con)
    _refuse_repeated_companion(con, [one.declared for one in contents.companions])
    remove_former_results(con, schedules)
    con.execute("COMMIT")
    for one in schedules:
        one.whole.reconcile(con, contents.companions)
    reconcile_schedules(con, schedules)
    check(con, schedules, added)


def make_empty(
    con: duckdb.DuckDBPyConnection, schedules: Iterable[FeeSchedule], made_after: str
) -> None:
    """Give a new database what is the same in every one of its definitions: whatever is curated,
    its views and macros, and its comments."""
    for one in schedules:
        for name, query in one.whole.curated.items():
            parts.fill(con, catalog().tables[name], query())
        one.whole.fill(con)
        one.whole.views(con)
        _create_views(con, one)
        one.whole.macros(con)
    create_place(con, schedules)
    create_fee(con, schedules)
    _comment(con, schedules)
    parts.note_made(con, made_after)


def _refuse_repeated_companion(
    con: duckdb.DuckDBPyConnection, kinds: Iterable[CompanionKind]
) -> None:
    """Two files of one quarter or year would give every key twice."""
    for name in sorted({kind.table for kind in kinds} - {""}):
        key = ", ".join(catalog().tables[name].key)
        repeated = con.execute(
            f"SELECT min(source_file), max(source_file) FROM {name} GROUP BY {key} "
            "HAVING count(*) > 1 LIMIT 1"
        ).fetchall()
        if repeated:
            one, another = repeated[0]
            message = f"{another} is for the same period"
            advice = f"Keep the file that is wanted, or leave the other out: {skip_option(another)}"
            raise refuse(one, "period", message, advice=advice)


def _create_views(con: duckdb.DuckDBPyConnection, schedule: FeeSchedule) -> None:
    """The views of a schedule that are a file each, or made from a template."""
    for view in views_of(schedule.name):
        con.execute(f"CREATE VIEW {view.name} AS {compose_with(view.path, view.words)}")


def _comment(con: duckdb.DuckDBPyConnection, schedules: Iterable[FeeSchedule]) -> None:
    posting_id = catalog().columns["posting_id"]
    statements = [x for table in catalog().public_tables for x in comment_sql(table)]
    of_postings = [name for one in schedules for name in one.model.exported_names]
    for name in (*REPORTS, *of_postings):
        table = catalog().tables[name].superseded(posting_id)
        statements += comment_sql(table, f"{table.meaning} Postings that CMS replaced.")
    for one in schedules:
        for view in views_of(one.name):
            statements += comment_sql(view.table, view.table.meaning)
    con.execute(";\n".join(statements))
