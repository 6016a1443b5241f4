"""The laboratory fee schedule, by small tables: which release a file is, what it pays, what changed."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from pipeline.errors import RefusedError
from pipeline.read.sort import kinds_of
from pipeline.release.quarter import period
from pipeline.schedules.clfs.definition import CLFS, lab_fee_query
from pipeline.schedules.clfs.identity import identify
from pipeline.schedules.clfs.periods import missing_release
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers.staged import staged

TITLE = "2025 Clinical Diagnostic Laboratory Fee Schedule"
HEAD = "YEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC,LONGDESC,EXTENDED LONGDESC"

# ---------------------------------------------------------------- which release


@pytest.mark.parametrize(
    ("bundle", "file", "release_id", "version"),
    [
        ("25CLABQ1.zip", "CLFS 2025 Q1V1.csv", "CLFS25Q1", 1),
        ("clfs_cy25_q4v1.zip", "CLFS 2025 Q4V1.csv", "CLFS25Q4", 1),
        ("clfs_26q2", "PUF_CLFS_CY2026_Q2V1.csv", "CLFS26Q2", 1),
        ("25CLABQ3v2.zip", "CLFS 2025 Q3V1.csv", "CLFS25Q3", 2),
        ("25CLABQ3.zip", "CLFS 2025 Q3V2.csv", "CLFS25Q3", 2),
        ("", "CLFS 2025 Q1V1.csv", "CLFS25Q1", 1),
        ("downloads", "PUF_CLFS_CY2026_Q2V1.txt", "CLFS26Q2", 1),
        # The zip of January named no quarter before 2019.
        ("18CLAB.zip", "CLFS January.csv", "CLFS18Q1", 1),
        ("18CLABQ2.zip", "CLFS April.csv", "CLFS18Q2", 1),
        ("18CLAB.zip", "CLAB2018v1.csv", "CLFS18Q1", 1),
        ("26CLABQ4.zip", "PUF-CLFS-CY2026-Q4V1.csv", "CLFS26Q4", 1),
        ("", "CLFS2026Q4V2.txt", "CLFS26Q4", 2),
        ("", "CLFS_CY_2026_Q4.xlsx", "CLFS26Q4", 1),
    ],
)
def test_names_say_quarter_and_version(bundle, file, release_id, version) -> None:
    found = identify([], bundle, f"{bundle}/{file}")
    assert (found.release_id, found.version) == (release_id, version)
    assert found.posting_id == f"{release_id}@V{version}"
    assert found.calendar_year == 2000 + int(release_id[4:6])
    assert [kind.name for kind in kinds_of(file)] == ["clfs"]


@pytest.mark.parametrize(
    ("head", "bundle", "file", "words"),
    [
        ([], "downloads", "CLFS fees.csv", "says of which quarter"),
        ([], "25CLABQ1.zip", "CLFS 2025 Q2V1.csv", "but CLFS 2025 Q2V1.csv of quarter 2 of 2025"),
        ([TITLE], "26CLABQ1.zip", "CLFS 2026 Q1V1.csv", "the title names 2025"),
        ([], "25CLABQ5.zip", "CLFS.csv", "says of which quarter"),
        ([], "downloads", "CLAB2018v1.csv", "says of which quarter"),
    ],
)
def test_what_does_not_say_its_quarter_or_contradicts_itself_is_refused(
    head, bundle, file, words
) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        identify(head, bundle, file)
    assert "25CLABQ1" in caught.value.advice


def test_a_release_is_for_its_quarter() -> None:
    assert period("CLFS25Q1", 2025) == (date(2025, 1, 1), date(2025, 3, 31))
    assert period("SAMPLECLFS24Q4", 2024) == (date(2024, 10, 1), date(2024, 12, 31))


def test_a_quarter_that_nobody_loaded_is_asked_for() -> None:
    held = [
        {"release_id": "CLFS25Q4", "effective_from": "2025-10-01", "effective_to": "2025-12-31"}
    ]
    assert missing_release(held, date(2025, 12, 31)) is None
    sentence = missing_release(held, date(2026, 1, 1)).sentence
    assert "CLFS26Q1" in sentence and "the latest is CLFS25Q4" in sentence


# ---------------------------------------------------------------- what a test pays

SOUND = """
    code   mod  since       ind  rate
    85025  -    2025-01-01  N    7.77
    85025  QW   2025-01-01  N    7.77
    G0567  -    2025-10-01  L    0
    G0567  QW   2025-10-01  L    0
    0001U  -    2025-01-01  N    720.00
    P9604  -    2025-01-01  L    N/A
"""


def release(text: str, year: int = 2025) -> duckdb.DuckDBPyConnection:
    """A release of the fourth quarter of 2025 whose file has those rows."""
    lines = [line.split() for line in text.strip().splitlines()[1:]]
    rows = [
        {
            "calendar_year": year,
            "hcpcs_code": code,
            "modifier": "" if modifier == "-" else modifier,
            "effective_from": date.fromisoformat(since),
            "rate_indicator": indicator,
            "rate": Decimal(rate) if rate[0].isdigit() else None,
            "rate_words": "" if rate[0].isdigit() or rate == "-" else rate,
            "description": "",
            "long_description": "",
            "extended_description": "",
            "source_line": number,
        }
        for number, (code, modifier, since, indicator, rate) in enumerate(lines, start=6)
    ]
    return staged(
        CLFS.declared, {"clfs": rows}, release_id="CLFS25Q4", calendar_year=2025,
        effective_from=date(2025, 10, 1), is_sample=False, main_file="CLFS 2025 Q4V1.csv",
    )  # fmt: skip


def test_a_rate_of_the_contractor_is_no_price() -> None:
    query = "SELECT hcpcs_code, modifier, price_status, rate, code_system FROM fees ORDER BY ALL"
    fees = release(SOUND).sql(f"WITH fees AS ({lab_fee_query()}) {query}").fetchall()
    assert fees == [
        ("0001U", "", "priced", Decimal("720.00"), "CPT"),
        ("85025", "", "priced", Decimal("7.77"), "CPT"),
        ("85025", "QW", "priced", Decimal("7.77"), "CPT"),
        ("G0567", "", "contractor_priced", None, "HCPCS"),
        ("G0567", "QW", "contractor_priced", None, "HCPCS"),
        ("P9604", "", "contractor_priced", None, "HCPCS"),
    ]


@pytest.mark.parametrize("rate", ["-", "Pending"])
def test_a_national_rate_without_a_number_is_not_published(rate: str) -> None:
    query = f"SELECT price_status, rate FROM ({lab_fee_query()})"
    fees = release(f"code mod since ind rate\nP9612 - 2025-10-01 N {rate}").sql(query)
    assert fees.fetchall() == [("no_fee_published", None)]


# The name of a check, and the smallest file in which it finds something.
BROKEN = {
    "local_rates_are_zero": "code mod since ind rate\nP9612 - 2025-10-01 N 0",
    "waived_tests_have_their_twin": "code mod since ind rate\nP9612 QW 2025-10-01 N 9.09",
    "waived_tests_have_the_rate_of_their_twin": "code mod since ind rate\nP9612 QW 2025-10-01 N 9.09\nP9612 - 2025-10-01 N 9.08",
    "rates_are_stated": "code mod since ind rate\nP9612 - 2025-10-01 N Pending",
    "rows_begin_by_the_end_of_the_release": "code mod since ind rate\nP9612 - 2026-01-01 N 9.09",
    "newest_rows_begin_with_the_release": "code mod since ind rate\nP9612 - 2025-07-01 N 9.09",
}
CHECKS = {check.name: check for check in load_checks(CLFS.release_checks)}


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_breaks_its_rule_and_nothing_else(name: str) -> None:
    query = CHECKS[name].query
    assert release(SOUND).sql(query).fetchall() == []
    broken = release(SOUND, 2026) if name == "rows_are_of_the_year" else release(BROKEN[name])
    assert {row[0] for row in broken.sql(query).fetchall()} == {"clfs"}


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("local_rates_are_zero", "P9612 - 2025-10-01 L 9.09"),
        ("rates_are_stated", "P9612 - 2025-10-01 N -"),
    ],
)
def test_the_other_side_of_a_rule_is_found_too(name: str, row: str) -> None:
    text = f"code mod since ind rate\n85025 - 2025-10-01 N 7.77\n{row}"
    [(kind, line, _)] = release(text).sql(CHECKS[name].query).fetchall()
    assert (kind, line) == ("clfs", 7)


def test_what_changed_is_added_removed_repriced_or_a_text() -> None:
    with database.connect(1) as con:
        con.execute("""
            CREATE TABLE lab_fee AS FROM (VALUES
                ('CLFS25Q3', 'G0001', '', 'priced', 5.00, 'a'), ('CLFS25Q4', 'G0001', '', 'priced', 6.50, 'a'),
                ('CLFS25Q3', 'G0002', '', 'priced', 5.00, 'a'), ('CLFS25Q4', 'G0002', '', 'priced', 5.00, 'b'),
                ('CLFS25Q3', 'G0003', '', 'priced', 5.00, 'a'), ('CLFS25Q4', 'G0003', '', 'priced', 5.00, 'a'),
                ('CLFS25Q3', 'G0004', '', 'contractor_priced', NULL, 'a'),
                ('CLFS25Q4', 'G0004', '', 'priced', 7.00, 'a'),
                ('CLFS25Q3', 'G0005', 'QW', 'priced', 1.00, 'a'), ('CLFS25Q4', 'G0006', '', 'priced', 2.00, 'a')
            ) AS t(release_id, hcpcs_code, modifier, price_status, rate, description)
        """)
        con.execute("ALTER TABLE lab_fee ADD COLUMN long_description VARCHAR DEFAULT ''")
        con.execute("ALTER TABLE lab_fee ADD COLUMN extended_description VARCHAR DEFAULT ''")
        pair = "SELECT 'CLFS25Q4' AS release_id, 'CLFS25Q3' AS previous_release_id"
        query = CLFS.change.query(pair)
        found = con.sql(
            f"SELECT hcpcs_code, modifier, change_kind, rate_change, changed_texts FROM ({query}) ORDER BY 1"
        ).fetchall()
    assert found == [
        ("G0001", "", "repriced", Decimal("1.50"), ""),
        ("G0002", "", "texts_only", Decimal("0.00"), "description"),
        ("G0004", "", "repriced", None, ""),
        ("G0005", "QW", "removed", None, ""),
        ("G0006", "", "added", None, ""),
    ]
