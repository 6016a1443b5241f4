"""Which fees of surgical centers CMS should have posted by now: a release each quarter."""

from datetime import date

from pipeline.release.quarter import Quarterly

SURGICAL_CENTERS = Quarterly(
    "ASC", "fees of surgical centers", "ASC Payment Rates - Addenda", since=date(2018, 1, 1)
)

missing_release = SURGICAL_CENTERS.missing_release
fetched_for_day = SURGICAL_CENTERS.fetched_for_day
