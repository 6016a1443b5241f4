"""Kinds of mutation of values in the companions of PPRRVU, and of what titles say."""

from random import Random

from tests.soak.mutation.mutant import (
    ANES,
    GPCI,
    LOCCO,
    OPPSCAP,
    PPRRVU,
    Files,
    data_line,
    edit_row,
    kind,
    lines,
    other_digit,
)


def _digit_in(rng: Random, files: Files, path: str, columns: tuple[int, ...]) -> str:
    number = data_line(rng, files, path, lambda row: row[columns[0]].strip() != "")
    column = rng.choice(columns)

    def change(row: list[str]) -> None:
        row[column] = other_digit(rng, row[column])

    return f"{edit_row(files, path, number, change)}, column {column + 1}"


@kind("a digit of an index changed")
def index(rng: Random, files: Files) -> str:
    return _digit_in(rng, files, GPCI, (4, 5, 6))


@kind("a digit of an anesthesia factor changed", expect="seen")
def anesthesia_factor(rng: Random, files: Files) -> str:
    return _digit_in(rng, files, ANES, (3,))


@kind("a digit of an OPPSCAP amount changed", expect="seen")
def cap(rng: Random, files: Files) -> str:
    return _digit_in(rng, files, OPPSCAP, (5, 6))


@kind("a digit of a locality's key changed", expect="seen")
def locality_key(rng: Random, files: Files) -> str:
    path, columns = rng.choice(((GPCI, (0, 2)), (ANES, (0, 1)), (LOCCO, (0, 1))))
    return _digit_in(rng, files, path, columns)


@kind("a name of a locality or county changed")
def locality_name(rng: Random, files: Files) -> str:
    path, column = rng.choice(((GPCI, 3), (ANES, 2), (LOCCO, 4)))
    number = data_line(rng, files, path, lambda row: row[column].strip() != "")
    return edit_row(files, path, number, lambda row: row.__setitem__(column, "X" + row[column][1:]))


@kind("another year in the title", expect="seen")
def title_year(rng: Random, files: Files) -> str:
    year = rng.choice((b"2020", b"2021", b"2022", b"2023", b"2024", b"2026", b"2031", b"1999"))
    path = rng.choice((PPRRVU, GPCI, LOCCO))
    first, *rest = lines(files[path])
    last_of_head = {PPRRVU: 0, GPCI: 2, LOCCO: 0}[path]
    head = [first, *rest[:last_of_head]]
    files[path] = b"".join(x.replace(b"2025", year) for x in head) + b"".join(rest[last_of_head:])
    return f"{path}: {year.decode()}"


@kind("another RELEASED day")
def released_day(rng: Random, files: Files) -> str:
    day = rng.choice((b"09/13/2025", b"13/40/2025", b"02/30/2025", b"September 12", b"09/12/1925"))
    files[PPRRVU] = files[PPRRVU].replace(b"09/12/2025", day)
    return f"{PPRRVU}: {day.decode()}"
