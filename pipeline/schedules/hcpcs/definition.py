"""HCPCS Level II as the machinery takes it: a dictionary that is released like a schedule."""

from pathlib import Path

from pipeline.release.code_system import code_system
from pipeline.release.schedule import Change, Connection, FeeSchedule, Model, Whole
from pipeline.schedules.hcpcs.change import HERE as CHANGE
from pipeline.schedules.hcpcs.change import hcpcs_item_change_query
from pipeline.schedules.hcpcs.declared import NAME, schedule
from pipeline.schedules.hcpcs.identity import identify
from pipeline.schedules.hcpcs.listing import LISTING
from pipeline.schedules.hcpcs.periods import period
from pipeline.store.database import csv_query
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose, compose_with

HERE = Path(__file__).parent
MODEL = HERE / "model"
INDICATOR = "hcpcs_indicator"


def indicator_query() -> str:
    """The SELECT of ``hcpcs_indicator``, what the indicators mean."""
    return csv_query(schedule().reference_file(INDICATOR), {})


def stage_indicators(con: Connection, _: Artefact) -> None:
    """The meanings of indicators, for the check that every one is known."""
    con.execute(f"CREATE TABLE {INDICATOR} AS {indicator_query()}")


def hcpcs_item_query() -> str:
    """The SELECT of ``hcpcs_item`` over ``stage.hcpcs`` and ``this_release``."""
    return compose_with(
        MODEL / "hcpcs_item.sql",
        {"code_system": code_system("hcpcs_code")},
        listed=compose(MODEL / "listed_record.sql"),
    )


def hcpcs_modifier_query() -> str:
    """The SELECT of ``hcpcs_modifier`` over ``stage.hcpcs`` and ``this_release``."""
    return compose(MODEL / "hcpcs_modifier.sql", listed=compose(MODEL / "listed_record.sql"))


HCPCS = FeeSchedule(
    name=NAME,
    title="HCPCS Level II",
    lifetimes="hcpcs_item",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=Model(
        tables={"hcpcs_item": hcpcs_item_query, "hcpcs_modifier": hcpcs_modifier_query},
        shared_with=("hcpcs_modifier",),
        stage=stage_indicators,
        curated=(INDICATOR,),
        folders=(MODEL,),
    ),
    change=Change("hcpcs_item_change", ("hcpcs_item",), hcpcs_item_change_query, (CHANGE,)),
    whole=Whole(
        curated={INDICATOR: indicator_query},
        made_from=lambda: [schedule().reference_file(INDICATOR)],
    ),
)
