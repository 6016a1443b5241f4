"""Ambulance fees by formula: the amounts of Florida, miles and places, and CMS's file held against them."""

import csv
from decimal import Decimal

import duckdb
import pytest

from pipeline.cli.answer import amount_of_units, rule_lines
from pipeline.schedules.ambulance.definition import (
    AMBULANCE,
    ambulance_fee_query,
    reference_query,
)
from pipeline.schedules.ambulance.rule import rules_of
from pipeline.store.sql import compose_with
from tests.helpers.ambulance_rows import file_rows
from tests.helpers.places import NOT_THERE, REAL_FILES

INDICES = REAL_FILES / "rvu26b" / "GPCI2026.csv"


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
