"""``fees layout``: which layouts of CMS's files are declared, and a draft of one for another file."""

from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.options import json_option
from pipeline.errors import UsageError
from pipeline.read.layout import Evidence, Layout
from pipeline.read.sort import all_layouts
from pipeline.terminal import say, say_data, say_json, tell


@click.group()
def layout() -> None:
    """Layouts of CMS's files: those that are declared, and drafts of others."""


@layout.command("list")
@json_option
def list_layouts(as_json: bool) -> None:
    """List the declared layouts with their years, forms and evidence."""
    listed = [_row(x) for x in all_layouts()]
    if as_json:
        say_json(listed)
        return
    shown = ("layout", "kind", "forms", "columns", "years")
    rows = [shown, *([str(row[name]) for name in shown] for row in listed)]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        say(line.rstrip())
    say(
        "P: CMS's file or documentation was read; S: a public source tells of it. A file of another "
        "year loads where its values prove it, and is called inferred."
    )


@layout.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write there, not to the screen."
)
def draft(file: Path, out: Path | None) -> None:
    """Write a draft of a layout for FILE, for a person to review.

    Columns that are known from other layouts are named, the others are TODO; a draft is
    refused by a refresh until it is complete.
    """
    # It reads files, so it needs Polars, which no other command of this group waits for.
    from pipeline.cli.layout_draft import draft_layout

    text = draft_layout(file)
    if out is None:
        say_data(text)
    elif out.exists():
        raise UsageError(f"{out} is there already; name another file.")
    else:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{out} cannot be written: {error.strerror or error}.") from None
        tell(f"{out}: review it as its first lines say")


def _row(declared: Layout) -> dict:
    evidence = sorted(declared.evidence, key=lambda one: one.first_year)
    return {
        "layout": declared.name,
        "kind": declared.kind,
        "forms": ",".join(declared.extensions),
        "columns": len([column for column in declared.columns if column.name]),
        "years": ", ".join(f"{_years(one)} {one.grade}" for one in evidence),
        "evidence": [asdict(one) for one in evidence],
    }


def _years(one: Evidence) -> str:
    first, last = one.first_year, one.last_year
    return str(first) if first == last else f"{first}-" if last == 2099 else f"{first}-{last}"
