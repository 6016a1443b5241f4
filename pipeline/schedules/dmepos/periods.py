"""Which fees for equipment CMS should have posted by now: since 2016 a release in nearly every quarter."""

from datetime import date

from pipeline.release.quarter import Quarterly

# There was none in the third quarter of 2021.
EQUIPMENT = Quarterly(
    "DMEPOS", "fees for equipment and supplies", "DMEPOS Fee Schedule", since=date(2021, 10, 1)
)

missing_release = EQUIPMENT.missing_release
fetched_for_day = EQUIPMENT.fetched_for_day
