"""The crosswalk from drug packages to codes as the machinery takes it."""

from pathlib import Path

from pipeline.release.code_system import code_system
from pipeline.release.quarter import period
from pipeline.release.schedule import FeeSchedule, Model
from pipeline.schedules.ndc.identity import identify
from pipeline.schedules.ndc.listing import LISTING
from pipeline.store.sql import compose_with

HERE = Path(__file__).parent
MODEL = HERE / "model"


def drug_ndc_query() -> str:
    """The SELECT of ``drug_ndc`` over ``stage.ndc`` and ``this_release``."""
    return compose_with(MODEL / "drug_ndc.sql", {"code_system": code_system("ndc.hcpcs_code")})


NDC = FeeSchedule(
    name="ndc",
    title="Crosswalk from drug packages (NDC) to HCPCS codes",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=Model(tables={"drug_ndc": drug_ndc_query}, folders=(MODEL,)),
)
