"""What the files of other fee schedules need of the readers, each declared in a layout."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.errors import RefusedError
from pipeline.read.compare import compare_forms, differs_in_typography
from pipeline.read.file import FileRead, read_file, read_head
from pipeline.read.layout import load_layouts
from schemas.definitions import Column, Table
from tests.helpers.old_book import old_book

EVIDENCE = """
[[evidence]]
first_year = 2025
last_year = 2025
grade = "P"
source = "this test"
"""
CODE = """
[[column]]
name = "hcpcs_code"
words = "^(HCPCS|CODE)"
key = "[A-Z0-9]{5}"
"""

Read = Callable[..., FileRead]


def table(*columns: Column, key: tuple[str, ...] = ("hcpcs_code",)) -> Table:
    code = Column("hcpcs_code", "VARCHAR", "A code.")
    line = Column("source_line", "INTEGER", "The line.")
    return Table("stage.made", "row", "Made.", key, (code, *columns, line))


def column(name: str, kind: str, nullable: bool = False, **rest) -> Column:
    return Column(name, kind, "Made.", nullable=nullable, **rest)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a text (or bytes) by layouts that are written as TOML; every line must be accounted for."""

    def read_made(data: str | bytes, of: Table, *layouts: str, file: str = "made.csv") -> FileRead:
        for number, layout in enumerate(layouts):
            (tmp_path / f"made{number}.toml").write_text(layout + EVIDENCE, "utf-8")
        load_layouts.cache_clear()
        declared = load_layouts(tmp_path)
        content = data.encode("cp1252") if isinstance(data, str) else data
        found = read_file(content, file, declared, {of.name: of})
        assert found.account.balances
        return found

    return read_made


def layout(*columns: str, top: str = "", last: str = "") -> str:
    return "\n".join(['kind = "made"', 'table = "stage.made"', top, CODE, *columns, last])


def values(found: FileRead) -> list[tuple]:
    return found.frame.drop("source_line").rows()


def workbook(sheets: dict[str, list[list]]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        day = book.add_format({"num_format": "mm/dd/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    sheet.write(row, place, cell, day if isinstance(cell, datetime) else None)
    return content.getvalue()


# ---------------------------------------------------------------- values

DAY = '[[column]]\nname = "day"\nwords = "^DAY$"\n'


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("YYYYMMDD", "20250401"),
        ("MM/DD/YYYY", "04/01/2025"),
        ("MM/DD/YYYY", "4/1/2025"),
        ("YYYYDDD", "2025091"),
        ("YYYY-MM-DD", "2025-04-01"),
        # What a program that saved the file again has made of it.
        ("YYYYMMDD", "2025-04-01"),
    ],
)
def test_a_day_is_read_in_the_form_that_the_layout_declares(
    read: Read, form: str, text: str
) -> None:
    declared = layout(DAY, f'date = "{form}"')
    found = read(f"CODE,DAY\nA0001,{text}\n", table(column("day", "DATE")), declared)
    assert values(found) == [("A0001", date(2025, 4, 1))]


def test_a_layout_declares_the_form_of_all_its_days_and_a_workbook_has_its_own(read: Read) -> None:
    content = workbook({"One": [["CODE", "DAY"], ["A0001", datetime(2025, 4, 1)]]})
    declared = layout(DAY, top='dates = "YYYYMMDD"')
    of = table(column("day", "DATE"))
    assert values(read(content, of, declared, file="made.xlsx")) == [("A0001", date(2025, 4, 1))]
    assert values(read("CODE,DAY\nA0001,20250401\n", of, declared))[0][1] == date(2025, 4, 1)


@pytest.mark.parametrize(
    "text", ["20250230", "2025091", "01/04/2025", "20250401 ", "4/1/25", "00000000", ""]
)
def test_what_is_no_day_is_refused_by_its_line(read: Read, text: str) -> None:
    declared = layout(DAY, 'date = "YYYYMMDD"')
    of = table(column("day", "DATE"))
    found = read(f"CODE,DAY\nA0001,20251231\nA0002,{text}\n", of, declared)
    if text.strip() == "20250401":
        assert len(found.frame) == 2
        return
    assert [(x.line, x.rule, x.value) for x in found.refused] == [(3, "type of day", text)]
    assert "a day in the form YYYYMMDD" in found.refused[0].message


def test_a_day_that_may_be_missing_is_null_where_its_text_says_none(read: Read) -> None:
    declared = layout(DAY, 'date = "YYYYMMDD"', 'none = ["*"]')
    of = table(column("day", "DATE", nullable=True))
    found = read("CODE,DAY\nA0001,*\nA0002,\nA0003,20250401\n", of, declared)
    assert [row[1] for row in values(found)] == [None, None, date(2025, 4, 1)]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("INTEGER", "90000", 90_000),
        ("INTEGER", "2147483647", 2_147_483_647),
        ("INTEGER", "2147483648", None),
        ("BIGINT", "9223372036854775807", 9_223_372_036_854_775_807),
        ("BIGINT", "9223372036854775808", None),
        ("SMALLINT", "0007", 7),
        ("SMALLINT", "40000", None),
        ("INTEGER", "1,000", None),
        ("INTEGER", "1.0", None),
        ("INTEGER", "-1", None),
        ("INTEGER", "1e3", None),
    ],
)
def test_a_whole_number_of_any_length_is_exact_or_refused(
    read: Read, kind: str, text: str, value: int | None
) -> None:
    declared = layout('[[column]]\nname = "units"\nwords = "^UNITS$"')
    found = read(f'CODE,UNITS\nA0001,"{text}"\n', table(column("units", kind)), declared)
    assert values(found) == ([] if value is None else [("A0001", value)])
    assert len(found.refused) == (value is None)


RATE = '[[column]]\nname = "rate"\nwords = "^RATE$"\n'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1,740.720", "1740.720"),
        ("$ 5", "5"),
        ("2082.24", "2082.24"),
        ("00720.00", "720"),
        ("12,000", "12000"),
        ("1,234,567.5", "1234567.5"),
        ("99,999.99", "99999.99"),
        # Commas that part no thousands, cents of cents, and what is no amount at all.
        ("1,23", None),
        ("12,34.5", None),
        ("1,2345", None),
        ("1740.7201", None),
        ("USD 5", None),
        ("$", None),
        ("$$5", None),
        ("(5.00)", None),
    ],
)
def test_money_may_have_a_dollar_sign_and_thousands(
    read: Read, text: str, value: str | None
) -> None:
    of = table(column("rate", "DECIMAL(12,3)"))
    record = f'CODE,RATE\nA0001,"{text}"\n'
    found = read(record, of, layout(RATE, "money = true"))
    assert values(found) == ([] if value is None else [("A0001", Decimal(value))])
    if not text[0].isdigit() or "," in text:
        assert read(record, of, layout(RATE)).refused


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20.000%", "20"),
        ("14.6 %", "14.6"),
        ("100%", "100"),
        # What a workbook keeps of 20%, 100% and less than one percent.
        ("0.2", "20"),
        ("1", "100"),
        ("0", "0"),
        (".5", "50"),
        ("0.19874", "19.874"),
        ("0.0001", "0.01"),
        # Cents of percents, and what is no percentage at all.
        ("0.1987499", None),
        ("20.0001%", None),
        ("%", None),
        (".", None),
        ("20%%", None),
        ("-0.2", None),
        ("half", None),
        # As a fraction 2000%.
        ("20", None),
    ],
)
def test_a_percentage_has_its_sign_or_is_a_fraction(
    read: Read, text: str, value: str | None
) -> None:
    declared = layout('[[column]]\nname = "share"\nwords = "^SHARE$"\npercent = true\n')
    found = read(f"CODE,SHARE\nA0001,{text}\n", table(column("share", "DECIMAL(6,3)")), declared)
    shares = [row[1] for row in values(found) if 0 <= row[1] <= 100]
    assert shares == ([] if value is None else [Decimal(value)])


def test_byte_255_is_a_no_break_space_in_keys_and_words(read: Read) -> None:
    words = '[[column]]\nname = "label"\nwords = "^LABEL$"\n'
    data = b"A title.\xff,\nCODE,LABEL\nA0001\xff,Caf\xe9\xffau lait\n"
    found = read(data, table(column("label", "VARCHAR")), layout(words))
    assert values(found) == [("A0001", "Caf\xe9\xa0au lait")]
    assert found.head == ["A title.", "CODE LABEL"]
    assert read_head(data, "made.csv")[0] == "A title."


def test_texts_that_stand_for_no_value_are_null_and_no_others(read: Read) -> None:
    of = table(column("rate", "DECIMAL(12,3)", nullable=True))
    declared = layout(RATE, 'none = ["N/A", "."]')
    found = read("CODE,RATE\nA0001,N/A\nA0002, . \nA0003,n/a\nA0004,0.000\n", of, declared)
    assert values(found) == [("A0001", None), ("A0002", None), ("A0004", Decimal(0))]
    assert [x.value for x in found.refused] == ["n/a"]


def test_a_blank_cell_is_no_value_only_where_a_layout_lets_it_be(read: Read) -> None:
    of = table(column("rate", "DECIMAL(12,3)", nullable=True))
    declared = layout(RATE, 'none = ["N/A"]', "blank = false")
    found = read("CODE,RATE\nA0001,N/A\nA0002,\nA0003,1.5\n", of, declared)
    assert values(found) == [("A0001", None), ("A0003", Decimal("1.5"))]
    assert [(x.line, x.value) for x in found.refused] == [(3, "")]


SHAPED = layout(
    RATE, 'none = ["N/A"]', "shape = '[0-9]+\\.[0-9]{3}'", "rounded = true",
    top='forms = { csv = "csv", xlsx = "xlsx", xls = "xls" }',
)  # fmt: skip


def test_a_text_has_the_shape_that_proves_its_column(read: Read) -> None:
    of = table(column("rate", "DECIMAL(12,3)", nullable=True))
    found = read("CODE,RATE\nA0001,N/A\nA0002,1.500\nA0003,1.5\nA0004,20\n", of, SHAPED)
    assert values(found) == [("A0001", None), ("A0002", Decimal("1.5"))]
    assert [x.value for x in found.refused] == ["1.5", "20"]
    assert "written as [0-9]+" in found.refused[0].message


@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_a_workbook_has_more_digits_than_its_cells_show_and_they_are_rounded_half_up(
    read: Read, form: str
) -> None:
    of = table(column("rate", "DECIMAL(12,3)", nullable=True))
    rates = [155.89499999999998, 0.3087723288, 2385, 1.0005, 1.00049, "N/A", -0.0005]
    rows = [["CODE", "RATE"], *([f"A000{number}", rate] for number, rate in enumerate(rates))]
    written = workbook({"Rates": rows}) if form == "xlsx" else old_book({"Rates": rows})
    found = read(written, of, SHAPED, file=f"made.{form}")
    assert [value and str(value) for _, value in values(found)] == [
        "155.895", "0.309", "2385.000", "1.001", "1.000", None, "-0.001",
    ]  # fmt: skip


def test_a_percentage_is_rounded_and_not_its_fraction(read: Read) -> None:
    of = table(column("rate", "DECIMAL(5,2)"))
    rows = [
        ["CODE", "RATE"],
        ["A0001", 0.3562],
        ["A0002", 0.07005],
        ["A0003", 0.0008],
        ["A0004", 1],
    ]
    declared = layout(RATE, "percent = true", "rounded = true")
    found = read(workbook({"Rates": rows}), of, declared, file="made.xlsx")
    assert [str(value) for _, value in values(found)] == ["35.62", "7.01", "0.08", "100.00"]


def test_digits_that_no_layout_lets_a_workbook_have_are_refused(read: Read) -> None:
    of = table(column("rate", "DECIMAL(12,3)"))
    found = read(
        workbook({"Rates": [["CODE", "RATE"], ["A0001", 0.3087723288]]}), of, layout(RATE), file="made.xlsx"
    )  # fmt: skip
    assert [x.rule for x in found.refused] == ["type of rate"]


# ---------------------------------------------------------------- separators

MODIFIER = '[[column]]\nname = "modifier"\nwords = "^MOD$"\n'
LAB = table(
    column("modifier", "VARCHAR"),
    column("rate", "DECIMAL(10,2)"),
    column("label", "VARCHAR", free_text=True),
    key=("hcpcs_code", "modifier"),
)
LABEL = '[[column]]\nname = "label"\nwords = "^LABEL$"\nabsent = ""\nforms = ["csv"]\n'
WITH_HEAD = layout(MODIFIER, RATE, LABEL, top='forms = { csv = "csv", txt = "tilde" }')
RECORDS = layout(
    MODIFIER,
    RATE,
    LABEL,
    top='has_head = false\nnotice = "^HDR$"\nforms = { txt = "tilde" }',
)
TILDE = "A0001~  ~00720.00\nA0002~QW~00003.50\nA0003~  ~00005.00\n"
LAB_VALUES = [
    ("A0001", "", Decimal("720.00"), ""),
    ("A0002", "QW", Decimal("3.50"), ""),
    ("A0003", "", Decimal("5.00"), ""),
]


def test_tilde_separated_records_lie_below_notices_or_below_a_head(read: Read) -> None:
    old = read("HDR~A notice.\nHDR~Another.\n" + TILDE, LAB, WITH_HEAD, RECORDS, file="made.txt")
    new = read("A title\n\nCODE~MOD~RATE\n" + TILDE, LAB, WITH_HEAD, RECORDS, file="made.txt")
    assert values(old) == values(new) == LAB_VALUES
    assert (old.layout.has_head, new.layout.has_head) == (False, True)
    assert (old.account.header, new.account.header) == (2, 3)
    assert old.frame["source_line"].to_list() == [3, 4, 5]
    assert (old.form, old.head) == ("txt", ["HDR A notice.", "HDR Another."])


def test_a_first_record_with_a_broken_key_is_no_notice(read: Read) -> None:
    with pytest.raises(RefusedError, match="line 1"):
        read("HDR~A notice.\nA1~  ~00720.00\n" + TILDE, LAB, WITH_HEAD, RECORDS, file="made.txt")


def test_a_column_that_one_form_lacks_is_not_compared_with_it(read: Read) -> None:
    csv_form = read(
        "CODE,MOD,RATE,LABEL\nA0001,,720,x\nA0002,QW,3.5,y\nA0003,,5,\n", LAB, WITH_HEAD, RECORDS
    )
    txt_form = read("HDR~A notice.\n" + TILDE, LAB, WITH_HEAD, RECORDS, file="made.txt")
    comparison = compare_forms(csv_form, txt_form, LAB)
    assert (comparison.name, comparison.compared) == ("made csv = txt", 9)
    assert comparison.differences.is_empty()


@pytest.mark.parametrize(
    ("one", "another", "is_typography"),
    [
        ("Reddy?s", "Reddy\u2019s", True),
        ("Reddy\ufffds \u2013 x", "Reddy\u2019s ? x", True),
        ("Reddy's\xa0x", "Reddy's x", True),
        ("Reddy?s", "Reddy's", False),
        ("Reddy\u2019s", "Reddy\u2018s", False),
        ("what?", "what", False),
    ],
)
def test_a_mark_that_a_form_could_not_write_is_a_difference_in_typography(
    one: str, another: str, is_typography: bool
) -> None:
    assert differs_in_typography(one, another) == is_typography
    assert differs_in_typography(another, one) == is_typography


def test_tab_separated_text_has_quotes_only_where_they_are_declared(read: Read) -> None:
    of = table(column("label", "VARCHAR"))
    label = '[[column]]\nname = "label"\nwords = "LABEL"\n'
    text = 'CODE\tLABEL\nA0001\t"Huntington, WV"\n'
    quoted = layout(label, top='forms = { txt = "quoted_tsv" }')
    plain = layout(label, top='forms = { txt = "tsv" }')
    assert values(read(text, of, quoted, file="made.txt")) == [("A0001", "Huntington, WV")]
    assert values(read(text, of, plain, file="made.txt")) == [("A0001", '"Huntington, WV"')]


# ---------------------------------------------------------------- line feeds

NOTED = table(column("note", "VARCHAR"), column("rate", "DECIMAL(10,2)"))
NOTE = '[[column]]\nname = "note"\nwords = "^NOTE$"\n'
LONG = layout(NOTE, RATE, top="line_feeds = true")


def test_a_quoted_cell_may_have_line_feeds_where_the_layout_says_so(read: Read) -> None:
    text = (
        '"A title\nof two lines",,\r\nCODE,NOTE,RATE\r\n'
        'A0001,"one\r\ntwo, three",5.00\r\n'
        "A0002,plain,6.00\r\n"
        'A0003,"up to\n\nthe end",7.00\r\n'
    )
    found = read(text, NOTED, LONG)
    assert values(found) == [
        ("A0001", "one two, three", Decimal("5.00")),
        ("A0002", "plain", Decimal("6.00")),
        ("A0003", "up to the end", Decimal("7.00")),
    ]
    assert found.frame["source_line"].to_list() == [4, 6, 7]
    account = found.account
    assert (account.total, account.header, account.loaded, account.continuation) == (9, 3, 3, 3)


def test_a_workbook_has_a_row_for_a_cell_of_several_lines(read: Read) -> None:
    content = workbook({"One": [["CODE", "NOTE", "RATE"], ["A0001", "one\ntwo, three", 5]]})
    found = read(content, NOTED, LONG, file="made.xlsx")
    assert values(found) == [("A0001", "one two, three", Decimal("5.00"))]
    assert (found.account.total, found.account.continuation) == (2, 0)


@pytest.mark.parametrize(
    "swallowed",
    [
        'A0001,"stray,5.00\nA0002,plain,6.00\nA0003,"",7.00\n',
        'A0001,"stray,5.00\nA0002,plain",6.00\n',
        'A0001,plain,"5.00\nA0002,x,6\nA0003,y,7\n"\n',
    ],
)
def test_a_stray_quote_that_swallows_records_is_refused_all_the_same(
    read: Read, swallowed: str
) -> None:
    with pytest.raises(RefusedError, match="line 2"):
        read("CODE,NOTE,RATE\n" + swallowed, NOTED, LONG)


MEANINGS = layout(
    '[[column]]\nname = "label"\nwords = "^LABEL$"\n',
    NOTE,
    top="runs_on = true\nnotice = '^[*] Note'",
)
MEANT = table(column("label", "VARCHAR"), column("note", "VARCHAR"))


def test_a_record_goes_on_in_lines_without_a_key(read: Read) -> None:
    text = "CODE,LABEL,NOTE\nA0001,one,x\n,,y\n,,\n, two ,\nA0002,three,\n,*,z\n,* Note,\nA note below,,\n"
    found = read(text, MEANT, MEANINGS)
    assert values(found) == [("A0001", "one two", "x y"), ("A0002", "three *", "z")]
    account = found.account
    assert (account.loaded, account.continuation, account.blank, account.notice) == (2, 3, 1, 2)
    with pytest.raises(RefusedError, match="line 3"):
        read("CODE,LABEL,NOTE\n,,\n,one,\nA0002,three,z\n", MEANT, MEANINGS)


PIECES = """
kind = "made"
table = "stage.made"
forms = { txt = "txt", csv = "csv" }
[txt]
record_length = 16
[[column]]
name = "hcpcs_code"
words = "^CODE$"
key = "[A-Z0-9]{2,5}"
txt = [1, 5]
[[column]]
name = "line_kind"
words = "^KIND$"
goes_on = "[48]"
txt = [6, 6]
[[column]]
name = "note"
words = "^NOTE$"
txt = [7, 12]
[[column]]
name = "label"
words = "^LABEL$"
gaps = ["csv"]
txt = [13, 16]
"""
PIECED = table(
    column("line_kind", "VARCHAR"), column("note", "VARCHAR"), column("label", "VARCHAR")
)


def test_a_record_goes_on_in_lines_that_say_so(read: Read) -> None:
    text = "notice\nA00013one   x\nA00014two\nA00014three\n   A17four  y\nA00023five\n"
    found = read(text, PIECED, PIECES, file="made.txt")
    assert values(found) == [
        ("A0001", "3", "one two three", "x"), ("A1", "7", "four", "y"), ("A0002", "3", "five", ""),
    ]  # fmt: skip
    assert (found.account.loaded, found.account.continuation) == (3, 2)
    assert found.frame["source_line"].to_list() == [2, 5, 6]
    same = "CODE,KIND,NOTE,LABEL\nA0001,3,one two,\nA0001,4,three,\nA1,7,four,y\nA0002,3,five,\n"
    other = read(same, PIECED, PIECES)
    assert other.account.continuation == 1
    # A cell that CMS leaves blank in a form is listed; any other difference refuses the file.
    compared = compare_forms(found, other, PIECED)
    assert compared.differences.rows() == [("A0001", "label", "x", "")]
    for damaged in (same.replace("five,", "five,z"), same.replace("four,y", "four,z")):
        with pytest.raises(RefusedError, match="label"):
            compare_forms(found, read(damaged, PIECED, PIECES), PIECED)


@pytest.mark.parametrize(
    ("text", "line"),
    [("A00014two\nA00013one\n", 1), ("A00013one\nA00024two\n", 2), ("A00013a\nA00014b\nA00024c\n", 3)],
)  # fmt: skip
def test_a_line_that_goes_on_with_another_record_is_refused(
    read: Read, text: str, line: int
) -> None:
    with pytest.raises(RefusedError, match=f"line {line}: the line goes on with a record"):
        read(text, PIECED, PIECES, file="made.txt")


def test_without_the_word_of_the_layout_a_record_is_a_line(read: Read) -> None:
    text = 'CODE,NOTE,RATE\nA0001,"one\ntwo",5.00\nA0002,plain,6.00\n'
    with pytest.raises(RefusedError, match="line 2: a quoted cell runs on to line 3"):
        read(text, NOTED, layout(NOTE, RATE))


def test_the_head_of_a_long_file_ends_with_a_whole_record() -> None:
    record = 'A0001,"' + "x" * 60 + "\n" + "y" * 60 + '",5.00\n'
    head = read_head(("CODE,NOTE,RATE\n" + record * 400).encode(), "made.csv")
    assert head[0] == "CODE NOTE RATE"
    assert head[-1].startswith("A0001 xxx") and head[-1].endswith("5.00")


# ---------------------------------------------------------------- sheets

LISTED = table(column("rate", "DECIMAL(10,2)"))
SHEETS = {
    "Addenda AA": [["Covered procedures"], ["CODE", "RATE"], ["A0001", 5]],
    "Sheet2": [["Addendum BB -- ancillary"], ["CODE", "RATE"], ["A0002", 6]],
    "Meanings": [["INDICATOR", "MEANING"], ["A2", "A meaning."]],
}


@pytest.mark.parametrize(("words", "code"), [(r"\bAA\b", "A0001"), (r"\bBB\b", "A0002")])
def test_of_several_sheets_the_layout_says_which_by_name_or_title(
    read: Read, words: str, code: str
) -> None:
    declared = layout(RATE, top=f"sheet = '{words}'")
    found = read(workbook(SHEETS), LISTED, declared, file="made.xlsx")
    assert found.frame["hcpcs_code"].to_list() == [code]


def test_the_head_of_a_workbook_is_that_of_the_sheet_that_the_layout_means(tmp_path: Path) -> None:
    """Another sheet is fuller; behind the name of the file stands which of its sheets is meant."""
    more = [["Notes of April 2025"], ["CODE", "RATE", *"abcdefg"], ["A0001", 1, *"abcdefg"]]
    data = workbook({"Notes": more, "List AA": [["January 2025"], ["CODE", "RATE"], ["A0001", 2]]})
    (tmp_path / "aa.toml").write_text(layout(RATE, top=r"sheet = '\bAA\b'") + EVIDENCE, "utf-8")
    layouts = load_layouts(tmp_path)
    assert read_head(data, "made.xlsx [AA]", layouts)[0] == "January 2025"
    assert read_head(data, "made.xlsx")[0] == "Notes of April 2025"


def test_a_sheet_that_nothing_names_is_not_taken_for_another(read: Read) -> None:
    declared = layout(RATE, top=r"sheet = '\bEE\b'")
    with pytest.raises(RefusedError, match="neither the name of the sheet"):
        read(workbook(SHEETS), LISTED, declared, file="made.xlsx")
    alone = {"Addenda AA": SHEETS["Addenda AA"]}
    with pytest.raises(RefusedError, match="neither the name of the sheet"):
        read(workbook(alone), LISTED, declared, file="made.xlsx")


# ---------------------------------------------------------------- wide tables

MELT = """
[melt]
words = '(?P<state>[A-Z]{2}) ?\\((?P<is_rural>NR|R)\\)'
value = "amount"
"""
FEES = table(
    column("modifier", "VARCHAR"),
    column("state", "VARCHAR"),
    column("is_rural", "BOOLEAN", flag="R", unflag="NR"),
    column("amount", "DECIMAL(10,2)", nullable=True),
    key=("hcpcs_code", "modifier", "state", "is_rural"),
)
AMOUNT = '[[column]]\nname = "amount"\nmoney = true\nnone = ["."]\n'
WIDE = layout(MODIFIER, AMOUNT, last=MELT)
HEAD = "A title,,,,,,\n\nHCPCS,MOD,AL (NR),AL (R),AK(NR),AK(R),Description\n"


def test_a_wide_table_becomes_a_long_one(read: Read) -> None:
    found = read(HEAD + 'B0001,NU,1.50,"1,002.00",2,.,one\nB0002,,0.00,0,3.5,0,two\n', FEES, WIDE)
    assert values(found) == [
        ("B0001", "NU", "AL", False, Decimal("1.50")),
        ("B0001", "NU", "AL", True, Decimal("1002.00")),
        ("B0001", "NU", "AK", False, Decimal("2.00")),
        ("B0001", "NU", "AK", True, None),
        ("B0002", "", "AL", False, Decimal("0.00")),
        ("B0002", "", "AL", True, Decimal("0.00")),
        ("B0002", "", "AK", False, Decimal("3.50")),
        ("B0002", "", "AK", True, Decimal("0.00")),
    ]
    assert found.frame["source_line"].to_list() == [4] * 4 + [5] * 4
    assert (found.account.header, found.account.loaded) == (3, 2)
    assert found.extra == ("Description",)


def test_a_cell_that_is_no_amount_refuses_the_record_by_its_line(read: Read) -> None:
    found = read(HEAD + "B0001,NU,1.50,x,y,4,one\nB0002,,1,2,3,4,two\n", FEES, WIDE)
    assert [(x.line, x.value) for x in found.refused] == [(4, "x"), (4, "y")]
    assert found.frame["source_line"].to_list() == [5] * 4
    assert (found.account.quarantined, found.account.loaded) == (1, 1)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("HCPCS,MOD,AL (NR),AL R,AK (NR)", r'column 4 \("AL R"\) stands among'),
        ("HCPCS,MOD,AL (NR),AL (R),AL(NR)", "columns 3 and 5 are both headed AL NR"),
        ("HCPCS,MOD,ALABAMA,ALASKA,TEXAS", "no column is headed like"),
    ],
)
def test_no_column_of_a_wide_table_is_lost_or_taken_twice(
    read: Read, head: str, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        read(f"{head}\nB0001,NU,1,2,3\n", FEES, WIDE)


# ---------------------------------------------------------------- what a layout cannot say


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (layout(DAY, 'date = "DD.MM.YYYY"'), "DD.MM.YYYY"),
        (layout(DAY, top='dates = "YYYY"'), "YYYY"),
        (layout(RATE, top='forms = { txt = "semicolon" }'), "semicolon"),
        (layout(RATE, last='[melt]\nwords = "("\nvalue = "rate"\n'), "not a layout"),
        (layout(RATE, top='sheet = "("'), "not a layout"),
    ],
)
def test_a_layout_that_nobody_could_read_by_is_refused(
    read: Read, declared: str, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        read("CODE,RATE\nA0001,1\n", LISTED, declared)
