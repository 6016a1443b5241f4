"""Old workbooks (.xls): what is read of them, and what is refused, as of new ones."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RefusedError
from pipeline.read.old_workbook import plain_number
from pipeline.read.sort import kind_of
from pipeline.read.workbook import read_workbook
from tests.helpers.old_book import DayNumber, old_book

ROWS = [["Title"], [], ["Code", "Rate", "Note"], ["A0001", 155.89499999999998, "one\ntwo"]]
TEXTS = [("Title", "", ""), ("", "", ""), ("Code", "Rate", "Note"), ("A0001", "155.895", "one two")]


def texts(data: bytes) -> list[tuple]:
    return read_workbook(data, "made.xls")[1].drop("source_line").rows()


def has_code(_: str, grid: pl.DataFrame) -> bool:
    return any("Code" in row for row in grid.iter_rows())


def test_cells_are_read_as_texts_line_by_line() -> None:
    name, grid = read_workbook(old_book({"Rates": ROWS}), "made.xls")
    assert name == "Rates"
    assert grid["source_line"].to_list() == [1, 2, 3, 4]
    assert grid.drop("source_line").rows() == TEXTS


def test_values_of_every_type_are_texts() -> None:
    row = [True, False, 20, 0.5, 1e-7, 12345678.25, date(2025, 4, 1), datetime(2025, 4, 1), "x"]
    assert texts(old_book({"Rates": [row]})) == [
        ("true", "false", "20", "0.5", "0.0000001", "12345678.25",
         "2025-04-01 00:00:00", "2025-04-01 00:00:00", "x"),
    ]  # fmt: skip


def test_the_sheet_that_is_shown_and_has_the_data_is_read() -> None:
    sheets = {"Notes": [["a", "b"]] * 9, "Rates": ROWS, "Old": ROWS, "Blank": [[]]}
    name, _ = read_workbook(old_book(sheets, hidden=("Old",)), "made.xls", has_code)
    assert name == "Rates"
    with pytest.raises(RefusedError, match="several sheets have the data"):
        read_workbook(old_book(sheets), "made.xls", has_code)


FAR = [[], *([["x"]] * 3), *([[]] * 60_000), [""] * 200 + ["far"]]
REFUSED = {
    "an error of Excel": (old_book({"Rates": ROWS}, errors=("Rates",)), "A5 holds an error"),
    "a cell far away": (old_book({"Rates": FAR}), "60,005 rows by 201 columns, of which 4"),
    "merged lines": (
        old_book({"Rates": [["x", "y"]] + [["", "z"]] * 40}, merged={"Rates": (0, 39, 0, 0)}),
        "the cells A1:A40 are merged",
    ),
    "hundreds of sheets": (old_book({f"S{x}": [["x"]] for x in range(101)}), "has 101 sheets"),
    "nothing in it": (old_book({"Rates": [[]]}), "no sheet that the workbook shows has a value"),
    "no bytes": (b"", "empty"),
    "a new workbook": (b"PK\3\4", "no old Excel file"),
    "half of it": (old_book({"Rates": ROWS * 100})[:6000], "not a readable workbook"),
    "a day that is none": (old_book({"Rates": [[DayNumber(1e7)]]}), "holds a day that is none"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_workbook_of_cms_has_is_refused(name: str) -> None:
    data, words = REFUSED[name]
    with pytest.raises(RefusedError, match=words):
        read_workbook(data, "made.xls")


def test_damage_anywhere_has_its_sentence_or_does_no_harm() -> None:
    sound = old_book({"Rates": ROWS})
    for place in range(0, len(sound), 37):
        damaged = sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :]
        try:
            read_workbook(damaged, "made.xls")
        except RefusedError as error:
            assert str(error)


@pytest.mark.parametrize(
    ("number", "text"),
    [(155.89499999999998, "155.895"), (0.1 + 0.2, "0.3"), (2385.0, "2385"), (1e-9, "0.000000001")],
)
def test_a_number_has_the_fifteen_digits_that_excel_keeps(number: float, text: str) -> None:
    assert plain_number(number) == text


@given(st.decimals(-(10**9), 10**9, places=5))
def test_a_decimal_that_excel_can_keep_comes_back_as_it_was(number: Decimal) -> None:
    assert Decimal(plain_number(float(number))) == number


def test_an_old_workbook_is_of_a_kind_only_where_a_layout_reads_it() -> None:
    assert kind_of("PPRRVU25_OCT.xls") is None
    assert kind_of("PPRRVU25_OCT.xlsx") is not None
