"""The rules of pricing a line, each as claims of a few lines: what is billed, and what is allowed.

The codes are those of tests/helpers/small_price.py, where a fee is ten dollars per RVU: S1000 is surgery
of 1,000 dollars, S2000 of 600, S3000 of 400, S4000 of 300, S5000 of 200.
"""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.price.trace import trace_of
from tests.helpers import small_price
from tests.helpers.price_claims import Claim, as_priced, at, claim
from tests.helpers.price_lines import priced

pytestmark = pytest.mark.whole

RULES = {
    # setting, place, day
    "the_place_of_service_decides_between_the_two_practice_expenses": [
        claim("V1000", "100.00", place_of_service="11"),
        claim("V1000", "80.00", place_of_service="21"),
        claim("V1000", "place_of_service_unknown", place_of_service="98"),
        *(
            claim("V1000", allowed, place_of_service=place)
            for place, allowed in {
                "02": "80.00",
                "05": "100.00",
                "06": "80.00",
                "07": "100.00",
                "08": "80.00",
                "10": "100.00",
                "18": "100.00",
                "27": "100.00",
                "66": "100.00",
            }.items()
        ),
    ],
    "the_release_in_force_on_the_day_decides": [
        claim("V1000", "100.00", date_of_service=date(2025, 3, 31)),
        claim("V1000", "release_missing", date_of_service=date(2025, 4, 1)),
        claim("V1000", "date_missing", date_of_service=None),
    ],
    "the_place_is_a_zip_code_or_mac_and_locality": [
        at("94110", "", "", "100.00"),
        at("941101234", "", "", "100.00"),
        at("", "01112", "05", "100.00"),
        at("94110", "01112", "05", "100.00"),
        at("94110", "01112", "09", "locality_conflict"),
        at("94999", "", "", "zip4_needed"),
        at("949990001", "", "", "110.00"),
        at("949990002", "", "", "zip9_unknown"),
        at("94111", "", "", "zip_unknown"),
        at("9411", "", "", "zip_unknown"),
        at("", "", "", "locality_missing"),
        at("", "", "05", "locality_missing"),
        # A locality number means nothing without its MAC, so the ZIP code decides.
        at("94110", "", "09", "100.00"),
        at("94110", "01112", "", "locality_conflict"),
        at("94999", "01112", "", "locality_unknown"),
        at("", "01112", "99", "locality_unknown"),
    ],
    "a_modifier_that_is_none_is_never_taken_for_nothing": [
        claim("V1000-ZZ V1000-25-26TC", "modifier_unknown modifier_unknown"),
        # It takes no part in the day: the other surgery is the first.
        claim("S1000-ZZ S2000", "modifier_unknown 600.00"),
        claim("I1000-tc I1000-26.0", "250.00 150.00"),
    ],
    # what has a price
    "what_has_no_price_says_why": [
        claim("C1000 N1000 B1000 V9999", "carrier_priced not_covered bundled code_unknown"),
        # Status X and E, I and G, M and Q; D, F and H.
        claim("N2000 N3000", "other_benefit other_benefit"),
        claim("N4000 N5000", "use_another_code use_another_code"),
        claim("N6000 N7000", "reporting_only reporting_only"),
        claim("N8000 N9000 N9100", "not_valid not_valid not_valid"),
    ],
    "a_component_is_its_own_row_and_forbidden_where_there_is_none": [
        claim("I1000-26", "150.00"),
        claim("I1000-TC", "250.00"),
        claim("V1000-26 V1000-TC", "component_not_separate component_not_separate"),
        claim("I1000-26-TC", "modifier_conflict"),
    ],
    "a_stopped_procedure_has_a_row_53_or_is_considered_individually": [
        claim("D1000-53", "200.00"),
        claim("S1000-53", "discontinued_procedure"),
    ],
    "work_of_the_staff_is_not_paid_in_a_hospital": [
        claim("X5000", "20.00", place_of_service="11"),
        claim("X5000", "incident_to_in_hospital", place_of_service="22"),
    ],
    "of_a_hospitals_patient_the_professional_component_alone_is_paid": [
        claim("I1000-26", "150.00", place_of_service="22"),
        *(
            claim(
                "I1000-TC I1000 K1000 K3000",
                "technical_part_in_hospital whole_test_in_hospital technical_part_in_hospital global_test_in_hospital",
                place_of_service=place,
            )
            for place in ("19", "21", "22", "23", "51", "61")
        ),
        # An ambulatory surgical center is no hospital, and a code of one professional part is paid.
        claim("I1000-TC", "250.00", place_of_service="24"),
        claim("K5000 V1000", "40.00 80.00", place_of_service="21"),
    ],
    "a_therapist_in_independent_practice_is_not_paid_in_a_hospital": [
        claim("T1000", "80.00", provider_kind="other"),
        claim("T1000", "therapist_in_hospital", provider_kind="other", place_of_service="22"),
        claim("T1000", "80.00", provider_kind="physician", place_of_service="22"),
    ],
    "status_t_is_paid_only_where_nothing_else_is": [
        claim("X1000", "20.00"),
        claim("X1000 V1000", "paid_alone_only 100.00"),
        claim("X1000 N1000", "20.00 not_covered"),
        # What another fee schedule pays is no service under this one.
        claim("X1000 N2000 N3000", "20.00 other_benefit other_benefit"),
    ],
    "the_opps_amount_is_a_cap_on_the_whole_and_on_the_technical_part": [
        # 8 + 10 + 1 instead of 8 + 20 + 2, and 7 instead of 18; the professional part has no cap.
        claim("I2000", "190.00"),
        claim("I2000-TC", "70.00"),
        claim("I2000-26", "120.00"),
        # Those who qualify have OPPS values of their own: 6 instead of 7, 8 + 9 + 1 on the whole.
        claim("I2000-TC", "60.00", is_apm_qualified=True),
        claim("I2000", "180.00", is_apm_qualified=True),
    ],
    # parts of a global package
    "54_and_55_are_shares_of_the_global_package": [
        claim("S1000-54", "800.00"),
        claim("S1000-55", "200.00"),
        claim("V1000-54", "split_not_defined"),
    ],
    "56_is_paid_with_54": [
        claim("S1000-56", "preoperative_part_in_surgery"),
        claim("V1000-56", "preoperative_part_in_surgery"),
    ],
    "units_of_55_are_days_of_the_global_period": [
        claim("S1000-55:30", "66.67"),
        claim("S1000-55:45", "100.00"),
        claim("S1000-55:90", "200.00"),
        claim("S1000-55:91", "postoperative_days_out_of_range"),
        # Of 10,000 dollars.
        claim("S8000-55:89", "1977.78"),
        claim("S8000-55-50:90", "3000.00"),
        # Two days, and not two sides.
        claim("S1000-55:2", "4.44"),
        # Care after both sides, 150 percent, by modifier and by pair.
        claim("S1000-55-50:45", "150.00"),
        claim("S1000-55-RT:45 S1000-55-LT:45", "150.00 0.00"),
        claim("S1000-55-RT:45 S1000-55-LT:9", "100.00 10.00"),
    ],
    "a_return_to_the_operating_room_is_paid_for_its_own_share_and_not_ranked": [
        claim("S1000-78", "700.00"),
        claim("S1000-78 S3000-78", "700.00 400.00"),
        claim("S2000 S1000-78 S3000", "600.00 700.00 200.00"),
    ],
    # who did it
    "an_assistant_is_paid_16_percent_where_one_may_be_paid": [
        claim("S1000-80", "160.00"),
        claim("S1000-AS", "136.00"),
        claim("S2000-80", "assistant_never_paid"),
        claim("S3000-82", "64.00"),
    ],
    "an_assistant_of_both_sides": [
        claim("S1000-50 S1000-50-80", "1500.00 240.00"),
    ],
    "who_assists_is_ranked_apart_from_who_operates": [
        claim("S1000 S3000 S3000-80 S1000-80", "1000.00 200.00 32.00 160.00"),
    ],
    "two_surgeons_and_a_team": [
        claim("S1000-62", "625.00"),
        claim("S2000-62", "co_surgeon_not_permitted"),
        claim("S1000-66", "team_by_report"),
        claim("S2000-66", "team_not_permitted"),
        claim("S1000-62-80", "modifier_conflict"),
    ],
    "those_who_do_not_participate_are_paid_95_percent_and_each_step_is_rounded": [
        claim("V1000", "95.00", is_participating=False),
        # 136.00 x 0.95
        claim("S1000-AS", "129.20", is_participating=False),
    ],
    "the_charge_is_the_upper_bound_of_the_whole_line": [
        claim("V1000:3", "250.00", charge=Decimal("250.00")),
        claim("V1000:3", "300.00", charge=Decimal("350.00")),
        claim("V1000", "charge_out_of_range", charge=Decimal("-1.00")),
    ],
    # anesthesia
    "anesthesia_is_base_and_time_units_and_half_of_it_under_direction": [
        # (5 + 90 / 15) x 20; 50 minutes are 3.3 units.
        claim("A1000-AA", "220.00", anesthesia_minutes=90),
        # Those who qualify have a factor of their own: 11 x 20.10.
        claim("A1000-AA", "221.10", anesthesia_minutes=90, is_apm_qualified=True),
        claim("A1000-QK", "110.00", anesthesia_minutes=90),
        claim("A1000-AA", "166.00", anesthesia_minutes=50),
        claim("A1000-AD", "60.00"),
        claim("A1000-AA", "anesthesia_minutes_missing"),
        claim("S1000-QK", "anesthesia_modifier_elsewhere"),
    ],
    "some_anesthesia_is_base_units_alone_whatever_the_minutes": [
        claim("A2000-AA", "60.00"),
        claim("A2000-AA", "60.00", anesthesia_minutes=90),
        claim("A2000-QK", "30.00", anesthesia_minutes=90),
    ],
    # what cannot be
    "units_are_a_whole_number_from_1_to_9999": [
        claim("V1000", "units_out_of_range", units=0),
        claim("V1000", "units_out_of_range", units=-1),
        claim("V1000", "units_out_of_range", units=10_000),
        claim("V1000", "units_out_of_range", units=None),
    ],
    "a_refused_line_stays_and_takes_part_in_nothing": [
        claim("S2000 S9999 S3000", "600.00 code_unknown 200.00"),
    ],
    "the_first_fault_in_the_order_of_the_steps_is_named": [
        claim("N1000", "units_out_of_range", place_of_service="98", units=0),
        claim("N1000-26-TC", "place_of_service_unknown", place_of_service="98"),
        claim("N1000-26-TC", "modifier_conflict"),
    ],
}


@pytest.fixture(scope="module")
def found(schedule_file: Path) -> dict[str, list[Claim]]:
    return as_priced(schedule_file, RULES)


@pytest.mark.parametrize("rule", RULES)
def test_rule(found: dict[str, list[Claim]], rule: str):
    assert found[rule] == RULES[rule]


def test_what_follows_from_the_status_is_the_price_status_of_the_line(schedule_file):
    """The word for a denial is that of a line that is denied, whatever its code is worth."""
    lines = small_price.lines("1", "N2000 N4000 N6000 N1000 N8000 N2000-TC")
    assert [line["price_status"] for line in priced(schedule_file, lines)] == [
        "other_benefit", "use_another_code", "reporting_only", "not_covered", "not_valid", "not_payable",
    ]  # fmt: skip


def test_a_price_status_of_another_version_is_never_taken_for_a_price(schedule_file, tmp_path):
    """Contract 2 had other words; the warehouse may be older than the program that prices."""
    older = tmp_path / "schedule.duckdb"
    shutil.copyfile(schedule_file, older)
    with duckdb.connect(str(older)) as con:
        con.execute(
            "UPDATE payment_national SET price_status = 'not_payable' WHERE hcpcs_code = 'N1000'"
        )
    [line] = priced(older, small_price.lines("1", "N1000"))
    assert (line["allowed_amount"], line["price_status"], line["reason"]) == (
        None, "refused", "price_status_unknown",
    )  # fmt: skip


TRACES = {
    "I1000 I2000": ["imaging 204.00", "opps_cap 184.00"],
    "I1000-TC I2000-TC": ["imaging 90.00", "opps_cap 70.00"],
    "S1000 S7000": ["multiple_surgery 250.00"],
    "I1000 I2000-TC:2": ["imaging 90.00", "opps_cap 70.00", "units 140.00"],
    "I2000-TC": ["opps_cap 70.00"],
    "S1000-55:30": ["global_split 200.00", "postoperative_days 66.67"],
    "K1000 K4000": ["cardiovascular 70.00"],
}


def test_a_trace_shows_the_reductions_then_the_cap_and_ends_at_the_amount(schedule_file: Path):
    lines = [line for billed in TRACES for line in small_price.lines(billed, billed)]
    last = {}
    for line, found in zip(lines, priced(schedule_file, lines, with_trace=True), strict=True):
        steps = [step for step in trace_of(line | found) if step.amount is not None]
        assert steps[-1].amount == found["allowed_amount"]
        last[line["claim_id"]] = [f"{step.rule} {step.amount}" for step in steps[1:]]
    assert last == TRACES


FACTS = ("setting", "release", "locality")
PROVISIONAL = {
    "Y1000-50": ["fee", "bilateral", "bilateral_test"],
    "A2000-AA": ["anesthesia_fee", "anesthesia_without_time"],
}


def test_a_trace_names_what_makes_an_amount_provisional(schedule_file: Path):
    lines = [line for billed in PROVISIONAL for line in small_price.lines(billed, billed)]
    found = priced(schedule_file, lines, with_trace=True)
    told = {
        line["claim_id"]: [step.rule for step in trace_of(line | priced_as)]
        for line, priced_as in zip(lines, found, strict=True)
    }
    deciding = {name: [x for x in rules if x not in FACTS] for name, rules in told.items()}
    assert deciding == PROVISIONAL
    assert [line["is_provisional"] for line in found] == [True, True]
