"""The tables of a report, read from a file of priced lines by one query each."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import RefusedError, UsageError, refuse
from pipeline.price.cell import amount_of, is_written_amount
from pipeline.price.duckdb_engine import TEXTS, form_of_output
from pipeline.price.plan import RESULT
from pipeline.store.database import csv_text, parquet
from pipeline.store.sql import compose_with
from schemas.derive import identifier, quoted

HERE = Path(__file__).parent

# The columns of amounts and what they are held against, where the file has it.
COMPARED = {
    "given_allowed_amount": ("allowed_amount", "Allowed amount compared with the file's"),
    "given_paid_amount": ("medicare_payment", "Medicare payment compared with the file's"),
}
MONEY = (
    "charge",
    *(name for name in RESULT if name.endswith(("amount", "payment", "responsibility"))),
)
COUNTS = ("line_count",)
OTHERS = ("hcpcs_code", *COMPARED)


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
    """A file of priced lines as a SELECT with its types and the number of each line, from 0.

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
        columns = ", ".join(f"{_typed(name, found[name])} AS {name}" for name in kept)
        number = "row_number() OVER () - 1" if _is_csv(file) else "file_row_number"
        if not _is_csv(file):
            source = parquet([file], ", file_row_number = true")
        return f"(SELECT {columns}, {number} AS line_number FROM {source})"
    except (duckdb.Error, OSError, UnicodeDecodeError, csv.Error) as error:
        raise unreadable(file, error) from None


def _is_csv(file: Path) -> bool:
    return form_of_output(file) in TEXTS


def _heads(con: duckdb.DuckDBPyConnection, file: Path) -> dict[str, str]:
    """The columns of a file with their types."""
    if text := TEXTS.get(form_of_output(file)):
        return dict.fromkeys(_first_row(file, *text), "VARCHAR")
    found = con.sql(f"FROM {parquet([file])} LIMIT 0")
    return dict(zip(found.columns, map(str, found.types), strict=True))


def _first_row(file: Path, delimiter: str, compression: str) -> list[str]:
    """The cells of the first row of a text, of which nothing is guessed."""
    import pyarrow

    packed = None if compression == "none" else compression
    with (
        pyarrow.input_stream(str(file), compression=packed) as data,
        TextIOWrapper(data, encoding="utf-8", newline="") as text,
    ):
        return next(csv.reader(text, delimiter=delimiter), [])


def _typed(name: str, kind: str) -> str:
    """The value of a cell; that of a text file is a text."""
    text = f"CAST({identifier(name)} AS VARCHAR)"
    if name in COMPARED:
        # As the input has it: what is no amount there is none here, and the line was refused.
        trimmed = f"trim({text})"
        return f"CASE WHEN {is_written_amount(trimmed)} THEN {amount_of(trimmed)} END"
    if name in MONEY and not kind.startswith("DECIMAL"):
        return f"CAST(nullif({text}, '') AS DECIMAL(12,2))"
    if name == "is_provisional":
        return "CAST(is_provisional AS BOOLEAN)"
    if name in MONEY or name == "claim_line_number":
        return identifier(name)
    return f"coalesce({text}, '')"


def unreadable(file: Path, error: Exception) -> RefusedError:
    """The refusal of a file that is no file of priced lines after all."""
    message = f"it cannot be read as priced lines ({str(error).splitlines()[0]})"
    advice = "Price its lines again with: fees price FILE --out FILE."
    return refuse(file.name, "priced_lines", message, advice=advice)


def nothing_priced(found: Table) -> str:
    """A sentence on a summary of lines none of which has an amount, with the commonest reason; else ''."""
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    if not rows or any(row["allowed_amount"] is not None for row in rows):
        return ""
    commonest = rows[0]
    return (
        f"no line got an amount; the commonest reason is {commonest['reason']} "
        f"({commonest['line_count']:,} of {found.total()['line_count']:,})"
    )


def summary(con: duckdb.DuckDBPyConnection, lines: str) -> Table:
    """Lines and amounts by status and reason."""
    return _table(con, "summary", "Lines by status and reason", "status", lines)


def tables(con: duckdb.DuckDBPyConnection, lines: str) -> Iterator[Table]:
    """All tables of a report on a SELECT of priced lines; differences where it has what to hold against."""
    yield _table(con, "total", "Total", "total", lines)
    yield summary(con, lines)
    yield _table(con, "rules", "Lines by rule", "rule", lines)
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
    ours = COMPARED[given][0]
    # That all lines agree, or that none was compared, is an answer, too.
    is_shown = "true" if kind == "all" else f"count(*) FILTER ({ours} <> {given}) > 0"
    literal = {"ours": ours, "given": given, "group": group, "name": name, "is_shown": is_shown}
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
    found = con.execute(sql)
    return Table(name, title, tuple(column[0] for column in found.description), found.fetchall())


def claims_query(lines: str) -> str:
    """The SELECT of a row per claim of priced lines, which are those of ``incoming_line``."""
    return compose_with(HERE / "claim.sql", {"lines": lines})
