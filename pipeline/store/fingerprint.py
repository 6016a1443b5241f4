"""Hashes of what turns files into tables: the program's code and every definition."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pipeline.read.layout import Layout
from pipeline.store.shelf import TABLE
from schemas.definitions import SCHEMAS, Table

PIPELINE = Path(__file__).parents[1]

# What an artefact was made after: the hash of each definition, told from the artefact's facts.
Definitions = Callable[[dict], dict[str, str]]


def fingerprint() -> str:
    """SHA-256 over the whole program: its code, SQL, layouts, schemas, curated tables, pages, words."""
    digest = hashlib.sha256()
    for root in (PIPELINE, SCHEMAS):
        # They are more than a thousand, and a refresh with nothing new does hardly anything else.
        folders = sorted((folder, names) for folder, _, names in os.walk(root))
        for folder, names in folders:
            for name in sorted(x for x in names if not x.endswith(".pyc")):
                path = f"{folder}{os.sep}{name}"
                digest.update(path.removeprefix(str(root)).encode() + b"\0")
                with open(path, "rb") as file:  # noqa: PTH123 - a Path would cost as much as reading
                    digest.update(file.read() + b"\0")
    return digest.hexdigest()


def hash_of_code(*modules: str) -> str:
    """SHA-256 over the Python code that modules consist of and import, however far.

    What a table holds follows from no other code: a change elsewhere makes nothing anew.
    """
    return _hash_of_modules(tuple(sorted(set(modules))))


@cache
def _hash_of_modules(modules: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in sorted(closure(modules)):
        digest.update(_named_code(path))
    return digest.hexdigest()


@cache
def _named_code(path: Path) -> bytes:
    return _name(path).encode() + b"\0" + path.read_bytes() + b"\0"


def closure(modules: tuple[str, ...]) -> set[Path]:
    """The files of modules and of all that they import of this project."""
    found: set[Path] = set()
    waiting = [path for module in modules for path in _files_of(module)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += imported(path)
    return found


# The imports of a file, each on a line of its own or with its names in parentheses, without those that
# are for types alone: they never run. Python's own parser takes a quarter of a second for them.
FOR_TYPES = re.compile(r"^if (?:typing\.)?TYPE_CHECKING:\n(?:(?:[ \t].*)?\n)+", re.MULTILINE)
IMPORT = re.compile(
    r"^[ \t]*(?:from (?P<module>(?:pipeline|schemas)[\w.]*) import (?P<names>\([^)]*\)|.*)"
    r"|import (?P<whole>(?:pipeline|schemas)[\w.]*))",
    re.MULTILINE,
)


@cache
def imported(path: Path) -> tuple[Path, ...]:
    """The files of this project that a file imports when it runs, anywhere in it."""
    names = _imported_names(path.read_text("utf-8"))
    return tuple(sorted({file for name in names for file in _files_of(name)}))


def _imported_names(code: str) -> Iterator[str]:
    """The modules that a file imports, and what of them."""
    for found in IMPORT.finditer(FOR_TYPES.sub("", code)):
        module = found["module"]
        yield module or found["whole"]
        yield from (f"{module}.{name}" for name in re.findall(r"\w+", found["names"] or ""))


@cache
def _files_of(module: str) -> tuple[Path, ...]:
    """The file of a module with those of the packages that it is in; none where it is no module of ours."""
    package, *parts = module.split(".")
    place = {"pipeline": PIPELINE, "schemas": SCHEMAS}.get(package)
    if place is None:
        return ()
    found = [place / "__init__.py"]
    for part in parts:
        place = place / part
        found.append(place / "__init__.py" if place.is_dir() else place.with_suffix(".py"))
    return tuple(path for path in found if path.is_file())


def definitions_in(*paths: Path) -> dict[str, str]:
    """The hash of each definition file, by its name within the project.

    A folder stands for the files in it, whatever their number: git keeps none that is empty.
    """
    files = [x for path in paths for x in ([path] if path.suffix else sorted(path.rglob("*.sql")))]
    return {_name(file): hash_of_file(file) for file in files}


def definitions_of(tables: list[Table]) -> dict[str, str]:
    """The hash of all that ``schemas/`` says about each table: columns, types, words."""
    return {
        f"{TABLE}{table.name}": hashlib.sha256(repr(table).encode()).hexdigest() for table in tables
    }


def definitions_of_queries(queries: dict[str, Callable[[], str]]) -> dict[str, str]:
    """The hash of the SELECT of each table, with the constants that curated tables lend it."""
    return {
        f"query {name}": hashlib.sha256(query().encode()).hexdigest()
        for name, query in queries.items()
    }


def definitions_of_layouts(layouts: list[Layout]) -> dict[str, str]:
    """The hash of each layout, whatever the files that say what it is."""
    return {f"layout {layout.name}": hash_of_layout(layout) for layout in layouts}


def told_once(definitions: Definitions, *read: str) -> Definitions:
    """The same definitions, told once for the facts that they ``read``: none changes in a run."""
    known: dict[str, dict[str, str]] = {}

    def told(facts: dict) -> dict[str, str]:
        key = json.dumps([facts.get(name) for name in read], sort_keys=True, default=str)
        if key not in known:
            known[key] = definitions(facts)
        return known[key]

    return told


def hash_of_layout(layout: Layout) -> str:
    """SHA-256 of all that a layout says."""
    return hashlib.sha256(repr(layout).encode()).hexdigest()


def hash_of_file(path: Path) -> str:
    """SHA-256 of a definition file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _name(path: Path) -> str:
    root = PIPELINE if path.is_relative_to(PIPELINE) else SCHEMAS
    return path.relative_to(root).as_posix()
