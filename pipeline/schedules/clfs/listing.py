"""Where CMS lists the laboratory fees: a page for each quarter, named as its zip (26CLABQ3).

Names of zips: 18CLAB.zip (January), 25CLABQ1.zip, 25CLABQ3v2.zip (source: the lists that public
loaders keep).
"""

from pipeline.release.quarterly_listing import quarterly_listing
from pipeline.schedules.clfs.identity import claim_of, identify


def quarter_in(text: str) -> tuple[int, int] | None:
    """The year and the quarter that a name says."""
    claim = claim_of(text)
    return (claim.year, claim.quarter) if claim else None


LISTING = quarterly_listing(
    "clfs",
    "/medicare/payment/fee-schedules/clinical-laboratory-fee-schedule-clfs/files",
    topic="clab|clfs",
    identify=identify,
    quarter_in=quarter_in,
)
