"""What becomes of the fees: rental by month, purchase and limits, for each amount of an answer."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

from pipeline.schedules.dmepos.declared import NAME
from pipeline.store.database import rows_of
from pipeline.store.sql import compose_with

ITEM = ("release_id", "hcpcs_code", "modifier", "modifier2")
RULES = compose_with(
    Path(__file__).parent / "rules_of_item.sql", {name: f"${name}" for name in ITEM}
)

CENT = Decimal("0.01")

# What tells where an amount holds.
PLACE = ("state", "is_rural", "cba")
MODIFIERS = ("modifier", "modifier2", "modifier3")


def rules_of(con: duckdb.DuckDBPyConnection, rows: list[dict]) -> list[dict]:
    """The rules for the rows of ``fee`` that are of this schedule, each with its amount in dollars.

    A rule has ``rule``, ``month_from``, ``month_to``, ``percent``, ``pays``, ``meaning``, ``evidence`` and
    ``source`` of ``dme_payment_rule``, modifiers and place of the row, and ``amount``: None where the
    rule gives none, or the fee that it is a share of is not known.
    """
    found = []
    for row in (x for x in rows if x["schedule"] == NAME):
        key = {name: row[name] for name in ITEM}
        place = {name: row[name] for name in (*MODIFIERS, *PLACE)}
        found += [
            place | rule | {"amount": _amount(rule, row, rows)} for rule in rows_of(con, RULES, key)
        ]
    return found


def _amount(rule: dict, row: dict, rows: list[dict]) -> Decimal | None:
    """What the rule gives: a share of the fee, a price that the fee is a share of, or a limit, which is a
    share of the fee of the new item in the same place."""
    if rule["pays"] in ("share", "note") or rule["percent"] is None:
        return None
    fee = _fee_of_the_new(row, rows) if rule["pays"] == "limit" else row["amount"]
    if fee is None:
        return None
    share = rule["percent"] / 100
    given = fee / share if rule["pays"] == "purchase" else fee * share
    return given.quantize(CENT, ROUND_HALF_UP)


def _fee_of_the_new(row: dict, rows: list[dict]) -> Decimal | None:
    same = ("schedule", "modifier2", "modifier3", *PLACE)
    new = (x for x in rows if x["modifier"] == "NU" and all(x[name] == row[name] for name in same))
    return next((x["amount"] for x in new), None)
