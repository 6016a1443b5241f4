"""Releases that nobody here was built on load as they lie, and so does the next one on its day.

CMS's own RVU21A and RVU26B, the latter in its fixed-width form alone too; the first rows of both files
of RVU26A; and the releases to come, made of RVU26C with another title, date and factor, indices of their
year and one more column.
"""

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers.places import NOT_THERE, REAL_FILES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real,
    pytest.mark.skipif(not REAL_FILES.exists(), reason=NOT_THERE),
]

RVU26B = REAL_FILES / "rvu26b"
RVU26C = REAL_FILES / "rvu26c"

# The next releases: year, month, RELEASED, and the two factors.
NEXT = {
    "rvu27a": ("2027", "January", "11/25/2026", "32.8412", "33.1700"),
    "rvu30d": ("2030", "October", "09/10/2030", "31.0009", "32.0000"),
}


def rewrite(source: Path, target: Path, change) -> None:
    """Write a CSV of CMS with each line changed."""
    with source.open(encoding="cp1252", newline="") as file:
        rows = [change(number, cells) for number, cells in enumerate(csv.reader(file))]
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows(rows)


def next_release(folder: Path, name: str) -> None:
    """Write a release to come: RVU26C and GPCI2026 under another title, and with one more column."""
    year, month, released, factor, of_qp = NEXT[name]

    def relative_values(of_class: str):
        def change(number: int, cells: list[str]) -> list[str]:
            cells = [x.replace("2026 National", f"{year} National") for x in cells]
            cells = [x.replace("July Release", f"{month} Release") for x in cells]
            cells = [f"RELEASED {released}" if x.startswith("RELEASED") else x for x in cells]
            if number >= 10:
                cells[24 + 1] = of_class
            return [*cells[:5], {8: "SITE OF", 9: "SERVICE"}.get(number, ""), *cells[5:]]

        return change

    def indices(_: int, cells: list[str]) -> list[str]:
        return [x.replace("2026", year) for x in cells]

    files = {"nonQPP": factor, "QPP": of_qp}
    for of_class, value in files.items():
        source = RVU26C / f"PPRRVU2026_Jul_{of_class}.csv"
        target = folder / name / f"PPRRVU{year}_{month[:3]}_{of_class}.csv"
        rewrite(source, target, relative_values(value))
    rewrite(RVU26B / "GPCI2026.csv", folder / name / f"GPCI{year}.csv", indices)


def excerpt(folder: Path) -> None:
    """The first rows of RVU26A but for endoscopies, whose bases are not among them."""
    for source in sorted((REAL_FILES / "rvu26a_excerpt").glob("*.csv")):
        lines = source.read_text("cp1252").splitlines(keepends=True)
        kept = [x for number, x in enumerate(lines) if number < 10 or not x.split(",")[24]]
        target = folder / "rvu26a" / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(kept), "cp1252")


def build(raw: Path) -> duckdb.DuckDBPyConnection:
    """The warehouse of a raw folder, opened read-only."""
    warehouse = raw.parent / "warehouse"
    refresh(Options(raw=raw, warehouse=warehouse), Report(quiet=True))
    return duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True)


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    raw = tmp_path_factory.mktemp("contact") / "raw"
    raw.mkdir()
    for name in ("rvu21a", "rvu26b", "rvu26c"):
        (raw / name).symlink_to(REAL_FILES / name)
    excerpt(raw)
    for name in NEXT:
        next_release(raw, name)
    with build(raw) as connection:
        yield connection


@pytest.mark.parametrize(
    ("release_id", "rows", "localities", "evidence", "missing"),
    [
        ("RVU21A", 17_327, 112, "declared", ""),
        ("RVU26A", 44, 0, "declared", "gpci,locco,anes,oppscap"),
        ("RVU26B", 19_277, 109, "declared", "pprrvu_qpp,locco,anes,oppscap"),
        ("RVU26C", 19_356, 0, "declared", "gpci,locco,anes,oppscap"),
        ("RVU27A", 19_356, 109, "inferred", "locco,anes,oppscap"),
        ("RVU30D", 19_356, 109, "inferred", "locco,anes,oppscap"),
    ],
)
def test_every_release_loads_as_it_lies(con, release_id, rows, localities, evidence, missing):
    found = con.sql(
        "select (select count(*) from rvu where release_id = release.release_id), "
        "(select count(*) from locality where release_id = release.release_id and gpci_status = 'cms'), "
        f"layout_evidence, missing_files from release where release_id = '{release_id}'"
    ).fetchall()
    assert found == [(rows, localities, evidence, missing)]
    assert con.sql("from quarantine").fetchall() == []


@pytest.mark.parametrize("release_id", ["RVU27A", "RVU30D"])
def test_the_next_release_has_the_values_of_the_one_that_it_is_made_of(con, release_id):
    columns = "* exclude (release_id, source_file)"
    changed = con.sql(
        f"select count(*) from (select {columns} from rvu where release_id = '{release_id}' "
        f"except select {columns} from rvu where release_id = 'RVU26C')"
    ).fetchall()
    assert changed == [(0,)]
    indices = "mac, locality_number, work_gpci, pe_gpci, mp_gpci, work_gpci_without_floor"
    changed = con.sql(
        f"select count(*) from (select {indices} from locality where release_id = '{release_id}' "
        f"except select {indices} from locality where release_id = 'RVU26B')"
    ).fetchall()
    assert changed == [(0,)]


def test_the_next_release_is_paid_with_its_own_factors(con):
    """92950 of RVU26C has 11.35 RVUs outside a facility: x 32.8412 and x 33.1700."""
    found = con.sql(
        "select conversion_factor_class, nonfacility_payment from payment_national "
        "where release_id = 'RVU27A' and hcpcs_code = '92950' order by all"
    ).fetchall()
    assert found == [("nonqp", Decimal("372.75")), ("qp", Decimal("376.48"))]


def test_what_is_not_known_of_the_next_release_is_said(con):
    found = con.sql(
        "select check_name, first_finding from check_result "
        "where release_id = 'RVU27A' and finding_count > 0 order by all"
    ).fetchall()
    said = dict(found)
    assert said["columns_are_known"].endswith("has columns that are not loaded: SITE OF SERVICE")
    assert "no source tells of such a file of 2027" in said["layouts_are_declared"]
    assert not {row[0] for row in found} & {"release_names_itself", "titles_name_the_year"}


def test_indices_of_2026_are_those_with_the_floor(con):
    """47 of 109 localities differ (pfs-rules 10.3)."""
    found = con.sql(
        "select count(*) filter (work_gpci <> work_gpci_without_floor), min(work_gpci), "
        "min(work_gpci_without_floor) < 1 from locality where release_id = 'RVU26B'"
    ).fetchall()
    assert found == [(47, Decimal("1.000"), True)]


def test_the_qp_class_has_the_opps_values_of_its_own_file(con):
    found = con.sql(
        "select modifier, nonfacility_opps_pe_rvu, qp_nonfacility_opps_pe_rvu, qp_opps_mp_rvu "
        "from rvu where release_id = 'RVU26A' and hcpcs_code = '71046' and modifier <> '26' order by all"
    ).fetchall()
    values = [(row[0], *map(str, row[1:])) for row in found]
    assert values == [("", "2.70", "2.69", "0.05"), ("TC", "2.62", "2.61", "0.04")]


def test_the_fixed_width_form_alone_gives_what_the_csv_gives(con, tmp_path):
    folder = tmp_path / "raw" / "rvu26b"
    folder.mkdir(parents=True)
    for name in ("PPRRVU2026_Apr_nonQPP.txt", "GPCI2026.csv"):
        shutil.copyfile(RVU26B / name, folder / name)
    with build(tmp_path / "raw") as alone:
        identity = alone.sql("select posting_id, released_on, missing_files from release")
        lacking = "pprrvu_qpp,locco,anes,oppscap"
        assert identity.fetchall() == [("RVU26B@undated", None, lacking)]
        # One description has a non-breaking space in this form.
        columns = "* exclude (description, source_file, source_line)"
        amounts = (
            "hcpcs_code, modifier, mac, locality_number, nonfacility_payment, facility_payment"
        )
        for query in (
            f"select {columns} from rvu where release_id = 'RVU26B' order by all",
            f"select count(*), bit_xor(hash({amounts})) from payment_locality where release_id = 'RVU26B'",
        ):
            assert alone.sql(query).fetchall() == con.sql(query).fetchall()
