"""Where CMS lists the releases of the Physician Fee Schedule, and how it names them.

File names change their shape from posting to posting (docs/rules.md; sources: the lists that
public loaders keep)::

    .../PhysicianFeeSched/downloads/rvu03_a.zip          2003 to 2019
    /files/zip/rvu20a-updated-01312020.zip               2020 on
    /files/zip/rvu23a-updated-01/31/2023.zip             with slashes in the file's name
    /files/zip/rvu26a-updated-12-29-2025.zip
"""

import re
from urllib.parse import unquote

from pipeline.read.sort import kind_of
from pipeline.read.zipped import Entry
from pipeline.release.listing import Listing
from pipeline.schedules.pfs.release_name import TITLE

# RVU25A, rvu03_a, rvu05a_r, rvu06ar2, rvu10c_pct22, rvu11b_2, PRREV05D.
RELEASE = re.compile(
    r"(?<![a-z0-9])(?P<kind>rvu|prrev)(?P<year>\d\d)[ _-]?"
    r"(?P<letter>[a-z][a-z]?\d?)(?P<rest>_(?:pct\d+|r|\d))?(?![a-z0-9])",
    re.IGNORECASE,
)

# The name of a zip within its address: from the release on, slashes included.
ZIP_NAME = re.compile(r"(?:^|[/=])((?:rvu|prrev)\d\d[^?&#]*\.zip)(?:$|[?&#])", re.IGNORECASE)

MONTHS = {"A": "January", "B": "April", "C": "July", "D": "October"}

# The title stands in the first lines of a file.
HEAD = 5_000


def release_name(text: str) -> str:
    """The release that an address, a text or a folder names, as in RVU25A; '' where none is."""
    found = RELEASE.search(unquote(text))
    if not found:
        return ""
    rest = (found["rest"] or "").upper()
    rest = "R" if rest == "_R" else rest
    return f"{found['kind']}{found['year']}{found['letter']}".upper() + rest


def age_key(release: str) -> tuple[int, str]:
    """What sorts releases from the oldest to the newest.

    Within a year letters decide (A January, B April, C July, D October), but for 12M (March).
    """
    found = RELEASE.search(release)
    if not found:
        return (0, "")
    letter = found["letter"].upper()
    return int(found["year"]), "AZ" if letter == "M" else letter + (found["rest"] or "").upper()


def other_release(release: str, entries: list[Entry]) -> str:
    """The release that the title of a PPRRVU file names, where it is not ``release``; else ''.

    The month counts for A, B, C and D alone: 08AB was the release of April.
    """
    for entry in entries:
        kind = kind_of(entry.name.rpartition("/")[2])
        if kind is None or kind.name != "pprrvu":
            continue
        with entry.open() as file:
            title = TITLE.search(file.read(HEAD).decode("cp1252", "replace"))
        if title and not _is_of(release, title["year"], title["month"]):
            return " ".join(filter(None, (title["month"], title["year"])))
    return ""


def _is_of(release: str, year: str, month: str | None) -> bool:
    found = RELEASE.fullmatch(release)
    if not found:
        return True
    expected = MONTHS.get((found["letter"] + (found["rest"] or "")).upper(), month)
    return found["year"] == year[2:] and (month not in MONTHS.values() or month == expected)


LISTING = Listing(
    path="/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
    name_of=release_name,
    age_of=age_key,
    zip_name=ZIP_NAME,
    other_release=other_release,
)
