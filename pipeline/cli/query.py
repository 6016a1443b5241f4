"""``fees query``: any SELECT over the published warehouse, read-only."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.csv_text import csv_text
from pipeline.cli.options import open_warehouse, warehouse_option
from pipeline.errors import UsageError, printable, require_utf8
from pipeline.publish.published import database_of
from pipeline.terminal import say, say_data, say_json
from schemas.derive import quoted

if TYPE_CHECKING:
    import duckdb


@click.command()
@click.argument("sql", help="One statement, as in: select * from release.")
@warehouse_option
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print the rows.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
def query(sql: str, warehouse: Path, output: str, as_json: bool) -> None:
    """Run one SQL query over the warehouse. Nothing can be changed by it."""
    import duckdb

    require_utf8(sql)
    with open_warehouse(warehouse), alone(warehouse) as con:
        try:
            if len(con.extract_statements(sql)) != 1:
                raise UsageError("Give one SQL statement; nothing was run.")
            cursor = con.execute(sql)
            names = [column[0] for column in cursor.description or []]
            rows = cursor.fetchall()
        except (duckdb.Error, OverflowError, ValueError) as error:
            # The others are values that Python has none of its own for.
            raise refused(error) from None
    print_rows(names, rows, "json" if as_json else output)


def alone(warehouse: Path, **limits: str) -> "duckdb.DuckDBPyConnection":
    """A connection of its own to the database, that reaches no other file and stays that way.

    Settings hold for all connections that share one instance of DuckDB, so this one shares none.
    """
    from pipeline.store.database import in_memory

    con = in_memory(**limits)
    con.execute(f"ATTACH {quoted(str(database_of(warehouse)))} AS fee_schedule (READ_ONLY)")
    con.execute("USE fee_schedule")
    con.execute("SET enable_external_access = false; SET lock_configuration = true")
    return con


def refused(error: Exception) -> UsageError:
    """What DuckDB says of a query in one sentence, without the query that it repeats below it."""
    sentence = " ".join(str(error).partition("\n\nLINE ")[0].split())
    return UsageError(f"The query was refused: {sentence}")


def print_rows(names: list[str], rows: list[tuple], output: str) -> None:
    """Print rows as an aligned table, as CSV or as a JSON array."""
    if output == "json":
        keys = _told_apart(names)
        say_json([dict(zip(keys, row, strict=True)) for row in rows])
    elif output == "csv":
        say_data(csv_text(names, rows))
    else:
        say(*aligned(names, rows))


def _told_apart(names: list[str]) -> list[str]:
    """The names of columns with a number behind those that came before: a, a_1, a_2."""
    found: list[str] = []
    for name in names:
        others = (f"{name}_{number}" for number in range(1, len(names)))
        found.append(next(x for x in (name, *others) if x not in found))
    return found


def aligned(names: list[str], rows: list[tuple]) -> list[str]:
    """The lines of a table in columns, numbers to the right; each cell is one line."""
    names = [printable(name) for name in names]
    texts = [["" if cell is None else printable(str(cell)) for cell in row] for row in rows]
    numeric = [all(not isinstance(row[i], (str, bool)) for row in rows) for i in range(len(names))]
    widths = [max(map(len, column)) for column in zip(names, *texts, strict=True)]

    def line(cells: list[str]) -> str:
        fitted = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        )
        return "  ".join(fitted).rstrip()

    rule = ["-" * width for width in widths]
    return [line(names), line(rule), *map(line, texts)]
