"""Kinds of mutation of heads and notes alone: other words, another order, more columns."""

from random import Random

from tests.soak.mutation.mutant import (
    ANES,
    FIRST,
    GPCI,
    LOCCO,
    OPPSCAP,
    PPRRVU,
    Files,
    cells,
    edit_rows,
    kind,
    line_of,
    lines,
)

# Heads as CMS worded them in other years (pfs-rules 10.1).
OTHER_WORDS = {
    GPCI: (
        "Carrier,State,Locality,Locality Name,Work GPCI,PE GPCI,MP GPCI",
        "Medicare Administrative Contractor,State,Locality Number,Locality Name,"
        "2022 PW GPCI (with 1.0 Floor),2022 PE GPCI,2022 MP GPCI",
        "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,"
        "2026 PW GPCI (with 1.0 Floor)***,2026 PE GPCI,2026 MP GPCI",
    ),
    ANES: (
        "Contractor,Locality,Locality Name,2024 Anesthesia Conversion Factor",
        "Contractor,Locality,Locality Name,Anes CF of 20.3178",
    ),
    LOCCO: (
        "Carrier Number,Locality Number,State ,Fee Schedule Area ,Counties",
        "carrier number,Locality,State,Fee Schedule Area,Counties",
    ),
}
HEAD_LINE = {GPCI: 2, ANES: 0, LOCCO: 2}
FILES = (PPRRVU, GPCI, LOCCO, ANES, OPPSCAP)


@kind("a head in the words of another year", expect="exact")
def other_words(rng: Random, files: Files) -> str:
    path = rng.choice(sorted(OTHER_WORDS))
    every = lines(files[path])
    head = rng.choice(OTHER_WORDS[path])
    every[HEAD_LINE[path]] = head.encode() + b"\r\n"
    files[path] = b"".join(every)
    return f"{path}: {head}"


@kind("all columns in another order with their heads", expect="exact")
def other_order(rng: Random, files: Files) -> str:
    path = rng.choice(FILES)
    width = len(cells(lines(files[path])[FIRST[path]]))
    order = rng.sample(range(width), width)

    def change(row: list[str]) -> list[str]:
        row += [""] * (width - len(row))
        return [row[place] for place in order]

    edit_rows(files, path, change)
    return f"{path}: {[place + 1 for place in order]}"


@kind("a column more, of which nothing is known", expect="exact")
def one_more(rng: Random, files: Files) -> str:
    path = rng.choice(FILES)
    place = rng.randrange(len(cells(lines(files[path])[FIRST[path]])) + 1)
    number = -1

    def change(row: list[str]) -> list[str]:
        nonlocal number
        number += 1
        is_head = number == FIRST[path] - 1
        cell = "REMARK" if is_head else "7.7" if number >= FIRST[path] and row[0].strip() else ""
        return [*row[:place], cell, *row[place:]]

    edit_rows(files, path, change)
    return f"{path}, before column {place + 1}"


@kind("notes below the data", expect="exact")
def notes(rng: Random, files: Files) -> str:
    path = rng.choice((GPCI, LOCCO, ANES))
    width = len(cells(lines(files[path])[FIRST[path]]))
    words = ("Note: work is paid with the floor.", "* A footnote of 2031", "MAC assignments")
    files[path] += b"".join(
        line_of([word, *[""] * (width - 1)]) for word in rng.sample(words, rng.randrange(1, 4))
    )
    return path
