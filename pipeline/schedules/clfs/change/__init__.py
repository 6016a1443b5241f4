"""What changed between two releases: tests added and removed, rates, descriptors."""

from pathlib import Path

from pipeline.release.compared import before_and_after, compared_columns, differing
from pipeline.schedules.clfs.declared import schedule
from pipeline.store.sql import compose_with

HERE = Path(__file__).parent

# What the SELECT compares by itself.
TOLD = ("price_status", "rate")


def lab_fee_change_query(pair: str) -> str:
    """The SELECT of ``lab_fee_change`` for a SELECT of two releases, over ``lab_fee``."""
    tables = schedule().tables
    texts = differing(compared_columns(tables["lab_fee"], tables["lab_fee_change"], TOLD))
    sides = before_and_after("lab_fee", pair)
    return compose_with(HERE / "lab_fee_change.sql", {"texts": texts}, **sides)
