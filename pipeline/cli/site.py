"""``pfs site``: the code browser as a folder of pages."""

from pathlib import Path

import click

from pipeline.cli.options import open_warehouse, warehouse_option
from pipeline.errors import NotThereError, UsageError
from pipeline.fetch.licence import read_answer
from pipeline.publish import Warehouse


@click.command()
@warehouse_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the pages, made anew. Default: site in the warehouse.",
)
def site(warehouse: Path, out: Path | None) -> None:
    """Write the code browser: pages that open without a server or network."""
    try:
        from pipeline.site.build import PAGE_OF_SITE, write_site
    except ModuleNotFoundError as error:
        raise NotThereError(
            f"The package {error.name} is missing; install the group site: pip install '.[site]'"
        ) from None
    folder = out or warehouse / "site"
    if folder.exists() and any(folder.iterdir()) and not (folder / PAGE_OF_SITE).exists():
        raise UsageError(f"{folder} holds something else than a site; name another folder.")
    with_licensed_text = read_answer(Warehouse(warehouse).state).is_accepted
    with open_warehouse(warehouse) as con:
        write_site(con, folder, with_licensed_text)
    click.echo(f"open {folder / 'index.html'} in a browser")
