"""What a refresh is asked to do, and what it says that it did."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How to refresh.

    ``forget`` names releases that may be gone from ``raw``. ``fetch`` asks CMS for its latest
    release first, where the user allows that (``fetch_from``: as in ``fees fetch --from``).
    ``forward`` builds what a rollback holds back. ``site`` makes the code browser part of the
    exports. ``today`` is the day that counts as today.
    """

    raw: Path
    warehouse: Path
    skip: tuple[str, ...] = ()
    forget: tuple[str, ...] = ()
    verify: bool = False
    dry_run: bool = False
    threads: int = 1
    fetch: bool = False
    fetch_from: str = ""
    forward: bool = False
    site: bool = False
    today: date | None = None


@dataclass
class Outcome:
    """What a refresh did.

    ``outcome`` is ``nothing_new``, ``published``, ``finished``, ``rolled_back``, ``held`` (what
    a rollback holds back was not built) or ``would_publish``. ``refused`` has the sentence of each
    bundle that was left out; ``is_news`` says that the refresh before left out others.
    """

    outcome: str
    build_id: str
    is_sample: bool = False
    releases: list[str] = field(default_factory=list)
    built: list[str] = field(default_factory=list)
    reconciled: list[dict] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    held_back: str = ""
    refused: list[str] = field(default_factory=list)
    is_news: bool = False
