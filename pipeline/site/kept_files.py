"""Data files of the site that an artefact keeps, in its table ``page``: ``name`` and ``script`` of each."""

import duckdb

from pipeline.site.shard import Scripts
from pipeline.store import database
from pipeline.store.parts import insert
from pipeline.store.shelf import Artefact
from schemas.derive import quoted

PAGE = "page"


def keep(con: duckdb.DuckDBPyConnection, artefact: Artefact, files: Scripts) -> None:
    """Write data files into an artefact that is being made."""
    con.execute("CREATE OR REPLACE TEMP TABLE site_page (name VARCHAR, script VARCHAR)")
    insert(con, "site_page", [list(file) for file in sorted(files.by_name.items())])
    write_table(con, artefact, PAGE, "FROM site_page")
    con.execute("DROP TABLE site_page")


def kept(con: duckdb.DuckDBPyConnection, artefact: Artefact) -> list[tuple[str, str]]:
    """The data files that an artefact keeps: the name and the expression of each."""
    path = database.parquet([artefact.table_path(PAGE)])
    return con.execute(f"SELECT name, script FROM {path}").fetchall()


def write_table(con: duckdb.DuckDBPyConnection, artefact: Artefact, name: str, select: str) -> None:
    """Write the rows of a SELECT as a table of an artefact that is being made."""
    target = quoted(str(artefact.table_path(name)))
    con.execute(f"COPY ({select}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
