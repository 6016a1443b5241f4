"""Data files of the site that an artefact keeps: every later site has the same files."""

import duckdb

from pipeline.site.shard import Folder, Scripts
from pipeline.store.shelf import Artefact
from schemas.derive import quoted


def keep(artefact: Artefact, files: Scripts, site: Folder) -> None:
    """Write data files into an artefact that is being made for ``site``."""
    for name, value in files.by_name.items():
        site.write_aside(artefact.page_path(name), name, value)


def put_kept(artefact: Artefact, site: Folder) -> None:
    """Put the data files of an artefact into a site; of those of one name the first stays."""
    for name, digest in artefact.pages.items():
        # Most lists of codes are those of the release before.
        if not site.has(name):
            site.take(artefact.page_path(name), name, digest)


def write_table(con: duckdb.DuckDBPyConnection, artefact: Artefact, name: str, select: str) -> None:
    """Write the rows of a SELECT as a table of an artefact that is being made."""
    target = quoted(str(artefact.table_path(name)))
    con.execute(f"COPY ({select}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
