"""The licence of the codes: our words about it, and the user's answer, which is remembered.

CMS's files hold codes and descriptors of the American Medical Association (CPT) and the
American Dental Association (CDT). Their terms are not repeated here; the words say where to
read them. The answer stays in ``warehouse/state/settings.json``; an acceptance is passed on to
CMS where its server asks for it, and nowhere else.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.command import command
from pipeline.errors import StorageError, UsageError, exists
from pipeline.fetch.errors import LicenceError
from pipeline.store.state import replace_text

# Rises when the words below ask for something else; an earlier answer then counts no more.
VERSION = 2

WHERE_TO_READ = "https://www.cms.gov/apps/ama/license.asp"

WORDS = f"""\
The license of the codes

The fee schedule files of CMS hold CPT codes and descriptors, which are copyright of the
American Medical Association (AMA), and CDT codes, which are copyright of the American Dental
Association (ADA). CMS offers the files under terms of the two that each user accepts in
person. Read them in a browser, here and wherever CMS shows them before a download:

    {WHERE_TO_READ}

What is asked of you: to have read those terms, and to use the files as they allow. This
program does not judge whether your use is allowed.

What follows from your answer: if you accept, "fees fetch" and the first step of a refresh may
download releases from cms.gov. The links on CMS's pages lead through its license page; the
program then asks for the zip behind that page directly. Where the server answers with the
license page instead of the zip, your acceptance is passed on to it: the program sends what the
page's button "Accept" sends (agree=yes&next=Accept), in your name, and notes that beside the
zip in NAME.source.json.

If you do not accept, nothing is sent to CMS and nothing is downloaded; everything else works
with the files that you put into the raw folder yourself. You can take your answer back with
"fees licence --withdraw".
"""

# What the button of CMS's licence page sends.
ACCEPTANCE = {"agree": "yes", "next": "Accept"}


# The field of its form, or the link of a button, by which a licence page is told from any other page
# that has the word in it: in the notice of a script, say, or in its footer.
ASKS_TO_AGREE = re.compile(rb"""\bagree=|\bname\s*=\s*["']?agree\b""")


def is_licence_address(url: str) -> bool:
    """Whether an address is a licence page of CMS, as ``/license/ama?file=...`` is."""
    path = urlsplit(url.lower()).path
    return "license" in path or "licence" in path


def is_licence_page(head: bytes) -> bool:
    """Whether the beginning of a page, in small letters, is that of a licence page of CMS."""
    return (b"license" in head or b"licence" in head) and bool(ASKS_TO_AGREE.search(head))


@dataclass(frozen=True)
class Answer:
    """What the user said (``accepted``, ``withdrawn`` or '' for nothing yet), when, to which words."""

    answer: str = ""
    answered_at: str = ""
    version: int = 0

    @property
    def is_accepted(self) -> bool:
        """Whether the words that are in force now were accepted."""
        return self.answer == "accepted" and self.version == VERSION


def read_answer(state: Path) -> Answer:
    """The answer that is remembered in a state folder; UsageError where it cannot be read."""
    try:
        given = _read_settings(state).get("licence", {})
        return Answer(
            str(given.get("answer", "")),
            str(given.get("answered_at", "")),
            int(given.get("version", 0)),
        )
    except (TypeError, ValueError, AttributeError):
        raise _unreadable(state) from None


def write_answer(state: Path, answer: str) -> Answer:
    """Remember an answer, ``accepted`` or ``withdrawn``, beside the other settings."""
    settings = _read_settings(state)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    given = Answer(answer, now, VERSION)
    settings["licence"] = vars(given)
    path = state / "settings.json"
    try:
        replace_text(path, json.dumps(settings, indent=1) + "\n")
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from None
    return given


def require_accepted(state: Path) -> Answer:
    """The user's acceptance of the words in force; LicenceError where there is none."""
    given = read_answer(state)
    if given.is_accepted:
        return given
    why = "has not been accepted"
    if given.answer == "accepted":
        why = "was accepted in words that have changed since"
    elif given.answer == "withdrawn":
        why = "is no longer accepted"
    raise LicenceError(
        f"The license of the codes {why}, so nothing was asked of CMS: read it and answer with "
        f"{command('licence')}, or download the zips by hand into the raw folder."
    )


def _read_settings(state: Path) -> dict:
    path = state / "settings.json"
    if not exists(path):
        return {}
    try:
        settings = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        raise _unreadable(state) from None
    if not isinstance(settings, dict):
        raise _unreadable(state)
    return settings


def _unreadable(state: Path) -> UsageError:
    path = state / "settings.json"
    return UsageError(f"{path} cannot be read: correct it, or remove it and answer again.")
