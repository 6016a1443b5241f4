"""Values prove which column is which: no exchange and no shift of columns of CMS's files passes.

Two columns of one type are exchanged below an unchanged head, and each column is shifted by a row, in
the files of three releases, each with a layout of its own; types and domains, sums, keys and checks must refuse every one. Descriptions and
names are left out, because nothing in a file proves a text.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandera.errors
import polars as pl
import pytest
from places import NOT_THERE, REAL_FILES

from pipeline import database
from pipeline.pfs import tables
from pipeline.pfs.identify import schedule
from pipeline.read.file import read_file
from pipeline.read.layout import layouts_for, load_layouts
from pipeline.sql import load_checks
from pipeline.validate import MOST_SET_ASIDE
from schemas.models import model_of

LAYOUTS = load_layouts(schedule().folder / "layouts")
FILES = {
    "rvu21a": {
        "pprrvu": "PPRRVU21_JAN.csv",
        "gpci": "GPCI2021.csv",
        "anes": "ANES2021.csv",
        "oppscap": "OPPSCAP_JAN.csv",
    },
    "rvu25d": {
        "pprrvu": "PPRRVU2025_Oct.csv",
        "gpci": "GPCI2025.csv",
        "anes": "ANES2025.csv",
        "oppscap": "OPPSCAP_Oct.csv",
    },
    "rvu26b": {"pprrvu": "PPRRVU2026_Apr_nonQPP.csv", "gpci": "GPCI2026.csv"},
}

# Columns in which nothing but their own text tells a row from another.
TEXTS = {"description", "locality_name", "state", "source_line"}

# OPPSCAP has the same price in both columns, so that an exchange changes nothing; a shifted price is
# found where amounts are compared.
SAME_PRICE = {"facility_price", "nonfacility_price"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real,
    pytest.mark.skipif(not REAL_FILES.exists(), reason=NOT_THERE),
]


def frame_of(path: Path, kind: str) -> pl.DataFrame:
    """A file of CMS as it is read."""
    layouts = layouts_for(LAYOUTS, kind, path.suffix[1:], path.name)
    read = read_file(path.read_bytes(), path.name, layouts, schedule().tables)
    assert not read.refused
    return read.frame


class Judge:
    """The stage tables of one release, and what is said when one of them is another."""

    def __init__(self, release: str) -> None:
        self.con = database.connect(2)
        self.con.execute("CREATE SCHEMA stage")
        for kind in ("pprrvu", "gpci", "locco", "anes", "oppscap"):
            database.create(self.con, schedule().tables[f"stage.{kind}"])
        year = 2000 + int(release[3:5])
        self.con.execute(f"CREATE TABLE this_release AS SELECT {year} AS calendar_year")
        tables.load_reference(self.con)
        self.frames = {
            kind: frame_of(REAL_FILES / release / name, kind)
            for kind, name in FILES[release].items()
        }
        for kind, frame in self.frames.items():
            self.put(kind, frame)
        checks = load_checks(tables.RELEASE_CHECKS)
        # Those that prove columns come first, because they find the most.
        checks = sorted(checks, key=lambda check: "proves_its_columns" not in check.name)
        self.checks = {
            kind: [x for x in checks if f"stage.{kind}" in x.query] for kind in self.frames
        }

    def put(self, kind: str, frame: pl.DataFrame) -> None:
        """Make a frame the stage table of its kind."""
        self.con.register("incoming", frame)
        self.con.execute(f"CREATE OR REPLACE TABLE stage.{kind} AS FROM incoming")

    def is_refused(self, kind: str, frame: pl.DataFrame) -> bool:
        """Whether the model of the file or a check that refuses finds something."""
        if self._model_refuses(kind, frame):
            return True
        self.put(kind, frame)
        found = any(self._finds(check) for check in self.checks[kind])
        self.put(kind, self.frames[kind])
        return found

    def _model_refuses(self, kind: str, frame: pl.DataFrame) -> bool:
        try:
            model_of(schedule(), f"stage.{kind}").validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases
            domains = cases.filter(pl.col("check").str.starts_with("isin"))
            return len(domains) < len(cases) or len(domains) > max(3, MOST_SET_ASIDE * len(frame))
        return False

    def _finds(self, check) -> bool:
        try:
            found = self.con.sql(check.query).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):
            # It asks for what is computed from the stage tables, and is not needed here.
            return False
        return bool(found) and check.severity.startswith("error")


def exchanges(kind: str, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """The file with two of its columns exchanged, where their types allow it."""
    columns = [
        x for x in schedule().tables[f"stage.{kind}"].columns if x.name not in TEXTS | SAME_PRICE
    ]
    for one, other in itertools.combinations(columns, 2):
        if one.type != other.type and not (one.is_decimal and other.is_decimal):
            continue
        first, second = frame[one.name], frame[other.name]
        if first.null_count() or second.null_count() or (first == second).all():
            continue
        try:
            exchanged = frame.with_columns(
                second.cast(first.dtype).alias(one.name), first.cast(second.dtype).alias(other.name)
            )
        except pl.exceptions.InvalidOperationError:
            continue
        yield f"{one.name} and {other.name}", exchanged


def shifts(kind: str, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """The file with one of its columns a row further down, or up."""
    for name in frame.columns:
        column = frame[name]
        if name in TEXTS | SAME_PRICE or column.null_count():
            continue
        down = pl.concat([column.tail(1), column.head(-1)])
        up = pl.concat([column.tail(-1), column.head(1)])
        for way, shifted in (("down", down), ("up", up)):
            if not (shifted == column).all():
                yield f"{name} {way}", frame.with_columns(shifted.alias(name))


def settings_exchanged(frame: pl.DataFrame) -> pl.DataFrame:
    """Facility and non-facility exchanged in every column, so that all sums hold."""
    pairs = [("nonfacility_pe_rvu", "facility_pe_rvu"), ("nonfacility_na", "facility_na")]
    pairs += [("nonfacility_total_rvu", "facility_total_rvu")]
    return frame.rename({a: b for one, other in pairs for a, b in ((one, other), (other, one))})


@pytest.mark.parametrize("release", FILES)
def test_no_exchange_and_no_shift_of_columns_passes(release, capsys):
    judge = Judge(release)
    counts = {}
    for kind, frame in judge.frames.items():
        assert not judge.is_refused(kind, frame), kind
        damaged = [*exchanges(kind, frame), *shifts(kind, frame)]
        passed = [name for name, one in damaged if not judge.is_refused(kind, one)]
        assert passed == [], kind
        counts[kind] = len(damaged)
    assert judge.is_refused("pprrvu", settings_exchanged(judge.frames["pprrvu"]))
    with capsys.disabled():
        print(f"\n{release}: exchanged or shifted and refused: {counts}")


def kinds_at_fault(judge: Judge) -> set[str]:
    """The files that the proof of the indices by ANES and OPPSCAP finds at fault."""
    [check] = [
        x for x in load_checks(tables.RELEASE_CHECKS) if x.name == "indices_prove_themselves"
    ]
    return {row[0] for row in judge.con.sql(check.query).fetchall()}


@pytest.mark.parametrize("release", ["rvu21a", "rvu25d"])
def test_anes_and_oppscap_tell_which_file_is_at_fault(release):
    """CMS's own OPPSCAP of January 2021 is stale, and proves nothing against the indices."""
    judge = Judge(release)
    assert kinds_at_fault(judge) == set()
    anes = judge.frames["anes"]
    factor = anes["anesthesia_conversion_factor"]
    shifted = pl.concat([factor.tail(1), factor.head(-1)]).alias(factor.name)
    judge.put("anes", anes.with_columns(shifted))
    assert kinds_at_fault(judge) == {"anes"}
    judge.put("anes", anes)
    judge.put("gpci", frame_of(REAL_FILES / "rvu26b" / "GPCI2026.csv", "gpci"))
    # The indices of another year under whatever title.
    assert kinds_at_fault(judge) == {"gpci"}
    judge.put("gpci", judge.frames["gpci"])
    oppscap = judge.frames["oppscap"]
    prices = oppscap["facility_price"]
    shifted = pl.concat([prices.tail(1), prices.head(-1)]).alias(prices.name)
    judge.put("oppscap", oppscap.with_columns(shifted))
    assert kinds_at_fault(judge) == {"oppscap"}
