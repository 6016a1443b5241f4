"""What is remembered of CMS's pages and files, so that only what changed is asked for again.

It lies in ``warehouse/state/fetch.json``. Losing it costs a few downloads and nothing else.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import __version__
from pipeline.state import now, replace_text


@dataclass(frozen=True)
class KnownPage:
    """A page as it was read: its version and its links to releases, each an address and a text."""

    etag: str
    last_modified: str
    links: list[list[str]]


@dataclass(frozen=True)
class KnownFile:
    """A file as it was fetched; ``file`` is its place in the raw folder."""

    etag: str
    last_modified: str
    file: str
    bytes: int
    sha256: str

    def is_in(self, raw: Path) -> bool:
        """Whether the raw folder still holds it (unpacked, perhaps)."""
        path = raw / self.file
        return path.is_dir() or (path.is_file() and path.stat().st_size == self.bytes)


class Memory:
    """The file ``fetch.json``; one that cannot be read counts as empty.

    ``asked_at`` says when CMS last answered all that was asked, '' for never, and ``failed_at``
    and ``failure`` what went wrong since.
    """

    def __init__(self, state: Path) -> None:
        self._path = state / "fetch.json"
        try:
            entries = json.loads(self._path.read_text("utf-8"))
            # Another version of the program may understand more of a page's links.
            pages = entries["pages"] if entries["program"] == __version__ else {}
            self.pages = {url: KnownPage(**x) for url, x in pages.items()}
            self.files = {url: KnownFile(**x) for url, x in entries["files"].items()}
            self.asked_at = str(entries["asked_at"])
            self.failed_at = str(entries.get("failed_at", ""))
            self.failure = str(entries.get("failure", ""))
            self.has_told_of_licence = bool(entries["has_told_of_licence"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.pages, self.files = {}, {}
            self.asked_at = self.failed_at = self.failure = ""
            self.has_told_of_licence = False

    def was_asked_within(self, hours: float) -> bool:
        """Whether CMS answered so lately that it need not be asked again."""
        try:
            age = datetime.now(UTC) - datetime.fromisoformat(self.asked_at)
        except (ValueError, TypeError):
            return False
        return timedelta(0) <= age < timedelta(hours=hours)

    def note_asked(self) -> None:
        """Note that CMS was asked just now, and answered."""
        self.asked_at = now()
        self.failed_at = self.failure = ""

    def note_failure(self, failure: str) -> None:
        """Note what went wrong just now."""
        self.failed_at, self.failure = now(), failure

    def save(self) -> None:
        """Write it to disk, in one step."""
        entries = {
            "program": __version__,
            "asked_at": self.asked_at,
            "failed_at": self.failed_at,
            "failure": self.failure,
            "has_told_of_licence": self.has_told_of_licence,
            "pages": {url: asdict(page) for url, page in self.pages.items()},
            "files": {url: asdict(file) for url, file in self.files.items()},
        }
        replace_text(self._path, json.dumps(entries, indent=1) + "\n")
