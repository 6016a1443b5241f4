"""When CMS was last asked, and what came of it: the file ``warehouse/state/fetch.json``."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.store.state import replace_text


@dataclass
class Memory:
    """What is remembered of asking CMS; times are UTC, '' for never.

    ``asked_at`` is when CMS last answered all that was asked, ``failed_at`` and ``failure`` what
    went wrong since.
    """

    asked_at: str = ""
    failed_at: str = ""
    failure: str = ""
    has_told_of_licence: bool = False

    @classmethod
    def read(cls, state: Path) -> "Memory":
        """What a state folder remembers; nothing where that cannot be read."""
        try:
            entries = json.loads((state / "fetch.json").read_text("utf-8"))
            return cls(*(type(x)(entries[name]) for name, x in asdict(cls()).items()))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return cls()

    def write(self, state: Path) -> None:
        """Remember it, in one step."""
        replace_text(state / "fetch.json", json.dumps(asdict(self), indent=1) + "\n")

    def was_asked_within(self, hours: float) -> bool:
        """Whether CMS answered so lately that it need not be asked again."""
        try:
            age = datetime.now(UTC) - datetime.fromisoformat(self.asked_at)
        except (ValueError, TypeError):
            return False
        return timedelta(0) <= age < timedelta(hours=hours)
