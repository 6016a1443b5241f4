"""Which year a release is of, and when one is missing: CMS posts one a year, on no fixed day."""

from collections.abc import Iterable
from datetime import date

# The release of a year may come as late as in the year after it.
LATEST_DELAY = 1


def period(_: str, year: int) -> tuple[date, date]:
    """The first and the last day of the year that a release is of; its classes hold for all years."""
    return date(year, 1, 1), date(year, 12, 31)


def missing_release(releases: Iterable[dict], today: date) -> str:
    """A sentence where the latest release is of a year before last, else ''.

    ``releases`` have ``release_id`` and ``effective_from``, as a manifest and the table ``release``
    list them.
    """
    latest = max(releases, key=lambda one: str(one["effective_from"]))
    wanted = today.year - LATEST_DELAY
    if int(str(latest["effective_from"])[:4]) >= wanted:
        return ""
    return (
        f"The latest classes of codes that are loaded are {latest['release_id']}, and CMS posts new ones "
        f"each year (RBCS{wanted % 100:02d}RY). Get them from CMS (on data.cms.gov: Restructured BETOS "
        "Classification System) into the raw folder."
    )
