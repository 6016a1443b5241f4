"""What changed between two quarters: codes added and removed, rates and their causes, texts."""

from pathlib import Path

from pipeline.release.compared import before_and_after
from pipeline.store.sql import compose

HERE = Path(__file__).parent


def opps_code_change_query(pair: str) -> str:
    """The SELECT of ``opps_code_change`` for a SELECT of two releases, over its compared tables."""
    return compose(HERE / "opps_code_change.sql", **before_and_after("opps_code", pair))
