"""What is said of a code besides its amounts: how it is called, and the days on which somebody has it."""

from datetime import date

import duckdb

from pipeline.release.fee.ask import description_of, known_days
from pipeline.schedules.all import SCHEDULES
from pipeline.schedules.pfs.lookup import why_silent


def test_a_code_that_is_listed_no_more_is_told_by_its_last_release():
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE release AS FROM (VALUES "
        "('RVU25D', DATE '2025-10-01', DATE '2025-12-31', true), "
        "('RVU26A', DATE '2026-01-01', DATE '2026-03-31', true)) "
        "AS release (release_id, effective_from, effective_to, is_current)"
    )
    con.execute("CREATE TABLE rvu AS SELECT 'RVU25D' AS release_id, '37220' AS hcpcs_code")
    latest = {"release_id": "RVU26A", "effective_from": date(2026, 1, 1)}
    assert why_silent(con, "37220", latest, None) == (
        "RVU26A of the Physician Fee Schedule does not list 37220 any more; the last release held "
        "that does is RVU25D, to 2025-12-31."
    )
    assert why_silent(con, "0001U", latest, None) == ""


def test_a_list_that_says_not_valid_does_not_know_the_code():
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE fee AS FROM (VALUES "
        "('99441', 'OPPS25FR', DATE '2025-01-01', DATE '2025-12-31', 'not_valid'), "
        "('99442', 'RVU24D', DATE '2024-10-01', DATE '2024-12-31', ''), "
        "('99442', 'OPPS25FR', DATE '2025-01-01', DATE '2025-12-31', 'not_valid')) "
        "AS fee (hcpcs_code, release_id, effective_from, effective_to, reason)"
    )
    assert known_days(con, "99441") == "What is loaded lists 99441 only as not valid."
    assert known_days(con, "99442") == (
        "It is known from 2024-10-01 (RVU24D) to 2024-12-31 (RVU24D): --on 2024-12-31."
    )
    assert known_days(con, "99443") == ""


def test_a_code_that_a_missing_release_would_have_is_known_before_and_again_after():
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE fee AS FROM (VALUES "
        "('99213', 'RVU25A', DATE '2025-01-01', DATE '2025-03-31', ''), "
        "('99213', 'RVU25B', DATE '2025-04-01', DATE '2025-06-30', ''), "
        "('99213', 'RVU25D', DATE '2025-10-01', DATE '2025-12-31', '')) "
        "AS fee (hcpcs_code, release_id, effective_from, effective_to, reason)"
    )
    assert known_days(con, "99213", date(2025, 7, 2)) == (
        "It is known to 2025-06-30 (RVU25B) and again from 2025-10-01 (RVU25D)."
    )
    assert known_days(con, "99213", date(2026, 7, 2)) == (
        "It is known from 2025-01-01 (RVU25A) to 2025-12-31 (RVU25D): --on 2025-12-31."
    )


def test_a_code_is_called_as_its_row_without_modifier_is():
    con = duckdb.connect()
    con.execute("""
        CREATE TABLE release AS SELECT 'RVU25D' AS release_id, date '2025-10-01' AS effective_from;
        CREATE TABLE rvu AS FROM (VALUES
            ('RVU25D', 'G0105', '53', 'A part of it'),
            ('RVU25D', 'G0105', '', 'All of it'),
            ('RVU25D', '77067', 'TC', 'Technical'),
            ('RVU25D', '77067', '26', 'Professional')
        ) AS t(release_id, hcpcs_code, modifier, description)
    """)
    pfs = [one for one in SCHEDULES if one.name == "pfs"]
    assert description_of(con, "G0105", pfs) == "All of it"
    assert description_of(con, "77067", pfs) == "Professional"
    assert description_of(con, "99999", pfs) == ""
