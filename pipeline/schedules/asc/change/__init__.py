"""What changed between two releases: codes added and removed, rates, and why they changed."""

from pathlib import Path

from pipeline.release.compared import before_and_after, compared_columns, differing
from pipeline.schedules.asc.declared import schedule
from pipeline.store.sql import compose_with

HERE = Path(__file__).parent

# What the SELECT tells apart by itself.
TOLD = ("payment_indicator", "price_status", "payment_weight", "payment_rate")


def asc_fee_change_query(pair: str) -> str:
    """The SELECT of ``asc_fee_change`` for a SELECT of two releases, over ``asc_fee``."""
    tables = schedule().tables
    columns = compared_columns(tables["asc_fee"], tables["asc_fee_change"], TOLD)
    sides = before_and_after("asc_fee", pair)
    return compose_with(HERE / "asc_fee_change.sql", {"others": differing(columns)}, **sides)
