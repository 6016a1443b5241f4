"""Files of claim lines made the input of pricing: every line of a file once, or none of it."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.errors import RefusedError, refuse
from pipeline.price.layout import (
    INSTANT,
    check_heads,
    column_names,
    incoming_query,
    known_name,
    plain_query,
    unknown_columns,
)
from pipeline.price.text_file import TextFile, first_fault, open_text
from pipeline.store.database import csv_text, literal_path, parquet, rows_of
from schemas.derive import quoted


def read_lines(con: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    """Make a Parquet or CSV file of claim lines the input; returns the columns it ignores.

    A copy of a text that is not in UTF-8 goes where what does not fit into memory goes. Raises
    RefusedError where the file cannot be read to its end or a line would be lost, and UsageError
    where it lacks a column.
    """
    if file.suffix.lower() == ".csv":
        folder = con.sql("SELECT current_setting('temp_directory')").fetchall()[0][0]
        return _read_text(con, open_text(file, Path(folder)))
    try:
        written = _written_in_parquet(con, file)
        check_heads([name for name, _ in written])
        # DuckDB takes these for clocks, but who writes them (Spark) means instants.
        instants = [name for name, kind in written if kind == "INT96"]
        source = parquet([file], ", file_row_number = true")
        return set_lines(con, source, "file_row_number", instants)
    except duckdb.Error as error:
        raise _unreadable(file.name, error) from None


def set_lines(
    con: duckdb.DuckDBPyConnection, source: str, line_id: str, instants: Iterable[str] = ()
) -> list[str]:
    """Make a relation of claim lines the input; returns the columns that are ignored.

    ``line_id`` is an expression that numbers its rows; ``instants`` are the columns whose
    timestamps are instants although their type does not say so.
    """
    relation = con.sql(f"FROM {source} LIMIT 0")
    found = dict(zip(relation.columns, map(str, relation.types), strict=True))
    found.pop("file_row_number", None)
    found |= dict.fromkeys(set(instants) & set(found), INSTANT)
    # The lines are read several times, and texts that need not be looked at are read faster.
    [tested] = rows_of(con, plain_query(found, source))
    plain = {name for name, is_plain in tested.items() if is_plain}
    query = incoming_query(found, source, line_id, plain)
    con.execute(f"CREATE OR REPLACE VIEW incoming_line AS {query}")
    return unknown_columns(found)


def _written_in_parquet(con: duckdb.DuckDBPyConnection, file: Path) -> list[tuple[str, str]]:
    """The columns with their physical types as written: DuckDB renames the second of one name."""
    query = (
        f"SELECT name, type, coalesce(num_children, 0) FROM parquet_schema({literal_path(file)})"
    )
    rows = con.sql(query).fetchall()
    columns, place = [], 1
    while place < len(rows):
        columns.append(rows[place][:2])
        # What a nested column consists of follows it and is none of its own.
        unfinished = 1
        while unfinished:
            unfinished += rows[place][2] - 1
            place += 1
    return columns


def _read_text(con: duckdb.DuckDBPyConnection, file: TextFile) -> list[str]:
    """Read a text file into ``read_line``, and refuse it unless every record became a line."""
    check_heads(file.heads)
    # What a head says reaches no SQL: a column that is not read goes by its place.
    names = [
        known_name(head) if known_name(head) in column_names() else f"not_read_{place}"
        for place, head in enumerate(file.heads)
    ]
    read = {name: "VARCHAR" for name in names if name in column_names()}
    query = incoming_query(read, csv_text(file.path, names, file.delimiter))
    try:
        con.execute(f"CREATE OR REPLACE TABLE read_line AS {query}")
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        raise first_fault(file, column_names()) or _unreadable(file.name, error) from None
    _refuse_lost_lines(con, file)
    con.execute("CREATE OR REPLACE VIEW incoming_line AS SELECT rowid AS line_id, * FROM read_line")
    return unknown_columns(dict.fromkeys(file.heads, ""))


def _refuse_lost_lines(con: duckdb.DuckDBPyConnection, file: TextFile) -> None:
    """Hold the records that were counted against the lines that were read."""
    codes = ", ".join(quoted(name.upper()) for name in sorted(column_names()))
    lines, heads = con.sql(
        f"SELECT count(*), count(*) FILTER (hcpcs_code IN ({codes})) FROM read_line"
    ).fetchall()[0]
    fault = first_fault(file, column_names()) if heads or lines != file.records else None
    if fault:
        raise fault
    if lines != file.records:
        message = f"it has {file.records:,} records and {lines:,} of them can be read"
        raise refuse(file.name, "claim_lines", message, advice="Write it again as Parquet or CSV.")


def _unreadable(name: str, error: Exception) -> RefusedError:
    message = f"it cannot be read as claim lines ({str(error).splitlines()[0]})"
    return refuse(name, "claim_lines", message, advice="Write it again as Parquet or CSV.")
