"""Which final rule an Addendum B is of, by its title and the names that it has.

The title names the year; the file's name has it too, and the day of its posting
(2025 NFRM Addendum B.11122024.txt).
"""

import re
from datetime import date

from pipeline.errors import refuse
from pipeline.release.identity import Identity, copyright_notice, day_in_name, release_name
from pipeline.schedules.opps_addenda import TITLE

# 2025 NFRM Addendum B
YEAR = re.compile(r"(?<!\d)(?P<year>20\d\d)[ _-]*(?:nfrm|opps|final)", re.IGNORECASE)

# .11122024 before the ending.
POSTED = re.compile(r"\.(?P<month>\d\d)(?P<day>\d\d)(?P<year>20\d\d)(?!\d)")

ADVICE = "Leave the file its name, as in 2025 NFRM Addendum B.11122024.txt."


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the first lines of its file and the names that it has.

    Raises RefusedError where nothing tells the year, or title and names contradict each other.
    """
    base_name = file.rpartition("/")[2]
    title = next((line for line in head if TITLE.search(line)), "")
    names = [name for name in (bundle.rpartition("/")[2], base_name) if YEAR.search(name)]
    years = {int(found["year"]): name for name in names if (found := YEAR.search(name))}
    titled = TITLE.search(title)
    if titled:
        years.setdefault(int(titled["year"]), "the title")
    if len(years) != 1:
        said = " but ".join(f"{name} names {year}" for year, name in years.items())
        message = said or "neither its title nor its name says of which year it is"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    [year] = years
    is_sample = "SAMPLE" in title
    release_id = release_name("OPPS", year, "FR", is_sample)
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
    day = int(found["year"]), int(found["month"]), int(found["day"])
    return day_in_name(found[0][1:], *day, file, ADVICE)
