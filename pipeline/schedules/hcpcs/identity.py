"""Which release a file of HCPCS Level II is: only names tell it, and they must agree."""

import re
from dataclasses import dataclass
from datetime import date

from pipeline.errors import refuse
from pipeline.release.identity import Identity, day_in_name, release_name
from pipeline.release.quarter import month_number, quarter_of_month

# HCPC2025_OCT_ANWEB.xlsx, HCPC2025_OCT_ANWEB_v3.txt, HCPC2026_JUL_ANWEB_06172026.txt and, of a
# year, HCPC2019_CONTR_ANWEB.txt or HCPC17_CONTR_ANWEB.xlsx. The eight digits are the day of the posting.
FILE_NAME = re.compile(
    r"HCPC(?P<year>(?:20)?\d\d)[ _-](?:(?P<month>JAN|APR|JUL|OCT)[ _-])?.*?ANWEB"
    r"(?:.*?[ _-]v(?P<version>\d+))?(?:.*?[ _-](?P<day>\d{8}))?(?!\d)",
    re.IGNORECASE,
)

# october-2025-alpha-numeric-hcpcs-file.zip, 2019-Alpha-Numeric-HCPCS-File.zip.
ZIP_NAME = re.compile(
    r"(?:(?P<month>jan|apr|jul|oct)[a-z]*[ _-]+)?(?P<year>20\d\d)[ _-]+(?:annual[ _-]+)?alpha[ _-]?numeric",
    re.IGNORECASE,
)

ADVICE = "Leave the file its name as CMS gave it, as in HCPC2025_OCT_ANWEB.xlsx."


@dataclass(frozen=True)
class Claim:
    """What a name says: the year, and the quarter (the first where it names no month)."""

    year: int
    quarter: int


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the name of its file and that of its bundle.

    Raises RefusedError where the file's name tells no year, or the two contradict each other.
    """
    found = FILE_NAME.search(file.rpartition("/")[2])
    if not found:
        message = "its name does not say of which year and month it is"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    claim = _claim(found)
    _refuse_contradiction(claim, bundle, file)
    is_sample = any("SAMPLE" in line for line in head)
    release_id = release_name("HCPCS", claim.year, f"Q{claim.quarter}", is_sample)
    version = int(found["version"]) if found["version"] else None
    return Identity(
        release_id=release_id,
        posting_id=release_id,
        calendar_year=claim.year,
        released_on=_day(found["day"], file),
        is_sample=is_sample,
        title="",
        notice="",
        version=version,
    )


def quarter_claimed(name: str) -> tuple[int, int] | None:
    """The year and the quarter that the name of a zip says; None where it says none."""
    found = ZIP_NAME.search(name)
    return (_claim(found).year, _claim(found).quarter) if found else None


def _claim(found: re.Match[str]) -> Claim:
    month = month_number(found["month"]) if found["month"] else 1
    return Claim(2000 + int(found["year"]) % 100, quarter_of_month(month))


def _day(text: str | None, file: str) -> date | None:
    """The day that eight digits name, month first."""
    if not text:
        return None
    return day_in_name(text, int(text[4:]), int(text[:2]), int(text[2:4]), file, ADVICE)


def _refuse_contradiction(claim: Claim, bundle: str, file: str) -> None:
    found = ZIP_NAME.search(bundle) or FILE_NAME.search(bundle)
    if found and _claim(found) != claim:
        message = (
            f"its name says quarter {claim.quarter} of {claim.year}, but {bundle} says another"
        )
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
