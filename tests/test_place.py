"""Where a ZIP code is: one view for all schedules, NULL where no file of the period tells, and never a guess."""

from datetime import date

import duckdb
import pytest

from pipeline.cli import main
from pipeline.errors import NotThereError, UsageError
from pipeline.release.place import HERE
from pipeline.release.place.ask import find_zip, words_of_zip
from pipeline.store.sql import compose, macro_sql
from tests.helpers.small import rows

# CMS's ZIP files: of two quarters for one ZIP code, a divided one, and one that is divided in name only.
ZIPS = """
    zip    four  from        to          mac    locality  state  rural  divided
    94110  -     2025-01-01  2025-03-31  01112  05        CA     -      -
    94110  -     2025-04-01  2025-06-30  01112  05        CA     R      -
    20613  -     2025-01-01  2025-03-31  12302  99        MD     -      yes
    20613  0001  2025-01-01  2025-03-31  12202  01        MD     B      yes
    20613  0002  2025-01-01  2025-03-31  12302  99        MD     -      yes
    30001  -     2025-01-01  2025-03-31  10212  99        GA     R      yes
    24001  -     2025-01-01  2025-03-31  11302  00        VA     -      -
    24002  -     2025-04-01  2025-06-30  11302  00        VA     -      -
    90001  -     2025-01-01  2025-03-31  01182  18        CA     -      -
    90001  0001  2024-01-01  2024-03-31  01182  26        CA     -      yes
"""

# What a schedule of the first quarter knows, of which '' is every ZIP code that it does not list.
FACTS = """
    zip    state  rural  cba
    -      -      false  none
    94110  CA     -      Oakland
    30001  GA     true   none
    24001  WV     true   none
    24002  WV     true   none
    96799  AS     true   none
"""


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE zip_locality (zip_code VARCHAR, plus_four VARCHAR, effective_from DATE, effective_to DATE, mac VARCHAR, "
        "locality_number VARCHAR, state VARCHAR, rural_indicator VARCHAR, zip4_decides BOOLEAN)"
    )
    con.execute("CREATE TABLE zip9_locality AS FROM zip_locality")
    for row in rows(ZIPS):
        table = "zip9_locality" if row["four"] else "zip_locality"
        values = [row["zip"], row["four"], row["from"], row["to"], row["mac"], row["locality"]]
        values += [row["state"], row["rural"], row["divided"] == "yes"]
        con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * 9)})", values)
    con.execute(
        "CREATE TABLE release AS SELECT 'DME25Q1' AS release_id, DATE '2025-01-01' AS effective_from, "
        "DATE '2025-03-31' AS effective_to, true AS is_current"
    )
    con.execute(
        "CREATE TABLE known (zip_code VARCHAR, state VARCHAR, is_rural BOOLEAN, cba VARCHAR)"
    )
    for row in rows(FACTS):
        rural = {"true": True, "false": False}.get(row["rural"])
        cba = "" if row["cba"] == "none" else row["cba"]
        con.execute(
            "INSERT INTO known VALUES (?, ?, ?, ?)", [row["zip"], row["state"] or None, rural, cba]
        )
    said = "SELECT 'DME25Q1' AS release_id, * FROM known"
    con.execute(f"CREATE VIEW place AS {compose(HERE / 'place.sql', statements=said)}")
    con.execute(macro_sql(HERE / "place_of.sql"))
    return con


def test_a_zip_code_has_what_each_file_of_a_period_tells_and_null_where_none_does(con):
    found = con.sql(
        "SELECT effective_from::VARCHAR, effective_to::VARCHAR, mac, state, is_rural, cba, ambulance_area "
        "FROM place WHERE zip_code = '94110' ORDER BY effective_from"
    ).fetchall()
    assert found == [
        ("2025-01-01", "2025-03-31", "01112", "CA", False, "Oakland", "urban"),
        ("2025-04-01", "2025-06-30", "01112", "CA", None, None, "rural"),
    ]


def test_a_zip_code_that_one_file_alone_has_is_there_with_what_is_known(con):
    found = con.sql(
        "SELECT mac, state, is_rural, cba FROM place WHERE zip_code = '96799'"
    ).fetchall()
    assert found == [(None, "AS", True, "")]


def test_where_files_name_two_states_none_is_guessed(con):
    found = con.sql("SELECT state, is_rural FROM place WHERE zip_code = '24001'").fetchall()
    assert found == [(None, True)]
    state = "SELECT state FROM place_of(?, on_day := ?)"
    assert con.execute(state, ["24001", "2025-02-01"]).fetchall() == [(None,)]
    # The nearest ZIP code file may be of another quarter than what the schedule says.
    assert con.execute(state, ["24002", "2025-02-01"]).fetchall() == [(None,)]
    assert con.execute(state, ["24002", "2025-05-01"]).fetchall() == [("VA",)]


def test_the_key_of_a_place_is_unique(con):
    query = "SELECT zip_code FROM place GROUP BY zip_code, plus_four, effective_from HAVING count(*) > 1"
    assert con.sql(query).fetchall() == []


@pytest.mark.parametrize(
    ("zip_code", "day", "places", "reason"),
    [
        ("94110", "2025-02-01", [("01112", "05", "urban")], ""),
        ("94110-1234", "2025-02-01", [("01112", "05", "urban")], ""),
        ("941101234", "2025-05-01", [("01112", "05", "rural")], ""),
        # The nearest ZIP file counts.
        ("94110", "2030-01-01", [("01112", "05", "rural")], ""),
        ("20613", "2025-02-01", [("12202", "01", "super_rural"), ("12302", "99", "urban")], "zip4_needed"),
        ("20613-0001", "2025-02-01", [("12202", "01", "super_rural")], ""),
        ("20613-0009", "2025-02-01", [(None, None, None)], "zip9_unknown"),
        # Of nine digits and five the nearer file counts, unless five leave it to nine.
        ("90001-0001", "2025-02-01", [("01182", "18", "urban")], ""),
        ("90001-0001", "2024-02-01", [("01182", "26", "urban")], ""),
        # No ZIP9 file has it, so that nobody knows between which localities it is divided.
        ("30001", "2025-02-01", [(None, None, None)], "zip4_needed"),
        ("96799", "2025-02-01", [(None, None, None)], "no_zip_file"),
        ("00000", "2025-02-01", [], ""),
    ],
)  # fmt: skip
def test_a_zip_code_leads_to_its_locality_or_says_which_digits_are_missing(
    con, zip_code, day, places, reason
):
    found = con.execute(
        "SELECT mac, locality_number, ambulance_area, reason FROM place_of(?, on_day := ?) ORDER BY ALL",
        [zip_code, day],
    ).fetchall()
    assert found == [(*place, reason) for place in places]


def test_blanks_around_a_zip_code_are_no_part_of_it(con):
    query = "SELECT zip_code, mac, reason FROM place_of(?, on_day := DATE '2025-02-01')"
    assert con.execute(query, [" 94110 "]).fetchall() == [("94110", "01112", "")]
    nine = con.execute(query, [" 20613-0001 "]).fetchall()
    assert nine == con.execute(query, ["20613-0001"]).fetchall() == [("20613", "12202", "")]


def test_what_schedules_know_of_a_zip_code_counts_in_its_own_period_only(con):
    known = "SELECT is_rural, cba FROM place_of('94110', on_day := ?)"
    assert con.execute(known, ["2025-02-01"]).fetchall() == [(False, "Oakland")]
    assert con.execute(known, ["2025-05-01"]).fetchall() == [(None, None)]
    # Without a day the latest that is known.
    assert con.sql("SELECT is_rural, cba FROM place_of('94110')").fetchall() == [(False, "Oakland")]


def test_a_place_is_told_in_one_line(con):
    day = date(2025, 2, 1)
    words = words_of_zip("94110", find_zip(con, "94110", day))
    assert words == (
        "at 94110: CA, locality 01112-05, not rural for equipment, former competitive bidding area Oakland, "
        "urban for ambulances"
    )
    divided = words_of_zip("20613", find_zip(con, "20613", day))
    assert "locality 12202-01 or 12302-99" in divided and "super-rural or urban" in divided


def test_show_says_where_a_zip_code_is_and_that_one_on_a_border_has_no_amount(
    sample_warehouse, printed
):
    words = (sample_warehouse, "show", "99291")
    assert "at 94110-1234: CA, locality 01112-05," in printed(*words, "--zip", "94110-1234")
    divided = printed(*words, "--zip", "20613")
    assert "zip4_needed: The ZIP code spans localities" in divided
    # Neither above nor in the details an amount of the usual locality.
    assert "in 12202-01" not in divided and "in CA: fees of the state" not in divided
    assert "in CA: fees of the state" in printed(*words, "--state", "ca")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--state", "XX"), "knows no state XX"),
        (("--rural",), "Rural is an area of a state"),
        (("--state", "CA", "--zip", "94110"), "Name one place"),
        (("--zip", "9411"), "is no ZIP code"),
    ],
)
def test_a_place_that_says_nothing_is_an_error_of_one_sentence(
    sample_warehouse, monkeypatch, capsys, words, said
):
    monkeypatch.setattr(
        "sys.argv", ["fees", "show", "99291", *words, "--warehouse", str(sample_warehouse)]
    )
    with pytest.raises(SystemExit):
        main()
    assert said in capsys.readouterr().err


def test_what_is_no_zip_code_and_one_that_nobody_has_are_errors(con):
    with pytest.raises(UsageError, match="is no ZIP code"):
        find_zip(con, "9411", None)
    with pytest.raises(NotThereError, match="does not know the ZIP code 00000"):
        find_zip(con, "00000", None)
