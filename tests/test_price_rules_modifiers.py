"""Rules of pricing that a modifier, the kind of provider or the place decides, as claims of a few lines.

The codes are those of tests/helpers/small_price.py, where a fee is ten dollars per RVU; I1000 is imaging of
150 dollars for the professional and 250 for the technical part.
"""

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.schedules.pfs.price import curated, rules
from tests.helpers import small_price
from tests.helpers.price_claims import Claim, as_priced, claim
from tests.helpers.price_lines import priced

pytestmark = pytest.mark.whole

RULES = {
    "each_kind_of_provider_is_paid_its_share": [
        *(
            claim("V1000", allowed, provider_kind=kind)
            for kind, allowed in {
                "npp": "85.00",
                "dietitian": "85.00",
                "csw": "75.00",
                "mft": "75.00",
                "mhc": "75.00",
                "midwife": "100.00",
                "other": "100.00",
                "Clinical Social Worker": "75.00",
                "nurse_practitioner": "85.00",
                "certified nurse-midwife": "100.00",
                "social": "provider_kind_unknown",
            }.items()
        ),
        # The share is taken before the charge is looked at, and that of one who does not participate.
        claim("V1000", "74.00", provider_kind="csw", charge=Decimal("74.00")),
        claim("V1000", "71.25", provider_kind="csw", is_participating=False),
        # A modifier says it for a line that names no other kind.
        claim("V1000-AJ V1000-AE", "75.00 85.00"),
        claim("V1000-AJ", "85.00", provider_kind="npp"),
        # An assistant at surgery has the share of an assistant who is no physician.
        claim("S1000-AS", "136.00", provider_kind="npp"),
    ],
    "a_therapy_assistant_makes_88_percent_of_what_is_allowed": [
        claim("T1000-CQ T1000-CO", "70.40 52.80"),
        claim("V1000-CQ-GP V1000-CO", "88.00 100.00"),
        # After the charge: Medicare pays less of whatever it allows.
        claim("T1000-CQ", "44.00", charge=Decimal("50.00")),
        claim("T1000-CQ-GP", "66.88", is_participating=False),
    ],
    "poor_equipment_reduces_the_technical_part": [
        # 150 + 250 x 0.8; 0.9 for computed radiography from 2023; both one after the other.
        claim("I1000-FX", "350.00"),
        claim("I1000-FY", "375.00"),
        claim("I1000-FX-FY", "330.00"),
        claim("I1000-TC-FX", "200.00"),
        claim("I1000-26-FX V1000-FX", "150.00 100.00"),
        # The lower of fee and OPPS amount is reduced: 120 + 70 x 0.8, and 70 x 0.8.
        claim("I2000-FX", "176.00"),
        claim("I2000-TC-FX", "56.00"),
        # Before the reduction of the second: 250 x 0.8 comes after 250, and counts half.
        claim("I1000-TC I1000-TC-FX", "250.00 100.00"),
        # Of computed tomography alone.
        claim("71250-CT", "362.50"),
        claim("71250-TC-CT", "212.50"),
        claim("I1000-CT", "400.00"),
        claim("71250-CT-FX", "modifier_conflict"),
    ],
    "a_denial_that_the_provider_expects_is_one": [
        claim("V1000-GZ V1000-GY V1000-GA", "denial_expected excluded_by_statute 100.00"),
        claim("S1000-PA S1000-PB S1000-PC", "wrong_surgery wrong_surgery wrong_surgery"),
        # It takes no part in the day.
        claim("S1000-GZ S2000", "denial_expected 600.00"),
        claim("V9999-GZ", "code_unknown"),
    ],
    "several_anesthesia_procedures_of_a_session_have_the_highest_base_units_and_all_time": [
        # (5 + 90 / 15 + 90 / 15) x 20 on the line of the highest base units.
        claim("A3000-AA A1000-AA", "0.00 340.00", anesthesia_minutes=90),
        # 50 and 50 minutes are 6.7 units, not twice 3.3.
        claim("A1000-AA A3000-AA", "234.00 0.00", anesthesia_minutes=50),
        # Who directs and who is directed have each a session of their own.
        claim("A1000-QK A1000-QX A3000-QK", "170.00 110.00 0.00", anesthesia_minutes=90),
        # Another session, supervision of many, base units alone, and what is added to another.
        claim("A1000-AA A3000-AA-59", "220.00 200.00", anesthesia_minutes=90),
        claim("A1000-AD A3000-AD", "60.00 60.00"),
        claim("A1000-AA A2000-AA", "220.00 60.00", anesthesia_minutes=90),
        claim("A1000-AA 01968-AA", "220.00 160.00", anesthesia_minutes=90),
        # The charges of all count together.
        claim("A1000-AA A3000-AA", "300.00 0.00", anesthesia_minutes=90, charge=Decimal("150.00")),
    ],
    "a_further_part_of_a_burn_has_its_base_units_for_each_unit": [
        claim("A1000-AA 01953-AA:3", "220.00 60.00", anesthesia_minutes=90),
        claim("A1000-AA:2", "anesthesia_units", anesthesia_minutes=90),
    ],
    "more_and_less_work_is_by_report_and_keeps_its_place": [
        claim("S1000-22 S2000", "increased_service 300.00"),
        claim("S1000-52 S2000", "reduced_service 300.00"),
        claim("S1000-52", "750.00", charge=Decimal("750.00")),
        claim("S1000-52", "1000.00", charge=Decimal("1300.00")),
    ],
}


@pytest.fixture(scope="module")
def found(schedule_file: Path) -> dict[str, list[Claim]]:
    return as_priced(schedule_file, RULES)


@pytest.mark.parametrize("rule", RULES)
def test_rule(found: dict[str, list[Claim]], rule: str):
    assert found[rule] == RULES[rule]


NOTES = {
    "V1000-25": "",
    "V1000-KX-GA-73": "modifier_not_applied (73), modifier_without_effect (KX GA)",
    "V1000-FX": "modifier_not_for_service (FX)",
    "I1000-26-FY": "modifier_not_for_service (FY)",
    "I1000-CT": "modifier_not_for_service (CT)",
    "V1000-CQ": "modifier_not_for_service (CQ)",
    "T1000-CQ-GP": "",
    "A2000": "anesthesia_role_missing",
    "V1000-kx": "modifier_without_effect (KX)",
}


def test_what_changes_nothing_or_is_not_settled_is_noted_on_its_line(schedule_file: Path):
    lines = [line for billed in NOTES for line in small_price.lines(billed, billed)]
    # And so are a reduced service and a place that is not settled.
    said = {"charge": Decimal("750.00"), "place_of_service": "07"}
    lines += small_price.lines("reduced", "S1000-52", **said)
    found = {line["claim_id"]: line["notes"] for line in priced(schedule_file, lines)}
    assert found == NOTES | {"reduced": "reduced_charge, place_not_settled"}


FACTORS = [
    ("CT", "2015-12-31", "1"), ("CT", "2016-01-01", "0.95"), ("CT", "2017-01-01", "0.85"),
    ("FX", "2016-12-31", "1"), ("FX", "2017-01-01", "0.8"),
    ("FY", "2017-12-31", "1"), ("FY", "2018-01-01", "0.93"), ("FY", "2022-12-31", "0.93"), ("FY", "2023-01-01", "0.9"),
    ("FX FY", "2017-06-01", "0.8"), ("FX FY", "2019-06-01", "0.744"),
]  # fmt: skip
SHARES = [
    ("midwife", "", "2010-12-31", "0.65", "1"), ("midwife", "", "2011-01-01", "1", "1"),
    ("physician", "CQ", "2021-12-31", "1", "1"), ("physician", "CO", "2022-01-01", "1", "0.88"),
]  # fmt: skip


def test_a_factor_counts_from_its_own_day():
    with duckdb.connect() as con:
        for equipment, day, factor in FACTORS:
            line = (
                f"select '{equipment}' as equipment, true as is_ct, date '{day}' as date_of_service"
            )
            assert con.sql(f"select {curated.equipment_factor()} from ({line})").fetchall() == [
                (Decimal(factor),)
            ]
        of_lines = curated.of_lines()
        for kind, assistant, day, *factors in SHARES:
            line = f"select '{kind}' as provider_kind, '' as named_provider_kind, '{assistant}' as therapy_assistant, date '{day}' as date_of_service"
            asked = f"{of_lines['provider_factor']}, {of_lines['assistant_factor']}"
            assert con.sql(f"select {asked} from ({line})").fetchall() == [
                tuple(map(Decimal, factors))
            ]


def test_the_kinds_of_providers_that_rules_name_are_those_of_the_table():
    """The conditions of two gates are written out; the table has the kinds and their first days."""
    kinds = curated.rows("provider_kind")
    condition = {row["rule"]: row["condition"] for row in rules.rules()}
    assert {f"'{row['provider_kind']}'" for row in kinds} == set(
        re.findall("'[a-z]+'", condition["provider_kind_unknown"])
    )
    late = {
        row["provider_kind"]: row["effective_from"]
        for row in kinds
        if row["effective_from"] > "2000"
    }
    late.pop("midwife")
    named = condition["provider_not_recognized"].split(" or ")
    assert late == {
        kind: re.findall(r"\d{4}-\d\d-\d\d", part)[0]
        for part in named
        for kind in re.findall("'([a-z]+)'", part)
    }


def test_a_place_of_service_is_none_before_its_first_day(schedule_file: Path, tmp_path: Path):
    """Place 10 is none in 2021, a facility in 2023 and an office from 2024: 8, 8 and 10 RVUs times the factor."""
    other = tmp_path / "schedule.duckdb"
    shutil.copyfile(schedule_file, other)
    with duckdb.connect(str(other)) as con:
        con.execute("UPDATE release SET effective_from = DATE '2020-01-01'")
    days = {"2021-12-31": "place_of_service_unknown", "2022-01-01": "276.85", "2023-12-31": "271.10", "2024-01-01": "327.44"}  # fmt: skip
    lines = [
        line
        for day in days
        for line in small_price.lines(
            day, "V1000", date_of_service=date.fromisoformat(day), place_of_service="10"
        )
    ]
    lines += small_price.lines(
        "mft", "V1000", date_of_service=date(2023, 12, 31), provider_kind="mft"
    )
    answers = {line["claim_id"]: line for line in priced(other, lines)}
    found = {day: small_price.allowed(line) for day, line in answers.items()}
    assert found == days | {"mft": "provider_not_recognized"}
    # No document at hand says how it was paid before 2024.
    provisional = {day for day, line in answers.items() if line["notes"] == "place_not_settled"}
    assert provisional == {"2022-01-01", "2023-12-31"}
