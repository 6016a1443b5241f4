"""The Physician Fee Schedule as the machinery takes it."""

from pipeline.companions.kind import CompanionKind
from pipeline.release.schedule import Change, FeeSchedule
from pipeline.schedules.pfs.change import HERE as CHANGE
from pipeline.schedules.pfs.change import rvu_change_query
from pipeline.schedules.pfs.change.summary import summarise
from pipeline.schedules.pfs.declared import NAME
from pipeline.schedules.pfs.identity import effective_period, identify
from pipeline.schedules.pfs.listing import LISTING
from pipeline.schedules.pfs.release_tables import MODEL
from pipeline.schedules.pfs.tables import HERE
from pipeline.schedules.pfs.tables import MODEL as MODEL_SQL
from pipeline.schedules.pfs.whole import WHOLE

PFS = FeeSchedule(
    name=NAME,
    title="Physician Fee Schedule",
    home=HERE,
    identify=identify,
    period=effective_period,
    dated_by=("effective_period", "release_letter"),
    model=MODEL,
    listing=LISTING,
    without={
        "gpci": "it has no locality amounts",
        "pprrvu_qpp": "it has no amounts of qualifying participants in advanced APMs (class qp)",
    },
    change=Change(
        table="rvu_change",
        compared=("rvu", "payment_national"),
        query=rvu_change_query,
        folders=(CHANGE, MODEL_SQL / "formula.sql"),
        summary=summarise,
    ),
    companions={
        # Payment files and anesthesia workbooks are only compared with.
        "pfrev": CompanionKind(),
        "anesthesia_factor": CompanionKind(),
        "anesthesia_base_unit": CompanionKind(
            "anesthesia_base_unit",
            frame="pipeline.schedules.pfs.anesthesia_base_unit:anesthesia_base_units",
        ),
    },
    whole=WHOLE,
)
