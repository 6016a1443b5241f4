"""Where the header of a file ends, what its cells say, and which declared layout that is.

CMS stacks the words of a header over up to five lines; a header cell is what stands above one
column, joined downwards.
"""

import re
from dataclasses import dataclass

import polars as pl

from pipeline.errors import RefusedError, refuse
from pipeline.read.grid import HEADER_SEARCH_LINES, squeeze
from pipeline.read.layout import Layout

NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+")


@dataclass(frozen=True)
class Header:
    """The header of a table: how many lines it is stacked of, its last line, its cells."""

    row_count: int
    line: int
    cells: list[str]

    def __str__(self) -> str:
        """The cells with their numbers, for people."""
        return ", ".join(f'{number} "{cell}"' for number, cell in enumerate(self.cells, start=1))


@dataclass(frozen=True)
class _Difference:
    """How the closest place of a file differs from the header of a layout."""

    header: Header
    agreeing_cells: int
    message: str


def match_header(grid: pl.DataFrame, layouts: tuple[Layout, ...], file: str) -> tuple[Layout, int]:
    """The one layout whose header a table has, and the number of lines up to its end.

    Raises RefusedError naming the first header cell that differs, and all the cells.
    """
    rows = _rows(grid)
    found = [(layout, _find(rows, layout)) for layout in layouts]
    matched = [(layout, end) for layout, end in found if isinstance(end, int)]
    if len(matched) == 1:
        return matched[0]
    if matched:
        names = " and ".join(layout.name for layout, _ in matched)
        raise refuse(file, "layout", f"the header matches more than one layout: {names}")
    differences = [difference for _, difference in found if isinstance(difference, _Difference)]
    closest = max(differences, key=lambda difference: difference.agreeing_cells)
    cells = f"Its header cells: {closest.header}. " if closest.header.cells else ""
    raise refuse(
        file,
        "header",
        closest.message,
        line=closest.header.line,
        advice=f"{cells}The columns are not where they are known to be, so nothing of it is read. "
        "Get the file again; if CMS changed it, declare its layout, which begins with: "
        "pfs layout draft FILE",
    )


def refuse_undeclared(grid: pl.DataFrame, file: str, message: str) -> RefusedError:
    """The refusal of a table for whose year no layout is declared: it prints the header cells."""
    header = guess_header(grid)
    cells = f"Its header cells: {header}. " if header else ""
    advice = (
        f"{cells}A layout begins with: pfs layout draft FILE (unpack a zip first). "
        "Or leave this input out with --skip NAME."
    )
    return refuse(file, "layout", message, line=header.line if header else None, advice=advice)


def guess_header(grid: pl.DataFrame) -> Header | None:
    """The header of a table of which nothing is declared; None where nothing looks like one.

    It ends above the first line with a number in a cell of its own, and begins below the titles,
    which have one cell each.
    """
    rows = _rows(grid)
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    data = (
        index
        for index, cells in enumerate(filled)
        if len(cells) > 1 and any(NUMBER.fullmatch(cell) for cell in cells)
    )
    end = next(data, 0)
    while end and not filled[end - 1]:
        end -= 1
    begin = end
    while begin and len(filled[begin - 1]) > 1:
        begin -= 1
    return Header(end - begin, end, _stacked(rows[begin:end])) if begin < end else None


def fixed_header_ends(grid: pl.DataFrame, layout: Layout, file: str) -> int:
    """The number of header lines of a fixed-width file; raises RefusedError."""
    txt = layout.txt
    if txt is None or not txt.header_line:
        return 0
    lines = [line.rstrip() for line in grid["0"].head(HEADER_SEARCH_LINES)]
    if txt.lines_before_header:
        position = txt.lines_before_header
        if len(lines) > position and re.fullmatch(txt.header_line, lines[position]):
            return position + 1
        line = min(position + 1, len(lines))
        raise refuse(file, "header", "the header line is not the known one", line=line)
    end = 0
    while end < len(lines) and re.fullmatch(txt.header_line, lines[end]):
        end += 1
    return end


def _rows(grid: pl.DataFrame) -> list[list[str]]:
    return [[cell or "" for cell in row[1:]] for row in grid[:HEADER_SEARCH_LINES].iter_rows()]


def _find(rows: list[list[str]], layout: Layout) -> int | _Difference:
    """The number of lines up to the header's end; or the closest line and what differs there."""
    if not layout.header_rows:
        return 0
    closest = _Difference(Header(0, 1, []), -1, "the file has no header")
    for end in range(layout.header_rows, len(rows) + 1):
        cells = _stacked(rows[end - layout.header_rows : end])
        wrong = _first_difference(cells, layout)
        if wrong is None:
            return end
        agreeing = sum(
            column.is_headed(cell) for column, cell in zip(layout.columns, cells, strict=False)
        )
        if agreeing > closest.agreeing_cells:
            closest = _Difference(Header(layout.header_rows, end, cells), agreeing, wrong)
    return closest


def _stacked(rows: list[list[str]]) -> list[str]:
    cells = [squeeze(" ".join(parts)) for parts in zip(*rows, strict=True)]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _first_difference(cells: list[str], layout: Layout) -> str | None:
    for index, column in enumerate(layout.columns):
        cell = cells[index] if index < len(cells) else ""
        if not column.is_headed(cell):
            expected = re.sub(r"\\(.)", r"\1", column.header)
            return f'header cell {index + 1} is "{cell}" where "{expected}" is expected'
    if len(cells) > len(layout.columns):
        extra = cells[len(layout.columns)]
        return f'header cell {len(layout.columns) + 1} is "{extra}" where the header should end'
    return None
