"""Where CMS lists the addenda of ambulatory surgical centers.

Names of zips: 2018-Oct-ASC-Addenda.zip, march-9-2024-asc-approved-hcpcs-code-and-payment-rates.zip,
april-2025-asc-approved-hcpcs-code-and-payment-rates-updated-04/07/2025.zip, and for January 2026 that
of the final rule, 2026-nfrm-addendum-aa-bb-dd1-dd2-ee-ff.zip (source: the lists that public loaders
keep).
"""

from pipeline.release.quarterly_listing import quarter_of_zip, quarterly_listing
from pipeline.schedules.asc.identity import identify, quarter_in_name


def quarter_in(text: str) -> tuple[int, int] | None:
    """The year and the quarter that a name says, or that of a day in it."""
    return quarter_in_name(text) or quarter_of_zip(text)


LISTING = quarterly_listing(
    "asc",
    "/medicare/payment/prospective-payment-systems/ambulatory-surgical-center-asc/asc-payment-rates-addenda",
    topic=r"(?<![a-z])asc(?![a-z])|nfrm[ _-]*addendum[ _-]*aa",
    identify=identify,
    quarter_in=quarter_in,
)
