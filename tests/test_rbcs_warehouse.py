"""Classes of codes in a warehouse, from made files in the two shapes that public loaders read."""

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import LAB_BUNDLE
from pipeline.sample.builder.rbcs import HEADER
from tests.helpers.warehouses import connected

pytestmark = pytest.mark.whole

# To 2024 the days are called otherwise, and the last five columns are missing.
HEADER_2024 = (
    *(name.replace("RBCS_Id", "RBCS_ID") for name in HEADER[:11]),
    "RBCS_Assignment_Eff_Dt", "RBCS_Assignment_End_Dt",
)  # fmt: skip

OPEN = "12/31/9999"
CLASSES = [
    ("85025", "TL000N", "Test", "Laboratory", "No RBCS Family", "01/01/2014", "10/31/2025", "0"),
    ("85025", "TL001N", "Test", "Laboratory", "Counts, of cells", "11/01/2025", OPEN, "1"),
    ("0001U", "TL002N", "Test", "Laboratory", "Other", "01/01/2017", OPEN, "1"),
    ("93000", "TC001N", "Test", "Heart", "Tracings", "01/01/2014", OPEN, "1"),
    ("27447", "PM010M", "Procedure", "Joints", "Knees", "01/01/2014", OPEN, "1"),
]


def cells(one: tuple[str, ...], year: int) -> dict[str, str]:
    """The cells of a row under the heads of all releases."""
    code, rbcs_id, category, subcategory, family, begin, end, latest = one
    values = (
        code, rbcs_id, rbcs_id[0], category, rbcs_id[:2], subcategory, rbcs_id[2:5], family, rbcs_id[5],
        "01/01/1993", OPEN, latest, str(year), begin, end, "0", "0",
    )  # fmt: skip
    old = {"RBCS_ID": rbcs_id, "RBCS_Assignment_Eff_Dt": begin, "RBCS_Assignment_End_Dt": end}
    return dict(zip(HEADER, values, strict=True)) | old | {"New_Column": "x"}


def rbcs_csv(path: Path, year: int, heads: tuple[str, ...] = HEADER, **renamed: str) -> Path:
    """A file of a release year with those heads; ``renamed`` heads have the cells of another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [cells(one, year) for one in CLASSES]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([row[renamed.get(name, name)] for name in heads] for row in rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path


def exchanged(one: str, other: str) -> dict[str, str]:
    """The cells of each of two columns below the head of the other."""
    return {one: other, other: one}


def rbcs_workbook(path: Path, year: int) -> None:
    """The same as a workbook, whose numbers and days are none of text."""
    with xlsxwriter.Workbook(path, {"default_date_format": "mm/dd/yyyy"}) as workbook:
        page = workbook.add_worksheet("RBCS")
        page.write_row(0, 0, HEADER)
        for line, row in enumerate((cells(one, year) for one in CLASSES), start=1):
            for column, name in enumerate(HEADER):
                text = row[name]
                number = name in (
                    "RBCS_FamNumb",
                    "First_RBCS_Release_Year",
                    "RBCS_Latest_Assignment",
                )
                page.write(line, column, int(text) if number or text == "85025" else text)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Two release years, one in two forms, the next with a new column, and two files that are refused."""
    place = tmp_path_factory.mktemp("rbcs")
    raw = place / "raw"
    path = rbcs_csv(raw / "rbcs-2024" / "2024 RBCS Taxonomy_CSV.csv", 2024, HEADER_2024)
    # No price depends on a row whose days are none: it is set aside.
    path.write_bytes(
        path.read_bytes() + path.read_bytes().splitlines(True)[-1].replace(b"2014", b"20")
    )
    rbcs_csv(raw / "rbcs-2025" / "RBCS_RY_2025.csv", 2025)
    rbcs_workbook(raw / "rbcs-2025" / "RBCS_RY_2025.xlsx", 2025)
    rbcs_csv(raw / "RBCS Taxonomy_RY2026.csv", 2026, (*HEADER[::-1], "New_Column"))
    shutil.copytree(LAB_BUNDLE, raw / LAB_BUNDLE.name)
    rbcs_csv(
        raw / "rbcs-2034" / "RBCS_RY.csv",
        2034,
        **exchanged("HCPCS_Cd_End_Dt", "RBCS_Analysis_End_Dt"),
    )
    rbcs_csv(raw / "rbcs-2035" / "RBCS_RY_2035.csv", 2036)
    outcome = refresh(
        Options(raw=raw, warehouse=place / "warehouse", today=date(2026, 7, 1)), Report(quiet=True)
    )
    assert outcome.releases == ["RBCS24RY", "RBCS25RY", "RBCS26RY", "SAMPLECLFS25Q4"]
    (place / "refused").write_text("\n".join(sorted(str(error) for error in outcome.refused)))
    return place


@pytest.fixture(scope="module")
def con(place):
    yield from connected(place / "warehouse")


def test_all_shapes_give_the_same_classes(con) -> None:
    query = (
        "SELECT list((hcpcs_code, rbcs_id, category, subcategory, family, effective_from, effective_to, "
        "is_latest_assignment, is_major) ORDER BY ALL) FROM code_category WHERE release_id = ?"
    )
    of_2024, of_2025, of_2026 = (
        con.execute(query, [name]).fetchall()[0][0] for name in ("RBCS24RY", "RBCS25RY", "RBCS26RY")
    )
    assert of_2024 == of_2025 == of_2026
    assert len(of_2024) == 5
    aside = con.sql("SELECT release_id, column_name FROM quarantine").fetchall()
    assert aside == [("RBCS24RY", "effective_from")]


def test_a_class_is_asked_for_by_code_and_day_whatever_the_year_of_its_release(con) -> None:
    asked = "SELECT release_id, rbcs_id, family FROM code_category_on(' 85025 ', '{}')"
    assert con.sql(asked.format("2025-10-31")).fetchall() == [("RBCS26RY", "TL000N", "")]
    assert con.sql(asked.format("2030-01-01")).fetchall() == [("RBCS26RY", "TL001N", "Counts, of cells")]  # fmt: skip
    assert con.sql(asked.format("2013-12-31")).fetchall() == []
    assert con.sql("SELECT count(DISTINCT release_id) FROM code_category_current").fetchall() == [(1,)]  # fmt: skip


def test_exchanged_columns_and_files_of_another_year_are_refused(place) -> None:
    of_2034, of_2035 = (place / "refused").read_text().splitlines()
    assert "rbcs-2034" in of_2034 and "and of class TL000N without an end" in of_2034
    assert "rbcs-2035" in of_2035 and "since the release of 2036" in of_2035


def test_show_says_what_kind_of_service_a_code_is(place, printed) -> None:
    words = (place / "warehouse", "show", "85025")
    assert "Kind of service: Test > Laboratory > Counts, of cells (TL001N; RBCS26RY)" in printed(
        *words
    )
    on_a_day = printed(*words, "--on", "2025-10-31")
    assert "Kind of service: Test > Laboratory (TL000N; RBCS26RY)" in on_a_day
    assert json.loads(printed(*words, "--json"))["class"].startswith("Test > ")
