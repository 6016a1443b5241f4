"""Workbooks: the sheet that is shown and has the data is read; what cannot be a value is refused.

They are written here by hand, so that nothing stands in one but what is shown.
"""

import io
import re
import zipfile
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RefusedError
from pipeline.read.plain_sheet import plain_references
from pipeline.read.sheet import Sheet
from pipeline.read.workbook import read_workbook
from tests.helpers import bundles
from tests.helpers.small_file import HEAD, read, refusal, values

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

ROWS = [*(line.split(",") for line in HEAD), ["99291", "01112", 4.5, "", "care"]]
READ = [("99291", "01112", Decimal("4.50"), False, "care")]


def letters(column: int) -> str:
    """The name of a column, from 0."""
    return ("" if column < 26 else letters(column // 26 - 1)) + chr(ord("A") + column % 26)


def cell(reference: str, value: object) -> str:
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def sheet_of(rows: list[list] = ROWS, extra: str = "", after: str = "") -> str:
    """The XML of a sheet; ``extra`` are rows below, ``after`` is what follows all rows."""
    written = "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{letters(n)}{number}", x) for n, x in enumerate(row) if x != "")
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    data = f"<sheetData>{written}{extra}</sheetData>{after}"
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{data}</worksheet>'


def book(*sheets: tuple[str, str, str], shared: str = "", repeat: str = "") -> bytes:
    """A workbook of sheets, each with its name, state and XML; ``repeat`` is a part twice there."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state, _) in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
    }  # fmt: skip
    parts |= {f"xl/worksheets/sheet{n}.xml": x for n, (_, _, x) in enumerate(sheets, start=1)}
    if shared:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{shared}</sst>'
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        if repeat:
            archive.writestr(repeat.upper(), parts[repeat])
    return data.getvalue()


def one_sheet(xml: str) -> bytes:
    return book(("data", "visible", xml))


# ---------------------------------------------------------------- which sheet

OTHER = [*ROWS[:3], ["99291", "01112", 9.5, "", "care"]]
NOTES = [["Notes"], ["written", "on", 45000, "by", "me", "and", "others"]] * 9
GOOD, WRONG, REMARKS = sheet_of(), sheet_of(OTHER), sheet_of(NOTES)

CHOSEN = {
    "hidden first": [("last quarter", "hidden", WRONG), ("data", "visible", GOOD)],
    "hidden from Excel's menus too": [("x", "veryHidden", WRONG), ("data", "visible", GOOD)],
    "notes before the data": [("notes", "visible", REMARKS), ("data", "visible", GOOD)],
    "blank sheets beside": [("Sheet1", "visible", sheet_of([])), ("d", "visible", GOOD), ("Sheet3", "visible", sheet_of([]))],
}  # fmt: skip


@pytest.mark.parametrize("name", CHOSEN)
def test_the_sheet_that_is_shown_and_has_the_data_is_read(name):
    assert values(read(book(*CHOSEN[name]), "small.xlsx")) == READ


def test_several_sheets_with_the_data_are_refused_with_their_names():
    found = refusal(book(("old", "visible", WRONG), ("new", "visible", GOOD)), "small.xlsx")
    assert 'several sheets have the data: "old" and "new"' in str(found)


def test_the_data_in_a_hidden_sheet_only_is_no_data():
    data = book(("data", "hidden", GOOD), ("Sheet2", "visible", sheet_of([])))
    assert "no sheet that the workbook shows has a value" in str(refusal(data, "small.xlsx"))


def test_where_the_sheet_of_a_name_is_blank_the_others_are_looked_at():
    data = book(("AA", "visible", sheet_of([])), ("fees", "visible", GOOD))
    assert read_workbook(data, "small.xlsx", named="^AA$")[0] == "fees"
    data = book(("AA", "visible", GOOD), ("fees", "visible", WRONG))
    assert read_workbook(data, "small.xlsx", named="^AA$")[0] == "AA"


def test_a_release_is_told_by_the_sheet_that_is_shown(tmp_path: Path):
    """The first sheet, hidden, has 9.50 for 4.50."""
    rows = [bundles.cells_of(x) for x in bundles.lines_of(bundles.SAMPLE / "GPCI2025.csv")]
    with xlsxwriter.Workbook(tmp_path / "GPCI2025.xlsx") as made:
        for name, text in (("before", "9.50"), ("now", "4.50")):
            sheet = made.add_worksheet(name)
            sheet.hide() if name == "before" else sheet.activate()
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, [text if x in ("1.000", "1") else x for x in row])
    _, texts = read_workbook((tmp_path / "GPCI2025.xlsx").read_bytes(), "GPCI2025.xlsx")
    assert texts["4"].to_list().count("4.50") > 50
    assert "9.50" not in texts["4"].to_list()


# ---------------------------------------------------------------- what is data


def test_hidden_and_filtered_rows_and_columns_are_data(tmp_path: Path):
    with xlsxwriter.Workbook(tmp_path / "small.xlsx") as made:
        sheet = made.add_worksheet()
        for n, row in enumerate([*ROWS, ["99292", "01112", 2.25, "", "more"]]):
            sheet.write_row(n, 0, [x or None for x in row])
        sheet.autofilter(2, 0, 4, 4)
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
    found = values(read((tmp_path / "small.xlsx").read_bytes(), "small.xlsx"))
    assert found == [*READ, ("99292", "01112", Decimal("2.25"), False, "more")]


def test_a_formula_counts_with_the_value_that_was_saved():
    row = ROWS[3]
    computed = sheet_of(ROWS[:3]).replace(
        "</sheetData>",
        f'<row r="4">{cell("A4", row[0])}{cell("B4", row[1])}'
        f'<c r="C4"><f>9/2</f><v>4.5</v></c><c r="D4" t="str"><f>""</f><v></v></c>'
        f"{cell('E4', row[4])}</row></sheetData>",
    )
    assert values(read(one_sheet(computed), "small.xlsx")) == READ


@pytest.mark.parametrize("is_1904", [False, True])
def test_a_date_is_no_amount(tmp_path: Path, is_1904):
    """Excel's 4 January 1900 is the number 4."""
    with xlsxwriter.Workbook(tmp_path / "small.xlsx", {"date_1904": is_1904}) as made:
        sheet = made.add_worksheet()
        for n, row in enumerate(ROWS):
            sheet.write_row(n, 0, [x or None for x in row])
        sheet.write_datetime(3, 2, date(1910, 1, 4), made.add_format({"num_format": "m/d/yyyy"}))
    found = read((tmp_path / "small.xlsx").read_bytes(), "small.xlsx")
    assert values(found) == []
    assert found.refused[0].value.startswith("1910-01-04")


def test_parts_are_found_as_windows_names_them():
    data = one_sheet(GOOD).replace(b"xl/worksheets/sheet1.xml", b"xl\\worksheets\\Sheet1.xml")
    assert values(read(data, "small.xlsx")) == READ


PREFIXED = re.sub(r"<(/?)(?=[a-z])", r"<\1x:", GOOD).replace("xmlns=", "xmlns:x=")


def test_other_programs_write_a_prefix_before_each_name():
    assert plain_references(PREFIXED.encode()) is None
    assert values(read(one_sheet(PREFIXED), "small.xlsx")) == READ


# ---------------------------------------------------------------- what is refused

LONG = "y" * 32_000
TEXT_CELLS = "".join(
    f'<row r="{n}">'
    + "".join(f'<c r="{letters(x)}{n}" t="s"><v>0</v></c>' for x in range(100))
    + "</row>"
    for n in range(10, 100)
)
# name: the sheet, or the workbook, and the words of the refusal
REFUSED = {
    "a cell in the last row and column": (
        sheet_of(extra='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "cell XFD1048576 makes the sheet 1,048,576 rows by 16,384 columns, of which 12 cells",
    ),
    "a cell in the last row": (
        sheet_of(extra='<row r="1048576"><c r="AN1048576"><v>1</v></c></row>'),
        'cell AN1048576 makes the sheet 1,048,576 rows by 40 columns, of which 12 cells are filled in sheet "data"',
    ),
    "a size that is a lie": (
        sheet_of(extra='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>').replace(
            "<sheetData>", '<dimension ref="A1:E4"/><sheetData>'
        ),
        "cell XFD1048576",
    ),
    "a far cell after a comment": (
        sheet_of(extra='<!-- --><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "cell XFD1048576",
    ),
    "a comment within a value": (GOOD.replace(">4.5<", ">4<!-- -->.5<"), "a value is written as"),
    "a reference of XML in a value": (GOOD.replace(">4.5<", ">&#52;.5<"), "a value is written as"),
    "raw text as a value": (GOOD.replace(">4.5<", "><![CDATA[4.5]]><"), "a value is written as"),
    "an element within a value": (GOOD.replace(">4.5<", ">4<x/>.5<"), "a value is written as"),
    "a second value": (GOOD.replace("4.5</v>", "4.5</v><v>9.5</v>"), "cell C4 stands twice"),
    "a second value as text": (
        GOOD.replace("4.5</v>", "4.5</v><is><t>9.5</t></is>"),
        "cell C4 stands twice",
    ),
    "an encoding that is none": (PREFIXED.replace("UTF-8", "UTF-18"), "unknown encoding"),
    "a far cell with a prefix": (
        PREFIXED.replace("</x:sheetData>", '<x:row><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row></x:sheetData>'),
        "cell XFD1048576",
    ),
    "a far cell written with a reference of XML": (
        sheet_of(extra='<row r="9"><c r="&#88;FD1048576"><v>1</v></c></row>'),
        "cell XFD1048576",
    ),
    "a place that no sheet has": (
        sheet_of(extra='<row r="9"><c r="XFE1048577"><v>1</v></c></row>'),
        '"XFE1048577" is no place of a cell',
    ),
    "a broken reference": (
        sheet_of(extra='<row r="9"><c r="9A"><v>1</v></c></row>'),
        '"9A" is no place of a cell',
    ),
    "a reference beyond all numbers": (
        sheet_of(extra='<row r="9"><c r="A99999999999999999999"><v>1</v></c></row>'),
        "is no place of a cell",
    ),
    "a cell without a place": (
        sheet_of(extra="<row><c><v>1</v></c></row>"),
        "a cell does not say where it is",
    ),
    "a cell twice": (
        sheet_of(extra='<row r="4"><c r="C4"><v>9.5</v></c></row>'),
        "cell C4 stands twice, or out of order",
    ),
    "an error of Excel": (
        sheet_of(extra='<row r="5"><c r="A5" t="e"><v>#REF!</v></c></row>'),
        "cell A5 holds an error of Excel, no value",
    ),
    "a formula that was not computed": (
        sheet_of(extra='<row r="5"><c r="A5"><f>1+1</f></c></row>'),
        "cell A5 holds a formula whose value was not saved",
    ),
    "a formula with a blank value": (
        sheet_of(extra='<row r="5"><c r="A5"><f>1+1</f><v></v></c><c r="B5"><v>1</v></c></row>'),
        "cell A5 holds a formula whose value was not saved",
    ),
    "one value for several lines": (
        sheet_of(after='<mergeCells><mergeCell ref="C40:C44"/></mergeCells>'),
        "the cells C40:C44 are merged into one",
    ),
    "entities that grow": (
        GOOD.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet', 1),
        "declares a document type",
    ),
    "no XML": (GOOD[:-20], "not a readable workbook"),
    "a long text in many cells": (
        book(("data", "visible", sheet_of(extra=TEXT_CELLS)), shared=f"<si><t>{LONG}</t></si>"),
        "its texts have more than 268,435,456 characters",
    ),
    "a shared text that is not there": (
        book(("data", "visible", sheet_of(extra='<row r="5"><c r="A5" t="s"><v>7</v></c></row>')), shared="<si><t>x</t></si>"),
        "not a readable workbook",
    ),
    "a part twice": (
        book(("data", "visible", GOOD), repeat="xl/worksheets/sheet1.xml"),
        "a part of it is there twice",
    ),
    "two sheets of one name": (
        book(("data", "hidden", WRONG), ("DATA", "visible", GOOD)),
        "two sheets of the workbook have one name",
    ),
    "an old workbook under a new name": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel file, or one with a password"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_workbook_of_cms_has_is_refused(name):
    made, words = REFUSED[name]
    data = one_sheet(made) if isinstance(made, str) else made
    error = refusal(data, "small.xlsx")
    assert words in str(error)
    assert str(error).startswith("small.xlsx: ")


class PanicException(BaseException):
    """What the library's bindings raise where its Rust code gives up; no Exception."""


@pytest.mark.parametrize("thrown", [PanicException("range end index 9"), MemoryError()])
def test_what_the_library_throws_has_its_sentence(monkeypatch, thrown):
    def fail(_):
        raise thrown

    monkeypatch.setattr("fastexcel.read_excel", fail)
    if isinstance(thrown, MemoryError):
        with pytest.raises(MemoryError):
            read(one_sheet(GOOD), "small.xlsx")
    else:
        found = refusal(one_sheet(GOOD), "small.xlsx")
        assert "not a readable workbook: range end index 9" in str(found)


def test_a_far_cell_with_a_style_and_no_value_makes_no_sheet_large():
    styled = sheet_of(extra='<row r="1048576"><c r="XFD1048576" s="1"/></row>')
    assert values(read(one_sheet(styled), "small.xlsx")) == READ


# ---------------------------------------------------------------- the short way is the long one


@st.composite
def cell_elements(draw: st.DrawFn) -> str:
    """A cell as some program may write it."""
    prefix = draw(st.sampled_from(["", "", "x:"]))
    space = draw(st.sampled_from([" ", " ", "\n", "  "]))
    quote = draw(st.sampled_from(['"', '"', "'"]))
    place = f"{letters(draw(st.integers(0, 30)))}{draw(st.integers(1, 40))}"
    style = draw(st.sampled_from(["", ' s="1"', ' t="str"']))
    content = draw(st.sampled_from(["<v>1</v>", "<v>1</v>", "", "<!-- c -->", '<is r="Z9"/>']))
    return f"<{prefix}c{space}r={quote}{place}{quote}{style}>{content.replace('<v', f'<{prefix}v').replace('</v', f'</{prefix}v')}</{prefix}c>"


@given(st.lists(cell_elements(), max_size=6))
def test_what_is_found_without_a_parser_is_what_a_parser_finds(cells: list[str]):
    xml = f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><cols/>{"".join(cells)}</worksheet>'
    plain = plain_references(xml.encode())
    parsed = Sheet("x", "data")
    with suppress(RefusedError):
        parsed.examine(xml.replace("<cols/>", "<!-- never plain -->").encode())
    if plain is not None:
        assert set(parsed._filled) <= set(plain)


def test_the_letter_of_byte_255_is_a_no_break_space_in_a_csv_that_excel_saved_as_a_workbook(
    tmp_path: Path,
) -> None:
    path = tmp_path / "saved.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["A4341\xff", "Au\xfflait"])
    _, grid = read_workbook(path.read_bytes(), path.name)
    assert grid.row(0)[1:] == ("A4341\xa0", "Au\xa0lait")
