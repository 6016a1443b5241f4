"""Declared layouts of CMS's files: where each column stands in each form.

A layout is a TOML file in ``schemas/<schedule>/layouts``. Which years it is for, how its
header reads and where its fixed-width fields lie is data there; nothing here knows a year.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.errors import refuse


@dataclass(frozen=True)
class LayoutColumn:
    """One column of a layout; ``name`` is '' for filler that is not loaded."""

    name: str
    header: str = ""
    txt: tuple[int, int] | None = None
    txt_implied_decimals: int = 0
    pad: int = 0


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


@cache
def load_layouts(folder: Path) -> tuple[Layout, ...]:
    """Read every layout of a schedule, in the order of their file names."""
    return tuple(_load(path) for path in sorted(folder.glob("*.toml")))


def _load(path: Path) -> Layout:
    entry = tomllib.loads(path.read_text("utf-8"))
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


def layouts_for(
    layouts: tuple[Layout, ...], kind: str, year: int | None, file: str
) -> tuple[Layout, ...]:
    """The layouts of a kind of file that are for a year (all of the kind where it is unknown).

    Raises RefusedError where none is declared for the year.
    """
    of_kind = [layout for layout in layouts if layout.kind == kind]
    found = tuple(x for x in of_kind if year is None or x.first_year <= year <= x.last_year)
    if found:
        return found
    years = ", ".join(f"{layout.first_year}-{layout.last_year}" for layout in of_kind)
    raise refuse(
        file,
        "layout",
        f"no layout of {kind} is declared for {year} (declared: {years})",
        advice="Add a layout with its evidence, or leave this input out with --skip NAME.",
    )
