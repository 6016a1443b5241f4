"""Records in CMS's layouts for the tests of traps, and what reads them."""

from pathlib import Path

import duckdb

from pipeline.read.file import FileRead, read_file
from pipeline.read.layout import layouts_for, load_layouts
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules.pfs.declared import schedule
from tests.helpers import bundles

PPRRVU = "PPRRVU2025_Oct_sample"
SAMPLE_CSV = bundles.SAMPLE / f"{PPRRVU}.csv"


def read(data: bytes, name: str, kind: str, year: int | None = 2025) -> FileRead:
    layouts = load_layouts(schedule().folder / "layouts")
    found = read_file(
        data,
        name,
        layouts_for(layouts, kind, name.rpartition(".")[2].lower(), name),
        schedule().tables,
    )
    assert found.account.balances
    return found


def pprrvu(*lines: str, end: str = "\r\n", encoding: str = "cp1252") -> FileRead:
    """Read a PPRRVU csv of the header of the sample and these records."""
    head = [line.rstrip("\r\n") for line in bundles.lines_of(SAMPLE_CSV)[:10]]
    return read(end.join([*head, *lines, ""]).encode(encoding), "PPRRVU25_X.csv", "pprrvu")


def record(code: str, modifier: str = "", label: str = "own label") -> str:
    """A PPRRVU csv record of status X without RVUs."""
    return (
        f"{code},{modifier},{label},X,,0.00,0.00,,0.00,,0.00,0.00,0.00,9,XXX,0.00,0.00,0.00,"
        "9,9,9,9,9,,32.3465,09,0,99,0.00,0.00,0.00"
    )


def columns(found: FileRead, *names: str) -> list[tuple]:
    return found.frame.select(names).rows()


def build(folder: Path) -> Path:
    """Make a warehouse of the release in ``<place>/raw/<name>``; return its database."""
    place = folder.parent.parent
    refresh(Options(place / "raw", place / "warehouse"), Report(quiet=True))
    return place / "warehouse" / "fee_schedule.duckdb"


def query(database: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as con:
        return con.sql(sql).fetchall()


def as_2026(path: Path, factor: str, pricing: str) -> None:
    """Give a PPRRVU csv of the sample the 32 columns of 2026."""

    def change(cells: list[str]) -> list[str]:
        added = {"STATUS": "PRIC", "CODE": "IND"}.get(cells[3], "")
        if len(cells[0]) == 5 and cells[0] != "HCPCS":
            added, cells[bundles.CONVERSION_FACTOR] = pricing, factor
        return [*cells[:23], added, *cells[23:]]

    bundles.edit_column(path, 1, change)
