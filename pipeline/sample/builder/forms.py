"""Write rows in the three forms of CMS's files: CSV, fixed-width text and workbook."""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter

Cell = str | int | float | Decimal

# First position, last position (both counted from 1) and alignment of a fixed-width field.
Position = tuple[int, int, str]

# xlsxwriter would stamp a workbook with the time of writing, which would make every run differ
# from the one before, so the release date of the figures is used.
WORKBOOK_CREATED = datetime.datetime(2025, 9, 11)


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write rows as CSV, each filled up with empty cells to the longest, as Excel saves a sheet."""
    width = max(map(len, rows))
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(
        [*row, *[""] * (width - len(row))] for row in rows
    )
    write_text(path, buffer.getvalue())


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines of text with the line ends that CMS uses."""
    write_text(path, "".join(f"{line}\r\n" for line in lines))


def write_text(path: Path, text: str) -> None:
    """Write text byte for byte, in the encoding of CMS's files."""
    path.write_bytes(text.encode("cp1252"))


def fixed_width(positions: Iterable[Position], texts: Iterable[str]) -> str:
    """Return one fixed-width line, as long as its last position.

    Text that is too long for its positions is cut off, as CMS does it with names.
    """
    line = ""
    for (first, last, alignment), text in zip(positions, texts, strict=True):
        length = last - first + 1
        line = line.ljust(first - 1) + f"{text[:length]:{alignment}{length}}"
    return line


def write_workbook(
    path: Path,
    sheet_name: str,
    rows: Iterable[Sequence[Cell]],
    number_format: str,
    keep_empty_text: bool = False,
) -> None:
    """Write rows to a workbook of one sheet."""
    write_sheets(path, {sheet_name: rows}, number_format, keep_empty_text)


def write_sheets(
    path: Path,
    sheets: dict[str, Iterable[Sequence[Cell]]],
    number_format: str,
    keep_empty_text: bool = False,
) -> None:
    """Write a workbook with a sheet for each of some names.

    Text stays text, a ``Decimal`` gets the number format and any other number is written plainly.
    An empty text gives an empty cell, or with ``keep_empty_text`` a cell that holds an empty text.
    """
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": WORKBOOK_CREATED})
        decimal_format = workbook.add_format({"num_format": number_format})
        for sheet_name, rows in sheets.items():
            sheet = workbook.add_worksheet(sheet_name)
            for row_number, row in enumerate(rows):
                for column_number, value in enumerate(row):
                    if isinstance(value, Decimal):
                        sheet.write_number(row_number, column_number, float(value), decimal_format)
                    elif not isinstance(value, str):
                        sheet.write_number(row_number, column_number, value)
                    elif value or keep_empty_text:
                        sheet.write_string(row_number, column_number, value)
