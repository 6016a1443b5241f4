"""``place``: where a ZIP code is, asked once for all schedules.

A schedule that knows something of ZIP codes says it in its ``place.sql``, a SELECT over its public
tables with ``release_id`` and ``zip_code``, and of ``state``, ``is_rural`` and ``cba`` what it knows.
A row with ``zip_code`` '' is about every ZIP code that the files of the release do not list: NULL
there where the file that would tell is not loaded.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipeline.store.sql import compose, macro_sql

if TYPE_CHECKING:
    # A command that only asks where a ZIP code is spares what reads files, Polars above all.
    from pipeline.release.schedule import FeeSchedule

HERE = Path(__file__).parent

NOTHING = "SELECT '' AS zip_code WHERE false"


def create_place(con: duckdb.DuckDBPyConnection, schedules: Iterable["FeeSchedule"]) -> None:
    """The view ``place`` and the macro that asks it for one ZIP code."""
    con.execute(f"CREATE VIEW place AS {place_query(schedules)}")
    con.execute(macro_sql(HERE / "place_of.sql"))


def place_query(schedules: Iterable["FeeSchedule"]) -> str:
    """The SELECT of the view, put together of what each schedule knows of ZIP codes."""
    said = [f"SELECT * FROM (\n{compose(one.place)}\n)" for one in schedules if one.place.exists()]
    return compose(HERE / "place.sql", statements="\nUNION ALL BY NAME\n".join(said) or NOTHING)


def made_from(schedules: Iterable["FeeSchedule"]) -> list[Path]:
    """The files and folders that it follows from."""
    return [HERE, *(one.place for one in schedules if one.place.exists())]
