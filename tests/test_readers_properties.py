"""Readers on whatever a file may hold: exact, accounted for, or refused."""

import csv
import io
import string
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import RefusedError
from pipeline.read.file import read_file
from pipeline.read.grid import decode, read_csv
from pipeline.read.layout import Layout, layouts_for, load_layouts
from pipeline.read.sort import file_kinds
from pipeline.read.validate import validate
from pipeline.read.workbook import read_workbook
from pipeline.schedules.pfs.declared import schedule
from schemas.definitions import COMMON, catalog
from tests.helpers import bundles
from tests.helpers.small_file import HEAD, LAYOUT, csv_of, read, values

pytestmark = pytest.mark.slow

LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
# Texts that Windows-1252 has, without line ends (a record is a line) and NUL, which are refused, and
# without the letter that stands for CMS's no-break space.
TEXTS = st.text(
    st.characters(codec="cp1252", exclude_characters="\r\n\0\xff", exclude_categories=["Cs"]),
    max_size=12,
)


def encoded(text: str) -> bytes:
    """The text in Windows-1252, in UTF-8 where those bytes happen to be sound UTF-8."""
    data = text.encode("cp1252")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    return text.encode("utf-8")


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


@given(st.text("0123456789.-+eE ,xNa\xa0\f", max_size=9))
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
    found = read(encoded(text.getvalue()))
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
    layouts = [
        x for folder in (schedule().folder, COMMON) for x in load_layouts(folder / "layouts")
    ]
    chosen = layouts_for(tuple(layouts), kind, path.suffix[1:].lower(), path.name)
    try:
        found = read_file(bytes(content), path.name, chosen, catalog().tables)
        validate(found, catalog(), quarantine_rows=False)
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
        assert read_workbook(bytes(content), "ANES2025.xlsx")[1].width > 1
    except RefusedError as error:
        assert str(error).startswith("ANES2025.xlsx")


def test_workbook_without_cells_is_refused(tmp_path: Path) -> None:
    path = bundles.workbook_of([], tmp_path / "small.xlsx")
    with pytest.raises(RefusedError):
        read(path.read_bytes(), path.name)


@given(st.lists(TEXTS.filter(lambda text: "\n" not in text), max_size=5), LINE_ENDS)
def test_line_ends_are_one_whatever_they_were(lines: list[str], end: str) -> None:
    data = encoded(end.join([*lines, "last"]))
    assert decode(data, "x").split("\n") == [*lines, "last"]


def test_a_csv_record_of_no_cells_is_a_blank_line() -> None:
    assert read_csv(b"a,b\r\n\r\nc,d", "x")["0"].to_list() == ["a", "", "c"]
