"""What changed between two releases: codes added and ended, pricing indicators, texts."""

from pathlib import Path

from pipeline.release.compared import before_and_after, compared_columns, differing
from pipeline.schedules.hcpcs.declared import schedule
from pipeline.store.sql import compose_with

HERE = Path(__file__).parent


def hcpcs_item_change_query(pair: str) -> str:
    """The SELECT of ``hcpcs_item_change`` for a SELECT of two releases, over ``hcpcs_item``."""
    tables = schedule().tables
    columns = compared_columns(tables["hcpcs_item"], tables["hcpcs_item_change"])
    names = {"differing": differing(columns)}
    sides = before_and_after("hcpcs_item", pair)
    return compose_with(HERE / "hcpcs_item_change.sql", names, **sides)
