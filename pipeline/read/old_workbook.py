"""Old workbooks (.xls, Excel 97 to 2003), cell by cell.

The library for new workbooks reads old ones too, but makes room for every sheet up to its last
cell before anybody can look at one. This one keeps the cells that a sheet has.
"""

import io
import re
from decimal import Decimal

import polars as pl
import xlrd
from xlrd.sheet import Cell, Sheet

from pipeline.errors import RefusedError, refuse
from pipeline.read.grid import HEADER_SEARCH_LINES, grid_of, squeeze
from pipeline.read.sheet import ADVICE, COMPOUND_FILE, MOST_TEXT, is_scattered

SHOWN = 0

# The old workbooks of CMS have one to three sheets, and each one that is there takes time.
MOST_SHEETS = 100


class OldWorkbook:
    """The sheets of an old workbook that Excel shows; RefusedError where they are not to be read."""

    def __init__(self, data: bytes, file: str) -> None:
        self._file = file
        if not data:
            raise refuse(file, "empty", "the file is empty")
        if not data.startswith(COMPOUND_FILE):
            message = "no old Excel file, though its name ends in .xls"
            raise refuse(
                file,
                "workbook",
                message,
                advice="If it is text or CSV, name it .txt or .csv; else save it in Excel as .xlsx.",
            )
        self._book = self._opened(data)

    def _opened(self, data: bytes) -> xlrd.Book:
        try:
            return xlrd.open_workbook(
                file_contents=data,
                logfile=io.StringIO(),
                on_demand=True,
                ragged_rows=True,
                formatting_info=True,
            )
        except Exception as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> RefusedError:
        """What is said of damage, on which the library may fail in any way."""
        words = squeeze(str(error)) or type(error).__name__
        return refuse(self._file, "workbook", f"not a readable workbook: {words}")

    def filled_sheets(self, named: str = "") -> dict[str, int]:
        """The number of values of each sheet that is shown and has any.

        Where some are called as ``named`` says, the others are not looked at.
        """
        names = self._book.sheet_names()
        if len(names) > MOST_SHEETS:
            message = f"the workbook has {len(names):,} sheets, and at most {MOST_SHEETS} are read"
            raise refuse(self._file, "size", message)
        if len({name.casefold() for name in names}) < len(names):
            message = "two sheets of the workbook have one name"
            raise refuse(self._file, "workbook", message, advice=ADVICE)
        called = [name for name in names if named and re.search(named, name, re.IGNORECASE)]
        return self._counts(called) or self._counts(names)

    def _counts(self, names: list[str]) -> dict[str, int]:
        counts = {}
        for name in names:
            sheet = self._sheet(name)
            counts[name] = self._examined(sheet) if sheet.visibility == SHOWN else 0
            self._book.unload_sheet(name)
        return {name: count for name, count in counts.items() if count}

    def _sheet(self, name: str) -> Sheet:
        try:
            return self._book.sheet_by_name(name)
        except Exception as error:
            raise self._unreadable(error) from None

    def _examined(self, sheet: Sheet) -> int:
        """The number of values of a sheet; raises RefusedError where one is none or far away."""
        count, length = 0, 0
        for row in range(sheet.nrows):
            for column, cell in enumerate(sheet.row(row)):
                if cell.ctype == xlrd.XL_CELL_ERROR:
                    message = f"cell {xlrd.cellname(row, column)} holds an error of Excel, no value"
                    raise self._refuse(sheet, "cells", message)
                count += cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
                length += len(cell.value) if isinstance(cell.value, str) else 0
        if length > MOST_TEXT:
            raise self._refuse(sheet, "size", f"its texts have more than {MOST_TEXT:,} characters")
        if is_scattered(sheet.nrows, sheet.ncols, count):
            message = f"it has {sheet.nrows:,} rows by {sheet.ncols:,} columns, of which {count:,} "
            raise self._refuse(sheet, "size", message + "cells are filled")
        self._refuse_merged(sheet)
        return count

    def _refuse_merged(self, sheet: Sheet) -> None:
        """One value over several lines would be the value of the first, and blank in the others."""
        for first, after, left, right in sheet.merged_cells:
            if right - left == 1 and after - first > 1 and after > HEADER_SEARCH_LINES:
                place = f"{xlrd.cellname(first, left)}:{xlrd.cellname(after - 1, left)}"
                raise self._refuse(sheet, "cells", f"the cells {place} are merged into one")

    def _refuse(self, sheet: Sheet, rule: str, message: str) -> RefusedError:
        return refuse(self._file, rule, f'{message} in sheet "{sheet.name}"', advice=ADVICE)

    def load(self, name: str) -> pl.DataFrame:
        """The texts of a sheet; a cell of several lines is one row all the same."""
        sheet = self._sheet(name)
        columns: list[list[str]] = [[""] * sheet.nrows for _ in range(sheet.ncols)]
        for row in range(sheet.nrows):
            for column, cell in enumerate(sheet.row(row)):
                columns[column][row] = self._text(cell, row, column, sheet)
        cells = pl.DataFrame([pl.Series(str(i), x, pl.String) for i, x in enumerate(columns)])
        cells = cells.with_columns(pl.all().str.replace_all(r"[\r\n]+", " "))
        return grid_of(cells.get_columns(), range(1, len(cells) + 1))

    def _text(self, cell: Cell, row: int, column: int, sheet: Sheet) -> str:
        if cell.ctype == xlrd.XL_CELL_NUMBER:
            return plain_number(cell.value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return "true" if cell.value else "false"
        if cell.ctype != xlrd.XL_CELL_DATE:
            return str(cell.value)
        try:
            return str(xlrd.xldate_as_datetime(cell.value, self._book.datemode))
        except (ValueError, OverflowError):
            message = f"cell {xlrd.cellname(row, column)} holds a day that is none"
            raise self._refuse(sheet, "cells", message) from None


def plain_number(value: float) -> str:
    """A number as Excel shows it in full: 15 digits, so that 155.89499999999998 is 155.895."""
    text = format(Decimal(format(value, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
