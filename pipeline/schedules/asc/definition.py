"""The fees of ambulatory surgical centers as the machinery takes them."""

from functools import partial
from pathlib import Path

from pipeline.release.factor import MADE_FROM as FACTOR
from pipeline.release.quarter import period
from pipeline.release.schedule import Change, FeeSchedule, Model, Whole
from pipeline.schedules.asc import tables
from pipeline.schedules.asc.change import HERE as CHANGE
from pipeline.schedules.asc.change import asc_fee_change_query
from pipeline.schedules.asc.declared import NAME, schedule
from pipeline.schedules.asc.identity import identify
from pipeline.schedules.asc.listing import LISTING
from pipeline.schedules.asc.reconcile import HERE as RECONCILE
from pipeline.schedules.asc.reconcile import reconcile

HERE = Path(__file__).parent

MODEL = Model(
    tables={
        "asc_fee": tables.asc_fee_query,
        "asc_excluded": tables.asc_excluded_query,
        "asc_indicator_text": tables.asc_indicator_text_query,
        "schedule_factor": tables.factor_query,
    },
    stage=tables.stage,
    rows_of=("asc_aa", "asc_bb"),
    reconcile=reconcile,
    curated=tuple(tables.CURATED),
    folders=(tables.MODEL, RECONCILE, *FACTOR),
)

ASC = FeeSchedule(
    name=NAME,
    title="ambulatory surgical centers",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=MODEL,
    without={
        "asc_bb": "it has no fees beside covered procedures",
        "asc_ff": "it has no device amounts",
        "asc_ee": "it lists no excluded procedures",
    },
    change=Change(
        "asc_fee_change", ("asc_fee", "schedule_factor"), asc_fee_change_query, (CHANGE,)
    ),
    whole=Whole(
        curated={name: partial(tables.curated_query, name) for name in ("asc_payment_indicator",)},
        made_from=lambda: [schedule().reference_file("asc_payment_indicator")],
    ),
)
