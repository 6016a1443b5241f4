"""Readers: what stands in a file arrives as it stands there, or the file or line is refused."""

from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file, read_head
from pipeline.read.layout import Layout, LayoutColumn, layouts_for, load_layouts
from pipeline.read.validate import validate
from pipeline.schedules.pfs.declared import schedule
from tests.helpers import bundles, trap_records
from tests.helpers.small_file import HEAD, LAYOUT, TABLES, csv_of, read, refusal, values

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
        ("CODE,MAC,DUE,MARK,LABEL", "no column is named like amount"),
        ("CODE,MAC,AMOUNT,MARK,", "no column is named like label"),
        (
            "CODE,MAC,AMOUNT,MAC NUMBER,LABEL",
            'mac may be any of the columns 2 ("MAC") and 4 ("MAC NUMBER"); '
            "no column is named like marked",
        ),
        ("CODE,MAC LABEL,AMOUNT,MARK,", '"MAC LABEL" may be mac or label'),
    ],
)
def test_a_head_that_does_not_tell_every_role_is_refused_with_its_cells(header, words) -> None:
    error = refusal(csv_of("A0001,1,1,,x", head=[*HEAD[:2], header]))
    assert (error.findings[0].rule, error.findings[0].line) == ("header", 3)
    assert error.findings[0].message == words
    assert 'Its head cells: 1 "CODE", 2 "' in error.advice


@pytest.mark.parametrize(
    ("header", "record"),
    [
        ("CODE,AMOUNT PAID AMOUNT,MAC,MARK,LABEL", "A0001,1,1112,+,x"),
        ("LABEL,CODE,MARK,PAID AMOUNT,MAC", "x,A0001,+,1,1112"),
        ("CODE,MAC,PAID AMOUNT,MARK,NEW,LABEL", "A0001,1112,1,+,9,x"),
    ],
)
def test_columns_may_stand_in_any_order_and_others_between_them(header, record) -> None:
    found = read(csv_of(record, head=["A title,,,,", "", header]))
    assert values(found) == [("A0001", "01112", Decimal("1.00"), True, "x")]
    assert found.extra == (("NEW",) if "NEW" in header else ())


def test_a_column_without_a_head_is_told_of_where_it_has_values() -> None:
    for cell, extra in (("5.00", ("column 4, which has no head",)), (" ", ())):
        found = read(
            csv_of(f"A0001,1112,1.00,{cell},,x", head=["CODE,MAC,PAID AMOUNT,,MARK,LABEL"])
        )
        assert found.extra == extra


def test_a_record_whose_description_comes_first_is_no_line_of_sums() -> None:
    found = read(csv_of("Total hip,A0001,1112,1.00,", head=["LABEL,CODE,MAC,PAID AMOUNT,MARK"]))
    assert found.frame["label"].to_list() == ["Total hip"]


@pytest.mark.parametrize(("separator", "words"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_than_commas_are_refused_by_their_name(separator, words) -> None:
    """With semicolons 1,234 may be little more than one."""
    lines = [
        "A, title",
        "CODE,MAC,PAID AMOUNT,MARK,LABEL",
        "A0001,1112,1.00,,x",
        "A0002,1112,2.00,,y",
    ]
    text = "\n".join([lines[0], *(line.replace(",", separator) for line in lines[1:])])
    error = refusal(text.encode())
    assert f"its cells have {words} between them, and commas are expected" in str(error)
    assert "(.xlsx)" in error.advice


def test_a_line_that_is_neither_record_nor_note_is_refused() -> None:
    """A cut code alone in its line is no note, and neither is a key."""
    assert [x.line for x in read(csv_of("A0002,1,1,,", "A0001,,,,")).refused] == [5, 5]
    assert read(csv_of("A0002,1,1,,", "A00,,,,")).refused[0].line == 5
    found = read(csv_of("A0002,1,1,,", "Note: some words,,,,", "** more in words.,,,,"))
    assert (found.account.loaded, found.account.notice, found.refused) == (1, 2, [])


@pytest.mark.parametrize(
    "line",
    [
        "Notes:,,,,",
        ",,,,(c) some words of a copyright",
        ",Note of a mac,,,",
        ",,,,,,Words right of the table",
    ],
)
def test_words_alone_in_a_line_without_a_key_are_a_note_in_whatever_column(line) -> None:
    found = read(csv_of("A0001,1,1,,", line, "A0002,1,1,,"))
    account = found.account
    assert (account.loaded, account.notice, found.refused) == (2, 1, [])


@pytest.mark.parametrize("line", ["Notes,,,,", ",,1 1,,", "A0003,,,,", ",1,,,some words"])
def test_a_line_with_a_key_or_more_than_words_is_no_note(line) -> None:
    assert read(csv_of("A0001,1,1,,", line)).account.notice == 0


def test_a_line_that_says_what_one_of_the_head_says_is_a_head() -> None:
    found = read(csv_of("A0001,1,1,,x", *HEAD[1:], "A0002,1,1,,x", *HEAD))
    account = found.account
    assert found.frame["source_line"].to_list() == [4, 7]
    assert (account.total, account.header, account.loaded) == (10, 8, 2)


def test_a_head_of_several_lines_that_comes_again_counts_with_all_of_them() -> None:
    head = 'CODE,MAC,"PAID\nAMOUNT",MARK,LABEL'
    found = read(csv_of("A0001,1,1,,x", head, "A0002,1,1,,x", head=[head]))
    account = found.account
    assert found.frame["source_line"].to_list() == [3, 6]
    assert (account.total, account.header, account.loaded) == (6, 4, 2)


def test_a_head_below_records_is_refused_because_those_would_be_lost() -> None:
    error = refusal(csv_of("A0001,1,1,,x", head=["A0002,1,1,,x", *HEAD]))
    assert (error.findings[0].rule, error.findings[0].line) == ("header", 1)
    assert "stands above the head" in error.findings[0].message


@pytest.mark.parametrize("words", [r"^CODE$", r"\bCODE\b"])
@pytest.mark.parametrize("first", ["A000?,1112,1.00,,x", ",1112,1.00,,x", "A000?,,1,,"])
def test_a_first_record_with_a_damaged_key_is_refused_and_no_line_of_the_head(words, first) -> None:
    columns = (LayoutColumn("code", words=words, key=r"[A-Z0-9]{5}"), *LAYOUT.columns[1:])
    layout = Layout(**{**vars(LAYOUT), "columns": columns})
    with pytest.raises(RefusedError) as caught:
        read(csv_of(first, "A0002,1112,2.00,,y", "A0003,1112,3.00,,z"), layout=layout)
    finding = caught.value.findings[0]
    assert (finding.rule, finding.line) == ("key", 4)
    assert f'code is "{first.partition(",")[0]}"' in finding.message


def test_header_is_found_in_spite_of_case_blanks_and_lines_above() -> None:
    head = ["", "a,b", *HEAD[:1], ",, paid ,,", "code, Mac ,amount  ,MARK,label"]
    assert len(read(csv_of("A0001,1,1,,x", head=head)).frame) == 1


def test_a_file_without_a_header_is_refused() -> None:
    assert refusal(b"A0001,1,1,,x\r\n").findings[0].rule == "header"


def test_header_that_two_layouts_share_is_refused() -> None:
    again = Layout(**{**vars(LAYOUT), "name": "again"})
    with pytest.raises(RefusedError, match="more than one layout: small and again"):
        read_file(csv_of("A0001,1,1,,x"), "small.csv", (LAYOUT, again), TABLES)


def test_a_form_that_a_kind_of_file_does_not_have_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"ending .pdf is not known.*csv, txt, xlsx"):
        layouts_for((LAYOUT,), "small", "pdf", "small.pdf")


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


MOVES = {
    "a blank more": lambda line: f" {line}",
    "a mark of a quotation": lambda line: f"> {line}",
    "three characters less": lambda line: line[3:],
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize(
    ("kind", "name"),
    [("pprrvu", f"{trap_records.PPRRVU}.txt"), ("oppscap", "OPPSCAP_Oct.txt"), ("locco", "25LOCCO.txt")],
)  # fmt: skip
def test_a_record_that_is_moved_refuses_its_file_and_is_no_note(kind, name, move) -> None:
    """As a note it would be lost, and its code with it."""
    lines = (bundles.SAMPLE / name).read_text("cp1252").splitlines()
    last = max(place for place, line in enumerate(lines) if any(map(str.isdigit, line)))
    lines[last] = move(lines[last])
    with pytest.raises(RefusedError, match=f"line {last + 1}: "):
        trap_records.read("\n".join(lines).encode("cp1252"), name, kind)


@pytest.mark.parametrize("name", ["small.csv", "small.txt", "small.xlsx"])
def test_empty_file_is_refused(name: str) -> None:
    assert refusal(b"", name).findings[0].rule == "empty"


def test_byte_outside_windows_1252_is_refused_with_its_line() -> None:
    error = refusal(csv_of("A0001,1,1,,x") + b"A0002,1,1,,\x81\r\n")
    assert (error.findings[0].rule, error.findings[0].line) == ("encoding", 5)
    assert "0x81" in error.findings[0].message


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["small.csv", "small.txt"])
def test_a_letter_beyond_ascii_is_read_as_what_it_is_however_it_is_written(
    name: str, encoding: str
) -> None:
    """Excel's "CSV UTF-8" puts a mark first; editors write UTF-8 without one, and UTF-16 with."""
    text = {
        "small.csv": csv_of("A0001,1,1,,PE\xd1A \xae").decode("cp1252"),
        "small.txt": "00100  1112    4.00+ PE\xd1A \xae\r\n",
    }[name]
    assert values(read(text.encode(encoding), name))[0][-1] == "PE\xd1A \xae"


def test_the_head_of_a_long_utf_16_file_is_read() -> None:
    text = "RELEASED 12/29/2025\r\n" + "x,\r\n" * 20_000
    assert read_head(text.encode("utf-16"), "PPRRVU.csv")[0] == "RELEASED 12/29/2025"


def test_a_text_that_breaks_its_own_mark_is_refused_with_its_line() -> None:
    error = refusal(b"\xef\xbb\xbf" + csv_of("A0001,1,1,,x") + b"A0002,1,1,,\xe1\r\n")
    assert error.findings[0].line == 5
    assert "0xE1 is no character of UTF-8" in error.findings[0].message


def test_digits_of_another_script_are_no_number(tmp_path: Path) -> None:
    rows = [*(line.split(",") for line in HEAD), ["A0001", "1", "\u0661\u0662", "", "x"]]
    path = bundles.workbook_of(rows, tmp_path / "small.xlsx")
    found = read(path.read_bytes(), path.name)
    assert [finding.column for finding in found.refused] == ["amount"]


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
    chosen = layouts_for(layouts, "pprrvu", "csv", "P.csv")
    return read_file(text.encode("cp1252"), "P.csv", chosen, schedule().tables)


def test_a_few_broken_rows_of_a_companion_are_set_aside_and_many_refuse_it() -> None:
    found = damaged_pprrvu(4, {bundles.SUPERVISION: "09"})
    validated = validate(found, schedule(), quarantine_rows=True)
    assert validated.frame["hcpcs_code"].to_list() == ["A0003"]
    assert (found.account.quarantined, found.account.loaded) == (3, 1)
    with pytest.raises(RefusedError, match=r"P\.csv, line 11: .* \(1,498 more like it"):
        validate(
            damaged_pprrvu(1_500, {bundles.SUPERVISION: "09"}), schedule(), quarantine_rows=True
        )


def test_an_undeclared_value_in_many_rows_says_that_the_column_is_another() -> None:
    with pytest.raises(RefusedError, match=r'supervision_indicator is "7Z".* a version of this'):
        validate(damaged_pprrvu(1_500, {}), schedule(), quarantine_rows=False)
    with pytest.raises(RefusedError, match=r'supervision_indicator is "7Z".* Get the file again'):
        validate(
            damaged_pprrvu(1_500, {bundles.SUPERVISION: "7Y"}), schedule(), quarantine_rows=False
        )


def test_a_wrong_total_after_a_thousand_undeclared_values_refuses_the_file() -> None:
    wrong_total = {bundles.SUPERVISION: "09", bundles.NF_TOTAL: "9.99"}
    with pytest.raises(RefusedError, match=r"nonfacility_total_rvu is 9\.99"):
        validate(damaged_pprrvu(1_500, wrong_total), schedule(), quarantine_rows=False)
