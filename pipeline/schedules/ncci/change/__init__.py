"""What changed between two releases of a setting: edits added and deleted, indicators."""

from pathlib import Path

from pipeline.release.compared import before_and_after
from pipeline.store.sql import compose

HERE = Path(__file__).parent


def ncci_pair_change_query(pair: str) -> str:
    """The SELECT of ``ncci_pair_change`` for a SELECT of two releases, over ``ncci_pair``."""
    return compose(HERE / "ncci_pair_change.sql", **before_and_after("ncci_pair", pair))
