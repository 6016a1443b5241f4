"""What the edits of a run did not know, so that a line that is not denied is not taken for a clean one."""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.command import command
from pipeline.release.quarter import MOST_FETCHED, fetched_for
from pipeline.schedules.pfs.periods import fetched_for_day
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
    "surgery_release_missing": (
        "global",
        "",
        "the patient has surgery of a day for which no release of the Physician Fee Schedule is loaded, so "
        "nothing is denied for its global period.{fetch}",
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
    asked = [row for row in rows if WORDS[row["note"]][0] not in without]
    found = [row | {"words": _words(row, _fetch(row))} for row in asked]
    return found + (_of_surgery(con) if "global" not in without else [])


def _of_surgery(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The note on surgery of which no release tells the global period, if there is any."""
    # Where no patient has surgery the steps after that may be left out.
    if not con.execute("SELECT 1 FROM surgery_patient LIMIT 1").fetchall():
        return []
    rows = rows_of(con, compose(HERE / "surgery_unknown.sql"))
    days = [row.pop("surgery_days") for row in rows]
    return [row | {"words": _words(row, _fetch_pfs(x))} for row, x in zip(rows, days, strict=True)]


def _fetch(row: dict[str, Any]) -> str:
    about, letter, _ = WORDS[row["note"]]
    return fetched_for(about, row["first_day"], row["last_day"], letter)


def _fetch_pfs(days: list[date]) -> str:
    commands = dict.fromkeys(filter(None, map(fetched_for_day, sorted(days))))
    if len(commands) > MOST_FETCHED:
        return f" Get them with: {command('fetch --all')}"
    return f" Get it with: {'; '.join(commands)}" if commands else ""


def _words(row: dict[str, Any], fetch: str) -> str:
    words = WORDS[row["note"]][2]
    first, last = row["first_day"], row["last_day"]
    days = f"{first}" if first == last else f"{first} to {last}"
    count = int(row["line_count"])
    return f"{count:,} line{'' if count == 1 else 's'} ({days}): {words.format(fetch=fetch)}"
