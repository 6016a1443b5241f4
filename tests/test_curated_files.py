"""What was written by hand: codes that no longer exist, and files that keep to what is declared."""

import csv

import pytest

from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.guide import CURATED, RULES
from pipeline.schedules.pfs.macro import MACROS, macro_statements
from pipeline.schedules.pfs.tables import WAREHOUSE_CHECKS, load_reference
from pipeline.store import database
from pipeline.store.sql import compose, load_checks
from schemas.definitions import read_reference
from tests.helpers.small import answer as texts
from tests.helpers.small import rows

# ---------------------------------------------------------------- codes against releases


def releases(**codes: str):
    """A database with one release a keyword, in order, each with the codes that it names."""
    con = database.connect(threads=1)
    for name, types in RULES.items():
        database.insert_query(
            con,
            schedule().tables[name],
            database.csv_query(schedule().reference_file(name), types),
        )
    database.insert_rows(con, schedule().tables["annotation"], [])
    con.execute(
        "create table release (release_id varchar, effective_from date, released_on date, "
        "is_current boolean, is_sample boolean, schedule varchar)"
    )
    con.execute("create table rvu (release_id varchar, hcpcs_code varchar)")
    for year, (release_id, named) in enumerate(codes.items(), start=2020):
        con.execute(
            "insert into release values (?, ?, ?, true, false, 'pfs')",
            [release_id, f"{year}-01-01", f"{year}-01-01"],
        )
        for code in named.split():
            con.execute("insert into rvu values (?, ?)", [release_id, code])
    query = compose(CURATED / "curated_code.sql")
    database.insert_query(con, schedule().tables["curated_code"], query)
    return con


def test_a_code_is_flagged_with_the_release_in_which_it_vanished():
    con = releases(RVU20A="93561 36000", RVU21A="36000", RVU22A="36000 93598")
    found = texts(
        con,
        "select hcpcs_code, code_presence, first_release_id, last_release_id, "
        "vanished_in_release_id as vanished_in "
        "from curated_code where curated_table = 'bundled_service' "
        "and hcpcs_code in ('36000', '93561', '93598') order by hcpcs_code",
    )
    assert found == rows("""
        hcpcs_code  code_presence  first_release_id  last_release_id  vanished_in
        36000       present        RVU20A            RVU22A           -
        93561       vanished       RVU20A            RVU20A           RVU21A
        93598       present        RVU22A            RVU22A           -
    """)


@pytest.mark.parametrize("code", ["93561", "93562", "99090", "0188T", "0189T"])
def test_when_a_code_ended_before_the_first_loaded_release_is_unknown(code):
    con = releases(RVU25A="36000", RVU25D="36000")
    query = (
        "select code_presence, vanished_in_release_id from curated_code "
        f"where curated_table = 'bundled_service' and hcpcs_code = '{code}'"
    )
    assert con.sql(query).fetchall() == [("unknown", "")]


def findings(con, check_name: str) -> list[tuple]:
    check = next(x for x in load_checks(WAREHOUSE_CHECKS) if x.name == check_name)
    return con.sql(check.query).fetchall()


def test_check_names_a_code_in_use_that_vanished():
    con = releases(RVU20A="36000 99291", RVU21A="99291")
    found = findings(con, "curated_codes_exist")
    assert ("RVU21A", "bundled_service names 36000, which is last in RVU20A") in found
    # 93561 is known to have ended, so that nothing needs to be done about it.
    assert [x for x in found if "93561" in x[1]] == []


def test_check_names_an_annotated_code_that_no_release_has():
    con = releases(RVU20A="99291")
    con.execute(
        "update curated_code set curated_table = 'annotation' where hcpcs_code = '92950' and curated_table = 'code_family'"
    )
    assert findings(con, "annotated_codes_exist") == [
        ("", "annotation names 92950, which no loaded release has")
    ]


def test_a_sample_proves_nothing_about_a_code(con):
    assert findings(con, "curated_codes_exist") == []
    assert findings(con, "annotated_codes_exist") == []


# ---------------------------------------------------------------- the curated files


@pytest.mark.parametrize("name", RULES)
def test_every_row_has_its_foundation_and_only_declared_values(name):
    table = schedule().tables[name]
    with schedule().reference_file(name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert len(row["source"]) > 20, row
            for column in table.columns:
                if column.domain:
                    assert row[column.name] in column.domain, (column.name, row)


def test_the_periods_of_a_rule_do_not_overlap(con):
    overlapping = con.sql("""
        select a.hcpcs_code from time_rule a join time_rule b using (code_family, payer, hcpcs_code)
        where a.effective_from < b.effective_from
          and coalesce(a.effective_to, date '9999-12-31') >= b.effective_from
    """)
    assert overlapping.fetchall() == []


def test_a_macro_says_what_it_gives(con):
    found = con.sql("""
        select function_name, parameters, comment from duckdb_functions()
        where function_name in ('time_units', 'critical_care_units', 'release_in_force') order by all
    """).fetchall()
    assert [row[:2] for row in found] == [
        ("critical_care_units", ["minutes", "payer", "day"]),
        ("release_in_force", ["day"]),
        ("time_units", ["family", "minutes", "payer", "day"]),
    ]
    assert all(comment.endswith(".") for *_, comment in found)


def test_a_macro_does_not_name_the_catalog_and_has_no_typed_parameter():
    for name in MACROS:
        statement = macro_statements(name)
        assert "warehouse." not in statement
        assert statement.startswith(f"CREATE MACRO {name}(")
        assert "::" not in statement.partition(" AS ")[0]


def test_every_year_has_one_default_class_and_one_for_those_who_qualify():
    con = database.connect(threads=1)
    load_reference(con, ("conversion_factor", "conversion_factor_class"))
    counts = con.sql("""
        select
          count(*) filter (where is_default),
          count(*) filter (where is_for_qualifying),
          count(*) filter (where not exists (
            from conversion_factor as factor
            where factor.conversion_factor_class = class.conversion_factor_class
              and year(factor.effective_from) = least(years.y, 2026)))
        from range(1998, 2031) as years (y)
        join conversion_factor_class as class on y between first_year and coalesce(last_year, 9999)
        group by y
    """).fetchall()
    assert len(counts) == 33
    assert set(counts) == {(1, 1, 0)}


def test_every_indicator_that_has_a_factor_is_of_a_class_that_is_ranked_by_its_parts():
    parts = {"whole": {"whole"}, "parts": {"tc", "pc"}, "pe": {"pe"}}
    classes = read_reference(schedule().reference_file("same_day_class"))
    ranked_by = {row["multiple_procedure_indicator"]: row["ranked_by"] for row in classes}
    for row in read_reference(schedule().reference_file("multiple_procedure_factor")):
        assert row["part"] in parts[ranked_by[row["multiple_procedure_indicator"]]]
    # A class and its two kinds of surgeons share two numbers of sixteen.
    numbers = {row["same_day_class"]: int(row["class_number"]) for row in classes}
    assert sorted(numbers.values()) == list(range(0, 2 * len(numbers), 2))
