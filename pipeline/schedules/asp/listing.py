"""Where CMS lists the payment limits of drugs; the crosswalks of packages are on the same page.

Names of zips: 2018-Oct-ASP-Pricing-File.zip, january-2025-asp-pricing-file-12/19/24-final-file.zip,
april-2026-medicare-part-b-payment-limit-files-03-30-2026-final-file.zip (source: the lists that
public loaders keep).
"""

from pipeline.release.quarterly_listing import quarterly_listing
from pipeline.schedules.asp.identity import identify

PATH = "/medicare/payment/part-b-drugs/asp-pricing-files"

# Drugs without a code of their own (NOC) are in files of other columns.
TOPIC = r"^(?!.*(?<![a-z])(?:noc|not[ _-]+otherwise[ _-]+classified|ndc|crosswalk)(?![a-z])).*(?:asp[ _-]*pricing|asp.?by.?hcpcs|payment[ _-]*limit)"

LISTING = quarterly_listing("asp", PATH, topic=TOPIC, identify=identify)
