"""Warehouses that a test builds: a place with ``raw`` and ``warehouse`` in it, and what is asked of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.refresh import refresh
from pipeline.report import Report


def refreshed(place: Path, today: date) -> Outcome:
    """What came of a refresh of the raw folder of a place on that day."""
    return refresh(
        Options(raw=place / "raw", warehouse=place / "warehouse", today=today), Report(quiet=True)
    )


def connected(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the database of a warehouse, for a fixture to yield from."""
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        yield con


def asked(warehouse: Path, query: str) -> list[tuple]:
    """The rows of a query over the database of a warehouse."""
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        return con.sql(query).fetchall()


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """The rows of a query over a connection."""
    return con.sql(query).fetchall()
