"""Readers: what stands in a file arrives as it stands there, or the file or line is refused."""

import csv
import io
import string
from decimal import Decimal, InvalidOperation
from pathlib import Path

import bundles
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import RefusedError
from pipeline.pfs.identify import file_kinds, schedule
from pipeline.read.file import FileRead, read_file
from pipeline.read.grid import decode, read_csv, read_workbook
from pipeline.read.layout import FixedWidth, Layout, LayoutColumn, layouts_for, load_layouts
from pipeline.validate import validate
from schemas.definitions import Column, Table

# The same examples on every run: a red build must not be luck.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

# A small file with what real ones have: a stacked header, a padded key, a flag, a footnote.
COLUMNS = (
    Column("code", "VARCHAR", "A code."),
    Column("mac", "VARCHAR", "A contractor."),
    Column("amount", "DECIMAL(6,2)", "An amount."),
    Column("marked", "BOOLEAN", "Whether marked.", flag="+"),
    Column("label", "VARCHAR", "A label.", free_text=True),
    Column("source_line", "INTEGER", "The line."),
)
TABLES = {"small": Table("small", "code", "A small table.", ("code",), COLUMNS)}
LAYOUT = Layout(
    name="small",
    kind="small",
    table="small",
    first_year=2020,
    last_year=2025,
    evidence="E",
    source="this test",
    header_rows=2,
    columns=(
        LayoutColumn("code", header="CODE", txt=(1, 5)),
        LayoutColumn("mac", header="MAC", txt=(7, 11), pad=5),
        LayoutColumn("amount", header="PAID AMOUNT", txt=(12, 19)),
        LayoutColumn("marked", header="MARK", txt=(20, 20)),
        LayoutColumn("label", header="LABEL", txt=(22, 31)),
    ),
    txt=FixedWidth(record_length=31, header_line="HDR .*"),
    notices=(r"\* .*",),
)
HEAD = ["A title,,,,", ",,PAID,,", "CODE,MAC,AMOUNT,MARK,LABEL"]


def read(data: bytes, name: str = "small.csv", layout: Layout = LAYOUT) -> FileRead:
    found = read_file(data, name, (layout,), TABLES)
    assert found.account.balances
    return found


def csv_of(*records: str, head: list[str] = HEAD) -> bytes:
    return "\r\n".join([*head, *records, ""]).encode("cp1252")


def refusal(data: bytes, name: str = "small.csv") -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        read(data, name)
    return caught.value


def values(found: FileRead) -> list[tuple]:
    return found.frame.drop("source_line").rows()


# ---------------------------------------------------------------- three forms

ROWS = [
    ("00100", "01112", Decimal("4.00"), True, "one, two"),
    ("0042T", "10112", Decimal("1234.50"), False, ""),
]


def test_three_forms_of_a_table_give_the_same_frame(tmp_path: Path) -> None:
    text = csv_of('00100,1112,4.00,+,"one, two"', "0042T,10112,1234.5,,", "* A footnote.,,,,")
    fixed = (
        b"HDR A title\r\n"
        b"00100  1112    4.00+ one, two  \r\n"
        b"0042T 10112 1234.50            \r\n"
        b"* A footnote.\r\n"
    )
    path = tmp_path / "small.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(HEAD):
            sheet.write_row(row, 0, line.split(","))
        sheet.write_row(3, 0, ["00100", 1112, 4, "+", "one, two"])
        sheet.write_row(4, 0, ["0042T", "10112", 1234.5])
        sheet.write_row(5, 0, ["* A footnote."])
    forms = [read(text), read(fixed, "small.txt"), read(path.read_bytes(), "small.xlsx")]
    assert [values(form) for form in forms] == [ROWS] * 3
    assert [form.frame["source_line"].to_list() for form in forms] == [[4, 5], [2, 3], [4, 5]]
    assert [form.account.notice for form in forms] == [1, 1, 1]
    assert len({str(form.frame.schema) for form in forms}) == 1


def test_every_line_is_accounted_for() -> None:
    found = read(
        csv_of("A0001,1,1,,x", ",,,,", "* A footnote.,,,,", "A0002,1,no number,,", "\x1a,,,,")
    )
    account = found.account
    assert account.total == 8
    assert (account.header, account.loaded, account.quarantined) == (3, 1, 1)
    assert (account.blank, account.notice, account.duplicate) == (2, 1, 0)


def test_repeated_records_are_counted_where_the_layout_expects_them() -> None:
    layout = Layout(**{**vars(LAYOUT), "repeats_records": True})
    found = read(csv_of("A0001,1,1,,x", "A0001,1,1,,x"), layout=layout)
    assert (found.account.loaded, found.account.duplicate) == (1, 1)
    # Where it does not expect them they stay, and the key refuses the file later.
    assert read(csv_of("A0001,1,1,,x", "A0001,1,1,,x")).account.loaded == 2


def test_a_line_end_in_a_title_counts_as_a_line() -> None:
    plain = csv_of("A0001,1,1,,x")
    found = read(plain.replace(HEAD[0].encode(), b'"two\nlines",,,,', 1))
    assert found.frame["source_line"].to_list() == [5]
    assert (found.account.total, found.account.header, found.account.loaded) == (5, 4, 1)


def test_a_bad_cell_refuses_its_line_with_line_column_and_value() -> None:
    found = read(csv_of("A0001,1,4.O0,,", "A0002,x,1,-,", "A0003,1,1,,"))
    assert [(x.line, x.column, x.value) for x in found.refused] == [
        (4, "amount", "4.O0"),
        (5, "mac", "x"),
        (5, "marked", "-"),
    ]
    assert values(found) == [("A0003", "00001", Decimal("1.00"), False, "")]


# ---------------------------------------------------------------- headers


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("CODE,AMOUNT,MAC,MARK,LABEL", 'header cell 2 is "AMOUNT" where "MAC" is expected'),
        ("CODE,MAC,AMOUNT,LABEL,MARK", 'header cell 4 is "LABEL" where "MARK" is expected'),
        ("CODE,MAC,AMOUNT,MARK,", 'header cell 5 is "" where "LABEL" is expected'),
        ("CODE,MAC,AMOUNT,MARK,LABEL,NEW", 'header cell 6 is "NEW" where the header should end'),
    ],
)
def test_header_error_names_the_first_cell_that_differs(header: str, words: str) -> None:
    error = refusal(csv_of("A0001,1,1,,x", head=[*HEAD[:2], header]))
    assert (error.findings[0].rule, error.findings[0].line) == ("header", 3)
    assert error.findings[0].message == words


def test_header_of_another_stack_is_another_header() -> None:
    error = refusal(csv_of("A0001,1,1,,x", head=["", ",,DUE,,", HEAD[2]]))
    assert error.findings[0].message == (
        'header cell 3 is "DUE AMOUNT" where "PAID AMOUNT" is expected'
    )


def test_header_is_found_in_spite_of_case_blanks_and_lines_above() -> None:
    head = ["", "a,b", *HEAD[:1], ",, paid ,,", "code, Mac ,amount  ,MARK,label"]
    assert len(read(csv_of("A0001,1,1,,x", head=head)).frame) == 1


def test_a_file_without_a_header_is_refused() -> None:
    assert refusal(b"A0001,1,1,,x\r\n").findings[0].rule == "header"


def test_header_that_two_layouts_share_is_refused() -> None:
    again = Layout(**{**vars(LAYOUT), "name": "again"})
    with pytest.raises(RefusedError, match="more than one layout: small and again"):
        read_file(csv_of("A0001,1,1,,x"), "small.csv", (LAYOUT, again), TABLES)


def test_a_year_without_a_layout_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"declared for 2031 \(declared: 2020-2025\)"):
        layouts_for((LAYOUT,), "small", 2031, "small.csv")


# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize(("record", "cells"), [("A0001,1,1,", 4), ("A0001,1,1,,x,y", 6)])
def test_record_with_another_number_of_cells_is_refused(record: str, cells: int) -> None:
    error = refusal(csv_of("A0002,1,1,,", record))
    assert error.findings[0].line == 5
    assert error.findings[0].message == f"the line has {cells} cells where 5 are expected"


def test_fixed_width_record_of_another_length_is_refused() -> None:
    good = "00100  1112    4.00+ one       "
    error = refusal(f"{good}\r\n{good}xy\r\n".encode(), "small.txt")
    assert error.findings[0].line == 2
    assert error.findings[0].message == "the record has 33 characters where 31 are expected"


def test_blanks_at_the_end_of_a_fixed_width_record_do_not_count() -> None:
    record = "00100  1112    4.00+ one"
    found = read(f"{record}\r\n{record}{' ' * 40}\r\n".encode(), "small.txt")
    assert values(found) == [("00100", "01112", Decimal("4.00"), True, "one")] * 2


def test_text_between_fixed_width_fields_is_refused() -> None:
    """It would be the first sign of a field that moved."""
    error = refusal(b"00100x 1112    4.00+ one       \r\n", "small.txt")
    assert error.findings[0].message == '"x" stands where no field lies'
    assert error.findings[0].line == 1


@pytest.mark.parametrize("name", ["small.csv", "small.txt", "small.xlsx"])
def test_empty_file_is_refused(name: str) -> None:
    assert refusal(b"", name).findings[0].rule == "empty"


def test_byte_outside_windows_1252_is_refused_with_its_line() -> None:
    error = refusal(csv_of("A0001,1,1,,x") + b"A0002,1,1,,\x81\r\n")
    assert (error.findings[0].rule, error.findings[0].line) == ("encoding", 5)
    assert "0x81" in error.findings[0].message


def test_digits_of_another_script_are_no_number(tmp_path: Path) -> None:
    rows = [*(line.split(",") for line in HEAD), ["A0001", "1", "\u0661\u0662", "", "x"]]
    path = bundles.workbook_of(rows, tmp_path / "small.xlsx")
    found = read(path.read_bytes(), path.name)
    assert [finding.column for finding in found.refused] == ["amount"]


# ---------------------------------------------------------------- properties

LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
# Texts that Windows-1252 has, without line ends (a record is a line) and NUL, which are refused.
TEXTS = st.text(
    st.characters(codec="cp1252", exclude_characters="\r\n\0", exclude_categories=["Cs"]),
    max_size=12,
)


def amount_of(text: str) -> Decimal | None:
    """The amount that a text is, if DECIMAL(6,2) can hold it exactly."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    exact = value.is_finite() and value == value.quantize(Decimal("0.01"))
    return value if exact and abs(value) < 10_000 else None


@given(st.decimals(-9999, 9999, places=2), st.integers(0, 5), st.booleans())
def test_decimals_arrive_exactly(value: Decimal, zeros: int, leading: bool) -> None:
    sign = "-" if value < 0 else ""
    text = sign + ("00" if leading else "") + f"{abs(value)}" + "0" * zeros
    [row] = values(read(csv_of(f"A0001,1,{text},,x")))
    assert row[2] == value


@given(st.decimals(-100_000, 100_000, places=6))
def test_decimals_are_exact_or_refused_and_never_rounded(value: Decimal) -> None:
    # A second record keeps the file from being without data.
    found = read(csv_of(f"A0001,1,{value:f},,x", "A0002,1,1,,x"))
    expected = amount_of(f"{value:f}")
    amounts = dict(found.frame.select("code", "amount").rows())
    assert amounts.get("A0001") == expected
    assert [finding.value for finding in found.refused] == (
        [f"{value:f}"] if expected is None else []
    )


@given(st.text("0123456789.-+eE ,xNa\xa0", max_size=9))
def test_whatever_is_read_as_a_number_is_that_number(text: str) -> None:
    found = read(csv_of(f'A0001,1,"{text}",,x', "A0002,1,1,,x"))
    amounts = dict(found.frame.select("code", "amount").rows())
    if "A0001" in amounts:
        assert amounts["A0001"] == Decimal(text.strip(" \t\xa0"))


@given(st.lists(TEXTS, min_size=1, max_size=4), LINE_ENDS)
def test_quoted_texts_arrive_as_they_are(labels: list[str], end: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    for line in HEAD:
        writer.writerow(line.split(","))
    for number, label in enumerate(labels):
        writer.writerow([f"A{number:04}", "1", "1.00", "", label])
    found = read(text.getvalue().encode("cp1252"))
    assert found.frame["label"].to_list() == [label.strip(" \t\xa0") for label in labels]
    assert found.frame["source_line"].to_list() == list(range(4, 4 + len(labels)))


def test_a_stray_quote_swallows_no_line() -> None:
    """Read as CSV allows, three lines would become one record, with the figures of the last."""
    records = ['A0001,1,1.00,,"x', "A0002,1,2.00,,y", 'A0003,1,3.00,,z"']
    with pytest.raises(RefusedError, match=r"line 4: a quoted cell runs on to line 6"):
        read(csv_of(*records))


def test_a_mark_before_utf_8_is_no_part_of_the_first_cell() -> None:
    marked = read(b"\xef\xbb\xbf" + csv_of("A0001,1,1.00,,x"))
    assert marked.head == read(csv_of("A0001,1,1.00,,x")).head


@given(
    st.lists(
        st.sampled_from(
            ["A0001,1,1,,x", "A0002,2,no,,", ",,,,", "", "* note,,,,", "\x1a,,,,", " , , , , "]
        ),
        max_size=12,
    ),
    LINE_ENDS,
    st.booleans(),
)
def test_account_of_lines_always_balances(records: list[str], end: str, repeats: bool) -> None:
    layout = Layout(**{**vars(LAYOUT), "repeats_records": repeats})
    data = end.join([*HEAD, "A0000,1,1,,x", *records, ""]).encode()
    account = read(data, layout=layout).account
    assert account.total == 4 + len(records)
    parts = (account.header, account.notice, account.blank, account.duplicate)
    assert account.total == sum(parts) + account.loaded + account.quarantined


@given(st.binary(max_size=200), st.sampled_from(["small.csv", "small.txt", "small.xlsx"]))
@settings(max_examples=200)
def test_arbitrary_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        read(data, name)
    except RefusedError as error:
        assert str(error).startswith(name)


@given(st.text(string.printable, max_size=80), st.sampled_from(["csv", "txt"]))
@settings(max_examples=200)
def test_arbitrary_text_below_a_header_is_read_or_refused(text: str, form: str) -> None:
    head = "\n".join(HEAD) if form == "csv" else "HDR A title"
    try:
        read(f"{head}\n{text}".encode(), f"small.{form}")
    except RefusedError as error:
        assert str(error).startswith(f"small.{form}")


REAL_NAMES = {
    "pprrvu": "PPRRVU25",
    "gpci": "GPCI2025",
    "locco": "25LOCCO",
    "anes": "ANES2025",
    "oppscap": "OPPSCAP",
    "pfrev": "PFREV4",
    "zip5": "ZIP5_OCT2025",
}


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_byte_in_any_file_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever byte of whatever file is hit: rows with an account, or a refusal; no crash."""
    path = data.draw(st.sampled_from(sorted(bundles.SAMPLE.glob("*.[ct]*"))))
    kind = next(k for k, start in REAL_NAMES.items() if path.name.startswith(start[:6]))
    assert kind in file_kinds()
    content = bytearray(path.read_bytes()[:6000])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    layouts = load_layouts(schedule().folder / "layouts")
    chosen = layouts_for(layouts, kind, 2025, path.name)
    try:
        found = read_file(bytes(content), path.name, chosen, schedule().tables)
        validate(found, schedule(), quarantine_rows=False)
    except RefusedError as error:
        assert str(error).startswith(path.name)
    else:
        assert found.account.balances


@given(st.data())
@settings(max_examples=40)
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray((bundles.SAMPLE / "ANES2025.xlsx").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    try:
        assert read_workbook(bytes(content), "ANES2025.xlsx").width > 1
    except RefusedError as error:
        assert str(error).startswith("ANES2025.xlsx")


def test_workbook_without_cells_is_refused(tmp_path: Path) -> None:
    path = bundles.workbook_of([], tmp_path / "small.xlsx")
    with pytest.raises(RefusedError):
        read(path.read_bytes(), path.name)


@given(st.lists(TEXTS.filter(lambda text: "\n" not in text), max_size=5), LINE_ENDS)
def test_line_ends_are_one_whatever_they_were(lines: list[str], end: str) -> None:
    data = end.join([*lines, "last"]).encode("cp1252")
    assert decode(data, "x").split("\n") == [*lines, "last"]


def test_a_csv_record_of_no_cells_is_a_blank_line() -> None:
    assert read_csv(b"a,b\r\n\r\nc,d", "x")["0"].to_list() == ["a", "", "c"]


# ---------------------------------------------------------------- validation


def damaged_pprrvu(rows: int, last: dict[int, str]) -> FileRead:
    """A PPRRVU csv of many rows with an undeclared supervision value; ``last`` edits the last."""
    head = bundles.lines_of(bundles.SAMPLE / "PPRRVU2025_Oct_sample.csv")[:10]
    record = "A0000,,x,X,,0.00,0.00,,0.00,,0.00,0.00,0.00,9,XXX,0.00,0.00,0.00,9,9,9,9,9,,"
    cells = bundles.cells_of(record + "32.3465,7Z,0,99,0.00,0.00,0.00")
    records = [[f"A{number:04}", *cells[1:]] for number in range(rows)]
    for position, value in last.items():
        records[-1][position] = value
    text = "".join(head) + "".join(",".join(record) + "\r\n" for record in records)
    layouts = load_layouts(schedule().folder / "layouts")
    chosen = layouts_for(layouts, "pprrvu", 2025, "P.csv")
    return read_file(text.encode("cp1252"), "P.csv", chosen, schedule().tables)


def test_every_one_of_many_broken_rows_of_a_companion_is_set_aside() -> None:
    found = damaged_pprrvu(1_500, {bundles.SUPERVISION: "09"})
    validated = validate(found, schedule(), quarantine_rows=True)
    assert validated.frame["hcpcs_code"].to_list() == ["A1499"]
    assert (found.account.quarantined, found.account.loaded) == (1_499, 1)


def test_an_undeclared_value_in_many_rows_says_that_the_column_is_another() -> None:
    with pytest.raises(RefusedError, match='supervision_indicator is "7Z"'):
        validate(damaged_pprrvu(1_500, {}), schedule(), quarantine_rows=False)


def test_a_wrong_total_after_a_thousand_undeclared_values_refuses_the_file() -> None:
    wrong_total = {bundles.SUPERVISION: "09", bundles.NF_TOTAL: "9.99"}
    with pytest.raises(RefusedError, match=r"nonfacility_total_rvu is 9\.99"):
        validate(damaged_pprrvu(1_500, wrong_total), schedule(), quarantine_rows=False)
