"""The fees for equipment, prosthetics, orthotics, supplies and nutrition as the machinery takes them."""

from pathlib import Path

from pipeline.release.quarter import period
from pipeline.release.schedule import Change, FeeSchedule, Model, Whole
from pipeline.schedules.dmepos import tables
from pipeline.schedules.dmepos.change import HERE as CHANGE
from pipeline.schedules.dmepos.change import dme_change_query
from pipeline.schedules.dmepos.declared import NAME, schedule
from pipeline.schedules.dmepos.identity import identify
from pipeline.schedules.dmepos.listing import LISTING
from pipeline.schedules.dmepos.rule import rules_of

HERE = Path(__file__).parent

MODEL = Model(
    tables={
        "dme_item": tables.dme_item_query,
        "dme_fee": tables.dme_fee_query,
        "dme_cba_fee": tables.dme_cba_fee_query,
        "dme_mail_order_fee": tables.dme_mail_order_fee_query,
        "dme_zip": tables.dme_zip_query,
    },
    stage=tables.stage,
    rows_of=("dmepos", "dme_pen"),
    several_lines=("dmepos_records", "dme_pen_records"),
    folders=(tables.MODEL,),
)

DMEPOS = FeeSchedule(
    name=NAME,
    title="DMEPOS Fee Schedule",
    home=HERE,
    identify=identify,
    period=period,
    listing=LISTING,
    model=MODEL,
    without={
        "dme_pen": "it has no fees for parenteral and enteral nutrition",
        "dme_cba": "it has no fees of former bidding areas, so that none is told there, or where nothing tells the areas those of the state",
        "dme_mail_order": "it has no fees of diabetic testing supplies by mail order",
        "dme_rural_zip": "it does not know which ZIP codes are rural",
        "dme_cba_zip": "it does not know the ZIP codes of former bidding areas",
    },
    change=Change("dme_change", ("dme_item", "dme_fee"), dme_change_query, (CHANGE,)),
    whole=Whole(
        curated={tables.RULES: tables.rules_query},
        made_from=lambda: [schedule().reference_file(tables.RULES)],
    ),
    rules=rules_of,
)
