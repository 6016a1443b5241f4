"""A new database beside the published one: what stays is copied, what is new is put in.

A part is the rows that one artefact has in the tables of one schema. The database notes which
parts it holds, so that the next one begins as a copy of it and only the difference costs time.
"""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import duckdb

from pipeline.store import database
from schemas.definitions import Table
from schemas.derive import identifier, quoted

# Which parts a database holds, and after which definitions its tables were made. Internal.
NOTES = """
CREATE SCHEMA stage;
CREATE TABLE stage.part (part VARCHAR, table_name VARCHAR, key_column VARCHAR, key_value VARCHAR);
CREATE TABLE stage.made_after (definitions VARCHAR);
COMMENT ON TABLE stage.part IS 'Which parts of releases this database holds, in which table. Internal.';
COMMENT ON COLUMN stage.part.part IS 'A hash of what the part is and where it stands.';
COMMENT ON COLUMN stage.part.table_name IS 'The table that has rows of the part.';
COMMENT ON COLUMN stage.part.key_column IS 'The column that tells the rows of the part from others.';
COMMENT ON COLUMN stage.part.key_value IS 'What stands in that column.';
COMMENT ON TABLE stage.made_after IS 'After which definitions the tables of this database were made. Internal.';
COMMENT ON COLUMN stage.made_after.definitions IS 'A hash of those definitions.';
"""


T = TypeVar("T")

# A statement takes as long as some dozens of rows.
ROWS_AT_ONCE = 100

# What the rows of a hundred releases pass through; more of it is only kept, and no faster.
MEMORY = "250MB"


@dataclass(frozen=True)
class Part:
    """The rows of an artefact in some tables.

    ``name`` is a hash of what they are and where they stand, and all of them have ``key_value`` in
    ``key_column``. ``select`` gives the SELECT of each table's rows; a part that is held already
    is not asked for them.
    """

    name: str
    key_column: str
    key_value: str
    select: Callable[[], dict[str, str]]

    @cached_property
    def queries(self) -> dict[str, str]:
        """The SELECT of the rows of each table."""
        return self.select()


def open_new(
    new: Path,
    to_copy: Iterable[Path],
    definitions: str,
    tables: list[Table],
    threads: int,
) -> duckdb.DuckDBPyConnection:
    """A connection that uses a new database: a copy of the first one ``to_copy`` that is of the
    same definitions, else one with empty ``tables``.

    The files ``to_copy`` must have the bytes that they were written with.
    """
    con = database.connect(threads, MEMORY)
    if not any(_has_copied(con, new, former, definitions) for former in to_copy):
        _create_empty(con, new, tables)
    con.execute("BEGIN")
    return con


def _has_copied(con: duckdb.DuckDBPyConnection, new: Path, former: Path, definitions: str) -> bool:
    """Use a copy of a former database, unless that is of other definitions."""
    shutil.copyfile(former, new)
    new.chmod(0o644)
    con.execute(f"ATTACH {quoted(str(new))} AS warehouse")
    con.execute("USE warehouse")
    if _made_after(con) == definitions:
        return True
    con.execute("USE memory")
    con.execute("DETACH warehouse")
    new.unlink()
    return False


def _create_empty(con: duckdb.DuckDBPyConnection, new: Path, tables: list[Table]) -> None:
    version = database.STORAGE_VERSION
    con.execute(f"ATTACH {quoted(str(new))} AS warehouse (STORAGE_VERSION '{version}')")
    con.execute("USE warehouse")
    con.execute("BEGIN")
    con.execute(NOTES)
    for schema in sorted({table.name.rpartition(".")[0] for table in tables} - {""}):
        con.execute(f"CREATE SCHEMA {schema}")
    for table in tables:
        database.create(con, table)
    con.execute("COMMIT")


def note_made(con: duckdb.DuckDBPyConnection, definitions: str) -> None:
    """Note after which definitions the new database was made, once all is there that they say."""
    con.execute("INSERT INTO stage.made_after VALUES (?)", [definitions])


def is_made(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the new database has what its definitions say, as a copy has."""
    return database.value_of(con, "SELECT count(*) FROM stage.made_after") > 0


def _made_after(con: duckdb.DuckDBPyConnection) -> str:
    try:
        return str(database.value_of(con, "SELECT any_value(definitions) FROM stage.made_after"))
    except duckdb.CatalogException:
        # A database of an earlier version of the program.
        return ""


def bring_in(con: duckdb.DuckDBPyConnection, parts: list[Part]) -> list[Part]:
    """Make the new database hold exactly ``parts``: remove what it should not, add what it lacks.

    Returns the parts that were added; the others were held already by the published database.
    """
    wanted = {part.name for part in parts}
    held = con.execute("SELECT part, table_name, key_column, key_value FROM stage.part").fetchall()
    for name, table, column, value in held:
        if name not in wanted:
            con.execute(f"DELETE FROM {table} WHERE {identifier(column)} = ?", [value])
            con.execute("DELETE FROM stage.part WHERE part = ? AND table_name = ?", [name, table])
    there = {name for name, *_ in held}
    added = [part for part in parts if part.name not in there]
    for part in added:
        for table, query in part.queries.items():
            con.execute(f"INSERT INTO {table} BY NAME {query}")
    noted = [[x.name, table, x.key_column, x.key_value] for x in added for table in x.queries]
    insert(con, "stage.part", noted)
    return added


def fill(con: duckdb.DuckDBPyConnection, table: Table, query: str) -> None:
    """Replace all rows of a small table, in the order of its key."""
    con.execute(f"DELETE FROM {table.name}")
    order = database.names_of(table.key)
    con.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM (\n{query}\n) ORDER BY {order}")


def append(con: duckdb.DuckDBPyConnection, table: Table, rows: list[dict]) -> None:
    """Add rows, given as dictionaries, to a small table."""
    insert(con, table.name, [[row[name] for name in table.column_names] for row in rows])


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[list]) -> None:
    """Add rows, given as the values of all columns, to a small table."""
    for some in batches(rows, ROWS_AT_ONCE):
        marks = ", ".join(f"({', '.join('?' * len(row))})" for row in some)
        con.execute(f"INSERT INTO {table} VALUES {marks}", [value for row in some for value in row])


def batches(values: list[T], size: int) -> list[list[T]]:
    """The values in lists of at most that size."""
    return [values[start : start + size] for start in range(0, len(values), size)]
