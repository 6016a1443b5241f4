"""The Restructured BETOS Classification System as the machinery takes it."""

from pathlib import Path

from pipeline.release.code_system import code_system
from pipeline.release.schedule import Connection, FeeSchedule, Model, Whole
from pipeline.schedules.rbcs.declared import NAME
from pipeline.schedules.rbcs.identity import identify
from pipeline.schedules.rbcs.periods import period
from pipeline.store.sql import compose_with, macro_sql

HERE = Path(__file__).parent
MODEL = HERE / "model"
MACRO = HERE / "macro"


def code_category_query() -> str:
    """The SELECT of ``code_category`` over ``stage.rbcs`` and ``this_release``."""
    words = {"code_system": code_system("rbcs.hcpcs_code")}
    return compose_with(MODEL / "code_category.sql", words)


def create_macros(con: Connection) -> None:
    """The macro that asks for the class of a code on a day."""
    con.execute(macro_sql(MACRO / "code_category_on.sql"))


RBCS = FeeSchedule(
    name=NAME,
    title="Restructured BETOS Classification System",
    home=HERE,
    identify=identify,
    period=period,
    classes="code_category",
    model=Model(tables={"code_category": code_category_query}, folders=(MODEL,)),
    whole=Whole(macros=create_macros, made_from=lambda: [MACRO]),
)
