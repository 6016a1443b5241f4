"""``fees describe``: what a table or macro is, a table column by column and with two queries to start from."""

from difflib import get_close_matches
from pathlib import Path

import click

from pipeline.cli.options import Named
from pipeline.cli.query import aligned
from pipeline.command import command
from pipeline.errors import NotThereError
from pipeline.terminal import say
from schemas.definitions import Table, catalog
from schemas.views import all_views

PIPELINE = Path(__file__).parents[1]


@click.command()
@click.argument(
    "table",
    required=False,
    type=Named(),
    help="A table, view or macro; without one all are listed.",
)
def describe(table: str | None) -> None:
    """Say what a table holds, its key and columns, and how to query it. Needs no warehouse."""
    tables, macros = described_tables(), described_macros()
    # SQL takes names in any letter case.
    table = table and table.lower()
    if table is None:
        say(*aligned(["table", "one row per"], [(x.name, x.row) for x in tables.values()]))
        say("", *aligned(["macro"], [(call,) for call, _ in macros.values()]))
    elif table in tables:
        say(*page(tables[table]))
    elif table in macros:
        say(*macros[table])
    else:
        near = get_close_matches(table, [*tables, *macros], n=5)
        likely = f"; near to it are: {', '.join(near)}" if near else ""
        raise NotThereError(
            f"There is no table, view or macro {table}{likely}. All are listed by: {command('describe')}"
        )


def described_tables() -> dict[str, Table]:
    """Every public table, and every view as the table whose columns it has."""
    tables = {table.name: table for table in catalog().public_tables}
    return tables | {view.name: view.table for view in all_views()}


def described_macros() -> dict[str, tuple[str, str]]:
    """Every macro: how it is called, and what it gives, which the first two lines of its file say."""
    found = {}
    for path in sorted(PIPELINE.rglob("*.sql"), key=lambda path: path.stem):
        call, words, *_ = *path.read_text("utf-8").splitlines()[:2], ""
        if call.startswith(f"-- {path.stem}("):
            found[path.stem] = (call.removeprefix("-- "), words.removeprefix("-- "))
    return found


def page(table: Table) -> list[str]:
    """The lines about one table: its sentences, its columns, its example queries."""
    facts = [table.comment, "", f"key: {', '.join(table.key)}"]
    facts += [f"references: {reference}" for reference in table.references]
    columns = [
        (column.name, column.type, "yes" if column.nullable else "", column.comment)
        for column in table.columns
    ]
    grid = aligned(["column", "type", "null", "meaning"], columns)
    queries = [line for example in table.examples for line in ("", f"  {example}")]
    return [table.name, *facts, "", *grid, "", "example queries", *queries]
