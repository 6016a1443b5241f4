"""Which posting a file is of, where the file says its days and its name when CMS posted it.

The days of service ("Effective January 1, 2025 through March 31, 2025") decide the release; names may
say the quarter too, and must not contradict. The posting is that of the day in the file's own name
("updated 030725"): CMS has put files of March into a zip that it had named after a day in December.
"""

import re
from datetime import date

from pipeline.errors import refuse
from pipeline.release.identity import Identity, copyright_notice, release_name
from pipeline.release.quarter import (
    Quarter,
    month_number,
    quarter_days,
    quarter_named,
    quarter_of,
    without_quarter,
)

DAY = r"\b([A-Z][a-z]{2,8})\.? (\d{1,2}),? (20\d\d)\b"
LONG_DAY = re.compile(DAY)
EFFECTIVE = re.compile(rf"^(?i:effective)|\b(?i:effective)\b.{{0,20}}{DAY}")

# January 1 through March 31, 2027: the year of the last day is that of the first one, too.
ONE_YEAR = re.compile(
    r"\b([A-Z][a-z]{2,8}\.? \d{1,2})(?= (?:through|thru|to|-|\u2013) [A-Z][a-z]{2,8}\.? \d{1,2},? (20\d\d)\b)"
)

# 121924, 12_19_24, 12.31.24, 03072025.
POSTED_DAY = re.compile(r"(?<!\d)(\d\d)[ ._/-]?(\d\d)[ ._/-]?((?:20)?\d\d)(?!\d)")


def identify_posting(prefix: str, head: list[str], bundle: str, file: str) -> Identity:
    """The posting of a file by its first lines, the name of its bundle and its own.

    ``prefix`` begins the names of the releases (``ASP``). Raises RefusedError where nothing tells
    the quarter, where the days are no quarter, and where name and days contradict each other.
    """
    base_name = file.rpartition("/")[2]
    names = (base_name, bundle.rpartition("/")[2])
    effective = effective_quarter(head, file)
    named = {name: found for name in names if (found := quarter_named(name))}
    quarters = {"its effective days": effective} if effective else {}
    quarter = _agreed(quarters | named, file)
    title = next((line for line in head if line), "")
    is_sample = "SAMPLE" in title
    release_id = release_name(prefix, quarter[0], f"Q{quarter[1]}", is_sample)
    posted_on = next((day for name in names if (day := posted_day(name))), None)
    return Identity(
        release_id=release_id,
        posting_id=f"{release_id}@{posted_on or 'undated'}",
        calendar_year=quarter[0],
        released_on=posted_on,
        is_sample=is_sample,
        title=title,
        notice=copyright_notice(head),
        remarks=tuple(_remarks(base_name, effective, posted_on)),
    )


def effective_quarter(head: list[str], file: str) -> Quarter | None:
    """Year and quarter of the days in the line that says "effective"; None without one.

    Notes on codes may have the word too, but no days behind it.
    """
    for number, words in enumerate(head, start=1):
        line = ONE_YEAR.sub(r"\1, \2", words)
        found = EFFECTIVE.search(line)
        if not found:
            continue
        days = [
            _day(year, month, day) for month, day, year in LONG_DAY.findall(line, found.start())
        ]
        first = days[0] if days else None
        if first is None or tuple(days) != quarter_days(first.year, quarter_of(first)):
            message = f'"{words}" is not the first and the last day of a quarter'
            raise refuse(file, "identity", message, line=number)
        return first.year, quarter_of(first)
    return None


def posted_day(name: str) -> date | None:
    """The last day that a name has, as "updated 030725"; None where it has none."""
    # The year of a quarter would be taken for a month and a day.
    days = [_numbered_day(*found) for found in POSTED_DAY.findall(without_quarter(name))]
    return next((day for day in reversed(days) if day), None)


def _numbered_day(month: str, day: str, year: str) -> date | None:
    try:
        return date(2000 + int(year) % 100, int(month), int(day))
    except ValueError:
        return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), month_number(month), int(day))
    except ValueError:
        return None


def _agreed(quarters: dict[str, Quarter], file: str) -> Quarter:
    """The one quarter that all speak for."""
    advice = "Get the file again from CMS, or give it back the name that it has there."
    if not quarters:
        message = "neither its first lines nor its name say of which quarter it is"
        raise refuse(file, "identity", message, line=1, advice=advice)
    (first, quarter), *others = quarters.items()
    for other, another in others:
        if another != quarter:
            message = f"by {first} it is of quarter {quarter[1]} of {quarter[0]}, "
            message += f"by {other} of quarter {another[1]} of {another[0]}"
            raise refuse(file, "identity", message, line=1, advice=advice)
    return quarter


def _remarks(name: str, effective: Quarter | None, posted_on: date | None) -> list[str]:
    remarks = []
    if not effective:
        remarks.append(f"{name} does not say for which days it is; its name says the quarter")
    if not posted_on:
        remarks.append(f"no name says on which day CMS posted {name}")
    return remarks
