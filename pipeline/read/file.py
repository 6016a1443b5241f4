"""One file of CMS, from its bytes to a typed frame."""

from dataclasses import dataclass

import polars as pl

from pipeline.errors import Finding, RefusedError
from pipeline.read.grid import HEADER_SEARCH_LINES, head_texts, is_wide, read_csv, read_lines
from pipeline.read.header import match_header
from pipeline.read.layout import Layout
from pipeline.read.lines import LineAccount, sort_fixed_lines, sort_table_lines
from pipeline.read.typed import type_rows
from pipeline.read.workbook import fullest_sheet, read_workbook
from schemas.definitions import Table


@dataclass
class FileRead:
    """What reading a file gave.

    ``frame`` has the columns of the layout's table, ``head`` the texts of the lines before
    the data, ``refused`` what was wrong with the lines that are not in ``frame``; ``extra`` are the
    words above columns that have no role and are not loaded.
    """

    file: str
    form: str
    layout: Layout
    frame: pl.DataFrame
    head: list[str]
    account: LineAccount
    refused: list[Finding]
    extra: tuple[str, ...] = ()


# Title and copyright lines are short and few.
HEAD_BYTES = 20_000


def read_head(data: bytes, file: str) -> list[str]:
    """The texts of the first lines of a file."""
    return head_texts(read_first_lines(data, file))


def read_first_lines(data: bytes, file: str) -> pl.DataFrame:
    """The first lines of a file as a grid, without reading the rest where that is possible."""
    if file.lower().endswith(".xlsx"):
        grid = fullest_sheet(data, file)
    elif file.lower().endswith(".csv"):
        grid = read_csv(_first_lines(data), file)
    else:
        grid = read_lines(_first_lines(data), file)
    return grid.head(HEADER_SEARCH_LINES)


def _first_lines(data: bytes) -> bytes:
    """The first lines up to a line end, so that no record is cut."""
    if len(data) <= HEAD_BYTES or is_wide(data):
        return data
    begin = data[:HEAD_BYTES]
    return begin[: max(begin.rfind(b"\n"), begin.rfind(b"\r")) + 1] or data


def read_file(
    data: bytes, file: str, layouts: tuple[Layout, ...], tables: dict[str, Table]
) -> FileRead:
    """Read one file after whichever of ``layouts`` it matches; its form is its extension's.

    Raises RefusedError where the file as a whole cannot be read: no text, no head with the needed
    roles, a line that is neither record nor note, no data.
    """
    form = layouts[0].form_of(file.rpartition(".")[2].lower())
    if form == "txt":
        lines = sort_fixed_lines(read_lines(data, file), layouts, tables, file)
    elif form == "xlsx":
        grid = read_workbook(data, file, lambda grid: _has_header(grid, layouts, file))
        lines = sort_table_lines(grid, layouts, file)
    else:
        lines = sort_table_lines(read_csv(data, file), layouts, file)
    typed = type_rows(lines, tables[lines.layout.table], fixed_width=form == "txt")
    account = lines.account
    account.quarantined = len({finding.line for finding in typed.refused})
    account.loaded = len(typed.frame)
    return FileRead(
        file, form, lines.layout, typed.frame, lines.head, account, typed.refused, lines.extra
    )


def _has_header(grid: pl.DataFrame, layouts: tuple[Layout, ...], file: str) -> bool:
    try:
        match_header(grid, layouts, file)
    except RefusedError:
        return False
    return True
