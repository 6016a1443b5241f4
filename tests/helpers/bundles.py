"""Bundles for tests, made from the sample: copies in some forms, damaged, or dressed as a release.

Nothing here knows the pipeline. A line is edited where it stands and every other byte of the
file stays, so that a test damages exactly what it names.
"""

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

SAMPLE = Path(__file__).parents[2] / "pipeline" / "sample" / "rvu25d-sample"
SAMPLE_TITLE = "2025 National Physician Fee Schedule Relative Value File October Release"
SAMPLE_REMARK = " - SAMPLE of selected codes, not a CMS file"
COMPANIONS = ("PFREV4.txt", "ZIP5_OCT2025.txt")

# Positions of the cells of the 31-column PPRRVU file (pfs-rules 1.3) that tests edit.
STATUS, WORK, NF_PE, F_PE, MP, NF_TOTAL, F_TOTAL = 3, 5, 6, 8, 10, 11, 12
MULTIPLE, TEAM, CONVERSION_FACTOR, SUPERVISION = 18, 22, 24, 25


def copy_sample(folder: Path, forms: tuple[str, ...] = ("csv",), companions: bool = False) -> Path:
    """Copy the files of the sample in these forms into a new folder; return the folder."""
    folder.mkdir(parents=True)
    for path in sorted(SAMPLE.iterdir()):
        wanted = companions if path.name in COMPANIONS else path.suffix[1:] in forms
        if wanted:
            shutil.copyfile(path, folder / path.name)
    return folder


def as_release(
    folder: Path, year: int = 2025, month: str = "October", released: str = "09/12/2025"
) -> Path:
    """Take the remark SAMPLE off the title and date it otherwise; figures and labels stay."""
    title = SAMPLE_TITLE.replace("2025", str(year)).replace("October", month)
    for path in (*folder.glob("GPCI*.csv"), *folder.glob("*LOCCO.csv")):
        # Only title and header name the year, in the first three lines.
        lines = lines_of(path)
        head = [line.replace("2025", str(year)) for line in lines[:3]]
        write_lines(path, head + lines[3:])
    for path in folder.glob("PPRRVU*"):
        if path.suffix == ".csv":
            replace_text(path, SAMPLE_TITLE + SAMPLE_REMARK, title)
            replace_text(path, "RELEASED 09/11/2025", f"RELEASED {released}")
        elif path.suffix == ".xlsx":
            replace_in_workbook(path, SAMPLE_TITLE + SAMPLE_REMARK, title)
            replace_in_workbook(path, "RELEASED 09/11/2025", f"RELEASED {released}")
    return folder


# ---------------------------------------------------------------- text files


def lines_of(path: Path) -> list[str]:
    """The lines of a text file, each with its end."""
    return path.read_bytes().decode("cp1252").splitlines(keepends=True)


def write_lines(path: Path, lines: list[str]) -> None:
    """Write lines that have their ends."""
    path.write_bytes("".join(lines).encode("cp1252"))


def replace_text(path: Path, old: str, new: str, count: int = 1) -> None:
    """Replace a text that must be there, the first ``count`` times (-1: everywhere)."""
    text = path.read_bytes().decode("cp1252")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_bytes(text.replace(old, new, count).encode("cp1252"))


def line_number(path: Path, start: str) -> int:
    """The number (from 1) of the one line that starts with a text."""
    [number] = [n for n, line in enumerate(lines_of(path), start=1) if line.startswith(start)]
    return number


def edit_line(path: Path, start: str, edit: Callable[[str], str]) -> int:
    """Change the one line that starts with a text; return its number."""
    lines = lines_of(path)
    number = line_number(path, start)
    lines[number - 1] = edit(lines[number - 1])
    write_lines(path, lines)
    return number


def edit_cell(path: Path, start: str, position: int, value: str) -> int:
    """Change one cell (from 0) of the CSV line that starts with a text; return its number."""
    return edit_line(path, start, lambda line: _with_cell(line, position, value))


def edit_column(path: Path, first_line: int, change: Callable[[list[str]], list[str]]) -> None:
    """Change the cells of every CSV line from ``first_line`` (from 1) on."""
    lines = lines_of(path)
    kept, changed = lines[: first_line - 1], lines[first_line - 1 :]
    write_lines(path, kept + [_joined(change(cells_of(line))) for line in changed])


def drop_line(path: Path, start: str) -> int:
    """Remove the one line that starts with a text; return the number it had."""
    return edit_line(path, start, lambda line: "")


def repeat_line(path: Path, start: str) -> int:
    """Write the one line that starts with a text twice; return the number of the first."""
    return edit_line(path, start, lambda line: line * 2)


def cells_of(line: str) -> list[str]:
    """The cells of one CSV line."""
    return next(csv.reader([line.rstrip("\r\n")]))


def _joined(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _with_cell(line: str, position: int, value: str) -> str:
    cells = cells_of(line)
    cells[position] = value
    return _joined(cells)


# ---------------------------------------------------------------- workbooks and zips


def replace_in_workbook(path: Path, old: str, new: str) -> None:
    """Replace a text that must stand in a cell of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    strings = parts["xl/sharedStrings.xml"].decode("utf-8")
    assert old in strings, f"{path.name} has no {old!r}"
    parts["xl/sharedStrings.xml"] = strings.replace(old, new).encode("utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def workbook_of(rows: list[list[str]], path: Path) -> Path:
    """Write rows as a workbook of text cells; empty cells are left out, as Excel does."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("any name")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(row, column, cell)
    return path


def zip_folder(folder: Path, target: Path) -> Path:
    """Put the files of a folder into a zip and remove the folder."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    shutil.rmtree(folder)
    return target


def declare_size(path: Path, size: int) -> None:
    """Make every entry of a zip claim another unpacked size, as a zip bomb does."""
    data = bytearray(path.read_bytes())
    for found in re.finditer(rb"PK\x01\x02", bytes(data)):
        data[found.start() + 24 : found.start() + 28] = size.to_bytes(4, "little")
    path.write_bytes(data)


def mark_encrypted(path: Path) -> None:
    """Set the flag "encrypted" on every entry of a zip."""
    data = bytearray(path.read_bytes())
    for mark, offset in ((rb"PK\x01\x02", 8), (rb"PK\x03\x04", 6)):
        for found in re.finditer(mark, bytes(data)):
            data[found.start() + offset] |= 1
    path.write_bytes(data)
