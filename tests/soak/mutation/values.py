"""Kinds of mutation that leave a readable PPRRVU file with another value in it."""

from random import Random

from tests.soak.mutation.mutant import (
    CODES,
    NUMBERS,
    PPRRVU,
    Files,
    cells,
    data_line,
    edit_row,
    edit_rows,
    kind,
    lines,
    other_digit,
)

WORK, NF_PE, F_PE, MP, NF_TOTAL, F_TOTAL, FACTOR = 5, 6, 8, 10, 11, 12, 24

# Values that an indicator may have, by the position of its column (pfs-rules 2).
INDICATORS = {
    13: "0123456789",
    14: ("000", "010", "090", "MMM", "XXX", "YYY", "ZZZ"),
    18: "0234567",
    19: "01239",
    20: "0129",
    21: "0129",
    22: "0129",
    25: ("01", "02", "03", "09", "21"),
}


@kind("a digit changed in PPRRVU")
def digit(rng: Random, files: Files) -> str:
    column = rng.choice(NUMBERS)
    number = data_line(rng, files, PPRRVU)

    def change(row: list[str]) -> None:
        row[column] = other_digit(rng, row[column])

    return f"{edit_row(files, PPRRVU, number, change)}, column {column + 1}"


@kind("a number that is none")
def no_number(rng: Random, files: Files) -> str:
    column = rng.choice(NUMBERS)
    number = data_line(rng, files, PPRRVU)
    shape = rng.choice(
        ("", "-{}", "{}x", "1e1", "{},00", "{}.5", "{}001", "NaN", "+{}", ".", "{} 1")
    )

    def change(row: list[str]) -> None:
        row[column] = shape.format(row[column])

    return f"{edit_row(files, PPRRVU, number, change)}, column {column + 1}: {shape}"


@kind("a number written otherwise", expect="loads")
def same_number(rng: Random, files: Files) -> str:
    column = rng.choice(NUMBERS)
    number = data_line(rng, files, PPRRVU, lambda row: "." in row[column])
    shape = rng.choice(("{}0", "0{}", " {}", "{} ", "{}000"))

    def change(row: list[str]) -> None:
        row[column] = shape.format(row[column])

    return f"{edit_row(files, PPRRVU, number, change)}, column {column + 1}: {shape}"


@kind("a letter of a code or indicator changed")
def letter(rng: Random, files: Files) -> str:
    column = rng.choice(CODES)
    number = data_line(rng, files, PPRRVU)

    def change(row: list[str]) -> None:
        text = row[column] or " "
        place = rng.randrange(len(text))
        row[column] = text[:place] + rng.choice("0123456789ACGJTX+ ") + text[place + 1 :]

    return f"{edit_row(files, PPRRVU, number, change)}, column {column + 1}"


@kind("an indicator with another of its values")
def indicator(rng: Random, files: Files) -> str:
    column = rng.choice(sorted(INDICATORS))
    number = data_line(rng, files, PPRRVU)

    def change(row: list[str]) -> None:
        row[column] = rng.choice([x for x in INDICATORS[column] if x != row[column]])

    return f"{edit_row(files, PPRRVU, number, change)}, column {column + 1}"


@kind("another status")
def status(rng: Random, files: Files) -> str:
    number = data_line(rng, files, PPRRVU)

    def change(row: list[str]) -> None:
        row[3] = rng.choice([x for x in "ABCEIJMNPRTX" if x != row[3]])

    return edit_row(files, PPRRVU, number, change)


@kind("two cells of a row swapped")
def swap_cells(rng: Random, files: Files) -> str:
    number = data_line(rng, files, PPRRVU)
    one, another = rng.sample(range(31), 2)

    def change(row: list[str]) -> None:
        row[one], row[another] = row[another], row[one]

    return f"{edit_row(files, PPRRVU, number, change)}, columns {one + 1} and {another + 1}"


@kind("the cells of two rows swapped")
def swap_between_rows(rng: Random, files: Files) -> str:
    column = rng.randrange(31)
    every = lines(files[PPRRVU])
    one, another = data_line(rng, files, PPRRVU), data_line(rng, files, PPRRVU)
    values = cells(every[one])[column], cells(every[another])[column]
    for number, value in ((one, values[1]), (another, values[0])):
        edit_row(files, PPRRVU, number, lambda row, value=value: row.__setitem__(column, value))
    return f"{PPRRVU}, lines {one + 1} and {another + 1}, column {column + 1}"


@kind("a description changed")
def description(rng: Random, files: Files) -> str:
    number = data_line(rng, files, PPRRVU)
    return edit_row(files, PPRRVU, number, lambda row: row.__setitem__(2, row[2][1:] + "x"))


# ---------------------------------------------------------------- consistent within the row


def _more(text: str, hundredths: int) -> str:
    total = int(text.replace(".", "")) + hundredths
    return f"{total // 100}.{total % 100:02d}"


def _add(row: list[str], columns: tuple[int, ...], hundredths: int) -> None:
    for column in columns:
        row[column] = _more(row[column], hundredths)


@kind("work and totals changed alike")
def work_and_totals(rng: Random, files: Files) -> str:
    number = data_line(rng, files, PPRRVU, lambda row: row[3] in "ART" and row[WORK] != "0.00")
    cents = rng.randrange(1, 300)
    change = (WORK, NF_TOTAL, F_TOTAL)
    return edit_row(files, PPRRVU, number, lambda row: _add(row, change, cents))


@kind("practice expense and total changed alike")
def practice_expense_and_total(rng: Random, files: Files) -> str:
    number = data_line(rng, files, PPRRVU, lambda row: row[3] in "ART" and row[NF_PE] != "0.00")
    cents = rng.randrange(1, 300)
    change = rng.choice(((NF_PE, NF_TOTAL), (F_PE, F_TOTAL), (NF_PE, NF_TOTAL, F_PE, F_TOTAL)))
    return edit_row(files, PPRRVU, number, lambda row: _add(row, change, cents))


@kind("malpractice and totals changed alike")
def malpractice_and_totals(rng: Random, files: Files) -> str:
    number = data_line(rng, files, PPRRVU, lambda row: row[3] in "ART" and row[MP] != "0.00")
    change = (MP, NF_TOTAL, F_TOTAL)
    return edit_row(files, PPRRVU, number, lambda row: _add(row, change, rng.randrange(1, 90)))


@kind("work of a whole and its 26 row changed alike")
def work_of_components(rng: Random, files: Files) -> str:
    number = data_line(rng, files, PPRRVU, lambda row: row[1] == "26" and row[3] == "A")
    code = cells(lines(files[PPRRVU])[number])[0]
    cents = rng.randrange(1, 300)
    for place, line in enumerate(lines(files[PPRRVU])):
        row = cells(line)
        if row[0] == code and row[1] in ("", "26"):
            edit_row(files, PPRRVU, place, lambda row: _add(row, (WORK, NF_TOTAL, F_TOTAL), cents))
    return f"{PPRRVU}, code {code}"


@kind("OPPS values changed alike")
def opps_values(rng: Random, files: Files) -> str:
    number = data_line(rng, files, PPRRVU, lambda row: row[28] != "0.00")
    return edit_row(files, PPRRVU, number, lambda row: _add(row, (28, 29), rng.randrange(1, 300)))


@kind("the conversion factor of all rows", expect="seen")
def conversion_factor(rng: Random, files: Files) -> str:
    factor = other_digit(rng, "32.3465")

    def change(row: list[str]) -> list[str]:
        if len(row) == 31 and row[FACTOR] == "32.3465":
            row[FACTOR] = factor
        return row

    edit_rows(files, PPRRVU, change)
    return f"{PPRRVU}: {factor}"
