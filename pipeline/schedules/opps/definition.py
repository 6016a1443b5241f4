"""The quarterly addenda of hospital outpatient departments as the machinery takes them."""

from pathlib import Path

import duckdb

from pipeline.release.code_system import code_system
from pipeline.release.quarter import period
from pipeline.release.reconcile import Reconciled
from pipeline.release.schedule import Change, FeeSchedule, Model, Whole
from pipeline.schedules import opps_addenda as addenda
from pipeline.schedules.opps.change import HERE as CHANGE
from pipeline.schedules.opps.change import opps_code_change_query
from pipeline.schedules.opps.declared import NAME
from pipeline.schedules.opps.identity import identify
from pipeline.schedules.opps.listing import LISTING
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose_with

HERE = Path(__file__).parent
MODEL = HERE / "model"


def stage(con: duckdb.DuckDBPyConnection, _: Artefact) -> None:
    """What the SELECTs and checks need besides the files."""
    addenda.stage_addenda(con, NAME)


def opps_code_query() -> str:
    """The SELECT of ``opps_code`` over ``stage.addendum_b`` and ``this_release``."""
    return compose_with(MODEL / "opps_code.sql", {"code_system": code_system("hcpcs_code")})


def schedule_factor_query() -> str:
    """The SELECT of ``schedule_factor`` over ``stage.addendum_b`` and ``this_release``."""
    return addenda.factor_query(NAME)


def reconcile(con: duckdb.DuckDBPyConnection, read: Artefact) -> list[Reconciled]:
    """Compare the addenda of the release in ``con`` with themselves and with each other."""
    return addenda.reconcile_addenda(con, read, NAME)


OPPS = FeeSchedule(
    name=NAME,
    title="Hospital outpatient departments, quarterly addenda",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=Model(
        stage=stage,
        tables={
            "opps_code": opps_code_query,
            "opps_apc": addenda.apc_query,
            "schedule_factor": schedule_factor_query,
        },
        reconcile=reconcile,
        folders=(MODEL, *addenda.MADE_FROM),
        checks=(addenda.CHECKS,),
    ),
    without={"opps_addendum_a": "it has no titles of APCs"},
    change=Change(
        "opps_code_change", ("opps_code", "schedule_factor"), opps_code_change_query, (CHANGE,)
    ),
    whole=Whole(
        curated={"opps_status_price": addenda.status_price_query},
        made_from=lambda: [addenda.STATUS_PRICE],
    ),
)
