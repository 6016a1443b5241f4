"""The draft of a layout from a file: what its header tells, and TODO for what a person decides."""

import json
import re
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path

import polars as pl

from pipeline.errors import UsageError
from pipeline.read.bundle import Member
from pipeline.read.file import read_first_lines
from pipeline.read.grid import head_texts, read_lines
from pipeline.read.header import guess_header
from pipeline.read.layout import ISO, UNDECIDED, Layout, LayoutColumn, Melt, layouts_for
from pipeline.read.sort import FileKind, kind_of, refuse_bomb
from pipeline.schedules.pfs.release_name import TITLE

HEAD = """\
# DRAFT made from {file}. It is not loaded before a person has
#   1. named every column that is {todo}, or removed it: what no column claims is not loaded,
#   2. compared the words of every column with CMS's documentation of that year,
#   3. set the years, and the grade: P where CMS's file and documentation were read, S where
#      another public source tells of them; and named the source,
#   4. put it into {folder} beside the layout of its kind, under a name of its own.
# Where only words are new, add them to the words of the layout that is there instead.
"""


# What a draft says of its layout in other lines, and what only the documentation of fixed width tells.
OF_ANY_LAYOUT = ("kind", "table", "columns", "evidence", "txt", "melt")
OF_THE_FIXED_WIDTH = ("txt", "txt_implied_decimals")


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
    member = Member("", path.name, path)
    refuse_bomb(member, kind)
    data = member.data
    extension = path.suffix.lower()[1:]
    layouts = layouts_for(tuple(kind.layouts), kind.plain, extension, path.name)
    form = layouts[0].form_of(extension)
    if form == "txt":
        return _head(path, kind, layouts, None) + _fixed_width(read_lines(data, path.name))
    grid = read_first_lines(data, path.name, form, layouts)
    header = guess_header(grid, layouts)
    if header is None:
        raise UsageError(f"{path.name} has no header, so nothing tells what its columns are.")
    columns = _recognise(header.cells, layouts)
    melt = layouts[0].melt
    missing = _missing(columns, layouts[0])
    return (
        _head(path, kind, layouts, _year(head_texts(grid)[: header.line]))
        + (f"# No cell of the head names: {', '.join(missing)}\n" if missing else "")
        + "".join(
            _column(f'{number}: "{x.cell}"', x.known or _undecided(x.cell))
            for number, x in enumerate(columns, start=1)
            if melt is None or not re.fullmatch(melt.words, x.cell)
        )
        + (_melt(layouts[0], melt, columns) if melt else "")
    )


def _recognise(cells: list[str], layouts: tuple[Layout, ...]) -> list[_Drafted]:
    """Each cell with the declared column that it names, each column once."""
    columns: list[_Drafted] = []
    used: set[str] = set()
    declared = [column for layout in layouts for column in layout.columns]
    for cell in cells:
        known = next((x for x in declared if x.is_headed(cell) and x.name not in used), None)
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


def _missing(columns: list[_Drafted], layout: Layout) -> list[str]:
    named = {column.known.name for column in columns if column.known}
    return [x.name for x in layout.columns if x.is_needed and x.name not in named]


def _head(path: Path, kind: FileKind, layouts: tuple[Layout, ...], year: int | None) -> str:
    shown_year = year or f'"{UNDECIDED}"'
    folder = f"schemas/{kind.schedule}/layouts"
    return HEAD.format(file=path.name, todo=UNDECIDED, folder=folder) + (
        f'kind = "{kind.name}"\n'
        f'table = "{layouts[0].table}"\n'
        + _dates(layouts[0])
        + "".join(f"{line}\n" for line in _declared(layouts[0], OF_ANY_LAYOUT))
        + "\n[[evidence]]\n"
        f"first_year = {shown_year}\n"
        f"last_year = {shown_year}\n"
        'grade = "draft"\n'
        f'source = "{UNDECIDED}"\n'
    )


def _dates(layout: Layout) -> str:
    """The form of days of all columns of a layout, which a column that no cell named has, too."""
    forms = {column.date for column in layout.columns}
    return f'dates = "{forms.pop()}"\n' if len(forms) == 1 and ISO not in forms else ""


def _undecided(cell: str) -> LayoutColumn:
    return LayoutColumn(UNDECIDED, words=f"^{_escaped(cell)}$")


def _column(said: str, column: LayoutColumn) -> str:
    lines = [f"\n# {said}", "[[column]]", f'name = "{column.name}"']
    return "\n".join([*lines, *_declared(column, OF_THE_FIXED_WIDTH)]) + "\n"


def _melt(layout: Layout, melt: Melt, drafted: list[_Drafted]) -> str:
    """The columns that no head names, and the words of those that become rows."""
    named = {x.known.name for x in drafted if x.known}
    unnamed = [x for x in layout.columns if x.name not in named]
    return "".join(_column("no head names it", x) for x in unnamed) + (
        "\n# Columns whose whole head is this pattern become rows: if CMS words them anew, change it and\n"
        "# remove them above.\n[melt]\n" + "".join(f"{line}\n" for line in _declared(melt, ()))
    )


def _declared(what: Layout | LayoutColumn | Melt, left_out: tuple[str, ...]) -> list[str]:
    """Whatever is declared of a layout or a column besides what the draft says by itself."""
    said = [field for field in fields(what) if field.name not in ("name", *left_out)]
    values = [(x.name, getattr(what, x.name)) for x in said if getattr(what, x.name) != x.default]
    return [f"{name} = {_toml(value)}" for name, value in values]


def _toml(value: object) -> str:
    if isinstance(value, str):
        return f"'{value}'" if value and "'" not in value else json.dumps(value)
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "{ " + ", ".join(f'{key} = "{word}"' for key, word in value) + " }"
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def _escaped(cell: str) -> str:
    return re.escape(cell).replace(r"\ ", " ")


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
