"""Where CMS lists the Medically Unlikely Edits: three zips each quarter.

Names of zips: medicare-ncci-2026-q2-practitioner-services-mue-table.zip,
medicare-ncci-2026-q2-facility-outpatient-hospital-services-mue-table.zip,
medicare-ncci-2026-q2-dme-supplier-services-mue-table.zip (source: public loaders).
"""

from pipeline.release.quarterly_listing import quarterly_listing
from pipeline.schedules.mue.identity import identify
from pipeline.schedules.mue.settings import SETTINGS

LISTING = quarterly_listing(
    "mue",
    "/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-medically-unlikely-edits",
    # A name without its setting is that of no file.
    topic=r"(?=.*(?:practitioner|hospital|supplier)).*(?:(?<![a-z])mue(?![a-z])|medically[ _-]*unlikely)",
    identify=identify,
    suffix_of=SETTINGS.suffix_in,
)
