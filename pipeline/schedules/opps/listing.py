"""Where CMS lists the quarterly addenda of hospital outpatient departments.

Names of zips: january-2025-opps-addendum-b.zip, cy-2026-april-opps-addendum-b.zip (source: the lists
that public loaders keep). Addendum A has zips of its own, which are no release by themselves, and the
final rule others.
"""

from pipeline.release.quarterly_listing import quarterly_listing
from pipeline.schedules.opps.identity import identify

LISTING = quarterly_listing(
    "opps",
    "/medicare/payment/prospective-payment-systems/hospital-outpatient-pps/quarterly-addenda-updates",
    topic=r"^(?!.*(?:nfrm|nprm|final[ _-]*rule|proposed)).*addendum[ _-]*b(?![a-z])",
    identify=identify,
)
