"""Whose claims the edits are for: two tables each quarter, which are in force side by side."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One of the two: ``suffix`` ends the names of its releases (NCCI26Q3P), ``words`` name it."""

    name: str
    suffix: str
    people: str
    words: re.Pattern[str]


SETTINGS = (
    Setting("practitioner", "P", "practitioners", re.compile(r"practitioner|ccipra", re.I)),
    Setting("outpatient_hospital", "H", "hospitals", re.compile(r"hospital|ccioph", re.I)),
)


def setting_in(text: str) -> Setting | None:
    """The setting that a name or a head names; None where it names none, or both."""
    named = [setting for setting in SETTINGS if setting.words.search(text)]
    return named[0] if len(named) == 1 else None
