"""One release from its frames to its tables, as an artefact that is never computed twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from pipeline import database
from pipeline.artefact import Artefact, finish_artefact
from pipeline.errors import Finding, RefusedError
from pipeline.pfs import tables
from pipeline.pfs.identify import SortedBundle, schedule
from pipeline.pfs.reconcile import Reconciled, reconcile_anes, reconcile_oppscap, summarise
from pipeline.pfs.release import (
    RELEASE_FILES,
    Release,
    compare_other_forms,
    read_release,
    validate_release,
)
from pipeline.pfs.source_files import quarantine_rows, source_file_row
from pipeline.sql import load_checks

# The tables that a release gives, in the order in which they are computed.
RELEASE_TABLES: dict[str, Callable[[], str]] = {
    "rvu": tables.rvu_query,
    "locality": tables.locality_query,
    "payment_national": tables.payment_national_query,
    "work_rvu_rank": tables.work_rvu_rank_query,
    "payment_rank": tables.payment_rank_query,
}


def build_release(found: SortedBundle, folder: Path, key: str, threads: int) -> Artefact:
    """Read, validate, compute and check one release; write its tables below ``folder``.

    The locality amounts are written while the other forms of the files are read and compared:
    that is most of the work, and it leaves one processor free. Raises RefusedError.
    """
    release = read_release(found)
    validate_release(release)
    con = _open_model(release, threads)
    check_rows = _check(con, release)
    artefact = Artefact(release.identity.release_id, key, folder)
    with ThreadPoolExecutor(1) as side:
        written = side.submit(_write_payment_locality, con.cursor(), artefact)
        compare_other_forms(release)
        reconciled = _reconcile(con, release)
        _insert_reports(con, release, check_rows, reconciled)
        _write_tables(con, artefact)
        written.result()
    con.close()
    finish_artefact(artefact, schedule())
    return artefact


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
            database.insert_frame(con, table, frame)
    _stage_qpp(con, release)
    _stage_identity(con, release)
    for name, query in RELEASE_TABLES.items():
        if name == "rvu":
            _refuse_several_factors(con, release)
        database.insert_query(con, declared[name], query())
    return con


def _stage_qpp(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    con.execute("CREATE TABLE stage.pprrvu_qpp AS FROM stage.pprrvu LIMIT 0")
    frame = release.frame("pprrvu_qpp")
    if frame is not None:
        con.register("incoming_frame", frame)
        con.execute("INSERT INTO stage.pprrvu_qpp BY NAME FROM incoming_frame")
        con.unregister("incoming_frame")


def _stage_identity(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    identity = release.identity
    con.execute(
        "CREATE TABLE this_release AS SELECT ?::VARCHAR AS release_id, ?::SMALLINT AS calendar_year, "
        "?::DATE AS effective_from, ?::BOOLEAN AS is_sample, ?::VARCHAR AS pprrvu_file",
        [
            identity.release_id,
            identity.calendar_year,
            identity.effective_from,
            identity.is_sample,
            release.files["pprrvu"].loaded.file,
        ],
    )
    # From 2026 two factors are in force (PFS_RULES 1.2); before, one for all.
    con.execute(
        "CREATE TABLE release_factor AS "
        "SELECT if(calendar_year >= 2026, 'nonqp', 'all') AS conversion_factor_class, "
        "mode(conversion_factor) AS conversion_factor FROM stage.pprrvu, this_release GROUP BY ALL "
        "UNION ALL SELECT 'qp', mode(conversion_factor) FROM stage.pprrvu_qpp HAVING count(*) > 0"
    )


def _refuse_several_factors(con: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Nothing may be computed from a file with two factors, so this check comes first."""
    for check in load_checks(tables.RELEASE_CHECKS):
        if check.name.startswith("one_conversion_factor"):
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
    database.write_parquet(con, table, artefact.export_path(table.name, "parquet"), query)


def _reconcile(con: duckdb.DuckDBPyConnection, release: Release) -> list[Reconciled]:
    identity = release.identity
    reconciled = [_form_comparison(comparison, release) for comparison in release.comparisons]
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


def _insert_reports(
    con: duckdb.DuckDBPyConnection,
    release: Release,
    check_rows: list[dict],
    reconciled: list[Reconciled],
) -> None:
    identity = release.identity
    declared = schedule().tables
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
    database.insert_rows(con, declared["release"], [release_row])
    files = [row for file in release.files.values() for row in _source_file_rows(file, identity)]
    database.insert_rows(con, declared["source_file"], files)
    refused = quarantine_rows(release.quarantined, identity.release_id)
    database.insert_rows(con, declared["quarantine"], refused)
    database.insert_rows(con, declared["check_result"], check_rows)
    database.insert_rows(con, declared["reconciliation"], [one.summary for one in reconciled])
    differences = [row for one in reconciled for row in one.differences]
    database.insert_rows(con, declared["reconciliation_difference"], differences)


def _source_file_rows(file, identity) -> list[dict]:
    rows = [source_file_row(file.loaded, file.member, file.kind, identity.release_id, True)]
    for member, read in file.others:
        rows.append(source_file_row(read, member, file.kind, identity.release_id, False))
    return rows


def _content_sha256(release: Release) -> str:
    from pipeline.bundle import hash_of_parts

    members = [m for file in release.files.values() for m in (file.member, *file.other_members)]
    return hash_of_parts(sorted(f"{member.name} {member.sha256}" for member in members))


def _write_tables(con: duckdb.DuckDBPyConnection, artefact: Artefact) -> None:
    """Write what the warehouse is assembled from, and the files that are exported as they are."""
    for name in (*RELEASE_TABLES, *REPORT_TABLES):
        table = schedule().tables[name]
        query = database.ordered_select(table)
        if not table.per_release:
            database.write_parquet(con, table, artefact.table_path(name))
            continue
        if name == "rvu":
            # The warehouse keeps CMS's text; what is passed on leaves out what others own.
            database.write_parquet(con, table, artefact.table_path(name))
            query = without_withheld_text(query)
        database.write_parquet(con, table, artefact.export_path(name, "parquet"), query)
        database.write_csv(con, query, artefact.export_path(name, "csv"))
        rows = database.value_of(con, f"SELECT count(*) FROM {name}")
        if rows < database.MOST_JSON_ROWS:
            database.write_json(con, query, artefact.export_path(name, "json"))


REPORT_TABLES = (
    "release",
    "source_file",
    "quarantine",
    "check_result",
    "reconciliation",
    "reconciliation_difference",
)


def without_withheld_text(query: str) -> str:
    """Rows of ``rvu`` without the descriptions that the AMA (CPT) and the ADA (CDT) own."""
    withheld = "description_status = 'cms' AND code_system IN ('CPT', 'CDT')"
    return (
        f"SELECT * REPLACE (if({withheld}, '', description) AS description, "
        f"if({withheld}, 'withheld', description_status) AS description_status) FROM ({query})"
    )
