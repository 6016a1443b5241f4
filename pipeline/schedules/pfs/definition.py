"""The Physician Fee Schedule as the machinery takes it."""

from pipeline.release.schedule import Change, FeeSchedule
from pipeline.schedules.pfs.change import change_between
from pipeline.schedules.pfs.change.summary import summarise
from pipeline.schedules.pfs.companions import COMPANIONS
from pipeline.schedules.pfs.declared import NAME
from pipeline.schedules.pfs.identity import effective_period, identify
from pipeline.schedules.pfs.listing import LISTING
from pipeline.schedules.pfs.release_tables import MODEL
from pipeline.schedules.pfs.tables import HERE
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
    change=Change("rvu_change", change_between, summarise),
    companions=COMPANIONS,
    whole=WHOLE,
)
