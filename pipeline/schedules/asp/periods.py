"""Which payment limits of drugs CMS should have posted by now: a release each quarter."""

from datetime import date

from pipeline.release.quarter import Quarterly

DRUG_LIMITS = Quarterly(
    "ASP", "payment limits of drugs", "ASP Pricing Files", since=date(2007, 1, 1)
)

missing_release = DRUG_LIMITS.missing_release
fetched_for_day = DRUG_LIMITS.fetched_for_day
