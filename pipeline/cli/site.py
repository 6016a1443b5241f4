"""``fees site``: the code browser as a folder of pages."""

from pathlib import Path

import click

from pipeline.cli.options import open_warehouse, warehouse_option
from pipeline.cli.target import refuse_own
from pipeline.errors import UsageError
from pipeline.fetch.licence import read_answer
from pipeline.publish.swap import Warehouse
from pipeline.terminal import tell


@click.command()
@warehouse_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the pages; other files in it stay. Default: site in the warehouse.",
)
@click.option(
    "--release",
    "releases",
    multiple=True,
    metavar="RELEASE",
    help="Only this release; may be repeated. Default: all that are loaded.",
)
def site(warehouse: Path, out: Path | None, releases: tuple[str, ...]) -> None:
    """Write the code browser: pages that open without a server or network."""
    from pipeline.site.build import write_site

    folder = out or warehouse / "site"
    if folder.resolve() != (warehouse / "site").resolve():
        refuse_own(folder, warehouse)
    with_licensed_text = read_answer(Warehouse(warehouse).state).is_accepted
    with open_warehouse(warehouse) as con:
        try:
            write_site(con, folder, with_licensed_text, releases)
        except OSError as error:
            where = error.filename or folder
            raise UsageError(f"{where} cannot be written: {error.strerror}.") from None
    tell(f"open {folder / 'index.html'} in a browser")
