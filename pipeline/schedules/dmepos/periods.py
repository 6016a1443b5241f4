"""Which fees for equipment CMS should have posted by now: since 2016 a release in nearly every quarter."""

from pipeline.release.quarter import Quarterly

EQUIPMENT = Quarterly("DMEPOS", "fees for equipment and supplies", "DMEPOS Fee Schedule")

missing_release = EQUIPMENT.missing_release
