"""Old workbooks (.xls) made for tests."""

import io
from datetime import date

import xlwt

HIDDEN = 1


class DayNumber(float):
    """A number in a cell whose format is a day's."""


def old_book(
    sheets: dict[str, list[list]], hidden: tuple[str, ...] = (), errors: tuple[str, ...] = (),
    merged: dict[str, tuple[int, int, int, int]] | None = None,
) -> bytes:  # fmt: skip
    """A workbook of sheets by name, each a list of rows of cells.

    ``hidden`` names sheets that are not shown, ``errors`` those whose last cell, one below the others,
    is an error of Excel; ``merged`` has first and last row and column of cells that are one.
    """
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="MM/DD/YYYY")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        sheet.visibility = HIDDEN if name in hidden else 0
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell != "":
                    style = day if isinstance(cell, (date, DayNumber)) else xlwt.Style.default_style
                    sheet.write(row, column, cell, style)
        if name in errors:
            sheet.row(len(rows)).set_cell_error(0, "#DIV/0!")
        if merged and name in merged:
            sheet.merge(*merged[name])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
