"""Which laboratory fees CMS should have posted by now: a release each quarter."""

from pipeline.release.quarter import Quarterly

LABORATORY_FEES = Quarterly("CLFS", "laboratory fees", "Clinical Laboratory Fee Schedule Files")

missing_release = LABORATORY_FEES.missing_release
