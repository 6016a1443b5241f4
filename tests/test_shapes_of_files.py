"""How a file is laid out, as its layout says: separators, forms, sheets, wide tables."""

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.errors import RefusedError
from pipeline.read.compare import compare_forms, differs_in_typography
from pipeline.read.file import read_head
from pipeline.read.layout import load_layouts
from tests.helpers.made_file import (
    DAY,
    EVIDENCE,
    RATE,
    Read,
    column,
    layout,
    reader_in,
    table,
    values,
    workbook,
)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader_in(tmp_path)


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
    with pytest.raises(RefusedError, match=r"no sheet has .*EE.* in its name or title"):
        read(workbook(SHEETS), LISTED, declared, file="made.xlsx")
    alone = {"Addenda AA": SHEETS["Addenda AA"]}
    with pytest.raises(RefusedError, match=r"no sheet has .*EE.* in its name or title"):
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
AMOUNT = '[[column]]\nname = "amount"\nnone = ["."]\n'
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


# One record for each state: the fee of rural areas stands where others have the fee of a base year.
FIELDS = layout(
    '[[column]]\nname = "modifier"\n',
    '[[column]]\nname = "R"\ncounts = { column = "flag", value = "R", otherwise = "0.00" }\n',
    '[[column]]\nname = "state"\n[[column]]\nname = "NR"\n[[column]]\nname = "flag"\nloaded = false\n',
    last="\n[melt]\nwords = '(?P<is_rural>NR|R)'\nvalue = \"amount\"\n",
    top='has_head = false\nforms = { txt = "tilde" }',
)
RECORDS_OF_STATES = """B0001~NU~002.00~AL     ~001.50~R
B0001~NU~009.00~AK     ~002.00~
"""


def test_fields_of_records_without_a_head_become_rows_by_their_names(read: Read) -> None:
    found = read(RECORDS_OF_STATES, FEES, FIELDS, file="made.txt")
    assert values(found) == [
        ("B0001", "NU", "AL", True, Decimal("2.00")),
        ("B0001", "NU", "AL", False, Decimal("1.50")),
        ("B0001", "NU", "AK", True, Decimal("0.00")),
        ("B0001", "NU", "AK", False, Decimal("2.00")),
    ]
    assert (found.account.loaded, found.account.total) == (2, 2)


def test_cells_of_a_wide_table_and_of_records_of_a_form_without_a_head_are_compared(
    read: Read,
) -> None:
    wide = read("HCPCS,MOD,AL (NR),AL (R),AK(NR),AK(R)\nB0001,NU,1.50,2,2,0\n", FEES, WIDE)
    records = read(RECORDS_OF_STATES, FEES, FIELDS, file="made.txt")
    comparison = compare_forms(wide, records, FEES)
    # The line of the table has six cells: its amounts, the code and the modifier.
    assert (comparison.name, comparison.compared) == ("made csv = txt", 6)
    other = read(RECORDS_OF_STATES.replace("~R", "~"), FEES, FIELDS, file="made.txt")
    with pytest.raises(RefusedError, match=r'amount of B0001 NU AL true is "0.00", but "2.00"'):
        compare_forms(wide, other, FEES)


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


# ---------------------------------------------------------------- heads


def test_a_line_with_one_cell_below_the_names_goes_on_with_the_head(read: Read) -> None:
    """CMS says below the name of a column what its values mean; such a line is no record."""
    rate = '[[column]]\nname = "rate"\nwords = "^RATE"\n'
    rates = table(column("rate", "DECIMAL(10,2)"))
    text = "CODE\tRATE\n\t0=none\n\t9=not applicable\nA0001\t1.50\n"
    found = read(text, rates, layout(rate, top='forms = { txt = "tsv" }'), file="made.txt")
    assert values(found) == [("A0001", Decimal("1.50"))]
    assert (found.account.header, found.account.loaded) == (3, 1)


def test_a_line_of_too_many_cells_is_named_and_shorter_ones_are_refused(read: Read) -> None:
    tabs = layout(RATE, top='forms = { txt = "tsv" }')
    rates = table(column("rate", "DECIMAL(10,2)"))
    wide = "CODE\tRATE\nA0001\t1\nA0002\t1" + "\t" * 600 + "\n"
    with pytest.raises(RefusedError, match=r"line 3: the line has 602 cells"):
        read(wide, rates, tabs, file="made.txt")
    with pytest.raises(RefusedError, match=r"line 3: the line has 1 cells where 2 are expected"):
        read("CODE\tRATE\nA0001\t1\nA0002\n", rates, tabs, file="made.txt")
