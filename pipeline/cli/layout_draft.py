"""The draft of a layout from a file: what its header tells, and TODO for what a person decides."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.errors import UsageError
from pipeline.pfs.identify import TITLE, FileKind, kind_of, schedule
from pipeline.read.file import read_first_lines
from pipeline.read.grid import head_texts, read_lines
from pipeline.read.header import guess_header
from pipeline.read.layout import UNDECIDED, Layout, LayoutColumn, load_layouts

HEAD = """\
# DRAFT made from {file}. It is not loaded before a person has
#   1. named every column that is {todo} (for one to be read past, a name and loaded = false;
#      for filler, an empty name),
#   2. compared every header with its column in CMS's documentation of that year,
#   3. set the years, and evidence: P where CMS's file and documentation were read, S where
#      another public source tells of them; and named the source,
#   4. put it into {folder}, named after its kind and first year.
"""


@dataclass(frozen=True)
class _Drafted:
    """One column of a draft: a declared column that has this header, or none."""

    cell: str
    known: LayoutColumn | None


def draft_layout(path: Path) -> str:
    """The TOML of a layout for a file, as far as the file tells.

    Raises UsageError where its name is that of no kind of file, RefusedError where it cannot
    be read.
    """
    if path.suffix.lower() == ".zip":
        raise UsageError(f"{path.name} is a zip: unpack it and name the file within.")
    kind = kind_of(path.name)
    if kind is None:
        raise UsageError(f"{path.name} is named like no data file of a release or companion.")
    data = path.read_bytes()
    layouts = [x for x in load_layouts(schedule().folder / "layouts") if x.kind == kind.name]
    if layouts[0].form_of(path.suffix.lower()[1:]) == "txt":
        return _head(path, kind, layouts, 0, None) + _fixed_width(read_lines(data, path.name))
    grid = read_first_lines(data, path.name)
    header = guess_header(grid)
    if header is None:
        raise UsageError(f"{path.name} has no header, so nothing tells what its columns are.")
    year = _year(head_texts(grid)[: header.line])
    layouts.sort(key=lambda x: (sum(map(bool, _known(x, header.cells))), x.is_for(year)))
    layouts.reverse()
    columns = _recognise(header.cells, layouts)
    missing = _missing(columns, layouts[0].table)
    return (
        _head(path, kind, layouts, header.row_count, year)
        + f"# Its closest relative is {layouts[0].name}: see there for notices, pad, absent and [txt].\n"
        + (f"# No header cell names: {', '.join(missing)}\n" if missing else "")
        + "".join(_column(number, x) for number, x in enumerate(columns, start=1))
    )


def _known(layout: Layout, cells: list[str]) -> list[LayoutColumn | None]:
    """For each header cell the column of a layout that it heads."""
    return [next((x for x in layout.columns if x.is_headed(cell)), None) for cell in cells]


def _recognise(cells: list[str], layouts: list[Layout]) -> list[_Drafted]:
    """Each cell with the column that it heads in the first layout that knows it, used once."""
    columns: list[_Drafted] = []
    used: set[str] = set()
    for choices, cell in zip(
        zip(*(_known(layout, cells) for layout in layouts), strict=True), cells, strict=True
    ):
        known = next((x for x in choices if x and x.name not in used), None)
        used |= {known.name} if known else set()
        columns.append(_Drafted(cell, known))
    return columns


def _year(head: list[str]) -> int | None:
    """The year that title or header names, where they name one."""
    title = next((match for line in head if (match := TITLE.search(line))), None)
    named = set(re.findall(r"\b20\d\d\b", " ".join(head)))
    if title:
        return int(title["year"])
    return int(named.pop()) if len(named) == 1 else None


def _missing(columns: list[_Drafted], table: str) -> list[str]:
    named = {column.known.name for column in columns if column.known}
    return [x for x in schedule().tables[table].column_names if x not in named | {"source_line"}]


def _head(
    path: Path, kind: FileKind, layouts: list[Layout], header_rows: int, year: int | None
) -> str:
    shown_year = year or f'"{UNDECIDED}"'
    return HEAD.format(file=path.name, todo=UNDECIDED, folder="schemas/pfs/layouts") + (
        f'kind = "{kind.name}"\n'
        f'table = "{layouts[0].table}"\n'
        f"first_year = {shown_year}\n"
        f"last_year = {shown_year}\n"
        'evidence = "draft"\n'
        f'source = "{UNDECIDED}"\n'
        f"header_rows = {header_rows}\n"
    )


def _column(number: int, column: _Drafted) -> str:
    name = column.known.name if column.known else UNDECIDED
    header = column.known.header if column.known else re.escape(column.cell).replace(r"\ ", " ")
    quoted = f"'{header}'" if "'" not in header else json.dumps(header)
    pad = f"pad = {column.known.pad}\n" if column.known and column.known.pad else ""
    return f'\n# {number}: "{column.cell}"\n[[column]]\nname = "{name}"\nheader = {quoted}\n{pad}'


def _fixed_width(grid: pl.DataFrame) -> str:
    """What the lines of a fixed-width file tell: their length and where no field can lie."""
    lines = [line.rstrip() for line in grid["0"] if line.strip(" \x1a")]
    [(length, count)] = Counter(map(len, lines)).most_common(1)
    records = [line for line in lines if len(line) == length]
    blank = [
        position + 1
        for position in range(length)
        if all(record[position] == " " for record in records)
    ]
    return (
        f"# {count:,} of {len(lines):,} lines have {length} characters; the others are titles, or\n"
        "# shorter because blanks at the end were trimmed.\n"
        f"# Blank in all of those, so that no field needs them: {_ranges(blank) or 'no position'}.\n"
        "# A fixed-width file does not tell which field lies where, nor where two fields meet:\n"
        "# take names and positions from CMS's documentation and compare with the CSV.\n"
        f"\n[txt]\nrecord_length = {length}\n"
        f'\n[[column]]\nname = "{UNDECIDED}"\ntxt = [1, {length}]\n'
    )


def _ranges(positions: list[int]) -> str:
    """Positions as people write them: 3-5, 9."""
    begins = [x for x in positions if x - 1 not in positions]
    ends = [x for x in positions if x + 1 not in positions]
    pairs = zip(begins, ends, strict=True)
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in pairs)
