"""``fees describe``: what a table is, column by column, with two queries to start from."""

import click

from pipeline.cli.query import aligned
from pipeline.errors import NotThereError
from pipeline.terminal import say
from schemas.definitions import Table, catalog
from schemas.views import all_views


@click.command()
@click.argument("table", required=False, help="A table or view; without one all are listed.")
def describe(table: str | None) -> None:
    """Say what a table holds, its key and columns, and how to query it. Needs no warehouse."""
    tables = described_tables()
    if table is None:
        say(*aligned(["table", "one row per"], [(x.name, x.row) for x in tables.values()]))
    elif table in tables:
        say(*page(tables[table]))
    else:
        raise NotThereError(f"There is no table {table}; there are: {', '.join(sorted(tables))}.")


def described_tables() -> dict[str, Table]:
    """Every public table, and every view as the table whose columns it has."""
    tables = {table.name: table for table in catalog().public_tables}
    return tables | {view.name: view.table for view in all_views()}


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
