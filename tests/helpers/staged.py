"""Releases in miniature of the schedules beside the Physician Fee Schedule: rows of stage tables."""

from collections.abc import Iterable
from typing import Any

import duckdb

from pipeline.store import database
from schemas.definitions import Schedule

Rows = Iterable[dict[str, Any]]


def staged(declared: Schedule, rows: dict[str, Rows], **said: Any) -> duckdb.DuckDBPyConnection:
    """A database with the stage tables of one release, each with its rows.

    ``said`` are the columns of ``this_release``: what is known of the release itself.
    """
    con = database.connect(1)
    con.execute("CREATE SCHEMA stage")
    for kind, of_kind in rows.items():
        database.insert_rows(con, declared.tables[f"stage.{kind}"], of_kind)
    columns = ", ".join(f"? AS {name}" for name in said)
    con.execute(f"CREATE TABLE this_release AS SELECT {columns}", list(said.values()))
    return con
