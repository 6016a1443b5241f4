"""A ZIP file proves by its values that no column of it is shifted."""

import polars as pl
import pytest

from pipeline.companions.zip_proof import FEWEST_ROWS, prove_zips
from pipeline.errors import RefusedError
from pipeline.read.file import read_file
from pipeline.read.layout import layouts_for
from pipeline.read.sort import file_kinds
from pipeline.read.validate import validate
from pipeline.schedules.pfs.definition import PFS
from pipeline.store import database
from pipeline.store.sql import load_checks
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


# ---------------------------------------------------------------- files that were saved or cut

# Fixed width: 80 characters, the quarter in the last five.
RECORDS = [f"MA0{code}1421299 Z9   0 A".ljust(75) + "20254" for code in range(1001, 1005)]


def zips(data: bytes, name: str) -> list[tuple[str, str]]:
    """The ZIP codes of a file, each with its contractor and locality."""
    layouts = layouts_for(tuple(file_kinds()["zip5"].layouts), "zip5", name[-3:], name)
    read = read_file(data, name, layouts, catalog().tables)
    accepted = validate(read, catalog(), quarantine_rows=True).frame
    return accepted.select("zip_code", pl.col("mac") + "-" + pl.col("locality_number")).rows()


@pytest.mark.parametrize("ending", ["", "\r\n"])
@pytest.mark.parametrize("length", [4, 15, 60, 79])
def test_a_file_that_was_cut_off_within_its_last_record_is_refused(length, ending):
    cut = "\r\n".join([*RECORDS, RECORDS[0].replace("01001", "01005")[:length]]) + ending
    with pytest.raises(RefusedError, match=r"line 5: the last record breaks off"):
        zips(cut.encode(), "ZIP5_OCT2025.txt")


def test_a_file_without_a_last_line_end_and_one_with_a_fault_in_the_last_record_are_whole():
    assert len(zips("\r\n".join(RECORDS).encode(), "ZIP5_OCT2025.txt")) == 4
    faulty = [*RECORDS, RECORDS[0].replace("01001", "0I005"), ""]
    assert len(zips("\r\n".join(faulty).encode(), "ZIP5_OCT2025.txt")) == 4


def test_zeros_that_a_spreadsheet_dropped_are_put_back():
    text = (
        "STATE,ZIP CODE,CARRIER,LOCALITY,RURAL IND,LAB CB LOCALITY,RURAL IND2,PLUS 4 FLAG,"
        "PART B DRUG INDICATOR,YEAR/QTR\n"
        "AK,99501,2102,1,,Z9,,0,A,20261\nMA,1001,14212,99,,Z9,,0,A,20261\nPR,601,9202,20,,Z9,,0,A,20261\n"
    )
    found = [("99501", "02102-01"), ("01001", "14212-99"), ("00601", "09202-20")]
    assert zips(text.encode(), "ZIP5_JAN2026.csv") == found


def test_a_locality_without_a_zip_code_is_named():
    con = database.connect(1)
    con.execute(
        "CREATE TABLE release AS SELECT 'RVU25D' AS release_id, 2025 AS calendar_year, "
        "true AS is_current, false AS is_sample"
    )
    con.execute(
        "CREATE TABLE locality AS SELECT 'RVU25D' AS release_id, mac, locality_number, state "
        "FROM (VALUES ('02102', '01', 'AK'), ('10112', '00', 'AL'), ('15202', '16', 'WY')) "
        "AS t(mac, locality_number, state)"
    )
    con.execute(
        "CREATE TABLE zip_locality AS SELECT 'ZIP5.txt' AS source_file, DATE '2025-10-01' AS "
        "effective_from, mac, locality_number FROM locality"
    )
    [check] = [
        x for x in load_checks(PFS.warehouse_checks) if x.name == "localities_have_zip_codes"
    ]
    assert con.sql(check.query).fetchall() == []
    con.execute("DELETE FROM zip_locality WHERE mac = '15202'")
    words = "ZIP5.txt: no ZIP code leads to 1 of the 3 localities of 2025 (15202-16 in WY)"
    assert con.sql(check.query).fetchall() == [("", f"{words}: was the file cut off?")]


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
