"""The exports of one build: a complete folder with a manifest, made beside the current one.

=============================  ==========================================================
place                          what lies there
=============================  ==========================================================
``TABLE/RELEASE.parquet``      a table divided by release, one part each
``TABLE/data.parquet``         any other table, and one of no rows yet
``csv/TABLE/``, ``json/...``   the same parts in other forms
``schema/TABLE.json``          a JSON Schema of a row
``datapackage.json``           all tables as a Frictionless Data Package
=============================  ==========================================================

Nothing but Parquet lies in the folder of a table, and no name there says a value that a column
has too: so each folder opens as a data set, whatever opens it.
"""

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
from pydantic_core import to_json

from pipeline.publish.data_package import DATA_PACKAGE, data_package
from pipeline.publish.swap import MANIFEST
from pipeline.store import database
from pipeline.store.shelf import Artefact, link_or_copy, sha256_of
from schemas.definitions import SCHEMAS, Schedule, Table
from schemas.derive import json_schema

MANIFEST_SCHEMA = SCHEMAS / "manifest.schema.json"

# Above the folders of the tables; Parquet is the form that those are for.
FOLDER_OF_FORM = {"parquet": "", "csv": "csv", "json": "json"}

# Of what is not divided by release.
WHOLE = "data"


def exported_path(table: str, form: str, release_id: str = "") -> Path:
    """Where a part of a table lies in the exports of a build."""
    return Path(FOLDER_OF_FORM[form], table, f"{release_id or WHOLE}.{form}")


def write_tables(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    schedule: Schedule,
    exported_query: Callable[[Table, str], str],
) -> list[dict]:
    """Write schemas, and every public table that is not divided by release, below ``folder``.

    ``exported_query`` leaves out of a SELECT what may not be passed on. Returns the entries of
    the manifest.
    """
    contract_version = database.value_of(con, "SELECT contract_version FROM build")
    (folder / "schema").mkdir(parents=True)
    tables = _exported_tables(schedule)
    files = [_write_schema(folder, table, contract_version) for table in tables]
    whole = {x: database.ordered_select(x) for x in tables if not x.per_release}
    queries = {table: exported_query(table, query) for table, query in whole.items()}
    return files + _write_whole_tables(con, folder, queries)


def write_text(folder: Path, name: str, text: str, table: str, release_id: str) -> dict:
    """Write a page about a table; returns its entry of the manifest."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return _entry(folder, path, table, "markdown", release_id, 0)


def entry_of_site(folder: Path, listing: Path) -> dict:
    """The manifest's entry of the list of the files of the site, which is about no table."""
    return _entry(folder, listing, "", "sha256", "", 0)


def link_releases(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    releases: list[tuple[str, Artefact]],
    schedule: Schedule,
) -> list[dict]:
    """Link the files of each release to its artefact (copy where the file system has no links).

    A table that no release has rows of is one part without rows, so that it opens all the same.
    """
    by_table = _files_by_table(releases)
    linked, without_rows = [], {}
    for table in _exported_tables(schedule):
        if not table.per_release:
            continue
        if table.name in by_table:
            linked += _link_release_files(folder, table.name, by_table[table.name])
        else:
            without_rows[table] = f"{database.stored_select(table)} LIMIT 0"
    return linked + _write_whole_tables(con, folder, without_rows)


def _files_by_table(
    releases: list[tuple[str, Artefact]],
) -> dict[str, list[tuple[str, Artefact, dict]]]:
    """The exported files of artefacts, each with its release, by the table that they are of."""
    by_table = defaultdict(list)
    for release_id, artefact in releases:
        for exported in artefact.exports:
            by_table[exported["table"]].append((release_id, artefact, exported))
    return by_table


def _exported_tables(schedule: Schedule) -> list[Table]:
    return [table for table in schedule.public_tables if table.exported]


def write_manifest(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    files: list[dict],
    previous: dict | None,
    schedule: Schedule,
) -> None:
    """Write the data package and the manifest, and so declare the folder complete.

    ``previous`` is the manifest of the last build.
    """
    build = database.rows_of(con, "SELECT * FROM build")[0]
    files = [*files, _write_data_package(folder, build, files, schedule)]
    _write(folder / MANIFEST_SCHEMA.name, MANIFEST_SCHEMA.read_bytes())
    listed = sorted(files, key=lambda entry: entry["path"])
    manifest = _manifest(con, build, listed, previous)
    _write_json(folder / MANIFEST, manifest)


def _write_data_package(folder: Path, build: dict, files: list[dict], schedule: Schedule) -> dict:
    path = folder / DATA_PACKAGE
    package = data_package(build, _exported_tables(schedule), files)
    _write_json(path, package)
    return _entry(folder, path, "", "datapackage", "", 0)


def _write_schema(folder: Path, table: Table, contract_version: str) -> dict:
    path = folder / "schema" / f"{table.name}.json"
    _write_json(path, json_schema(table, contract_version))
    return _entry(folder, path, table.name, "schema", "", 0)


def _link_release_files(
    folder: Path, table: str, files: list[tuple[str, Artefact, dict]]
) -> list[dict]:
    for form in {exported["format"] for *_, exported in files}:
        (folder / exported_path(table, form)).parent.mkdir(parents=True, exist_ok=True)
    entries = []
    for release_id, artefact, exported in files:
        form = exported["format"]
        path = exported_path(table, form, release_id).as_posix()
        # The artefact's file is read-only: an edit would change it in every build that links to it.
        link_or_copy(artefact.export_path(table, form), f"{folder}/{path}")
        entries.append(
            {
                "path": path,
                "table": table,
                "format": form,
                "release_id": release_id,
                "rows": exported["rows"],
                "bytes": exported["bytes"],
                "sha256": exported["sha256"],
            }
        )
    return entries


def _write_whole_tables(
    con: duckdb.DuckDBPyConnection, folder: Path, queries: dict[Table, str]
) -> list[dict]:
    """Write tables on two connections side by side: a small one keeps no second thread busy."""
    tables = list(queries)

    def write(cursor: duckdb.DuckDBPyConnection, share: list[Table]) -> list[dict]:
        with cursor:
            written = (_write_whole_table(cursor, folder, x, queries[x]) for x in share)
            return [entry for entries in written for entry in entries]

    cursors = [database.cursor_of(con) for _ in range(2)]
    with ThreadPoolExecutor(max_workers=2) as side:
        shares = side.map(write, cursors, (tables[::2], tables[1::2]))
        return [entry for share in shares for entry in share]


def _write_whole_table(
    con: duckdb.DuckDBPyConnection, folder: Path, table: Table, query: str
) -> list[dict]:
    parquet, csv, json_ = (folder / exported_path(table.name, form) for form in FOLDER_OF_FORM)
    for path in (parquet, csv, json_):
        path.parent.mkdir(parents=True, exist_ok=True)
    rows = database.write_parquet(con, table, parquet, query)
    database.write_csv(con, query, csv)
    written = [parquet, csv]
    if rows < database.MOST_JSON_ROWS:
        database.write_json(con, query, json_)
        written.append(json_)
    return [_entry(folder, path, table.name, path.suffix[1:], "", rows) for path in written]


def _write_json(path: Path, value: dict) -> None:
    # Python's own writer of indented JSON takes a second for the files of a hundred releases.
    _write(path, to_json(value, indent=1) + b"\n")


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o444)


def _entry(
    folder: Path, path: Path, table: str, file_format: str, release_id: str, rows: int
) -> dict:
    """The entry of a file that is written; nothing may be written to it any more."""
    path.chmod(0o444)
    return {
        "path": path.relative_to(folder).as_posix(),
        "table": table,
        "format": file_format,
        "release_id": release_id,
        "rows": rows,
        "bytes": path.stat().st_size,
        "sha256": sha256_of(path),
    }


def _manifest(
    con: duckdb.DuckDBPyConnection, build: dict, files: list[dict], previous: dict | None
) -> dict:
    # Programs that were written when there was one schedule (pfs) take the first that is the latest.
    releases = database.rows_of(
        con,
        "SELECT release_id, posting_id, schedule, released_on, effective_from, effective_to, is_current, is_latest, "
        "missing_files, content_sha256 FROM release ORDER BY schedule DESC, posting_id",
    )
    rows = {entry["table"]: 0 for entry in files if entry["table"]}
    for entry in files:
        if entry["format"] == "parquet":
            rows[entry["table"]] += entry["rows"]
    return {
        "manifest_version": 2,
        **build,
        "releases": releases,
        "tables": rows,
        "files": files,
        "changes": _changes(build["build_id"], releases, files, previous),
    }


def _changes(build_id: str, releases: list[dict], files: list[dict], previous: dict | None) -> dict:
    before = previous or {"build_id": "", "releases": [], "files": []}
    if before["build_id"] == build_id:
        # A build that is made again changed what it changed the first time.
        return before["changes"]
    postings = {release["posting_id"] for release in releases}
    former = {release["posting_id"] for release in before["releases"]}
    hashes = {entry["path"]: entry["sha256"] for entry in before["files"]}
    return {
        "previous_build_id": before["build_id"],
        "releases_added": sorted(postings - former),
        "releases_removed": sorted(former - postings),
        "files_changed": [x["path"] for x in files if hashes.get(x["path"]) != x["sha256"]],
    }
