"""Files of add-on codes as CMS writes them: made, because none is in hand."""

from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

NOTICE = "CPT COPYRIGHT 2025 AMERICAN MEDICAL ASSOCIATION. ALL RIGHTS RESERVED."
HEAD = (
    "AOC_Edit_Type", "Add-On_Code", "AOC_DelDT", "Primary_Code", "Primary_Code_DelDT", "AOC_Edit_EffDT",
    "AOC_Edit_DelDT", "Special_Instruction_Notes",
)  # fmt: skip
WIDTHS = (1, 5, 7, 5, 7, 7, 7)


def pairs(text: str) -> list[list[str]]:
    """Pairs of a small table: type, add-on, its last day, primary, its last day, first and last day; ``-`` is blank."""
    lines = [line.split(maxsplit=7) for line in text.strip().splitlines()]
    return [["" if cell == "-" else cell for cell in (*line, "-")[:8]] for line in lines]


def write_text(folder: Path, rows: Iterable[list[str]], version: str = "2026Q3-F") -> Path:
    """Write the records of fixed width, in which a field follows on another without a blank."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"AOC_V{version}-MCR.txt"
    fields = [
        [*(x.ljust(width) for x, width in zip(row, WIDTHS, strict=False)), row[-1]] for row in rows
    ]
    lines = [NOTICE, *("".join(cells).rstrip() for cells in fields)]
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("cp1252"))
    return path


def write_workbook(folder: Path, rows: Iterable[list[str]], version: str = "2026Q3") -> Path:
    """Write the workbook; days are numbers in it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"AOC_V{version}-MCR.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([[NOTICE], HEAD, *rows]):
            sheet.write_row(number, 0, [int(x) if x.isdigit() and x[0] != "0" else x for x in row])
    return path
