"""Records that run over several lines, by a quoted cell or by lines that go on with them."""

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.errors import RefusedError
from pipeline.read.compare import compare_forms
from pipeline.read.file import read_head
from tests.helpers.made_file import (
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
    with pytest.raises(RefusedError, match="no record by its key"):
        read("CODE,LABEL,NOTE\n,* Note,x\n", MEANT, MEANINGS)


def test_the_lines_of_a_quoted_cell_and_those_that_follow_are_all_accounted_for(read: Read) -> None:
    declared = MEANINGS.replace("runs_on = true", "runs_on = true\nline_feeds = true")
    found = read('CODE,LABEL,NOTE\nA0001,"one\ntwo",x\n,three,y\n', MEANT, declared)
    assert values(found) == [("A0001", "one two three", "x y")]
    assert (found.account.continuation, found.account.balances) == (2, True)


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
