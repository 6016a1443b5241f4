"""Files of equipment fees: those of the sample as cells to alter, and the stage tables of what was read."""

import csv
import io
from datetime import date

import duckdb
import polars as pl

from pipeline.read.file import FileRead, read_file
from pipeline.read.sort import file_kinds, kind_of
from pipeline.sample import DMEPOS_BUNDLE
from pipeline.schedules.dmepos.definition import DMEPOS
from tests.helpers.staged import staged

FEES = "DMEPOS_JAN"
TABLES = DMEPOS.declared.tables
EVERY = [name for name, kind in file_kinds().items() if kind.schedule == "dmepos"]
Lines = list[list[str]]


def sample_lines(kind: str, form: str = "csv") -> tuple[str, Lines]:
    """The name and the cells of a file of the sample, which says no longer that it is one."""
    for path in DMEPOS_BUNDLE.glob(f"*.{form}"):
        if kind_of(path.name).name == kind:
            text = path.read_text("cp1252").replace("(SAMPLE, not a CMS file)", "")
            return path.name.replace("_sample", ""), list(csv.reader(io.StringIO(text)))
    raise KeyError(kind)


def as_csv(lines: Lines) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("cp1252")


def head_of(lines: Lines) -> list[str]:
    return next(line for line in lines if "HCPCS" in line)


def items_of(lines: Lines) -> Lines:
    return lines[lines.index(head_of(lines)) + 1 :]


def read(data: bytes, name: str) -> FileRead:
    """A file of the schedule by the layouts of its kind; every line of it is accounted for."""
    kind = kind_of(name)
    assert kind is not None
    layouts = tuple(x for x in kind.layouts if name.rpartition(".")[2] in x.extensions)
    found = read_file(data, name, layouts, TABLES)
    assert found.refused == []
    return found


def staged_frames(frames: dict[str, pl.DataFrame]) -> duckdb.DuckDBPyConnection:
    """The stage tables of January 2025 from what reading its files gave."""
    con = staged(
        DMEPOS.declared, {}, release_id="DMEPOS25Q1", calendar_year=2025, effective_from=date(2025, 1, 1),
        is_sample=False, main_file=FEES,
    )  # fmt: skip
    con.execute("CREATE TABLE stage.dme_quarter (file_kind VARCHAR, year INTEGER, quarter INTEGER)")
    for kind, frame in frames.items():
        put(con, kind, frame)
    return con


def put(con: duckdb.DuckDBPyConnection, kind: str, frame: pl.DataFrame) -> None:
    con.register("read", frame.to_arrow())
    con.execute(f"CREATE OR REPLACE TABLE stage.{kind} AS FROM read")
