"""What the edits of a run did not know, so that a line that is not denied is not taken for a clean one."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb

from pipeline.release.quarter import fetched_for
from pipeline.store.database import rows_of
from pipeline.store.sql import compose

HERE = Path(__file__).parent

# The edit that each note is about, whose table of it, and what follows from it.
WORDS = {
    "ncci_not_loaded": (
        "ncci",
        "P",
        "no procedure-to-procedure edits (NCCI) are loaded for the date of service, so no column-two code is denied. Get them with: {fetch}",
    ),
    "mue_not_loaded": (
        "mue",
        "P",
        "no Medically Unlikely Edits are loaded for the date of service, so no number of units is denied. Get them with: {fetch}",
    ),
    "supplier_mue_not_loaded": (
        "mue",
        "S",
        "no Medically Unlikely Edits of suppliers are loaded for the date of service, so no number of units of equipment is denied. Get them with: {fetch}",
    ),
    "group_practice_not_named": (
        "",
        "",
        "no billing_provider_id is named, so rules for a group practice hold for each rendering provider",
    ),
}


def unknown_to_edits(
    con: duckdb.DuckDBPyConnection, without: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The notes on a run, after its steps: ``note``, ``line_count``, ``first_day``, ``last_day``, ``words``.

    An edit that was left out is none of them.
    """
    rows = rows_of(con, compose(HERE / "unknown.sql"))
    return [row | {"words": _words(row)} for row in rows if WORDS[row["note"]][0] not in without]


def _words(row: dict[str, Any]) -> str:
    about, letter, words = WORDS[row["note"]]
    first, last = row["first_day"], row["last_day"]
    days = f"{first}" if first == last else f"{first} to {last}"
    fetch = fetched_for(about, first, last, letter)
    count = int(row["line_count"])
    return f"{count:,} line{'' if count == 1 else 's'} ({days}): {words.format(fetch=fetch)}"
