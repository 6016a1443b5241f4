"""The traps of pfs-rules 8 that lie in the files, one test each: 1 to 12.

Read as a list of what CMS's files do to a reader. The records are in CMS's layouts; codes are
bare identifiers and every label is this project's own.
"""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.helpers import bundles
from tests.helpers.trap_records import PPRRVU, SAMPLE_CSV, as_2026, columns, pprrvu, read, record


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n"])
def test_trap_01_bare_carriage_returns_are_line_ends(end: str) -> None:
    """RVU25C has 19,038 bare CR and one CRLF: line-based readers see one row."""
    found = pprrvu(record("A0021"), record("V5362"), end=end)
    assert columns(found, "hcpcs_code", "source_line") == [("A0021", 11), ("V5362", 12)]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\r\n", b"\r\n\f"])
def test_trap_01_fixed_width_lines_end_in_any_way(end: bytes) -> None:
    data = (bundles.SAMPLE / f"{PPRRVU}.txt").read_bytes()
    found = read(data.replace(b"\r\n", end), "P.txt", "pprrvu")
    assert found.frame.equals(read(data, "P.txt", "pprrvu").frame)


def test_trap_01_line_ends_may_be_mixed() -> None:
    data = SAMPLE_CSV.read_bytes()
    head, rest = data.split(b"\r\n", 1)
    mixed = head + b"\r\n" + rest.replace(b"\r\n", b"\r")
    one, another = read(data, "P.csv", "pprrvu"), read(mixed, "P.csv", "pprrvu")
    assert one.frame.equals(another.frame)


def test_trap_02_trailing_control_z_is_no_record() -> None:
    found = pprrvu(record("A0021"), "\x1a" + "," * 30)
    assert columns(found, "hcpcs_code") == [("A0021",)]
    assert found.account.blank == 1


def test_trap_02_excel_writes_control_z_as_an_escape(tmp_path: Path) -> None:
    # Excel itself escapes the character; a library that writes a workbook does so for the text.
    rows = [["Contractor", "Locality", "Locality Name", "Anes CF of 20.3178"]]
    rows += [["10112", "00", "ALABAMA", "19.31"], ["_x001A_"]]
    path = bundles.workbook_of(rows, tmp_path / "ANES2025.xlsx")
    found = read(path.read_bytes(), path.name, "anes")
    assert (found.account.loaded, found.account.blank) == (1, 1)


def test_trap_03_text_is_windows_1252_and_not_utf_8() -> None:
    """RVU25B ends one description with byte E1, which is no UTF-8."""
    found = pprrvu(record("Q5152", label='"2 mg\xe1"'))
    assert columns(found, "description") == [("2 mgá",)]


def test_trap_04_copies_with_other_line_ends_give_the_same_rows() -> None:
    """Git turns CRLF into LF: another file by its hash, the same release by its rows."""
    crlf = SAMPLE_CSV.read_bytes()
    lf = crlf.replace(b"\r\n", b"\n")
    assert crlf != lf
    assert read(crlf, "P.csv", "pprrvu").frame.equals(read(lf, "P.csv", "pprrvu").frame)


def test_trap_05_column_of_2026_shifts_the_conversion_factor(tmp_path: Path) -> None:
    """PRIC IND stands before ENDO BASE from 2026: a fixed index reads the wrong column."""
    path = tmp_path / f"{PPRRVU}.csv"
    shutil.copyfile(SAMPLE_CSV, path)
    as_2026(path, factor="33.4009", pricing="9")
    found = read(path.read_bytes(), path.name, "pprrvu", 2026)
    assert found.layout.name == "pprrvu"
    assert found.frame["conversion_factor"].unique().to_list() == [Decimal("33.4009")]
    assert found.frame["pricing_indicator"].unique().to_list() == ["9"]
    # The base of an endoscopic family is still one column before the factor.
    assert set(found.frame["endoscopic_base_code"]) == set(
        read(SAMPLE_CSV.read_bytes(), path.name, "pprrvu").frame["endoscopic_base_code"]
    )


@pytest.mark.parametrize("code", ["00100", "0042T", "99291", "E0100", "1E100"])
def test_trap_06_codes_stay_text(code: str) -> None:
    """Type inference makes 100 of 00100 and a float of 1E100."""
    found = pprrvu(record(code, "26"))
    assert columns(found, "hcpcs_code", "modifier") == [(code, "26")]
    assert columns(found, "supervision_indicator", "global_days") == [("09", "XXX")]


def test_trap_06_numeric_cells_of_a_workbook_stay_codes(tmp_path: Path) -> None:
    """Excel stores most codes as numbers: 99291.0 and 99291 are the code 99291."""
    import xlsxwriter

    path = tmp_path / "CY_2025_Anesthesia_Base_Units.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([["CODE", "2025"], ["", "BASE"], ["", "UNIT"]]):
            sheet.write_row(row, 0, cells)
        sheet.write_row(3, 0, [99100, 1])
        sheet.write_row(4, 0, ["00100", 5])
    found = read(path.read_bytes(), path.name, "anesthesia_base_unit", None)
    assert columns(found, "hcpcs_code", "base_units") == [("99100", 1), ("00100", 5)]


def test_trap_07_quoted_commas_do_not_end_a_cell() -> None:
    found = pprrvu(record("Q5152", label='"own label, 2 mg, ""new"""'))
    assert columns(found, "description", "status_code") == [('own label, 2 mg, "new"', "X")]


def test_trap_08_fields_of_the_fixed_width_form_touch() -> None:
    """Two totals and two indicators stand side by side: no blank divides them."""
    line = (
        f"70450  {'own label':<50}A   0.85   2.35     2.35NA  0.05   3.25  3.251XXX"
        ".00.00.0040000             32.3465 090 88      3.58   3.58   0.06"
    )
    assert len(line) == 171
    found = read(f"HDR x\r\n{line}\r\n".encode(), "PPRRVU25_OCT.txt", "pprrvu")
    names = ("nonfacility_total_rvu", "facility_total_rvu", "pctc_indicator", "global_days")
    assert columns(found, *names) == [(Decimal("3.25"), Decimal("3.25"), "1", "XXX")]
    names = ("facility_na", "preoperative_share", "multiple_procedure_indicator")
    assert columns(found, *names) == [(True, Decimal("0.00"), "4")]


def test_trap_09_code_and_modifier_touch_in_oppscap() -> None:
    data = b"0633TTC C 01112  05   150.69    150.69\r\n"
    found = read(data, "OPPSCAP_Oct.txt", "oppscap")
    key = ("hcpcs_code", "modifier", "mac", "locality_number")
    assert columns(found, *key) == [("0633T", "TC", "01112", "05")]


def test_trap_10_county_file_lacks_zeros_states_and_has_a_record_twice() -> None:
    data = (
        "COUNTIES,,,,\r\n"
        ",,,,\r\n"
        "Medicare Adminstrative Contractor,Locality Number,State ,Fee Schedule Area ,Counties\r\n"
        ",,,,\r\n"
        "1112,52,CALIFORNIA,SAN FRANCISCO,ONE COUNTY\r\n"
        "1112,5,,MARIN ,ANOTHER COUNTY\r\n"
        " , , , , \r\n"
        "5302,99,MISSOURI,REST OF STATE,ALL OTHER COUNTIES\r\n"
        "5302,99,MISSOURI,REST OF STATE,ALL OTHER COUNTIES\r\n"
        ",,,,\r\n"
        "7102,13,ARKANSAS,STATEWIDE,ALL COUNTIES\r\n"
        "*  Payment locality is serviced by two carriers.,,,,\r\n"
    )
    found = read(data.encode(), "25LOCCO.csv", "locco")
    assert columns(found, "mac", "locality_number", "state_name", "fee_schedule_area") == [
        ("01112", "52", "CALIFORNIA", "SAN FRANCISCO"),
        ("01112", "05", "CALIFORNIA", "MARIN"),
        ("05302", "99", "MISSOURI", "REST OF STATE"),
        ("07102", "13", "ARKANSAS", "STATEWIDE"),
    ]
    account = found.account
    assert (account.duplicate, account.notice, account.blank) == (1, 1, 3)


def test_trap_10_a_state_is_not_carried_into_the_next_block() -> None:
    """The text form leaves California's state blank: it must not become Arkansas."""
    data = (
        "Medicare Adminstrative Contractor,Locality Number,State,Fee Schedule Area,Counties\r\n"
        "7102,13,ARKANSAS,STATEWIDE,ALL COUNTIES\r\n"
        ",,,,\r\n"
        "1182,18,,LOS ANGELES,ONE COUNTY\r\n"
    )
    found = read(data.encode(), "25LOCCO.csv", "locco")
    assert columns(found, "state_name") == [("ARKANSAS",), ("",)]


def test_trap_11_footnotes_of_the_index_file_are_no_localities() -> None:
    data = (
        "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,"
        "2022 PW GPCI (with 1.0 Floor),2022 PE GPCI,2022 MP GPCI\r\n"
        "2102,AK,1,ALASKA*,1.5,1.081,0.592\r\n"
        '"MAC Assignments as of November 22, 2023",,,,,,\r\n'
        ",,,,,,\r\n"
        "*Work GPCI reflects a 1.5 floor in Alaska established by the MIPPA.,,,,,,\r\n"
    )
    found = read(data.encode(), "GPCI2022.csv", "gpci", 2022)
    # The file of 2022 lost its leading zeros in 81 of 112 rows.
    key = ("mac", "locality_number", "work_gpci")
    assert columns(found, *key) == [("02102", "01", Decimal("1.500"))]
    assert (found.account.notice, found.account.blank) == (2, 1)


def test_trap_12_anesthesia_factors_have_implied_decimals_in_the_text_form(tmp_path: Path) -> None:
    expected = [("02102", "00", Decimal("19.31"))]
    names = ("mac", "locality_number", "anesthesia_conversion_factor")
    txt = b"02102       00    ALABAMA                                                1931\r\n\x1a"
    found = read(txt, "ANES2025.txt", "anes")
    assert columns(found, *names) == expected
    csv = b"Contractor,Locality,Locality Name,National Anes CF of 20.3178\r\n"
    csv += b"02102 ,00 ,ALABAMA,19.31 \r\n,,,\r\n"
    assert columns(read(csv, "ANES2025.csv", "anes"), *names) == expected

    import xlsxwriter

    path = tmp_path / "ANES2025.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Locality Adjusted CFs")
        sheet.write_row(0, 0, ["Contractor", "Locality", "Locality Name", "Anes CF of 20.3178"])
        sheet.write_row(1, 0, [2102, 0, "ALABAMA", 19.31])
    assert columns(read(path.read_bytes(), path.name, "anes"), *names) == expected
