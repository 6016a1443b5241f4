"""A small file with what real ones have, and its layout: for the readers."""

import pytest

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file
from pipeline.read.layout import FixedWidth, Layout, LayoutColumn
from schemas.definitions import Column, Table

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
