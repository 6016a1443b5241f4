"""Declared layouts of CMS's files: where each column stands in each form.

A layout is a TOML file in ``schemas/<schedule>/layouts``. Which years it is for, how its
header reads and where its fixed-width fields lie is data there; nothing here knows a year.
Years with the same columns but other evidence name the other layout in ``columns_of``.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.errors import refuse

# What a draft has where a person has to decide; a layout with it is not loaded.
UNDECIDED = "TODO"

# P: CMS's file or its documentation was read. S: a public source tells of it.
EVIDENCE = ("P", "S")


@dataclass(frozen=True)
class LayoutColumn:
    """One column of a layout; ``name`` is '' for filler.

    A column that is named and not ``loaded`` is read past: its values are in no table.
    """

    name: str
    header: str = ""
    txt: tuple[int, int] | None = None
    txt_implied_decimals: int = 0
    pad: int = 0
    loaded: bool = True

    def is_headed(self, cell: str) -> bool:
        """Whether a header cell is this column's."""
        return bool(re.fullmatch(self.header, cell, re.IGNORECASE))


@dataclass(frozen=True)
class FixedWidth:
    """What is particular to the fixed-width form."""

    record_length: int | None = None
    header_line: str = ""
    lines_before_header: int = 0


@dataclass(frozen=True)
class Layout:
    """One layout: one kind of file over a range of years."""

    name: str
    kind: str
    table: str
    first_year: int
    last_year: int
    evidence: str
    source: str
    header_rows: int
    columns: tuple[LayoutColumn, ...]
    txt: FixedWidth | None = None
    notices: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    repeats_records: bool = False
    names_year: bool = False
    absent: tuple[tuple[str, str], ...] = ()
    forms: tuple[tuple[str, str], ...] = ()

    def is_notice(self, line: str) -> bool:
        """Whether a line is one of the declared footnotes or trailer records."""
        return any(re.fullmatch(pattern, line) for pattern in self.notices)

    def form_of(self, extension: str) -> str:
        """How a file of this extension is to be read: ``csv``, ``txt`` or ``xlsx``."""
        return dict(self.forms).get(extension, extension)

    @property
    def extensions(self) -> tuple[str, ...]:
        """The extensions of the files that this layout reads."""
        if self.forms:
            return tuple(extension for extension, _ in self.forms)
        with_header = ("csv", "xlsx") if self.header_rows else ()
        return (*with_header, "txt") if self.txt else with_header

    def is_for(self, year: int | None) -> bool:
        """Whether the layout is for a year; an unknown year rules nothing out."""
        return year is None or self.first_year <= year <= self.last_year


@cache
def load_layouts(folder: Path) -> tuple[Layout, ...]:
    """Read every layout of a schedule, in the order of their file names."""
    return tuple(_load(path) for path in sorted(folder.glob("*.toml")))


def _load(path: Path) -> Layout:
    try:
        return _layout(path)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, FileNotFoundError) as error:
        # Layout files are written by people: an entry may be missing, misspelt or broken.
        advice = "Compare it with the layouts beside it."
        raise refuse(path.name, "layout", f"not a layout: {error}", advice=advice) from None


def _layout(path: Path) -> Layout:
    entry = _read_toml(path)
    if "columns_of" in entry:
        other = path.with_name(f"{entry.pop('columns_of')}.toml")
        entry["column"] = _read_toml(other)["column"]
    columns = tuple(
        LayoutColumn(**{**column, "txt": tuple(column["txt"]) if "txt" in column else None})
        for column in entry.pop("column")
    )
    txt = FixedWidth(**entry.pop("txt")) if "txt" in entry else None
    for key in ("notices", "fill_down"):
        entry[key] = tuple(entry.get(key, ()))
    for key in ("absent", "forms"):
        entry[key] = tuple(entry.get(key, {}).items())
    return Layout(name=path.stem, columns=columns, txt=txt, **entry)


def _read_toml(path: Path) -> dict:
    """The entries of a layout file; RefusedError where a person has not decided all of them."""
    entry = tomllib.loads(path.read_text("utf-8"))
    undecided = [
        f"column {number}"
        for number, column in enumerate(entry.get("column", ()), start=1)
        if UNDECIDED in (column["name"], column.get("header"))
    ]
    undecided += [key for key, value in entry.items() if str(value).startswith(UNDECIDED)]
    if entry.get("evidence") not in EVIDENCE:
        undecided.append('evidence (to be "P" or "S")')
    if undecided:
        message = f"the layout is a draft: to be decided are {', '.join(undecided)}"
        advice = "Complete it from CMS's documentation, or move it out of the folder."
        raise refuse(path.name, "layout", message, advice=advice)
    return entry


def layouts_for(
    layouts: tuple[Layout, ...], kind: str, year: int | None, file: str
) -> tuple[Layout, ...]:
    """The layouts of a kind of file that are for a year (all of the kind where it is unknown).

    Raises RefusedError where none is declared for the year.
    """
    found = tuple(x for x in layouts if x.kind == kind and x.is_for(year))
    if found:
        return found
    raise refuse(
        file,
        "layout",
        undeclared(layouts, kind, year),
        advice="Add a layout with its evidence, or leave this input out with --skip NAME.",
    )


def undeclared(layouts: tuple[Layout, ...], kind: str, year: int | None) -> str:
    """What to say where no layout of a kind is for a year."""
    years = sorted((x.first_year, x.last_year) for x in layouts if x.kind == kind)
    declared = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in years)
    return f"no layout of {kind} is declared for {year} (declared: {declared})"
