"""Which release CMS should have posted by now: one for each quarter, before it begins."""

from collections.abc import Iterable
from datetime import date

from pipeline.command import command
from schemas.definitions import SCHEMAS, read_reference

# Read by itself, because a refresh with nothing to do needs no other definition.
LETTERS = SCHEMAS / "pfs" / "reference" / "release_letter.csv"


def missing_release(releases: Iterable[dict], today: date) -> str:
    """A sentence where no release is in force in the quarter of ``today``, else ''.

    ``releases`` have ``release_id``, ``effective_from`` and ``effective_to`` (dates, or texts
    as 2025-10-01), as a manifest and the table ``release`` list them.
    """
    periods = [
        (str(x["effective_from"]), str(x["effective_to"]), x["release_id"]) for x in releases
    ]
    name, begins, ends = _quarter(today)
    if any(start <= ends and begins <= end for start, end, _ in periods):
        return ""
    latest = f"; the latest is {max(periods)[2]}" if periods else ""
    return (
        f"CMS's quarter from {begins} has begun, and no release of it ({name}, say) is "
        f"loaded{latest}. Get it from CMS into the raw folder, or run: {command('fetch --latest')}"
    )


def _quarter(today: date) -> tuple[str, str, str]:
    """The plain release of the quarter of a day, and the quarter's first and last day."""
    day = f"{today:%m-%d}"
    row = next(row for row in read_reference(LETTERS) if row["first_day"] <= day <= row["last_day"])
    year = today.year
    name = f"RVU{year % 100:02d}{row['letter']}"
    return name, f"{year}-{row['first_day']}", f"{year}-{row['last_day']}"
