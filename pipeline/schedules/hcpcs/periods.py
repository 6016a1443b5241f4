"""Which days a release is for, and which one CMS should have posted by now: one each quarter."""

from datetime import date

from pipeline.release import quarter

# To 2020 the file of January was the only one of its year (its read-me says so).
LAST_YEARLY = 2020

CODES = quarter.Quarterly("HCPCS", "HCPCS Level II codes", "HCPCS Quarterly Update")

missing_release = CODES.missing_release


def period(release_id: str, year: int) -> tuple[date, date]:
    """The first and the last day that a release is for; one of a later quarter ends it before."""
    first, last = quarter.period(release_id, year)
    return first, date(year, 12, 31) if year <= LAST_YEARLY else last
