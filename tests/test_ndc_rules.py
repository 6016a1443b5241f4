"""The crosswalk from packages of drugs to codes, by small tables."""

from decimal import Decimal

import duckdb
import pytest

from pipeline.schedules.ndc.definition import NDC, drug_ndc_query
from pipeline.store.sql import load_checks
from tests.helpers.staged import staged

Package = tuple[str, str, str, int, str, str]
PACKAGES: list[Package] = [
    ("90371", "13533-0636-03", "1 ML", 1, "0.5", "0.5"),
    ("J0295", "25021-0142-20", "1.5 GM", 10, "1", "10"),
    ("Q4100", "GG100", "1 SQ CM", 1, "16", "16"),
]
PACKAGE_CHECKS = {check.name: check for check in load_checks(NDC.release_checks)}
BROKEN_PACKAGES: dict[str, Package] = {
    "billing_units_multiply": ("J0295", "25021-0142-30", "1.5 GM", 10, "1", "1"),
    "packages_are_national_drug_codes": ("J0295", "25021-142", "1.5 GM", 10, "1", "10"),
    "dosages_are_quantities": ("J0295", "25021-0142-31", "A drug", 10, "1", "10"),
    "a_code_has_one_description": ("J0295", "25021-0142-32", "1.5 GM", 10, "1", "10"),
    "labelers_have_one_name": ("J0295", "25021-0142-33", "1.5 GM", 10, "1", "10"),
    "packages_have_their_dosage": ("J0296", "25021-0142-30", "", 10, "1", "10"),
    "a_code_has_one_dosage": ("J0295", "25021-0142-30", "1 GM", 10, "1", "10"),
}


def packages(rows: list[Package]) -> duckdb.DuckDBPyConnection:
    names = ("hcpcs_code", "ndc_text", "dosage_text", "package_quantity", "billing_units", "billing_units_per_package")  # fmt: skip
    others = {
        "25021-0142-32": {"description": "Others"},
        "25021-0142-33": {"labeler": "Somebody"},
    }
    words = {"description": "Words", "labeler": "Someone", "drug_name": "Something"}
    rows_of_file = [
        dict(zip(names, (*row[:4], *map(Decimal, row[4:])), strict=True))
        | words
        | others.get(row[1], {})
        | {"package_size": Decimal(1), "source_line": line}
        for line, row in enumerate(rows, start=10)
    ]
    return staged(
        NDC.declared,
        {"ndc": rows_of_file},
        release_id="NDC25Q1",
        is_sample=False,
        main_file="NDC.csv",
    )


def test_only_a_number_of_5_4_and_2_digits_is_a_national_drug_code() -> None:
    numbers = [
        "13533-0636-03",
        "GG100",
        "00888867413689",
        "1353-0636-03",
        "13533-636-03",
        "123-456",
    ]
    con = packages([("Q4100", number, "1 SQ CM", 1, "1", "1") for number in numbers])
    found = con.sql(
        f"SELECT ndc_text, ndc11 FROM ({drug_ndc_query()}) ORDER BY source_line"
    ).fetchall()
    assert found == [(numbers[0], "13533063603"), *((number, None) for number in numbers[1:])]


def test_a_number_that_lost_zeros_or_hyphens_is_the_same_package_and_no_skin_substitute() -> None:
    numbers = ["25021-0142-20", "25021-142-20", "25021014220", "52-602-2"]
    con = packages([("J0295", number, "1.5 GM", 1, "1", "1") for number in numbers])
    found = con.sql(f"SELECT ndc11 FROM ({drug_ndc_query()}) ORDER BY source_line").fetchall()
    assert found == [("25021014220",)] * 3 + [("00052060202",)]
    con = packages([("Q4100", number, "1 SQ CM", 1, "1", "1") for number in numbers[1:]])
    assert con.sql(f"SELECT DISTINCT ndc11 FROM ({drug_ndc_query()})").fetchall() == [(None,)]


@pytest.mark.parametrize("name", BROKEN_PACKAGES)
def test_a_check_of_packages_finds_what_breaks_its_rule(name: str) -> None:
    query = PACKAGE_CHECKS[name].query
    assert packages(PACKAGES).sql(query).fetchall() == []
    [(kind, _, _)] = packages([*PACKAGES, BROKEN_PACKAGES[name]]).sql(query).fetchall()
    assert kind == "ndc"


def test_every_check_has_an_example() -> None:
    assert BROKEN_PACKAGES.keys() == PACKAGE_CHECKS.keys()
