"""What changed between two releases of a setting: edits added and ended, units, indicators."""

from pathlib import Path

from pipeline.release.compared import before_and_after
from pipeline.store.sql import compose

HERE = Path(__file__).parent


def mue_change_query(pair: str) -> str:
    """The SELECT of ``mue_change`` for a SELECT of two releases, over ``mue``."""
    return compose(HERE / "mue_change.sql", **before_and_after("mue", pair))
