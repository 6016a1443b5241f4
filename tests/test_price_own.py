"""Lines that the Physician Fee Schedule does not pay, priced by the schedule that does.

The codes and fees are those of tests/helpers/small_own.py.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.errors import UsageError
from pipeline.price.frame import price
from pipeline.price.layout import REQUIRED, check_heads
from pipeline.price.own_schedule.plan import OWN
from pipeline.price.trace import trace_of
from pipeline.schedules.all import SCHEDULES
from tests.helpers import small_price
from tests.helpers.price_claims import Claim, as_priced, claim
from tests.helpers.price_lines import priced

pytestmark = pytest.mark.whole

HOME = {"place_of_service": "12"}


def at(zip_code: str) -> dict[str, str]:
    """Where a patient lives or is picked up: a ZIP code alone."""
    return HOME | {"service_zip_code": zip_code, "service_mac": "", "service_locality_number": ""}


NOWHERE = at("")
AS_NAMED = {"service_zip_code": "", "service_mac": "01112", "service_locality_number": "05"}

RULES = {
    "a_claim_of_a_visit_a_test_and_a_drug_has_an_amount_each": [
        claim("V1000-25 LB100 DR100:4", "100.00 10.00 9.38"),
    ],
    # laboratories
    "a_test_costs_the_same_everywhere_and_the_lower_of_rate_and_charge": [
        claim("LB100 LB100-QW LB100-90 LB100:3", "10.00 10.00 10.00 30.00", **NOWHERE),
        claim("LB100:3", "25.00", charge=Decimal("25.00")),
        claim("LB200 LB300", "carrier_priced no_fee_published"),
    ],
    "the_release_of_the_schedule_of_the_line_is_that_of_the_day": [
        claim("LB100", "release_missing", date_of_service=date(2025, 1, 15)),
        claim("DR100", "2.35", date_of_service=date(2025, 1, 15)),
    ],
    "what_a_hospital_is_paid_nobody_else_is": [
        claim("LB100 DR100 EQ200", "test_of_inpatient drug_in_hospital item_of_inpatient", place_of_service="21"),
        claim("LB100 DR100 EQ200", "10.00 drug_in_hospital 30.00", place_of_service="22"),
    ],
    "values_and_modifiers_are_held_to_as_on_any_line": [
        claim("LB200-26 LB200-TC", "component_not_separate component_not_separate"),
        claim("LB200-53", "discontinued_procedure"),
        claim("LB100-ZZ LB100-RH", "modifier_unknown modifier_unknown"),
        claim("LB200-26-TC", "modifier_conflict"),
        claim("DR100-GZ DR100-GY", "denial_expected excluded_by_statute"),
        claim("DR100:0", "units_out_of_range"),
        claim("DR100", "charge_out_of_range", charge=Decimal("-1.00")),
        claim("LB100", "place_of_service_unknown", place_of_service="98"),
        claim("LB100", "zip_unknown", **at("941")),
        claim("DR100:9999999", "charge_out_of_range", charge=Decimal("-1.00")),
    ],
    "a_line_of_a_facility_s_claim_is_refused": [
        claim("V1000 LB100", "facility_claim facility_claim", revenue_code="0450"),
        claim("V1000", "facility_claim", bill_type="131"),
    ],
    # drugs
    "a_drug_is_paid_for_each_unit_of_its_dosage_with_one_rounding": [
        claim("DR100 DR100:2 DR100:3 DR200 DR500", "2.35 4.69 7.04 carrier_priced no_fee_published"),
        claim("DR100-JW DR100-JZ DR100-TB", "2.35 2.35 2.35"),
        claim("DR100:20000", "46900.00"),
        claim("DR300:19999 DR300:20000", "99995000.00 units_out_of_range"),
    ],
    # A package of DR100 has 2 ml, and 10 units of the code.
    "the_package_of_a_drug_must_be_of_the_code_and_its_units_must_agree": [
        claim("DR100:10", "23.45", ndc_code="00001-0001-01", ndc_units=Decimal(2)),
        claim("DR100:10", "23.45", ndc_code="00001000101", ndc_units=Decimal(1)),
        claim("DR100:4", "ndc_units_conflict", ndc_code="N400001000101", ndc_units=Decimal(2)),
        claim("DR100:3", "7.04", ndc_code="0001-0001-01", ndc_units=Decimal("0.5")),
        claim("DR100:5", "11.73", ndc_code="00001-001-01"),
        claim("DR100:4", "ndc_units_conflict", ndc_code="00001-0001-01", ndc_units=Decimal(2)),
        claim("DR100", "ndc_of_another_code", ndc_code="00002-0002-02"),
        claim("DR100", "2.35", ndc_code="00009-0009-09", ndc_units=Decimal(7)),
        claim("DR100", "ndc_units_out_of_range", ndc_units=Decimal(7)),
        claim("DR100", "ndc_units_out_of_range", ndc_code="00001-0001-01", ndc_units=Decimal(0)),
        claim("LB100", "10.00", ndc_units=Decimal(7)),
    ],
    # equipment
    "the_modifiers_of_an_item_select_its_fee_and_none_is_dropped": [
        claim("EQ100-RR EQ100-NU EQ100-KX-NU", "80.00 800.00 800.00", **at("94110")),
        claim("EQ100-NU-KE EQ100-KE-NU", "950.00 950.00", **at("93001")),
        claim("EQ100 EQ100-KE EQ100-NU-RR", "item_modifier_missing item_modifier_missing item_modifier_conflict", **at("94110")),
        claim("EQ300", "no_fee_published", **at("94110")),
    ],
    "the_fee_of_an_item_is_that_of_the_area_the_state_and_its_rural_parts": [
        claim("EQ100-RR EQ100-NU EQ400-NU-BA-KG", "60.00 800.00 7.00", **at("90001")),
        claim("EQ100-RR EQ400-NU-BA-KG", "90.00 no_fee_in_area", **at("93001")),
        claim("EQ100-RR EQ100-NU", "100.00 no_fee_in_area", **at("96801")),
        claim("EQ100-NU-KE", "no_fee_in_area", **at("94110")),
        claim("EQ200 EQ100-RR", "30.00 zip_needed", **NOWHERE),
        claim("EQ100-RR", "zip_needed", **AS_NAMED),
        claim("EQ100-RR", "zip_unknown", **at("94111")),
        claim("EQ100-RR", "zip_unknown", **at("941")),
        claim("EQ100-NU", "state_unknown", **at("94130")),
    ],
    "a_month_of_capped_rental_is_less_from_the_fourth_on": [
        claim("EQ100-RR-KH EQ100-RR-KJ", "80.00 60.00", **at("94110")),
        claim("EQ100-RR-KH-KJ EQ100-RR-KI-KJ EQ100-NU-KH-KJ", "modifier_conflict modifier_conflict 800.00", **at("94110")),
    ],
    "a_supply_is_sold_where_the_patient_lives_and_part_of_a_service_elsewhere": [
        claim("SU100 SU100-KL", "5.00 4.00", **at("94110")),
        claim("SU100", "bundled", **at("94110") | {"place_of_service": "11"}),
    ],
    # ambulances
    "an_ambulance_is_paid_by_the_place_of_pick_up": [
        claim("A0429-RH A0425-RH:20", "500.00 180.00", **at("94110")),
        claim("A0429-SH A0425-SH:20 A0425:17", "600.00 285.00 255.00", **at("94120")),
        claim("A0429-HR", "700.00", **at("94130")),
        claim("A0429-QN-RH", "500.00", **at("94110")),
        claim("A0429-RZ A0429-zz", "modifier_unknown modifier_unknown", **at("94110")),
        claim("A0430-RH", "no_factor", **at("94110")),
        claim("A0429", "area_unknown", **AS_NAMED),
        claim("A0429", "locality_missing", **NOWHERE),
        claim("A0429", "zip4_needed", **at("94999")),
        claim("A0429", "locality_unknown", **at("949990001")),
    ],
    # 12.4 x 9.00; 0.4 x 9.00; 0.9 x 9.37 = 8.433; 12.5 x 9.37 = 117.125.
    "miles_have_tenths_and_the_amount_is_rounded_once": [
        claim("A0425:12.4 A0425:0.4 A0435:0.9 A0435:12.5", "111.60 3.60 8.43 117.13", **at("94110")),
        claim("A0425:12.4", "100.00", charge=Decimal("100.00"), **at("94110")),
        claim("A0425:999999 A0425:999999.1 A0425:0", "8999991.00 units_out_of_range units_out_of_range", **at("94110")),
    ],
    # 12.4 x 15.00; 17 x 15.00; 17 x 15.00 + 0.1 x 10.00; 17 x 15.00 + 3.4 x 10.00. By air no mile has a rate of its own.
    "of_miles_from_a_rural_place_the_first_17_have_their_own_rate_tenths_too": [
        claim("A0425:12.4 A0425:17.0 A0425:17.1 A0425:20.4", "186.00 255.00 256.00 289.00", **at("94120")),
        claim("A0425:20.4 A0435:20.4", "289.00 286.62", **at("94130")),
    ],
    "a_part_of_anything_but_a_mile_and_less_than_a_tenth_are_refused": [
        claim("A0429:1.5 DR100:1.5 V1000:1.5", "unreadable_value unreadable_value unreadable_value", **at("94110")),
        claim("A0425:12.45 A0425:0.01", "unreadable_value unreadable_value", **at("94110")),
    ],
    # At most 20 a day: 9.9 + 10.1 are 20, 9.9 + 10.2 are more.
    "tenths_of_a_mile_count_against_an_unlikely_number_of_units": [
        claim("A0436:20 A0429", "200.00 500.00", **at("94110")),
        claim("A0436:20.1", "mue", **at("94110")),
        claim("A0436:9.9 A0436:10.1", "99.00 101.00", **at("94110")),
        claim("A0436:9.9 A0436:10.2", "mue mue", **at("94110")),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def schedule_file(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("own") / "fee_schedule.duckdb"
    small_price.write_schedule(file)
    return file


@pytest.fixture(scope="module")
def found(schedule_file) -> dict[str, list[Claim]]:
    return as_priced(schedule_file, RULES)


@pytest.mark.parametrize("rule", RULES)
def test_own(rule, found):
    assert found[rule] == RULES[rule]


def told(schedule_file: Path, billed: str, **said) -> list[dict]:
    return priced(schedule_file, small_price.lines("1", billed, **said), with_trace=True)


def test_each_line_names_the_schedule_that_pays_it_and_its_figures(schedule_file):
    lines = told(schedule_file, "V1000 LB100 EQ100-RR-KJ:2 A0425:20.4 N2000 V9999", **at("94120"))
    assert [x["schedule"] for x in lines] == ["pfs", "clfs", "dmepos", "ambulance", "", ""]
    assert [x["patient_share_percent"] for x in lines[1:4]] == [0, 20, 20]
    item = [(step.rule, step.words, step.amount) for step in trace_of(lines[2])]
    assert item == [
        ("own_schedule", "EQ100 with RR is paid by the DMEPOS Fee Schedule", None),
        ("release", "DMEPOS25Q1, in force on 2025-02-01", None),
        ("fee_of_item", "80.00 for each month in CA not rural; the patient owes 20%", None),
        ("rental_month", "fourth month or later: x 0.7500", Decimal("60.00")),
        ("own_units", "2 x month", Decimal("120.00")),
    ]
    miles = [(step.rule, step.words, step.amount) for step in trace_of(lines[3])]
    assert miles[2:5] == [
        ("fee_of_ambulance", "10.00 for each mile in 01112-05 rural; the patient owes 20%", None),
        ("first_miles", "the first 17 at 15.00", None),
        ("own_units", "20.4 x mile", Decimal("289.00")),
    ]
    assert [x["units"] for x in lines] == [1, 1, 2, Decimal("20.4"), 1, 1]


def test_miles_that_are_no_tenths_are_refused_with_what_to_do_and_long_trips_are_noted(
    schedule_file,
):
    lines = told(
        schedule_file, "A0425:12.45 A0429:1.5 A0425:99.9 A0425:100 A0425:100.1", **at("94110")
    )
    assert [x["not_understood"] for x in lines[:2]] == [
        'units "12.450" (miles have one decimal: round up to the next tenth, and from 100 miles on to a whole one)',
        'units "1.500"',
    ]
    assert ["tenths_from_100_miles" in x["notes"] for x in lines[2:]] == [False, False, True]
    assert [str(x["allowed_amount"]) for x in lines[2:]] == ["899.10", "900.00", "900.00"]
    assert [x["rules"] for x in told(schedule_file, "A0425:0.4 A0425:1", **at("94110"))] == [
        "fee_of_ambulance, own_units",
        "fee_of_ambulance",
    ]


def test_in_a_former_area_whose_fees_are_missing_that_of_the_state_is_not_paid(tmp_path):
    file = tmp_path / "fee_schedule.duckdb"
    small_price.write_schedule(file)
    with duckdb.connect(file) as con:
        con.execute("DELETE FROM dme_cba_fee")
        con.execute("UPDATE dme_item SET has_rural = hcpcs_code = 'EQ100'")
    found = told(file, "EQ100-RR EQ200", **at("90001"))
    assert [x["reason"] or str(x["allowed_amount"]) for x in found] == ["no_fee_in_area", "30.00"]
    assert str(told(file, "EQ100-RR", **at("94110"))[0]["allowed_amount"]) == "80.00"


def test_a_frame_with_miles_in_floats_is_priced(schedule_file):
    lines = pl.DataFrame(small_price.lines("1", "A0425:20.4 A0425:12.4 A0425:12.45", **at("94120")))
    lines = lines.with_columns(pl.col("units").cast(pl.Float64))
    found = price(lines, schedule_file.parent)
    assert found["allowed_amount"].to_list() == [Decimal("289.00"), Decimal("186.00"), None]


@pytest.mark.slow
def test_notes_say_what_an_amount_leaves_out(schedule_file):
    def notes(billed: str, **said) -> str:
        return told(schedule_file, billed, **said)[0]["notes"]

    assert notes("LB100-90") == "modifier_without_effect (90)"
    assert notes("LB100", place_of_service="22") == "outpatient_test"
    assert notes("DR300") == "furnishing_fee_beside"
    assert notes("DR400") == "vaccine_dates_elsewhere"
    assert notes("DR100", ndc_code="00009-0009-09") == "ndc_not_listed"
    for modifier in ("QA", "QE", "QG", "QR", "BO"):
        assert f"modifier_not_applied ({modifier})" in notes(f"EQ100-RR-{modifier}", **at("94110"))
    assert "modifier_not_applied (QL)" in notes("A0429-QL", **at("94110"))
    assert notes("EQ100-RR-KE", **at("94110")) == "rental_month_unknown, modifier_without_fee"
    assert notes("A0429-RH", **at("94110")) == "modifier_without_effect (RH), ambulance_formula"
    dialysis = "modifier_without_effect (RJ), ambulance_formula, dialysis_trip"
    assert notes("A0428-RJ", **at("94110")) == notes("A0425-RJ", **at("94110")) == dialysis
    assert "dialysis_trip" not in notes("A0428-GX", **at("94110"))
    assert "dialysis_trip" not in notes("A0429-RJ", **at("94110"))


def test_a_modifier_whose_rule_is_not_applied_makes_the_amount_provisional(schedule_file):
    found = told(schedule_file, "LB100 LB100-QJ LB100-90")
    assert [x["is_provisional"] for x in found] == [False, True, False]


@pytest.mark.parametrize(
    ("column", "is_facility"),
    [("REV_CNTR", True), ("Revenue Code", True), ("CLM_FAC_TYPE_CD", True), ("type_of_bill", True), ("ms-drg", True),
     ("revenue_code_source_value", False), ("reviewed_code", False)],
)  # fmt: skip
def test_a_file_of_facility_claims_is_told_by_its_columns(column, is_facility):
    heads = [*REQUIRED, column]
    if is_facility:
        with pytest.raises(UsageError, match="claims of facilities"):
            check_heads(heads)
        check_heads([*heads, "revenue_code"])
    else:
        check_heads(heads)


def test_every_schedule_that_says_what_it_pays_lines_is_asked():
    assert set(OWN) == {one.name for one in SCHEDULES if one.price.exists()}
