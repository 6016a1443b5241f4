"""The published database keeps its contract: tables, types, comments, keys, NULL and codes."""

import json

import duckdb
import pytest

from pipeline.cli.options import open_warehouse
from pipeline.errors import NotThereError
from pipeline.price.duckdb_engine import pricer
from pipeline.store.database import connect, cursor_of
from pipeline.store.sql import compose_with
from schemas import CONTRACT_VERSION
from schemas.definitions import SCHEMAS, catalog, read_reference
from schemas.views import all_views
from tests.helpers.exported import SAMPLE_RELEASES, sample_release_of, schedule_of

PUBLIC = {table.name: table for table in catalog().public_tables}
BASE_TABLES = [table for table in PUBLIC.values() if not table.view]

VIEWS = {view.name: view for view in all_views()}
VIEWS_OF_MAIN = {name: view.table for name, view in VIEWS.items()}
# The views of the latest release of the Physician Fee Schedule; zip_locality_current is of a quarter.
CURRENT_VIEWS = {
    name: view.of
    for name, view in VIEWS.items()
    if name.endswith("_current") and schedule_of(view.of) == "pfs" and view.of != "zip_locality"
}

# Every name that can be queried with the definition that it has.
RELATIONS = PUBLIC | VIEWS_OF_MAIN

PRICED_AMOUNTS = (
    "nonfacility_fee",
    "facility_fee",
    "nonfacility_payment",
    "facility_payment",
    "nonfacility_limiting_charge",
    "facility_limiting_charge",
)


def test_main_holds_the_declared_tables_and_views_and_no_others(con):
    tables = con.sql("select table_name from duckdb_tables() where schema_name = 'main'").fetchall()
    views = con.sql(
        "select view_name from duckdb_views() where schema_name = 'main' and not internal"
    ).fetchall()
    assert {row[0] for row in tables} == {table.name for table in BASE_TABLES}
    assert {row[0] for row in views} == RELATIONS.keys() - {table.name for table in BASE_TABLES}


def test_columns_have_the_declared_names_types_and_order(con):
    for name, table in RELATIONS.items():
        described = [row[:2] for row in con.sql(f"describe {name}").fetchall()]
        assert described == [(column.name, column.type) for column in table.columns], name


def test_comment_is_the_definition_and_that_of_a_view_says_what_it_leaves_out(con):
    found = con.execute(
        "select table_name, comment from duckdb_tables() where schema_name = 'main' union all "
        "select view_name, comment from duckdb_views() where schema_name = 'main' and not internal"
    ).fetchall()
    assert len(found) == len(RELATIONS)
    assert dict(found) == (
        {name: table.comment for name, table in PUBLIC.items()}
        | {name: view.meaning for name, view in VIEWS_OF_MAIN.items()}
    )


def test_comment_of_every_column_is_the_definition(con):
    found = con.execute(
        "select (table_name, column_name), comment from duckdb_columns() where schema_name = 'main' and not internal"
    ).fetchall()
    assert dict(found) == {
        (name, column.name): column.comment
        for name, table in RELATIONS.items()
        for column in table.columns
    }


def test_what_is_stored_as_text_has_no_function_that_older_clients_lack(con):
    """DuckDB 1.2 has no function if: views and macros say case."""
    stored = (
        "select view_name, sql from duckdb_views() where not internal union all "
        "select function_name, macro_definition from duckdb_functions() where not internal and macro_definition is not null"
    )
    lacking = f"select view_name from ({stored}) where regexp_matches(sql, '\\bif\"?\\(', 'i')"
    assert con.sql(lacking).fetchall() == []
    assert con.sql(f"select count(*) > 20 from ({stored})").fetchall() == [(True,)]


def test_key_is_unique(con):
    for table in PUBLIC.values():
        query = f"select {', '.join(table.key)} from {table.name} group by all having count(*) > 1"
        assert con.sql(query).fetchall() == [], table.name


# The column effective_from may be NULL in every table, because indicator_value needs it. In the answers
# of fee a NULL of is_rural says that the amount does not depend on it, which is a value of its own.
def test_no_part_of_a_key_may_be_null():
    for name, table in PUBLIC.items():
        may_be = ["is_rural"] if name in ("fee", "fee_current", "fee_in_force") else []
        assert [part for part in table.key if table.column(part).nullable] == may_be, name


def test_table_takes_null_exactly_where_declared(con):
    found = con.execute(
        "select (table_name, column_name), is_nullable from duckdb_columns() where schema_name = 'main' and not internal"
    ).fetchall()
    declared = {(x.name, column.name): column.nullable for x in BASE_TABLES for column in x.columns}
    assert {named: is_null for named, is_null in found if named in declared} == declared


# No ZIP file lies beside the two releases.
VIEWS_WITH_ROWS = [
    name for name, table in RELATIONS.items() if table.view and name != "zip_locality_current"
]


def test_view_has_no_null_where_none_is_declared(con, two_releases):
    for name in VIEWS_WITH_ROWS:
        columns = [column.name for column in RELATIONS[name].columns if not column.nullable]
        counts = ", ".join(f"count({column})" for column in columns)
        # Several releases say more than one; of other schedules there is the sample.
        of = VIEWS[name].of if name in VIEWS else name
        # The ZIP files are those of the sample, too.
        is_of_two = schedule_of(of) == "pfs" and name != "place"
        warehouse = two_releases if is_of_two else con
        rows, *filled = warehouse.sql(f"select count(*), {counts} from {name}").fetchall()[0]
        assert rows > 0, name
        assert dict(zip(columns, filled, strict=True)) == dict.fromkeys(columns, rows), name


@pytest.mark.parametrize("table", ["payment_national", "payment_locality"])
def test_amounts_are_null_exactly_when_not_priced(con, table):
    for column in PRICED_AMOUNTS:
        query = f"select count(*) from {table} where ({column} is null) = (price_status = 'priced')"
        assert con.sql(query).fetchall() == [(0,)], column
    statuses = con.sql(f"select distinct price_status = 'priced' from {table}").fetchall()
    # Both cases must occur, or the rule above would say nothing.
    assert sorted(statuses) == [(False,), (True,)]


def test_only_declared_values_occur(con):
    declared = [(table, column) for table in BASE_TABLES for column in table.columns]
    for table, column in ((x, one) for x, one in declared if one.domain):
        found = con.sql(f'select distinct "{column.name}" from {table.name}').fetchall()
        assert {row[0] for row in found} <= set(column.domain), (table.name, column.name)


def test_every_price_status_is_explained(con):
    explained = con.sql("select price_status from price_status").fetchall()
    assert {row[0] for row in explained} == set(
        PUBLIC["payment_national"].column("price_status").domain
    )


@pytest.mark.parametrize("table", ["payment_national", "payment_locality", "code_profile"])
def test_of_a_code_the_price_status_follows_from_its_status_and_denies_nothing(con, table):
    """``not_payable`` is the word for a claim line: another fee schedule may pay the code."""
    rows = read_reference(SCHEMAS / "pfs" / "reference" / "status_price.csv")
    of_codes = {row[f"price_status_{x}_rvu"] for row in rows for x in ("with", "without")}
    of_codes.add("gpci_missing")
    found = {row[0] for row in con.sql(f"select distinct price_status from {table}").fetchall()}
    assert {"priced", "other_benefit"} <= found <= of_codes
    declared = {*PUBLIC["payment_national"].column("price_status").domain}
    assert declared - of_codes == {"not_payable", "by_report", "refused"}
    assert {*PUBLIC["code_profile"].column("technical_price_status").domain} == {"", *of_codes}


def test_codes_keep_their_leading_zeros(con):
    queries = {
        "select hcpcs_code from rvu where starts_with(hcpcs_code, '0')": 5,
        "select mac from locality where starts_with(mac, '0')": 5,
        "select locality_number from locality where starts_with(locality_number, '0')": 2,
        "select zip_code from zip_locality where starts_with(zip_code, '0')": 5,
        "select global_days from rvu where starts_with(global_days, '0')": 3,
        "select supervision_indicator from rvu where starts_with(supervision_indicator, '0')": 2,
    }
    for query, length in queries.items():
        assert {len(row[0]) for row in con.sql(query).fetchall()} == {length}, query


def test_no_modifier_is_an_empty_text(con):
    assert con.sql("select count(*) > 0 from rvu where modifier = ''").fetchall() == [(True,)]


@pytest.mark.parametrize("table", ["payment_national", "payment_locality"])
def test_default_class_is_all_or_nonqp(con, table):
    rows = con.sql(
        f"select distinct conversion_factor_class, is_default_class from {table}"
    ).fetchall()
    assert rows
    assert [row for row in rows if row[1] != (row[0] in ("all", "nonqp"))] == []


def test_default_class_counts_every_code_once(con):
    query = """
        select release_id, hcpcs_code, modifier, count(*) filter (is_default_class) as times
        from rvu left join payment_national using (release_id, hcpcs_code, modifier)
        group by all having times != 1
    """
    assert con.sql(query).fetchall() == []


def test_exactly_one_release_is_the_latest(two_releases):
    rows = two_releases.sql("select release_id, is_latest from release order by all").fetchall()
    assert rows == [("RVU25C", False), ("RVU25D", True)]


def test_current_view_shows_the_latest_release_only(two_releases):
    for name, table in CURRENT_VIEWS.items():
        in_table = two_releases.sql(f"select distinct release_id from {table}").fetchall()
        in_view = two_releases.sql(f"select distinct release_id from {name}").fetchall()
        assert sorted(in_table) == [("RVU25C",), ("RVU25D",)], table
        assert in_view == [("RVU25D",)], name


@pytest.mark.parametrize("name", ["payment_national_current", "payment_locality_current"])
def test_current_view_shows_the_default_class_only(name):
    with duckdb.connect() as con:
        con.execute(
            "create table release as select 'pfs' as schedule, 'RVU26A' as release_id, true as is_latest"
        )
        con.execute(f"""
            create table {CURRENT_VIEWS[name]} as select * from (values
                ('RVU26A', 'nonqp', true), ('RVU26A', 'qp', false)
            ) as t(release_id, conversion_factor_class, is_default_class)
        """)
        rows = con.sql(compose_with(VIEWS[name].path, VIEWS[name].words)).fetchall()
    assert rows == [("RVU26A", "nonqp", True)]


def test_key_is_unique_over_several_releases(two_releases):
    for table in PUBLIC.values():
        key = ", ".join(table.key)
        query = f"select {key} from {table.name} group by all having count(*) > 1"
        assert two_releases.sql(query).fetchall() == [], table.name


def test_warehouse_keeps_the_description_of_a_cms_release(two_releases):
    query = "select description_status, count(*) filter (description = '') from rvu group by all"
    assert two_releases.sql(query).fetchall() == [("cms", 0)]


def test_sample_says_in_the_database_that_it_is_one(con):
    build = con.sql("select is_sample, notice, contract_version from build").fetchall()
    assert [row[0] for row in build] == [True]
    assert build[0][1].startswith("SAMPLE: ")
    assert build[0][2] == CONTRACT_VERSION
    release = con.sql(
        "select release_id, posting_id, is_sample from release order by all"
    ).fetchall()
    assert release == [
        ("SAMPLEAOC26Q2", "SAMPLEAOC26Q2@V0", True),
        ("SAMPLEASC25Q1", "SAMPLEASC25Q1@undated", True),
        ("SAMPLEASP25Q3", "SAMPLEASP25Q3@2025-06-23", True),
        ("SAMPLECLFS25Q4", "SAMPLECLFS25Q4@V1", True),
        ("SAMPLEDMEPOS25Q1", "SAMPLEDMEPOS25Q1@undated", True),
        ("SAMPLEHCPCS25Q4", "SAMPLEHCPCS25Q4@undated", True),
        ("SAMPLEMUE26Q2P", "SAMPLEMUE26Q2P@undated", True),
        ("SAMPLENCCI26Q2P", "SAMPLENCCI26Q2P@V0", True),
        ("SAMPLENDC25Q3", "SAMPLENDC25Q3@2025-06-23", True),
        ("SAMPLEOPPS25FR", "SAMPLEOPPS25FR@2024-11-12", True),
        ("SAMPLEOPPS25Q3", "SAMPLEOPPS25Q3@2025-07-25", True),
        ("SAMPLERBCS25RY", "SAMPLERBCS25RY@undated", True),
        ("SAMPLERVU25D", "SAMPLERVU25D@2025-09-11", True),
    ]
    for table in PUBLIC.values():
        # Nothing came before the sample that it could have changed from.
        is_sampled = schedule_of(table.name) in SAMPLE_RELEASES
        if table.per_release and is_sampled and not table.name.endswith("_change"):
            found = con.sql(f"select distinct release_id from {table.name}").fetchall()
            assert found == [(sample_release_of(table.name),)], table.name


def test_sample_says_in_its_manifest_that_it_is_one(sample_warehouse):
    manifest = json.loads((sample_warehouse / "exports" / "current" / "manifest.json").read_text())
    assert manifest["is_sample"] is True
    assert manifest["notice"].startswith("SAMPLE: ")
    assert "American Medical Association" in manifest["notice"]
    releases = [release["release_id"] for release in manifest["releases"]]
    assert sorted(releases) == sorted(SAMPLE_RELEASES.values())


def test_status_says_first_that_the_warehouse_is_a_sample(sample_warehouse, printed):
    assert printed(sample_warehouse, "status").startswith("SAMPLE: ")


def test_a_real_release_is_not_called_a_sample(two_releases):
    assert two_releases.sql("select is_sample from build").fetchall() == [(False,)]
    notice = two_releases.sql("select notice from build").fetchall()[0][0]
    assert "SAMPLE" not in notice
    assert "American Medical Association" in notice


def test_no_connection_draws_a_bar_over_standard_output(sample_warehouse):
    """DuckDB does so after two seconds, also where a program reads what is printed."""
    shown = "select current_setting('enable_progress_bar_print')"
    with connect(threads=1) as con:
        assert con.sql(shown).fetchall() == cursor_of(con).sql(shown).fetchall() == [(False,)]
    with open_warehouse(sample_warehouse) as con:
        assert con.sql(shown).fetchall() == [(False,)]
    with pricer(sample_warehouse / "fee_schedule.duckdb") as con:
        assert con.sql(shown).fetchall() == [(False,)]


def test_a_damaged_database_is_a_sentence_whatever_was_asked(sample_warehouse, monkeypatch) -> None:
    """DuckDB finds damage where it reads the damaged part, so that opening may be well."""
    monkeypatch.setattr("sys.argv", ["fees", "show", "99291"])
    said = "fee_schedule.duckdb is damaged .*; run: fees refresh --verify$"
    with pytest.raises(NotThereError, match=said), open_warehouse(sample_warehouse):
        raise duckdb.Error("Corrupt database file: computed checksum 1 does not match 2")
    with pytest.raises(duckdb.Error, match="another"), open_warehouse(sample_warehouse):
        raise duckdb.Error("another")
