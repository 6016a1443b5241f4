"""Which edits CMS should have posted by now: a release of each setting each quarter."""

from collections.abc import Iterable
from datetime import date

from pipeline.release.quarter import Missing, Quarterly
from pipeline.schedules.ncci.settings import SETTINGS

EDITS = Quarterly("NCCI", "Procedure-to-Procedure Edits", "Procedure to Procedure (PTP) Edits")


def missing_release(releases: Iterable[dict], today: date) -> Missing | None:
    """What is missing where a setting of which the warehouse holds edits has none of that day, else None."""
    return SETTINGS.missing_release(EDITS, releases, today)
