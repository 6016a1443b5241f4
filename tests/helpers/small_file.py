"""A small file with what real ones have, and its layout: for the readers."""

import pytest

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file
from pipeline.read.layout import Evidence, FixedWidth, Layout, LayoutColumn
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
    evidence=(Evidence(2020, 2025, "P", "this test"),),
    columns=(
        LayoutColumn("code", words=r"^CODE$", key=r"[A-Z0-9]{5}", txt=(1, 5)),
        LayoutColumn("mac", words=r"\bMAC\b", txt=(7, 11), pad=5),
        LayoutColumn("amount", words=r"PAID AMOUNT", txt=(12, 19)),
        LayoutColumn("marked", words=r"\bMARK\b", txt=(20, 20)),
        LayoutColumn("label", words=r"\bLABEL\b", txt=(22, 31)),
    ),
    txt=FixedWidth(record_length=31),
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
