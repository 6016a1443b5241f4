"""How the amounts of an answer come about, rule by rule, and the rate of the first miles in rural places."""

from pathlib import Path

import duckdb

from pipeline.schedules.ambulance.declared import NAME
from pipeline.store.database import rows_of
from pipeline.store.sql import compose_with

OF_ROW = ("release_id", "hcpcs_code", "mac", "locality_number", "ambulance_area")
RULES = compose_with(
    Path(__file__).parent / "rules_of_row.sql", {name: f"${name}" for name in OF_ROW}
)
MODIFIERS = ("modifier", "modifier2", "modifier3")
PLACE = ("mac", "locality_number", "state", "is_rural", "cba", "ambulance_area")


def rules_of(con: duckdb.DuckDBPyConnection, rows: list[dict]) -> list[dict]:
    """The rules for the rows of ``fee`` that are of this schedule and have an amount.

    A rule has ``rule``, ``meaning``, ``evidence`` and ``source`` of ``ambulance_rule``, modifiers and
    place of the row, and ``amount`` in dollars of each of the ``first_units`` miles where it gives one of its
    own (``pays`` is 'mile', else 'note').
    """
    found = []
    for row in rows:
        if row["schedule"] == NAME and row["amount"] is not None:
            place = {name: row[name] for name in (*MODIFIERS, *PLACE)}
            rules = rows_of(con, RULES, {name: row[name] for name in OF_ROW})
            found += [place | rule for rule in rules]
    return found
