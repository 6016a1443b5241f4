"""``fees edits``: which codes may not stand together on a day, and how many units of each."""

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.edits_words import SETTINGS, edits_lines
from pipeline.cli.options import Named, json_option, on_option, open_warehouse, warehouse_option
from pipeline.errors import UsageError
from pipeline.terminal import say, say_json

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.schedules.ncci.ask import Asked

CODE = re.compile("[A-Z0-9]{5}")

# So many partners of a code are listed where not all are asked for.
FEW = 20


@click.command()
@click.argument(
    "codes", nargs=-1, required=True, type=Named(), help="HCPCS codes, as in 99213 20610."
)
@on_option
@click.option(
    "--setting",
    type=click.Choice(list(SETTINGS)),
    default="practitioner",
    show_default=True,
    help="Whose claims.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=FEW,
    show_default=True,
    metavar="N",
    help="Of one code, list so many partners.",
)
@click.option("--all", "list_all", is_flag=True, help="Of one code, list all partners.")
@warehouse_option
@json_option
def edits(
    codes: tuple[str, ...],
    on: datetime | None,
    setting: str,
    limit: int,
    list_all: bool,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Show which of some codes CMS's edits (NCCI) do not pay together on a day of service.

    For every pair of the codes: the edit in force in either direction, and whether a modifier gets both
    paid. For each code: its add-on rule and the most units (MUE). What is not loaded is said. Of one
    code, its partners are listed.
    """
    from pipeline.schedules.ncci.ask import Asked, day_to_ask

    written = tuple(dict.fromkeys(code.upper() for code in codes))
    wrong = next((code for code in written if not CODE.fullmatch(code)), None)
    if wrong is not None:
        raise UsageError(f'"{wrong}" is no code; write five characters, as in 99213 20610.')
    with open_warehouse(warehouse) as con:
        first_day = day_to_ask(con, SETTINGS[setting])
        asked = Asked(written, on.date() if on else first_day, SETTINGS[setting])
        found = _found(con, asked)
    shown = None if list_all else limit
    if as_json:
        if "partners" in found:
            found["partners"] = found["partners"] and found["partners"][:shown]
        say_json(found)
    else:
        say(*edits_lines(found, shown))


def _found(con: "DuckDBPyConnection", asked: "Asked") -> dict:
    """Everything about the codes; None stands for what no release that is held can tell."""
    from pipeline.schedules.ncci.ask import (
        edits_of,
        is_loaded,
        modifiers,
        pairs_without_edit,
        partners_of,
        unknown_codes,
    )

    rows = edits_of(con, asked)
    found = {
        "codes": list(asked.codes),
        "on": asked.on,
        "setting": asked.setting,
        "is_sample": bool(con.execute("SELECT is_sample FROM build").fetchall()[0][0]),
        "pairs": rows["pair"] if is_loaded(rows, "pair") else None,
        "pairs_without_edit": pairs_without_edit(asked, rows),
        "add_ons": rows["add_on"] if is_loaded(rows, "add_on") else None,
        "units": rows["units"] if is_loaded(rows, "units") else None,
        "gaps": rows["gaps"],
        "unknown_codes": unknown_codes(con, asked),
        "ncci_modifiers": modifiers(con),
    }
    if len(asked.codes) == 1:
        partners = partners_of(con, asked) if is_loaded(rows, "pair") else None
        found["partner_count"] = None if partners is None else len(partners)
        found["partners"] = partners
    return found
