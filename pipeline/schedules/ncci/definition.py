"""The procedure-to-procedure edits as the machinery takes them."""

from functools import partial
from pathlib import Path

from pipeline.read.sort import release_kinds
from pipeline.release.quarter import period
from pipeline.release.schedule import Change, Connection, FeeSchedule, Model, Whole
from pipeline.schedules.ncci.change import HERE as CHANGE
from pipeline.schedules.ncci.change import ncci_pair_change_query
from pipeline.schedules.ncci.declared import NAME, schedule
from pipeline.schedules.ncci.identity import identify
from pipeline.schedules.ncci.listing import LISTING
from pipeline.schedules.ncci.parts import stage_parts
from pipeline.store.database import csv_query
from pipeline.store.sql import compose, macro_sql

HERE = Path(__file__).parent
MODEL = HERE / "model"
MACRO = HERE / "macro"
MODIFIERS = schedule().reference_file("ncci_modifier")


def ncci_pair_query() -> str:
    """The SELECT of ``ncci_pair`` over ``stage.ncci`` and ``this_release``."""
    return compose(MODEL / "ncci_pair.sql")


def create_macros(con: Connection) -> None:
    """The macro that asks for the edits of some codes on a day."""
    con.execute(macro_sql(MACRO / "ncci_edits.sql"))


NCCI = FeeSchedule(
    name=NAME,
    title="Procedure-to-Procedure Edits",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=Model(
        tables={"ncci_pair": ncci_pair_query},
        stage=stage_parts,
        rows_of=tuple(release_kinds(NAME)),
        first_check="every_file_of_the_table_is_there",
        too_large_for_memory=True,
        restates_history=True,
        folders=(MODEL,),
    ),
    change=Change("ncci_pair_change", ("ncci_pair",), ncci_pair_change_query, (CHANGE,)),
    whole=Whole(
        curated={"ncci_modifier": partial(csv_query, MODIFIERS, {})},
        macros=create_macros,
        made_from=lambda: [MACRO, MODIFIERS],
    ),
)
