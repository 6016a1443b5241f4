"""The Medically Unlikely Edits as the machinery takes them."""

from pathlib import Path

from pipeline.release.quarter import period
from pipeline.release.schedule import Change, FeeSchedule, Model
from pipeline.schedules.mue.change import HERE as CHANGE
from pipeline.schedules.mue.change import mue_change_query
from pipeline.schedules.mue.declared import NAME
from pipeline.schedules.mue.identity import identify
from pipeline.schedules.mue.listing import LISTING
from pipeline.store.sql import compose

HERE = Path(__file__).parent
MODEL = HERE / "model"


def mue_query() -> str:
    """The SELECT of ``mue`` over ``stage.mue`` and ``this_release``."""
    return compose(MODEL / "mue.sql")


MUE = FeeSchedule(
    name=NAME,
    title="Medically Unlikely Edits",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=Model(tables={"mue": mue_query}, folders=(MODEL,)),
    change=Change("mue_change", ("mue",), mue_change_query, (CHANGE,)),
)
