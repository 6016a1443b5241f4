"""The payment limits of Part B drugs as the machinery takes them."""

from pathlib import Path

from pipeline.release.code_system import code_system
from pipeline.release.quarter import period
from pipeline.release.schedule import Change, FeeSchedule, Model
from pipeline.schedules.asp.change import HERE as CHANGE
from pipeline.schedules.asp.change import drug_limit_change_query
from pipeline.schedules.asp.identity import identify
from pipeline.schedules.asp.listing import LISTING
from pipeline.store.sql import compose_with

HERE = Path(__file__).parent
MODEL = HERE / "model"


def drug_limit_query() -> str:
    """The SELECT of ``drug_limit`` over ``stage.asp`` and ``this_release``."""
    return compose_with(MODEL / "drug_limit.sql", {"code_system": code_system("asp.hcpcs_code")})


ASP = FeeSchedule(
    name="asp",
    title="Payment limits of Part B drugs",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=Model(tables={"drug_limit": drug_limit_query}, folders=(MODEL,)),
    change=Change("drug_limit_change", ("drug_limit",), drug_limit_change_query, (CHANGE,)),
)
