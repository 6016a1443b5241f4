"""Which year a release is of, and when one is missing: CMS posts one a year, on no fixed day."""

from collections.abc import Iterable
from datetime import date

from pipeline.release.quarter import Missing, latest_of

# The release of a year may come as late as in the year after it.
LATEST_DELAY = 1


def period(_: str, year: int) -> tuple[date, date]:
    """The first and the last day of the year that a release is of; its classes hold for all years."""
    return date(year, 1, 1), date(year, 12, 31)


def missing_release(releases: Iterable[dict], today: date) -> Missing | None:
    """What is missing where the latest release is of a year before last, else None.

    ``releases`` have ``release_id`` and ``effective_from``, as a manifest and the table ``release``
    list them.
    """
    held = list(releases)
    wanted = today.year - LATEST_DELAY
    if max(int(str(one["effective_from"])[:4]) for one in held) >= wanted:
        return None
    latest, name = latest_of(held), f"RBCS{wanted % 100:02d}RY"
    sentence = (
        f"The latest classes of codes that are loaded are {latest}, and CMS posts new ones "
        f"each year ({name}). Get them from CMS (on data.cms.gov: Restructured BETOS "
        "Classification System) into the raw folder."
    )
    return Missing((name,), latest, sentence, is_fetched=False)
