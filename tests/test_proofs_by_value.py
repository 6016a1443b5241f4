"""Values prove which column is which: no exchange and no shift of columns of CMS's files passes unseen.

Two columns of one type are exchanged below an unchanged head, and each column is shifted by a row,
in the files of three releases, each with a layout of its own; types and domains, sums, keys and
checks must refuse every one, or list it where CMS itself errs in as many rows. Descriptions and
names are left out, because nothing in a file proves a text. The releases share the damages out
among them; ``make proofs`` tries all of them on each.
"""

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandera.errors
import polars as pl
import pytest

from pipeline.read.file import read_file
from pipeline.read.layout import layouts_for, load_layouts
from pipeline.read.validate import MOST_SET_ASIDE
from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.release_tables import stage_anes_head
from pipeline.store import database
from pipeline.store.sql import Check, load_checks
from schemas.models import model_of
from tests.helpers.places import NOT_THERE, REAL_FILES

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

CHECKS = [one for one in load_checks(tables.RELEASE_CHECKS) if one.severity == "error"]

# A row further down these break a rule in fewer rows than CMS's own files may.
ONLY_LISTED = {"oppscap": {"hcpcs_code", "status_code"}}

# OPPSCAP of January 2021 is stale, so that its amounts prove no modifier.
UNSEEN = {("rvu21a", "oppscap"): {"modifier"}}

# Every how many of the damages a release is tried with.
STEP = 1 if "EVERY_PROOF" in os.environ else len(FILES)

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
        self.con.execute(
            f"CREATE TABLE this_release AS SELECT {year} AS calendar_year, DATE '{year}-01-01' AS effective_from"
        )
        tables.load_reference(self.con)
        anes = FILES[release].get("anes")
        head = (REAL_FILES / release / anes).read_text("cp1252")[:2000] if anes else ""
        stage_anes_head(self.con, SimpleNamespace(facts={"heads": {"anes": head}}))
        self.frames = {
            kind: frame_of(REAL_FILES / release / name, kind)
            for kind, name in FILES[release].items()
        }
        for kind, frame in self.frames.items():
            self.put(kind, frame)
        self.year = year

    def put(self, kind: str, frame: pl.DataFrame) -> None:
        """Make a frame the stage table of its kind."""
        self.con.register("incoming", frame)
        self.con.execute(f"CREATE OR REPLACE TABLE stage.{kind} AS FROM incoming")

    def verdict(self, kind: str, frame: pl.DataFrame) -> str:
        """What the model of the file and the checks make of it: refused, listed or unseen."""
        most = max(3, MOST_SET_ASIDE * len(frame))
        # A row that breaks the model breaks it among fewer rows too, and to tell of all takes long.
        if any(model_refuses(kind, rows, most) for rows in (frame.gather_every(20), frame)):
            return "refused"
        self.put(kind, frame)
        severities = {severity for check in CHECKS for severity in self._severities(kind, check)}
        self.put(kind, self.frames[kind])
        return "refused" if "error" in severities else "listed" if severities else "unseen"

    def _severities(self, kind: str, check: Check) -> set[str]:
        """The severity of what a check finds, for each kind of file that is at fault."""
        if f"stage.{kind}" not in check.query:
            return set()
        try:
            query = f"SELECT file_kind, count(*) FROM ({check.query}) GROUP BY ALL"
            counts = self.con.sql(query).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):
            # It asks for what is computed from the stage tables, and is not needed here.
            return set()
        return {check.severity_in(self.year, n, len(self.frames[kind])) for kind, n in counts}


def model_refuses(kind: str, frame: pl.DataFrame, most: float) -> bool:
    """Whether rows break the model otherwise than by values that nobody declared, or too often."""
    try:
        model_of(schedule(), f"stage.{kind}").validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        domains = cases.filter(pl.col("check").str.starts_with("isin"))
        return len(domains) < len(cases) or len(domains) > most
    return False


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


# One release in CI; the others prove the same of other years, and take as long.
@pytest.mark.parametrize(
    "release",
    [one if one == "rvu25d" else pytest.param(one, marks=pytest.mark.long) for one in FILES],
)
def test_no_exchange_and_no_shift_of_columns_passes_unseen(release, capsys):
    judge = Judge(release)
    counts = {}
    for kind, frame in judge.frames.items():
        assert judge.verdict(kind, frame) == "unseen", kind
        damaged = [*exchanges(kind, frame), *shifts(kind, frame)]
        damaged = damaged[list(FILES).index(release) % STEP :: STEP]
        verdicts = {name: judge.verdict(kind, one) for name, one in damaged}
        for verdict, may in (
            ("listed", ONLY_LISTED.get(kind)),
            ("unseen", UNSEEN.get((release, kind))),
        ):
            columns = {name.split()[0] for name, one in verdicts.items() if one == verdict}
            assert columns <= (may or set()), (kind, verdict)
        counts[kind] = dict(Counter(verdicts.values()))
    assert judge.verdict("pprrvu", settings_exchanged(judge.frames["pprrvu"])) == "refused"
    with capsys.disabled():
        print(f"\n{release}: exchanged or shifted: {counts}")


def kinds_at_fault(judge: Judge) -> set[str]:
    """The files that the proof of the indices by ANES and OPPSCAP finds at fault."""
    [check] = [x for x in CHECKS if x.name == "indices_prove_themselves"]
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


def test_the_head_of_anes_has_the_factor_that_its_values_follow_from():
    judge = Judge("rvu25d")
    judge.con.execute("UPDATE stage.anes_header SET national_factor = 20.3000")
    assert kinds_at_fault(judge) == set()
    judge.con.execute("UPDATE stage.anes_header SET national_factor = 20.4975")
    assert kinds_at_fault(judge) == {"anes"}


def test_factors_whose_head_states_none_are_those_of_the_year():
    """ANES2021 says no more than its year; factors of another one follow from the indices as well."""
    judge = Judge("rvu21a")
    assert judge.con.sql("FROM stage.anes_header").fetchall() == []
    anes = judge.frames["anes"]
    raised = (pl.col("anesthesia_conversion_factor") * pl.lit("1.03").cast(pl.Decimal(3, 2))).round(
        2
    )
    judge.put("anes", anes.with_columns(raised.cast(anes["anesthesia_conversion_factor"].dtype)))
    assert kinds_at_fault(judge) == {"anes"}


def test_the_head_has_the_factor_of_each_class_that_its_values_follow_from():
    judge = Judge("rvu25d")
    judge.con.execute("UPDATE stage.anes_header SET conversion_factor_class = 'nonqp'")
    judge.con.execute(
        "UPDATE stage.anes SET qp_anesthesia_conversion_factor = round(anesthesia_conversion_factor * 1.005, 2)"
    )
    judge.con.execute("INSERT INTO stage.anes_header VALUES ('qp', 20.4194)")
    assert kinds_at_fault(judge) == set()
    judge.con.execute(
        "UPDATE stage.anes_header SET national_factor = 20.6 WHERE conversion_factor_class = 'qp'"
    )
    assert kinds_at_fault(judge) == {"anes"}
