"""Where CMS lists the crosswalks of drug packages: on the page of the payment limits of drugs.

Names of zips: april-2025-asp-ndc-hcpcs-crosswalk.zip, july-2026-ndc-hcpcs-crosswalk.zip (source: the
lists that public loaders keep).
"""

from pipeline.release.quarterly_listing import quarterly_listing
from pipeline.schedules.ndc.identity import identify

LISTING = quarterly_listing(
    "ndc",
    "/medicare/payment/part-b-drugs/asp-pricing-files",
    topic=r"ndc[ _-]*hcpcs[ _-]*crosswalk",
    identify=identify,
)
