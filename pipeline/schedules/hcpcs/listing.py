"""Where CMS lists the files of HCPCS Level II.

Names of zips: october-2025-alpha-numeric-hcpcs-file.zip, 2019-Alpha-Numeric-HCPCS-File.zip (source:
public loaders).
"""

from pipeline.release.quarterly_listing import quarter_of_zip, quarterly_listing
from pipeline.schedules.hcpcs.identity import identify, quarter_claimed


def quarter_in(text: str) -> tuple[int, int] | None:
    """The year and the quarter that a name says: the yearly file was that of January."""
    return quarter_of_zip(text) or quarter_claimed(text)


LISTING = quarterly_listing(
    "hcpcs",
    "/medicare/coding-billing/healthcare-common-procedure-system/quarterly-update",
    topic=r"alpha[ _-]?numeric[ _-]+hcpcs",
    identify=identify,
    quarter_in=quarter_in,
)
