"""Which edits CMS should have posted by now: a release of each setting each quarter."""

from collections.abc import Iterable
from datetime import date

from pipeline.release.quarter import Missing, Quarterly
from pipeline.schedules.mue.settings import SETTINGS

EDITS = Quarterly("MUE", "Medically Unlikely Edits", "Medically Unlikely Edits")


def missing_release(releases: Iterable[dict], today: date) -> Missing | None:
    """What is missing where a setting of which the warehouse holds edits has none of that day, else None."""
    return SETTINGS.missing_release(EDITS, releases, today)
