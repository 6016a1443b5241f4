"""Whose claims the edits are for: two tables each quarter, which are in force side by side."""

import re

from pipeline.release.setting import Setting, Settings

SETTINGS = Settings(
    (
        Setting("practitioner", "P", "practitioners", re.compile(r"practitioner|ccipra", re.I)),
        Setting("outpatient_hospital", "H", "hospitals", re.compile(r"hospital|ccioph", re.I)),
    )
)
