"""The files f1, f2, ... of a release as one table with the kind of file that each row is from."""

import duckdb

from pipeline.read.sort import release_kinds
from pipeline.schedules.ncci.declared import NAME
from pipeline.store import database
from pipeline.store.shelf import Artefact
from schemas.derive import quoted


def stage_parts(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """The view ``stage.ncci`` over the files that the release has, in their order; ``read`` names them.

    One scan of all files keeps the order of their rows, which a union of several does not.
    """
    loaded = read.facts["loaded_files"]
    kinds = [kind for kind in release_kinds(NAME) if kind in loaded]
    paths = [read.table_path(f"stage.{kind}") for kind in kinds]
    of_kinds = " ".join(f"WHEN {quoted(kind)} THEN {quoted(loaded[kind])}" for kind in kinds)
    con.execute(
        "CREATE VIEW stage.ncci AS SELECT split_part(parse_filename(filename), '.', 2) AS file_kind, "
        f"CASE file_kind {of_kinds} END AS source_file, * EXCLUDE (filename) "
        f"FROM {database.parquet(paths, ', filename = true')}"
    )
