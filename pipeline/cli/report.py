"""``fees report``: what became of a file of priced lines."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import json_option
from pipeline.cli.query import aligned
from pipeline.errors import UsageError
from pipeline.terminal import say, say_json, tell

if TYPE_CHECKING:
    from pipeline.price.report.figures import Table


@click.command()
@click.argument("file", type=click.Path(path_type=Path), help="A file that `fees price` wrote.")
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Write it as a page, too."
)
@json_option
def report(file: Path, html: Path | None, as_json: bool) -> None:
    """Say what was priced, denied and provisional in a file that ``fees price`` wrote.

    Where the lines have given_allowed_amount or given_paid_amount, the largest differences are shown.
    """
    found = _tables(file)
    if html:
        write_page(html, str(file), found)
    if as_json:
        say_json(
            {x.name: [dict(zip(x.columns, row, strict=True)) for row in x.rows] for x in found}
        )
        return
    written = [
        text
        for one in found
        for text in (
            "",
            one.title,
            "",
            *(aligned(list(one.columns), one.rows) if one.rows else ["none"]),
        )
    ]
    say(*written[1:])
    if html:
        tell(f"wrote {html}")


def _tables(file: Path) -> "list[Table]":
    from pipeline.price.report import figures
    from pipeline.store.database import in_memory

    if file.suffix.lower() not in figures.FORMS or not file.is_file():
        raise UsageError(
            f"{file} is no file of priced lines; name a Parquet or CSV file that is there."
        )
    with in_memory() as con:
        return list(figures.tables(con, figures.lines_of(con, file)))


def write_page(target: Path, subject: str, found: "list[Table]") -> None:
    """Write a report as a page; raises UsageError where it cannot be written."""
    from pipeline.price.report.page import page

    if target.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{target} cannot be the page; name it NAME.html.")
    try:
        target.write_text(page(subject, found), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from None
