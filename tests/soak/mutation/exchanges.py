"""Kinds of mutation that leave every cell and put it where another belongs: nothing is lost.

Columns exchanged below an unchanged head, columns and rows shifted, the keys of localities
exchanged, indices of another year under this year's title. Words say nothing of these: values do.
"""

from datetime import date
from random import Random

from tests.helpers import bundles
from tests.helpers.releases import Maker, Posting
from tests.soak.mutation.mutant import (
    ANES,
    BUNDLE,
    FIRST,
    GPCI,
    LOCCO,
    MP_INDEX,
    NUMBERS,
    OPPSCAP,
    PE_INDEX,
    PPRRVU,
    WORK_INDEX,
    Files,
    cells,
    kind,
    line_of,
    lines,
)

# Facility beside non-facility in PPRRVU: practice expense, NA flag and total.
PE, NA, TOTAL = (6, 8), (7, 9), (11, 12)
MAC_AND_LOCALITY = {GPCI: (0, 2), ANES: (0, 1), LOCCO: (0, 1), OPPSCAP: (3, 4)}
# The columns of each file that hold numbers, or the number of a place.
NUMBERS_OF = {
    PPRRVU: NUMBERS,
    GPCI: (0, 2, WORK_INDEX, PE_INDEX, MP_INDEX),
    ANES: (0, 1, 3),
    LOCCO: (0, 1),
    OPPSCAP: (3, 4, 5, 6),
}


def _records(files: Files, path: str) -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
    """The cells of the lines before the records, of the records, and of those that are none."""
    every = [cells(line) for line in lines(files[path])]
    body = every[FIRST[path] :]
    wide = [row for row in body if row[0].strip(" \x1a") and len(row) > 2 and any(row[1:])]
    return every[: FIRST[path]], wide, [row for row in body if row not in wide]


def _write(files: Files, path: str, parts: tuple[list[list[str]], ...]) -> None:
    files[path] = b"".join(line_of(row) for rows in parts for row in rows)


def _exchange(files: Files, path: str, pairs: tuple[tuple[int, int], ...]) -> str:
    """Exchange the data of columns in every record; the head stays."""
    parts = _records(files, path)
    for row in parts[1]:
        for one, other in pairs:
            row[one], row[other] = row[other], row[one]
    _write(files, path, parts)
    return f"{path}, columns {' '.join(f'{a + 1}-{b + 1}' for a, b in pairs)}"


@kind("facility and non-facility exchanged", expect="exact")
def settings(rng: Random, files: Files) -> str:
    return _exchange(files, PPRRVU, rng.choice(((PE,), (PE, TOTAL), (PE, NA, TOTAL))))


@kind("two of the three indices exchanged", expect="exact")
def indices(rng: Random, files: Files) -> str:
    pair = rng.choice(((WORK_INDEX, PE_INDEX), (WORK_INDEX, MP_INDEX), (PE_INDEX, MP_INDEX)))
    return _exchange(files, GPCI, (pair,))


@kind("the indices turned by one column", expect="exact")
def indices_turned(rng: Random, files: Files) -> str:
    first, then = (WORK_INDEX, PE_INDEX), (PE_INDEX, MP_INDEX)
    return _exchange(files, GPCI, rng.choice(((first, then), (then, first))))


@kind("work with and without its floor exchanged", expect="exact", base="both work indices")
def floors(rng: Random, files: Files) -> str:
    return _exchange(files, GPCI, ((WORK_INDEX, WORK_INDEX + 1),))


@kind("MAC and locality exchanged", expect="exact")
def mac_and_locality(rng: Random, files: Files) -> str:
    path = rng.choice(sorted(MAC_AND_LOCALITY))
    return _exchange(files, path, (MAC_AND_LOCALITY[path],))


@kind("a column of numbers shifted by a row", expect="exact")
def column_by_a_row(rng: Random, files: Files) -> str:
    path = rng.choice(sorted(NUMBERS_OF))
    column, by = rng.choice(NUMBERS_OF[path]), rng.choice((1, -1))
    head, records, rest = _records(files, path)
    values = [row[column] for row in records]
    for row, value in zip(records, [*values[by:], *values[:by]], strict=True):
        row[column] = value
    _write(files, path, (head, records, rest))
    return f"{path}, column {column + 1} by {by}"


@kind("the records shifted by a cell", expect="exact")
def records_by_a_cell(rng: Random, files: Files) -> str:
    path = rng.choice(sorted(NUMBERS_OF))
    head, records, rest = _records(files, path)
    place = rng.randrange(len(records[0]))
    _write(files, path, (head, [[*x[:place], "", *x[place:-1]] for x in records], rest))
    return f"{path}, from column {place + 1}"


@kind("one record shifted by a cell", expect="exact")
def record_by_a_cell(rng: Random, files: Files) -> str:
    path = rng.choice(sorted(NUMBERS_OF))
    head, records, rest = _records(files, path)
    row = rng.choice(records)
    place = rng.randrange(len(row) - 1)
    row[:] = [*row[:place], "", *row[place:-1]]
    _write(files, path, (head, records, rest))
    return f"{path}, {row[:4]} from column {place + 1}"


def _of_another_year(rng: Random) -> tuple[int, Files]:
    """The companions that a release of another year would have, with the title of this one."""
    year = rng.choice((2022, 2023, 2024))
    posting = Posting(year, "D", date(year, 9, 19))
    found = {}
    for name, data in Maker(bundles.SAMPLE).files(posting).items():
        this_year = name.replace(str(year), "2025").replace(f"{year % 100}LOCCO", "25LOCCO")
        head, rest = lines(data)[:3], lines(data)[3:]
        head = [line.replace(b"%d" % year, b"2025") for line in head]
        found[f"{BUNDLE}/{this_year}"] = b"".join([*head, *rest])
    return year, found


@kind("another year's indices under this year's title", expect="exact")
def other_indices(rng: Random, files: Files) -> str:
    year, others = _of_another_year(rng)
    files[GPCI] = others[GPCI]
    return f"{GPCI} of {year}"


@kind("another year's indices and anesthesia factors", expect="exact")
def other_indices_and_factors(rng: Random, files: Files) -> str:
    year, others = _of_another_year(rng)
    files[GPCI], files[ANES] = others[GPCI], others[ANES]
    return f"{GPCI}, {ANES} of {year}"


@kind("all companions of another year under this year's titles", expect="exact")
def other_companions(rng: Random, files: Files) -> str:
    year, others = _of_another_year(rng)
    for path in (GPCI, ANES, LOCCO, OPPSCAP):
        files[path] = others[path]
    return f"of {year}"


@kind("a bundle that is refused beside a good one", expect="exact", base="beside another")
def beside_a_good_one(rng: Random, files: Files) -> str:
    path = rng.choice((PPRRVU, GPCI))
    files[path] = files[path][: rng.randrange(len(files[path]))]
    return f"{path}, cut at byte {len(files[path])}"
