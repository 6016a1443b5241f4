"""``fees export``: a table as CSV on request, for what is too large to be exported always."""

from pathlib import Path

import click

from pipeline.cli.options import Named, open_warehouse, warehouse_option
from pipeline.cli.target import written_anew
from pipeline.errors import NotThereError, UsageError
from pipeline.release.held import near_names
from pipeline.terminal import tell


@click.command()
@click.option(
    "--csv", "table_name", required=True, metavar="TABLE", type=Named(), help="The table to write."
)
@click.option(
    "--release", "release_id", metavar="RELEASE", type=Named(), help="Only this release (RVU25D)."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write it; default: TABLE-RELEASE.csv in this folder.",
)
@warehouse_option
def export(table_name: str, release_id: str | None, out: Path | None, warehouse: Path) -> None:
    """Write one table as CSV, in the order of its key.

    Descriptions that the AMA or the ADA owns are left out, as in all exports.
    """
    import duckdb

    from pipeline.publish.licensed_text import exported_query
    from pipeline.store import database
    from schemas.definitions import catalog

    # SQL takes names in any letter case.
    table = catalog().tables.get(table_name.lower())
    if table is None or "." in table.name:
        names = ", ".join(table.name for table in catalog().public_tables)
        raise UsageError(f"There is no table {table_name}; there are: {names}")
    query = database.ordered_select(table)
    if release_id and "release_id" not in table.column_names:
        raise UsageError(f"The table {table.name} is not divided by release.")
    with open_warehouse(warehouse) as con:
        if release_id:
            known = [row[0] for row in con.execute("SELECT release_id FROM release").fetchall()]
            if release_id not in known:
                there = near_names(known, release_id)
                raise NotThereError(f"The warehouse holds no {release_id} (it holds: {there}).")
            # The release is one of those just read, so it can stand in the statement.
            query = query.replace(" ORDER BY", f" WHERE release_id = '{release_id}' ORDER BY")
        target = out or Path(f"{table.name}{'-' + release_id if release_id else ''}.csv")
        with written_anew(target, warehouse) as beside:
            try:
                count = database.write_csv(con, exported_query(table, query), beside)
            except duckdb.Error as error:
                raise UsageError(f"{target} cannot be written: {error}") from None
    tell(f"wrote {target}: {count:,} rows")
