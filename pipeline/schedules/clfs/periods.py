"""Which days a release is for, and which one CMS should have posted by now: one each quarter."""

from collections.abc import Iterable
from datetime import date, timedelta

# A refresh with nothing to do asks this module and no other of the schedule.


def period(release_id: str, year: int) -> tuple[date, date]:
    """The first and the last day of service that a release is for: its quarter."""
    return _quarter(year, int(release_id[-1]))


def missing_release(releases: Iterable[dict], today: date) -> str:
    """A sentence where no release is in force in the quarter of ``today``, else ''.

    ``releases`` have ``release_id``, ``effective_from`` and ``effective_to`` (dates, or texts
    as 2025-10-01), as a manifest and the table ``release`` list them.
    """
    periods = [
        (str(x["effective_from"]), str(x["effective_to"]), x["release_id"]) for x in releases
    ]
    quarter = (today.month + 2) // 3
    begins, ends = map(str, _quarter(today.year, quarter))
    if any(start <= ends and begins <= end for start, end, _ in periods):
        return ""
    latest = f"; the latest is {max(periods)[2]}" if periods else ""
    return (
        f"CMS's quarter from {begins} has begun, and no laboratory fees of it "
        f"(CLFS{today.year % 100:02d}Q{quarter}) are loaded{latest}. Get them from CMS (on cms.gov: "
        "Clinical Laboratory Fee Schedule Files) into the raw folder."
    )


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    begins = date(year, 3 * quarter - 2, 1)
    after = date(year + quarter // 4, (3 * quarter) % 12 + 1, 1)
    return begins, after - timedelta(days=1)
