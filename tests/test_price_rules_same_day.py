"""The rules for lines of one day: both sides, ranks, families, imaging, tests, therapy.

The codes are those of tests/helpers/small_price.py, where a fee is ten dollars per RVU: S1000 is surgery
of 1,000 dollars, S2000 of 600, S3000 of 400, S4000 of 300, S5000 of 200.
"""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.helpers import small_price
from tests.helpers.price_claims import Claim, as_priced, claim
from tests.helpers.price_lines import priced

pytestmark = pytest.mark.whole

RULES = {
    # both sides
    "both_sides_by_modifier_50_or_by_rt_and_lt_on_one_line": [
        # indicator 1: 150 percent
        claim("S1000", "1000.00"),
        claim("S1000-RT", "1000.00"),
        claim("S1000-50", "1500.00"),
        claim("S1000-RT-LT", "1500.00"),
        # 0: one fee
        claim("S3000", "400.00"),
        claim("S3000-RT", "400.00"),
        claim("S3000-50", "400.00"),
        claim("S3000-RT-LT", "400.00"),
        # 2: the fee has both sides already
        claim("S4000", "300.00"),
        claim("S4000-RT", "300.00"),
        claim("S4000-50", "300.00"),
        claim("S4000-RT-LT", "300.00"),
        # 3: each side in full
        claim("S5000", "200.00"),
        claim("S5000-RT", "200.00"),
        claim("S5000-50", "400.00"),
        claim("S5000-RT-LT", "400.00"),
    ],
    "both_sides_on_two_lines_are_carried_by_the_right_one": [
        claim("S1000-LT S1000-RT", "0.00 1500.00"),
        claim("S3000-LT S3000-RT", "0.00 400.00"),
    ],
    "both_sides_of_a_code_without_sides_are_by_report": [
        claim("S6000", "300.00"),
        claim("S6000-RT", "300.00"),
        claim("S6000-50", "bilateral_not_defined"),
        claim("S6000-RT-LT", "bilateral_not_defined"),
    ],
    "two_units_are_both_sides_where_the_indicator_says_so": [
        claim("S1000:2", "1500.00"),
        claim("S4000:2", "300.00"),
        claim("S1000-50:2", "bilateral_units"),
    ],
    "two_sides_that_are_not_paid_alike_are_by_report": [
        claim("S1000-RT-62 S1000-LT-62", "937.50 0.00"),
        claim("S1000-RT S1000-LT-62", "sides_differ sides_differ"),
        claim("S1000-RT-62 S1000-LT", "sides_differ sides_differ"),
        claim("S1000-RT-22 S1000-LT", "sides_differ sides_differ"),
        claim("S1000-RT S1000-LT-52", "sides_differ sides_differ", charge=Decimal("2000.00")),
        claim("S1000-RT-52 S1000-LT-52", "1400.00 0.00", charge=Decimal("700.00")),
        # Each side of indicator 3 is a service of its own, and so is a side alone.
        claim("S5000-RT-22 S5000-LT", "increased_service 200.00"),
        claim("S1000-RT-22 S2000-LT", "increased_service 300.00"),
        # It keeps its place among the procedures of the day.
        claim("S2000 S1000-RT S1000-LT-22", "300.00 sides_differ sides_differ"),
    ],
    "the_charges_of_both_sides_count_together": [
        claim("S1000-LT S1000-RT", "0.00 1400.00", charge=Decimal("700.00")),
        claim("S1000-LT S1000-RT", "0.00 1500.00", charge=Decimal("800.00")),
    ],
    # who bills
    "a_group_practice_is_one_where_it_is_named": [
        claim("S1000@A S2000@B", "1000.00 600.00"),
        claim("S1000@A S2000@B", "1000.00 300.00", billing_provider_id="G"),
        # of whatever specialty, and where nobody is named beside the group
        claim("S1000@A/02 S2000@B/65", "1000.00 300.00", billing_provider_id="G"),
        claim("S1000 S2000", "1000.00 300.00", billing_provider_id="G", provider_id=""),
        claim("S1000-LT@A S1000-RT@B", "0.00 1500.00", billing_provider_id="G"),
        claim("I1000-TC@A I1000-TC@B", "250.00 125.00", billing_provider_id="G"),
        # Two who operate together are two, each with a ranking of his own.
        claim("S1000-62@A S1000-62@B", "625.00 625.00", billing_provider_id="G"),
    ],
    "therapy_of_a_group_practice_is_of_one_specialty": [
        claim("T1000@A/65 T2000@B/65", "60.00 100.00", billing_provider_id="G"),
        claim("T1000@A/65 T2000@B/67", "80.00 100.00", billing_provider_id="G"),
    ],
    "status_t_is_paid_alone_with_its_provider_and_not_with_the_group": [
        claim("X1000@A V1000@B", "20.00 100.00", billing_provider_id="G"),
        claim("X1000@A V1000@A", "paid_alone_only 100.00", billing_provider_id="G"),
    ],
    # surgery of one day
    "procedures_are_ranked_by_amount_and_the_further_ones_halved": [
        claim("S3000 S1000 S2000", "200.00 1000.00 300.00"),
    ],
    "what_has_another_rule_or_none_is_not_ranked": [
        claim("V1000 S1000 V1000", "100.00 1000.00 100.00"),
        claim("T1000 S1000 K1000 I1000 Y1000", "80.00 1000.00 80.00 400.00 100.00"),
    ],
    "one_patient_provider_and_day_are_looked_at_together_whatever_the_claim": [
        claim("S1000", "1000.00", patient_id="P1", provider_id="N1"),
        claim("S2000", "300.00", patient_id="P1", provider_id="N1"),
        claim("S2000", "600.00", patient_id="P1", provider_id="N2"),
        claim("S2000", "600.00", patient_id="P2", provider_id="N1"),
        claim(
            "S2000", "600.00", patient_id="P1", provider_id="N1", date_of_service=date(2025, 2, 2)
        ),
        # Where patient or provider is not named, the claim stands for both.
        claim("S2000 S3000", "600.00 200.00", patient_id="P1", provider_id=""),
        claim("S2000 S3000", "600.00 200.00", patient_id="", provider_id="N1"),
    ],
    "the_sixth_procedure_is_by_report": [
        claim(
            "S1000 S2000 S3000 S4000 S5000 E4000",
            "1000.00 300.00 200.00 150.00 sixth_procedure 100.00",
        ),
    ],
    "each_unit_is_a_procedure": [
        claim("S3000:3", "800.00"),
        claim("S2000 S3000:2", "600.00 400.00"),
        claim("S3000:6", "sixth_procedure"),
    ],
    "both_sides_come_before_the_ranking": [
        # 600 x 1.5 = 900 is below 1,000; 1,000 x 1.5 is above.
        claim("S1000 S2000-50", "1000.00 450.00"),
        claim("S3000 S2000-50", "200.00 900.00"),
    ],
    "a_pair_on_two_lines_is_ranked_as_one_procedure": [
        claim("S1000 S2000-RT S2000-LT", "1000.00 450.00 0.00"),
    ],
    # endoscopic families
    "in_a_family_the_highest_is_full_and_the_others_what_exceeds_the_base": [
        # E2000 500, E3000 400, base E1000 300.
        claim("E2000 E3000", "500.00 100.00"),
    ],
    "the_base_is_contained_in_its_family": [
        claim("E1000", "300.00"),
        claim("E1000 E3000", "0.00 400.00"),
        claim("E3000 E1000 E2000", "100.00 0.00 500.00"),
        # A base of 3,000 dollars.
        claim("E7000 E6000", "5000.00 0.00"),
    ],
    "families_come_before_the_ranking": [
        # The family counts 500 + 100 = 600, so it is below 1,000 and above 400.
        claim("S1000 E2000 E3000", "1000.00 250.00 50.00"),
        claim("S3000 E2000 E3000", "200.00 500.00 100.00"),
    ],
    "a_family_as_a_whole_outranks_what_none_of_its_members_does": [
        # 500 + 100 = 600 ties with S2000, which is ranked after E1000 by its code.
        claim("S2000 E2000 E3000", "300.00 500.00 100.00"),
    ],
    "two_families_are_ranked_against_each_other": [
        # 600 for the family of E1000; 300 for E5000 of the family of E4000.
        claim("E5000 E2000 E3000 E4000", "150.00 500.00 100.00 0.00"),
    ],
    # imaging, tests, therapy
    "imaging_reduces_technical_and_professional_part_each_by_its_own_rank": [
        # I1000: 150 + 250; I3000: 140 + 280, capped at 200. 250 x 0.5 + 150, and 200 + 140 x 0.95.
        claim("I1000 I3000", "275.00 333.00"),
    ],
    "the_reduction_of_imaging_comes_before_the_cap": [
        # 180 x 0.5 = 90, at most 70; with the professional part 120 x 0.95.
        claim("I1000-TC I2000-TC", "250.00 70.00"),
        claim("I1000 I2000", "400.00 184.00"),
        # 180 and 90, each at most 70; 120 and 114.
        claim("I2000:2", "374.00"),
    ],
    "services_are_ranked_by_the_fee_and_not_by_what_the_cap_leaves": [
        # The fee 280, capped at 200, ranks before 250; and 500, capped at 310, before 400.
        claim("I1000-TC I3000-TC", "125.00 200.00"),
        claim("S3000 S7000", "200.00 310.00"),
        claim("S1000 S7000", "1000.00 250.00"),
    ],
    "professional_parts_alone_are_reduced_too": [
        claim("I2000-26 I1000-26", "114.00 150.00"),
    ],
    "another_session_is_not_reduced": [
        claim("I1000 I1000-59", "400.00 400.00"),
        claim("I1000 I1000-XE", "400.00 400.00"),
    ],
    "further_units_of_imaging_are_reduced": [
        # 400 and once more 250 x 0.5 + 150 x 0.95.
        claim("I1000:2", "667.50"),
    ],
    "cardiovascular_tests_pay_three_quarters_of_the_second_technical_part": [
        claim("K1000 K2000", "80.00 45.00"),
    ],
    "a_whole_whose_technical_part_is_not_given_is_by_report": [
        claim("K3000", "80.00"),
        claim("K1000 K3000", "80.00 technical_part_unknown"),
    ],
    "a_whole_is_the_sum_of_its_parts_where_these_have_codes_of_their_own": [
        # K4000: 40 (K5000) + 40 (K6000 and K7000). 40 x 0.75 + 40.
        claim("K1000 K4000", "80.00 70.00"),
        claim("K4000:2", "150.00"),
        claim("K4000", "80.00"),
    ],
    "eye_tests_pay_four_fifths_of_the_second_technical_part": [
        # 40 x 0.8 + 60; both sides of indicator 3 come first, and are then one test.
        claim("Y1000 Y1000", "100.00 92.00"),
        claim("Y1000-50 Y1000", "200.00 92.00"),
    ],
    "of_equal_amounts_the_line_of_which_more_is_paid_ranks_first": [
        # 80 and 60, of which an assistant is paid 88 percent, whichever is billed first.
        claim("T1000-GP T1000-GP-CQ", "80.00 52.80"),
        claim("T1000-GP-CQ T1000-GP", "52.80 80.00"),
        claim("S3000-22 S3000", "increased_service 400.00"),
        claim("S1000 S1000-62", "1000.00 312.50"),
        claim("S1000-62 S1000", "312.50 1000.00"),
        claim("S3000 S3000 S3000:3", "200.00 200.00 800.00"),
    ],
    "therapy_halves_the_practice_expense_of_all_units_but_the_highest": [
        # T2000 has the higher practice expense: 100, further units 70; T1000 80, further units 60.
        claim("T1000:2 T2000", "120.00 100.00"),
        claim("T2000:3", "240.00"),
    ],
}


@pytest.fixture(scope="module")
def found(schedule_file: Path) -> dict[str, list[Claim]]:
    return as_priced(schedule_file, RULES)


@pytest.mark.parametrize("rule", RULES)
def test_rule(found: dict[str, list[Claim]], rule: str):
    assert found[rule] == RULES[rule]


CHARGES = [
    # One side of 1,000 dollars, and the other one: together 1,500.
    ("S1000-RT S1000-LT", (60, None), "1500.00 0.00"),
    ("S1000-RT S1000-LT", (None, 60), "1500.00 0.00"),
    ("S1000-RT S1000-LT", (60, 70), "130.00 0.00"),
    # Less was done on both sides, and how much less is not known of one.
    ("S1000-RT-52 S1000-LT-52", (60, None), "reduced_service reduced_service"),
    # 5 base units, 4 units for the two halves of an hour, at 20 dollars.
    ("A1000-AA A3000-AA", (60, None), "180.00 0.00"),
    ("A1000-AA A3000-AA", (None, 60), "180.00 0.00"),
    ("A1000-AA A3000-AA", (60, 70), "130.00 0.00"),
    # Of two that are worth the same the one with the lower charge is reduced.
    ("S3000 S3000", (90, None), "90.00 400.00"),
    ("S3000 S3000", (None, 90), "400.00 90.00"),
]


def test_a_charge_of_which_a_part_is_unknown_limits_nothing(schedule_file: Path):
    lines = [
        line | {"charge": Decimal(charge) if charge else None}
        for number, (billed, charges, _) in enumerate(CHARGES)
        for line, charge in zip(
            small_price.lines(f"{number}", billed, anesthesia_minutes=30), charges, strict=True
        )
    ]
    found = [small_price.allowed(line) for line in priced(schedule_file, lines)]
    assert " ".join(found) == " ".join(said for *_, said in CHARGES)


def test_a_test_of_which_nothing_is_reduced_is_the_whole_and_not_the_sum_of_its_parts(
    schedule_file: Path, tmp_path: Path
):
    """At a factor of 10.0018 K4000 is 80.01, and its parts are 40.01, 30.01 and 10.00."""
    finer = tmp_path / "schedule.duckdb"
    shutil.copyfile(schedule_file, finer)
    with duckdb.connect(str(finer)) as con:
        con.execute("UPDATE payment_national SET conversion_factor = 10.0018")
        # A reading of the day that has no technical part.
        con.execute("UPDATE rvu SET multiple_procedure_indicator = '6' WHERE hcpcs_code = 'K5000'")
    rules = {
        "finer": [
            claim("K4000", "80.01"),
            claim("K5000 K4000", "40.01 80.01"),
            # 40.01 and three quarters of 40.01.
            claim("K1000 K4000", "80.01 70.02"),
        ]
    }
    assert as_priced(finer, rules) == rules


def test_a_claim_alone_is_priced_as_among_others(
    schedule_file: Path, found: dict[str, list[Claim]]
):
    one = found["families_come_before_the_ranking"][0]
    lines = small_price.lines("alone", one.billed, **one.said)
    assert " ".join(map(small_price.allowed, priced(schedule_file, lines))) == one.allowed
