"""Quarters of a year: how names say them, the days that they have, and CMS's files that are missing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.command import command

# A refresh with nothing to do asks this module, and no definition of a schedule.

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


# A year and a quarter (1 to 4).
Quarter = tuple[int, int]

# How names of files and zips say a quarter: 25CLABQ1, 2026-q2; by the month that it begins with, as in
# Jan 2025, JUL 2025, january-2025, April_2025, April07ASPbyHCPCS, Apr-13-ASP; 2018-Jul-ASC. Of the
# month of a day, as in January 12 2025, two digits are no year.
FIRST_MONTH = r"(?P<month>jan(?:uary)?|apr(?:il)?|july?|oct(?:ober)?)"
QUARTER_NAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?:20)?(?P<year>\d\d)[ _-]*q(?P<quarter>[1-4])(?!\d)",
        rf"(?<![a-z]){FIRST_MONTH}[ _-]*20(?P<year>\d\d)(?!\d)",
        rf"(?<!\d)20(?P<year>\d\d)[ _-]*{FIRST_MONTH}(?![a-z])",
        rf"(?<![a-z]){FIRST_MONTH}[ _-]*(?P<year>\d\d)(?![ ,._/-]*\d)",
    )
)


def quarter_named(text: str) -> Quarter | None:
    """The year and the quarter that a name says, in any of CMS's ways; None where it says none."""
    for pattern in QUARTER_NAMES:
        found = pattern.search(text)
        if found:
            said = found.groupdict()
            quarter = said.get("quarter") or quarter_of_month(month_number(said["month"]))
            return 2000 + int(said["year"]), int(quarter)
    return None


def without_quarter(text: str) -> str:
    """A name without the quarter that it says, whose digits are those of no day."""
    for pattern in QUARTER_NAMES:
        text = pattern.sub(" ", text)
    return text


def quarter_days(year: int, quarter: int) -> tuple[date, date]:
    """The first and the last day of a quarter (1 to 4) of a year."""
    begins = date(year, 3 * quarter - 2, 1)
    after = date(year + quarter // 4, (3 * quarter) % 12 + 1, 1)
    return begins, after - timedelta(days=1)


def quarter_of(day: date) -> int:
    """The quarter that a day is of."""
    return quarter_of_month(day.month)


def quarter_of_month(month: int) -> int:
    """The quarter that a month (1 to 12) is of."""
    return (month + 2) // 3


def month_number(word: str) -> int:
    """The month of an English name or of its first three letters; ValueError where it is none."""
    return MONTHS.index(word[:3].lower()) + 1


# So many releases are named one by one in a command.
MOST_FETCHED = 4


def last_day_posted() -> date:
    """The last day of which CMS may have posted a release: it posts January's in the autumn before."""
    return date(date.today().year + 1, 12, 31)


def fetched_for(schedule: str, first: date, last: date, suffix: str = "") -> str:
    """The command that fetches the releases of a quarterly schedule that days of service need.

    ``suffix`` ends the names of its releases (MUE25Q4P); without a name the latest one would come.
    """
    quarters = {
        (year, quarter)
        for year in range(first.year, last.year + 1)
        for quarter in (1, 2, 3, 4)
        if (first.year, quarter_of(first)) <= (year, quarter) <= (last.year, quarter_of(last))
    }
    if len(quarters) > MOST_FETCHED:
        return command(f"fetch --schedule {schedule} --all")
    names = [
        f"{schedule.upper()}{year % 100:02d}Q{quarter}{suffix}"
        for year, quarter in sorted(quarters)
    ]
    return command(f"fetch {' '.join(names)}")


@dataclass(frozen=True)
class Missing:
    """What a schedule lacks of the releases that CMS should have posted by a day.

    ``release_ids`` are their names, ``latest`` the newest one that is held, '' where there is none.
    ``is_fetched`` says whether ``fees fetch`` has them, and ``sentence`` what to do in words.
    """

    release_ids: tuple[str, ...]
    latest: str
    sentence: str
    is_fetched: bool = True

    @property
    def words(self) -> str:
        """Their names, and the newest one that is held."""
        latest = f" (latest {self.latest})" if self.latest else ""
        return f"{', '.join(self.release_ids)}{latest}"


@dataclass(frozen=True)
class Quarterly:
    """A series of files that CMS posts each quarter.

    ``prefix`` begins the names of its releases (CLFS25Q1), ``what`` says what they hold, and
    ``page`` names the page on cms.gov that lists them. From the day ``since`` on it lists one for every
    quarter; None where nobody has asked since when.
    """

    prefix: str
    what: str
    page: str
    since: date | None = None

    def release_id(self, year: int, quarter: int) -> str:
        """The release of a quarter."""
        return f"{self.prefix}{year % 100:02d}Q{quarter}"

    def fetched_for_day(self, day: date) -> str:
        """The command that fetches the release of a day of service; '' where CMS may not list one."""
        if self.since is None or not self.since <= day <= last_day_posted():
            return ""
        return fetched_for(self.prefix.lower(), day, day)

    def missing_release(self, releases: Iterable[dict], today: date) -> Missing | None:
        """What is missing where no release is in force in the quarter of ``today``, else None.

        ``releases`` have ``release_id``, ``effective_from`` and ``effective_to`` (dates, or texts
        as 2025-10-01), as a manifest and the table ``release`` list them.
        """
        held = list(releases)
        if is_held(held, today):
            return None
        return self.missing([self.release_id(today.year, quarter_of(today))], held, today)

    def missing(self, names: list[str], releases: Iterable[dict], today: date) -> Missing:
        """What is said where releases of the quarter of ``today`` are missing."""
        begins, _ = quarter_days(today.year, quarter_of(today))
        latest = latest_of(releases)
        sentence = (
            f"CMS's quarter from {begins} has begun, and no {self.what} of it "
            f"({', '.join(names)}) are loaded{f'; the latest is {latest}' if latest else ''}. Get them from CMS "
            f"(on cms.gov: {self.page}) into the raw folder, or run: "
            f"{command(f'fetch --schedule {self.prefix.lower()}')}"
        )
        return Missing(tuple(names), latest, sentence)


def latest_of(releases: Iterable[dict]) -> str:
    """The name of the release that begins last; '' of none."""
    held = [(str(x["effective_from"]), x["release_id"]) for x in releases]
    return str(max(held)[1]) if held else ""


def is_held(releases: Iterable[dict], today: date) -> bool:
    """Whether one of the releases is in force in the quarter of ``today``."""
    begins, ends = map(str, quarter_days(today.year, quarter_of(today)))
    return any(
        str(x["effective_from"]) <= ends and begins <= str(x["effective_to"]) for x in releases
    )


def period(release_id: str, year: int) -> tuple[date, date]:
    """The first and the last day of service that a release is for: the quarter that its name has."""
    return quarter_days(year, int(release_id.rpartition("Q")[2][0]))
