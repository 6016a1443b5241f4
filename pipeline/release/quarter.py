"""Quarters of a year: the days that they have, and the sentence where CMS's files of one are missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.command import command

# A refresh with nothing to do asks this module, and no definition of a schedule.

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def quarter_days(year: int, quarter: int) -> tuple[date, date]:
    """The first and the last day of a quarter (1 to 4) of a year."""
    begins = date(year, 3 * quarter - 2, 1)
    after = date(year + quarter // 4, (3 * quarter) % 12 + 1, 1)
    return begins, after - timedelta(days=1)


def quarter_of(day: date) -> int:
    """The quarter that a day is of."""
    return (day.month + 2) // 3


def month_number(word: str) -> int:
    """The month of an English name or of its first three letters; ValueError where it is none."""
    return MONTHS.index(word[:3].lower()) + 1


@dataclass(frozen=True)
class Quarterly:
    """A series of files that CMS posts each quarter.

    ``prefix`` begins the names of its releases (CLFS25Q1) and ``suffix`` ends them (MUE26Q2P),
    ``what`` says what they hold, and ``page`` names the page on cms.gov that lists them.
    """

    prefix: str
    what: str
    page: str
    suffix: str = ""

    def release_id(self, year: int, quarter: int) -> str:
        """The release of a quarter."""
        return f"{self.prefix}{year % 100:02d}Q{quarter}{self.suffix}"

    def missing_release(self, releases: Iterable[dict], today: date) -> str:
        """A sentence where no release is in force in the quarter of ``today``, else ''.

        ``releases`` have ``release_id``, ``effective_from`` and ``effective_to`` (dates, or texts
        as 2025-10-01), as a manifest and the table ``release`` list them.
        """
        periods = [
            (str(x["effective_from"]), str(x["effective_to"]), x["release_id"]) for x in releases
        ]
        quarter = quarter_of(today)
        begins, ends = map(str, quarter_days(today.year, quarter))
        if any(start <= ends and begins <= end for start, end, _ in periods):
            return ""
        latest = f"; the latest is {max(periods)[2]}" if periods else ""
        return (
            f"CMS's quarter from {begins} has begun, and no {self.what} of it "
            f"({self.release_id(today.year, quarter)}) are loaded{latest}. Get them from CMS "
            f"(on cms.gov: {self.page}) into the raw folder, or run: "
            f"{command(f'fetch --schedule {self.prefix.lower()}')}"
        )


def period(release_id: str, year: int) -> tuple[date, date]:
    """The first and the last day of service that a release is for: the quarter that its name has."""
    return quarter_days(year, int(release_id.rpartition("Q")[2][0]))
