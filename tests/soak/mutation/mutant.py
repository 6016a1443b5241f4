"""A mutant: the files of a good bundle with one thing wrong, and how kinds of mutant are declared.

Files are bytes by their path below the raw folder. The good bundles are those of the sample,
dressed as a release: in CSV alone, in CSV, text and workbook, in workbooks alone, with both
work indices as in 2026, or beside a release of the quarter before.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from tests.helpers import bundles
from tests.helpers.releases import Maker, timeline

BUNDLE = "october"
PPRRVU = f"{BUNDLE}/PPRRVU2025_Oct_sample.csv"
GPCI = f"{BUNDLE}/GPCI2025.csv"
LOCCO = f"{BUNDLE}/25LOCCO.csv"
ANES = f"{BUNDLE}/ANES2025.csv"
OPPSCAP = f"{BUNDLE}/OPPSCAP_Oct.csv"

# The first line of data of each file, from 0.
FIRST = {PPRRVU: 10, GPCI: 3, LOCCO: 4, ANES: 1, OPPSCAP: 1}

# Positions of the columns of PPRRVU by what they hold.
NUMBERS = (5, 6, 8, 10, 11, 12, 15, 16, 17, 24, 28, 29, 30)
CODES = (0, 1, 3, 4, 7, 9, 13, 14, 18, 19, 20, 21, 22, 23, 25, 26, 27)

# Positions in GPCI of the indices that are paid.
WORK_INDEX, PE_INDEX, MP_INDEX = 4, 5, 6

Files = dict[str, bytes]


@dataclass(frozen=True)
class Mutant:
    """``expect`` is what must become of it whatever the invariants say.

    ``loads``: with equal values and without a word; ``seen``: refused, left out, set aside or
    flagged; ``exact``: no value is published that is not the true one; ``any``.
    """

    kind: str
    files: Files
    where: str
    expect: str = "any"
    base: str = "csv"


@dataclass(frozen=True)
class Kind:
    """A kind of mutation: ``change`` alters the files of a base in place and says where."""

    name: str
    change: Callable[[Random, Files], str]
    base: str
    expect: str

    def mutant(self, number: int) -> Mutant:
        """The mutant of this kind with a number; the same number gives the same mutant."""
        files = dict(good(self.base))
        where = self.change(Random(f"{self.name} {number}"), files)
        return Mutant(self.name, files, where, self.expect, self.base)


KINDS: list[Kind] = []


def kind(name: str, expect: str = "any", base: str = "csv"):
    """Declare the decorated function as a kind of mutation."""

    def declare(change: Callable[[Random, Files], str]) -> Callable[[Random, Files], str]:
        KINDS.append(Kind(name, change, base, expect))
        return change

    return declare


# ---------------------------------------------------------------- good bundles


@cache
def good(base: str = "csv") -> Files:
    """The files of a good bundle."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundles.as_release(bundles.copy_sample(folder / BUNDLE, FORMS.get(base, ("csv",))))
        if base == "beside another":
            Maker(bundles.SAMPLE).write(timeline(2025, 2025)[2], folder, as_zip=False)
        files = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    if base == "both work indices":
        files[GPCI] = _with_both_work_indices(files[GPCI])
    return files


FORMS = {"three forms": ("csv", "txt", "xlsx"), "workbooks": ("xlsx",)}


def _with_both_work_indices(gpci: bytes) -> bytes:
    """GPCI as in 2026: before the work index that is paid stands the one without the floor."""
    title, blank, head, *rest = (cells(line) for line in lines(gpci))
    head.insert(WORK_INDEX, "2025 PW GPCI (without 1.0 Floor)")
    for number, row in enumerate(rest):
        is_at_floor = row[WORK_INDEX] == "1"
        index = f"0.{960 + number % 39}" if is_at_floor else row[WORK_INDEX]
        row.insert(WORK_INDEX, index if row[0].isdigit() else "")
    return b"".join(line_of(row) for row in (title, blank, head, *rest))


# ---------------------------------------------------------------- lines and cells


def put(archive: zipfile.ZipFile, name: str, content: bytes | str) -> None:
    """Put a file into a zip with one day for all, so that the same number makes the same bytes."""
    archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def lines(data: bytes) -> list[bytes]:
    """The lines with their ends."""
    return data.splitlines(keepends=True)


def cells(line: bytes) -> list[str]:
    """The cells of a CSV line."""
    return next(csv.reader([line.decode("cp1252").rstrip("\r\n")]))


def line_of(row: list[str]) -> bytes:
    """A CSV line of these cells."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue().encode("cp1252")


def data_line(rng: Random, files: Files, path: str, fits=lambda row: True) -> int:
    """The number of a line of data, drawn among those whose cells fit."""
    first = FIRST[path]
    numbers = [
        number
        for number, line in enumerate(lines(files[path])[first:], start=first)
        if cells(line)[0].strip() and len(cells(line)) > 2 and fits(cells(line))
    ]
    return rng.choice(numbers)


def edit_row(files: Files, path: str, number: int, change: Callable[[list[str]], None]) -> str:
    """Change the cells of one line; returns where that was."""
    every = lines(files[path])
    row = cells(every[number])
    change(row)
    every[number] = line_of(row)
    files[path] = b"".join(every)
    return f"{path}, line {number + 1}"


def edit_rows(files: Files, path: str, change: Callable[[list[str]], list[str]]) -> None:
    """Change the cells of every line."""
    files[path] = b"".join(line_of(change(cells(line))) for line in lines(files[path]))


def any_file(rng: Random) -> str:
    """One of the CSV files, PPRRVU as often as all others together."""
    return rng.choice((PPRRVU,) * 4 + (GPCI, LOCCO, ANES, OPPSCAP))


def other_digit(rng: Random, text: str) -> str:
    """The text with one of its digits changed."""
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    place = rng.choice(places)
    digit = rng.choice([x for x in "0123456789" if x != text[place]])
    return text[:place] + digit + text[place + 1 :]
