"""Files of drug limits and packages as CMS may write them next: other names, forms and columns."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import duckdb
import pytest
import xlsxwriter

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file, read_head
from pipeline.read.layout import layouts_for
from pipeline.read.sort import file_kinds
from pipeline.read.validate import validate
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules.asp.identity import identify
from schemas.definitions import load_schedule
from tests.helpers.old_book import old_book

pytestmark = pytest.mark.whole

HEAD = [
    "HCPCS Code", "Short Description", "HCPCS Code Dosage", "Payment Limit", "Co-insurance Percentage",
    "Vaccine AWP%", "Vaccine Limit", "Blood AWP%", "Blood limit", "Clotting Factor", "Notes",
]  # fmt: skip
PACKAGE_HEAD = [
    "_2025_CODE", "Short Description", "LABELER NAME", "NDC2", "Drug Name", "HCPCS dosage", "PKG SIZE",
    "PKG QTY", "BILLUNITS", "BILLUNITSPKG", *[""] * 242,
]  # fmt: skip
LIMITS = [
    ["90732", "A vaccine", "0.5 ML", "131.110", "0.000", "95", "131.110", "", "", "", ""],
    ["A9606", "A tracer", "1 microCurie", "N/A", "20.000", "", "", "", "", "", "microCurie 100% AWP = $1\nmicroCurie 100% WAC = $2"],
    ["J7213", "A factor", "1 IU", "2.202", "19.840", "", "", "", "", "1", "Inflation-adjusted coinsurance"],
    ["P9041", "A protein", "50 ML", "10.615", "20.000", "", "", "95", "10.615", "", ""],
    ["J1885", "A drug", "15 MG", "0.346", "20.000", "", "", "", "", "", ""],
]  # fmt: skip
PACKAGES = [
    ["J1885", "A drug", "A labeler", "00409-3795-01", "A product", "15 MG", "1", "25", "2", "50"],
    ["J1885", "A drug", "A labeler,\nInc.", "00409-3796-01", "A product", "15 MG", "2", "25", "4", "100"],
]  # fmt: skip
JANUARY = "Effective January 1, 2025 through March 31, 2025"

Rows = list[list[str]]


def above(title: str, effective: str) -> Rows:
    return [[title], [], [effective], [], ["Note 1: a note"], ["Note 2: a note"], [], []]


def limits(effective: str = JANUARY, rows: Rows = LIMITS, head: list[str] = HEAD) -> Rows:
    return [*above("Payment Allowance Limits for Medicare Part B Drugs", effective), head, *rows]


def csv_of(rows: Rows, line_end: str = "\r\n") -> bytes:
    width = max(map(len, rows))
    text = io.StringIO()
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    csv.writer(text, lineterminator=line_end).writerows(filled)
    return text.getvalue().encode("cp1252")


def numbers(rows: Rows) -> list[list]:
    """As CMS's workbooks have them: numbers with more digits than they show."""
    noise = {"131.110": 131.1099999999999999, "2.202": 2.2019876, "19.840": 19.83951}
    return [[noise.get(cell, number(cell)) for cell in row] for row in rows]


def number(cell: str) -> str | float:
    return float(cell) if cell.replace(".", "").isdigit() and not cell.startswith("9073") else cell


def xlsx_of(rows: list[list]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Jan_25_ASP_byHCPCS")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, [cell if cell != "" else None for cell in row])
    return content.getvalue()


FORMS: dict[str, Callable[[Rows], bytes]] = {
    "csv": csv_of,
    "xlsx": lambda rows: xlsx_of(numbers(rows)),
    "xls": lambda rows: old_book({"Jan_25_ASP_byHCPCS": numbers(rows)}),
}


def read(kind: str, data: bytes, form: str = "csv") -> FileRead:
    declared = load_schedule(kind)
    layouts = layouts_for(tuple(file_kinds()[kind].layouts), kind, form, f"made.{form}")
    found = read_file(data, f"made.{form}", layouts, declared.tables)
    assert found.account.balances
    validate(found, declared, quarantine_rows=False)
    return found


def values(found: FileRead) -> list[tuple]:
    return found.frame.drop("source_line").rows()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_rows(form: str) -> None:
    found = values(read("asp", FORMS[form](limits()), form))
    none, zero, full = None, Decimal("0.000"), Decimal("20.000")
    assert found == [
        ("90732", "A vaccine", "0.5 ML", Decimal("131.110"), "", zero, 95, Decimal("131.110"), none, none, False, ""),
        ("A9606", "A tracer", "1 microCurie", none, "N/A", full, none, none, none, none, False, "microCurie 100% AWP = $1 microCurie 100% WAC = $2"),
        ("J7213", "A factor", "1 IU", Decimal("2.202"), "", Decimal("19.840"), none, none, none, none, True, "Inflation-adjusted coinsurance"),
        ("P9041", "A protein", "50 ML", Decimal("10.615"), "", full, none, none, 95, Decimal("10.615"), False, ""),
        ("J1885", "A drug", "15 MG", Decimal("0.346"), "", full, none, none, none, none, False, ""),
    ]  # fmt: skip
    head = read_head(FORMS[form](limits()), f"x.{form}")
    assert identify(head, "", f"x.{form}").release_id == "ASP25Q1"


def renamed(words: dict[str, str]) -> list[str]:
    return [words.get(cell, cell) for cell in HEAD]


NEXT_YEAR = {
    "another title and order of columns": (
        [["Medicare Part B Payment Limits"], ["Payment limits effective January 1, 2026 to March 31, 2026"], []],
        [10, 0, 2, 1, 3, 4, 5, 6, 7, 8, 9], {},
    ),
    "more lines above the head": ([["A title"], [JANUARY], *[["A note"]] * 9], range(11), {}),
    "other words": (
        above("A title", JANUARY), range(11),
        {"HCPCS Code": "HCPCS", "Short Description": "Short Descriptor", "Co-insurance Percentage": "Coinsurance %",
         "Payment Limit": "Payment Allowance Limit", "Notes": "Note(s)"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEXT_YEAR)
def test_titles_orders_and_words_may_change(name: str) -> None:
    top, order, words = NEXT_YEAR[name]
    table = [renamed(words), *LIMITS]
    rows = [*top, *([row[place] for place in order] for row in table)]
    assert values(read("asp", csv_of(rows))) == values(read("asp", csv_of(limits())))


def test_a_column_that_is_new_is_named_and_not_loaded() -> None:
    rows = [[*row, "new"] for row in LIMITS]
    found = read("asp", csv_of(limits(rows=rows, head=[*HEAD, "Refund Percentage"])))
    assert found.extra == ("Refund Percentage",)
    assert values(found) == values(read("asp", csv_of(limits())))


def test_words_in_the_place_of_a_limit_are_kept_beside_it() -> None:
    cells = ["", "See note 2", "-", "n/a"]
    rows = [[*row[:3], cell, *row[4:]] for row, cell in zip(LIMITS[1:], cells, strict=True)]
    frame = read("asp", csv_of(limits(rows=[LIMITS[0], *rows]))).frame
    assert frame["limit_words"].to_list() == ["", *cells]
    assert frame["payment_limit"].to_list() == [Decimal("131.110"), *[None] * 4]


def test_a_line_of_sums_is_no_record() -> None:
    for words in ("Total", "TOTAL", "Grand total:"):
        with_sum = read("asp", csv_of(limits(rows=[*LIMITS, [words, "", "", "5"]])))
        assert values(with_sum) == values(read("asp", csv_of(limits())))


@pytest.mark.parametrize("lost", [[10], [5, 6], [7, 8]])
def test_a_file_may_lack_columns_that_no_limit_depends_on(lost: list[int]) -> None:
    rows = [
        [cell for place, cell in enumerate(row) if place not in lost] for row in [HEAD, *LIMITS]
    ]
    found = read("asp", csv_of(limits(head=rows[0], rows=rows[1:]))).frame
    whole = read("asp", csv_of(limits())).frame
    assert found["payment_limit"].equals(whole["payment_limit"])


def test_before_april_2023_a_file_has_no_coinsurance() -> None:
    without = [[*row[:4], *row[5:]] for row in limits()]
    found = read("asp", csv_of(without))
    assert found.frame["coinsurance_percent"].to_list() == [None] * 5


@pytest.mark.parametrize(
    ("place", "value"),
    [(3, "0.34"), (3, "0.3460"), (3, "O.346"), (3, "0.34-"), (3, "$.346"), (4, "20"), (4, "20.001"), (4, "120.000"),
     (9, "2"), (0, "J188"), (5, "950"), (6, "1.5")],
)  # fmt: skip
def test_a_value_that_is_none_of_its_column_refuses_the_file(place: int, value: str) -> None:
    row = list(LIMITS[-1])
    row[place] = value
    with pytest.raises(RefusedError):
        read("asp", csv_of(limits(rows=[*LIMITS[:-1], row])))


# Exchanged words over two columns; those that only a check can tell apart are below.
@pytest.mark.parametrize(
    ("one", "another"),
    [(0, 1), (0, 2), (0, 3), (3, 4), (3, 5), (3, 6), (3, 7), (3, 8), (3, 9), (4, 5), (4, 6), (4, 9),
     (4, 10), (5, 9), (6, 9), (9, 10), (2, 9), (1, 4)],
)  # fmt: skip
def test_columns_under_each_others_words_are_refused(one: int, another: int) -> None:
    head = list(HEAD)
    head[one], head[another] = head[another], head[one]
    with pytest.raises(RefusedError):
        read("asp", csv_of(limits(head=head)))


def test_packages_have_hundreds_of_columns_without_words_and_cells_of_two_lines() -> None:
    rows = [["A title"], ["     " + JANUARY], [], ["A notice"], *[[]] * 4, PACKAGE_HEAD, *PACKAGES]
    found = read("ndc", csv_of(rows))
    assert found.frame["labeler"].to_list() == ["A labeler", "A labeler, Inc."]
    assert found.frame["billing_units_per_package"].to_list() == [50, 100]
    assert (found.account.loaded, found.account.continuation, found.extra) == (2, 1, ())
    a_year_behind = [["_2024_CODE", *PACKAGE_HEAD[1:10]], *PACKAGES]
    assert values(read("ndc", csv_of([["A title"], [JANUARY], *a_year_behind]))) == values(found)


# ---------------------------------------------------------------- a folder of files


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Two quarters, one posted twice, beside a file of another quarter and one with exchanged columns."""
    place = tmp_path_factory.mktemp("drugs")
    raw = place / "raw"
    (raw / "copy").mkdir(parents=True)
    later = [[*row[:3], "1.855" if row[0] == "J7213" else row[3], *row[4:]] for row in LIMITS]
    exchanged = renamed(
        {
            "Vaccine AWP%": "Blood AWP%",
            "Vaccine Limit": "Blood limit",
            "Blood AWP%": "Vaccine AWP%",
            "Blood limit": "Vaccine Limit",
        }
    )
    files = {
        "section 508 version of Jan 2025 ASP Pricing File 121924.csv": csv_of(limits()),
        "section 508 verision of January 2025 ASP Pricing File updated 030725.csv": csv_of(limits(rows=later)),
        "copy/section 508 version of Jan 2025 ASP Pricing File updated 030725.csv": csv_of(limits(rows=later), "\n"),
        "April 2026 Medicare Part B Payment Limit File 031926.xls": FORMS["xls"](limits("Effective April 1, 2026 through June 30, 2026")),
        # The same bytes as those of December, under the name of another quarter.
        "Jul 2025 ASP Pricing File 062325.csv": csv_of(limits()),
        "Oct 2025 ASP Pricing File 091825.csv": csv_of(limits("Effective October 1, 2025 through December 31, 2025", head=exchanged)),
        "section 508 version of April 2026 NOC Pricing File 031926.csv": b"CODE,PRICE\r\nJ3490,1.000\r\n",
    }  # fmt: skip
    for name, data in files.items():
        (raw / name).write_bytes(data)
    outcome = refresh(
        Options(raw=raw, warehouse=place / "warehouse", today=date(2026, 5, 1)), Report(quiet=True)
    )
    with duckdb.connect(str(place / "warehouse" / "fee_schedule.duckdb"), read_only=True) as con:
        yield con, outcome, raw


def test_files_of_several_postings_lie_in_one_folder(warehouse) -> None:
    con, outcome, _ = warehouse
    assert con.sql("SELECT posting_id, is_current FROM release ORDER BY 1").fetchall() == [
        ("ASP25Q1@2024-12-19", False), ("ASP25Q1@2025-03-07", True), ("ASP26Q2@2026-03-19", True),
    ]  # fmt: skip
    assert outcome.releases == ["ASP25Q1", "ASP26Q2"]
    [other_quarter, exchanged] = sorted(outcome.refused)
    assert "Jul 2025" in other_quarter and "of quarter 1 of 2025" in other_quarter
    assert "Oct 2025" in exchanged and "blood_products_are_no_vaccines" in exchanged


def test_an_old_workbook_alone_makes_a_release(warehouse) -> None:
    con, *_ = warehouse
    query = "SELECT payment_limit, coinsurance_percent FROM drug_limit_current WHERE hcpcs_code = 'J7213'"
    assert con.sql(query).fetchall() == [(Decimal("2.202"), Decimal("19.840"))]
    assert con.sql("SELECT form FROM source_file WHERE release_id = 'ASP26Q2'").fetchall() == [
        ("xls",)
    ]


def test_a_posting_answers_for_what_was_known_when(warehouse) -> None:
    con, *_ = warehouse
    query = (
        "SELECT payment_limit FROM drug_limit_as_known WHERE hcpcs_code = 'J7213' AND DATE '2025-02-01' "
        "BETWEEN effective_from AND effective_to AND DATE '{}' BETWEEN known_from AND known_to"
    )
    known = [con.sql(query.format(day)).fetchall() for day in ("2025-03-06", "2025-03-07")]
    assert known == [[(Decimal("2.202"),)], [(Decimal("1.855"),)]]
