"""Where CMS lists the procedure-to-procedure edits: four zips for each setting and quarter.

Names of zips: medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f1.zip to -f4.zip,
medicare-ncci-2026q2-hospital-ptp-edits-ccioph-v321r0-f1.zip (source: public loaders). The page lists
the additions and deletions of a quarter, too, which are no table of edits.
"""

from pipeline.release.quarter import Quarter
from pipeline.release.quarterly_listing import quarterly_listing
from pipeline.schedules.ncci.identity import identify, quarter_of_version
from pipeline.schedules.ncci.settings import SETTINGS


def quarter_in(text: str) -> Quarter | None:
    """The year and the quarter of the version that a name has."""
    found = quarter_of_version(text)
    return found and found[:2]


LISTING = quarterly_listing(
    "ncci",
    "/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-procedure-procedure-ptp-edits",
    topic=r"cci(?:pra|oph)[ _-]*v\d{3}r\d",
    identify=identify,
    suffix_of=SETTINGS.suffix_in,
    quarter_in=quarter_in,
)
