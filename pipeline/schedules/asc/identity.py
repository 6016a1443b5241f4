"""Which posting of which release the addenda of surgical centers are.

The head of Addendum AA names the quarter ("January 2025 Payment Rate"), and decides; names of files
and zips say it too, not always rightly, and some a day on which CMS posted them.
"""

import re
from datetime import date

from pipeline.errors import refuse
from pipeline.release.identity import Identity, copyright_notice, release_name
from pipeline.release.quarter import Quarter, month_number, quarter_named, quarter_of_month

MONTH = r"(?P<month>January|April|July|October)"

# January 2025 Payment Rate, April 2025 Payment Indicator; not "rates for January 1, 2025" of a note.
HEAD = re.compile(rf"\b{MONTH}\s+(?P<year>20\d\d)\s+Payment\b", re.IGNORECASE)

# march-9-2024-asc-..., 2019-10-15-ASC-...: the day of a posting.
NAMED_DAY = re.compile(
    r"(?<![a-z])(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ _-](?P<day>\d\d?)[ _,-]+(?P<year>20\d\d)(?!\d)"
    r"|(?<!\d)(?P<iso>20\d\d-\d\d-\d\d)(?!\d)",
    re.IGNORECASE,
)

TITLE = re.compile(r"Addendum AA\b", re.IGNORECASE)

# 2026-nfrm-addendum-aa-bb-dd1-dd2-ee-ff.zip: the addenda of a final rule begin with January of its year.
FINAL_RULE = re.compile(r"(?<!\d)(?P<year>20\d\d)[ _-]*nfrm[ _-]*addendum[ _-]*aa", re.IGNORECASE)

ADVICE = "Put it into a zip or folder that is named after its release, as in asc25q1."


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the first lines of Addendum AA and the names that it has.

    Raises RefusedError where neither head nor names tell the quarter, where the head names two, or
    the names do and no head decides.
    """
    base_name = file.rpartition("/")[2]
    named = {name: found for name in (bundle, base_name) if (found := quarter_in_name(name))}
    year, quarter = chosen = _chosen(_quarters_of_head(head), named, file)
    title = next((line for line in head if TITLE.search(line)), "")
    is_sample = "SAMPLE" in title
    release_id = release_name("ASC", year, f"Q{quarter}", is_sample)
    released_on = next((day for name in (bundle, base_name) if (day := day_of_name(name))), None)
    return Identity(
        release_id=release_id,
        posting_id=f"{release_id}@{released_on or 'undated'}",
        calendar_year=year,
        released_on=released_on,
        is_sample=is_sample,
        title=title,
        notice=copyright_notice(head),
        remarks=_remarks(named, chosen, release_id),
    )


def quarters_in(words: str) -> set[Quarter]:
    """The quarters that the words of a head name."""
    return {
        (int(x["year"]), quarter_of_month(month_number(x["month"]))) for x in HEAD.finditer(words)
    }


def quarter_in_name(name: str) -> Quarter | None:
    """The year and the quarter that a name says; None where it says none."""
    found = FINAL_RULE.search(name)
    return (int(found["year"]), 1) if found else quarter_named(name)


def day_of_name(name: str) -> date | None:
    """The day of a posting that a name says, or None."""
    for found in NAMED_DAY.finditer(name):
        try:
            if found["iso"]:
                return date.fromisoformat(found["iso"])
            return date(int(found["year"]), month_number(found["month"]), int(found["day"]))
        except ValueError:
            continue
    return None


def _quarters_of_head(head: list[str]) -> set[Quarter]:
    return {quarter for line in head for quarter in quarters_in(line)}


def _chosen(of_head: set[Quarter], named: dict[str, Quarter], file: str) -> Quarter:
    """The one quarter of the head; without one, that of the names."""
    said = of_head or set(named.values())
    if len(said) == 1:
        return said.pop()
    if not said:
        message = "neither its head nor its name, or that of its zip or folder, says of which quarter it is"
    elif of_head:
        # No name of a zip or folder stands against the head.
        raise refuse(
            file, "identity", f"its head names several quarters: {_in_words(said)}", line=1
        )
    else:
        message = f"its head names no quarter, and the names say several: {_in_words(said)}"
    raise refuse(file, "identity", message, line=1, advice=ADVICE)


def _in_words(quarters: set[Quarter]) -> str:
    return " and ".join(f"quarter {quarter} of {year}" for year, quarter in sorted(quarters))


def _remarks(named: dict[str, Quarter], chosen: Quarter, release_id: str) -> tuple[str, ...]:
    return tuple(
        f"{name} is of {_in_words({said})} by its name, but its head makes it {release_id}"
        for name, said in named.items()
        if said != chosen
    )
