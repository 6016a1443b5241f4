"""Add-on codes, by small tables: which release a file is, how it is read, when a pair ends."""

from datetime import date

import pytest

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file
from pipeline.read.sort import file_kinds
from pipeline.schedules.aoc.definition import AOC, add_on_code_query
from pipeline.schedules.aoc.identity import identify
from pipeline.store.sql import load_checks
from schemas.definitions import catalog
from tests.helpers import aoc_files
from tests.helpers.aoc_files import pairs, write_text, write_workbook
from tests.helpers.staged import staged


@pytest.mark.parametrize(
    ("bundle", "file", "release_id", "version", "remarks"),
    [
        ("", "AOC_V2024Q2-MCR.xlsx", "AOC24Q2", 0, 0),
        ("add-code-edits-medicare-effective-06012026.zip", "AOC_V2026Q2-F-MCR.txt", "AOC26Q2", 0, 0),
        ("add-code-edits-medicare-effective-07012026.zip", "AOC_V2025Q4_01-MCR.txt", "AOC25Q4", 1, 1),
    ],
)  # fmt: skip
def test_the_name_says_the_quarter_and_the_number_of_a_correction(
    bundle, file, release_id, version, remarks
):
    found = identify([], bundle, file)
    assert (found.release_id, found.version, len(found.remarks)) == (release_id, version, remarks)


def test_a_name_without_a_quarter_is_refused():
    with pytest.raises(RefusedError, match="of which quarter"):
        identify([], "", "AOC-MCR.xlsx")


ROWS = pairs("""
    1  99292  -        99291  -        2013091  -
    1  17003  -        17000  -        2013091  2025365
    1  11101  2018365  11100  2018365  2013091  2020001
    2  0054T  -        CCCCC  -        2013091  -        Contractor Defined Primary Codes
    3  69990  -        61304  -        2016001  -
""")


def read(path) -> FileRead:
    found = read_file(
        path.read_bytes(), path.name, tuple(file_kinds()["aoc"].layouts), catalog().tables
    )
    assert found.account.balances and not found.refused
    return found


def test_records_without_blanks_between_them_say_what_the_workbook_says(tmp_path):
    text, workbook = read(write_text(tmp_path, ROWS)), read(write_workbook(tmp_path, ROWS))
    assert text.frame.drop("source_line").equals(workbook.frame.drop("source_line"))
    assert text.frame.row(2)[:7] == (
        "1", "11101", date(2018, 12, 31), "11100", date(2018, 12, 31), date(2013, 4, 1), date(2020, 1, 1),
    )  # fmt: skip
    # The notice is in capitals, of which some have the shape of codes.
    assert (text.account.header, workbook.account.header) == (1, 2)


def test_a_head_may_write_out_its_words(tmp_path, monkeypatch):
    words = {
        "AOC_DelDT": "Add-On_Code_Deletion_Date",
        "EffDT": "Effective_Date",
        "DelDT": "Del_Date_Julian",
    }
    before = read(write_workbook(tmp_path, ROWS)).frame
    head = " ".join(aoc_files.HEAD)
    for short, long in words.items():
        head = head.replace(short, long)
    monkeypatch.setattr(aoc_files, "HEAD", head.split(" "))
    assert read(write_workbook(tmp_path, ROWS)).frame.equals(before)


def test_a_day_that_no_year_has_refuses_the_record(tmp_path):
    path = write_text(tmp_path, pairs("1 99292 - 99291 - 2013366 -"))
    found = read_file(
        path.read_bytes(), path.name, tuple(file_kinds()["aoc"].layouts), catalog().tables
    )
    assert [x.column for x in found.refused] == ["effective_from"]


def release(rows: list[list[str]], tmp_path):
    """A release of the third quarter of 2026 with those pairs."""
    frame = read(write_text(tmp_path, rows)).frame
    con = staged(
        AOC.declared, {"aoc": frame.to_dicts()}, release_id="AOC26Q3", main_file="f", effective_from=date(2026, 7, 1)
    )  # fmt: skip
    con.execute(f"CREATE TABLE add_on_code AS {add_on_code_query()}")
    return con


def test_a_pair_ends_with_the_first_of_what_ends(tmp_path):
    query = (
        "SELECT add_on, primary_kind, effective_to::VARCHAR FROM add_on_code ORDER BY source_line"
    )
    assert release(ROWS, tmp_path).sql(query).fetchall() == [
        ("99292", "listed", None),
        ("17003", "listed", "2025-12-31"),
        ("11101", "listed", "2018-12-31"),
        ("0054T", "contractor_defined", None),
        ("69990", "listed", None),
    ]


BROKEN = {
    "days_are_in_order": "1 99292 - 99291 - 2013091 2012001",
    "no_code_is_its_own_primary": "1 99292 - 99292 - 2013091 -",
    "one_pair_is_in_force": "1 99292 - 99291 - 2013091 -\n1 99292 - 99291 - 2014001 -",
    "contractors_define_primaries_of_type_2": "1 0054T - CCCCC - 2013091 -",
    "last_days_are_near": "1 99292 - 99291 - 2013091 9999365",
    "contractors_define_no_add_on_codes": "2 CCCCC - 0054T - 2013091 -",
    "newest_pairs_begin_with_the_quarter": "1 99292 - 99291 - 2026274 -",
    "a_code_has_one_last_day": "1 99292 - 99291 - 2013091 -\n1 99292 - 99293 - 2013091 -\n1 99292 2018365 99294 - 2013091 -",
}
CHECKS = {check.name: check for check in load_checks(AOC.release_checks)}


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_finds_what_breaks_its_rule_and_nothing_else(name, tmp_path):
    assert release(ROWS, tmp_path).sql(CHECKS[name].query).fetchall() == []
    assert len(release(pairs(BROKEN[name]), tmp_path).sql(CHECKS[name].query).fetchall()) == 1
