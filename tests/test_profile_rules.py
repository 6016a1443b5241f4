"""What a profile says of a code, rule by rule: a small release in, figures and sentences out."""

from functools import partial

import duckdb
import pytest

from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.sentences import _ordinal, english_query, placeholders, sentences
from tests.helpers import small
from tests.helpers.small import SHORT, answer

release = partial(small.release, later=("work_rvu_rank", "payment_rank", "code_profile"))

PLACES = """
    mac    loc  locality_name  gw     gpe    gmp
    01112  05   HARBOUR        1.100  1.300  0.500
    02102  01   NORTHLAND      1.500  1.100  0.600
    13202  01   VALLEY         0.900  0.800  0.700
"""

SHORTER = {
    "glob": "global_days",
    "nf_na": "nonfacility_na",
    "f_na": "facility_na",
    "endo": "endoscopic_base_code",
    "pre": "preoperative_share",
    "intra": "intraoperative_share",
    "post": "postoperative_share",
}


@pytest.fixture(autouse=True)
def shorter_headings(monkeypatch):
    """Headings that only these tests need."""
    for name, column in SHORTER.items():
        monkeypatch.setitem(SHORT, name, column)


def said(con, code: str, topic: str) -> list[str]:
    """The names of the sentences about one topic that hold for a code."""
    names = con.execute(
        "select sentences from code_profile where hcpcs_code = ?", [code]
    ).fetchall()[0][0]
    topics = {rule.name: rule.topic for rule in sentences()}
    return [name for name in names.split(",") if topics[name] == topic]


def words(con, code: str, name: str) -> str:
    """One sentence about a code in English."""
    query = f"select sentence from ({english_query()}) where hcpcs_code = ? and sentence_name = ?"
    [[sentence]] = con.execute(query, [code, name]).fetchall()
    return sentence


# ---------------------------------------------------------------- value and payment


def test_total_is_the_sum_of_three_parts_in_each_setting():
    con = release("code work nf_pe f_pe mp\n 92950 3.90 7.01 0.76 0.44", year=2026)
    assert said(con, "92950", "value") == ["total_by_setting"]
    assert words(con, "92950", "total_by_setting") == (
        "The total is 11.35 RVUs in an office (3.90 work + 7.01 practice expense + 0.44 "
        "malpractice) and 5.10 RVUs in a facility, where the practice expense is 0.76."
    )


def test_of_a_service_that_is_not_done_in_an_office_only_the_facility_is_told():
    con = release("code work nf_pe f_pe mp nf_na\n 33952 8.15 2.56 2.56 1.80 NA")
    assert said(con, "33952", "value") == ["total_in_facility"]
    assert said(con, "33952", "payment") == ["payment_in_facility", "limiting_charge"]


def test_every_status_says_whether_there_is_a_payment():
    expected = [
        ("A", "1.00", "payment_in_any_setting"),
        ("R", "0.00", "no_payment_carrier"),
        ("C", "0.00", "no_payment_carrier"),
        ("B", "0.00", "no_payment_bundled"),
        ("P", "0.00", "no_payment_bundled_or_excluded"),
        ("J", "0.00", "no_payment_anesthesia"),
        ("T", "0.00", "no_payment_no_rvus"),
        ("E", "0.00", "no_payment_other_benefit"),
        ("X", "0.00", "no_payment_other_benefit"),
        ("I", "0.00", "no_payment_use_another_code"),
        ("G", "0.00", "no_payment_use_another_code"),
        ("M", "0.00", "no_payment_reporting_only"),
        ("Q", "0.00", "no_payment_reporting_only"),
        ("N", "0.00", "no_payment_not_covered"),
        ("D", "0.00", "no_payment_not_valid"),
        ("F", "0.00", "no_payment_not_valid"),
        ("H", "0.00", "no_payment_not_valid"),
    ]
    lines = [f"G00{status} {status} {work}" for status, work, _ in expected]
    con = release("\n".join(["code st work", *lines]))
    assert [
        (status, work, said(con, f"G00{status}", "payment")[0]) for status, work, _ in expected
    ] == expected


def test_rvus_that_medicare_does_not_use_give_no_payment_but_a_reference():
    con = release("code st work nf_pe mp\n G0001 N 1.00 0.50 0.10")
    assert said(con, "G0001", "payment") == ["no_payment_not_covered", "reference_amount"]
    assert "$51.75 in an office" in words(con, "G0001", "reference_amount")
    assert "not a Medicare payment" in words(con, "G0001", "reference_amount")


def test_a_laboratory_test_may_have_a_payment_for_its_reading_only():
    con = release(
        "code mod st work nf_pe f_pe mp\n 85060 - X 0 0 0 0\n 85060 26 A 0.45 0.20 0.20 0.02"
    )
    assert said(con, "85060", "payment") == ["no_payment_other_benefit", "professional_only"]
    assert words(con, "85060", "professional_only").endswith("national payment, $21.67.")


def test_a_code_listed_with_26_only_is_told_by_that_row():
    con = release("code mod work\n 86153 26 0.69")
    [row] = answer(con, "select modifier, modifiers, work_rvu from code_profile")
    assert row == {"modifier": "26", "modifiers": "26", "work_rvu": "0.69"}
    assert "listed_with_26_only" in said(con, "86153", "value")


def test_the_second_conversion_factor_has_its_own_payment():
    text = "code work nf_pe f_pe mp {factor}\n 92950 3.90 7.01 0.76 0.44 {value}"
    con = release(
        text.format(factor="conversion_factor", value="33.4009"),
        year=2026,
        qpp=text.format(factor="conversion_factor", value="33.5675"),
    )
    [row] = answer(
        con,
        "select nonfacility_payment, facility_payment, qp_nonfacility_payment, qp_facility_payment "
        "from code_profile",
    )
    assert list(row.values()) == ["379.10", "170.34", "380.99", "171.19"]


# ---------------------------------------------------------------- places


def test_lowest_median_and_highest_locality_have_names():
    con = release("code work nf_pe f_pe mp\n G0001 2.00 1.00 1.00 0.10", PLACES)
    columns = ", ".join(
        f"{rank}_facility_{part}"
        for rank in ("lowest", "median", "highest")
        for part in ("payment", "locality", "locality_name")
    )
    [row] = answer(con, f"select locality_count, {columns} from code_profile")
    # 2.67, 3.55 and 4.16 RVUs at 32.3465.
    assert list(row.values()) == [
        *("3", "86.37", "13202-01", "VALLEY"),
        *("114.83", "01112-05", "HARBOUR"),
        *("134.56", "02102-01", "NORTHLAND"),
    ]


def test_of_equal_places_the_first_stands():
    con = release("code work\n G0001 0\n G0002 1.00", PLACES.replace("1.500", "1.100"))
    [row] = answer(
        con,
        "select highest_facility_locality, lowest_facility_locality from code_profile "
        "where hcpcs_code = 'G0002'",
    )
    assert list(row.values()) == ["01112-05", "13202-01"]


def test_without_indices_the_places_are_unknown():
    con = release("code work\n G0001 1.00")
    assert said(con, "G0001", "places") == ["places_unknown"]
    assert answer(con, "select lowest_facility_payment, locality_count from code_profile") == [
        {"lowest_facility_payment": "NULL", "locality_count": "0"}
    ]


# ---------------------------------------------------------------- global period


def test_a_visit_on_the_day_of_a_minor_procedure_is_generally_not_paid():
    con = release("code glob work\n G0000 000 1.00\n G0010 010 1.00")
    for code, days in (("G0000", "000"), ("G0010", "010")):
        assert said(con, code, "global")[0] == f"global_{days}"
        sentence = words(con, code, f"global_{days}")
        assert "generally not paid separately" in sentence
        assert "payable" not in sentence
    # The exception for modifier 25 is marked as provisional.
    query = (
        f"select evidence from ({english_query()}) where sentence_name = 'visit_with_modifier_25'"
    )
    assert con.sql(query).fetchall() == [("E",), ("E",)]


def test_shares_of_a_global_fee_are_told_where_there_are_any():
    con = release(
        "code glob work pre intra post\nG0001 090 1.00 0.10 0.71 0.19\nG0002 090 1.00 0 0 0"
    )
    assert said(con, "G0001", "global") == ["global_090", "global_split"]
    assert said(con, "G0002", "global") == ["global_090"]
    assert words(con, "G0001", "global_split").startswith(
        "Of the fee, 10% is for preoperative care, 71% for the procedure itself and 19% for "
        "postoperative care."
    )


# ---------------------------------------------------------------- parts and families


def test_the_whole_is_the_sum_of_its_components():
    con = release(
        "code mod work nf_pe mp\n"
        "70450 - 0.85 2.35 0.05\n"
        "70450 26 0.85 0.35 0.04\n"
        "70450 TC 0 2.00 0.01"
    )
    assert said(con, "70450", "parts") == ["parts_add_up"]
    assert "1.24 RVUs for the professional" in words(con, "70450", "parts_add_up")
    assert answer(con, "select modifiers from code_profile") == [{"modifiers": "26,TC"}]


def test_components_that_do_not_add_up_are_not_said_to():
    con = release("code mod st work\n 70170 - C 0\n 70170 26 A 0.30\n 70170 TC C 0")
    assert said(con, "70170", "parts") == []


def test_a_procedure_that_was_stopped_has_a_row_of_its_own():
    con = release("code mod work nf_pe mp\n 45378 - 3.26 6.44 0.43\n 45378 53 1.63 3.22 0.22")
    assert words(con, "45378", "discontinued") == (
        "When stopped before completion (modifier 53) it has a row of its own: 1.63 work RVUs and "
        "5.07 RVUs in all in an office."
    )


def test_endoscopic_base_and_members_know_their_family():
    con = release(
        "code work endo\n 43235 2.00 -\n 43239 2.50 43235\n 43249 2.60 43235\n 43499 1.00 -"
    )
    query = (
        "select hcpcs_code, endoscopic_family, endoscopic_family_count from code_profile "
        "order by hcpcs_code"
    )
    assert [list(row.values()) for row in answer(con, query)] == [
        ["43235", "43239,43249", "2"],
        ["43239", "43239,43249", "2"],
        ["43249", "43239,43249", "2"],
        ["43499", "", "0"],
    ]
    assert said(con, "43235", "family") == ["endoscopic_base"]
    assert said(con, "43239", "family") == ["endoscopic_member"]


# ---------------------------------------------------------------- comparison


def ten_codes(work: str = "") -> str:
    """Ten ranked codes of one section; the last has this work."""
    lines = [f"9700{n} {n + 1}.00" for n in range(9)]
    return "\n".join(["code work", *lines, f"97009 {work or '10.00'}"])


@pytest.fixture(scope="module")
def ten():
    return release(ten_codes())


def test_neighbours_are_the_nearest_in_the_order_of_work(ten):
    query = "select neighbours_below, neighbours_above from code_profile where hcpcs_code = '97002'"
    assert answer(ten, query) == [
        {"neighbours_below": "97000,97001", "neighbours_above": "97003,97004,97005"}
    ]


def test_ten_peers_are_enough_for_a_percentile_and_nine_are_not(ten):
    nine = release(ten_codes().rpartition("\n")[0])
    assert said(ten, "97002", "comparison") == ["rank", "ratio_to_median"]
    assert said(nine, "97002", "comparison") == ["few_peers"]
    assert words(nine, "97002", "few_peers").startswith("Only 9 payable codes in Medicine")


def test_a_percentile_is_written_as_english_counts_in_order(ten):
    assert "it is at the 25th percentile of the 10 payable codes" in words(ten, "97002", "rank")
    numbers = "unnest([1, 2, 3, 4, 11, 12, 13, 21, 42, 83]) as n"
    rows = duckdb.sql(f"select {_ordinal('n')} from (select {numbers})").fetchall()
    assert " ".join(row[0] for row in rows) == "1st 2nd 3rd 4th 11th 12th 13th 21st 42nd 83rd"


def test_one_is_singular():
    con = release("code work\n 97000 1.00")
    assert words(con, "97000", "few_peers") == (
        "Only 1 payable code in Medicine has work RVUs, too few for a percentile: 97000 with 1.00."
    )


def test_a_ratio_that_would_round_to_nothing_is_not_told():
    con = release(
        ten_codes().replace("97000 1.00", "97000 0.01").replace("97001 2.00", "97001 9.00")
    )
    assert said(con, "97000", "comparison") == ["rank", "range_of_peers"]


# ---------------------------------------------------------------- the rules themselves


def test_every_placeholder_is_a_column_of_the_profile():
    columns = set(schedule().tables["code_profile"].column_names)
    for rule in sentences():
        assert set(placeholders(rule.text + rule.text_one)) <= columns, rule.name
        assert (rule.counted_column in columns) == bool(rule.text_one), rule.name
