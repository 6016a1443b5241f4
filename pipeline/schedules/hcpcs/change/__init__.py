"""What changed between two releases: codes added and ended, pricing indicators, texts."""

from pathlib import Path

from pipeline.schedules.hcpcs.declared import schedule
from pipeline.store.sql import compose_with

HERE = Path(__file__).parent


def hcpcs_item_change_query(pair: str) -> str:
    """The SELECT of ``hcpcs_item_change`` for a SELECT of two releases, over ``hcpcs_item``."""
    table = schedule().tables["hcpcs_item"]
    left_out = {name for name, _ in schedule().tables["hcpcs_item_change"].leaves_out}
    compared = [x for x in table.column_names if x not in left_out | set(table.key)]
    differing = ",\n      ".join(
        f"if(before.{name} is distinct from after.{name}, '{name}', null)" for name in compared
    )
    return compose_with(HERE / "hcpcs_item_change.sql", {"differing": differing}, pair=pair)
