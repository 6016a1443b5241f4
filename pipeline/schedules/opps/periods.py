"""Which quarterly addenda CMS should have posted by now: a release each quarter."""

from pipeline.release.quarter import Quarterly

ADDENDA = Quarterly(
    "OPPS",
    "hospital outpatient rates",
    "Hospital Outpatient PPS, Addendum A and Addendum B Updates",
)

missing_release = ADDENDA.missing_release
