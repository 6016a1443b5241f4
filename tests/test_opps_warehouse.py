"""Hospital outpatient addenda in a warehouse: CMS's own files, and what refuses them once damaged."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.read.file import read_file
from pipeline.read.sort import file_kinds
from pipeline.schedules import opps_addenda as addenda
from pipeline.schedules.opps.definition import OPPS, opps_code_query
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers.places import NOT_THERE, REAL_FILES
from tests.helpers.warehouses import asked, refreshed

pytestmark = pytest.mark.whole

REAL = REAL_FILES / "opps"
JANUARY = "Section 508 version of January 2025 Web Addendum B.12.31.24.csv"


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> Path:
    """The addenda of a final rule, of January 2025, and of July 2025 in two postings, in one folder."""
    if not REAL.is_dir():
        pytest.skip(NOT_THERE)
    place = tmp_path_factory.mktemp("opps")
    (place / "raw").mkdir()
    (place / "raw" / "opps").symlink_to(REAL)
    outcome = refreshed(place, date(2025, 9, 1))
    assert outcome.releases == ["OPPS25FR", "OPPS25Q1", "OPPS25Q3"]
    assert not outcome.refused
    return place / "warehouse"


@pytest.mark.real
def test_counts_of_the_real_files(real) -> None:
    statuses = asked(
        real,
        "SELECT price_status, count(*), count(payment_rate) FROM opps_code WHERE release_id = 'OPPS25Q1' GROUP BY 1",
    )
    assert {name: counts for name, *counts in statuses} == {
        "priced": [2_396, 2_396],
        "priced_comprehensive": [3_154, 3_154],
        "priced_if_not_packaged": [1_085, 1_085],
        "packaged": [2_228, 0],
        "paid_under_another_schedule": [1_306 + 1_952 + 770, 0],
        "use_another_code": [998, 0],
        "inpatient_only": [1_731, 0],
        "not_covered": [1_252, 0],
        "no_pricing_data": [142, 0],
        "not_billable_to_mac": [1_469, 0],
        "reasonable_cost": [75, 0],
        "per_diem": [4, 0],
    }
    rows = "SELECT release_id, count(*) FROM {} GROUP BY 1 ORDER BY 1"
    assert asked(real, rows.format("opps_code")) == [("OPPS25Q1", 18_562), ("OPPS25Q3", 18_704)]
    of_rule = {
        "opps_rule_code": 18_682, "opps_rule_apc": 994, "opps_status_indicator": 28, "opps_inpatient_only": 1_731,
        "opps_rank": 3_236, "opps_device_offset": 535,
    }  # fmt: skip
    assert {name: asked(real, rows.format(name)) for name in of_rule} == {
        name: [("OPPS25FR", count)] for name, count in of_rule.items()
    }


@pytest.mark.real
def test_cms_s_own_numbers_agree(real) -> None:
    found = asked(
        real,
        "SELECT release_id, comparison, compared_count, matched_count FROM reconciliation ORDER BY ALL",
    )
    assert found == [
        ("OPPS25FR", "Addendum B = Addendum A", 13_270, 13_270),
        ("OPPS25FR", "Addendum B: weight x factor", 5_975, 5_975),
        ("OPPS25FR", "Addendum E = status C of Addendum B", 1_731, 1_731),
        ("OPPS25FR", "Addendum P: rate x offset percent", 535, 535),
        ("OPPS25FR", "opps_rule_addendum_a txt = xlsx", 10_934, 10_933),
        ("OPPS25Q1", "Addendum B: weight x factor", 5_976, 5_976),
        ("OPPS25Q3", "Addendum B: weight x factor", 5_995, 5_995),
    ]
    reasons = asked(real, "SELECT known_reason FROM reconciliation_difference")
    assert len(reasons) == 1 and "mark" in reasons[0][0]
    factors = "SELECT DISTINCT derived_factor, curated_factor, weight_count = matched_weight_count FROM schedule_factor"
    assert asked(real, factors) == [(Decimal("89.169"), Decimal("89.169"), True)]


@pytest.mark.real
@pytest.mark.parametrize(
    ("code", "day", "known_on", "rate"),
    [
        ("A9697", "2025-08-01", "2025-07-01", "11379.909"),
        ("A9697", "2025-08-01", "2025-07-25", "1137.991"),
        ("J2724", "2025-07-01", "2025-07-24", "1.503"),
        ("J2724", "2025-07-01", "2025-12-31", "15.031"),
        ("A9697", "2025-02-01", "2025-12-31", "1137.960"),
        ("A9697", "2025-07-01", "2025-06-25", None),
    ],
)
def test_a_rate_is_that_of_the_posting_that_was_known(real, code, day, known_on, rate) -> None:
    query = (
        f"SELECT payment_rate FROM opps_code_as_known WHERE hcpcs_code = '{code}' "
        f"AND DATE '{day}' BETWEEN effective_from AND effective_to "
        f"AND DATE '{known_on}' BETWEEN known_from AND known_to"
    )
    assert asked(real, query) == ([(Decimal(rate),)] if rate else [])


@pytest.mark.real
def test_what_cms_breaks_is_listed_and_loaded(real) -> None:
    query = "SELECT release_id, check_name, finding_count FROM check_result WHERE finding_count > 0 AND schedule <> ''"
    found: dict[str, dict[str, int]] = {}
    for release_id, name, count in asked(real, query):
        found.setdefault(release_id, {})[name] = count
    assert found == {
        "OPPS25FR": {
            "adjusted_copayment_has_its_cause": 13,
            "copayments_are_those_of_their_apc": 36,
            "device_offsets_follow": 1,
            "minimum_copayment_is_a_fifth": 1,
            "national_copayment_is_above_the_minimum": 4,
            "ranked_codes_are_comprehensive": 8,
            "rates_stand_under_their_status": 1,
        },
        "OPPS25Q1": {
            "adjusted_copayment_follows": 1,
            "adjusted_copayment_has_its_cause": 2,
            "caps_are_not_stale": 19,
            "minimum_copayment_is_a_fifth": 2,
            "national_copayment_is_above_the_minimum": 7,
            "rates_stand_under_their_status": 1,
        },
        "OPPS25Q3": {
            "adjusted_copayment_follows": 1,
            "adjusted_copayment_has_its_cause": 1,
            "caps_are_not_stale": 15,
            "national_copayment_is_above_the_minimum": 4,
        },
    }
    # Weights are set once a year; what changes between quarters are drugs.
    causes = "SELECT count(*) FROM opps_code_change WHERE change_kind = 'repriced' AND causes NOT LIKE '%drug_rate%'"
    assert asked(real, causes) == [(3,)]


# What is done to the columns of the real file, as a SELECT over its rows in their order.
DAMAGES = {
    "weight and rate exchanged": "* REPLACE (payment_rate AS relative_weight, relative_weight AS payment_rate)",
    "national and minimum exchanged": "* REPLACE (minimum_copayment AS national_copayment, national_copayment AS minimum_copayment)",
    "minimum and adjusted exchanged": "* REPLACE (adjusted_copayment AS minimum_copayment, minimum_copayment AS adjusted_copayment)",
    "national and adjusted exchanged": "* REPLACE (adjusted_copayment AS national_copayment, national_copayment AS adjusted_copayment)",
    "rate and minimum exchanged": "* REPLACE (minimum_copayment AS payment_rate, payment_rate AS minimum_copayment)",
    "rate shifted": "* REPLACE (lag(payment_rate) OVER (ORDER BY source_line) AS payment_rate)",
    "weight shifted": "* REPLACE (lag(relative_weight) OVER (ORDER BY source_line) AS relative_weight)",
    "status shifted": "* REPLACE (lag(status_indicator, 1, 'N') OVER (ORDER BY source_line) AS status_indicator)",
    "APC emptied": "* REPLACE ('' AS apc)",
    "APC shifted": "* REPLACE (lag(apc, 1, '') OVER (ORDER BY source_line) AS apc)",
    "minimum shifted": "* REPLACE (lag(minimum_copayment) OVER (ORDER BY source_line) AS minimum_copayment)",
    "adjusted shifted": "* REPLACE (lag(adjusted_copayment) OVER (ORDER BY source_line) AS adjusted_copayment)",
    "minimum all zero": "* REPLACE (if(minimum_copayment IS NULL, NULL, 0) AS minimum_copayment)",
    "one rate a cent higher": "* REPLACE (payment_rate + if(hcpcs_code = '45378', 0.01, 0) AS payment_rate)",
}  # fmt: skip
CHECKS = load_checks(addenda.CHECKS)


@pytest.fixture(scope="module")
def january():
    """The stage tables of January 2025 as CMS has it."""
    if not REAL.is_dir():
        pytest.skip(NOT_THERE)
    [layout] = file_kinds()["opps_addendum_b"].layouts
    read = read_file((REAL / JANUARY).read_bytes(), JANUARY, (layout,), OPPS.declared.tables)
    con = database.connect(1)
    con.register("frame", read.frame)
    con.execute("CREATE TABLE as_cms_has_it AS FROM frame")
    con.execute("CREATE SCHEMA stage")
    database.create(con, OPPS.declared.tables["stage.opps_addendum_a"])
    con.execute("CREATE TABLE stage.opps_addendum_b AS FROM as_cms_has_it")
    con.execute(
        "CREATE TABLE this_release AS SELECT 'OPPS25Q1' AS release_id, DATE '2025-01-01' AS effective_from, false AS is_sample"
    )
    addenda.stage_addenda(con, "opps")
    return con


def errors(con: duckdb.DuckDBPyConnection, columns: str) -> set[str]:
    """The checks that refuse the rows of January with those columns."""
    con.execute(
        f"CREATE OR REPLACE TABLE stage.opps_addendum_b AS SELECT {columns} FROM as_cms_has_it"
    )
    con.execute(f"CREATE OR REPLACE TABLE schedule_factor AS {addenda.factor_query('opps')}")
    found = {check.name: len(con.sql(check.query).fetchall()) for check in CHECKS}
    rows = con.sql("SELECT count(*) FROM stage.opps_addendum_b").fetchall()[0][0]
    severities = {check.name: check.severity_in(2025, found[check.name], rows) for check in CHECKS}
    return {name for name, count in found.items() if count and severities[name] == "error"}


@pytest.mark.real
def test_the_real_rows_are_not_refused(january) -> None:
    assert errors(january, "*") == set()


@pytest.mark.real
def test_a_status_indicator_of_which_nothing_is_declared_loads_with_its_reason(january) -> None:
    changed = "* REPLACE (if(hcpcs_code = '45378', 'K2', status_indicator) AS status_indicator)"
    assert errors(january, changed) == set()
    known = next(check for check in CHECKS if check.name == "status_indicators_are_known")
    assert len(january.sql(known.query).fetchall()) == 1
    january.execute(
        "CREATE OR REPLACE TABLE this_release AS SELECT *, false AS is_sample, 'B.csv' AS main_file "
        "FROM (SELECT 'OPPS25Q1' AS release_id, DATE '2025-01-01' AS effective_from)"
    )
    asked_for = (
        f"SELECT price_status, payment_rate FROM ({opps_code_query()}) WHERE hcpcs_code = '45378'"
    )
    assert january.sql(asked_for).fetchall() == [("unknown_status_indicator", None)]


@pytest.mark.real
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_column_that_is_exchanged_or_shifted_by_a_row_is_refused(january, damage) -> None:
    assert errors(january, DAMAGES[damage])
