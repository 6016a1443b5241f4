"""The Clinical Laboratory Fee Schedule as the machinery takes it."""

from pathlib import Path

import duckdb

from pipeline.release.schedule import Change, FeeSchedule, Model, Whole
from pipeline.schedules.clfs.answer import answer
from pipeline.schedules.clfs.change import change_between
from pipeline.schedules.clfs.declared import NAME
from pipeline.schedules.clfs.identity import identify
from pipeline.schedules.clfs.periods import period
from pipeline.store.sql import compose

HERE = Path(__file__).parent
MODEL = HERE / "model"
VIEWS = HERE / "view"


def lab_fee_query() -> str:
    """The SELECT of ``lab_fee`` over ``stage.clfs`` and ``this_release``."""
    return compose(MODEL / "lab_fee.sql")


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Every view."""
    for path in sorted(VIEWS.glob("*.sql")):
        con.execute(f"CREATE VIEW {path.stem} AS {compose(path)}")


CLFS = FeeSchedule(
    name=NAME,
    title="Clinical Laboratory Fee Schedule",
    home=HERE,
    identify=identify,
    period=period,
    model=Model(tables={"lab_fee": lab_fee_query}, folders=(MODEL,)),
    change=Change("lab_fee_change", change_between),
    answer=answer,
    whole=Whole(views=create_views, made_from=lambda: [VIEWS]),
)
