"""Artefacts: what came of one input, kept under everything that it depends on.

An artefact is made in a folder of its own, is complete once ``artefact.json`` stands in it, and
is never changed afterwards. ``tables/`` holds what the next stage takes, ``exports/`` and
``pages/`` the files that every build links to.

It is found again by what it was made from (a hash of bytes or of other artefacts) as long as
every definition that it was made after (layouts, schemas, SQL, code) is what it was. A file of it
that has the size and the time of when it was made is taken for what it was, so that a build costs
the same beside a hundred releases as beside one; ``--verify`` hashes every file.
"""

import hashlib
import json
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.errors import exists
from pipeline.store.notes import read_note

DESCRIPTION = "artefact.json"

# What a definition of a table is called among those that an artefact is made after.
TABLE = "table "

# How the folder of an artefact is called; other folders on the shelf are somebody else's.
FOLDER = re.compile("[A-Za-z0-9_]{0,60}-[a-z]+-[0-9a-f]{16}")


@dataclass
class Artefact:
    """One artefact of one ``stage`` (read, model, change, pages, volume).

    ``made_from`` is a hash of what went in, ``made_after`` has the hash of each definition by
    name, ``facts`` what the stage learned that is no table. ``tables`` has the hash of each
    table's file, ``pages`` that of each data file of the site by its name, ``stamps`` the size and
    the time of every file; ``row_counts`` the rows of each exported table while it is being made.
    """

    name: str
    stage: str
    made_from: str
    made_after: dict[str, str]
    folder: Path
    facts: dict = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    exports: list[dict] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, list[int]] = field(default_factory=dict)
    row_counts: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The hash of everything that it depends on."""
        return _key(self.made_from, self.made_after)

    def table_path(self, table: str) -> Path:
        """Where a table for the next stage lies."""
        return self.folder / "tables" / f"{table}.parquet"

    def export_path(self, table: str, extension: str) -> Path:
        """Where an exported file of a table lies."""
        return self.folder / "exports" / f"{table}.{extension}"

    def page_path(self, name: str) -> str:
        """Where a data file of the site lies (``RVU25D/release``)."""
        # A hundred releases have seven thousand of them: a Path would cost ten times as much.
        return f"{self.folder}/pages/{name}.js"

    def note_table(self, table: str) -> None:
        """Take the hash of a table's file that has just been written."""
        self.tables[table] = sha256_of(self.table_path(table))

    def tables_of(self, prefix: str) -> dict[str, str]:
        """The hash of each table whose name begins with ``prefix``."""
        return {name: known for name, known in self.tables.items() if name.startswith(prefix)}

    def content(self, prefix: str = "") -> str:
        """A hash of its facts and of its tables whose name begins with ``prefix``.

        A stage that takes only those need not run again where they came out the same.
        """
        parts = [f"{name} {known}" for name, known in sorted(self.tables_of(prefix).items())]
        return _hash(json.dumps(self.facts, sort_keys=True, default=str), *parts)


class Shelf:
    """The folder of all artefacts; ``damaged`` names those that were found not to be whole.

    ``verify``: hash every file of what is found, instead of trusting size and time.
    """

    def __init__(self, folder: Path, verify: bool = False) -> None:
        self.folder = folder
        self.verify = verify
        self.damaged: list[str] = []

    @cached_property
    def _described(self) -> dict[tuple[str, str], list[Artefact]]:
        """Every finished artefact as it describes itself, by its stage and what it was made from."""
        found = defaultdict(list)
        for folder in self._folders():
            if (folder / DESCRIPTION).exists():
                artefact = _described(folder)
                if artefact:
                    found[artefact.stage, artefact.made_from].append(artefact)
                else:
                    self.damaged.append(folder.name)
        return found

    def _folders(self) -> list[Path]:
        there = sorted(self.folder.iterdir()) if exists(self.folder) else []
        return [path for path in there if FOLDER.fullmatch(path.name) and path.is_dir()]

    def find(
        self, stage: str, made_from: str, definitions: Callable[[dict], dict[str, str]]
    ) -> Artefact | None:
        """The artefact of a stage that was made from this after today's definitions, or None.

        ``definitions`` tells them from an artefact's facts. A file that was touched since is
        hashed again: a damaged one must not enter another build.
        """
        return self._find(stage, made_from, lambda x: x.made_after == definitions(x.facts))

    def obtain(
        self,
        name: str,
        stage: str,
        made_from: str,
        definitions: Callable[[dict], dict[str, str]],
        fill: Callable[["Artefact"], None],
    ) -> Artefact:
        """The artefact on the shelf, or a new one whose tables ``fill`` writes."""
        found = self.find(stage, made_from, definitions)
        if found:
            return found
        artefact = self.start(name, stage, made_from, definitions({}))
        fill(artefact)
        finish_artefact(artefact)
        return artefact

    def find_of_earlier(
        self, stage: str, made_from: str, definitions: Callable[[dict], dict[str, str]]
    ) -> Artefact | None:
        """The same, made by an earlier version of the program, where its tables are today's."""

        def is_alike(artefact: Artefact) -> bool:
            return _of_tables(artefact.made_after) == _of_tables(definitions(artefact.facts))

        return self._find(stage, made_from, is_alike)

    def _find(
        self, stage: str, made_from: str, is_wanted: Callable[[Artefact], bool]
    ) -> Artefact | None:
        for artefact in self._described.get((stage, made_from), ()):
            if is_wanted(artefact):
                if _is_whole(artefact, self.verify):
                    return artefact
                if artefact.folder.name not in self.damaged:
                    self.damaged.append(artefact.folder.name)
        return None

    def start(self, name: str, stage: str, made_from: str, made_after: dict[str, str]) -> Artefact:
        """Make an empty folder for an artefact, in place of what an interrupted run left."""
        last = name.rpartition("/")[2]
        plain = "".join(x if x.isascii() and x.isalnum() else "_" for x in last)[:60]
        folder = self.folder / f"{plain}-{stage}-{_key(made_from, made_after)[:16]}"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "tables").mkdir(parents=True)
        (folder / "exports").mkdir()
        return Artefact(name, stage, made_from, made_after, folder)

    def remove_unfinished(self) -> None:
        """Remove what a run left that failed or was killed."""
        for folder in self._folders():
            if not (folder / DESCRIPTION).exists():
                shutil.rmtree(folder)

    def prune(self, in_use: list[Artefact]) -> None:
        """Remove the artefacts that no input has."""
        names = {artefact.folder.name for artefact in in_use}
        for folder in self._folders():
            if folder.name not in names:
                shutil.rmtree(folder)


def finish_artefact(artefact: Artefact) -> None:
    """Hash every file, make it read-only and write the description last."""
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
    for path in sorted((artefact.folder / "tables").iterdir()):
        artefact.tables.setdefault(path.stem, sha256_of(path))
        path.chmod(0o444)
    pages = artefact.folder / "pages"
    for path in sorted(pages.rglob("*.js")):
        name = path.relative_to(pages).with_suffix("").as_posix()
        artefact.pages[name] = sha256_of(path)
        path.chmod(0o444)
    artefact.stamps = {_inner(artefact, path): _stamp(path) for path in _files(artefact)}
    described = {name: x for name, x in asdict(artefact).items() if name != "folder"}
    temporary = artefact.folder / f".{DESCRIPTION}"
    text = json.dumps(described, sort_keys=True, default=str)
    temporary.write_text(
        json.dumps({"sha256": _hash(text), "artefact": json.loads(text)}, indent=1)
    )
    temporary.chmod(0o444)
    temporary.replace(artefact.folder / DESCRIPTION)


def _described(folder: Path) -> Artefact | None:
    """An artefact as it describes itself; None where the description is not what was written."""
    note = read_note(folder / DESCRIPTION, dict) or {}
    described: Any = note.get("artefact")
    if note.get("sha256") != _hash(json.dumps(described, sort_keys=True)):
        return None
    try:
        return Artefact(folder=folder, **described)
    except TypeError:
        return None


def _is_whole(artefact: Artefact, verify: bool) -> bool:
    kept = {f"tables/{name}.parquet": known for name, known in artefact.tables.items()}
    try:
        kept |= {f"exports/{x['table']}.{x['format']}": x["sha256"] for x in artefact.exports}
        kept |= {f"pages/{name}.js": known for name, known in artefact.pages.items()}
        # A hundred releases have ten thousand files: their names stay texts, which are cheap.
        folder = str(artefact.folder)
        return all(
            (not verify and _stamp(f"{folder}/{inner}") == artefact.stamps.get(inner))
            or sha256_of(artefact.folder / inner) == known
            for inner, known in kept.items()
        )
    except (OSError, KeyError, TypeError):
        return False


def _files(artefact: Artefact) -> list[Path]:
    return sorted(path for path in artefact.folder.glob("*/**/*") if path.is_file())


def _inner(artefact: Artefact, path: Path) -> str:
    return path.relative_to(artefact.folder).as_posix()


def _stamp(path: Path | str) -> list[int]:
    """The size of a file, and when it was written; linking it elsewhere changes neither."""
    found = os.stat(path)  # noqa: PTH116 - a Path would cost ten times as much
    return [found.st_size, found.st_mtime_ns]


def _of_tables(made_after: dict[str, str]) -> dict[str, str]:
    """What the tables of an artefact consist of."""
    return {name: known for name, known in made_after.items() if name.startswith(TABLE)}


def _key(made_from: str, made_after: dict[str, str]) -> str:
    return _hash(made_from, *(f"{name} {known}" for name, known in sorted(made_after.items())))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def link_or_copy(source: Path | str, target: Path | str) -> None:
    """Hard-link a file, or copy it where source and target cannot be linked."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
