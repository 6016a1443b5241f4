"""A release of every era loads, prices by its own columns, and near misses are refused.

The payments are worked out by hand from the figures in ``eras.py``: 99291 has the totals 7.90
outside and 6.30 inside a facility wherever the indices are 1, and 7.40 in 10112-00.
"""

from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.errors import RefusedError
from pipeline.read.file import read_file
from pipeline.read.header import match_header
from pipeline.read.layout import layouts_of, load_layouts
from pipeline.read.sort import file_kinds
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.identity import effective_period, identify
from pipeline.schedules.pfs.listing import release_name
from tests.helpers import eras

pytestmark = pytest.mark.slow

LAYOUTS = load_layouts(schedule().folder / "layouts")
RVU25D = Path(__file__).parent.parent.parent / "shared" / "data" / "rvu25d"


def build(raw: Path) -> duckdb.DuckDBPyConnection:
    """The warehouse of a raw folder, opened read-only."""
    warehouse = raw.parent / "warehouse"
    refresh(Options(raw=raw, warehouse=warehouse), Report(quiet=True))
    return duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True)


def frame(path: Path) -> pl.DataFrame:
    """The rows of a file of relative values, as they are read."""
    data = path.read_bytes()
    return read_file(data, path.name, layouts_of(LAYOUTS, "pprrvu"), schedule().tables).frame


def refusal(raw: Path) -> str:
    """The sentence with which a raw folder is refused."""
    with pytest.raises(RefusedError) as caught:
        build(raw)
    return str(caught.value)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory):
    """One warehouse with a release of every era that a layout is declared for."""
    raw = tmp_path_factory.mktemp("eras") / "raw"
    eras.write_pprrvu(raw / "rvu10c_pct22" / "PPRRVU10_U22.csv", 2010, "July", "36.8729")
    eras.write_pprrvu(raw / "rvu13b" / "PPRRVU13.csv", 2013, "April", "34.0230")
    eras.write_pprrvu(raw / "rvu16b" / "PPRRVU16_V0202.csv", 2016, "", "35.8043")
    eras.write_pprrvu(raw / "rvu19a" / "PPRRVU19_V1213.csv", 2019, "January", "36.0391")
    eras.write_pprrvu(raw / "rvu20d" / "PPRRVU20_OCT.csv", 2020, "October", "36.0896")
    eras.write_pprrvu(raw / "rvu25d" / "PPRRVU2025_Oct.csv", 2025, "October", "32.3465")
    folder = raw / "rvu26c"
    eras.write_pprrvu(folder / "PPRRVU2026_Jul_nonQPP.csv", 2026, "July", "33.4009")
    eras.write_pprrvu(folder / "PPRRVU2026_Jul_QPP.csv", 2026, "July", "33.5675", "1", "ACRT")
    for name, year in (("rvu13b", 2013), ("rvu19a", 2019), ("rvu20d", 2020), ("rvu26c", 2026)):
        eras.write_gpci(raw / name / f"GPCI{year}.csv", year)
    eras.write_gpci(raw / "rvu25d" / "GPCI2025.csv", 2025)
    eras.write_companions_of_2020(raw / "rvu20d")
    with build(raw) as con:
        yield con


@pytest.mark.parametrize(
    ("work_columns", "place"),
    [
        (["2027 PW GPCI (without 1.0 Floor)", "2027 PW GPCI (with 1.0 Floor)"], 5),
        (["2027 PW GPCI (with 1.0 Floor)***"], 4),
        (["2027 PW GPCI"], 4),
        (["2027 PW GPCI (without 1.0 Floor)"], 4),
    ],
)
def test_the_work_index_is_the_one_with_the_floor_where_a_file_has_one(work_columns, place):
    head = ["Medicare Administrative Contractor (MAC)", "State", "Locality Number", "Locality Name"]
    head += [*work_columns, "2027 PE GPCI", "2027 MP GPCI"]
    record = ["10112", "AL", "00", "ALABAMA", *["1.000"] * (len(head) - 4)]
    lines = [[str(x) for x in line] for line in (head, record)]
    cells = {str(n): [line[n] for line in lines] for n in range(len(head))}
    grid = pl.DataFrame({"source_line": [1, 2], **cells})
    match = match_header(grid, file_kinds()["gpci"].layouts, "GPCI2027.csv")
    assert match.positions["work_gpci"] == place


@pytest.mark.parametrize(
    ("release_id", "factor_class", "nonfacility", "facility"),
    [
        ("RVU10C_PCT22", "all", "291.30", "232.30"),  # 7.90 and 6.30 x 36.8729
        ("RVU13B", "all", "268.78", "214.34"),  # x 34.0230
        ("RVU16B", "all", "282.85", "225.57"),  # x 35.8043
        ("RVU19A", "all", "284.71", "227.05"),  # x 36.0391
        ("RVU20D", "all", "285.11", "227.36"),  # x 36.0896
        ("RVU25D", "all", "255.54", "203.78"),  # x 32.3465
        ("RVU26C", "nonqp", "263.87", "210.43"),  # x 33.4009
        ("RVU26C", "qp", "265.18", "211.48"),  # x 33.5675
    ],
)
def test_every_era_pays_by_its_own_columns(
    history, release_id, factor_class, nonfacility, facility
):
    amounts = history.sql(
        "SELECT nonfacility_payment, facility_payment FROM payment_national "
        f"WHERE release_id = '{release_id}' AND conversion_factor_class = '{factor_class}' "
        "AND hcpcs_code = '99291'"
    ).fetchall()
    assert amounts == [(Decimal(nonfacility), Decimal(facility))]


@pytest.mark.parametrize(
    ("release_id", "amount"),
    [
        ("RVU13B", "251.77"),  # (4.50 x 1 + 3.00 x 0.9 + 0.40 x 0.5) = 7.40 x 34.0230
        ("RVU19A", "266.69"),  # x 36.0391
        ("RVU20D", "267.06"),  # x 36.0896
        ("RVU25D", "239.36"),  # x 32.3465
        ("RVU26C", "247.17"),  # x 33.4009
    ],
)
def test_every_era_with_indices_pays_by_locality(history, release_id, amount):
    found = history.sql(
        "SELECT nonfacility_payment FROM payment_locality WHERE is_default_class "
        f"AND release_id = '{release_id}' AND hcpcs_code = '99291' "
        "AND mac = '10112' AND locality_number = '00'"
    ).fetchall()
    assert found == [(Decimal(amount),)]


def test_2010_is_paid_by_the_transitioned_practice_expense(history):
    found = history.sql(
        "SELECT nonfacility_pe_rvu, facility_pe_rvu, nonfacility_total_rvu, facility_total_rvu "
        "FROM rvu WHERE release_id = 'RVU10C_PCT22' AND hcpcs_code = '99291'"
    ).fetchall()
    assert found == [(Decimal("3.00"), Decimal("1.40"), Decimal("7.90"), Decimal("6.30"))]


def test_companions_of_2020_are_those_of_later_years(history):
    found = history.sql(
        "SELECT count(*), min(anesthesia_conversion_factor), min(counties), max(gpci_status) "
        "FROM locality WHERE release_id = 'RVU20D'"
    ).fetchall()
    assert found == [(112, Decimal("21.18"), "ALL COUNTIES", "cms")]
    compared = history.sql(
        "SELECT compared_count, different_count FROM reconciliation "
        "WHERE release_id = 'RVU20D' AND comparison = 'OPPSCAP'"
    ).fetchall()
    # Capped: 0.31 x 36.0896 = 11.19, in 10112-00 (0.30 x 0.9 + 0.01 x 0.5) = 0.275: 9.92.
    assert compared == [(2 * 112, 2)]


def test_a_csv_under_the_name_of_the_fixed_width_form_is_refused(tmp_path: Path):
    source = tmp_path / "PPRRVU10.csv"
    eras.write_pprrvu(source, 2010, "July", "36.8729")
    target = tmp_path / "raw" / "rvu10c_pct22" / "PPRRVU10.txt"
    target.parent.mkdir(parents=True)
    target.write_bytes(source.read_bytes())
    assert "characters where 171 are expected" in refusal(tmp_path / "raw")


def test_years_without_curated_localities_warn(history):
    found = history.sql(
        "SELECT release_id FROM check_result WHERE finding_count > 0 "
        "AND check_name = 'localities_of_the_year_are_known' ORDER BY ALL"
    ).fetchall()
    assert found == [("RVU10C_PCT22",), ("RVU13B",), ("RVU16B",), ("RVU19A",)]


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.skipif(not RVU25D.exists(), reason=f"CMS's files are not in {RVU25D}")
@pytest.mark.long
@pytest.mark.parametrize(("name", "factor"), [("rvu10d_pct22", "36.8729"), ("rvu13d", "34.0230")])
def test_a_whole_release_of_2025_dressed_as_another_year_keeps_every_value(tmp_path, name, factor):
    """All 19,090 rows, in the 37 columns of 2010, and in CSV and fixed width in 2013."""
    year = 2000 + int(name[3:5])
    raw = tmp_path / "raw"
    folder = raw / name
    eras.dress(RVU25D / "PPRRVU2025_Oct.csv", folder / "PPRRVU.csv", year, factor)
    if year == 2013:
        text = (RVU25D / "PPRRVU2025_Oct.txt").read_bytes()
        (folder / "PPRRVU.txt").write_bytes(text.replace(b" 32.3465", f" {factor}".encode()))
    folder = raw / "rvu25d"
    folder.mkdir()
    (folder / "PPRRVU2025_Oct.csv").write_bytes((RVU25D / "PPRRVU2025_Oct.csv").read_bytes())
    with build(raw) as con:
        values = "SELECT * EXCLUDE (release_id, source_line, source_file) FROM rvu WHERE release_id"
        same = f"({values} = 'RVU25D') INTERSECT ({values} <> 'RVU25D')"
        assert con.sql(f"SELECT count(*) FROM ({same})").fetchall() == [(19_090,)]
        fees = con.sql(
            "SELECT count(*), count(*) FILTER (p.nonfacility_fee = "
            f"round(nonfacility_total_rvu * {factor}::DECIMAL(6,4), 2)) FROM payment_national AS p "
            "JOIN rvu USING (release_id, hcpcs_code, modifier) "
            "WHERE release_id <> 'RVU25D' AND price_status = 'priced'"
        ).fetchall()
        [(priced, as_computed)] = fees
        assert (priced > 9_000, as_computed) == (True, priced)


# ---------------------------------------------------------------- near misses


@pytest.mark.parametrize(
    ("year", "factor", "columns"),
    [
        (2010, "36.0791", (6, 8)),
        (2013, "34.0230", (11, 12)),
        (2020, "36.0896", (23, 24)),
        (2026, "33.4009", (22, 23)),
    ],
)
def test_columns_that_stand_elsewhere_are_read_by_their_words(tmp_path, year, factor, columns):
    path = eras.write_pprrvu(tmp_path / "PPRRVU.csv", year, "January", factor)
    expected = frame(path)
    eras.swap_columns(path, *columns)
    assert frame(path).equals(expected)


@pytest.mark.parametrize("year", [2003, 2007, 2009, 2011, 2012, 2027, 2030])
def test_a_year_that_nobody_declared_is_read_by_its_words(tmp_path: Path, year: int):
    path = eras.write_pprrvu(tmp_path / "PPRRVU.csv", year, "January", "34.0376")
    assert frame(path)["nonfacility_pe_rvu"].to_list()[0] == Decimal("3.00")


@pytest.mark.parametrize(
    ("year", "factor", "columns", "rule"),
    [
        (2010, "36.0791", (6, 8), "sum of nonfacility_total_rvu"),
        (2013, "34.0230", (11, 12), "sum of nonfacility_total_rvu"),
        # A sum does not know its parts apart; a technical component without work does.
        (2019, "36.0391", (5, 10), "technical_rows_have_no_work"),
    ],
)
def test_values_swapped_under_a_right_header_are_refused(tmp_path, year, factor, columns, rule):
    raw = tmp_path / "raw"
    path = raw / f"rvu{year % 100}a" / "PPRRVU.csv"
    eras.swap_columns(eras.write_pprrvu(path, year, "January", factor), *columns, first_line=11)
    assert f"rule: {rule}" in refusal(raw)


def test_columns_of_2010_in_2013_are_read_by_their_words(tmp_path: Path):
    path = eras.write_pprrvu(tmp_path / "raw" / "rvu10a" / "P.csv", 2010, "January", "34.0230")
    target = tmp_path / "raw" / "rvu13a" / "PPRRVU13.csv"
    target.parent.mkdir()
    target.write_bytes(path.read_bytes().replace(b"2010 National", b"2013 National"))
    path.unlink()
    path.parent.rmdir()
    with build(tmp_path / "raw") as con:
        assert con.sql("SELECT DISTINCT release_id FROM rvu").fetchall() == [("RVU13A",)]


# ---------------------------------------------------------------- factors


def test_rvu13a_loads_with_the_factor_that_never_took_effect(tmp_path: Path):
    eras.write_pprrvu(tmp_path / "raw" / "rvu13a" / "PPRRVU13.csv", 2013, "January", "25.0008")
    with build(tmp_path / "raw") as con:
        [(severity, finding)] = con.sql(
            "SELECT severity, first_finding FROM check_result "
            "WHERE check_name = 'conversion_factor_took_effect'"
        ).fetchall()
        fees = con.sql("SELECT nonfacility_fee FROM payment_national WHERE hcpcs_code = '99291'")
        assert fees.fetchall() == [(Decimal("197.51"),)]  # 7.90 x 25.0008
    assert severity == "warning"
    assert "RVU13AR has the one that was paid" in finding


@pytest.mark.parametrize(
    ("name", "year", "month", "factor"),
    [
        ("rvu13ar", 2013, "January", "25.0008"),
        ("rvu13a", 2013, "January", "24.6712"),
        ("rvu10c_pct0", 2010, "July", "36.0791"),
    ],
)
def test_every_other_factor_than_the_known_one_is_refused(tmp_path, name, year, month, factor):
    eras.write_pprrvu(tmp_path / "raw" / name / "PPRRVU.csv", year, month, factor)
    assert "rule: conversion_factor_is_the_known_one" in refusal(tmp_path / "raw")


@pytest.mark.slow
def test_anes_with_another_factor_in_its_header_is_left_unread(tmp_path, add_release):
    raw = tmp_path / "raw"
    add_release(raw)
    path = raw / "rvu25d" / "ANES2025.csv"
    path.write_bytes(path.read_bytes().replace(b"20.3178", b"20.4178"))
    with build(raw) as con:
        [(reason,)] = con.sql(
            "SELECT unread_reason FROM source_file WHERE NOT is_loaded"
        ).fetchall()
    assert "20.4178, but 20.3178 is known for 2025-10-01" in reason


def test_what_is_not_known_of_anesthesia_is_null_and_says_why(con):
    unknown = con.sql(
        "SELECT year(effective_from), evidence, source FROM conversion_factor "
        "WHERE conversion_factor IS NULL ORDER BY 1"
    ).fetchall()
    assert [row[0] for row in unknown] == [*range(1993, 2002), *range(2005, 2011), 2012]
    assert {row[1] for row in unknown} == {""}
    assert "21.49" in unknown[-1][2]
    assert "21.52" in unknown[-1][2]
    gaps = con.sql(
        "SELECT effective_from FROM (SELECT effective_from, lag(effective_to) OVER "
        "(PARTITION BY program ORDER BY effective_from) AS before FROM conversion_factor "
        "WHERE conversion_factor_class = 'all') WHERE effective_from <> before + INTERVAL 1 DAY"
    ).fetchall()
    # The PFS had factors by kind of service from 1993 to 1997.
    assert [str(row[0]) for row in gaps] == ["1998-01-01"]


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "year", "month"),
    [
        ("rvu03_a.zip", 2003, "January"),
        ("rvu05a_r.zip", 2005, "January"),
        ("rvu05_e.zip", 2005, "October"),
        ("rvu06ar2.zip", 2006, "January"),
        ("rvu07a4.zip", 2007, "January"),
        ("rvu08ab.zip", 2008, "April"),
        ("rvu09ar.zip", 2009, "January"),
        ("rvu10ar1.zip", 2010, "January"),
        ("rvu10c_pct0.zip", 2010, "July"),
        ("rvu10d_pct22.zip", 2010, "October"),
        ("rvu11b_2.zip", 2011, "April"),
        ("rvu12m.zip", 2012, "March"),
        ("rvu12b-.zip", 2012, "April"),
        ("rvu18c1.zip", 2018, "July"),
        ("rvu18ar1.zip", 2018, "January"),
        ("rvu25a-updated-01_10_2025.zip", 2025, "January"),
    ],
)
@pytest.mark.parametrize("has_month", [True, False])
def test_a_release_is_named_as_in_the_listing(name, year, month, has_month):
    title = f"{year} National Physician Fee Schedule Relative Value File"
    title += f" {month} Release" if has_month else ""
    identity = identify([title, "RELEASED 12/20/2012"], name, "P.csv")
    assert identity.release_id == release_name(name)
    begins, _ = effective_period(identity.release_id, identity.calendar_year)
    assert begins.strftime("%B") == month


def test_a_title_without_month_needs_a_folder_that_is_named():
    head = ["2016 National Physician Fee Schedule Relative Value File", "RELEASED 12/20/2015"]
    with pytest.raises(RefusedError, match="does not tell which release it is"):
        identify(head, "downloads", "P.csv")


@pytest.mark.parametrize(("name", "month"), [("rvu08ab", "January"), ("rvu12m", "April")])
def test_a_code_of_its_own_kind_must_agree_with_the_month(name, month):
    year = 2000 + int(name[3:5])
    head = [f"{year} National Physician Fee Schedule Relative Value File {month} Release"]
    with pytest.raises(RefusedError, match="is named like"):
        identify([*head, "RELEASED 12/20/2012"], name, "P.csv")
