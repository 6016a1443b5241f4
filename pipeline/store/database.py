"""DuckDB: connections, tables made from their definitions, and files written from them."""

import csv
import glob
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.errors import require_utf8
from pipeline.store.spill import spill_folder
from schemas.definitions import Table
from schemas.derive import create_table_sql, identifier, parquet_metadata, quoted

if TYPE_CHECKING:
    import polars as pl

# Clients from DuckDB 1.2 on can open a file in this format.
STORAGE_VERSION = "v1.2.0"

# Larger tables are exported as Parquet and CSV only, and still larger ones as Parquet.
MOST_JSON_ROWS = 10_000
MOST_CSV_ROWS = 1_000_000
# In a table of amounts, a column of a group of rows with more distinct values is written as it stands:
# a list of them takes longer to make, and is no smaller once it is packed.
MOST_DISTINCT_AMOUNTS = 2_000


def connect(threads: int, memory_limit: str = "400MB") -> duckdb.DuckDBPyConnection:
    """An empty in-memory database that spills to disk beyond the memory limit."""
    con = in_memory(threads=threads, memory_limit=memory_limit)
    con.execute("SET preserve_insertion_order = true")
    # A file that was copied and written on would keep its old metadata where DuckDB 1.2 finds none.
    con.execute("SET experimental_metadata_reuse = false")
    return con


def in_memory(**config: Any) -> duckdb.DuckDBPyConnection:
    """An empty database in memory that leaves nothing in the current folder."""
    con = duckdb.connect(config={"temp_directory": spill_folder(), **config})
    silence(con)
    return con


def silence(con: duckdb.DuckDBPyConnection) -> None:
    """Keep DuckDB from drawing its bar over standard output, as it does after two seconds."""
    con.execute("SET enable_progress_bar_print = false")


def cursor_of(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Another connection to the same database, which inherits neither its choice nor being silent."""
    cursor = con.cursor()
    silence(cursor)
    cursor.execute(f"USE {identifier(value_of(con, 'SELECT current_database()'))}")
    return cursor


def storage_failure(error: Exception) -> str:
    """What could not be written and why, in one line; '' where the error is of another kind.

    A full disk is an IOException, or, where it shows only when the work is committed, another
    error that says so in its words; Polars says the number of the operating system's error.
    """
    # A question of one line never loads Polars, which takes longer than its answer.
    polars = sys.modules.get("polars")
    if polars and isinstance(error, polars.exceptions.PolarsError):
        found = re.search(r"[^:\n]*\(os error \d+\)", str(error))
        return found[0].strip() if found else ""
    found = re.search(r"Could not (?:write|sync|truncate) file [^\n]*", str(error))
    if found:
        return found[0]
    return " ".join(str(error).split()) if isinstance(error, duckdb.IOException) else ""


def names_of(columns: Iterable[str]) -> str:
    """The names of columns as a list in SQL."""
    return ", ".join(map(identifier, columns))


def create(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create an empty table from its definition."""
    con.execute(create_table_sql(table))


def create_word_type(con: duckdb.DuckDBPyConnection, column: str, table: str) -> None:
    """Create the ENUM ``COLUMN_word`` of the texts that a column of a table has."""
    texts = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1"
    con.execute(f"CREATE TYPE {column}_word AS ENUM ({texts})")


def insert_query(
    con: duckdb.DuckDBPyConnection, table: Table, query: str, is_sorted: bool = False
) -> None:
    """Create a table and fill it from a SELECT, in the order of its key.

    Rows that come in that order already (``is_sorted``) are not sorted again.
    """
    create(con, table)
    names = names_of(table.column_names)
    order = "" if is_sorted else f"ORDER BY {names_of(table.key)}"
    con.execute(f"INSERT INTO {table.name} SELECT {names} FROM (\n{query}\n) {order}")


def insert_frame(
    con: duckdb.DuckDBPyConnection, table: Table, frame: "pl.DataFrame", is_sorted: bool = False
) -> None:
    """Create a table and fill it from a Polars frame, in the order of its key or as it comes."""
    con.register("incoming_frame", frame)
    insert_query(con, table, "SELECT * FROM incoming_frame", is_sorted)
    con.unregister("incoming_frame")


def frame_of(table: Table, rows: Iterable[dict[str, Any]]) -> "pl.DataFrame":
    """A frame with the columns and types of a table from dictionaries, one per row."""
    import polars as pl

    from schemas.polars_types import polars_type

    types = {column.name: polars_type(column) for column in table.columns}
    return pl.DataFrame(
        {name: [row[name] for row in rows] for name in types} if (rows := list(rows)) else [],
        schema=types,
        strict=False,
    )


def insert_rows(
    con: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[dict[str, Any]]
) -> None:
    """Create a table and fill it from dictionaries, one per row."""
    insert_frame(con, table, frame_of(table, rows))


def csv_query(path: Path, types: dict[str, str]) -> str:
    """The SELECT of a curated CSV file; columns not in ``types`` are text, and '' stays ''."""
    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    typed = ", ".join(f"nullif({name}, '')::{kind} AS {name}" for name, kind in types.items())
    replaced = f"* REPLACE ({typed})" if typed else "*"
    return f"SELECT {replaced} FROM {csv_text(path, names, null_text=NO_NULL)}"


def csv_text(
    path: Path,
    names: Iterable[str],
    delimiter: str = ",",
    null_text: str = "",
    compression: str = "none",
) -> str:
    """The table function that reads a CSV file with a head, every cell as text.

    ``names`` are those of its columns, in order. Nothing is guessed: what DuckDB would guess from
    the first lines (a comment sign, where the table begins) loses the others.
    """
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal_path(path)}, auto_detect = false, header = true, skip = 0, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', comment = '', "
        f"nullstr = {quoted(null_text)}, allow_quoted_nulls = false, null_padding = false, "
        f"strict_mode = true, compression = {quoted(compression)}, hive_partitioning = false, "
        f"columns = {{{types}}})"
    )


# A text that occurs in no curated file, so that read_csv makes nothing NULL.
NO_NULL = "\x01"


def write_parquet(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    path: Path,
    query: str | None = None,
    most_distinct: int | None = None,
) -> int:
    """Write a table, or a SELECT that gives its rows in the order of its key, as Parquet.

    A column of a group of rows with more than ``most_distinct`` values is not written as a list of
    them. Returns the number of rows.
    """
    distinct = f"DICTIONARY_SIZE_LIMIT {most_distinct}, " if most_distinct else ""
    metadata = ", ".join(f"{key}: {quoted(text)}" for key, text in parquet_metadata(table).items())
    written = con.execute(
        f"COPY ({query or stored_select(table)}) TO {quoted(str(path))} "
        f"(FORMAT parquet, COMPRESSION zstd, {distinct}KV_METADATA {{{metadata}}})"
    )
    return int(written.fetchall()[0][0])


def write_csv(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write the rows of a SELECT as CSV with a header; their number."""
    copy = f"COPY ({query}) TO {quoted(str(path))} (FORMAT csv, HEADER true)"
    return con.execute(copy).fetchall()[0][0]


def write_json(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of a SELECT as one JSON array."""
    con.execute(f"COPY ({query}) TO {quoted(str(path))} (FORMAT json, ARRAY true)")


def literal_path(path: Path) -> str:
    """A path as DuckDB's readers are to take it: as it stands, and never as a pattern."""
    require_utf8(path.absolute())
    return quoted(glob.escape(str(path.absolute())))


def parquet(paths: list[Path], options: str = "") -> str:
    """The table function that reads Parquet files; a folder called ``key=value`` is no column."""
    files = ", ".join(map(literal_path, paths))
    return f"read_parquet([{files}], hive_partitioning = false{options})"


def read_table(path: Path) -> "pl.DataFrame":
    """Read a Parquet file; its path is neither a pattern nor data."""
    import polars as pl

    return pl.read_parquet(path, glob=False, hive_partitioning=False)


def stored_select(table: Table) -> str:
    """Every row and column of a table as it was stored: in the order of its key."""
    return f"SELECT {names_of(table.column_names)} FROM {table.name}"


def typed_select(table: Table, query: str) -> str:
    """The rows of a SELECT as those of a table: its columns with their types, in the order they come."""
    typed = ", ".join(
        f"{identifier(x.name)}::{x.type} AS {identifier(x.name)}" for x in table.columns
    )
    return f"SELECT {typed} FROM (\n{query}\n)"


def ordered_select(table: Table) -> str:
    """Every row and column of a table or view, sorted by its key."""
    return f"{stored_select(table)} ORDER BY {names_of(table.key)}"


def rows_of(
    con: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query, perhaps with parameters, as dictionaries."""
    cursor = con.execute(query, values or {})
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def value_of(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The single value of a SELECT."""
    # con.sql would plan the query twice, to describe it and to run it: it is for results as a table.
    return con.execute(query).fetchall()[0][0]
