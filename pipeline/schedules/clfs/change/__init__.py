"""What changed between two releases: tests added and removed, rates, descriptors."""

from pathlib import Path

from pipeline.store.sql import compose

HERE = Path(__file__).parent


def lab_fee_change_query(pair: str) -> str:
    """The SELECT of ``lab_fee_change`` for a SELECT of two releases, over ``lab_fee``."""
    return compose(HERE / "lab_fee_change.sql", pair=pair)
