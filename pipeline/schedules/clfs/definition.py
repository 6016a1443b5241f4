"""The Clinical Laboratory Fee Schedule as the machinery takes it."""

from pathlib import Path

from pipeline.release.code_system import code_system
from pipeline.release.quarter import period
from pipeline.release.schedule import Change, FeeSchedule, Model
from pipeline.schedules.clfs.change import HERE as CHANGE
from pipeline.schedules.clfs.change import lab_fee_change_query
from pipeline.schedules.clfs.declared import NAME
from pipeline.schedules.clfs.identity import identify
from pipeline.schedules.clfs.listing import LISTING
from pipeline.store.sql import compose_with

HERE = Path(__file__).parent
MODEL = HERE / "model"


def lab_fee_query() -> str:
    """The SELECT of ``lab_fee`` over ``stage.clfs`` and ``this_release``."""
    return compose_with(MODEL / "lab_fee.sql", {"code_system": code_system("clfs.hcpcs_code")})


CLFS = FeeSchedule(
    name=NAME,
    title="Clinical Laboratory Fee Schedule",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=Model(tables={"lab_fee": lab_fee_query}, folders=(MODEL,)),
    change=Change("lab_fee_change", ("lab_fee",), lab_fee_change_query, (CHANGE,)),
)
