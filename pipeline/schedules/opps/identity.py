"""Which posting of which quarter an addendum is, by its title and the names that it has.

The title names the year only; names have month and year, and the file's own the day of its posting
(January 2025 Web Addendum B.12.31.24.csv, or .12312024). CMS posts a quarter again under another day.
"""

import re
from datetime import date

from pipeline.errors import refuse
from pipeline.release.identity import Identity, copyright_notice, day_in_name, release_name
from pipeline.release.quarter import quarter_named
from pipeline.schedules.opps_addenda import TITLE

# .12.31.24 or .12312024 at the end of the name.
POSTED = re.compile(
    r"addendum.*?(?<!\d)(?P<said>(?P<month>[01]\d)(?P<between>[._-]?)"
    r"(?P<day>\d\d)(?P=between)(?:20)?(?P<year>\d\d))(?!\d)",
    re.IGNORECASE,
)

ADVICE = "Leave the file its name, as in January 2025 Web Addendum B.12.31.24.csv."


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the first lines of its file and the names that it has.

    Raises RefusedError where no name tells the quarter, or title and names contradict each other.
    """
    base_name = file.rpartition("/")[2]
    names = (bundle.rpartition("/")[2], base_name)
    quarters = {named: name for name in names if (named := quarter_named(name))}
    title = next((line for line in head if TITLE.search(line)), "")
    _refuse_contradiction(quarters, title, file)
    year, quarter = next(iter(quarters))
    is_sample = "SAMPLE" in title
    release_id = release_name("OPPS", year, f"Q{quarter}", is_sample)
    posted = posted_on(base_name, file)
    return Identity(
        release_id=release_id,
        posting_id=f"{release_id}@{posted or 'undated'}",
        calendar_year=year,
        released_on=posted,
        is_sample=is_sample,
        title=title,
        notice=copyright_notice(head),
    )


def posted_on(name: str, file: str) -> date | None:
    """The day of the posting that a file's name says, or None; RefusedError where it is no day."""
    found = POSTED.search(name)
    if not found:
        return None
    day = 2000 + int(found["year"]), int(found["month"]), int(found["day"])
    return day_in_name(found["said"], *day, file, ADVICE)


def _refuse_contradiction(quarters: dict[tuple[int, int], str], title: str, file: str) -> None:
    if not quarters:
        message = "neither its name nor that of its zip or folder says of which quarter it is"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    said = [
        f"{name} is of quarter {quarter} of {year}" for (year, quarter), name in quarters.items()
    ]
    if len(quarters) > 1:
        message = " by its name, but ".join(said)
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    [(year, _)] = quarters
    found = TITLE.search(title)
    if found and int(found["year"]) != year:
        message = f"the title names {found['year']}, but {said[0]} by its name"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
