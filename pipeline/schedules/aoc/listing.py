"""Where CMS lists the add-on code edits: a zip each quarter.

Names of zips: add-code-edits-medicare-effective-07012026.zip (source: public loaders).
"""

from pipeline.release.quarterly_listing import quarterly_listing
from pipeline.schedules.aoc.identity import identify, quarter_of_name

LISTING = quarterly_listing(
    "aoc",
    "/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-add-code-edits",
    # The same page has those for Medicaid.
    topic=r"(?=.*medicare|aoc_v).*(?:add-?(?:on-)?code-edits|aoc_v\d{4}q\d)",
    identify=identify,
    quarter_in=quarter_of_name,
)
