"""Hospital outpatient addenda of quarters and a final rule that are yet to come, and files of them that are damaged."""

import csv
import io
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import xlsxwriter

from tests.helpers.warehouses import asked, refreshed

pytestmark = pytest.mark.whole

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
    outcome = refreshed(place, date(2026, 2, 1))
    assert outcome.releases == ["OPPS26FR", "OPPS26Q1", "OPPS26Q2"]
    assert len(outcome.refused) == len(EXCHANGED)
    return place / "warehouse"


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


@pytest.mark.slow
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
