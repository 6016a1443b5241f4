"""The crosswalk from packages of drugs to codes, by small tables."""

from decimal import Decimal

import duckdb
import pytest

from pipeline.schedules.ndc.definition import NDC, drug_ndc_query
from pipeline.store import database
from pipeline.store.sql import load_checks

Package = tuple[str, str, str, int, str, str]
PACKAGES: list[Package] = [
    ("90371", "13533-0636-03", "1 ML", 1, "0.5", "0.5"),
    ("J0295", "25021-0142-20", "1.5 GM", 10, "1", "10"),
    ("Q4100", "GG100", "1 SQ CM", 1, "16", "16"),
]
THIS_RELEASE = (
    "CREATE TABLE this_release AS SELECT 'NDC25Q1' AS release_id, false AS is_sample, "
    "'NDC.csv' AS main_file"
)
PACKAGE_CHECKS = {check.name: check for check in load_checks(NDC.release_checks)}
BROKEN_PACKAGES: dict[str, Package] = {
    "billing_units_multiply": ("J0295", "25021-0142-30", "1.5 GM", 10, "1", "1"),
    "packages_are_national_drug_codes": ("J0295", "25021-142-30", "1.5 GM", 10, "1", "10"),
    "dosages_are_quantities": ("J0295", "25021-0142-31", "A drug", 10, "1", "10"),
    "a_code_has_one_description": ("J0295", "25021-0142-32", "1.5 GM", 10, "1", "10"),
    "labelers_have_one_name": ("J0295", "25021-0142-33", "1.5 GM", 10, "1", "10"),
    "packages_have_their_dosage": ("J0296", "25021-0142-30", "", 10, "1", "10"),
    "a_code_has_one_dosage": ("J0295", "25021-0142-30", "1 GM", 10, "1", "10"),
}


def packages(rows: list[Package]) -> duckdb.DuckDBPyConnection:
    con = database.connect(1)
    con.execute("CREATE SCHEMA stage")
    names = ("hcpcs_code", "ndc_text", "dosage_text", "package_quantity", "billing_units", "billing_units_per_package")  # fmt: skip
    others = {
        "25021-0142-32": {"description": "Others"},
        "25021-0142-33": {"labeler": "Somebody"},
    }
    words = {"description": "Words", "labeler": "Someone", "drug_name": "Something"}
    staged = [
        dict(zip(names, (*row[:4], *map(Decimal, row[4:])), strict=True))
        | words
        | others.get(row[1], {})
        | {"package_size": Decimal(1), "source_line": line}
        for line, row in enumerate(rows, start=10)
    ]
    database.insert_rows(con, NDC.declared.tables["stage.ndc"], staged)
    con.execute(THIS_RELEASE)
    return con


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


@pytest.mark.parametrize("name", BROKEN_PACKAGES)
def test_a_check_of_packages_finds_what_breaks_its_rule(name: str) -> None:
    query = PACKAGE_CHECKS[name].query
    assert packages(PACKAGES).sql(query).fetchall() == []
    [(kind, _, _)] = packages([*PACKAGES, BROKEN_PACKAGES[name]]).sql(query).fetchall()
    assert kind == "ndc"


def test_every_check_has_an_example() -> None:
    assert BROKEN_PACKAGES.keys() == PACKAGE_CHECKS.keys()
