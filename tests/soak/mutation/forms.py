"""Kinds of mutation of one form in a bundle that has three: the other two tell what is right."""

import io
import re
import zipfile
from random import Random

from tests.soak.mutation.mutant import (
    NUMBERS,
    PPRRVU,
    Files,
    data_line,
    edit_row,
    kind,
    lines,
    other_digit,
    put,
)

THREE = "three forms"
TXT = PPRRVU.replace(".csv", ".txt")
XLSX = PPRRVU.replace(".csv", ".xlsx")

# Where numbers stand in the fixed-width form, from 0 (pfs-rules 1.4).
TXT_NUMBERS = ((59, 65), (66, 72), (75, 81), (84, 89), (90, 96), (96, 102), (132, 140), (151, 157))


@kind("three forms as they are", expect="loads", base=THREE)
def three_forms(rng: Random, files: Files) -> str:
    return "nothing"


@kind("a digit changed in the CSV of three forms", expect="seen", base=THREE)
def digit_in_csv(rng: Random, files: Files) -> str:
    column = rng.choice(NUMBERS)
    number = data_line(rng, files, PPRRVU)

    def change(row: list[str]) -> None:
        row[column] = other_digit(rng, row[column])

    return f"{edit_row(files, PPRRVU, number, change)}, column {column + 1}"


@kind("a digit changed in the text of three forms", expect="seen", base=THREE)
def digit_in_text(rng: Random, files: Files) -> str:
    every = lines(files[TXT])
    number = rng.choice(
        [n for n, line in enumerate(every) if not line.startswith((b"HDR", b"\x1a"))]
    )
    start, end = rng.choice(TXT_NUMBERS)
    line = every[number].decode("cp1252")
    every[number] = (line[:start] + other_digit(rng, line[start:end]) + line[end:]).encode("cp1252")
    files[TXT] = b"".join(every)
    return f"{TXT}, line {number + 1}"


@kind("a number changed in the workbook of three forms", expect="seen", base=THREE)
def number_in_workbook(rng: Random, files: Files) -> str:
    parts = _parts(files[XLSX])
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    # Cells with t="s" hold the number of a text; the others hold a number.
    found = list(re.finditer(r'<c r="[A-Z]+\d+"(?: s="\d+")?><v>([^<]*\d[^<]*)</v>', sheet))
    place = rng.choice(found)
    changed = other_digit(rng, place[1])
    sheet = sheet[: place.start(1)] + changed + sheet[place.end(1) :]
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    files[XLSX] = _workbook(parts)
    return f"{XLSX}: {place[0]} to {changed}"


@kind("a line dropped in one of three forms", expect="seen", base=THREE)
def line_dropped(rng: Random, files: Files) -> str:
    path = rng.choice((PPRRVU, TXT))
    every = lines(files[path])
    number = rng.randrange(10, len(every) - 3)
    del every[number]
    files[path] = b"".join(every)
    return f"{path}, line {number + 1}"


@kind("a text form shifted by a blank", expect="seen", base=THREE)
def shifted(rng: Random, files: Files) -> str:
    every = lines(files[TXT])
    number = rng.randrange(10, len(every) - 3)
    place = rng.randrange(1, 160)
    line = every[number].rstrip(b"\r\n")
    every[number] = line[:place] + b" " + line[place:] + b"\r\n"
    files[TXT] = b"".join(every)
    return f"{TXT}, line {number + 1}, place {place}"


@kind("a byte of a workbook flipped", base=THREE)
@kind("a byte of a workbook flipped that is the only form", base="workbooks")
def workbook_damaged(rng: Random, files: Files) -> str:
    path = rng.choice([path for path in sorted(files) if path.endswith(".xlsx")])
    data = bytearray(files[path])
    place = rng.randrange(len(data))
    data[place] ^= 1 << rng.randrange(8)
    files[path] = bytes(data)
    return f"{path}, byte {place}"


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _workbook(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            put(archive, name, content)
    return data.getvalue()
