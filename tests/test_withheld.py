"""Texts that the AMA (CPT) and the ADA (CDT) own never leave the warehouse, whatever the way."""

import re
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import main
from pipeline.publish.licensed_text import OF_CMS, exported_query
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.sample import SAMPLE_BUNDLE
from pipeline.site import shard
from schemas.definitions import catalog, load_schedule, read_reference
from tests.helpers import bundles
from tests.helpers.exported import PUBLIC
from tests.helpers.site_files import text_of

pytestmark = pytest.mark.whole

SCHEDULE = load_schedule("pfs")
QUERIES_OF_THE_SITE = shard.QUERIES

# Stands in every text of the made-up files that the AMA or the ADA would own, and nowhere else.
OWNED = "=OWNED"
CODE = re.compile(r"[0-9D][0-9]{3}[0-9A-Z]")


def own_every_descriptor(path: Path, words: str) -> None:
    """Give every CPT and CDT code of a PPRRVU file a descriptor that says so."""

    def descriptor(code: str) -> str:
        return f"{OWNED} {words} {code}"

    if path.suffix == ".csv":
        bundles.edit_column(
            path,
            1,
            lambda cells: (
                [*cells[:2], descriptor(cells[0]), *cells[3:]]
                if CODE.fullmatch(cells[0])
                else cells
            ),
        )
    else:
        lines = bundles.lines_of(path)
        changed = [
            line[:7] + descriptor(line[:5]).ljust(50) + line[57:] if CODE.match(line) else line
            for line in lines
        ]
        bundles.write_lines(path, changed)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory, add_release) -> Path:
    """Two releases with the site; owned texts stand wherever a file of CMS can hold one.

    They differ between releases and between forms, one stands in the column of an indicator, and
    a utilization file has them too.
    """
    raw, folder = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("warehouse")
    add_release(raw, "rvu25c", "July")
    add_release(raw, "rvu25d", "October")
    for name in ("rvu25c", "rvu25d"):
        [path] = (raw / name).glob("PPRRVU*.csv")
        own_every_descriptor(path, name)
    [path] = (raw / "rvu25c").glob("PPRRVU*.csv")
    bundles.edit_cell(path, "92950,", bundles.TEAM, f"{OWNED} in a wrong column")
    text = raw / "rvu25d" / "PPRRVU2025_Oct_sample.txt"
    text.write_bytes((SAMPLE_BUNDLE / text.name).read_bytes())
    own_every_descriptor(text, "fixed")
    utilization = (
        "Rndrng_Prvdr_Geo_Lvl,Rndrng_Prvdr_Geo_Cd,Rndrng_Prvdr_Geo_Desc,HCPCS_Cd,HCPCS_Desc,"
        "HCPCS_Drug_Ind,Place_Of_Srvc,Tot_Rndrng_Prvdrs,Tot_Benes,Tot_Srvcs,Tot_Bene_Day_Srvcs,"
        "Avg_Sbmtd_Chrg,Avg_Mdcr_Alowd_Amt,Avg_Mdcr_Pymt_Amt,Avg_Mdcr_Stdzd_Amt\r\n"
        f"National,,National,99291,{OWNED} of the file,,F,5,20,30,,,100.3,,\r\n"
    )
    (raw / "MUP_PHY_R25_P05_V20_D23_Geo.csv").write_text(utilization)
    refresh(Options(raw=raw, warehouse=folder, site=True), Report(quiet=True))
    return folder


def test_the_warehouse_of_these_tests_holds_owned_texts(warehouse):
    """Else nothing below would say anything."""
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        for table, column in (
            ("rvu", "description"),
            ("reconciliation_difference", "our_value"),
            ("reconciliation_difference", "other_value"),
            ("quarantine", "value"),
            ("quarantine", "message"),
        ):
            query = f"select count(*) from {table} where contains({column}, '{OWNED}')"
            assert con.sql(query).fetchall()[0][0] > 0, (table, column)
        changed = "select count(*) from rvu_change where contains(changed_values || changed_indicators, 'description')"
        assert con.sql(changed).fetchall()[0][0] > 100
        assert con.sql("select count(*) from service_volume").fetchall() == [(1,)]


def test_no_exported_file_of_any_table_holds_an_owned_text(warehouse, reader):
    exports = (warehouse / "exports" / "current").resolve()
    files = [path for path in exports.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".parquet", ".csv", ".json", ".js", ".html", ".md"}
    for path in files:
        if path.suffix == ".parquet":
            # Pages are compressed, so the values are searched and not the bytes.
            found = f"select count(*) from '{path}' as t where contains(t::varchar, '{OWNED}')"
            assert reader.sql(found).fetchall() == [(0,)], path
        else:
            assert OWNED.encode() not in path.read_bytes(), path
            # Data files of the pages are packed.
            assert path.suffix != ".js" or OWNED not in text_of(path), path


def test_beside_a_cpt_or_cdt_code_no_owned_column_has_a_text(warehouse, reader):
    """Whatever the text is: in every table that has a column owned by the code system."""
    exports = warehouse / "exports" / "current"
    owned = {
        table.name: [column.name for column in table.columns if column.owned_by == "code_system"]
        for table in PUBLIC.values()
    }
    named = {name for name, columns in owned.items() if columns}
    assert named >= {"rvu", "lab_fee", "hcpcs_item", "asc_fee", "quarantine", "source_file"}
    # What CMS wrote itself is nobody else's.
    assert "hcpcs_modifier" not in named
    for name, columns in owned.items():
        for column in columns:
            code = "hcpcs_code" if "hcpcs_code" in PUBLIC[name].column_names else "''"
            query = f"select count(*) from '{exports / name}/*.parquet' where not {OF_CMS.format(code)} and {column} <> ''"
            assert reader.sql(query).fetchall() == [(0,)], (name, column)


@pytest.mark.parametrize(
    "place", ["rvu/RVU25D.parquet", "csv/rvu/RVU25D.csv", "json/rvu/RVU25D.json"]
)
def test_a_text_that_is_withheld_is_said_to_be(warehouse, reader, place):
    path = warehouse / "exports" / "current" / place
    rows = reader.sql(
        "select code_system, description_status, bool_or(coalesce(description, '') != '') "
        f"from '{path}' group by all order by all"
    ).fetchall()
    # Texts of CMS stay: the codes of HCPCS Level II but D.
    assert rows == [
        ("CDT", "withheld", False),
        ("CPT", "withheld", False),
        ("HCPCS", "cms", True),
    ]


def test_pfs_export_and_diff_write_no_owned_text(warehouse, tmp_path, monkeypatch):
    def run(*arguments: str) -> None:
        monkeypatch.setattr("sys.argv", ["fees", *arguments, "--warehouse", str(warehouse)])
        main()

    for table in ("rvu", "quarantine", "reconciliation_difference", "check_result", "rvu_change"):
        run("export", "--csv", table, "--out", str(tmp_path / f"{table}.csv"))
    run("diff", "RVU25C", "RVU25D", "--csv", str(tmp_path / "diff.csv"))
    for path in tmp_path.iterdir():
        assert OWNED.encode() not in path.read_bytes(), path
        assert len(path.read_text().splitlines()) > 1, path


def test_queries_of_the_site_read_owned_columns_only_where_they_are_withheld():
    columns = {
        (table.name, column.name)
        for table in catalog().public_tables
        for column in table.columns
        if column.owned_by
    }
    for path in QUERIES_OF_THE_SITE.glob("*.sql"):
        # Whether two releases have the same text is none.
        text = re.sub(r"md5_number_lower\(rvu\.\w+\)", "", path.read_text())
        read = set(re.findall(r"(?:from|join)\s+(\w+)", text, re.IGNORECASE))
        owned = {column for table, column in columns if table in read}
        assert owned.isdisjoint(re.findall(r"\w+", text)), path
        assert not (owned and re.search(r"select \*", text, re.IGNORECASE)), path


def test_a_code_says_by_itself_whose_it_is():
    """Where no code system stands beside a code, its first letter tells CMS's from the others."""
    sections = read_reference(SCHEDULE.reference_file("code_section"))
    with duckdb.connect() as con:
        for row in sections:
            for code in (row["first_code"], row["last_code"]):
                of_cms = con.execute(f"select {OF_CMS.format('?::varchar')}", [code]).fetchall()
                assert of_cms == [(row["code_system"] == "HCPCS",)], code


def test_descriptions_that_others_own_are_withheld():
    with duckdb.connect() as con:
        con.execute("""
            create table small as select * from (values
                ('99291', 'cms', 'words of the AMA'),
                ('D0150', 'cms', 'words of the ADA'),
                ('G0252', 'cms', 'words of CMS'),
                ('99292', 'own', 'our own words')
            ) as t(hcpcs_code, description_status, description)
        """)
        rows = con.sql(exported_query(PUBLIC["rvu"], "from small")).fetchall()
    assert rows == [
        ("99291", "withheld", ""),
        ("D0150", "withheld", ""),
        ("G0252", "cms", "words of CMS"),
        ("99292", "own", "our own words"),
    ]


def test_amounts_that_differ_stay_and_texts_that_differ_do_not():
    with duckdb.connect() as con:
        con.execute("""
            create table small as select * from (values
                ('99291', 'description', 'words of the AMA', 'other words'),
                ('G0252', 'description', 'words of CMS', 'other words'),
                ('99291 26 01112 05', 'facility_price', '1.00', '2.00')
            ) as t(record_key, column_name, our_value, other_value)
        """)
        table = PUBLIC["reconciliation_difference"]
        rows = con.sql(exported_query(table, "from small")).fetchall()
    assert rows == [
        ("99291", "description", "", ""),
        ("G0252", "description", "words of CMS", "other words"),
        ("99291 26 01112 05", "facility_price", "1.00", "2.00"),
    ]
