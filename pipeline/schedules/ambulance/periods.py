"""Which days a file of ambulance fees is for, and when one is missing: CMS posts one for each year."""

from collections.abc import Iterable
from datetime import date

from pipeline.release.quarter import Missing, is_held, latest_of


def period(_: str, year: int) -> tuple[date, date]:
    """The first and the last day of the year."""
    return date(year, 1, 1), date(year, 12, 31)


def missing_release(releases: Iterable[dict], today: date) -> Missing | None:
    """What is missing where no release is in force on a day, else None.

    ``releases`` have ``release_id``, ``effective_from`` and ``effective_to``, as a manifest and the
    table ``release`` list them.
    """
    held = list(releases)
    if is_held(held, today):
        return None
    latest, name = latest_of(held), f"AFS{today.year % 100:02d}CY"
    sentence = (
        f"The latest ambulance fees that are loaded are {latest}, and the year {today.year} has begun "
        f"({name}). Get them from CMS (on cms.gov: Ambulance Fee Schedule Public Use Files) into the raw folder."
    )
    return Missing((name,), latest, sentence, is_fetched=False)
