"""Options that several commands share."""

from pathlib import Path

import click

from pipeline.errors import NotThereError
from pipeline.publish import Warehouse


def _folder(context: click.Context, parameter: click.Parameter, value: str) -> Path:
    if not value.strip():
        raise click.BadParameter("name a folder; an empty name means none", context, parameter)
    return Path(value)


raw_option = click.option(
    "--raw",
    default="raw",
    envvar="PFS_RAW",
    show_default=True,
    callback=_folder,
    metavar="DIR",
    help="Folder with CMS's zips or unpacked folders. It is only read.",
)

warehouse_option = click.option(
    "--warehouse",
    default="warehouse",
    envvar="PFS_WAREHOUSE",
    show_default=True,
    callback=_folder,
    metavar="DIR",
    help="Folder of the database and its exports.",
)

on_option = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day of service, as in 2024-03-09: the release in force then.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def open_warehouse(folder: Path):
    """A read-only connection to the published database; NotThereError where there is none."""
    import duckdb

    path = Warehouse(folder).database
    if not path.exists():
        raise NotThereError(f"There is no warehouse in {folder}; make one with: pfs refresh")
    try:
        con = duckdb.connect(str(path), read_only=True)
        # Else DuckDB draws a bar over what is printed for programs, after two seconds.
        con.execute("SET enable_progress_bar_print = false")
        return con
    except duckdb.Error as error:
        raise NotThereError(f"{path} cannot be read ({error}); run: pfs refresh") from None
