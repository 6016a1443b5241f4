"""What stands in a cell, as the layout says it is written: days, numbers, money, percentages, texts."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.read.file import read_head
from tests.helpers.made_file import (
    DAY,
    RATE,
    Read,
    column,
    layout,
    reader_in,
    table,
    values,
    workbook,
)
from tests.helpers.old_book import old_book


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader_in(tmp_path)


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
        ("INTEGER", "1,000", 1_000),
        ("INTEGER", "1,00", None),
        ("INTEGER", "1.0", 1),
        ("INTEGER", "1.5", None),
        ("INTEGER", "$1", None),
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
        # A comma for the decimal point, as other countries write it.
        ("0,346", None),
        ("$0,346", None),
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
    record = f'CODE,RATE\nA0001,"{text}"\n'
    found = read(record, table(column("rate", "DECIMAL(12,3)", unit="US dollars")), layout(RATE))
    assert values(found) == ([] if value is None else [("A0001", Decimal(value))])
    of = table(column("rate", "DECIMAL(12,3)", unit="relative value units"))
    assert bool(read(record, of, layout(RATE)).refused) is (value is None or "$" in text)


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
        ("-0.2", "-20"),
        ("-20%", "-20"),
        ("half", None),
        # As a fraction 2000%.
        ("20", "20"),
    ],
)
def test_a_percentage_has_its_sign_or_is_a_fraction(
    read: Read, text: str, value: str | None
) -> None:
    declared = layout('[[column]]\nname = "share"\nwords = "^SHARE$"\npercent = true\n')
    found = read(f"CODE,SHARE\nA0001,{text}\n", table(column("share", "DECIMAL(6,3)")), declared)
    shares = [row[1] for row in values(found) if -100 <= row[1] <= 100]
    assert shares == ([] if value is None else [Decimal(value)])


def test_numbers_without_a_sign_are_percentages_where_most_are_above_1(read: Read) -> None:
    """As fractions they would be hundreds of percent; one alone is no reason to take the others so."""
    declared = layout('[[column]]\nname = "share"\nwords = "^SHARE$"\npercent = true\n')
    for cells, shares in (
        (["19.840", "0.5", "18", "0"], ["19.840", "0.5", "18", "0"]),
        (["0.1984", "0.005", "0.18", "1.05"], ["19.84", "0.5", "18", "105"]),
    ):
        text = "CODE,SHARE\n" + "".join(f"A000{x},{cell}\n" for x, cell in enumerate(cells))
        found = read(text, table(column("share", "DECIMAL(6,3)")), declared)
        assert [row[1] for row in values(found)] == [Decimal(share) for share in shares]


FLAG = table(column("is_new", "BOOLEAN", flag="*", unflag=""))


def test_any_mark_is_one_where_the_layout_says_so(read: Read) -> None:
    text = "CODE,NEW\nA0001,*\nA0002,12/31/2025\nA0003,\n"
    new = '[[column]]\nname = "is_new"\nwords = "^NEW$"\n'
    assert len(read(text, FLAG, layout(new)).refused) == 1
    found = read(text, FLAG, layout(new, "any_mark = true"))
    assert [row[1] for row in values(found)] == [True, True, False]
    others = f"{text}A0004,$1676.00\nA0005,No\nA0006,0\n"
    refused = read(others, FLAG, layout(new, "any_mark = true")).refused
    assert [finding.value for finding in refused] == ["$1676.00", "No", "0"]


def test_words_stand_in_the_place_of_a_number_and_a_damaged_number_is_none(read: Read) -> None:
    """As words it would be lost with its row, which would have no price then."""
    of = table(
        column("rate", "DECIMAL(10,2)", nullable=True), column("said", "VARCHAR", free_text=True)
    )
    texts = (
        "See note 2",
        "-",
        "See 42 CFR",
        "12.50 USD",
        "USD 12.50",
        "237.lOO",
        "5 units",
        "1.2O",
    )
    text = "CODE,RATE\n" + "".join(f"A000{x},{cell}\n" for x, cell in enumerate(texts))
    found = read(text, of, layout(RATE, 'words_to = "said"'))
    assert [row[1:] for row in values(found)] == [(None, said) for said in texts[:3]]
    assert [finding.value for finding in found.refused] == list(texts[3:])


def test_a_footnote_may_have_its_mark_in_a_cell_of_its_own(read: Read) -> None:
    noted = "CODE,RATE,X\nA0001,5,\n1,A footnote,\n**,Another one,\n,A third one,\n"
    found = read(noted, table(column("rate", "DECIMAL(10,2)")), layout(RATE))
    assert (values(found), found.account.notice) == ([("A0001", Decimal(5))], 3)


def test_byte_255_is_a_no_break_space_in_keys_and_words(read: Read) -> None:
    words = '[[column]]\nname = "label"\nwords = "^LABEL$"\n'
    data = b"A title.\xff,\nCODE,LABEL\nA0001\xff,Caf\xe9\xffau lait\n"
    found = read(data, table(column("label", "VARCHAR")), layout(words))
    assert values(found) == [("A0001", "Caf\xe9\xa0au lait")]
    assert found.head == ["A title.", "CODE LABEL"]
    assert read_head(data, "made.csv")[0] == "A title."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_255_is_a_no_break_space_in_a_file_that_was_saved_again(read: Read, encoding) -> None:
    data = "CODE,LABEL\nA0001\xff,Au\xfflait\n".encode(encoding)
    words = '[[column]]\nname = "label"\nwords = "^LABEL$"\n'
    assert values(read(data, table(column("label", "VARCHAR")), layout(words))) == [
        ("A0001", "Au\xa0lait")
    ]


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


CODES = layout(
    RATE, '[[column]]\nname = "days"\nwords = "^DAYS$"\nlength = 3\nlost = "0|[19]0"\n',
).replace(
    'key = "[A-Z0-9]{5}"', 'key = "[A-Z0-9]{5}"\nlength = 5\nlost = "[1-9][0-9]{2}|1[0-9]{3}"'
)  # fmt: skip
OF_CODES = table(column("rate", "INTEGER"), column("days", "VARCHAR"))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_zeros_that_a_spreadsheet_took_come_back_where_it_took_them_all(read: Read, form) -> None:
    rows = [
        ["CODE", "RATE", "DAYS"],
        [100, 5, 0],
        [1999, 6, 90],
        ["0001F", 7, "XXX"],
        [99213, 8, ""],
    ]
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    data = text if form == "csv" else workbook({"One": rows})
    found = read(data, OF_CODES, CODES, file=f"made.{form}")
    assert [(code, days) for code, _, days in values(found)] == [
        ("00100", "000"), ("01999", "090"), ("0001F", "XXX"), ("99213", ""),
    ]  # fmt: skip
    assert found.account.restored == ("hcpcs_code in 2 cells", "days in 2 cells")


@pytest.mark.parametrize("other", ["00102", "9921", "A001"])
def test_a_short_code_beside_one_with_its_zeros_or_of_another_length_is_left_as_it_is(
    read: Read, other: str
) -> None:
    text = f"CODE,RATE,DAYS\n99213,1,XXX\n1999,2,XXX\n{other},3,XXX\n"
    found = read(text, OF_CODES, CODES)
    assert [code for code, *_ in values(found)] == ["99213", "1999", other]
    assert found.account.restored == ()


SHAPED = layout(
    RATE, 'none = ["N/A"]', "shape = '[0-9]+\\.[0-9]{3}'", "rounded = true",
    top='forms = { csv = "csv", xlsx = "xlsx", xls = "xls" }',
)  # fmt: skip


def test_a_text_has_the_shape_that_proves_its_column(read: Read) -> None:
    of = table(column("rate", "DECIMAL(12,3)", nullable=True))
    found = read("CODE,RATE\nA0001,N/A\nA0002,1.500\nA0003,1.5\nA0004,20\n", of, SHAPED)
    assert values(found) == [("A0001", None), ("A0002", Decimal("1.5"))]
    assert [x.value for x in found.refused] == ["1.5", "20"]
    assert "written like 0.000, is expected" in found.refused[0].message


def test_a_csv_that_a_spreadsheet_saved_has_no_zeros_behind_anywhere(read: Read) -> None:
    of = table(column("rate", "DECIMAL(12,3)", nullable=True, unit="US dollars"))
    text = 'CODE,RATE\nA0001,N/A\nA0002,$1.5\nA0003,20\nA0004,"$1,234.567"\nA0005,20.00\n'
    found = read(text, of, SHAPED)
    expected = [None, Decimal("1.5"), Decimal(20), Decimal("1234.567")]
    assert [rate for _, rate in values(found)] == expected
    assert [x.value for x in found.refused] == ["20.00"]
    # CMS's own have their zeros, with a dollar sign or without.
    found = read("CODE,RATE\nA0001,$1.500\nA0002,20.000\n", of, SHAPED)
    assert not found.refused


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
