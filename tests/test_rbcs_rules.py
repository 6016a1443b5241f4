"""Classes of codes, by small tables: which release a file is, what its checks find, what is public."""

from datetime import date

import duckdb
import pytest

from pipeline.errors import RefusedError
from pipeline.schedules.rbcs.definition import RBCS, code_category_query
from pipeline.schedules.rbcs.identity import identify
from pipeline.schedules.rbcs.periods import missing_release, period
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers.staged import staged

# ---------------------------------------------------------------- which release


@pytest.mark.parametrize(
    ("bundle", "file", "release_id"),
    [
        ("", "RBCS_RY_2025.csv", "RBCS25RY"),
        ("", "RBCS Taxonomy_RY2025.csv", "RBCS25RY"),
        ("", "2024 RBCS Taxonomy_CSV.csv", "RBCS24RY"),
        ("Restructured BETOS Classification System 2026", "x/RBCS_RY_2026.csv", "RBCS26RY"),
        ("rbcs-2027.zip", "RBCS_Taxonomy.csv", "RBCS27RY"),
        # What is not named after the classes may have a year of its own.
        ("downloads 2023", "RBCS_RY_2025.csv", "RBCS25RY"),
    ],
)
def test_names_say_the_year(bundle, file, release_id) -> None:
    found = identify(["HCPCS_Cd"], bundle, file)
    assert (found.release_id, found.calendar_year) == (release_id, 2000 + int(release_id[4:6]))
    assert period(release_id, 2025) == (date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("bundle", "file", "words"),
    [
        ("", "RBCS_Taxonomy.csv", "does not say of which year"),
        ("rbcs 2024", "RBCS_RY_2025.csv", "say 2024 and 2025"),
        ("", "RBCS_2024_RY_2025.csv", "say 2024 and 2025"),
    ],
)
def test_names_without_a_year_or_with_two_are_refused(bundle, file, words) -> None:
    with pytest.raises(RefusedError, match=words):
        identify([], bundle, file)


def test_a_release_is_asked_for_when_two_years_have_gone_by() -> None:
    held = [
        {"release_id": "RBCS24RY", "effective_from": "2024-01-01"},
        {"release_id": "RBCS25RY", "effective_from": "2025-01-01"},
    ]
    assert missing_release(held, date(2026, 12, 31)) is None
    missing = missing_release(held, date(2027, 1, 1))
    assert (missing.release_ids, missing.latest) == (("RBCS26RY",), "RBCS25RY")
    assert not missing.is_fetched


# ---------------------------------------------------------------- what a file says

# Two classes of one code, a class without family, a code that has ended; two kinds of tests.
SOUND = """
    code   id      category  subcategory  family          from        to          latest  year  added       ended
    85025  TL000N  Test      Laboratory   No_RBCS_Family  2014-01-01  2021-12-31  0       2022  1993-01-01  -
    85025  TL001N  Test      Laboratory   Counts          2022-01-01  -           1       2023  1993-01-01  -
    93000  TC001N  Test      Heart        Tracings        2014-01-01  -           1       2022  1993-01-01  -
    27447  PM002M  Procedure Joints       Knees           2014-01-01  -           1       2022  1990-01-01  -
    G0001  TL001N  Test      Laboratory   Counts          2014-01-01  2020-12-31  1       2025  2001-01-01  2020-12-31
"""


def stage_row(text: str, source_line: int) -> dict:
    """A row of the file; ``-`` is no day and no text, and the parts of the class follow from it."""
    cells = [cell.replace("_", " ") for cell in text.split()]
    code, rbcs_id, category, subcategory, family, begin, end, latest, year, added, ended = [
        "" if cell == "-" else cell for cell in cells
    ]
    return {
        "hcpcs_code": code,
        "rbcs_id": rbcs_id,
        "category_code": rbcs_id[0],
        "category": category,
        "subcategory_code": rbcs_id[:2],
        "subcategory": subcategory,
        "family_number": rbcs_id[2:5],
        "family": family,
        "major_indicator": rbcs_id[5],
        "added_on": date.fromisoformat(added),
        "terminated_on": date.fromisoformat(ended) if ended else None,
        "effective_from": date.fromisoformat(begin),
        "effective_to": date.fromisoformat(end) if end else None,
        "latest_flag": latest,
        "first_release_year": int(year) if year else None,
        "alternative_flag": "0",
        "reassigned_flag": "0",
        "source_line": source_line,
    }


def release(text: str = SOUND, **said: str) -> duckdb.DuckDBPyConnection:
    """A release of 2025 whose file has those rows; ``said`` are cells that all of them have."""
    lines = text.strip().splitlines()[1:]
    rows = [stage_row(line, number) | said for number, line in enumerate(lines, start=2)]
    return staged(
        RBCS.declared,
        {"rbcs": rows},
        release_id="RBCS25RY",
        calendar_year=2025,
        is_sample=False,
        main_file="RBCS_RY_2025.csv",
    )


def latest(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    query = f"SELECT hcpcs_code, rbcs_id FROM ({code_category_query()}) WHERE is_latest_assignment ORDER BY 1"
    return con.sql(query).fetchall()


def test_a_class_has_its_names_and_none_where_cms_says_that_there_is_none() -> None:
    found = release().sql(
        "SELECT hcpcs_code, category, subcategory, family, is_major, effective_to::VARCHAR, code_system "
        f"FROM ({code_category_query()}) ORDER BY hcpcs_code, effective_from"
    )
    assert found.fetchall() == [
        ("27447", "Procedure", "Joints", "Knees", True, None, "CPT"),
        ("85025", "Test", "Laboratory", "", False, "2021-12-31", "CPT"),
        ("85025", "Test", "Laboratory", "Counts", False, None, "CPT"),
        ("93000", "Test", "Heart", "Tracings", False, None, "CPT"),
        ("G0001", "Test", "Laboratory", "Counts", False, "2020-12-31", "HCPCS"),
    ]


def test_the_latest_class_is_the_one_that_the_file_marks_or_the_last_to_begin() -> None:
    expected = [("27447", "PM002M"), ("85025", "TL001N"), ("93000", "TC001N"), ("G0001", "TL001N")]
    assert latest(release()) == expected
    assert latest(release(latest_flag="")) == expected


# ---------------------------------------------------------------- checks

HEAD = SOUND.strip().splitlines()[0]
SECOND = "85025 TL001N Test Laboratory Counts {} {} {} 2025 1993-01-01 -"


def with_second(begin: str, end: str, latest: str) -> str:
    """The sound file's first class of 85025, and another one of it."""
    return "\n".join([HEAD, SOUND.strip().splitlines()[1], SECOND.format(begin, end, latest)])


# The name of a check, and the smallest file in which it finds something.
BROKEN = {
    "ids_are_made_of_their_parts": release(SOUND, major_indicator="O"),
    "classes_do_not_overlap": release(with_second("2021-12-31", "-", "1")),
    "classes_and_codes_end_after_they_began": release(with_second("2022-01-01", "2021-12-31", "1")),
    "classes_begin_with_their_code": release(with_second("1992-12-31", "1993-01-02", "0")),
    "one_class_is_the_latest": release(with_second("2022-01-01", "-", "0")),
    "classes_have_one_name": release(SOUND.replace("Procedure Joints", "Joints Joints", 1).replace("Test      Laboratory   No", "Laboratory Test No")),
    "releases_are_of_their_year": release(SOUND.replace("2025", "2026")),
    "newest_classes_are_of_the_release": release(SOUND.replace("2025", "2024")),
}  # fmt: skip
CHECKS = {check.name: check for check in load_checks(RBCS.release_checks)}


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_breaks_its_rule_and_nothing_else(name: str) -> None:
    query = CHECKS[name].query
    assert release().sql(query).fetchall() == []
    found = BROKEN[name].sql(query).fetchall()
    assert {row[0] for row in found} == {"rbcs"}


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("category", "subcategory", "classes_have_one_name"),
        ("subcategory", "family", "classes_have_one_name"),
        ("category", "family", "classes_have_one_name"),
        ("added_on", "effective_from", "classes_begin_with_their_code"),
        ("terminated_on", "effective_to", "classes_do_not_overlap"),
        ("latest_flag", "reassigned_flag", "one_class_is_the_latest"),
        ("latest_flag", "alternative_flag", "one_class_is_the_latest"),
    ],
)
def test_two_columns_that_were_exchanged_refuse_the_file(one, other, name) -> None:
    check = CHECKS[name]
    con = release()
    con.execute(f"UPDATE stage.rbcs SET {one} = {other}, {other} = {one}")
    found = con.sql(check.query).fetchall()
    assert check.severity_in(2025, len(found), rows=5) == "error" and found


@pytest.mark.parametrize(
    ("begin", "end", "mark"),
    [("2014-02-01", "-", "1"), ("2000-01-01", "2014-01-01", "1"), ("2022-01-01", "-", "1")],
)
def test_the_latest_class_is_the_one_that_began_last(begin, end, mark) -> None:
    con = release(with_second(begin, end, mark))
    is_last = begin > "2014-01-01"
    found = con.sql(CHECKS["one_class_is_the_latest"].query).fetchall()
    assert bool(found) is not is_last


def test_a_file_without_marks_has_no_latest_class_to_check() -> None:
    con = release(latest_flag="")
    assert con.sql(CHECKS["one_class_is_the_latest"].query).fetchall() == []


def test_every_code_of_the_warehouse_has_one_latest_class() -> None:
    [check] = load_checks(RBCS.warehouse_checks)
    with database.connect(1) as con:
        con.execute(
            "CREATE TABLE code_category AS SELECT 'RBCS25RY' AS release_id, * FROM (VALUES "
            "('85025', true), ('85025', false), ('27447', false), ('99213', true), ('99213', true)) "
            "AS t(hcpcs_code, is_latest_assignment)"
        )
        found = {row[1] for row in con.sql(check.query).fetchall()}
    assert found == {"27447 has 0 latest classes", "99213 has 2 latest classes"}
