"""Which edits CMS should have posted by now: a release of each setting each quarter."""

from collections.abc import Iterable
from datetime import date

from pipeline.release.quarter import Missing, Quarterly, is_held, quarter_of
from pipeline.schedules.ncci.settings import SETTINGS

EDITS = Quarterly("NCCI", "Procedure-to-Procedure Edits", "Procedure to Procedure (PTP) Edits")


def missing_release(releases: Iterable[dict], today: date) -> Missing | None:
    """What is missing where a setting of which the warehouse holds edits has none of that day, else None."""
    held = list(releases)
    release_id = EDITS.release_id(today.year, quarter_of(today))
    missing, late = [], []
    for setting in SETTINGS:
        of_setting = [x for x in held if x["release_id"].endswith(setting.suffix)]
        if of_setting and not is_held(of_setting, today):
            missing.append(release_id + setting.suffix)
            late += of_setting
    return EDITS.missing(missing, late, today) if missing else None
