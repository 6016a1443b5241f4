"""Ambulance fees: the amounts of Florida by formula, and CMS's file in place of it, read and held against it.

No file of CMS was at hand: those here are made in its shape as a public source tells it.
"""

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from pipeline.cli.answer import amount_of_units, rule_lines
from pipeline.errors import RefusedError
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import LAB_BUNDLE
from pipeline.schedules.ambulance.definition import (
    AMBULANCE,
    ambulance_fee_query,
    ambulance_file_fee_query,
    reference_query,
)
from pipeline.schedules.ambulance.identity import identify
from pipeline.schedules.ambulance.periods import missing_release
from pipeline.schedules.ambulance.rule import rules_of
from pipeline.store.sql import compose_with, load_checks
from tests.helpers.places import NOT_THERE, REAL_FILES
from tests.helpers.staged import staged
from tests.helpers.warehouses import connected

INDICES = REAL_FILES / "rvu26b" / "GPCI2026.csv"

# ---------------------------------------------------------------- the formula


@pytest.fixture(scope="module")
def small() -> duckdb.DuckDBPyConnection:
    """Releases of 2026, one of which came without GPCI, and of 2025; factors of air services are made."""
    con = duckdb.connect()
    for name in ("ambulance_rvu", "ambulance_factor", "ambulance_rule"):
        con.execute(f"CREATE TABLE {name} AS {reference_query(name)}")
    con.execute(
        "INSERT INTO ambulance_factor VALUES (2026, 'rotary_wing', 4000.00, 20.00, 'E', 'made')"
    )
    con.execute(
        "CREATE TABLE release AS SELECT *, release_id AS posting_id, true AS is_current FROM (VALUES ('RVU25D', 2025, 'pfs'), ('RVU26B', 2026, 'pfs'), "
        "('RVU26C', 2026, 'pfs'), ('RVU30A', 2030, 'pfs')) AS one(release_id, calendar_year, schedule)"
    )
    con.execute(
        "CREATE TABLE locality AS SELECT release_id, '09102' AS mac, '99' AS locality_number, "
        "CASE release_id WHEN 'RVU26C' THEN NULL ELSE 0.956 END::DECIMAL(5,3) AS pe_gpci FROM release"
    )
    # The posting of a release stands for it where postings are asked for.
    con.execute("INSERT INTO locality VALUES ('RVU26B@2026-03-10', '09102', '01', 1.000)")
    con.execute(
        "CREATE TABLE ambulance_file_fee (release_id VARCHAR, hcpcs_code VARCHAR, mac VARCHAR, locality_number VARCHAR, "
        "rvu DECIMAL(5,2), gpci DECIMAL(5,3), base_amount DECIMAL(9,2), urban_amount DECIMAL(9,2), rural_amount DECIMAL(9,2), "
        "super_rural_amount DECIMAL(9,2), rural_first_miles_amount DECIMAL(9,2))"
    )
    con.execute(f"CREATE VIEW ambulance_fee AS {ambulance_fee_query()}")
    return con


def amounts(con, code: str, release: str = "RVU26B") -> tuple:
    query = (
        "SELECT urban_amount, rural_amount, super_rural_amount, rural_first_miles_amount, price_status "
        "FROM ambulance_fee WHERE hcpcs_code = ? AND release_id = ?"
    )
    [found] = con.execute(query, [code, release]).fetchall()
    return tuple(str(x) if isinstance(x, Decimal) else x for x in found)


@pytest.mark.parametrize(
    ("code", "urban"),
    [("A0428", "281.31"), ("A0426", "337.57"), ("A0427", "534.49"), ("A0425", "9.33")],
)
def test_the_published_amounts_of_florida_come_out_to_the_cent(small, code, urban):
    """Rounding the base before the addition for urban places would give 281.32."""
    assert amounts(small, code)[0] == urban
    assert amounts(small, "A0425")[1] == "9.42"


@pytest.mark.parametrize(
    ("code", "release", "expected"),
    [
        ("A0428", "RVU26B", ("281.31", "284.07", "348.27", None, "priced")),
        # Of miles from rural places the first 17 have a rate of their own, and none is super-rural.
        ("A0425", "RVU26B", ("9.33", "9.42", None, "14.14", "priced")),
        # Air: half of the rate is adjusted, half as much again in rural places, no addition of 2% or 3%.
        ("A0431", "RVU26B", ("3912.00", "5868.00", None, None, "priced")),
        ("A0436", "RVU26B", ("20.00", "30.00", None, None, "priced")),
        # No source of a factor: of a service, of a year, and of additions that a law limits.
        ("A0430", "RVU26B", (None, None, None, None, "no_factor")),
        ("A0428", "RVU25D", (None, None, None, None, "no_factor")),
        ("A0428", "RVU30A", (None, None, None, None, "no_factor")),
        ("A0428", "RVU26C", (None, None, None, None, "gpci_missing")),
        # Mileage is not adjusted to the place.
        ("A0425", "RVU26C", ("9.33", "9.42", None, "14.14", "priced")),
        ("A0428", "RVU26B@2026-03-10", ("290.25", "293.10", "359.34", None, "priced")),
    ],
)
def test_an_amount_follows_from_factor_weight_and_index_or_has_its_reason(
    small, code, release, expected
):
    assert amounts(small, code, release) == expected


@pytest.mark.real
@pytest.mark.skipif(not INDICES.exists(), reason=NOT_THERE)
def test_every_locality_of_2026_has_its_amounts_by_the_indices_of_cms(small):
    with INDICES.open(encoding="cp1252", newline="") as file:
        indices = [(x[0], x[2], x[6]) for x in csv.reader(file) if x[0].isdigit()]
    con = small.cursor()
    con.execute("CREATE OR REPLACE TEMP TABLE kept AS FROM locality")
    con.execute("DELETE FROM locality")
    con.executemany("INSERT INTO locality VALUES ('RVU26B', ?, ?, ?)", indices)
    statuses = "SELECT price_status, count(*) FROM ambulance_fee WHERE service_kind = 'ground' GROUP BY ALL"
    florida = "SELECT urban_amount::VARCHAR FROM ambulance_fee WHERE mac = '09102' AND locality_number = '99' AND hcpcs_code IN ('A0425', 'A0426', 'A0427', 'A0428') ORDER BY hcpcs_code"
    found = con.sql(statuses).fetchall(), con.sql(florida).fetchall()
    con.execute("DELETE FROM locality")
    con.execute("INSERT INTO locality FROM kept")
    assert found[0] == [("priced", 109 * 8)]
    assert found[1] == [("9.33",), ("337.57",), ("534.49",), ("281.31",)]


@pytest.mark.parametrize(
    ("code", "area", "rules"),
    [
        ("A0428", "urban", {"ground_adjusted_share": None, "urban_ground": None}),
        (
            "A0428",
            "super_rural",
            {"ground_adjusted_share": None, "rural_ground": None, "super_rural_ground": None},
        ),
        ("A0425", "urban", {"urban_ground": None}),
        # What the first miles are paid is no part of the amount, and has one of its own.
        ("A0425", "rural", {"rural_first_miles": "14.14", "rural_ground": None}),
        ("A0431", "rural", {"air_adjusted_share": None, "rural_air": None}),
    ],
)
def test_an_amount_has_its_rules_with_their_evidence(small, code, area, rules):
    place = {"state": "", "is_rural": None, "cba": "", "ambulance_area": area}
    row = place | {
        "schedule": "ambulance", "release_id": "RVU26B", "hcpcs_code": code, "mac": "09102", "locality_number": "99",
        "amount": Decimal(1), "modifier": "", "modifier2": "", "modifier3": "",
    }  # fmt: skip
    found = rules_of(small, [row, row | {"amount": None}, row | {"schedule": "pfs"}])
    amounts_of = {x["rule"]: str(x["amount"]) if x["amount"] else None for x in found}
    assert amounts_of == rules
    assert all(x["evidence"] and x["source"] and x["meaning"] for x in found)


@pytest.mark.parametrize(
    ("units", "area", "paid"),
    [
        (1, "rural", "14.14"),
        (17, "super_rural", "240.38"),
        (20, "rural", "268.64"),
        (20, "urban", "188.40"),
        # 12.4 x 14.14 = 175.336; 17 x 14.14 + 3.4 x 9.42 = 272.408; 12.4 x 9.42 = 116.808
        (Decimal("12.4"), "rural", "175.34"),
        (Decimal("20.4"), "rural", "272.41"),
        (Decimal("12.4"), "urban", "116.81"),
    ],
)
def test_so_many_miles_from_a_rural_place_are_paid_the_first_17_at_their_own_rate(
    small, units, area, paid
):
    row = {
        "schedule": "ambulance", "release_id": "RVU26B", "hcpcs_code": "A0425", "mac": "09102", "locality_number": "99",
        "state": "", "is_rural": None, "cba": "", "ambulance_area": area, "amount": Decimal("9.42"),
        "modifier": "", "modifier2": "", "modifier3": "",
    }  # fmt: skip
    rules = rules_of(small, [row])
    assert amount_of_units(row, rules, units) == Decimal(paid)
    # The rule is of that place, and not of another one in the same answer.
    assert amount_of_units(row | {"mac": "01112"}, rules, 2) == Decimal("18.84")
    assert ("1 to 17" in "\n".join(rule_lines(rules))) == (area != "urban")


def test_amounts_by_formula_are_provisional(small):
    query = "SELECT DISTINCT amount_basis, is_provisional FROM ambulance_fee"
    assert small.sql(query).fetchall() == [("formula", True)]


# ---------------------------------------------------------------- CMS's file

HEAD = (
    "CONTRACTOR/CARRIER", "LOCALITY", "HCPCS", "RVU", "GPCI", "BASE RATE", "URBAN BASE RATE / URBAN MILEAGE",
    "RURAL BASE RATE / RURAL MILEAGE", "RURAL BASE RATE / LOWEST QUARTILE", "RURAL GROUND MILES 1-17*",
)  # fmt: skip

# Three amounts agree with the formula of the release beside, the urban one of A0427 does not.
FLORIDA = """
    09102 99 A0425 n/a  n/a   9.15     9.33    9.42    n/a    14.14
    09102 99 A0426 1.20 0.956 341.47   337.57  340.88  417.92 n/a
    09102 99 A0427 1.90 0.956 540.66   534.50  539.73  661.71 n/a
    09102 99 A0428 1.00 0.956 284.56   281.31  284.07  348.27 n/a
    09102 99 A0431 1.00 0.956 4,500.00 4401.00 6601.50 n/a    n/a
"""


def file_rows(text: str = FLORIDA) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


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


def test_the_file_is_held_against_the_formula_amount_by_amount(small):
    """The sample has no index of 2026: the comparison itself, over the small releases."""
    columns = "hcpcs_code, mac, locality_number, rvu, gpci, base_amount, urban_amount, rural_amount, super_rural_amount, rural_first_miles_amount"
    con = small.cursor()
    con.execute("CREATE OR REPLACE TEMP TABLE file_rows AS FROM ambulance_file_fee")
    for row in file_rows()[:4]:
        code, cells = row[2], [None if x == "n/a" else x for x in row[3:]]
        con.execute(
            f"INSERT INTO file_rows (release_id, {columns}) VALUES ('AFS26CY', ?, '09102', '99', {', '.join('?' * 7)})",
            [code, *cells],
        )
    con.execute("INSERT INTO release VALUES ('AFS26CY', 2026, 'ambulance', 'AFS26CY', true)")
    words = {"other": "'pfs'"}
    query = compose_with(
        AMBULANCE.across / "formula.sql", words, **AMBULANCE.composed_selects
    ).replace("ambulance_file_fee as file", "file_rows as file")
    con.execute(f"CREATE OR REPLACE TEMP TABLE compared AS {query}")
    differ = "count(*) FILTER (our_value IS DISTINCT FROM other_value)"
    con.execute("DELETE FROM release WHERE schedule = 'ambulance'")
    # Of the release that came without indices miles alone can be compared.
    counted = f"SELECT other_posting_id, count(*), {differ} FROM compared GROUP BY ALL ORDER BY ALL"
    assert con.sql(counted).fetchall() == [("RVU26B", 12, 1), ("RVU26C", 3, 0)]
    found = "SELECT record_key, column_name, our_value::VARCHAR, other_value::VARCHAR FROM compared WHERE our_value IS DISTINCT FROM other_value"
    assert con.sql(found).fetchall() == [("A0427 09102-99", "urban_amount", "534.49", "534.50")]


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
    "codes_are_of_ambulances": "09102 99 A0999 1.00 0.956 284.56 281.31 284.07 348.27 n/a",
}
CHECKS = {check.name: check for check in load_checks(AMBULANCE.release_checks)}


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_breaks_its_rule_and_nothing_else(name):
    assert released(FLORIDA).sql(CHECKS[name].query).fetchall() == []
    assert {row[0] for row in released(BROKEN[name]).sql(CHECKS[name].query).fetchall()} == {"afs"}
    assert len(released(FLORIDA).sql(ambulance_file_fee_query()).fetchall()) == 5
