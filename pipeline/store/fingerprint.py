"""Hashes of what turns files into tables: the program's code and every definition."""

import hashlib
from functools import cache
from pathlib import Path

from pipeline.read.layout import Layout
from pipeline.store.shelf import TABLE
from schemas.definitions import SCHEMAS, Table

PIPELINE = Path(__file__).parents[1]

# What people read and how a build is published changes no table.
NO_PART = ("cli", "fetch", "price", "publish", "refresh", "report.py")


# What makes the pages, which are part of exports but of no table.
PAGES = ("site", "messages.py")


def fingerprint() -> str:
    """SHA-256 over the program's code, SQL, layouts, schemas, curated tables, pages and words."""
    of_tables = (".py", ".sql", ".toml", ".csv", ".yaml", ".json")
    return _hash_of_files((*of_tables, ".js", ".css", ".html", ".svg", ".po"), NO_PART)


def hash_of_code() -> str:
    """SHA-256 over the Python code alone: it may change what any table holds.

    The sample is input, hashed like any other.
    """
    return _hash_of_files((".py",), (*NO_PART, *PAGES, "sample"))


@cache
def _hash_of_files(endings: tuple[str, ...], left_out: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for root in (PIPELINE, SCHEMAS):
        for path in sorted(root.rglob("*")):
            parts = path.relative_to(root).parts
            if path.suffix in endings and parts[0] not in left_out:
                digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def definitions_in(*paths: Path) -> dict[str, str]:
    """The hash of each definition file, by its name within the project.

    A folder stands for the files in it, whatever their number.
    """
    files = [
        x for path in paths for x in (sorted(path.rglob("*.sql")) if path.is_dir() else [path])
    ]
    return {_name(file): hash_of_file(file) for file in files}


def definitions_of(tables: list[Table]) -> dict[str, str]:
    """The hash of all that ``schemas/`` says about each table: columns, types, words."""
    return {
        f"{TABLE}{table.name}": hashlib.sha256(repr(table).encode()).hexdigest() for table in tables
    }


def definitions_of_layouts(layouts: list[Layout]) -> dict[str, str]:
    """The hash of each layout, whatever the files that say what it is."""
    return {f"layout {layout.name}": hash_of_layout(layout) for layout in layouts}


def hash_of_layout(layout: Layout) -> str:
    """SHA-256 of all that a layout says."""
    return hashlib.sha256(repr(layout).encode()).hexdigest()


def hash_of_file(path: Path) -> str:
    """SHA-256 of a definition file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _name(path: Path) -> str:
    root = PIPELINE if path.is_relative_to(PIPELINE) else SCHEMAS
    return path.relative_to(root).as_posix()
