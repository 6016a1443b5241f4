"""What several lines of a patient decide together: coding edits, global periods, G2211.

The codes and edits are those of tests/helpers/small_price.py; every service but surgery is 100 dollars
(G2211 is 30), and S1000, of 90 days, 1,000.
"""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.price.contradictions import contradictions
from pipeline.price.duckdb_engine import price, pricer, set_lines
from pipeline.price.edits.plan import EDITS
from pipeline.price.edits.unknown import unknown_to_edits
from pipeline.price.plan import steps
from pipeline.store.database import rows_of
from tests.helpers import small_price
from tests.helpers.price_claims import Claim, as_priced, claim
from tests.helpers.price_lines import frame, priced

pytestmark = pytest.mark.whole

RULES = {
    "column_two_of_a_pair_is_denied": [
        claim("P1000 P2000", "100.00 ncci_pair"),
        claim("P2000 P1000", "ncci_pair 100.00"),
        claim("P1000 P3000", "100.00 ncci_pair"),
        claim("P2000 P3000", "100.00 100.00"),
        # An edit holds on its days.
        claim("P1000 P3000", "100.00 100.00", date_of_service=date(2025, 2, 11)),
        claim("P1000 V1000", "100.00 100.00"),
    ],
    "a_modifier_gets_both_paid_where_the_indicator_is_1": [
        claim("P1000 P2000-59", "100.00 100.00"),
        claim("P1000-59 P2000", "100.00 100.00"),
        claim("P1000 P2000-XU", "100.00 100.00"),
        claim("P1000-LT P2000-RT", "100.00 100.00"),
        claim("P1000 P2000-51", "100.00 ncci_pair"),
        claim("P1000 P3000-59", "100.00 ncci_pair"),
        # Each line of column one counts.
        claim("P1000-59 P1000 P2000", "100.00 100.00 ncci_pair"),
    ],
    "edits_are_of_one_practitioner_and_one_day": [
        claim("P1000@A P2000@B", "100.00 100.00"),
        claim("P1000@A/08 P2000@B/08", "100.00 ncci_pair", billing_provider_id="G"),
        claim("P1000@A/08 P2000@B/11", "100.00 100.00", billing_provider_id="G"),
        # Without a specialty the group is not enough.
        claim("P1000@A P2000@B", "100.00 100.00", billing_provider_id="G"),
        claim("P1000 P2000+1", "100.00 100.00"),
        claim("P1000 P2000", "100.00 ncci_pair", patient_id=""),
    ],
    "units_above_their_limit_are_denied_on_the_line_or_of_the_day": [
        # adjudication 1: each line by itself
        claim("M1000:2 M1000-76:2", "200.00 200.00"),
        claim("M1000:3 M1000-76:2", "mue 200.00"),
        # 2 and 3: all lines of the day
        claim("M2000:2", "200.00"),
        claim("M2000:2 M2000-76", "mue mue"),
        claim("M3000 M3000-76+1", "100.00 100.00"),
        claim("M3000:2", "mue"),
        claim("M3000@A M3000@B", "100.00 100.00"),
    ],
    "a_limit_of_a_day_is_for_each_who_has_a_part_of_one_surgery_or_test": [
        claim("M6000 M6000-80", "100.00 16.00"),
        claim("M6000 M6000-80 M6000-80", "100.00 mue mue"),
        claim("M6000 M6000-76 M6000-AS", "mue mue 13.60"),
        claim("M6000-62@A/20 M6000-62@B/20", "62.50 62.50", billing_provider_id="G"),
        claim("M6000-62@A/20 M6000-62@A/20", "mue mue", billing_provider_id="G"),
        # The two parts of a test are one, and the whole test has both.
        claim("M6000-26 M6000-TC", "50.00 50.00"),
        claim("M6000-26 M6000-26 M6000-TC", "mue mue 50.00"),
        claim("M6000 M6000-26", "mue mue"),
        claim("M6000 M6000-TC", "mue mue"),
        claim("A2000-QK A2000-QX", "30.00 30.00", anesthesia_minutes=90),
    ],
    "units_above_a_limit_of_which_nobody_knows_what_it_counts_are_refused": [
        claim("M7000:2", "200.00"),
        claim("M7000:3", "mue_not_understood"),
        claim("M7000:2 M7000-76", "mue_not_understood mue_not_understood"),
    ],
    "a_limit_of_none_is_not_for_what_suppliers_bill": [
        claim("M4000", "mue"),
        claim("M5000", "100.00"),
    ],
    "a_visit_in_a_global_period_is_contained": [
        claim("S1000 99213", "1000.00 global_visit"),
        claim("S1000 99213+-1", "1000.00 global_visit"),
        claim("S1000 99213+-2", "1000.00 100.00"),
        claim("S1000 99213+58", "1000.00 global_visit"),
        claim("H1000 99213", "100.00 global_visit"),
        claim("H1000 99213+-1", "100.00 100.00"),
        claim("H1000 99213+10", "100.00 global_visit"),
        claim("H1000 99213+11", "100.00 100.00"),
        claim("H2000 99213", "100.00 global_visit"),
        claim("H2000 99213+1", "100.00 100.00"),
        claim("S1000@A 99213@B", "1000.00 100.00"),
        claim("S1000@A/20 99213@B/20", "1000.00 global_visit", billing_provider_id="G"),
    ],
    "a_modifier_gets_a_visit_paid_on_the_days_that_it_is_for": [
        claim("S1000 99213-57", "1000.00 100.00"),
        claim("S1000 99213-25", "1000.00 100.00"),
        claim("S1000 99213-57+-1", "1000.00 100.00"),
        claim("S1000 99213-25+-1", "1000.00 global_visit"),
        claim("S1000 99213-24+5", "1000.00 100.00"),
        claim("S1000 99213-25+5", "1000.00 global_visit"),
        claim("S1000 99291-FT+5", "1000.00 100.00"),
        claim("H1000 99213-25", "100.00 100.00"),
        claim("H1000 99213-57", "100.00 global_visit"),
        # On the day of one surgery and within the period of another both must be said.
        claim("S1000 H2000-79+5 99213-25+5", "1000.00 100.00 global_visit"),
        claim("S1000 H2000-79+5 99213-25-24+5", "1000.00 100.00 100.00"),
    ],
    "a_procedure_in_a_global_period_needs_58_78_or_79": [
        claim("S1000 H2000+5", "1000.00 global_procedure"),
        claim("S1000 H2000-58+5", "1000.00 100.00"),
        claim("S1000 H2000-78+5", "1000.00 100.00"),
        claim("S1000 H2000-79+5", "1000.00 100.00"),
        claim("S1000 T1000+5", "1000.00 80.00"),
    ],
    "who_does_not_have_the_care_after_surgery_has_no_period": [
        claim("S1000-54 99213+5", "800.00 100.00"),
        claim("S1000-54 99213", "800.00 global_visit"),
        claim("S1000-55 99213+5", "200.00 global_visit"),
        claim("S1000-55 99213", "200.00 100.00"),
        claim("S1000-80 99213+5", "160.00 100.00"),
        claim("S1000 S1000-78+5 99213-24+10", "1000.00 700.00 100.00"),
        claim("S1000-GZ 99213+5", "denial_expected 100.00"),
    ],
    "g2211_is_not_paid_beside_a_visit_with_25": [
        claim("99213 G2211", "100.00 30.00"),
        claim("99213-25 G2211", "100.00 visit_complexity_with_25"),
        claim("99213-25 G2211 G0439", "100.00 30.00 100.00"),
        claim("99213-25@A G2211@B", "100.00 30.00"),
        claim("G2211", "30.00"),
    ],
}


@pytest.fixture(scope="module")
def schedule_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("edits") / "schedule.duckdb"
    small_price.write_schedule(file)
    return file


@pytest.fixture(scope="module")
def found(schedule_file: Path) -> dict[str, list[Claim]]:
    return as_priced(schedule_file, RULES)


@pytest.mark.parametrize("rule", RULES)
def test_rule(found: dict[str, list[Claim]], rule: str):
    assert found[rule] == RULES[rule]


# What denies a line is named.
DENIED_BY = {
    "P1000 P2000": "column 1 P1000, edit indicator 1",
    "P1000 P3000-59": "column 1 P1000, edit indicator 0",
    "M2000:2 M2000-76": "MUE 2, adjudication 2",
    "M7000:3": "MUE 2, adjudication unknown",
    # The last surgery of several.
    "S1000 H1000-79+5 99213+9": "global 010 of H1000 on 2025-02-06",
    "99213-25 G2211": "the visit with modifier 25",
    # What another rule has refused is denied by nothing.
    "P1000 P2000-ZZ": "",
}

# What is allowed without pairs of codes and global periods.
WITHOUT_TWO = {
    "P1000 P2000": "100.00 100.00",
    "S1000 99213": "1000.00 100.00",
    "M2000:3": "mue",
    "99213-25 G2211": "100.00 visit_complexity_with_25",
}


def test_what_denies_a_line_is_named(schedule_file: Path):
    lines = [line for billed in DENIED_BY for line in small_price.lines(billed, billed)]
    lines += small_price.lines("note", "G2211")
    found = priced(schedule_file, lines)
    last = {line["claim_id"]: line for line in found}
    assert {billed: last[billed]["denied_by"] for billed in DENIED_BY} == DENIED_BY
    assert last["note"]["notes"] == "visit_complexity_alone"


@pytest.mark.slow
def test_edits_can_be_left_out_by_their_names(schedule_file: Path):
    lines = [line for billed in WITHOUT_TWO for line in small_price.lines(billed, billed)]
    lines += small_price.lines("of 2018", "P1000-59 P2000", date_of_service=date(2018, 5, 1))
    with pricer(schedule_file, threads=2) as con:
        con.register("given_line", frame(lines))
        con.execute("CREATE TABLE written_line AS FROM given_line")
        set_lines(con, "written_line", "rowid")
        allowed: dict[str, list[str]] = {}
        for line in rows_of(con, price(con, with_trace=False, without=["ncci", "global"])):
            allowed.setdefault(line["claim_id"], []).append(small_price.allowed(line))
        found = {billed: " ".join(allowed[billed]) for billed in WITHOUT_TWO}
        assert found == WITHOUT_TWO
        # With all of them nothing is denied, and what is left out is no gap.
        everything = rows_of(con, price(con, with_trace=False, without=list(EDITS)))
        assert {line["denied_by"] for line in everything} == {""}
        assert [note["note"] for note in unknown_to_edits(con, list(EDITS))] == [
            "group_practice_not_named"
        ]
        # Before July 2019 modifier 59 counted on the column-two line alone.
        price(con, with_trace=False)
        denied = con.sql(
            "FROM ncci_line JOIN claim_line USING (line_id) SELECT claim_id ORDER BY 1"
        )
        assert [claim for (claim,) in denied.fetchall()] == ["P1000 P2000", "of 2018"]
        notes = {note["note"]: note for note in unknown_to_edits(con)}
    assert notes["mue_not_loaded"]["line_count"] == 2
    assert notes["mue_not_loaded"]["first_day"] == date(2018, 5, 1)
    assert "ncci_not_loaded" not in notes


def test_services_around_surgery_of_a_day_without_a_release_are_noted(schedule_file: Path):
    """The release of the surgery's day would deny them; they are paid, and not without a word."""
    # From 20 December: a visit and surgery within the 90 days, another service, and a visit after them.
    lines = small_price.lines("1", "S1000 99213+26 S1000+26 M5000+26 99213+95", date_of_service=date(2024, 12, 20))  # fmt: skip
    lines += small_price.lines("2", "99213", date_of_service=date(2025, 1, 15))
    with pricer(schedule_file, threads=2) as con:
        con.register("given_line", frame(lines))
        con.execute("CREATE TABLE written_line AS FROM given_line")
        set_lines(con, "written_line", "rowid")
        first, *_ = rows_of(con, price(con, with_trace=False))
        notes = {note["note"]: note for note in unknown_to_edits(con)}
        assert "surgery_release_missing" not in {
            note["note"] for note in unknown_to_edits(con, ["global"])
        }
    assert first["reason"] == "release_missing"
    noted = notes["surgery_release_missing"]
    assert (noted["line_count"], noted["first_day"]) == (2, date(2025, 1, 15))
    assert noted["words"].endswith("Get it with: fees fetch RVU24D")


def test_of_equipment_the_limits_of_suppliers_are_asked_for(schedule_file: Path):
    lines = small_price.lines("1", "P1000 EQ100-RR:5 M5000")
    lines += small_price.lines("2", "P1000 EQ100-RR", date_of_service=date(2024, 12, 30))
    with pricer(schedule_file, threads=2) as con:
        con.register("given_line", frame(lines))
        con.execute("CREATE TABLE written_line AS FROM given_line")
        set_lines(con, "written_line", "rowid")
        price(con, with_trace=False)
        notes = {note["note"]: note for note in unknown_to_edits(con)}
    counts = {name: notes[name]["line_count"] for name in notes if "mue" in name}
    assert counts == {"mue_not_loaded": 1, "supplier_mue_not_loaded": 3}
    assert "fees fetch MUE24Q4S MUE25Q1S" in notes["supplier_mue_not_loaded"]["words"]


# The lines of each claim, and whether a note is about them: a claim number of several patients where the
# claim decides, and a specialty that the kind of provider contradicts.
PATIENTS, BILLERS = "claim_of_several_patients", "claim_of_several_billers"
CONTRADICTIONS = {
    "two patients": ([{"patient_id": "P7"}, {"patient_id": "P8"}, {"patient_id": ""}], PATIENTS),
    "one patient, named once": ([{"patient_id": "P7"}, {"patient_id": ""}], ""),
    "by providers": ([{"patient_id": x, "provider_id": "N1"} for x in ("P7", "P8")], ""),
    "with a deductible": (
        [{"patient_id": x, "provider_id": "N1", "deductible_left": 9} for x in ("P7", "P8")],
        PATIENTS,
    ),
    "two billers": ([{"billing_provider_id": "B1"}, {"billing_provider_id": "B2"}], BILLERS),
    "two providers of one biller": (
        [{"billing_provider_id": "B1", "provider_id": x} for x in ("N1", "N2")],
        "",
    ),
    "two billers, by patient": (
        [{"billing_provider_id": x, "patient_id": "P7"} for x in ("B1", "B2")],
        "",
    ),
    "two billers, with a deductible": (
        [
            {"billing_provider_id": x, "patient_id": "P7", "deductible_left": 9}
            for x in ("B1", "B2")
        ],
        BILLERS,
    ),
}
SPECIALTIES = (
    {"provider_specialty": "50"},
    {"provider_specialty": "e1"},
    {"provider_specialty": "050"},
    {"provider_specialty": "363LF0000X"},
    {"provider_specialty": "207Q00000X"},
    {"provider_specialty": "11"},
    {"provider_specialty": "50", "provider_kind": "npp"},
)


def test_lines_that_contradict_one_another_are_counted(schedule_file: Path):
    nobody = {"patient_id": "", "provider_id": "", "billing_provider_id": ""}
    said = [(claim, line) for claim, (lines, _) in CONTRADICTIONS.items() for line in lines]
    said += [("specialties", line) for line in SPECIALTIES]
    lines = [x for claim, of in said for x in small_price.lines(claim, "P1000", **(nobody | of))]
    with pricer(schedule_file, threads=2) as con:
        con.register("given_line", frame(lines))
        con.execute("CREATE TABLE written_line AS FROM given_line")
        set_lines(con, "written_line", "rowid")
        price(con, with_trace=False)
        found = {note["note"]: note["line_count"] for note in contradictions(con)}
    expected = Counter(
        x for lines, note in CONTRADICTIONS.values() if note for x in [note] * len(lines)
    )
    assert found == {**expected, "specialty_of_another_kind": 4}


def test_an_edit_that_is_none_is_refused():
    with pytest.raises(
        UsageError, match='"ptp" is no edit; the edits are ncci, mue, global, g2211'
    ):
        steps(False, without=["ptp"])
