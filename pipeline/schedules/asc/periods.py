"""Which fees of surgical centers CMS should have posted by now: a release each quarter."""

from pipeline.release.quarter import Quarterly

SURGICAL_CENTERS = Quarterly("ASC", "fees of surgical centers", "ASC Payment Rates - Addenda")

missing_release = SURGICAL_CENTERS.missing_release
