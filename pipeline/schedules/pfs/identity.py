"""Which posting of which release a bundle is, by its title, its names and its RELEASED date."""

import re
from datetime import date, datetime

from pipeline.errors import RefusedError, refuse
from pipeline.release.identity import Identity, copyright_notice, release_name
from pipeline.schedules.pfs.release_name import (
    TITLE,
    Claim,
    claim_of_bundle,
    claim_of_file,
    claim_of_title,
    letter_of,
    row_of_code,
)
from schemas.definitions import SCHEMAS, read_reference

PERIODS = SCHEMAS / "pfs" / "reference" / "effective_period.csv"

RELEASED = re.compile(r"RELEASED:? +(\d\d?/\d\d?/\d{4})", re.IGNORECASE)

ADVICE = "Put it into a zip or folder that is named after its release, as in rvu25d or rvu24ar."


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the first lines of its PPRRVU file and the names it has.

    The fixed-width form has neither title nor date, so that only names tell. Where title, zip or
    folder and file contradict each other, the release is the one that more of them and the
    RELEASED date speak for than against. Raises RefusedError where there is no such.
    """
    title_line = next((line for line in head if TITLE.search(line)), "")
    title = TITLE.search(title_line)
    released_on = _released_on(head, file)
    claims = [
        claim_of_title(title),
        claim_of_bundle(bundle),
        claim_of_file(file.rpartition("/")[2]),
    ]
    spoken = [claim for claim in claims if claim]
    chosen = _choose(spoken, released_on, has_title=bool(title), file=file)
    is_sample = title is not None and "SAMPLE" in title["rest"]
    code = next((x.code for x in spoken if x.code and x.fits(chosen)), letter_of(chosen.month))
    release_id = release_name("RVU", chosen.year, code, is_sample)
    return Identity(
        release_id=release_id,
        posting_id=f"{release_id}@{released_on or 'undated'}",
        calendar_year=chosen.year,
        released_on=released_on,
        is_sample=is_sample,
        title=title_line,
        notice=_notice(head),
        remarks=_remarks(claims, chosen, release_id, released_on),
    )


def _choose(spoken: list[Claim], released_on: date | None, has_title: bool, file: str) -> Claim:
    """The claim of the release that most speaks for; raises RefusedError where nothing decides."""
    named = [claim for claim in spoken if letter_of(claim.month)]
    if not named:
        raise _nameless(spoken, has_title, file)

    def lead(claim: Claim) -> int:
        fitting = sum(claim.fits(other) for other in spoken)
        return 2 * fitting - len(spoken) + claim.is_near(released_on)

    chosen = max(named, key=lead)
    rivals = [claim for claim in named if lead(claim) == lead(chosen) and not claim.fits(chosen)]
    if rivals or lead(chosen) <= 0:
        advice = "Rename the zip or folder if its name is wrong; else get the release again."
        first, *others = (claim.says for claim in spoken)
        raise refuse(
            file, "identity", f"{first}, but {', and '.join(others)}", line=1, advice=advice
        )
    return chosen


def _nameless(spoken: list[Claim], has_title: bool, file: str) -> RefusedError:
    """The refusal of a release of which nothing tells the month."""
    unknown = [claim.says for claim in spoken if claim.month]
    if unknown:
        message = unknown[0]
    elif has_title:
        message = "the title names the year and no month, so it does not tell which release it is"
    else:
        message = "the file has no title line that names its release, and neither its name nor "
        message += "that of its zip or folder does"
    return refuse(file, "identity", message, line=1, advice=ADVICE)


def _remarks(
    claims: list[Claim | None], chosen: Claim, release_id: str, released_on: date | None
) -> tuple[str, ...]:
    remarks = []
    title, bundle, _ = claims
    contradicting = [x.says for x in (title, bundle) if x and not x.fits(chosen)]
    if contradicting:
        remarks.append(f"{' and '.join(contradicting)}, but it is taken for {release_id}")
    if bundle and not bundle.code and bundle.fits(chosen):
        remarks.append(f"{bundle.says}; it is taken for {release_id}")
    if not title:
        remarks.append(
            f"no title says of which release the file is; by its name it is {release_id}"
        )
    if released_on is None:
        remarks.append("no file says when it was RELEASED")
    return tuple(remarks)


def _released_on(head: list[str], file: str) -> date | None:
    found = next((match for line in head if (match := RELEASED.search(line))), None)
    if not found:
        return None
    try:
        return datetime.strptime(found[1], "%m/%d/%Y").date()
    except ValueError:
        message = f"RELEASED {found[1]} is no date"
        raise refuse(file, "identity", message, line=1) from None


def _notice(head: list[str]) -> str:
    """CMS's copyright notice; the fixed-width form has it in lines of its own."""
    of_lines = [line.removeprefix("HDR ") for line in head if line.startswith("HDR ")]
    return " ".join(of_lines) or copyright_notice(head)


def effective_period(release_id: str, year: int) -> tuple[date, date]:
    """The first and the last day of service that a release is for (pfs-rules 1.1)."""
    plain = release_id.removeprefix("SAMPLE")
    for row in read_reference(PERIODS):
        if row["release_id"] == plain:
            return _day(row["effective_from"]), _day(row["effective_to"])
    row = row_of_code(plain[5:])
    return _day(f"{year}-{row['first_day']}"), _day(f"{year}-{row['last_day']}")


def _day(text: str) -> date:
    return date.fromisoformat(text)
