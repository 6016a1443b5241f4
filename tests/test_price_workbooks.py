"""Workbooks of claim lines: cells as they are, sheets beside the first one, values that are not saved."""

import json
import zipfile

import polars as pl
import pytest
import xlsxwriter
from click.testing import CliRunner

from pipeline.cli.price import price
from pipeline.errors import RefusedError, UsageError
from tests.helpers.claim_lines import FIRST_HOUR, HEADS

pytestmark = pytest.mark.whole


def test_a_workbook_is_read_as_its_cells_are(read, tmp_path):
    """Zeros that a number cannot hold come back where the length of a code says how many."""
    file = tmp_path / "lines.xlsx"
    with xlsxwriter.Workbook(file) as book:
        hidden, sheet = book.add_worksheet("old"), book.add_worksheet("claims")
        hidden.hide()
        sheet.activate()
        sheet.set_first_sheet()
        # Rows and columns that are empty before the first cell are none.
        sheet.write_row(2, 1, HEADS)
        day = book.add_format({"num_format": "mm/dd/yyyy"})
        for row, code in enumerate((99291, 100), 1):
            sheet.write_row(row + 2, 1, (1001, row, "", code, "", 1, 2, 1742))
            sheet.write_datetime(row + 2, 3, pl.Series(["2025-10-02"]).str.to_date()[0], day)
    found = read(file)
    assert [x["remark"] for x in found] == ["", 'hcpcs_code "100"']
    line = found[0]
    assert (line["claim_id"], line["hcpcs_code"], str(line["date_of_service"])) == ("1001", "99291", "2025-10-02")  # fmt: skip
    assert (line["place_of_service"], line["service_zip_code"]) == ("02", "01742")
    assert len(read(file, wanted={"sheet": "claims"})) == 2
    with pytest.raises(UsageError, match='has no sheet "new"; it has "old", "claims"'):
        read(file, wanted={"sheet": "new"})
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_row(0, 0, HEADS)
        book.worksheets()[0].write_row(1, 0, ("A", 1, "2025-10-02", "99291"))
        book.worksheets()[0].write_formula(1, 4, "=NA()", None, "#N/A")
    with pytest.raises(RefusedError, match=r"line 2: a cell cannot be read"):
        read(file)
    file.write_bytes(b"PK")
    with pytest.raises(
        RefusedError, match=r"not a readable workbook.*Write it again as Parquet or CSV"
    ):
        read(file)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, ""),
        # Excel keeps the value of a formula beside it, an empty text by its type alone.
        (('<v>7</v>', '<v></v>'), "cell E2 holds a formula whose value was not saved"),
        (('<v>7</v>', ''), "cell E2 holds a formula whose value was not saved"),
        (('<c r="E2"><f>"7"</f><v>7</v>', '<c r="E2" t="str"><f>"7"</f><v></v>'), ""),
        (('</sheetData>', '</sheetData><mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells>'), ""),
        (('</sheetData>', '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'), "the cells A2 to A3 are merged"),
    ],
)  # fmt: skip
def test_a_cell_of_a_workbook_whose_value_is_not_in_it_is_not_taken_for_blank(
    read, tmp_path, change, said
):
    file, changed = tmp_path / "lines.xlsx", tmp_path / "changed.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("claims")
        sheet.write_row(0, 0, HEADS)
        sheet.write_row(1, 0, FIRST_HOUR[:4])
        sheet.write_formula(1, 4, '="7"', None, 7)
        sheet.write_row(1, 5, FIRST_HOUR[5:])
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            xml = old.read(part).decode()
            is_sheet = part == "xl/worksheets/sheet1.xml"
            new.writestr(part, xml.replace(*change) if change and is_sheet else xml)
    if said:
        with pytest.raises(RefusedError, match=f'{said}.* in sheet "claims".*Open the workbook'):
            read(changed)
    else:
        assert len(read(changed)) == 1


def test_sheets_beside_the_first_one_are_named_as_not_read(sample_warehouse, tmp_path):
    file = tmp_path / "lines.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name in ("Jan", "Feb", "old"):
            book.add_worksheet(name).write_row(0, 0, HEADS)
            book.worksheets()[-1].write_row(1, 0, FIRST_HOUR)
        book.worksheets()[-1].hide()
    warning = "sheets that are not read (--sheet NAME reads one): Feb\n"
    words = [str(file), "--warehouse", str(sample_warehouse)]
    for more in (["--dry-run"], ["--out", str(tmp_path / "priced.csv")]):
        said = CliRunner().invoke(price, [*words, *more], catch_exceptions=False).output
        assert warning in said
        found = json.loads(CliRunner().invoke(price, [*words, *more, "--json"]).output)
        assert found["unread_sheets"] == ["Feb"]
        said = CliRunner().invoke(price, [*words, *more, "--sheet", "Feb"]).output
        assert "sheets that are not read" not in said


def test_a_workbook_that_begins_with_a_cover_is_refused_with_its_other_sheets(read, tmp_path):
    file = tmp_path / "lines.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Cover").write_row(0, 0, ["Claims of 2025"])
        book.add_worksheet("Data").write_row(0, 0, HEADS)
        book.worksheets()[-1].write_row(1, 0, FIRST_HOUR)
    with pytest.raises(UsageError, match=r'has no column claim_id.*another: "Data"'):
        read(file)
    assert len(read(file, wanted={"sheet": "Data"})) == 1
