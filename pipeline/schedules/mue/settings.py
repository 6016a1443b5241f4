"""Whose claims the edits are for: three files each quarter, which are in force side by side."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One of the three: ``suffix`` ends the names of its releases (MUE26Q2P), ``words`` name it."""

    name: str
    suffix: str
    people: str
    words: re.Pattern[str]


SETTINGS = (
    Setting("practitioner", "P", "practitioners", re.compile(r"practitioner", re.I)),
    Setting("outpatient_hospital", "H", "outpatient hospitals", re.compile(r"hospital", re.I)),
    Setting("dme_supplier", "S", "suppliers of equipment", re.compile(r"supplier", re.I)),
)


def setting_in(text: str) -> Setting | None:
    """The setting that a name or a head names; None where it names none, or several."""
    named = [setting for setting in SETTINGS if setting.words.search(text)]
    return named[0] if len(named) == 1 else None
