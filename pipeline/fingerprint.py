"""A hash of everything in this program that turns files into tables."""

import hashlib
from pathlib import Path

from schemas.definitions import SCHEMAS

PIPELINE = Path(__file__).parent

# What people read and how a build is published changes no table.
NO_PART = (
    "cli",
    "fetch",
    "dictionary.py",
    "inputs.py",
    "options.py",
    "refresh.py",
    "publish.py",
    "state.py",
    "report.py",
)


def fingerprint() -> str:
    """SHA-256 over the program's code, SQL, layouts, schemas and curated tables."""
    digest = hashlib.sha256()
    for root in (PIPELINE, SCHEMAS):
        for path in sorted(root.rglob("*")):
            parts = path.relative_to(root).parts
            if (
                path.suffix in (".py", ".sql", ".toml", ".csv", ".yaml", ".json")
                and parts[0] not in NO_PART
            ):
                digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
