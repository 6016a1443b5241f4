"""Amounts of CMS's real files: those that people quote, and each one by an independent implementation.

They are not part of the repository (CMS's descriptors are AMA copyright), so these tests skip
where the files are not there.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.helpers import oracle
from tests.helpers.places import REAL_FILES
from tests.helpers.warehouses import rows

pytestmark = pytest.mark.real


# ---------------------------------------------------------------- amounts that people quote


@pytest.mark.parametrize(
    ("release_id", "factor_class", "expected"),
    [
        ("RVU25D", "all", ("4.00", "9.59", "5.43", "310.20", "175.64")),
        ("RVU26C", "nonqp", ("3.90", "11.35", "5.10", "379.10", "170.34")),
    ],
)
def test_national_amounts_of_92950(real, release_id, factor_class, expected) -> None:
    sql = (
        "SELECT work_rvu, nonfacility_total_rvu, facility_total_rvu, nonfacility_payment, "
        "facility_payment FROM rvu JOIN payment_national USING (release_id, hcpcs_code, modifier) "
        f"WHERE release_id = '{release_id}' AND conversion_factor_class = '{factor_class}' "
        "AND hcpcs_code = '92950'"
    )
    assert rows(real, sql) == [tuple(Decimal(text) for text in expected)]


def test_both_conversion_factors_of_2026(real) -> None:
    sql = (
        "SELECT DISTINCT conversion_factor_class, is_default_class, conversion_factor "
        "FROM payment_national WHERE release_id = 'RVU26C' ORDER BY 1"
    )
    assert rows(real, sql) == [
        ("nonqp", True, Decimal("33.4009")),
        ("qp", False, Decimal("33.5675")),
    ]


def test_rank_of_92950_in_medicine(real) -> None:
    sql = (
        "SELECT section, rank_status, work_rvu, peer_count, median_work_rvu, ratio_to_median, "
        "max_work_rvu, max_hcpcs_code, percentile FROM work_rvu_rank "
        "WHERE release_id = 'RVU26C' AND hcpcs_code = '92950'"
    )
    [(section, status, work, peers, median, ratio, most, of, percentile)] = rows(real, sql)
    assert (section, status, peers, of) == ("Medicine", "ranked", 686, "90951")
    assert (work, median, most) == (Decimal("3.90"), Decimal("0.78"), Decimal("23.92"))
    assert float(ratio) == 5.0
    assert percentile == Decimal("88.6297")


def test_a_release_without_indices_has_no_locality_amount(real, real_warehouse: Path) -> None:
    path = real_warehouse / "exports/current/payment_locality/RVU26C.parquet"
    amounts = ", ".join(f"count({name})" for name in oracle.AMOUNTS)
    sql = f"SELECT count(*), {amounts} FROM '{path}'"
    # Two classes, and the 109 localities that are known for the year.
    assert rows(real, sql) == [(2 * 19_356 * 109, *[0] * len(oracle.AMOUNTS))]
    sql = f"SELECT count(*) FROM '{path}' WHERE price_status = 'priced'"
    assert rows(real, sql) == [(0,)]
    sql = f"SELECT DISTINCT price_status FROM '{path}' WHERE hcpcs_code = '92950'"
    assert rows(real, sql) == [("gpci_missing",)]
    sql = "SELECT missing_files FROM release WHERE release_id = 'RVU26C'"
    assert rows(real, sql) == [("gpci,locco,anes,oppscap",)]


@pytest.mark.parametrize(
    ("zip_code", "place"), [("94110", ("01112", "05")), ("99501", ("02102", "01"))]
)
def test_zip_code_leads_to_its_locality(real, zip_code: str, place: tuple[str, str]) -> None:
    sql = f"SELECT mac, locality_number FROM zip_locality WHERE zip_code = '{zip_code}'"
    assert rows(real, sql) == [place]


def test_divided_states_of_the_zip_file_are_kansas_and_missouri(real) -> None:
    sql = (
        "SELECT cms_state_code, state, count(*) FROM zip_locality WHERE state IN ('KS', 'MO') "
        "GROUP BY ALL ORDER BY ALL"
    )
    assert rows(real, sql) == [
        ("EK", "KS", 63),
        ("EM", "MO", 858),
        ("WK", "KS", 712),
        ("WM", "MO", 342),
    ]


# ---------------------------------------------------------------- a second implementation


@pytest.fixture(scope="module")
def by_hand() -> list[oracle.Row]:
    return oracle.read_rows(REAL_FILES / "rvu25d" / "PPRRVU2025_Oct.csv")


def test_every_national_amount_by_an_independent_implementation(real, by_hand) -> None:
    names = ", ".join(oracle.AMOUNTS)
    sql = (
        f"SELECT hcpcs_code, modifier, price_status, {names} "
        "FROM payment_national WHERE release_id = 'RVU25D'"
    )
    found = {(row[0], row[1]): row[2:] for row in rows(real, sql)}
    expected = {
        row.key: (row.price_status, *oracle.national_amounts(row).values()) for row in by_hand
    }
    assert len(expected) == 19_090
    assert found == expected


def test_every_locality_amount_by_an_independent_implementation(
    real, real_warehouse, by_hand
) -> None:
    path = real_warehouse / "exports/current/payment_locality/RVU25D.parquet"
    places = oracle.read_places(REAL_FILES / "rvu25d" / "GPCI2025.csv")
    assert len(places) == 109
    cents = ", ".join(f"list(({name} * 100)::INTEGER ORDER BY mac, locality_number)"
                      for name in oracle.AMOUNTS[:6])  # fmt: skip
    sql = (
        "SELECT hcpcs_code, modifier, list(mac || locality_number ORDER BY mac, locality_number), "
        f"{cents} FROM '{path}' WHERE price_status = 'priced' GROUP BY ALL"
    )
    keys = [place.mac + place.locality for place in places]
    found = {}
    for code, modifier, localities, *amounts in rows(real, sql):
        assert localities == keys
        found[code, modifier] = list(zip(*amounts, strict=True))
    priced = [row for row in by_hand if row.price_status == "priced"]
    assert len(found) == len(priced)
    different = [row.key for row in priced if found[row.key] != oracle.priced_cents(row, places)]
    assert different == []
    assert 2 * len(priced) * len(places) > 1_900_000


def test_unpriced_codes_have_the_national_reason_in_every_locality(
    real, real_warehouse, by_hand
) -> None:
    path = real_warehouse / "exports/current/payment_locality/RVU25D.parquet"
    amounts = " + ".join(f"count({name})" for name in oracle.AMOUNTS[:6])
    sql = (
        f"SELECT hcpcs_code, modifier, price_status, count(*), {amounts} FROM '{path}' "
        "WHERE price_status <> 'priced' GROUP BY ALL"
    )
    expected = {
        (*row.key, row.price_status, 109, 0) for row in by_hand if row.price_status != "priced"
    }
    assert set(rows(real, sql)) == expected


# ---------------------------------------------------------------- curated codes


def test_codes_that_ended_are_flagged_with_the_release_in_which_they_vanished(real) -> None:
    sql = (
        "SELECT hcpcs_code, code_presence, vanished_in_release_id FROM curated_code "
        "WHERE code_presence <> 'present' ORDER BY hcpcs_code"
    )
    assert rows(real, sql) == [
        ("0188T", "unknown", ""),
        ("0189T", "unknown", ""),
        ("93561", "unknown", ""),
        ("93562", "unknown", ""),
        ("94662", "vanished", "RVU26C"),
        ("99090", "unknown", ""),
    ]


def test_critical_care_on_a_day_is_priced_by_the_release_of_its_quarter(real) -> None:
    sql = (
        "SELECT hcpcs_code, units, work_rvu, facility_payment, release_id "
        "FROM critical_care_units(104, 'medicare', '2025-05-01')"
    )
    assert rows(real, sql) == [
        ("99291", 1, Decimal("4.50"), Decimal("205.72"), "RVU25B"),
        ("99292", 1, Decimal("2.25"), Decimal("102.86"), "RVU25B"),
    ]


def test_no_annotation_and_no_rule_has_a_descriptor_of_cms_in_it(real) -> None:
    texts = (
        "SELECT annotation_text AS words FROM annotation UNION ALL SELECT question FROM annotation"
    )
    for table in ("time_rule", "bundled_service", "care_decision", "billing_rule"):
        texts += f" UNION ALL SELECT meaning FROM {table}"
    sql = (
        f"SELECT DISTINCT description, words FROM rvu, ({texts}) "
        "WHERE code_system <> 'HCPCS' AND length(description) >= 8 AND contains(lower(words), lower(description))"
    )
    assert rows(real, sql) == []


def test_show_names_the_release_that_has_locality_payments_where_the_latest_has_none(
    real_warehouse, printed
):
    words = ("show", "99213", "--locality", "01112-05")
    note = "RVU26C came without its GPCI file, so it has no locality payments"
    assert f"note: {note}; the latest release that has: --release RVU25D" in printed(
        real_warehouse, *words
    )
    assert "109.15" in printed(real_warehouse, *words, "--release", "RVU25D")
