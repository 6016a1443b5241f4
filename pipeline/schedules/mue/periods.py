"""Which edits CMS should have posted by now: a release of each setting each quarter."""

from collections.abc import Iterable
from datetime import date

from pipeline.release.quarter import Quarterly
from pipeline.schedules.mue.settings import SETTINGS

EDITS = [
    Quarterly(
        "MUE", f"Medically Unlikely Edits for {one.people}", "Medically Unlikely Edits", one.suffix
    )
    for one in SETTINGS
]


def missing_release(releases: Iterable[dict], today: date) -> str:
    """A sentence for each setting of which the warehouse holds edits, but none of that day."""
    held = list(releases)
    sentences = []
    for edits in EDITS:
        of_setting = [x for x in held if x["release_id"].endswith(edits.suffix)]
        if of_setting:
            sentences.append(edits.missing_release(of_setting, today))
    return " ".join(filter(None, sentences))
