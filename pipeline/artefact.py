"""Artefacts: what came of one input, kept as Parquet under a key of everything it depends on.

An artefact is built in a folder of its own and complete once ``artefact.json`` stands in it;
it is never changed afterwards. ``tables/`` holds what the warehouse is assembled from and
``exports/`` the files that every build links to.
"""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from schemas.definitions import Schedule

DESCRIPTION = "artefact.json"


@dataclass
class Artefact:
    """One artefact; ``name`` is the release's id or the companion's file, ``key`` its hash.

    ``row_counts`` has the rows of each exported table while the artefact is being made.
    """

    name: str
    key: str
    folder: Path
    exports: list[dict] = field(default_factory=list)
    row_counts: dict[str, int] = field(default_factory=dict)

    def table_path(self, table: str) -> Path:
        """Where a table for the assembly lies."""
        return self.folder / "tables" / f"{table}.parquet"

    def export_path(self, table: str, extension: str) -> Path:
        """Where an exported file of a table lies."""
        return self.folder / "exports" / f"{table}.{extension}"


def start_artefact(folder: Path) -> None:
    """Make an empty folder for an artefact, in place of what an interrupted run left."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tables").mkdir(parents=True)
    (folder / "exports").mkdir()


def remove_unfinished(folder: Path) -> None:
    """Remove from a folder of artefacts what a run left that failed or was killed."""
    for artefact in folder.iterdir() if folder.exists() else []:
        if artefact.is_dir() and not (artefact / DESCRIPTION).exists():
            shutil.rmtree(artefact)


def finish_artefact(artefact: Artefact, schedule: Schedule) -> None:
    """Hash the exported files, make them read-only and write the description last."""
    for path in sorted((artefact.folder / "exports").iterdir()):
        artefact.exports.append(
            {
                "table": path.stem,
                "format": path.suffix[1:],
                "bytes": path.stat().st_size,
                "sha256": sha256_of(path),
                "rows": artefact.row_counts[path.stem],
            }
        )
        path.chmod(0o444)
    tables = {path.name: sha256_of(path) for path in (artefact.folder / "tables").iterdir()}
    described = {
        "name": artefact.name,
        "key": artefact.key,
        "tables": tables,
        "exports": artefact.exports,
    }
    temporary = artefact.folder / f".{DESCRIPTION}"
    temporary.write_text(json.dumps(described, indent=1))
    temporary.replace(artefact.folder / DESCRIPTION)


def open_artefact(folder: Path) -> Artefact | None:
    """The finished artefact in a folder, or None where there is none that is whole.

    Every file of it is hashed again: a damaged one must not enter another build.
    """
    try:
        described = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        artefact = Artefact(described["name"], described["key"], folder, described["exports"])
        kept = {folder / "tables" / name: known for name, known in described["tables"].items()}
        kept |= {
            artefact.export_path(entry["table"], entry["format"]): entry["sha256"]
            for entry in artefact.exports
        }
        is_whole = all(sha256_of(path) == known for path, known in kept.items())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return artefact if is_whole else None


def link_or_copy(source: Path, target: Path) -> None:
    """Hard-link a file, or copy it where source and target cannot be linked."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
