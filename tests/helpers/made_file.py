"""Files and layouts that a test makes up: a few columns beside a code, and how they are read."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter

from pipeline.read.file import FileRead, read_file
from pipeline.read.layout import load_layouts
from schemas.definitions import Column, Table

EVIDENCE = """
[[evidence]]
first_year = 2025
last_year = 2025
grade = "P"
source = "this test"
"""
CODE = """
[[column]]
name = "hcpcs_code"
words = "^(HCPCS|CODE)"
key = "[A-Z0-9]{5}"
"""
# Columns that more than one file of tests has.
DAY = '[[column]]\nname = "day"\nwords = "^DAY$"\n'
RATE = '[[column]]\nname = "rate"\nwords = "^RATE$"\n'

Read = Callable[..., FileRead]


def table(*columns: Column, key: tuple[str, ...] = ("hcpcs_code",)) -> Table:
    code = Column("hcpcs_code", "VARCHAR", "A code.")
    line = Column("source_line", "INTEGER", "The line.")
    return Table("stage.made", "row", "Made.", key, (code, *columns, line))


def column(name: str, kind: str, nullable: bool = False, **rest) -> Column:
    return Column(name, kind, "Made.", nullable=nullable, **rest)


def reader_in(folder: Path) -> Read:
    """A function that reads a text (or bytes) by layouts that are written as TOML into a folder.

    Every line of what it reads is accounted for.
    """

    def read_made(data: str | bytes, of: Table, *layouts: str, file: str = "made.csv") -> FileRead:
        for number, layout in enumerate(layouts):
            (folder / f"made{number}.toml").write_text(layout + EVIDENCE, "utf-8")
        load_layouts.cache_clear()
        declared = load_layouts(folder)
        content = data.encode("cp1252") if isinstance(data, str) else data
        found = read_file(content, file, declared, {of.name: of})
        assert found.account.balances
        return found

    return read_made


def layout(*columns: str, top: str = "", last: str = "") -> str:
    return "\n".join(['kind = "made"', 'table = "stage.made"', top, CODE, *columns, last])


def values(found: FileRead) -> list[tuple]:
    return found.frame.drop("source_line").rows()


def workbook(sheets: dict[str, list[list]]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        day = book.add_format({"num_format": "mm/dd/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    sheet.write(row, place, cell, day if isinstance(cell, datetime) else None)
    return content.getvalue()
