"""``fees report``: what became of a file of priced lines."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import json_option
from pipeline.cli.query import aligned
from pipeline.errors import UsageError, require_utf8
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
    target = page_target(html, file) if html else None
    found = _tables(file)
    if target:
        write_page(target, str(file), found)
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
    import duckdb

    from pipeline.price.duckdb_engine import form_of_output
    from pipeline.price.report import figures
    from pipeline.store.database import in_memory

    if not form_of_output(file) or not file.is_file():
        raise UsageError(
            f"{file} is no file of priced lines; name a Parquet, CSV or TSV file that is there."
        )
    require_utf8(file.absolute())
    with in_memory() as con:
        lines = figures.lines_of(con, file)
        try:
            return list(figures.tables(con, lines))
        except duckdb.Error as error:
            raise figures.unreadable(file, error) from None


def page_target(page: Path, file: Path, warehouse: Path | None = None) -> Path:
    """Where a page on ``file`` goes; raises UsageError where that cannot be."""
    from pipeline.price.target import target_of

    if page.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{page} cannot be the report; name it NAME.html.")
    return target_of(page, file, warehouse)


def write_page(target: Path, subject: str, found: "list[Table]") -> None:
    """Write a report as a page, whole or not at all; raises UsageError where it cannot be written."""
    from pipeline.price.report.page import page
    from pipeline.price.target import written_beside

    try:
        with written_beside(target, ".html") as beside:
            beside.write_text(page(subject, found), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from None
