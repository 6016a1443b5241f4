"""Heads of PPRRVU as public loaders tell of them, from 2003 to 2026, above the values of the sample.

No file of 2003 to 2019 is at hand: these are made in the shapes that loaders read, and pretend no more.
"""

import csv
import io
import re

import polars as pl
import pytest

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file
from pipeline.read.layout import layouts_for, load_layouts
from pipeline.schedules.pfs.declared import schedule
from tests.helpers import bundles, eras

LAYOUTS = layouts_for(load_layouts(schedule().folder / "layouts"), "pprrvu", "csv", "PPRRVU.csv")
ROWS = list(
    csv.reader(io.StringIO((bundles.SAMPLE / "PPRRVU2025_Oct_sample.csv").read_text("cp1252")))
)
TITLE, STACK, RECORDS = ROWS[:5], ROWS[5:10], ROWS[10:60]

# What a file without the last columns has in their place.
WITHOUT_IMAGING = {
    "calculation_flag": "",
    "imaging_family_indicator": "",
    "nonfacility_opps_pe_rvu": "0",
    "facility_opps_pe_rvu": "0",
    "opps_mp_rvu": "0",
}


def read(rows: list[list[str]]) -> FileRead:
    """Rows as a CSV, filled up to one width, read."""
    width = max(map(len, rows))
    file = io.StringIO()
    csv.writer(file).writerows([*row, *[""] * (width - len(row))] for row in rows)
    return read_file(file.getvalue().encode("cp1252"), "PPRRVU.csv", LAYOUTS, schedule().tables)


EXPECTED = read(ROWS[:60]).frame.drop("source_line")


def only(rows: list[list[str]], columns: int) -> list[list[str]]:
    """The first columns of some rows."""
    return [row[:columns] for row in rows]


def with_column(rows: list[list[str]], place: int, cells: list[str]) -> list[list[str]]:
    """Rows with one more column: one cell for each, the last one for all that follow."""
    filled = cells + [cells[-1]] * (len(rows) - len(cells))
    return [[*row[:place], cell, *row[place:]] for row, cell in zip(rows, filled, strict=True)]


def of_2010() -> list[list[str]]:
    """37 columns: practice expense in transition and fully implemented."""
    full = eras.FULLY_IMPLEMENTED
    records = [
        [*x[:8], *full[:2], *x[8:10], *full[2:4], x[10], x[11], full[4], x[12], full[5], *x[13:]]
        for x in RECORDS
    ]
    return [*TITLE[:4], *eras.header_of(2010), *records]


LONG = [re.sub(r"^2025 ", "2026  MEDICARE ", cell) for cell in TITLE[0]]
NONE = [""] * 31

HEADS = {
    "2003 to 2005: four lines, from line 5": [*TITLE[:4], *only(STACK[1:], 26), *only(RECORDS, 26)],
    "2006 to 2008: five lines, from line 5": [*TITLE[:4], *STACK, *RECORDS],
    "2007 to 2012: 37 columns": of_2010(),
    "2009 to 2025: five lines, from line 6": [*TITLE, *STACK, *RECORDS],
    "words above the head of an old workbook": [*TITLE[:3], *STACK[:2], NONE, *STACK[2:], *RECORDS],
    "2026 A, B: double spaces, MEDICARE": [LONG, *TITLE[1:], *STACK, *RECORDS],
    "flat": [[" ".join(" ".join(x).split()) for x in zip(*STACK, strict=True)], *RECORDS],
    "no title": [*STACK, *RECORDS],
    "a column that nobody knows": with_column(
        [*TITLE, *STACK, *RECORDS], 4, ["", "", "", "", "", "", "", "", "SITE OF", "SERVICE", "9"]
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_relative_values_are_the_same_below_every_head(name):
    found = read(HEADS[name])
    expected = EXPECTED
    if name.startswith("2003"):
        columns = [
            pl.lit(value).cast(EXPECTED.schema[column]).alias(column)
            for column, value in WITHOUT_IMAGING.items()
        ]
        expected = EXPECTED.with_columns(columns)
    assert found.frame.drop("source_line").equals(expected)
    assert found.account.balances
    extra = {"a column": ("SITE OF SERVICE",)}.get(name[:8], ())
    if name.startswith("2007"):
        assert len(found.extra) == 6
        assert all("FULLY IMPLEMENTED" in words for words in found.extra)
    else:
        assert found.extra == extra


def without(words: str) -> list[list[str]]:
    """The file with some words of its head left out."""
    return [*TITLE, *([cell.replace(words, "") for cell in row] for row in STACK), *RECORDS]


UNDECIDED = {
    # Nothing tells the settings of the OPPS columns apart, and without them there would be no cap.
    "the settings of OPPS": (
        [*TITLE, NONE, *STACK[1:], *RECORDS],
        'column 29 ("PE USED FOR OPPS PAYMENT AMOUNT") may be nonfacility_opps_pe_rvu or',
    ),
    "no word of OPPS": (without("OPPS"), "Nothing of it is read"),
    "facility and not": (without("NON-FAC"), "no column is named like nonfacility_pe_rvu"),
    "work": (without("WORK"), "no column is named like work_rvu"),
    "status": (without("STATUS"), "no column is named like status_code"),
    "two of work": (
        with_column([*TITLE, *STACK, *RECORDS], 6, [*[""] * 8, "WORK", "RVU", "1.00"]),
        "work_rvu may be any of the columns 6",
    ),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_a_head_that_does_not_tell_the_columns_is_refused(name):
    rows, words = UNDECIDED[name]
    with pytest.raises(RefusedError, match=re.escape(words)):
        read(rows)
