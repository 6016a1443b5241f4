"""What changed between two releases: codes added and removed, limits, dosages, coinsurance, notes."""

from pathlib import Path

from pipeline.store.sql import compose

HERE = Path(__file__).parent


def drug_limit_change_query(pair: str) -> str:
    """The SELECT of ``drug_limit_change`` for a SELECT of two releases, over ``drug_limit``."""
    return compose(HERE / "drug_limit_change.sql", pair=pair)
