"""One release from its frames to its tables, as an artefact that is never computed twice."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline import database
from pipeline.artefact import Artefact, finish_artefact, link_or_copy
from pipeline.errors import Finding, RefusedError
from pipeline.pfs import tables
from pipeline.pfs.identify import SortedBundle, schedule
from pipeline.pfs.reconcile import Reconciled, reconcile_anes, reconcile_oppscap, summarise
from pipeline.pfs.release import (
    RELEASE_FILES,
    Release,
    compare_forms_of,
    open_release,
    read_loaded_forms,
    read_other_forms,
    validate_release,
)
from pipeline.pfs.source_files import quarantine_rows, source_file_row
from pipeline.pfs.withheld import exported_query
from pipeline.sql import load_checks

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


@dataclass
class UnfinishedArtefact:
    """A release whose tables are all written but for the locality amounts, which still are."""

    artefact: Artefact
    con: duckdb.DuckDBPyConnection
    payment_locality: Future[None]

    def finish(self) -> None:
        """Wait for the locality amounts and complete the artefact."""
        self.payment_locality.result()
        self.con.close()
        finish_artefact(self.artefact, schedule())


def build_release(
    found: SortedBundle, folder: Path, key: str, threads: int, side: Executor
) -> UnfinishedArtefact:
    """Read, validate, compute and check one release; write its tables below ``folder``.

    Two things are left to ``side`` while this goes on: writing the locality amounts, which is
    most of the work, and reading the other forms of the files. Raises RefusedError.
    """
    release = open_release(found)
    others_read = side.submit(read_other_forms, release)
    read_loaded_forms(release)
    validate_release(release)
    con = _open_model(release, threads)
    artefact = Artefact(release.identity.release_id, key, folder)
    cursor = con.cursor()
    payment_locality = side.submit(_write_payment_locality, cursor, artefact)
    try:
        _insert_tables(con, RANK_TABLES)
        check_rows = _check(con, release)
        reconciled = _reconcile(con, release)
        _write_release_tables(con, artefact)
        others_read.result()
        compare_forms_of(release)
    except BaseException:
        cursor.interrupt()
        wait([payment_locality, others_read])
        con.close()
        raise
    reconciled += [_form_comparison(comparison, release) for comparison in release.comparisons]
    _write_reports(con, artefact, release, check_rows, reconciled)
    return UnfinishedArtefact(artefact, con, payment_locality)


def _open_model(release: Release, threads: int) -> duckdb.DuckDBPyConnection:
    con = database.connect(threads)
    con.execute("CREATE SCHEMA stage")
    tables.load_reference(con)
    declared = schedule().tables
    for kind in RELEASE_FILES:
        frame, table = release.frame(kind), declared[f"stage.{kind}"]
        if frame is None:
            database.create(con, table)
        else:
            # Whatever is made of these tables is sorted then; in them the order means nothing.
            database.insert_frame(con, table, frame, is_sorted=True)
    _stage_qpp(con, release)
    _stage_row_counts(con, release)
    _stage_identity(con, release)
    _refuse_several_factors(con, release)
    _insert_tables(con, PAYMENT_TABLES)
    return con


def _insert_tables(con: duckdb.DuckDBPyConnection, queries: dict[str, Callable[[], str]]) -> None:
    for name, query in queries.items():
        database.insert_query(con, schedule().tables[name], query())


def _stage_qpp(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    con.execute("CREATE TABLE stage.pprrvu_qpp AS FROM stage.pprrvu LIMIT 0")
    frame = release.frame("pprrvu_qpp")
    if frame is not None:
        con.register("incoming_frame", frame)
        con.execute("INSERT INTO stage.pprrvu_qpp BY NAME FROM incoming_frame")
        con.unregister("incoming_frame")


def _stage_row_counts(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    """How many rows each file has, those that were set aside among them."""
    con.execute("CREATE TABLE stage.row_count (file_kind VARCHAR, row_count INTEGER)")
    for kind, file in release.files.items():
        con.execute("INSERT INTO stage.row_count VALUES (?, ?)", [kind, len(file.loaded.frame)])


def _stage_identity(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    identity = release.identity
    con.execute(
        "CREATE TABLE this_release AS SELECT ?::VARCHAR AS release_id, "
        "?::VARCHAR AS posting_id, ?::SMALLINT AS calendar_year, "
        "?::DATE AS effective_from, ?::BOOLEAN AS is_sample, ?::VARCHAR AS pprrvu_file",
        [
            identity.release_id,
            identity.posting_id,
            identity.calendar_year,
            identity.effective_from,
            identity.is_sample,
            release.files["pprrvu"].loaded.file,
        ],
    )
    con.execute(f"CREATE TABLE release_factor AS {tables.release_factor_query()}")


def _refuse_several_factors(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Nothing may be computed from a file with two factors, so this check comes first."""
    for check in load_checks(tables.RELEASE_CHECKS):
        if check.name == "one_conversion_factor":
            _raise_for(check.name, check.severity, con.sql(check.query).fetchall(), release)


def _check(con: duckdb.DuckDBPyConnection, release: Release) -> list[dict]:
    """Run every check of a release; an error refuses it, a warning is kept."""
    rows = []
    for check in load_checks(tables.RELEASE_CHECKS):
        found = sorted(con.sql(check.query).fetchall(), key=lambda row: (row[1] or 0, row[2]))
        _raise_for(check.name, check.severity, found, release)
        rows.append(
            {
                "check_name": check.name,
                "release_id": release.identity.release_id,
                "severity": check.severity,
                "finding_count": len(found),
                "first_finding": found[0][2] if found else "",
                "meaning": check.meaning,
            }
        )
    return rows


def _raise_for(name: str, severity: str, found: list[tuple], release: Release) -> None:
    if found and severity == "error":
        file = release.files.get(found[0][0], release.files["pprrvu"]).loaded.file
        raise RefusedError(file, [Finding(name, text, line) for _, line, text in found])


def _write_payment_locality(con: duckdb.DuckDBPyConnection, artefact: Artefact) -> None:
    table = schedule().tables["payment_locality"]
    query = tables.payment_locality_query("sorted_locality_rows")
    path = artefact.export_path(table.name, "parquet")
    artefact.row_counts[table.name] = database.write_parquet(con, table, path, query)


def _reconcile(con: duckdb.DuckDBPyConnection, release: Release) -> list[Reconciled]:
    identity = release.identity
    reconciled = []
    if {"oppscap", "gpci"} <= release.files.keys():
        source = release.files["oppscap"].loaded.file
        reconciled.append(
            reconcile_oppscap(con, identity.release_id, source, identity.calendar_year)
        )
    if {"anes", "gpci"} <= release.files.keys():
        source = release.files["anes"].loaded.file
        anes = reconcile_anes(con, identity.release_id, source)
        reconciled += [anes] if anes else []
    return reconciled


def _form_comparison(comparison, release: Release) -> Reconciled:
    kind, form = comparison.loaded.layout.kind, comparison.other.form
    differences = [
        row | {"known_reason": _known_reason(kind, {form, comparison.loaded.form}, row, release)}
        for row in comparison.differences.iter_rows(named=True)
    ]
    return summarise(
        release.identity.release_id,
        comparison.name,
        comparison.other.file,
        comparison.compared,
        differences,
    )


def _known_reason(kind: str, forms: set[str], row: dict, release: Release) -> str:
    from schemas.definitions import read_reference

    for known in read_reference(schedule().reference_file("known_form_difference")):
        if (
            known["file"] == kind
            and known["field"] == row["column_name"]
            and known["form"] in forms
            and known["release_id"] in ("", release.identity.release_id)
            and known["hcpcs_code"] in ("", row["record_key"].split()[0])
        ):
            return known["reason"]
    return ""


def _write_reports(
    con: duckdb.DuckDBPyConnection,
    artefact: Artefact,
    release: Release,
    check_rows: list[dict],
    reconciled: list[Reconciled],
) -> None:
    """Write the rows of this release in the tables that say what was read, checked and compared."""
    identity = release.identity
    release_row = {
        "release_id": identity.release_id,
        "posting_id": identity.posting_id,
        "released_on": identity.released_on,
        "calendar_year": identity.calendar_year,
        "effective_from": identity.effective_from,
        "effective_to": identity.effective_to,
        "is_current": True,
        "is_latest": False,
        "superseded_by": "",
        "is_sample": identity.is_sample,
        "missing_files": ",".join(release.missing_files),
        "title": identity.title,
        "notice": identity.notice,
        "bundle": release.bundle,
        "content_sha256": _content_sha256(release),
    }
    declared = schedule().tables
    reports = {
        "release": [release_row],
        "source_file": [
            x for file in release.files.values() for x in _source_file_rows(file, identity)
        ],
        "quarantine": quarantine_rows(release.validated, identity.release_id),
        "check_result": check_rows,
        "reconciliation": [one.summary for one in reconciled],
        "reconciliation_difference": [row for one in reconciled for row in one.differences],
    }
    for name, rows in reports.items():
        database.insert_rows(con, declared[name], rows)
        database.write_parquet(con, declared[name], artefact.table_path(name))


def _source_file_rows(file, identity) -> list[dict]:
    rows = [source_file_row(file.loaded, file.member, file.kind, identity.release_id, True)]
    for member, read in file.others:
        rows.append(source_file_row(read, member, file.kind, identity.release_id, False))
    return rows


def _content_sha256(release: Release) -> str:
    from pipeline.bundle import hash_of_parts

    members = [m for file in release.files.values() for m in (file.member, *file.other_members)]
    return hash_of_parts(sorted(f"{member.name} {member.sha256}" for member in members))


def _write_release_tables(con: duckdb.DuckDBPyConnection, artefact: Artefact) -> None:
    """Write the tables of the release for the warehouse and for export, most of them once."""
    for name in (*PAYMENT_TABLES, *RANK_TABLES):
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
        database.write_csv(con, query, artefact.export_path(name, "csv"))
        if rows < database.MOST_JSON_ROWS:
            database.write_json(con, query, artefact.export_path(name, "json"))
