"""What changed between two releases: codes added and removed, rates, and why they changed."""

from pathlib import Path

from pipeline.schedules.asc.declared import schedule
from pipeline.store.sql import compose_with
from schemas.derive import quoted

HERE = Path(__file__).parent

# What the SELECT tells apart by itself.
TOLD = ("payment_indicator", "price_status", "payment_weight", "payment_rate")


def asc_fee_change_query(pair: str) -> str:
    """The SELECT of ``asc_fee_change`` for a SELECT of two releases, over ``asc_fee``."""
    fee, change = (schedule().tables[name] for name in ("asc_fee", "asc_fee_change"))
    left_out = {*fee.key, *TOLD, *(name for name, _ in change.leaves_out)}
    others = [
        f"if(before.{name} is distinct from after.{name}, {quoted(name)}, null)"
        for name in fee.column_names
        if name not in left_out
    ]
    return compose_with(HERE / "asc_fee_change.sql", {"others": ", ".join(others)}, pair=pair)
