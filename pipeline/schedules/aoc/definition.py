"""The add-on code edits as the machinery takes them."""

from pathlib import Path

from pipeline.release.quarter import period
from pipeline.release.schedule import FeeSchedule, Model
from pipeline.schedules.aoc.identity import identify
from pipeline.schedules.aoc.listing import LISTING
from pipeline.store.sql import compose

HERE = Path(__file__).parent
MODEL = HERE / "model"


def add_on_code_query() -> str:
    """The SELECT of ``add_on_code`` over ``stage.aoc`` and ``this_release``."""
    return compose(MODEL / "add_on_code.sql")


AOC = FeeSchedule(
    name="aoc",
    title="Add-on Code Edits",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=Model(tables={"add_on_code": add_on_code_query}, folders=(MODEL,)),
)
