"""All schedules of January 2025 in one warehouse, from CMS's own files: who pays what, and what agrees.

The figures are those that CMS's files gave when each schedule was read by itself.
"""

import json
from decimal import Decimal

import pytest

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.mark.parametrize(
    ("release", "comparison", "matched", "compared"),
    [
        ("OPPS25Q1", "Addendum B: weight x factor", 5976, 5976),
        ("OPPS25Q3", "Addendum B: weight x factor", 5995, 5995),
        ("OPPS25FR", "Addendum B: weight x factor", 5975, 5975),
        ("OPPS25FR", "Addendum E = status C of Addendum B", 1731, 1731),
        ("ASC25Q1", "ASC weight x factor = rate (AA)", 3334, 3334),
        ("ASC25Q1", "ASC weight x factor = rate (BB)", 316, 316),
        ("ASC25Q1", "ASC rates of drugs (K2) = limits of ASP25Q1@2024-12-19", 444, 444),
        ("ASC25Q1", "ASC rates of drugs (K2) = limits of ASP25Q1@2025-03-07", 440, 444),
        ("ASC25Q1", "ASC rates of office-based services = % P3 of RVU25A%", 406, 406),
        ("ASC25Q1", "ASC rates of office-based services = % Z3 of RVU25A%", 71, 72),
        ("ASC25Q1", "excluded from ASC (EE) = inpatient only (status C) of OPPS25Q1%", 1731, 1731),
        ("OPPS25Q1", "OPPS rates of drugs (G, K, K1) = limits of ASP25Q1@2024-12-19", 454, 454),
        ("OPPS25Q3", "OPPS rates of drugs (G, K, K1) = limits of ASP25Q3@2025-06-23", 479, 480),
        ("OPPS25Q1", "OPPS rates of technical parts = OPPS columns%RVU25A%", 518, 518),
    ],
)
def test_schedules_agree_with_one_another_to_the_cent(
    january, release, comparison, matched, compared
):
    found = january.execute(
        "select matched_count, compared_count from reconciliation "
        "where release_id = ? and comparison like ?",
        [release, comparison],
    ).fetchall()
    assert found == [(matched, compared)]


def test_a_rate_that_a_later_posting_of_limits_left_behind_is_explained(january):
    found = january.sql(
        "select record_key, known_reason from reconciliation_difference "
        "where comparison like 'ASC rates of drugs%2025-03-07' order by record_key"
    ).fetchall()
    assert found == [
        (code, "as ASP25Q1@2024-12-19 has it") for code in ("J7213", "J9204", "Q5126", "Q5130")
    ]


def test_codes_with_the_contractor_s_price_of_a_schedule_that_prices_them_by_now_are_explained(
    january,
):
    found = january.sql(
        "select matched_count, known_count, different_count from reconciliation "
        "where release_id = 'HCPCS25Q4' and comparison like 'pricing indicator%RVU25D%'"
    ).fetchall()
    assert found == [(59, 144, 16)]


def test_factors_are_derived_and_are_the_published_ones(january):
    found = january.sql(
        "select release_id, derived_factor, curated_factor, matched_weight_count = weight_count "
        "from schedule_factor order by release_id"
    ).fetchall()
    asc, opps = Decimal("54.895"), Decimal("89.169")
    assert found == [
        ("ASC25Q1", asc, asc, True),
        ("OPPS25FR", opps, opps, True),
        ("OPPS25Q1", opps, opps, True),
        ("OPPS25Q3", opps, opps, True),
    ]


def test_every_code_of_the_day_has_an_amount_or_one_reason(january):
    """Of equipment most amounts depend on the place: the country has the word for that."""
    found = dict(
        january.sql("""
            with answer as (
              from fee
              where place_kind = 'national' and date '2025-02-01' between effective_from and effective_to
            ),
            code as (
              select hcpcs_code, bool_or(amount is not null) as is_priced, arg_min(reason, rank) as reason
              from answer left join fee_reason using (reason)
              group by hcpcs_code
            )
            select if(is_priced, 'priced', reason), count(*) from code group by all
        """).fetchall()
    )
    assert "" not in found and "unknown_code" not in found
    assert sum(found.values()) == 19_404
    assert (found["priced"], found["by_place"]) == (11_710, 1_886)
    assert found["anesthesia_formula"] == 276


def test_suppliers_are_paid_for_what_physicians_are_not(january):
    """No code with a fee is paid by another schedule of the same days; of 594 that PPRRVU lists the status says so."""
    names = ("nobody_else_pays_the_item", "physicians_leave_the_item_to_suppliers")
    found = january.sql(
        f"select check_name, finding_count from check_result where check_name in {names} order by 1"
    )
    assert found.fetchall() == [(name, 0) for name in names]
    statuses = january.sql("""
        select rvu.status_code, count(distinct hcpcs_code), count(distinct hcpcs_code) filter (item.price_status <> 'no_fee_published')
        from dme_item as item
        join rvu using (hcpcs_code)
        where rvu.release_id = 'RVU25A' and rvu.modifier = '' and item.program = 'dmepos'
        group by rvu.status_code order by rvu.status_code
    """).fetchall()
    assert statuses == [("E", 27, 27), ("P", 114, 113), ("X", 475, 454)]


def test_what_a_hospital_may_not_bill_is_not_said_to_be_paid_by_physician_fees(january):
    found = january.sql("""
        select hcpcs_code, schedule, reason from fee_current
        where setting = 'outpatient_hospital' and hcpcs_code in ('11004', '85025', '90715', '97110', '99213')
        order by hcpcs_code
    """).fetchall()
    assert found == [
        ("11004", "opps", "inpatient_only"),
        ("85025", "opps", "paid_under_clfs"),
        ("90715", "opps", "packaged"),
        ("97110", "opps", "paid_under_pfs"),
        ("99213", "opps", "use_another_code"),
    ]


def test_a_code_is_paid_once_in_each_setting(january):
    twice = january.sql("""
        select hcpcs_code, modifier, setting from fee
        where place_kind = 'national' and amount is not null
        group by hcpcs_code, modifier, modifier2, setting, effective_from having count(*) > 1
    """).fetchall()
    assert twice == []


@pytest.mark.parametrize(
    ("words", "amounts"),
    [
        (("85025", "--on", "2025-02-01"), {("lab", ""): 7.77, ("lab", "QW"): 7.77}),
        (
            ("45378", "--on", "2025-02-01"),
            {
                ("office", ""): 327.67, ("office", "53"): 164.00, ("asc", ""): 489.47,
                ("facility_professional", ""): 177.26, ("facility_professional", "53"): 88.95,
                ("outpatient_hospital", ""): 911.71,
            },
        ),
        (("0001U", "--on", "2025-02-01"), {("lab", ""): 720.00}),
        (
            ("J7213", "--on", "2025-02-01", "--known-on", "2025-01-15"),
            {("office", ""): 2.202, ("asc", ""): 2.20, ("outpatient_hospital", ""): 2.20},
        ),
        (
            ("J7213", "--on", "2025-02-01"),
            {("office", ""): 1.855, ("asc", ""): 2.20, ("outpatient_hospital", ""): 2.20},
        ),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, tuple) else "",
)  # fmt: skip
def test_show_answers_for_any_code(january_warehouse, printed, words, amounts):
    rows = json.loads(printed(january_warehouse, "show", *words, "--json"))["fee"]
    assert {
        (row["setting"], row["modifier"]): row["amount"]
        for row in rows
        if row["amount"] is not None
    } == amounts


def test_units_of_a_drug_are_rounded_once(january_warehouse, printed):
    words = ("show", "J1885", "--units", "2", "--on", "2025-02-01", "--json")
    rows = json.loads(printed(january_warehouse, *words))["fee"]
    [office] = [row for row in rows if row["setting"] == "office"]
    assert (office["amount"], office["amount_unit"], office["units_amount"]) == (
        0.751,
        "15 MG",
        1.5,
    )
