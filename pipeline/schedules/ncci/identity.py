"""Which release a file of edits is: its name has the setting and the version, which is the quarter.

Version 322 is of 2026 (1994 + 32) and the third quarter (2 + 1); r0 and r1 number its postings
(source: the names of CMS's zips, which have the quarter beside the version).
"""

import re

from pipeline.errors import refuse
from pipeline.release.identity import Identity, copyright_notice, release_name
from pipeline.release.setting import Setting
from pipeline.schedules.ncci.settings import SETTINGS

# ccipra-v322r0-f1.TXT
VERSION = re.compile(r"v(?P<year>\d\d)(?P<quarter>[0-3])r(?P<posting>\d+)(?!\d)", re.IGNORECASE)

# medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip
QUARTER = re.compile(r"(?<!\d)(?P<year>20\d\d)[ _-]*q(?P<quarter>[1-4])(?!\d)", re.IGNORECASE)

TITLE = re.compile(r"\bcolumn ?1 ?/ ?column ?2\b|\bPTP\b", re.IGNORECASE)

# The year of the version 0.
FIRST_YEAR = 1994

ADVICE = "Leave the file its name as CMS gave it, as in ccipra-v322r0-f1.TXT."


def quarter_of_version(text: str) -> tuple[int, int, int] | None:
    """Year, quarter and posting of a name with a version (v322r0); None where it has none."""
    found = VERSION.search(text)
    if not found:
        return None
    return FIRST_YEAR + int(found["year"]), int(found["quarter"]) + 1, int(found["posting"])


def identify(head: list[str], bundle: str, file: str) -> Identity:
    """Read a release's identity from the name of its file, and hold it against head and bundle.

    Raises RefusedError where the name does not tell setting and quarter, or something contradicts it.
    """
    name = file.rpartition("/")[2]
    setting = _setting(head, bundle, name, file)
    said = quarter_of_version(name)
    if said is None:
        message = "its name does not say which version of the edits it is, as v322r0 does"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    year, quarter, posting = said
    of_bundle = QUARTER.search(bundle)
    if of_bundle and of_bundle.group("year", "quarter") != (str(year), str(quarter)):
        message = f"its version is that of {year}Q{quarter}, but {bundle} names another quarter"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    is_sample = any("SAMPLE" in line for line in head)
    release_id = release_name("NCCI", year, f"Q{quarter}{setting.suffix}", is_sample)
    return Identity(
        release_id=release_id,
        posting_id=release_id,
        calendar_year=year,
        released_on=None,
        is_sample=is_sample,
        title=next((line for line in head if TITLE.search(line)), ""),
        notice=copyright_notice(head),
        version=posting,
        series=setting.name,
    )


def _setting(head: list[str], bundle: str, name: str, file: str) -> Setting:
    """The setting of which the name speaks; head and bundle may leave it out, and not contradict it."""
    said = SETTINGS.named_in(name)
    if said is None:
        message = "its name does not say for whom the edits are: ccipra (practitioners) or ccioph (hospitals)"
        raise refuse(file, "identity", message, line=1, advice=ADVICE)
    for text, what in ((bundle, "its folder or zip speaks"), (" ".join(head), "its head speaks")):
        other = SETTINGS.named_in(text)
        if other not in (None, said):
            message = (
                f"its name says that the edits are for {said.people}, but {what} of {other.people}"
            )
            raise refuse(file, "identity", message, line=1, advice=ADVICE)
    return said
