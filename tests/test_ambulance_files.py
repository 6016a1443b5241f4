"""CMS's file of ambulance fees, whose amounts stand in place of the formula: its forms, names and checks.

No file of CMS was at hand: those here are made in its shape as a public source tells it.
"""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from pipeline.errors import RefusedError
from pipeline.read.file import read_file
from pipeline.read.layout import load_layouts
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import LAB_BUNDLE
from pipeline.schedules.ambulance.definition import (
    AMBULANCE,
    ambulance_file_fee_query,
)
from pipeline.schedules.ambulance.identity import identify
from pipeline.schedules.ambulance.periods import missing_release
from pipeline.store.sql import load_checks
from tests.helpers.ambulance_rows import FLORIDA, file_rows
from tests.helpers.staged import staged
from tests.helpers.warehouses import connected

pytestmark = pytest.mark.whole

HEAD = (
    "CONTRACTOR/CARRIER", "LOCALITY", "HCPCS", "RVU", "GPCI", "BASE RATE", "URBAN BASE RATE / URBAN MILEAGE",
    "RURAL BASE RATE / RURAL MILEAGE", "RURAL BASE RATE / LOWEST QUARTILE", "RURAL GROUND MILES 1-17*",
)  # fmt: skip


def write_text(path: Path, rows: list[list[str]], head: tuple[str, ...] = HEAD) -> Path:
    """The text form: tabs, a title above the head, the title of a region between rows, and a footnote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    title = ["", "", "Region four"] + [""] * (len(head) - 3)
    note = ["* Miles 18 and more have the rate of rural mileage."] + [""] * (len(head) - 1)
    lines = [["Ambulance fees, made for a test"], list(head), title, *rows, note]
    path.write_text("\r\n".join("\t".join(line) for line in lines) + "\r\n")
    return path


def write_workbook(path: Path, rows: list[list[str]]) -> None:
    """The workbook: numbers are numbers, so that contractor and locality have lost their zeros."""
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet("AFS")
        page.write_row(0, 0, HEAD)
        for line, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                plain = text.replace(",", "")
                is_number = plain.replace(".", "").isdigit()
                page.write(line, column, float(plain) if is_number else text)


def test_amounts_that_a_spreadsheet_put_into_quotation_marks_are_read(tmp_path: Path) -> None:
    rows = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in file_rows()]
    path = tmp_path / "AFS2025_PUF_ext.txt"
    layouts = load_layouts(AMBULANCE.declared.folder / "layouts")
    data = write_text(path, rows).read_bytes()
    found = read_file(data, path.name, layouts, AMBULANCE.declared.tables)
    assert found.refused == []
    assert found.frame["base_amount"].to_list()[-1] == Decimal("4500.00")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A file in two forms, that of the next year, and two that are refused."""
    place = tmp_path_factory.mktemp("ambulance")
    raw = place / "raw"
    shutil.copytree(LAB_BUNDLE, raw / LAB_BUNDLE.name)
    write_text(
        raw / "afs2025_puf_ext" / "508-compliant-version-of-AFS2025_PUF_ext.txt", file_rows()
    )
    write_workbook(raw / "afs2025_puf_ext" / "AFS2025_PUF_ext.xlsx", file_rows())
    # Next year: other words, another order, a further column.
    order = (2, 0, 1, 3, 4, 5, 7, 6, 8, 9)
    words = {"CONTRACTOR/CARRIER": "Carrier", "HCPCS": "HCPCS Code", "BASE RATE": "Base Rate"}
    head = (*(words.get(HEAD[x], HEAD[x]) for x in order), "NOTE")
    moved = [[*(row[x] for x in order), "-"] for row in file_rows()]
    write_text(raw / "afs2026_puf_ext" / "AFS2026_PUF_ext.txt", moved, head)
    exchanged = [[*row[:6], row[7], row[6], *row[8:]] for row in file_rows()]
    write_text(raw / "afs2023_puf_ext" / "AFS2023_PUF_ext.txt", exchanged)
    write_text(raw / "afs2024_puf_ext" / "AFS2022_PUF_ext.txt", file_rows())
    options = Options(raw=raw, warehouse=place / "warehouse", today=date(2026, 7, 1))
    outcome = refresh(options, Report(quiet=True))
    assert outcome.releases == ["AFS25CY", "AFS26CY", "SAMPLECLFS25Q4"]
    (place / "refused").write_text("\n".join(sorted(str(error) for error in outcome.refused)))
    return place


@pytest.fixture(scope="module")
def con(place):
    yield from connected(place / "warehouse")


def test_all_forms_and_words_give_the_same_amounts(con):
    query = (
        "SELECT list((hcpcs_code, mac, locality_number, rvu, gpci, base_amount, urban_amount, rural_amount, "
        "super_rural_amount, rural_first_miles_amount) ORDER BY hcpcs_code) FROM ambulance_file_fee WHERE release_id = ?"
    )
    first, second = (con.execute(query, [name]).fetchall()[0][0] for name in ("AFS25CY", "AFS26CY"))
    assert first == second and len(first) == 5
    none = (None, None)
    assert first[0][:5] == ("A0425", "09102", "99", *none)
    assert first[4][5:] == (Decimal("4500.00"), Decimal("4401.00"), Decimal("6601.50"), *none)
    forms = "SELECT verdict FROM reconciliation WHERE release_id = 'AFS25CY' AND comparison LIKE 'afs %'"
    assert con.sql(forms).fetchall() == [("equal",)]


def test_the_amounts_of_the_file_stand_in_place_of_the_formula(con):
    query = "SELECT release_id, amount_basis, is_provisional, count(*) FROM ambulance_fee GROUP BY ALL ORDER BY ALL"
    assert con.sql(query).fetchall() == [
        ("AFS25CY", "file", False, 5),
        ("AFS26CY", "file", False, 5),
    ]
    answered = (
        "SELECT ambulance_area, amount, amount_unit, amount_status, release_id FROM fee_in_force "
        "WHERE hcpcs_code = 'A0425' AND amount IS NOT NULL AND effective_from = DATE '2026-01-01' ORDER BY ALL"
    )
    assert [(x, str(amount), *rest) for x, amount, *rest in con.sql(answered).fetchall()] == [
        ("rural", "9.420", "statute mile from the 18th", "priced", "AFS26CY"),
        ("super_rural", "9.420", "statute mile from the 18th", "priced", "AFS26CY"),
        ("urban", "9.330", "statute mile", "priced", "AFS26CY"),
    ]


def test_a_locality_that_the_file_lacks_is_told():
    [check] = load_checks(AMBULANCE.warehouse_checks)
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE release AS SELECT *, 2026 AS calendar_year, true AS is_current "
        "FROM (VALUES ('AFS26CY', 'ambulance'), ('RVU26B', 'pfs')) AS one(release_id, schedule)"
    )
    for name, mac in (("locality", "RVU26B"), ("ambulance_file_fee", "AFS26CY")):
        con.execute(
            f"CREATE TABLE {name} AS SELECT '{mac}' AS release_id, '09102' AS mac, "
            "unnest(['03', '99']) AS locality_number, 0.956 AS pe_gpci"
        )
    assert con.sql(check.query).fetchall() == []
    con.execute("DELETE FROM ambulance_file_fee WHERE locality_number = '03'")
    assert con.sql(check.query).fetchall() == [
        ("AFS26CY", "it has no fees of 09102-03, which has indices in RVU26B")
    ]


def test_exchanged_columns_and_names_of_two_years_are_refused(place):
    of_2023, of_2024 = (place / "refused").read_text().splitlines()
    assert "afs2023" in of_2023 and "urban 9.42, rural 9.33" in of_2023
    assert "afs2024" in of_2024 and "its names say 2022 and 2024" in of_2024


# ---------------------------------------------------------------- names, days and checks


@pytest.mark.parametrize(
    ("bundle", "file", "release_id"),
    [
        ("afs2026_puf_ext.zip", "508-compliant-version-of-AFS2026_PUF_ext.txt", "AFS26CY"),
        ("", "AFS_CY2025_PUF.xlsx", "AFS25CY"),
        ("downloads", "afs2018.csv", "AFS18CY"),
    ],
)
def test_the_name_says_the_year(bundle, file, release_id):
    assert identify([], bundle, f"{bundle}/{file}").release_id == release_id


def test_a_file_whose_name_says_no_year_is_refused():
    with pytest.raises(RefusedError, match="does not say of which year"):
        identify([], "downloads", "downloads/ambulance.txt")


def test_a_year_of_which_no_file_is_loaded_is_asked_for():
    held = [{"release_id": "AFS25CY", "effective_from": "2025-01-01", "effective_to": "2025-12-31"}]
    assert missing_release(held, date(2025, 12, 31)) is None
    assert "AFS26CY" in missing_release(held, date(2026, 1, 1)).sentence


def released(text: str) -> duckdb.DuckDBPyConnection:
    names = AMBULANCE.declared.tables["stage.afs"].column_names[:-1]
    rows = [
        dict(zip(names, (None if x == "n/a" else x.replace(",", "") for x in row), strict=True))
        | {"source_line": number}
        for number, row in enumerate(file_rows(text), start=2)
    ]
    decimals = [name for name in names if name not in ("mac", "locality_number", "hcpcs_code")]
    for row in rows:
        row |= {name: Decimal(row[name]) if row[name] else None for name in decimals}
    con = staged(AMBULANCE.declared, {"afs": rows}, release_id="AFS26CY", main_file="AFS2026.txt")
    AMBULANCE.model.stage(con, None)
    return con


BROKEN = {
    "weights_are_those_of_the_service": "09102 99 A0428 0.95 0.956 284.56 281.31 284.07 348.27 n/a",
    "rural_amounts_are_not_lower": "09102 99 A0428 1.00 0.956 284.56 284.07 281.31 348.27 n/a",
    "localities_have_every_service": "09102 99 A0428 1.00 0.956 284.56 281.31 284.07 348.27 n/a\n"
    "09102 03 A0426 1.20 0.956 341.47 337.57 340.88 417.92 n/a",
    "rural_amounts_follow_from_urban_ones": "09102 99 A0428 1.00 0.956 284.56 281.31 284.07 348.27 n/a\n"
    "09102 99 A0426 1.20 0.956 341.47 337.57 340.88 417.92 n/a\n"
    "09102 03 A0426 1.20 0.956 341.47 340.88 417.92 n/a n/a",
    "codes_are_of_ambulances": "09102 99 A0999 1.00 0.956 284.56 281.31 284.07 348.27 n/a",
}
CHECKS = {check.name: check for check in load_checks(AMBULANCE.release_checks)}


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_breaks_its_rule_and_nothing_else(name):
    assert released(FLORIDA).sql(CHECKS[name].query).fetchall() == []
    assert {row[0] for row in released(BROKEN[name]).sql(CHECKS[name].query).fetchall()} == {"afs"}
    assert len(released(FLORIDA).sql(ambulance_file_fee_query()).fetchall()) == 5
