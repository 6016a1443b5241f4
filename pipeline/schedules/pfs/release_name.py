"""What titles and names say of a release: its year, its month, and its code where that has more.

CMS writes it into the title of PPRRVU, the name of the zip and the name of the file. Each may be
silent, and each errs now and then: people rename folders, and CMS forgets to renew a title.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.definitions import SCHEMAS, read_reference

LETTERS = SCHEMAS / "pfs" / "reference" / "release_letter.csv"

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

# How the title line of a PPRRVU file reads (pfs-rules 8, trap 22). Some from 2016 on
# name no month (source: a public program that falls back on the file's name there).
TITLE = re.compile(
    r"\b(?P<year>20\d\d)\b[^\n]*?(?i:Physician Fee Schedule|Relative Value File)"
    rf"(?:[^\n]*?\b(?P<month>{'|'.join((*MONTHS, *map(str.upper, MONTHS)))})\b)?(?P<rest>[^\n]*)"
)

# A zip or folder named like a release: rvu24ar.zip, rvu25a-updated-01_10_2025.zip, RVU25D, and
# with a line between in old ones: rvu03_a.zip, rvu05a_r.zip.
RELEASE_NAME = re.compile(
    r"(?:^|[^a-z])rvu(?P<year>\d\d)(?:_(?=[a-e](?![a-z0-9])))?"
    r"(?P<code>[a-z][a-z0-9]*(?:_(?:pct\d+|r|\d)(?![a-z0-9]))?)",
    re.IGNORECASE,
)

# PPRRVU25_APR.csv, PPRRVU2026_Jul_nonQPP.csv, PPRRVU17_JULY_V0503.txt, PPRRVU08.csv.
FILE_NAME = re.compile(r"PPRR?VU_?(?P<year>20\d\d(?!\d)|\d\d)(?:[_ -](?P<month>[A-Z]{3}))?", re.I)

# PRREV05D.txt: the file of October 2005.
REVISED_NAME = re.compile(r"PRREV(?P<year>\d\d)(?P<letter>[A-D])", re.IGNORECASE)

# The codes that CMS has used (pfs-rules 1.1): a letter, and R or a digit or both for a correction
# (24AR, 18C1, 07A2), and some of their own kind.
RELEASE_CODE = re.compile(r"[A-D](R?\d?)|E|M|AB|B_2|[CD]_PCT(0|22)")

# CMS releases at most so long before the first day of service, and corrects within a quarter.
LONGEST_BEFORE, LONGEST_AFTER = timedelta(days=150), timedelta(days=180)


@dataclass(frozen=True)
class Claim:
    """What one title or name says; ``month`` and ``code`` are '' where it does not name them.

    ``says`` is a clause for people.
    """

    year: int
    month: str
    code: str
    says: str

    def fits(self, other: "Claim") -> bool:
        """Whether both may speak of one release."""
        months = {self.month, other.month} - {""}
        return self.year == other.year and len(months) < 2

    def is_near(self, released: date | None) -> bool:
        """Whether a RELEASED date is one that a release of that month would have."""
        if released is None or not self.month:
            return False
        begins = date(self.year, 1 + MONTHS.index(self.month), 1)
        return begins - LONGEST_BEFORE <= released <= begins + LONGEST_AFTER


def letter_of(month: str) -> str:
    """The letter of the release of a month; '' where no release is known in that month."""
    return next((x["letter"] for x in read_reference(LETTERS) if x["month_name"] == month), "")


def row_of_code(code: str) -> dict[str, str]:
    """The row of ``release_letter`` for a release's code (24AR is one of January)."""
    by_letter = {row["letter"]: row for row in read_reference(LETTERS)}
    return by_letter.get(code) or by_letter[code[0]]


def claim_of_title(title: re.Match | None) -> Claim | None:
    """What the title line says."""
    if not title:
        return None
    month = (title["month"] or "").capitalize()
    letter = letter_of(month)
    says = f"the title says {title['year']}" + (f" and release {letter}" if letter else "")
    if month and not letter:
        says += f' and names the month "{month}", in which no release is known'
    return Claim(int(title["year"]), month, "", says)


def claim_of_bundle(bundle: str) -> Claim | None:
    """What the name of a zip or folder says."""
    named = RELEASE_NAME.search(bundle)
    if not named:
        return None
    code = re.sub(r"(?i)(updated|sample).*$", "", named["code"]).upper().replace("_R", "R")
    says = f"{bundle} is named like RVU{named['year']}{code}"
    if not RELEASE_CODE.fullmatch(code):
        return Claim(2000 + int(named["year"]), "", "", f"{says}, which is no release of CMS")
    return Claim(2000 + int(named["year"]), row_of_code(code)["month_name"], code, says)


def claim_of_file(name: str) -> Claim | None:
    """What the name of a PPRRVU file says."""
    revised = REVISED_NAME.match(name)
    if revised:
        month = row_of_code(revised["letter"].upper())["month_name"]
        says = f"{name} is named after {month} {2000 + int(revised['year'])}"
        return Claim(2000 + int(revised["year"]), month, "", says)
    named = FILE_NAME.match(name)
    if not named:
        return None
    year = int(named["year"]) % 100 + 2000
    begun = (named["month"] or "-").capitalize()
    month = next((month for month in MONTHS if month.startswith(begun)), "")
    return Claim(year, month, "", f"{name} is named after {month} {year}".replace("  ", " "))
