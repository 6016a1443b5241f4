"""Which posting of which release a laboratory file is, by its title and the names that it has.

The title names the year and no quarter; names have both, and CMS's version where it posted a
quarter again (25CLABQ3v2.zip, CLFS 2025 Q3V2.csv).
"""

import re
from dataclasses import dataclass

from pipeline.errors import refuse
from pipeline.release.identity import Identity, release_name

# 2025 Clinical Diagnostic Laboratory Fee Schedule; the text form to 2025 has no title.
TITLE = re.compile(r"\b(?P<year>20\d\d)\b[^\n]*Laboratory Fee Schedule(?P<rest>[^\n]*)", re.I)

# CLFS 2025 Q1V1.csv, PUF_CLFS_CY2026_Q2V1.txt; clfs_cy25_q4v1.zip and clfs_26q2 of people.
# CLAB2018v1.csv says the year alone, and its zip the quarter.
CLFS_NAME = re.compile(
    r"(?<![a-z0-9])cl(?:fs|ab)[ _-]*(?:cy[ _-]*)?(?:20)?(?P<year>\d\d)[ _-]*q(?P<quarter>[1-4])(?:[ _-]*v(?P<version>\d))?(?!\d)",
    re.IGNORECASE,
)

# 18CLAB.zip (January), 25CLABQ1.zip, 25CLABQ3v2.zip.
ZIP_NAME = re.compile(
    r"(?<!\d)(?P<year>\d\d)clab(?:q(?P<quarter>[1-4])(?:v(?P<version>\d))?)?(?![a-z0-9])",
    re.IGNORECASE,
)

ADVICE = "Put it into a zip or folder that is named after its release, as in 25CLABQ1."


@dataclass(frozen=True)
class Claim:
    """What a name says: year, quarter, and CMS's version (1 where it names none)."""

    name: str
    year: int
    quarter: int
    version: int


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the first lines of its file and the names that it has.

    Raises RefusedError where no name tells the quarter, or title and names contradict each other.
    """
    base_name = file.rpartition("/")[2]
    claims = [claim for name in (bundle, base_name) if (claim := claim_of(name))]
    title = next((line for line in head if TITLE.search(line)), "")
    _refuse_contradiction(claims, title, file)
    chosen = max(claims, key=lambda claim: claim.version)
    found = TITLE.search(title)
    is_sample = found is not None and "SAMPLE" in found["rest"]
    release_id = release_name("CLFS", chosen.year, f"Q{chosen.quarter}", is_sample)
    return Identity(
        release_id=release_id,
        posting_id=f"{release_id}@V{chosen.version}",
        calendar_year=chosen.year,
        released_on=None,
        is_sample=is_sample,
        title=title,
        notice=" ".join(line.removeprefix("HDR~") for line in head if _is_notice(line)),
        version=chosen.version,
    )


def claim_of(name: str) -> Claim | None:
    """What the name of a bundle or file says, or None where it names no release."""
    found = CLFS_NAME.search(name) or ZIP_NAME.search(name)
    if not found:
        return None
    quarter, version = int(found["quarter"] or 1), int(found["version"] or 1)
    return Claim(name, 2000 + int(found["year"]), quarter, version)


def _is_notice(line: str) -> bool:
    return line.startswith("HDR~") or "copyright" in line.lower()


def _refuse_contradiction(claims: list[Claim], title: str, file: str) -> None:
    if not claims:
        message = "neither its name nor that of its zip or folder says of which quarter it is"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    first, last = claims[0], claims[-1]
    if (first.year, first.quarter) != (last.year, last.quarter):
        message = f"{first.name} is of quarter {first.quarter} of {first.year} by its name, "
        message += f"but {last.name} of quarter {last.quarter} of {last.year}"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    found = TITLE.search(title)
    if found and int(found["year"]) != first.year:
        message = (
            f"the title names {found['year']}, but {first.name} is of {first.year} by its name"
        )
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
