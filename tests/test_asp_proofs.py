"""Columns of drug files that slip by a row: which of them the rules of the files tell, on CMS's own files."""

from datetime import date

import polars as pl
import pytest

from pipeline.errors import RefusedError
from pipeline.read.file import FileRead, read_file
from pipeline.read.layout import layouts_for
from pipeline.read.sort import file_kinds
from pipeline.read.validate import validate
from pipeline.schedules.all import schedule_named
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers.places import NOT_THERE, REAL_FILES
from tests.helpers.staged import staged

FILES = REAL_FILES / "asp"
pytestmark = [
    pytest.mark.whole,
    pytest.mark.real,
    pytest.mark.skipif(not FILES.exists(), reason=NOT_THERE),
]

# A file of each kind, and the columns of which nothing tells that they slipped.
REAL = {
    "asp": ("section 508 verision of JUL 2025 ASP Pricing File 062325.csv", {"is_clotting_factor"}),
    "ndc": (
        "section 508 version of January 2025 ASP NDC-HCPCS Crosswalk 122024.csv",
        {"drug_name", "package_size"},
    ),
}


@pytest.fixture(scope="module")
def read() -> dict[str, FileRead]:
    found = {}
    for kind, (name, _) in REAL.items():
        layouts = layouts_for(tuple(file_kinds()[kind].layouts), kind, "csv", name)
        tables = schedule_named(kind).declared.tables
        found[kind] = read_file((FILES / name).read_bytes(), name, layouts, tables)
    return found


def fault(kind: str, frame: pl.DataFrame, of: FileRead) -> str:
    """What refuses a frame: a rule of its columns or a check; '' where nothing does."""
    schedule = schedule_named(kind)
    try:
        file = FileRead(of.file, of.form, of.layout, frame, of.head, of.account, [])
        validate(file, schedule.declared, quarantine_rows=False)
    except RefusedError as error:
        return error.findings[0].rule
    said = {"release_id": "X25Q1", "is_sample": False, "main_file": of.file}
    said |= {"effective_from": date(2025, 1, 1)}
    with staged(schedule.declared, {}, **said) as con:
        database.insert_frame(con, schedule.declared.tables[f"stage.{kind}"], frame)
        for name, query in schedule.model.tables.items():
            con.execute(f"CREATE TABLE {name} AS {query()}")
        for check in load_checks(schedule.release_checks):
            found = len(con.sql(check.query).fetchall())
            if found and check.severity_in(2025, found, len(frame)) == "error":
                return check.name
    return ""


@pytest.mark.parametrize("kind", REAL)
def test_a_column_that_slips_by_a_row_is_refused(read: dict[str, FileRead], kind: str) -> None:
    frame = read[kind].frame
    assert fault(kind, frame, read[kind]) == ""
    # The words that stand in the place of a limit are of its own cell.
    columns = [name for name in frame.columns if name not in ("source_line", "limit_words")]
    slipped = {
        name: frame.with_columns(pl.concat([frame[name].tail(1), frame[name].head(-1)]))
        for name in columns
    }
    untold = {name for name, one in slipped.items() if not fault(kind, one, read[kind])}
    assert untold == REAL[kind][1]
