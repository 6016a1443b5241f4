"""Which crosswalk of drug packages CMS should have posted by now: a release each quarter."""

from pipeline.release.quarter import Quarterly

CROSSWALKS = Quarterly("NDC", "NDC-HCPCS crosswalks", "ASP Pricing Files")

missing_release = CROSSWALKS.missing_release
