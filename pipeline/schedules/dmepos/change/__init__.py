"""What changed between two releases: items added and removed, fees, and what differs."""

from pathlib import Path

from pipeline.release.compared import before_and_after, compared_columns, differing
from pipeline.schedules.dmepos.declared import schedule
from pipeline.store.sql import compose, compose_with

HERE = Path(__file__).parent

# What the SELECT tells apart by itself.
TOLD = ("price_status", "national_amount", "lowest_amount", "highest_amount")


def dme_change_query(pair: str) -> str:
    """The SELECT of ``dme_change`` for a SELECT of two releases, over ``dme_item`` and ``dme_fee``."""
    tables = schedule().tables
    columns = compared_columns(tables["dme_item"], tables["dme_change"], TOLD)
    fees = compose(HERE / "fee_change.sql", **before_and_after("dme_fee", pair))
    sides = before_and_after("dme_item", pair)
    return compose_with(HERE / "dme_change.sql", {"others": differing(columns)}, fees=fees, **sides)
