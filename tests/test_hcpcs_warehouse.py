"""HCPCS Level II in a warehouse: made files of the next year, damaged ones, and CMS's own."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from pipeline.errors import RefusedError
from pipeline.read.workbook import read_workbook
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import HCPCS_BUNDLE
from pipeline.schedules.hcpcs.definition import HCPCS

pytestmark = pytest.mark.whole

TEXT = "HCPC2025_OCT_ANWEB_sample.txt"
BOOK = "HCPC2025_OCT_ANWEB_sample.xlsx"


def cells() -> list[list[str]]:
    """The cells of the workbook of the sample, from its head on."""
    _, grid = read_workbook((HCPCS_BUNDLE / BOOK).read_bytes(), BOOK)
    rows = [[cell or "" for cell in row[1:]] for row in grid.iter_rows()]
    return rows[[row[0] for row in rows].index("HCPC") :]


def write_book(path: Path, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet(path.stem[:31])
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)


def options(place: Path, today: date = date(2027, 2, 1)) -> Options:
    return Options(raw=place / "raw", warehouse=place / "warehouse", today=today)


def opened(place: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(place / "warehouse" / "fee_schedule.duckdb"), read_only=True)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """October 2025 in two forms, and a January 2027 with another column and what CMS may change."""
    place = tmp_path_factory.mktemp("hcpcs")
    shutil.copytree(HCPCS_BUNDLE, place / "raw" / "hcpc2025_oct")
    head, *rows = cells()
    at = {name: number for number, name in enumerate(head)}
    head[at["SHORT DESCRIPTION"]] = "Short Description"
    for row in rows:
        if row[0] == "J1885":
            row[at["TERM DT"]], row[at["ACT EFF DT"]], row[at["ACTION CD"]] = (
                "20261231",
                "20270101",
                "D",
            )
    rows = [[*row, "x"] for row in rows if row[0] != "J2150"]
    write_book(place / "raw" / "next" / "HCPC2027_JAN_ANWEB_v2.xlsx", [[*head, "NEW FIELD"], *rows])
    outcome = refresh(options(place), Report(quiet=True))
    assert outcome.releases == ["HCPCS27Q1", "SAMPLEHCPCS25Q4"] and not outcome.refused
    with opened(place) as con:
        yield con


def test_codes_go_on_in_further_lines_and_both_forms_are_equal(warehouse) -> None:
    account = "SELECT form, line_count, header_count, loaded_count, continuation_count FROM source_file WHERE source_file LIKE '%2025%' ORDER BY 1"
    assert warehouse.sql(account).fetchall() == [("txt", 140, 4, 68, 68), ("xlsx", 73, 5, 68, 0)]
    forms = "SELECT comparison, compared_count, matched_count FROM reconciliation"
    assert warehouse.sql(forms).fetchall() == [("hcpcs txt = xlsx", 68 * 47, 68 * 47)]
    words = "SELECT long_description FROM hcpcs_item WHERE hcpcs_code = 'J1885' AND release_id LIKE 'SAMPLE%'"
    assert (
        warehouse.sql(words)
        .fetchall()[0][0]
        .startswith("Ketorolac shot, 15 mg (this is a label in")
    )


@pytest.mark.parametrize(
    ("day", "code", "is_known"),
    [
        ("2025-12-01", "J1885", True),
        ("2027-01-01", "J1885", False),
        ("2025-10-01", "A2036", True),
        ("2025-12-01", "J2150", False),
    ],
)
def test_a_code_is_known_from_its_first_to_its_last_day(warehouse, day, code, is_known) -> None:
    query = f"""
        SELECT DATE '{day}' BETWEEN added_on AND coalesce(terminated_on, DATE '9999-12-31')
        FROM hcpcs_item_in_force
        WHERE hcpcs_code = '{code}' AND DATE '{day}' BETWEEN effective_from AND effective_to
    """
    assert warehouse.sql(query).fetchall() == [(is_known,)]


def test_the_next_year_loads_with_a_column_more_and_says_what_changed(warehouse) -> None:
    changes = "FROM hcpcs_item_change SELECT hcpcs_code, change_kind, changed_columns ORDER BY 1"
    assert warehouse.sql(changes).fetchall() == [
        ("J1885", "ended", "terminated_on"), ("J2150", "removed", ""),
    ]  # fmt: skip
    found = "SELECT DISTINCT check_name FROM check_result WHERE finding_count > 0 ORDER BY 1"
    # The day of the last change of the sample is older, and no source tells of such a file.
    assert warehouse.sql(found).fetchall() == [("columns_are_known",), ("layouts_are_declared",)]
    version = "SELECT posting_id, layout_evidence FROM release ORDER BY 1 LIMIT 1"
    assert warehouse.sql(version).fetchall() == [("HCPCS27Q1@V2", "inferred")]
    for name in ("hcpcs_item", "hcpcs_modifier", "hcpcs_indicator"):
        for example in HCPCS.declared.tables[name].examples:
            assert warehouse.sql(example).fetchall(), example


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "another", "words"),
    [
        ("ADD DT", "TERM DT", "added_on"),
        ("COV", "ACTION CD", "indicators_are_known|ended_codes"),
        ("PRICE1", "PRICE2", "codes_have_a_pricing_indicator"),
        ("PRICE1", "PROCNOTE", "price_1|pricing|processing_note"),
        ("RECID", "SEQNUM", "record_type|key|goes on|no_data"),
        ("TOS1", "TOS2", "codes_have_their_groups"),
        ("ACT EFF DT", "TERM DT", "ended_codes_have_a_last_day|terminated_on"),
        ("MULT_PI", "COV", "coverage_code"),
        ("ADD DT", "ACT EFF DT", "changes_follow_the_beginning|ended_codes_have_a_last_day"),
    ],
)
def test_a_file_with_two_columns_exchanged_is_refused(tmp_path, one, another, words) -> None:
    rows = cells()
    first, second = rows[0].index(one), rows[0].index(another)
    for row in rows[1:]:
        row[first], row[second] = row[second], row[first]
    write_book(tmp_path / "raw" / "HCPC2025_OCT_ANWEB.xlsx", rows)
    with pytest.raises(RefusedError, match=words):
        refresh(options(tmp_path), Report(quiet=True))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        # A line of a descriptor whose record is lost, a cut file, text where no field lies.
        (lambda x: x.replace(b"J1885001003", b"J1886001003"), "the line goes on with a record"),
        (lambda x: x.replace(b"J1885001003", b"J1885001004"), "the line goes on with a record"),
        (lambda x: x.replace(b"J1885001003", b"J1100001003"), "the line goes on with a record"),
        (
            lambda x: x.replace(b"1993010120250101        N", b"1993010120251301        N"),
            "action_effective_on",
        ),
        (
            lambda x: x.replace(b"1993010120250101        N", b"1993010120250101        N X"),
            "no field|record",
        ),
    ],
)
def test_a_text_form_that_does_not_hold_together_is_refused(tmp_path, damage, words) -> None:
    (tmp_path / "raw").mkdir()
    path = tmp_path / "raw" / TEXT
    data = (HCPCS_BUNDLE / TEXT).read_bytes()
    assert damage(data) != data
    path.write_bytes(damage(data))
    with pytest.raises(RefusedError, match=words):
        refresh(options(tmp_path), Report(quiet=True))


# ---------------------------------------------------------------- CMS's own files


@pytest.mark.real
@pytest.mark.slow
def test_the_files_of_cms_have_their_known_counts(january: duckdb.DuckDBPyConnection) -> None:
    codes, modifiers = (
        january.sql(f"SELECT release_id, count(*), count(terminated_on), count(*) FILTER (action_effective_on IS NULL) FROM {table} GROUP BY ALL ORDER BY ALL").fetchall()
        for table in ("hcpcs_item", "hcpcs_modifier")
    )  # fmt: skip
    accounts = january.sql("""
        SELECT form, line_count, header_count, loaded_count, continuation_count, quarantined_count
        FROM source_file WHERE schedule = 'hcpcs' ORDER BY ALL
    """).fetchall()
    forms = january.sql("SELECT comparison, compared_count, matched_count, known_count, different_count FROM reconciliation WHERE schedule = 'hcpcs' AND comparison LIKE 'hcpcs%'").fetchall()  # fmt: skip
    found = january.sql("SELECT check_name, release_id, finding_count FROM check_result WHERE schedule = 'hcpcs' AND finding_count > 0 ORDER BY ALL").fetchall()  # fmt: skip
    kinds = january.sql("SELECT change_kind, count(*) FROM hcpcs_item_change GROUP BY ALL ORDER BY ALL").fetchall()  # fmt: skip
    longest = january.sql("SELECT max(length(long_description)), max(length(description)) FROM hcpcs_item WHERE release_id = 'HCPCS25Q4'").fetchall()  # fmt: skip
    priced = january.sql("""
        SELECT priced_under, count(*) FROM hcpcs_item_current
        JOIN hcpcs_indicator ON indicator = 'pricing_indicator' AND value = pricing_indicator
        WHERE terminated_on IS NULL GROUP BY ALL ORDER BY ALL
    """).fetchall()
    assert codes == [("HCPCS19Q1", 6_440, 506, 1), ("HCPCS25Q4", 8_463, 1_205, 117)]
    assert modifiers == [("HCPCS19Q1", 360, 9, 0), ("HCPCS25Q4", 383, 20, 0)]
    # 11,630 lines of text and 6,809 rows of a workbook are the same 6,800 records.
    assert accounts == [
        ("txt", 11_630, 8, 6_800, 4_822, 0),
        ("xlsx", 6_809, 8, 6_800, 1, 0),
        ("xlsx", 8_847, 1, 8_846, 0, 0),
    ]
    assert forms == [("hcpcs txt = xlsx", 47 * 6_800, 47 * 6_800 - 130, 130, 0)]
    assert found == [
        ("changes_follow_the_beginning", "HCPCS19Q1", 5),
        ("changes_follow_the_beginning", "HCPCS25Q4", 5),
        ("codes_have_a_pricing_indicator", "HCPCS25Q4", 1),
        # They had ended and still stand in RVU25D.
        ("codes_of_schedules_are_listed", "HCPCS25Q4", 51),
        ("unpriced_codes_say_so_twice", "HCPCS25Q4", 1),
    ]
    assert kinds == [("added", 2_023), ("ended", 406), ("other", 130), ("repriced", 21), ("texts_only", 268)]  # fmt: skip
    assert longest == [(4_501, 28)]
    assert sum(count for _, count in priced) == 8_463 - 1_205
