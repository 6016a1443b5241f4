"""Which release a file of add-on codes is: its name has the quarter, and the number of a correction."""

import re

from pipeline.errors import refuse
from pipeline.release.identity import Identity, copyright_notice, release_name
from pipeline.release.quarter import quarter_of_month

# AOC_V2026Q2-MCR.xlsx, AOC_V2025Q4_01-MCR.txt
NAME = re.compile(
    r"AOC_V(?P<year>20\d\d)Q(?P<quarter>[1-4])(?:_(?P<posting>\d\d))?(?!\d)", re.IGNORECASE
)

# add-code-edits-medicare-effective-07012026.zip
DAY = re.compile(r"effective-?(?P<month>\d\d)-?\d\d-?(?P<year>20\d\d)", re.IGNORECASE)

ADVICE = "Leave the file its name as CMS gave it, as in AOC_V2026Q2-MCR.xlsx."


def quarter_of_name(text: str) -> tuple[int, int] | None:
    """The year and the quarter of the name of a file, or of the day in that of a zip; else None."""
    named = NAME.search(text)
    if named:
        return int(named["year"]), int(named["quarter"])
    found = DAY.search(text)
    if found and 1 <= int(found["month"]) <= 12:
        return int(found["year"]), quarter_of_month(int(found["month"]))
    return None


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the name of its file; raises RefusedError where it has none."""
    found = NAME.search(file.rpartition("/")[2])
    if not found:
        message = "its name does not say of which quarter the add-on codes are"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    year, quarter = int(found["year"]), int(found["quarter"])
    is_sample = any("SAMPLE" in line for line in head)
    release_id = release_name("AOC", year, f"Q{quarter}", is_sample)
    return Identity(
        release_id=release_id,
        posting_id=release_id,
        calendar_year=year,
        released_on=None,
        is_sample=is_sample,
        title="",
        notice=copyright_notice(head),
        remarks=tuple(_remarks(bundle, (year, quarter))),
        version=int(found["posting"] or 0),
    )


def _remarks(bundle: str, quarter: tuple[int, int]) -> list[str]:
    of_bundle = quarter_of_name(bundle)
    if of_bundle in (None, quarter):
        return []
    year, number = quarter
    return [f"the file is called after {year}Q{number}, and {bundle} after another quarter"]
