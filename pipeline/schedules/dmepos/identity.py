"""Which posting of which release a file of fees for equipment is.

The title names month and year ("January 2025 Fee Schedule"), and decides. The text form has none: then
the names do. Those of zips have the year and a letter for the quarter, none for January (dme25.zip,
dme25-b.zip, dme22c-posted-061722.zip), and an r where CMS revised it (dme-21ar.zip); those of files
have the month only (DMEPOS_JAN.csv).
"""

import re
from datetime import date

from pipeline.errors import refuse
from pipeline.release.identity import Identity, copyright_notice, release_name
from pipeline.release.posted_quarter import posted_day
from pipeline.release.quarter import month_number, quarter_of_month

MONTH = r"(?P<month>January|April|July|October)"

# January 2025 Fee Schedule, January 2025 Former CBA Fee Schedule, January 2025 Former CBA ZIP Codes.
HEAD = re.compile(rf"\b{MONTH}\s+(?P<year>20\d\d|199\d)\b", re.IGNORECASE)

# dme25.zip, dme25-b, dme22c-posted-061722, dme-21ar, dme22-r, dme18-ifc, dme98_d.
ZIP_NAME = re.compile(
    r"(?<![a-z0-9])dme[ _-]?(?P<year>\d\d)(?:[ _-]?(?P<letter>[a-d])?(?P<revised>r)?(?![a-z0-9])|(?=[ _-]))",
    re.IGNORECASE,
)
# dmepos25q1, DMEPOS_2025_Q1 of people.
QUARTER_NAME = re.compile(
    r"(?<![a-z])dme(?:pos)?[ _-]*(?:20)?(?P<year>\d\d)[ _-]*q(?P<quarter>[1-4])(?!\d)",
    re.IGNORECASE,
)
# DMEPOS_JAN.csv.
FILE_NAME = re.compile(
    r"DMEPOS[ _-]?(?:\d\d[ _-]?)?(?P<month>jan|apr|jul|oct)[a-z]*(?:[ _-]*20(?P<year>\d\d)(?!\d))?",
    re.IGNORECASE,
)

# Names that do not say by themselves which quarter they are of (source: the lists of public loaders).
OF_NO_QUARTER = {"dme18-ifc": (2018, 3), "dme22-r": (2022, 4)}

# What CMS calls its revisions counts them no further.
REVISED = 2

ADVICE = "Put it into a zip or folder that is named after its release, as CMS does: dme25 for January 2025, dme25-b for April."
NAME = (
    "Get it again from CMS, or give the file and its zip or folder the names that they have there."
)

# A year and a quarter.
Quarter = tuple[int, int]


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the title of its file and the names that it has.

    Raises RefusedError where neither tells the quarter, or the title names several.
    """
    base_name = file.rpartition("/")[2]
    said = _said(head, file)
    named = quarter_of_names(bundle, base_name)
    if said is None and named is None:
        message = "neither its title nor the name of its zip or folder says of which quarter it is"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    year, quarter = chosen = said or named or (0, 0)
    _refuse_other_month(base_name, chosen, file)
    title = next((line for line in head if HEAD.search(line)), "")
    is_sample = any("SAMPLE" in line for line in head)
    release_id = release_name("DMEPOS", year, f"Q{quarter}", is_sample)
    posted_on = posted_day(bundle)
    return Identity(
        release_id=release_id,
        posting_id=f"{release_id}@{posted_on or 'undated'}",
        calendar_year=year,
        released_on=posted_on,
        is_sample=is_sample,
        title=title,
        notice=copyright_notice(head),
        remarks=_remarks(bundle, named, chosen, release_id),
        version=REVISED if _is_revised(bundle) else None,
    )


def quarters_in(words: str) -> set[Quarter]:
    """The quarters that the words of a head name."""
    return {
        (int(x["year"]), quarter_of_month(month_number(x["month"]))) for x in HEAD.finditer(words)
    }


def quarter_of_names(bundle: str, base_name: str = "") -> Quarter | None:
    """The year and quarter that the names of a bundle and of its main file say; None where they do not."""
    named = OF_NO_QUARTER.get(bundle.rpartition("/")[2].lower().removesuffix(".zip"))
    if named:
        return named
    found = QUARTER_NAME.search(bundle)
    if found:
        return 2000 + int(found["year"]), int(found["quarter"])
    zip_name, file_name = ZIP_NAME.search(bundle), FILE_NAME.search(base_name)
    if file_name and file_name["year"]:
        return _year(file_name["year"]), quarter_of_month(month_number(file_name["month"]))
    if not zip_name:
        return None
    year = _year(zip_name["year"])
    if zip_name["letter"]:
        return year, "abcd".index(zip_name["letter"].lower()) + 1
    if file_name:
        return year, quarter_of_month(month_number(file_name["month"]))
    # A name of a revision that has no letter does not say what it revises.
    return None if zip_name["revised"] else (year, 1)


def _year(digits: str) -> int:
    """The year of two digits: the fee schedule is of 1989 and later."""
    return (1900 if int(digits) > 88 else 2000) + int(digits)


def _is_revised(bundle: str) -> bool:
    found = ZIP_NAME.search(bundle)
    return bool(found and found["revised"])


def _said(head: list[str], file: str) -> Quarter | None:
    """The quarter of the title, None without one."""
    named = {quarter for line in head for quarter in quarters_in(line)}
    if len(named) > 1:
        words = " and ".join(f"quarter {quarter} of {year}" for year, quarter in sorted(named))
        raise refuse(file, "identity", f"its head names several quarters: {words}", line=1)
    return next(iter(named), None)


def _refuse_other_month(base_name: str, chosen: Quarter, file: str) -> None:
    """The name of the file has a month, which is that of the title."""
    found = FILE_NAME.search(base_name)
    if found and quarter_of_month(month_number(found["month"])) != chosen[1]:
        first = date(chosen[0], 3 * chosen[1] - 2, 1)
        message = (
            f"by its name it is of {found['month'].upper()}, but its title or its zip says {first}"
        )
        raise refuse(file, "identity", message, line=1, advice=NAME)


def _remarks(
    bundle: str, named: Quarter | None, chosen: Quarter, release_id: str
) -> tuple[str, ...]:
    if named in (None, chosen):
        return ()
    year, quarter = named or chosen
    return (
        f"{bundle} is of quarter {quarter} of {year} by its name, but the title makes it {release_id}",
    )
