"""The tables of a report, read from a file of priced lines by one query each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import RefusedError, UsageError, refuse
from pipeline.price.duckdb_engine import TEXTS, form_of_output
from pipeline.price.plan import RESULT
from pipeline.store.database import csv_text, literal_path, parquet
from pipeline.store.sql import compose_with
from schemas.derive import identifier, quoted

HERE = Path(__file__).parent
FORMS = (".parquet", ".csv")

# The columns of amounts and what they are held against, where the file has it.
COMPARED = {
    "given_allowed_amount": ("allowed_amount", "Allowed amounts against the file's"),
    "given_paid_amount": ("medicare_payment", "Medicare's payments against the file's"),
}
MONEY = (
    "charge",
    *(name for name in RESULT if name.endswith(("amount", "payment", "responsibility"))),
)
COUNTS = ("line_count",)
OTHERS = ("hcpcs_code", "charge", *COMPARED)


@dataclass(frozen=True)
class Table:
    """One table of a report: ``name`` for programs, a title, names of its columns, and its rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple]

    def total(self) -> dict[str, Any]:
        """The sums of its counts and amounts, by the names of their columns."""
        summed = [name for name in self.columns if name in (*MONEY, *COUNTS)]
        places = [self.columns.index(name) for name in summed]
        columns = ([row[place] for row in self.rows if row[place] is not None] for place in places)
        return {name: sum(found) for name, found in zip(summed, columns, strict=True)}


def lines_of(con: duckdb.DuckDBPyConnection, file: Path) -> str:
    """A file of priced lines as a SELECT with its types and the number of each line.

    Raises UsageError where it is no file of priced lines, RefusedError where it cannot be read.
    """
    try:
        found = _heads(con, file)
        missing = [name for name in RESULT if name not in found]
        if missing:
            raise UsageError(
                f"{file} is no file of priced lines of this version: it lacks {missing[0]}. "
                "Price its lines again with: fees price FILE --out FILE."
            )
        text = TEXTS.get(form_of_output(file))
        source = csv_text(file, found, text[0], compression=text[1]) if text else parquet([file])
        kept = [name for name in (*RESULT, *OTHERS) if name in found]
        columns = ", ".join(f"{_typed(name) if _is_csv(file) else name} AS {name}" for name in kept)
        number = "row_number() OVER ()" if _is_csv(file) else "file_row_number"
        if not _is_csv(file):
            source = parquet([file], ", file_row_number = true")
        return f"(SELECT {columns}, {number} AS line_number FROM {source})"
    except duckdb.Error as error:
        raise _unreadable(file, error) from None


def _is_csv(file: Path) -> bool:
    return form_of_output(file) in TEXTS


def _heads(con: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    if text := TEXTS.get(form_of_output(file)):
        delimiter, compression = map(quoted, text)
        sniffed = con.sql(
            f"FROM read_csv({literal_path(file)}, header = true, all_varchar = true, delim = {delimiter}, "
            f"quote = '\"', escape = '\"', compression = {compression}) LIMIT 0"
        )
        return sniffed.columns
    return con.sql(f"FROM {parquet([file])} LIMIT 0").columns


def _typed(name: str) -> str:
    """The value of a cell of a CSV file, which is a text; a Parquet file has values."""
    if name in MONEY or name in COMPARED:
        return f"CAST(nullif(CAST({identifier(name)} AS VARCHAR), '') AS DECIMAL(12,2))"
    if name == "is_provisional":
        return "CAST(is_provisional AS BOOLEAN)"
    if name == "claim_line_number":
        return identifier(name)
    return f"coalesce(CAST({identifier(name)} AS VARCHAR), '')"


def _unreadable(file: Path, error: Exception) -> RefusedError:
    message = f"it cannot be read as priced lines ({str(error).splitlines()[0]})"
    return refuse(file.name, "priced_lines", message)


def summary(con: duckdb.DuckDBPyConnection, lines: str) -> Table:
    """Lines and amounts by status and reason."""
    return _table(con, "summary", "What became of the lines", "status", lines)


def tables(con: duckdb.DuckDBPyConnection, lines: str) -> Iterator[Table]:
    """All tables of a report on a SELECT of priced lines; differences where it has what to hold against."""
    yield _table(con, "total", "In all", "total", lines)
    yield summary(con, lines)
    yield _table(con, "rules", "By rule that decided", "rule", lines)
    found = con.sql(f"FROM {lines} LIMIT 0").columns
    for given, (_, title) in COMPARED.items():
        if given not in found:
            continue
        yield _difference(con, lines, given, title, "all", quoted("all lines"), "lines")
        yield _difference(con, lines, given, f"{title}, by rules", "rules", "rules", "rules")
        if "hcpcs_code" in found:
            yield _difference(
                con, lines, given, f"{title}, by code", "codes", "hcpcs_code", "hcpcs_code"
            )


def _difference(
    con: duckdb.DuckDBPyConnection,
    lines: str,
    given: str,
    title: str,
    kind: str,
    group: str,
    name: str,
) -> Table:
    literal = {"ours": COMPARED[given][0], "given": given, "group": group, "name": name}
    return _table(con, f"{given}_{kind}", title, "difference", lines, literal)


def _table(
    con: duckdb.DuckDBPyConnection,
    name: str,
    title: str,
    query: str,
    lines: str,
    literal: dict[str, str] | None = None,
) -> Table:
    sql = compose_with(HERE / f"{query}.sql", {"lines": lines} | (literal or {}))
    found = con.sql(sql)
    return Table(name, title, tuple(found.columns), found.fetchall())


def claims_query(con: duckdb.DuckDBPyConnection, lines: str) -> str:
    """The SELECT of a row per claim of priced lines; charges are those of the input of pricing."""
    charges = "(SELECT claim_id, charge FROM incoming_line)"
    if "charge" in con.sql(f"FROM {lines} LIMIT 0").columns:
        charges = f"(SELECT claim_id, charge FROM {lines})"
    return compose_with(HERE / "claim.sql", {"lines": lines, "charges": charges})
