"""Of the amounts of a code, those of the place that is asked for: the nearest that fits, and never a guess."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from pipeline.cli.elsewhere import elsewhere_lines, elsewhere_of
from pipeline.release.fee import HERE, answers
from pipeline.release.fee import REASONS as CURATED_REASONS
from pipeline.release.place import HERE as PLACE
from pipeline.store.database import csv_query
from pipeline.store.sql import macro_sql
from tests.helpers.small import rows

# Equipment by state and rural area, an item with a third modifier in a former bidding area, an
# item without a fee off-shore, a service of a locality, and a transport of a locality by area.
SAID = """
    schedule   code   m1  m2  m3  setting    kind          place     rural  area   amount   reason
    pfs        E0601  -   -   -   office     national      -         -      -      -        other_benefit_no_file
    dmepos     E0601  RR  -   -   supplier   national      -         -      -      -        by_place
    dmepos     E0601  RR  -   -   supplier   state_rural   CA        true   -      70.00    -
    dmepos     E0601  RR  -   -   supplier   state_rural   CA        false  -      50.00    -
    dmepos     E0601  RR  -   -   supplier   state_rural   HI        -      -      60.00    -
    dmepos     E0601  RR  -   -   supplier   cba           Oakland   -      -      45.00    -
    dmepos     A4253  NU  KE  -   supplier   national      -         -      -      -        by_place
    dmepos     A4253  NU  KE  -   supplier   state_rural   CA        true   -      9.00     -
    dmepos     A4253  NU  KL  -   supplier   national      -         -      -      10.39    -
    dmepos     K0001  RR  KG  KU  supplier   national      -         -      -      -        by_place
    dmepos     K0001  RR  KG  KU  supplier   cba           Oakland   -      -      20.00    -
    pfs        99213  -   -   -   office     national      -         -      -      90.00    -
    pfs        99213  -   -   -   office     mac_locality  01112-05  -      -      109.15   -
    ambulance  A0429  -   -   -   ambulance  national      -         -      -      -        by_place
    ambulance  A0429  -   -   -   ambulance  mac_locality  01112-05  -      urban  500.00   -
    ambulance  A0429  -   -   -   ambulance  mac_locality  01112-05  -      rural  510.00   -
"""

COLUMNS = """release_id, hcpcs_code, modifier, modifier2, modifier3, setting, place_kind, mac, locality_number, state,
  is_rural, cba, ambulance_area, amount, amount_unit, patient_share_percent, amount_status, reason, defers"""


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(f"CREATE TABLE fee_reason AS {csv_query(CURATED_REASONS, {'rank': 'SMALLINT'})}")
    con.execute(
        "CREATE TABLE release AS SELECT schedule, upper(schedule) AS release_id, DATE '2026-01-01' AS effective_from, "
        "DATE '2026-03-31' AS effective_to, true AS is_latest, true AS is_current, '' AS missing_files "
        "FROM (VALUES ('pfs'), ('dmepos'), ('ambulance')) AS one(schedule)"
    )
    said = []
    for row in rows(SAID):
        place, kind = row["place"], row["kind"]
        mac, _, number = place.partition("-") if kind == "mac_locality" else ("", "", "")
        said.append((
            row["schedule"], row["schedule"].upper(), row["hcpcs_code"], row["m1"], row["m2"], row["m3"], row["setting"], kind, mac, number,
            place if kind == "state_rural" else "", {"true": True, "false": False}.get(row["rural"]), place if kind == "cba" else "", row["area"],
            row["amount"] or None, "unit", None, "priced", row["reason"], row["reason"] == "other_benefit_no_file",
        ))  # fmt: skip
    con.execute(
        "CREATE TABLE said (schedule VARCHAR, release_id VARCHAR, hcpcs_code VARCHAR, modifier VARCHAR, modifier2 VARCHAR, "
        "modifier3 VARCHAR, setting VARCHAR, place_kind VARCHAR, mac VARCHAR, locality_number VARCHAR, state VARCHAR, "
        "is_rural BOOLEAN, cba VARCHAR, ambulance_area VARCHAR, amount DECIMAL(14,3), amount_unit VARCHAR, "
        "patient_share_percent DECIMAL(7,3), amount_status VARCHAR, reason VARCHAR, defers BOOLEAN)"
    )
    con.executemany(f"INSERT INTO said VALUES ({', '.join('?' * 20)})", said)
    con.execute(
        "CREATE TABLE locality AS FROM (VALUES ('01112', '05', 'CA'), ('01212', '01', 'HI')) AS t(mac, locality_number, state)"
    )
    con.execute(
        "CREATE TABLE place AS SELECT *, '' AS plus_four, DATE '2026-01-01' AS effective_from, DATE '2026-03-31' AS effective_to "
        "FROM (VALUES "
        "('94110', '01112', '05', false, 'CA', false, '', 'urban'), "
        "('94501', '01112', '05', false, 'CA', false, 'Oakland', 'urban'), "
        "('94002', '01112', '05', false, 'CA', NULL, NULL, 'rural'), "
        "('94003', '01112', '05', true, 'CA', true, '', 'rural'), "
        "('94004', NULL, NULL, NULL, 'CA', true, '', NULL)"
        ") AS zip(zip_code, mac, locality_number, zip4_decides, state, is_rural, cba, ambulance_area)"
    )
    # A ZIP code whose further digits tell its state.
    divided = ", ".join(
        f"('94005', '{mac}', '{number}', true, '{state}', false, '', 'urban', '{four}', DATE '2026-01-01', DATE '2026-03-31')"
        for mac, number, state, four in (
            ("01112", "05", "CA", ""),
            ("01112", "05", "CA", "0001"),
            ("01212", "01", "HI", "0002"),
        )
    )
    con.execute(f"INSERT INTO place VALUES {divided}")
    con.execute(macro_sql(PLACE / "place_of.sql"))
    con.execute(
        "CREATE MACRO fee_on(on_day, known_on, of_posting) AS TABLE "
        + answers("SELECT * FROM said", "held_latest")
    )
    con.execute(macro_sql(HERE / "fee_for.sql"))
    return con


def asked(con, call: str, condition: str = "schedule <> ''") -> list[tuple]:
    query = f"SELECT amount::DOUBLE, reason FROM fee_for({call}) WHERE {condition}"
    return con.sql(query).fetchall()


SUPPLIER = "setting = 'supplier'"


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("'E0601'", [(None, "by_place")]),
        ("'E0601', at_state := 'CA', at_rural := true", [(70.0, "")]),
        ("'E0601', at_state := 'ca', at_rural := false", [(50.0, "")]),
        ("'E0601', at_state := 'HI', at_rural := true", [(60.0, "")]),
        ("'E0601', at_state := 'HI'", [(60.0, "")]),
        # Where rural is not known both amounts are there, and a row says why there is no one answer.
        ("'E0601', at_state := 'CA'", [(50.0, ""), (70.0, ""), (None, "rural_unknown")]),
        # Of a ZIP code it is known, or no DMEPOS ZIP code file of the period is loaded.
        ("'E0601', at_zip := '94110'", [(50.0, "")]),
        ("'E0601', at_zip := '94003'", [(70.0, "")]),
        ("'E0601', at_zip := '94002'", [(50.0, ""), (70.0, ""), (None, "rural_unknown")]),
        # It may lie in two states: both amounts, and which digits are missing.
        ("'E0601', at_zip := '94005'", [(50.0, ""), (60.0, ""), (None, "zip4_needed")]),
        ("'E0601', at_zip := '94005-0002'", [(60.0, "")]),
        # A former bidding area comes before its state, and is no gap where it alone has a fee.
        ("'E0601', at_zip := '94501'", [(45.0, "")]),
        ("'K0001', at_zip := '94501'", [(20.0, "")]),
        ("'K0001', at_zip := '94002'", [(None, "rural_unknown")]),
        # A locality says nothing of the state that a supplier is paid for.
        ("'E0601', at_mac := '01112', at_locality := '05'", [(None, "by_place")]),
        ("'A4253', of_modifier := 'KE', at_state := 'CA'", []),
        ("'A4253', of_modifier := 'NU', at_state := 'CA', at_rural := false", [(None, "no_fee_in_area"), (10.39, "")]),
        ("'A4253', of_modifier := 'NU', at_state := 'HI'", [(None, "no_fee_in_area"), (10.39, "")]),
        ("'A4253', of_modifier := 'NU', at_state := 'CA'", [(9.0, ""), (None, "rural_unknown"), (10.39, "")]),
        # A state does not tell in which former bidding area the patient lives.
        ("'K0001', at_state := 'CA'", [(None, "by_place")]),
    ],
)  # fmt: skip
def test_the_amount_of_an_item_is_that_of_the_state_and_its_rural_areas(con, call, answer):
    assert asked(con, call, SUPPLIER + " and schedule <> ''") == answer


def test_an_amount_by_place_is_what_other_lists_mean_by_paid_elsewhere(con):
    assert asked(con, "'E0601'", "setting = 'office'") == [(None, "paid_under_dmepos")]


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("'99213', at_mac := '01112', at_locality := '05'", [(109.15, "")]),
        ("'99213', at_zip := '94110'", [(109.15, "")]),
        # A ZIP code on a border, and one that no ZIP code file has: no amount is guessed.
        ("'99213', at_zip := '94003'", [(None, "zip4_needed")]),
        ("'99213', at_zip := '94003-1234'", [(None, "zip9_unknown")]),
        ("'99213', at_zip := '94004'", [(None, "no_zip_file")]),
        ("'99213', at_zip := '94005'", [(109.15, ""), (None, "zip4_needed")]),
        ("'99213', at_zip := '94005-0001'", [(109.15, "")]),
        ("'A0429', at_zip := '94110'", [(500.0, "")]),
        ("'A0429', at_zip := '94002'", [(510.0, "")]),
        ("'A0429', at_zip := '94003'", [(None, "zip4_needed")]),
        ("'A0429', at_mac := '01112', at_locality := '05'", [(510.0, ""), (500.0, ""), (None, "area_unknown")]),
        ("'99213', at_state := 'CA', at_rural := true", [(90.0, "")]),
        ("'A0429'", [(None, "by_place")]),
        ("'A0429', at_state := 'CA'", [(None, "by_place")]),
        ("'A0429', at_mac := '01212', at_locality := '01'", [(None, "no_fee_in_area")]),
    ],
)  # fmt: skip
def test_amounts_of_localities_are_those_of_a_locality_and_never_of_a_state(con, call, answer):
    assert asked(con, call, "setting in ('office', 'ambulance') and schedule <> ''") == answer


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("at_state := 'XX'", "knows no state XX"),
        ("at_rural := true", "rural is an area of a state"),
        ("at_state := 'CA', at_zip := '94110'", "a ZIP code is in one state"),
    ],
)
def test_a_state_that_is_not_known_is_an_error_and_no_other_answer(con, place, words):
    with pytest.raises(duckdb.Error, match=words):
        asked(con, f"'E0601', {place}")


@pytest.mark.parametrize("is_unknown", [True, False])
def test_a_claim_line_hears_of_a_fee_elsewhere_that_depends_on_the_place(con, is_unknown):
    rows = elsewhere_of(con, "A0429", date(2026, 2, 1), is_unknown)
    assert [(row["schedule"], row["reason"]) for row in rows] == [("ambulance", "by_place")]
    [line] = elsewhere_lines(rows, "A0429", date(2026, 2, 1))
    assert "Ambulance Fee Schedule: has a fee for it that depends on the place" in line


def test_every_row_says_for_which_modifiers_and_area_it_is(con):
    query = (
        "SELECT modifier, modifier2, modifier3, place_kind, state, is_rural, cba, amount "
        f"FROM fee_on(NULL, NULL, NULL) WHERE {SUPPLIER} AND hcpcs_code = 'K0001' ORDER BY place_kind"
    )
    assert con.sql(query).fetchall() == [
        ("RR", "KG", "KU", "cba", "", None, "Oakland", Decimal("20.000")),
        ("RR", "KG", "KU", "national", "", None, "", None),
    ]
