"""Which release a file of edits is: its name has the setting and the day, its head the setting.

The notice above the head names the year of the copyright, which is another one in most quarters.
"""

import re
from datetime import date

from pipeline.errors import RefusedError, refuse
from pipeline.release.identity import Identity, copyright_notice, release_name
from pipeline.release.quarter import quarter_days, quarter_of
from pipeline.release.setting import Setting
from pipeline.schedules.mue.settings import SETTINGS

# MCR_MUE_PractitionerServices_Eff_04-01-2026.csv; the day may be written 04_01_2026 or 04012026, too.
DAY = re.compile(
    r"(?<!\d)(?P<month>\d\d)(?P<between>[-_. ]?)(?P<day>\d\d)(?P=between)(?P<year>20\d\d)(?!\d)"
)

# medicare-ncci-2026q2-practitioner-services-mue-table.zip, medicare-ncci-2026-q2-...
QUARTER = re.compile(r"(?<!\d)(?P<year>20\d\d)[ _-]*q(?P<quarter>[1-4])(?!\d)", re.IGNORECASE)

# Practitioner Services MUE Values
HEAD = re.compile(r"\bMUE Values?\b", re.IGNORECASE)

ADVICE = (
    "Leave the file its name as CMS gave it, as in MCR_MUE_PractitionerServices_Eff_04-01-2026.csv."
)


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the name and the head of its file, and its bundle's name.

    Raises RefusedError where they do not tell the setting and the quarter, or contradict each other.
    """
    name = file.rpartition("/")[2]
    setting = _setting(head, bundle, name, file)
    first = _first_day(bundle, name, file)
    is_sample = any("SAMPLE" in line for line in head)
    release_id = release_name("MUE", first.year, f"Q{quarter_of(first)}{setting.suffix}", is_sample)
    return Identity(
        release_id=release_id,
        posting_id=release_id,
        calendar_year=first.year,
        released_on=None,
        is_sample=is_sample,
        title=next((line for line in head if HEAD.search(line)), ""),
        notice=copyright_notice(head),
        series=setting.name,
    )


def _setting(head: list[str], bundle: str, name: str, file: str) -> Setting:
    """The setting of which the head speaks; the names may leave it out, and not contradict it."""
    title = next((line for line in head if HEAD.search(line)), "")
    said = SETTINGS.named_in(title)
    if said is None:
        message = (
            "its head does not say for whom the edits are: practitioners, hospitals or suppliers"
        )
        raise refuse(file, "identity", message, line=1)
    for text in (name, bundle):
        other = SETTINGS.named_in(text)
        if other not in (None, said):
            message = f"its head speaks of {said.people}, but the name {text} of {other.people}"
            raise refuse(file, "identity", message, line=1, advice=ADVICE)
    return said


def _first_day(bundle: str, name: str, file: str) -> date:
    found = DAY.search(name)
    if not found:
        message = "its name does not say from which day the edits are effective"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    day = _day(found, file)
    if day != quarter_days(day.year, quarter_of(day))[0]:
        message = f"its name says that the edits begin on {day}, which is no first day of a quarter"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    of_bundle = QUARTER.search(bundle)
    quarter = (str(day.year), str(quarter_of(day)))
    if of_bundle and of_bundle.group("year", "quarter") != quarter:
        message = f"its name says that the edits begin on {day}, but {bundle} names another quarter"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    return day


def _day(found: re.Match[str], file: str) -> date:
    try:
        return date(*(int(found[part]) for part in ("year", "month", "day")))
    except ValueError:
        raise _no_day(found[0], file) from None


def _no_day(text: str, file: str) -> RefusedError:
    return refuse(file, "identity", f"{text} in its name is no day", line=1, advice=ADVICE)
