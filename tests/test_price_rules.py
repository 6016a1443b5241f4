"""The rules of pricing, each as a claim of a few lines: what is billed, and what is allowed.

The codes are those of tests/small_price.py, where a fee is ten dollars per RVU: S1000 is surgery
of 1,000 dollars, S2000 of 600, S3000 of 400, S4000 of 300, S5000 of 200.
"""

import shutil
from datetime import date
from decimal import Decimal

import duckdb
import pytest
import small_price
from price_lines import ORDINARY, priced

from pipeline.price.trace import trace_of


@pytest.fixture(scope="module")
def schedule_file(tmp_path_factory: pytest.TempPathFactory):
    file = tmp_path_factory.mktemp("small_price") / "schedule.duckdb"
    small_price.write_schedule(file)
    return file


@pytest.fixture
def price(schedule_file):
    return lambda claim, **said: small_price.price(schedule_file, claim, **said)


# ---------------------------------------------------------------- setting, place, day


def test_the_place_of_service_decides_between_the_two_practice_expenses(price):
    assert price("V1000", place_of_service="11") == ["100.00"]
    assert price("V1000", place_of_service="21") == ["80.00"]
    assert price("V1000", place_of_service="98") == ["place_of_service_unknown"]


def test_the_release_in_force_on_the_day_decides(price):
    assert price("V1000", date_of_service=date(2025, 3, 31)) == ["100.00"]
    assert price("V1000", date_of_service=date(2025, 4, 1)) == ["release_missing"]
    assert price("V1000", date_of_service=None) == ["date_missing"]


@pytest.mark.parametrize(
    ("zip_code", "mac", "locality", "expected"),
    [
        ("94110", "", "", "100.00"),
        ("941101234", "", "", "100.00"),
        ("", "01112", "05", "100.00"),
        ("94110", "01112", "05", "100.00"),
        ("94110", "01112", "09", "locality_conflict"),
        ("94999", "", "", "zip4_needed"),
        ("949990001", "", "", "110.00"),
        ("949990002", "", "", "zip9_unknown"),
        ("94111", "", "", "zip_unknown"),
        ("9411", "", "", "zip_unknown"),
        ("", "", "", "locality_missing"),
        ("", "", "05", "locality_missing"),
        # A locality number means nothing without its MAC, so the ZIP code decides.
        ("94110", "", "09", "100.00"),
        ("94110", "01112", "", "locality_conflict"),
        ("94999", "01112", "", "locality_unknown"),
        ("", "01112", "99", "locality_unknown"),
    ],
)
def test_the_place_is_a_zip_code_or_mac_and_locality(price, zip_code, mac, locality, expected):
    where = {"service_zip_code": zip_code, "service_mac": mac, "service_locality_number": locality}
    assert price("V1000", **where) == [expected]


# ---------------------------------------------------------------- what has a price


def test_what_has_no_price_says_why(price):
    assert price("C1000 N1000 B1000 V9999") == [
        "carrier_priced",
        "not_payable",
        "bundled",
        "code_unknown",
    ]


def test_a_component_is_its_own_row_and_forbidden_where_there_is_none(price):
    assert price("I1000-26") == ["150.00"]
    assert price("I1000-TC") == ["250.00"]
    assert price("V1000-26 V1000-TC") == ["component_not_separate", "component_not_separate"]
    assert price("I1000-26-TC") == ["modifier_conflict"]


def test_a_stopped_procedure_has_a_row_53_or_is_considered_individually(price):
    assert price("D1000-53") == ["200.00"]
    assert price("S1000-53") == ["discontinued_procedure"]


def test_work_of_the_staff_is_not_paid_in_a_hospital(price):
    assert price("X5000", place_of_service="11") == ["20.00"]
    assert price("X5000", place_of_service="22") == ["incident_to_in_hospital"]


def test_status_t_is_paid_only_where_nothing_else_is(price):
    assert price("X1000") == ["20.00"]
    assert price("X1000 V1000") == ["paid_alone_only", "100.00"]
    assert price("X1000 N1000") == ["20.00", "not_payable"]


def test_the_opps_amount_is_a_cap_on_the_whole_and_on_the_technical_part(price):
    # 8 + 10 + 1 instead of 8 + 20 + 2, and 7 instead of 18; the professional part has no cap.
    assert price("I2000") == ["190.00"]
    assert price("I2000-TC") == ["70.00"]
    assert price("I2000-26") == ["120.00"]


# ---------------------------------------------------------------- parts of a global package


def test_54_55_and_56_are_shares_of_the_global_package(price):
    assert price("S1000-54") == ["800.00"]
    assert price("S1000-55") == ["200.00"]
    assert price("S1000-56") == ["100.00"]
    assert price("S1000-78") == ["700.00"]
    assert price("V1000-54") == ["split_not_defined"]


# ---------------------------------------------------------------- both sides


@pytest.mark.parametrize(
    ("code", "one_side", "both_sides"),
    [
        ("S1000", "1000.00", "1500.00"),  # indicator 1: 150 percent
        ("S3000", "400.00", "400.00"),  # 0: one fee
        ("S4000", "300.00", "300.00"),  # 2: the fee has both sides already
        ("S5000", "200.00", "400.00"),  # 3: each side in full
    ],
)
def test_both_sides_by_modifier_50_or_by_rt_and_lt_on_one_line(price, code, one_side, both_sides):
    assert price(code) == [one_side]
    assert price(f"{code}-RT") == [one_side]
    assert price(f"{code}-50") == [both_sides]
    assert price(f"{code}-RT-LT") == [both_sides]


def test_both_sides_on_two_lines_are_carried_by_the_right_one(price):
    assert price("S1000-LT S1000-RT") == ["0.00", "1500.00"]
    assert price("S3000-LT S3000-RT") == ["0.00", "400.00"]


def test_two_units_are_both_sides_where_the_indicator_says_so(price):
    assert price("S1000:2") == ["1500.00"]
    assert price("S4000:2") == ["300.00"]
    assert price("S1000-50:2") == ["bilateral_units"]


def test_the_charges_of_both_sides_count_together(price):
    assert price("S1000-LT S1000-RT", charge=Decimal("700.00")) == ["0.00", "1400.00"]
    assert price("S1000-LT S1000-RT", charge=Decimal("800.00")) == ["0.00", "1500.00"]


# ---------------------------------------------------------------- surgery of one day


def test_procedures_are_ranked_by_amount_and_the_further_ones_halved(price):
    assert price("S3000 S1000 S2000") == ["200.00", "1000.00", "300.00"]


def test_another_provider_or_day_or_visit_is_not_ranked(price):
    assert price("V1000 S1000 V1000") == ["100.00", "1000.00", "100.00"]


def test_the_sixth_procedure_is_by_report(price):
    assert price("S1000 S2000 S3000 S4000 S5000 E4000") == [
        "1000.00",
        "300.00",
        "200.00",
        "150.00",
        "sixth_procedure",
        "100.00",
    ]


def test_each_unit_is_a_procedure(price):
    assert price("S3000:3") == ["800.00"]
    assert price("S2000 S3000:2") == ["600.00", "400.00"]
    assert price("S3000:6") == ["sixth_procedure"]


def test_both_sides_come_before_the_ranking(price):
    # 600 x 1.5 = 900 is below 1,000; 1,000 x 1.5 is above.
    assert price("S1000 S2000-50") == ["1000.00", "450.00"]
    assert price("S3000 S2000-50") == ["200.00", "900.00"]


def test_a_pair_on_two_lines_is_ranked_as_one_procedure(price):
    assert price("S1000 S2000-RT S2000-LT") == ["1000.00", "450.00", "0.00"]


# ---------------------------------------------------------------- endoscopic families


def test_in_a_family_the_highest_is_full_and_the_others_what_exceeds_the_base(price):
    # E2000 500, E3000 400, base E1000 300.
    assert price("E2000 E3000") == ["500.00", "100.00"]


def test_the_base_is_contained_in_its_family(price):
    assert price("E1000") == ["300.00"]
    assert price("E1000 E3000") == ["0.00", "400.00"]
    assert price("E3000 E1000 E2000") == ["100.00", "0.00", "500.00"]


def test_families_come_before_the_ranking(price):
    # The family counts 500 + 100 = 600, so it is below 1,000 and above 400.
    assert price("S1000 E2000 E3000") == ["1000.00", "250.00", "50.00"]
    assert price("S3000 E2000 E3000") == ["200.00", "500.00", "100.00"]


def test_a_family_as_a_whole_outranks_what_none_of_its_members_does(price):
    # 500 + 100 = 600 ties with S2000, which is ranked after E1000 by its code.
    assert price("S2000 E2000 E3000") == ["300.00", "500.00", "100.00"]


def test_two_families_are_ranked_against_each_other(price):
    # 600 for the family of E1000; 300 for E5000 of the family of E4000.
    assert price("E5000 E2000 E3000 E4000") == ["150.00", "500.00", "100.00", "0.00"]


# ---------------------------------------------------------------- imaging, tests, therapy


def test_imaging_reduces_technical_and_professional_part_each_by_its_own_rank(price):
    # I1000: 150 + 250; I2000: 120 + 70 after its cap. 70 x 0.5 + 120 x 0.95.
    assert price("I1000 I2000") == ["400.00", "149.00"]


def test_the_cap_comes_before_the_reduction_of_imaging(price):
    assert price("I1000-TC I2000-TC") == ["250.00", "35.00"]


def test_professional_parts_alone_are_reduced_too(price):
    assert price("I2000-26 I1000-26") == ["114.00", "150.00"]


def test_another_session_is_not_reduced(price):
    assert price("I1000 I1000-59") == ["400.00", "400.00"]
    assert price("I1000 I1000-XE") == ["400.00", "400.00"]


def test_further_units_of_imaging_are_reduced(price):
    # 400 and once more 250 x 0.5 + 150 x 0.95.
    assert price("I1000:2") == ["667.50"]


def test_cardiovascular_tests_pay_three_quarters_of_the_second_technical_part(price):
    assert price("K1000 K2000") == ["80.00", "45.00"]


def test_a_whole_whose_technical_part_is_not_given_is_by_report(price):
    assert price("K3000") == ["80.00"]
    assert price("K1000 K3000") == ["80.00", "technical_part_unknown"]


def test_eye_tests_pay_four_fifths_of_the_second_technical_part(price):
    # 40 x 0.8 + 60; both sides of indicator 3 come first, and are then one test.
    assert price("Y1000 Y1000") == ["100.00", "92.00"]
    assert price("Y1000-50 Y1000") == ["200.00", "92.00"]


def test_therapy_halves_the_practice_expense_of_all_units_but_the_highest(price):
    # T2000 has the higher practice expense: 100, further units 70; T1000 80, further units 60.
    assert price("T1000:2 T2000") == ["120.00", "100.00"]
    assert price("T2000:3") == ["240.00"]


# ---------------------------------------------------------------- who did it


def test_an_assistant_is_paid_16_percent_where_one_may_be_paid(price):
    assert price("S1000-80") == ["160.00"]
    assert price("S1000-AS") == ["136.00"]
    assert price("S2000-80") == ["assistant_never_paid"]
    assert price("S3000-82") == ["64.00"]


def test_an_assistant_of_both_sides(price):
    assert price("S1000-50 S1000-50-80") == ["1500.00", "240.00"]


def test_who_assists_is_ranked_apart_from_who_operates(price):
    assert price("S1000 S3000 S3000-80 S1000-80") == ["1000.00", "200.00", "32.00", "160.00"]


def test_two_surgeons_and_a_team(price):
    assert price("S1000-62") == ["625.00"]
    assert price("S2000-62") == ["co_surgeon_not_permitted"]
    assert price("S1000-66") == ["team_by_report"]
    assert price("S2000-66") == ["team_not_permitted"]
    assert price("S1000-62-80") == ["modifier_conflict"]


def test_those_who_are_no_physicians_are_paid_85_percent(price):
    assert price("V1000", provider_kind="npp") == ["85.00"]
    assert price("V1000", provider_kind="other") == ["100.00"]


def test_those_who_do_not_participate_are_paid_95_percent_and_each_step_is_rounded(price):
    assert price("V1000", is_participating=False) == ["95.00"]
    # 136.00 x 0.95
    assert price("S1000-AS", is_participating=False) == ["129.20"]


def test_the_charge_is_the_upper_bound_of_the_whole_line(price):
    assert price("V1000:3", charge=Decimal("250.00")) == ["250.00"]
    assert price("V1000:3", charge=Decimal("350.00")) == ["300.00"]
    assert price("V1000", charge=Decimal("-1.00")) == ["charge_out_of_range"]


# ---------------------------------------------------------------- anesthesia


def test_anesthesia_is_base_and_time_units_and_half_of_it_under_direction(price):
    # (5 + 90 / 15) x 20; 50 minutes are 3.3 units.
    assert price("A1000-AA", anesthesia_minutes=90) == ["220.00"]
    assert price("A1000-QK", anesthesia_minutes=90) == ["110.00"]
    assert price("A1000-AA", anesthesia_minutes=50) == ["166.00"]
    assert price("A1000-AD") == ["60.00"]
    assert price("A1000-AA") == ["anesthesia_minutes_missing"]
    assert price("S1000-QK") == ["anesthesia_modifier_elsewhere"]


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize("units", [0, -1, 10_000, None])
def test_units_are_a_whole_number_from_1_to_9999(price, units):
    assert price("V1000", units=units) == ["units_out_of_range"]


def test_a_refused_line_stays_and_takes_part_in_nothing(price):
    assert price("S2000 S9999 S3000") == ["600.00", "code_unknown", "200.00"]


def test_the_first_fault_in_the_order_of_the_steps_is_named(price):
    assert price("N1000", place_of_service="98", units=0) == ["units_out_of_range"]
    assert price("N1000-26-TC", place_of_service="98") == ["place_of_service_unknown"]
    assert price("N1000-26-TC") == ["modifier_conflict"]


def test_base_units_of_another_year_are_used_and_the_year_is_named(schedule_file, tmp_path):
    earlier = tmp_path / "schedule.duckdb"
    shutil.copyfile(schedule_file, earlier)
    with duckdb.connect(str(earlier)) as con:
        con.execute("UPDATE anesthesia_base_unit SET calendar_year = 2022")
    said = {
        "date_of_service": date(2025, 2, 1),
        "service_mac": "01112",
        "service_locality_number": "05",
    }
    line = (
        ORDINARY | said | {"claim_line_number": 1, "hcpcs_code": "A1000", "anesthesia_minutes": 90}
    )
    [found] = priced(earlier, [line], with_trace=True)
    assert found["allowed_amount"] == Decimal("220.00")
    last = trace_of(line | found)[-1]
    assert (last.rule, last.words) == ("base_units_of_another_year", "base units of 2022")
    assert last.is_provisional
