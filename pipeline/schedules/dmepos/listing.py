"""Where CMS lists the fees for equipment: a page for each quarter, named as its zip (DME25-B).

Names of zips: dme25.zip (January), dme25-b.zip, dme25-c-updated-06/30/2025.zip, dme22c-posted-061722.zip,
dme-21ar.zip (source: the lists that public loaders keep).
"""

from pipeline.release.quarterly_listing import quarterly_listing
from pipeline.schedules.dmepos.identity import identify, quarter_of_names

LISTING = quarterly_listing(
    "dmepos",
    "/medicare/payment/fee-schedules/dmepos/dmepos-fee-schedule",
    topic=r"(?<![a-z])dme[ _-]?\d\d|dmepos",
    identify=identify,
    quarter_in=quarter_of_names,
)
