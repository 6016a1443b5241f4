"""Which laboratory fees CMS should have posted by now: a release each quarter."""

from datetime import date

from pipeline.release.quarter import Quarterly

LABORATORY_FEES = Quarterly(
    "CLFS", "laboratory fees", "Clinical Laboratory Fee Schedule Files", since=date(2020, 1, 1)
)

missing_release = LABORATORY_FEES.missing_release
fetched_for_day = LABORATORY_FEES.fetched_for_day
