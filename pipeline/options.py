"""What a refresh is asked to do, and what it says that it did."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How to refresh; ``forget`` names releases that may be gone from ``raw``."""

    raw: Path
    warehouse: Path
    skip: tuple[str, ...] = ()
    forget: tuple[str, ...] = ()
    verify: bool = False
    dry_run: bool = False
    threads: int = 1


@dataclass
class Outcome:
    """What a refresh did: ``nothing_new``, ``published``, ``finished`` or ``would_publish``."""

    outcome: str
    build_id: str
    is_sample: bool = False
    releases: list[str] = field(default_factory=list)
    built: list[str] = field(default_factory=list)
    reconciled: list[dict] = field(default_factory=list)
