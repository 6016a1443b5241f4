"""Hospital outpatient addenda in a warehouse: CMS's own files, and files of quarters that are yet to come."""

import csv
import io
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from pipeline.read.file import read_file
from pipeline.read.sort import file_kinds
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules import opps_addenda as addenda
from pipeline.schedules.opps.definition import OPPS, opps_code_query
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers.places import NOT_THERE, REAL_FILES

REAL = REAL_FILES / "opps"
JANUARY = "Section 508 version of January 2025 Web Addendum B.12.31.24.csv"

# ---------------------------------------------------------------- quarters that are yet to come

FACTOR = Decimal("91.415")
HEAD = [
    "HCPCS Code", "Short Descriptor", "SI", "APC", "Relative Weight", "Payment Rate",
    "National Unadjusted Copayment", "Minimum Unadjusted Copayment", "IRA Coinsurance percentage ",
    "Adjusted Beneficiary Copayment", "Drug and Device Pass-Through Expiration during Calendar Year", "Note",
    "* Indicates a Change",
]  # fmt: skip
WEIGHTS = {
    "45378": ("T", "5311", "10.2245"),
    "27447": ("J1", "5115", "144.2970"),
    "11719": ("Q1", "5733", "0.6661"),
}


def cells(weights: dict[str, tuple[str, str, str]]) -> list[list[str]]:
    """The rows of an Addendum B as CMS writes them, with rates that follow from the weights."""
    cent = Decimal("0.01")
    rows = []
    for code, (status, apc, weight) in weights.items():
        rate = (Decimal(weight) * FACTOR).quantize(cent, ROUND_HALF_UP)
        fifth = (rate * 20).to_integral_value("ROUND_CEILING") / 100
        rows.append(
            [
                code,
                "A label",
                status,
                apc,
                weight,
                f"${rate:,}",
                ".",
                f"${fifth:,}",
                "",
                "",
                "",
                "",
                "",
            ]
        )
    rows.append(["A4341\xff", "A label", "N ", "", "", " ", "", "", "", "", "", "", "*"])
    rows.append(
        [
            "J0585",
            "A label",
            "K",
            "0902",
            "",
            "$6.502",
            ".",
            "$1.31",
            "20.000%",
            "$1.31",
            "",
            "",
            "",
        ]
    )
    return rows


def text_of(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("cp1252")


def written(
    folder: Path, name: str, rows: list[list[str]], head: list[str] = HEAD, year: int = 2026
) -> Path:
    """A file of CMS of that name, as CSV or workbook, with its titles above the head."""
    folder.mkdir(parents=True, exist_ok=True)
    titles = [
        ["", f"Addendum B.-- OPPS Payment by HCPCS Code for CY {year}"],
        ["", "Copyright words."],
        [],
        # Titles were doubled in 2024.
        *([["", "Copyright words."], []] if "April" in name else []),
    ]
    lines = [[*cells, *[""] * (len(head) - len(cells))] for cells in [*titles, head, *rows]]
    if name.endswith(".csv"):
        (folder / name).write_bytes(text_of(lines))
        return folder
    with xlsxwriter.Workbook(folder / name) as book:
        sheet = book.add_worksheet("Web Addendum B")
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, [_of_workbook(cell) for cell in line])
    return folder


def _of_workbook(cell: str) -> str | float:
    """A workbook has amounts and percentages as numbers, and a clean code."""
    if cell.startswith("$"):
        return float(cell[1:].replace(",", ""))
    if cell.endswith("%"):
        return float(cell[:-1]) / 100
    return cell.strip("\xff")


def refreshed(place: Path, today: date = date(2026, 2, 1)):
    return refresh(
        Options(raw=place / "raw", warehouse=place / "warehouse", today=today), Report(quiet=True)
    )


def asked(place: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(place / "warehouse" / "fee_schedule.duckdb"), read_only=True) as con:
        return con.sql(query).fetchall()


# Files whose columns stand under the words of each other, each the Addendum B of a quarter of its own.
EXCHANGED = {
    "July 2026 Web Addendum B.06.26.26.csv": ("Relative Weight", "Payment Rate"),
    "October 2026 Web Addendum B.09.30.26.csv": ("SI", "APC"),
    "January 2027 Web Addendum B.12.30.26.csv": ("Note", "SI"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Quarters and a final rule that are yet to come, beside files that are damaged.

    Two quarters lie loose in one folder; the second has other words, one more column, a workbook, and
    an Addendum A of a later day in a folder of its own.
    """
    place = tmp_path_factory.mktemp("made")
    raw = place / "raw" / "downloads"
    written(raw, "508 version of January 2026 Web Addendum B.12.30.25.csv", cells(WEIGHTS))
    head = [
        *("HCPCS", "Short Descriptor", "Status Indicator", *HEAD[3:8], "A New Column", *HEAD[8:12]),
        "* Indicates a Change from January",
    ]
    more = cells(WEIGHTS | {"45385": ("T", "5312", "13.2230")})
    wider = [[*row[:8], "new", *row[8:]] for row in more]
    april = "508 version of April 2026 Web Addendum {}.03.28.26.{}"
    written(raw, april.format("B", "csv"), wider, head)
    written(raw, april.format("B", "xlsx"), wider, head)
    apcs = [[row[3], "A title", row[2], *row[4:]] for row in more if row[3]]
    apart = april.format("A", "csv").replace("03.28", "04.02")
    head = ["APC ", "Group Title", "SI", *HEAD[4:]]
    written(place / "raw" / "april-2026-opps-addendum-a", apart, apcs, head)
    for name, (one, another) in EXCHANGED.items():
        other = {one: another, another: one}
        head = [other.get(words, words) for words in HEAD]
        written(place / "raw" / name[:4], name, cells(WEIGHTS), head, int(name.split()[1]))
    _write_rule(place / "raw" / "rule")
    outcome = refreshed(place)
    assert outcome.releases == ["OPPS26FR", "OPPS26Q1", "OPPS26Q2"]
    assert len(outcome.refused) == len(EXCHANGED)
    return place


def _write_rule(folder: Path) -> None:
    """An Addendum B of a final rule, in which the comment indicator stands before the status indicator."""
    folder.mkdir(parents=True)
    head = [*HEAD[:2], " CI", " SI", " APC ", *HEAD[4:12]]
    rows = [[*row[:2], "CH ", *row[2:12]] for row in cells(WEIGHTS)]
    lines = [["", "Addendum B.-- OPPS Payment by HCPCS Code for CY 2026"], head, *rows]
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\r\n")
    writer.writerows([*line, *[""] * (len(head) - len(line))] for line in lines)
    (folder / "2026 NFRM Addendum B.11202025.txt").write_bytes(text.getvalue().encode("cp1252"))


def test_the_next_quarter_and_the_next_year_load_in_any_form_with_other_words_and_columns(
    made,
) -> None:
    rates = "SELECT release_id, payment_rate FROM opps_code WHERE hcpcs_code = '45378' ORDER BY 1"
    assert asked(made, rates) == [(f"OPPS26Q{n}", Decimal("934.67")) for n in (1, 2)]
    factors = (
        "SELECT release_id, derived_factor, weight_count, curated_factor FROM schedule_factor "
        "WHERE schedule = 'opps' ORDER BY 1"
    )
    assert asked(made, factors) == [("OPPS26Q1", FACTOR, 3, None), ("OPPS26Q2", FACTOR, 4, None)]
    assert asked(made, "SELECT count(*) FROM opps_apc") == [(5,)]
    forms = "SELECT comparison, compared_count, verdict FROM reconciliation WHERE comparison LIKE '%csv%'"
    assert asked(made, forms) == [("opps_addendum_b csv = xlsx", 78, "equal")]
    assert asked(made, "SELECT hcpcs_code, change_kind FROM opps_code_change") == [
        ("45385", "added")
    ]
    assert asked(made, "SELECT DISTINCT layout_evidence FROM release") == [("inferred",)]


def test_columns_under_the_words_of_each_other_refuse_the_file(made) -> None:
    """The fixture holds that each is refused; nothing of them is in the warehouse."""
    named = "SELECT count(*) FROM source_file WHERE source_file LIKE '%2027%' OR source_file LIKE '%Jul%'"
    assert asked(made, named) == [(0,)]


def test_the_final_rule_never_answers_for_a_quarter(made) -> None:
    """Nor is its comment indicator taken for a status indicator, nor that for an APC."""
    rows = "SELECT DISTINCT comment_indicator, count(*) FROM opps_rule_code GROUP BY 1"
    assert asked(made, rows) == [("CH", 5)]
    statuses = (
        "SELECT hcpcs_code, status_indicator, apc FROM opps_rule_code "
        "WHERE hcpcs_code IN ('45378', 'A4341') ORDER BY ALL"
    )
    assert asked(made, statuses) == [("45378", "T", "5311"), ("A4341", "N", "")]
    of_rule = "SELECT count(*) FROM opps_code_as_known WHERE posting_id LIKE '%FR%'"
    assert asked(made, of_rule) == [(0,)]


# ---------------------------------------------------------------- CMS's own files


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
    return place


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
        "CREATE TABLE this_release AS SELECT 'OPPS25Q1' AS release_id, DATE '2025-01-01' AS effective_from"
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
