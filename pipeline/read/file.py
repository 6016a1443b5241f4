"""One file of CMS, from its bytes to a typed frame."""

import re
from dataclasses import dataclass

import polars as pl

from pipeline.errors import Finding, RefusedError, refuse
from pipeline.read.bundle import extension_of
from pipeline.read.grid import (
    HEADER_SEARCH_LINES,
    head_texts,
    is_wide,
    read_lines,
    read_separated,
)
from pipeline.read.header import match_header
from pipeline.read.layout import Layout
from pipeline.read.line_account import LineAccount
from pipeline.read.lines import DataLines, sort_fixed_lines, sort_table_lines
from pipeline.read.separated import SEPARATED
from pipeline.read.typed import type_rows
from pipeline.read.workbook import WORKBOOKS, read_workbook
from schemas.definitions import Table


@dataclass
class FileRead:
    """What reading a file gave.

    ``frame`` has the columns of the layout's table, ``head`` the texts of the lines before
    the data, ``refused`` what was wrong with the lines that are not in ``frame``; ``extra`` are the
    words above columns that have no role and are not loaded; ``sheet`` is the one of a workbook.
    ``open_end`` is the line of the last record where the file seems to end within it, else 0.
    """

    file: str
    form: str
    layout: Layout
    frame: pl.DataFrame
    head: list[str]
    account: LineAccount
    refused: list[Finding]
    extra: tuple[str, ...] = ()
    sheet: str = ""
    open_end: int = 0


# Title and copyright lines are short and few.
HEAD_BYTES = 20_000


def read_head(data: bytes, file: str, layouts: tuple[Layout, ...] = ()) -> list[str]:
    """The texts of the first lines of a file, in a workbook of the sheet that has ``layouts``."""
    return head_texts(read_first_lines(data, file, layouts=layouts))


def read_first_lines(
    data: bytes, file: str, form: str = "", layouts: tuple[Layout, ...] = ()
) -> pl.DataFrame:
    """The first lines of a file as a grid, without reading the rest where that is possible.

    ``form`` is how the file is to be read; without one its extension tells. Of a workbook the sheet
    is taken that has one of ``layouts``, or the fullest.
    """
    form = form or extension_of(file)
    if form in WORKBOOKS:
        _, grid = _sheet_with_data(data, layouts, file)
    elif form in SEPARATED:
        grid = read_separated(_first_lines(data), file, SEPARATED[form], line_feeds=True)
    else:
        grid = read_lines(_first_lines(data), file)
    return grid.head(HEADER_SEARCH_LINES)


def _first_lines(data: bytes) -> bytes:
    """The first lines up to a line end outside quotes, so that no record is cut."""
    if len(data) <= HEAD_BYTES or is_wide(data):
        return data
    begin = _whole_lines(data[:HEAD_BYTES])
    while begin.count(b'"') % 2:
        begin = _whole_lines(begin[:-1].rstrip(b"\r"))
    return begin or data


def _whole_lines(data: bytes) -> bytes:
    return data[: max(data.rfind(b"\n"), data.rfind(b"\r")) + 1]


def read_file(
    data: bytes, file: str, layouts: tuple[Layout, ...], tables: dict[str, Table]
) -> FileRead:
    """Read one file after whichever of ``layouts`` it matches; its form is its extension's.

    Raises RefusedError where the file as a whole cannot be read: no text, no head with the needed
    roles, a line that is neither record nor note, no data.
    """
    extension = extension_of(file)
    form = layouts[0].form_of(extension)
    open_end = 0
    if form == "txt":
        grid = read_lines(data, file)
        lines = sort_fixed_lines(grid, layouts, tables, file)
        open_end = _open_end(data, lines) or _shortest_end(grid, lines)
    elif form in WORKBOOKS:
        lines = _lines_of_workbook(data, layouts, file)
    else:
        line_feeds = any(layout.line_feeds for layout in layouts)
        grid = read_separated(data, file, SEPARATED[form], line_feeds)
        lines = sort_table_lines(grid, layouts, file)
        open_end = _open_end(data, lines)
    table = tables[lines.layout.table]
    _refuse_gaps(lines.layout, table)
    typed = type_rows(lines, table, form)
    account = lines.account
    account.quarantined = len({finding.line for finding in typed.refused})
    account.loaded = lines_of(typed.frame)
    return FileRead(
        file,
        extension,
        lines.layout,
        typed.frame,
        lines.head,
        account,
        typed.refused,
        lines.extra,
        lines.sheet,
        open_end,
    )


def _open_end(data: bytes, lines: DataLines) -> int:
    """The line of the last record where it is the last of the file and has no line end, else 0."""
    last = lines.texts["source_line"][-1]
    # DOS ends a file with a mark, and UTF-16 has a zero beside the line end.
    ends = data.rstrip(b"\x1a\0").endswith((b"\n", b"\r"))
    return 0 if ends or last < lines.account.total else last


def _shortest_end(grid: pl.DataFrame, lines: DataLines) -> int:
    """The line of the last record where it has fewer characters than all others, else 0."""
    records = grid.join(lines.texts.select("source_line"), on="source_line", how="semi")
    lengths = records.sort("source_line")["0"].str.len_chars()
    is_shortest = len(lengths) > 1 and lengths[-1] < (lengths[:-1].min() or 0)
    return lines.texts["source_line"][-1] if is_shortest else 0


def _refuse_gaps(layout: Layout, table: Table) -> None:
    """A layout that a person completed may lack what no cell of its file names."""
    declared = {"source_line", *(column.name for column in layout.columns)}
    lacking = [name for name in table.column_names if name not in declared]
    if lacking:
        message = f"the layout says nothing of {', '.join(lacking)}"
        advice = 'Declare these columns; absent = "" is for one that the file may lack.'
        raise refuse(f"{layout.name}.toml", "layout", message, advice=advice)


def lines_of(frame: pl.DataFrame) -> int:
    """How many lines of its file the rows of a frame come from: of a wide table, fewer than rows."""
    return frame["source_line"].n_unique()


def _sheet_with_data(
    data: bytes, layouts: tuple[Layout, ...], file: str
) -> tuple[str, pl.DataFrame]:
    def has_header(sheet: str, grid: pl.DataFrame) -> bool:
        try:
            match_header(grid, _layouts_of_sheet(layouts, sheet, grid), file)
        except RefusedError:
            return False
        return True

    named = "|".join(f"(?:{layout.sheet})" for layout in layouts if layout.sheet)
    return read_workbook(data, file, has_header, named)


def _lines_of_workbook(data: bytes, layouts: tuple[Layout, ...], file: str) -> DataLines:
    sheet, grid = _sheet_with_data(data, layouts, file)
    of_sheet = _layouts_of_sheet(layouts, sheet, grid)
    if not of_sheet:
        words = " or ".join(_plain_words(layout.sheet) for layout in layouts)
        message = f'no sheet has {words} in its name or title; the fullest is "{sheet}"'
        raise refuse(file, "sheet", message)
    lines = sort_table_lines(grid, of_sheet, file)
    lines.sheet = sheet
    return lines


def _plain_words(pattern: str) -> str:
    """A pattern for people: without what only says where a word begins and ends."""
    return re.sub(r"\(\?<?[!=][^)]*\)", "", pattern)


def _layouts_of_sheet(
    layouts: tuple[Layout, ...], sheet: str, grid: pl.DataFrame
) -> tuple[Layout, ...]:
    """The layouts whose words for a sheet stand in its name or in its first line."""
    texts = [sheet, *head_texts(grid.head(1))]
    return tuple(
        x for x in layouts if any(re.search(x.sheet, text, re.IGNORECASE) for text in texts)
    )
