"""Which release CMS should have posted by now: one for each quarter, before it begins."""

from collections.abc import Iterable
from datetime import date

from pipeline.command import command
from pipeline.release.quarter import Missing, last_day_posted, latest_of
from schemas.definitions import SCHEMAS, read_reference

# Read by itself, because a refresh with nothing to do needs no other definition.
LETTERS = SCHEMAS / "pfs" / "reference" / "release_letter.csv"
PERIODS = SCHEMAS / "pfs" / "reference" / "effective_period.csv"


# CMS lists no release of a year before.
FIRST_YEAR = 2003


def fetched_for_day(day: date) -> str:
    """The command that fetches the release for a day of service; '' where CMS lists none."""
    is_listed = day.year >= FIRST_YEAR and day <= last_day_posted()
    return command(f"fetch {release_of(day)}") if is_listed else ""


def missing_release(releases: Iterable[dict], today: date) -> Missing | None:
    """What is missing where no release is in force in the quarter of ``today``, else None.

    ``releases`` have ``release_id``, ``effective_from`` and ``effective_to`` (dates, or texts
    as 2025-10-01), as a manifest and the table ``release`` list them.
    """
    held = list(releases)
    name, begins, ends = _quarter(today)
    if any(str(x["effective_from"]) <= ends and begins <= str(x["effective_to"]) for x in held):
        return None
    latest = latest_of(held)
    sentence = (
        f"CMS's quarter from {begins} has begun, and no release of it ({name}, say) is "
        f"loaded{f'; the latest is {latest}' if latest else ''}. Get it from CMS into the raw folder, or run: "
        f"{command('fetch --latest')}"
    )
    return Missing((name,), latest, sentence)


def release_of(day: date) -> str:
    """The release that is for a day: one with days of its own, as RVU24AR, else the plain one of its quarter."""
    of_its_own = [
        (row["effective_from"], row["release_id"])
        for row in read_reference(PERIODS)
        if row["effective_from"] <= f"{day}" <= row["effective_to"]
    ]
    return max(of_its_own)[1] if of_its_own else _quarter(day)[0]


def _quarter(today: date) -> tuple[str, str, str]:
    """The plain release of the quarter of a day, and the quarter's first and last day."""
    day = f"{today:%m-%d}"
    row = next(row for row in read_reference(LETTERS) if row["first_day"] <= day <= row["last_day"])
    year = today.year
    name = f"RVU{year % 100:02d}{row['letter']}"
    return name, f"{year}-{row['first_day']}", f"{year}-{row['last_day']}"
