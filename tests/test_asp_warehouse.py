"""Payment limits of drugs and their packages in a warehouse: CMS's files of four postings."""

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules.asp.definition import ASP
from pipeline.schedules.ndc.definition import NDC
from tests.helpers.places import NOT_THERE, REAL_FILES

FILES = REAL_FILES / "asp"
pytestmark = [
    pytest.mark.whole,
    pytest.mark.real,
    pytest.mark.skipif(not FILES.exists(), reason=NOT_THERE),
]


@pytest.fixture(scope="module")
def con(tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    """All of CMS's files in hand in one folder, as they are."""
    place = tmp_path_factory.mktemp("asp")
    raw = place / "raw"
    shutil.copytree(FILES, raw)
    options = Options(raw=raw, warehouse=place / "warehouse", today=date(2025, 8, 1))
    outcome = refresh(options, Report(quiet=True))
    assert outcome.refused == []
    with duckdb.connect(str(place / "warehouse" / "fee_schedule.duckdb"), read_only=True) as found:
        yield found


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return con.sql(query).fetchall()


def test_the_postings_of_a_quarter_are_told_by_what_lies_in_the_files(con) -> None:
    query = "SELECT posting_id, is_current, is_latest, layout_evidence FROM release ORDER BY 1"
    assert rows(con, query) == [
        ("ASP24Q4@2024-09-18", True, False, "declared"),
        ("ASP25Q1@2024-12-19", False, False, "declared"),
        # Twice there, in a zip and beside it; the zip is named after the day of the other posting.
        ("ASP25Q1@2025-03-07", True, False, "declared"),
        ("ASP25Q3@2025-06-23", True, True, "declared"),
        ("NDC25Q1@2024-12-20", True, False, "declared"),
        ("NDC25Q3@2025-06-23", True, True, "declared"),
    ]


@pytest.mark.parametrize(
    ("day", "known_on", "limit"),
    [("2025-02-01", "2025-01-15", "2.202"), ("2025-02-01", "9999-12-31", "1.855"),
     ("2025-02-01", "2025-03-06", "2.202"), ("2025-02-01", "2025-03-07", "1.855")],
)  # fmt: skip
def test_a_limit_is_that_of_the_day_as_it_was_known_then(con, day, known_on, limit) -> None:
    query = (
        "SELECT payment_limit FROM drug_limit_as_known WHERE hcpcs_code = 'J7213' "
        f"AND DATE '{day}' BETWEEN effective_from AND effective_to "
        f"AND DATE '{known_on}' BETWEEN known_from AND known_to"
    )
    assert rows(con, query) == [(Decimal(limit),)]


def test_the_second_posting_changed_four_limits_and_nothing_else(con) -> None:
    columns = "* EXCLUDE (posting_id, source_file, note, updated_in)"
    both = f"(SELECT {columns} FROM superseded.drug_limit) EXCEPT (SELECT * EXCLUDE (release_id, source_file, note, updated_in) FROM drug_limit WHERE release_id = 'ASP25Q1')"
    both = both.replace("EXCLUDE (posting_id", "EXCLUDE (posting_id, release_id")
    assert sorted(row[0] for row in rows(con, both)) == ["J7213", "J9204", "Q5126", "Q5130"]
    updated = "SELECT hcpcs_code FROM drug_limit WHERE updated_in = DATE '2025-04-01' ORDER BY ALL"
    assert [row[0] for row in rows(con, updated)] == ["J7213", "J9204", "Q5126", "Q5130"]


def test_limits_have_the_counts_of_cms(con) -> None:
    counted = """
        count(*), count(*) FILTER (price_status = 'contractor_priced'),
        count(*) FILTER (coinsurance_percent = 20), count(*) FILTER (coinsurance_percent = 0),
        count(*) FILTER (coinsurance_percent BETWEEN 0.001 AND 19.999), count(*) FILTER (is_inflation_adjusted),
        count(vaccine_limit), count(blood_limit), count(*) FILTER (is_clotting_factor),
        count(*) FILTER (has_reference_add_on), count(*) FILTER (is_amp_based), count(*) FILTER (is_lesser_of),
        count(DISTINCT dosage_text), count(dosage_quantity), count(added_in)
    """
    query = f"SELECT release_id, {counted} FROM drug_limit GROUP BY ALL ORDER BY ALL"
    assert rows(con, query) == [
        ("ASP24Q4", 865, 4, 786, 31, 48, 48, 27, 4, 34, 16, 5, 5, 133, 836, 33),
        ("ASP25Q1", 877, 1, 788, 31, 58, 59, 28, 4, 34, 20, 5, 5, 135, 848, 35),
        ("ASP25Q3", 970, 1, 857, 31, 82, 82, 28, 4, 35, 24, 6, 5, 139, 938, 40),
    ]
    unpriced = (
        "SELECT release_id, hcpcs_code FROM drug_limit WHERE payment_limit IS NULL ORDER BY ALL"
    )
    assert rows(con, unpriced) == [
        *(("ASP24Q4", code) for code in ("A9606", "J0739", "J0750", "J0751")),
        ("ASP25Q1", "A9606"),
        ("ASP25Q3", "A9606"),
    ]
    assert rows(con, "SELECT count(*) FROM superseded.drug_limit") == [(877,)]


def test_the_old_workbook_agrees_with_the_csv_in_every_cell(con) -> None:
    query = "SELECT comparison, compared_count, matched_count, verdict FROM reconciliation"
    assert rows(con, query) == [("asp csv = xls", 877 * 11, 877 * 11, "equal")]


def test_every_line_is_accounted_for(con) -> None:
    query = "SELECT line_count, header_count, loaded_count, continuation_count FROM source_file WHERE is_loaded ORDER BY ALL"
    assert rows(con, query) == [
        (875, 9, 865, 1), (887, 9, 877, 1), (887, 9, 877, 1), (980, 9, 970, 1),
        (7189, 9, 7172, 8), (7890, 9, 7873, 8),
    ]  # fmt: skip


def test_packages_have_the_counts_of_cms(con) -> None:
    query = "SELECT release_id, count(*), count(ndc11), count(*) FILTER (ndc11 IS NULL AND hcpcs_code[:2] = 'Q4') FROM drug_ndc GROUP BY ALL ORDER BY ALL"
    assert rows(con, query) == [("NDC25Q1", 7172, 6478, 693), ("NDC25Q3", 7873, 6733, 1139)]
    several = "FROM drug_ndc SELECT release_id, ndc11 WHERE ndc11 IS NOT NULL GROUP BY ALL HAVING count(*) > 1"
    query = f"SELECT release_id, count(*) FROM ({several}) GROUP BY ALL ORDER BY ALL"
    assert rows(con, query) == [("NDC25Q1", 149), ("NDC25Q3", 133)]


def test_changes_have_their_causes(con) -> None:
    query = (
        "SELECT release_id, change_kind, count(*) FROM drug_limit_change GROUP BY ALL ORDER BY ALL"
    )
    assert rows(con, query) == [
        ("ASP25Q1", "added", 37), ("ASP25Q1", "coinsurance_changed", 2), ("ASP25Q1", "dosage_changed", 1),
        ("ASP25Q1", "removed", 25), ("ASP25Q1", "repriced", 772), ("ASP25Q1", "terms_changed", 15),
        ("ASP25Q3", "added", 109), ("ASP25Q3", "coinsurance_changed", 1), ("ASP25Q3", "removed", 16),
        ("ASP25Q3", "repriced", 813), ("ASP25Q3", "terms_changed", 2), ("ASP25Q3", "texts_only", 1),
    ]  # fmt: skip
    query = "SELECT hcpcs_code, dosage_text_before, dosage_text_after, payment_limit_before, payment_limit_after, limit_change FROM drug_limit_change WHERE change_kind = 'dosage_changed'"
    assert rows(con, query) == [
        ("J2404", "1 MG", "0.1 MG", Decimal("0.539"), Decimal("0.077"), None)
    ]


def test_checks_find_what_cms_has(con) -> None:
    query = "SELECT release_id, check_name, finding_count FROM check_result WHERE finding_count > 0 ORDER BY ALL"
    assert rows(con, query) == [
        # CMS's own: "Inj, nicardipine 0.1 mg" with the dosage 1 MG, which the next release corrects.
        ("ASP24Q4", "descriptions_name_their_dosage", 1),
        ("ASP25Q1", "limits_move_by_less_than_half", 18),
        ("ASP25Q3", "limits_move_by_less_than_half", 43),
        ("NDC25Q1", "a_code_has_one_dosage", 23),
        ("NDC25Q1", "billing_units_multiply", 55),
        ("NDC25Q1", "packages_are_national_drug_codes", 1),
        ("NDC25Q3", "a_code_has_one_description", 1),
        ("NDC25Q3", "a_code_has_one_dosage", 8),
        ("NDC25Q3", "billing_units_multiply", 244),
        ("NDC25Q3", "packages_are_national_drug_codes", 1),
    ]


def test_the_examples_of_the_tables_answer(con) -> None:
    for schedule in (ASP, NDC):
        for table in schedule.declared.public_tables:
            for example in table.examples if table.name.startswith("drug") else ():
                assert rows(con, example)
