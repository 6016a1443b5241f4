"""Which payment limits of drugs CMS should have posted by now: a release each quarter."""

from pipeline.release.quarter import Quarterly

DRUG_LIMITS = Quarterly("ASP", "payment limits of drugs", "ASP Pricing Files")

missing_release = DRUG_LIMITS.missing_release
