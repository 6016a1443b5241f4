"""Whose claims the edits are for: three files each quarter, which are in force side by side."""

import re

from pipeline.release.setting import Setting, Settings

SETTINGS = Settings(
    (
        Setting("practitioner", "P", "practitioners", re.compile(r"practitioner", re.I)),
        Setting("outpatient_hospital", "H", "outpatient hospitals", re.compile(r"hospital", re.I)),
        Setting("dme_supplier", "S", "suppliers of equipment", re.compile(r"supplier", re.I)),
    )
)
