"""Checks of equipment fees: each on the smallest release, or releases, that break it."""

import duckdb
import pytest

from pipeline.schedules.dmepos.definition import DMEPOS
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers.small_dmepos import SOUND, computed, release


@pytest.fixture
def sound() -> duckdb.DuckDBPyConnection:
    return computed()


# ---------------------------------------------------------------- over one release

LINE = "code mod mod2 jur cat ceiling floor AL AL/R FL FL/R AK AK/R\n"
PEN_LINE = "code mod mod2 AL AL/R AK AK/R\n"
CBA_LINE = "code mod mod2 mod3 cat Mobile,_AL\n"

# The name of a check, and the smallest file in which it finds something.
BROKEN = {
    "areas_have_one_name": {"dme_cba_zip": "36601 AL Mobile,_AL One 202501\n36602 AL Mobile,_AL Two 202501"},
    "areas_have_the_categories_of_the_schedule": {"dme_cba": CBA_LINE + "E0601 RR - - IN 5"},
    "areas_with_fees_have_zip_codes": {"dme_cba": "code mod mod2 mod3 cat Mobile,_AL Tampa,_FL\nE0601 RR - - CR 5 5"},
    "areas_with_zip_codes_have_fees": {"dme_cba": CBA_LINE + "E0601 RR - - CR 5"},
    "area_fees_have_their_first_modifiers": {"dme_cba": CBA_LINE + "E0601 RR - KG CR 5"},
    "ceilings_have_their_floor": {"dmepos": LINE + "A4216 - - J OS 0.62 0.52 0.6 0 0.6 0 0.7 0"},
    "fees_are_stated": {
        "dmepos": LINE + "A4216 - - J OS 0 0 0.6 0 0.6 0 See 0",
        "dme_pen": PEN_LINE + "B4034 - - 6 0 6 0\nB4035 - - 6 - 6 0",
    },
    "fees_lie_within_their_limits": {"dmepos": LINE + "A4216 - - J OS 0.62 0.53 0.63 0 0.6 0 0.7 0"},
    "items_have_their_first_modifier": {"dmepos": LINE + "E2361 - KE D IN 0 0 1 0 1 0 1 0"},
    "items_of_areas_are_listed": {"dme_cba": CBA_LINE + "E0155 NU - - IN 5"},
    "limited_items_have_no_rural_fee": {"dmepos": LINE + "A4216 - - J OS 0.62 0.53 0.6 0.6 0.6 0 0.7 0"},
    "mail_orders_have_their_modifier": {"dme_mail_order": "code mod mod2 mod3 cat amount\nA4253 NU - - IN 10.39"},
    "mail_order_fees_have_their_first_modifiers": {"dme_mail_order": "code mod mod2 mod3 cat amount\nA4253 - KL - IN 10.39"},
    "nutrition_is_listed_apart": {"dme_pen": PEN_LINE + "E0776 NU - 64 100 64 0"},
    "nutrition_items_have_their_first_modifier": {"dme_pen": PEN_LINE + "E0776 - BA 64 100 64 0"},
    "regions_have_one_fee": {"dmepos": LINE + "L3000 - - D PO 450.81 338.11 381 0 382 0 400 0"},
    "rented_categories_are_rented": {"dmepos": LINE + "E0601 NU - D CR 0 0 1 0 1 0 1 0"},
    "rent_is_below_the_price": {"dmepos": LINE + "E0776 RR - D IN 0 0 17 0 0 0 0 0\nE0776 NU - D IN 0 0 16 0 0 0 0 0"},
    "rural_fees_are_continental": {"dmepos": LINE + "E0601 RR - D CR 0 0 1 0 1 0 1 2"},
    "rural_fees_are_no_lower": {"dmepos": LINE + "E0601 RR - D CR 0 0 2 1 1 0 1 0"},
    "rural_nutrition_are_continental": {"dme_pen": PEN_LINE + "B4034 - - 3 6 6 7"},
    "rural_nutrition_are_no_lower": {"dme_pen": PEN_LINE + "B4034 - - 6 3 6 0"},
    "rural_zip_codes_are_of_the_quarter": {"dme_rural_zip": "35056 AL 202402"},
    "states_are_those_of_the_schedule": {},
    "states_have_both_columns": {"dmepos": "code mod mod2 jur cat ceiling floor AL FL FL/R\nE0601 RR - D CR 0 0 1 1 2"},
    "states_have_their_fees": {"dme_pen": PEN_LINE + "B4034 - - 6 7 - 7\nB4035 - - 6 7 - 7"},
    "states_with_rural_fees_have_rural_zip_codes": {},
    "tables_run_to_the_last_codes": {},
    "zip_codes_are_rural_or_of_an_area": {"dme_rural_zip": "36601 AL 202501"},
    "zip_codes_lie_in_their_state": {"dme_rural_zip": "35056 AL 202501\n03505 AL 202501\n00253 MA 202501"},
    "zip_codes_of_areas_are_of_the_quarter": {"dme_cba_zip": "36601 AL Mobile,_AL 202402\n33101 FL Miami,_FL 202501"},
}  # fmt: skip
# What is broken by other words than those of a table of fees.
BY_STATEMENT = {
    "heads_name_one_quarter": "INSERT INTO stage.dme_quarter VALUES ('dme_cba', 2025, 2)",
    "records_are_of_the_year": "UPDATE stage.dmepos SET calendar_year = 2024",
    "nutrition_records_are_of_the_year": "UPDATE stage.dme_pen SET calendar_year = 2024",
}
CHECKS = {check.name: check for check in load_checks(DMEPOS.release_checks)}
# The release in miniature has three states, one of them with a rural ZIP code, and few codes.
FOUND_IN_THE_SOUND = {
    "states_are_those_of_the_schedule": 50,
    "states_with_rural_fees_have_rural_zip_codes": 1,
    "tables_run_to_the_last_codes": 4,
}


def test_every_check_has_a_release_that_breaks_it(sound) -> None:
    assert BROKEN.keys() | BY_STATEMENT.keys() == CHECKS.keys()
    found = {name: len(sound.sql(check.query).fetchall()) for name, check in CHECKS.items()}
    assert {name: count for name, count in found.items() if count} == FOUND_IN_THE_SOUND


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_breaks_its_rule(name: str) -> None:
    con = release(BROKEN.get(name))
    if name in BY_STATEMENT:
        con.execute(BY_STATEMENT[name])
    found = con.sql(CHECKS[name].query).fetchall()
    assert {row[0] for row in found} <= set(SOUND) and found
    assert all(row[2] for row in found)


def test_a_fee_of_either_table_that_is_not_stated_is_told() -> None:
    found = release(BROKEN["fees_are_stated"]).sql(CHECKS["fees_are_stated"].query).fetchall()
    assert [(kind, finding.partition(",")[0]) for kind, _, finding in sorted(found)] == [
        ("dme_pen", "B4035: no number in the place of 1 fees"),
        ("dmepos", "A4216: no number in the place of 1 fees"),
    ]


def test_a_floor_without_its_ceiling_is_found_in_words() -> None:
    con = release({"dmepos": LINE + "A4216 - - J OS 0 0.53 0.6 0 0.6 0 0.7 0"})
    con.execute("UPDATE stage.dmepos SET ceiling = NULL")
    [(_, _, finding)] = con.sql(CHECKS["ceilings_have_their_floor"].query).fetchall()
    assert finding == "A4216 (OS): the floor is 0.53 and the ceiling blank"


def test_a_state_that_is_new_is_news(sound) -> None:
    con = release({"dmepos": "code mod mod2 jur cat ceiling floor GU GU/R\nA4216 - - J OS 0 0 1 0"})
    found = con.sql(CHECKS["states_are_those_of_the_schedule"].query).fetchall()
    assert "it has a column of GU, which no earlier file had" in [row[2] for row in found]
    # The limits and the rural columns of the continent are not those of islands.
    con = release({"dmepos": "code mod mod2 jur cat ceiling floor AL AL/R GU MP\nA4216 - - J OS 5 4 4.50 0 9 9"})  # fmt: skip
    for name in ("fees_lie_within_their_limits", "states_have_both_columns"):
        assert con.sql(CHECKS[name].query).fetchall() == []


# ---------------------------------------------------------------- checks over releases

ITEM = "SELECT 'DMEPOS25Q1' AS release_id, 'A0001' AS hcpcs_code, '' AS modifier, '' AS modifier2, 'by_place' AS price_status, NULL::DECIMAL(9,2) AS national_amount, 'dmepos' AS program"
AREA_FEES = "SELECT '{}' AS release_id FROM range({})"
DAYS = "DATE '2025-01-01' AS effective_from, DATE '2025-03-31' AS effective_to"
# What a warehouse has in which no check finds anything.
WHOLE = {
    "release": f"SELECT 'DMEPOS25Q1' AS release_id, true AS is_current, {DAYS} UNION ALL SELECT 'DMEPOS24Q4', true, DATE '2024-10-01', DATE '2024-12-31'",
    "dme_item": ITEM,
    "dme_cba_fee": f"{AREA_FEES.format('DMEPOS24Q4', 100)} UNION ALL {AREA_FEES.format('DMEPOS25Q1', 95)}",
    "dme_zip": "SELECT 'DMEPOS25Q1' AS release_id, true AS is_rural",
    "dme_fee": "SELECT 'DMEPOS25Q1' AS release_id, 'A0001' AS hcpcs_code, '' AS modifier, '' AS modifier2, 5.00 AS amount",
    "dme_change": "SELECT 'DMEPOS25Q1' AS release_id, 'DMEPOS24Q4' AS previous_release_id, 'A0001' AS hcpcs_code, '' AS modifier, '' AS modifier2, 1.0 AS lowest_change_percent, 50.0 AS highest_change_percent",
    "rvu_in_force": f"SELECT 'A0001' AS hcpcs_code, '' AS modifier, 'X' AS status_code, 'RVU25A' AS release_id, {DAYS}",
    "payment_national_in_force": f"SELECT 'A0002' AS hcpcs_code, true AS is_default_class, 'priced' AS price_status, 'RVU25A' AS release_id, {DAYS}",
    "lab_fee_in_force": f"SELECT 'A0001' AS hcpcs_code, 'contractor_priced' AS price_status, 'CLFS25Q1' AS release_id, {DAYS}",
    "drug_limit_in_force": "SELECT 'A0001' AS hcpcs_code, 'priced' AS price_status, 'ASP25Q2' AS release_id, DATE '2025-04-01' AS effective_from, DATE '2025-06-30' AS effective_to",
}  # fmt: skip
AMISS = {
    "items_have_their_status": {"dme_item": ITEM.replace("by_place", "no_fee_published")},
    "fees_have_their_item": {"dme_item": ITEM.replace("A0001", "A0002").replace("by_place", "no_fee_published")},
    "files_do_not_shrink": {"dme_cba_fee": f"{AREA_FEES.format('DMEPOS24Q4', 100)} UNION ALL {AREA_FEES.format('DMEPOS25Q1', 94)}"},
    "fees_change_by_less_than_half": {"dme_change": WHOLE["dme_change"].replace("50.0", "50.1")},
    "nobody_else_pays_the_item": {"payment_national_in_force": WHOLE["payment_national_in_force"].replace("A0002", "A0001")},
    "physicians_leave_the_item_to_suppliers": {"rvu_in_force": WHOLE["rvu_in_force"].replace("'X'", "'A'")},
}  # fmt: skip
OVER_RELEASES = {check.name: check.query for check in load_checks(DMEPOS.warehouse_checks)}


@pytest.mark.parametrize("name", OVER_RELEASES)
def test_check_over_releases_finds_what_breaks_its_rule_and_nothing_else(name: str) -> None:
    assert AMISS.keys() == OVER_RELEASES.keys()
    found = []
    for changed in ({}, AMISS[name]):
        with database.connect(1) as con:
            for table, query in (WHOLE | changed).items():
                con.execute(f"CREATE TABLE {table} AS {query}")
            found.append(con.sql(OVER_RELEASES[name]).fetchall())
    assert (found[0], [row[0] for row in found[1]]) == ([], ["DMEPOS25Q1"])
