"""A ZIP file proves by its values that no column of it is shifted."""

import polars as pl
import pytest

from pipeline.companions.zip_proof import FEWEST_ROWS, prove_zips
from pipeline.errors import RefusedError
from pipeline.read.file import read_file
from pipeline.read.layout import layouts_for
from pipeline.read.sort import file_kinds
from schemas.definitions import catalog
from tests.helpers.places import NOT_THERE, REAL_FILES

SHIFTED = ("cms_state_code", "zip_code", "mac", "locality_number")


def made() -> pl.DataFrame:
    """Fifty states of 120 ZIP codes each, with a contractor each and two localities."""
    rows = [
        {
            "cms_state_code": f"{chr(65 + state // 26)}{chr(65 + state % 26)}",
            "zip_code": f"{100 + 2 * state + place // 60}{place % 60:02}",
            "mac": f"{10_000 + state}",
            "locality_number": f"{state if place < 60 else state + 50:02}",
            "year_quarter": "20261",
        }
        for state in range(50)
        for place in range(120)
    ]
    return pl.DataFrame(rows)


def shifted(frame: pl.DataFrame, name: str, rows: int) -> pl.DataFrame:
    """The file with one of its columns some rows further down, the last ones first."""
    column = frame[name]
    return frame.with_columns(pl.concat([column.tail(rows), column.head(-rows)]).alias(name))


@pytest.mark.parametrize("name", SHIFTED)
def test_a_column_that_is_shifted_by_a_row_is_refused(name):
    frame = made()
    prove_zips(frame, "ZIP5.txt")
    with pytest.raises(RefusedError, match=r"a column is shifted|lie in more than one state"):
        prove_zips(shifted(frame, name, 1), "ZIP5.txt")


def test_a_file_of_two_quarters_is_refused():
    frame = made()
    mixed = pl.concat([frame.head(10), frame.tail(10).with_columns(year_quarter=pl.lit("20262"))])
    with pytest.raises(RefusedError, match="more than one quarter: 20261 and 20262"):
        prove_zips(mixed, "ZIP5.txt")


def test_a_few_rows_prove_nothing():
    frame = shifted(made(), "mac", 1).head(FEWEST_ROWS - 1)
    prove_zips(frame, "ZIP5.txt")


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.skipif(not REAL_FILES.exists(), reason=NOT_THERE)
@pytest.mark.parametrize("name", ["zip5_2025q4/ZIP5_OCT2025.txt", "zip5_2026q1/ZIP5_JAN2026.xlsx"])
def test_cms_own_files_pass_and_shifted_ones_do_not(name):
    path = REAL_FILES / name
    declared = tuple(file_kinds()["zip5"].layouts)
    layouts = layouts_for(declared, "zip5", path.suffix[1:], path.name)
    frame = read_file(path.read_bytes(), path.name, layouts, catalog().tables).frame
    assert len(frame) == 42_956
    prove_zips(frame, name)
    for column in SHIFTED:
        for rows in (1, len(frame) - 1):
            with pytest.raises(RefusedError):
                prove_zips(shifted(frame, column, rows), name)
