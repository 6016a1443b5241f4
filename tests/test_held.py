"""What a message says that the warehouse holds: what is near to what was asked for."""

from datetime import date

import pytest

from pipeline.release.held import held_near_day, held_near_name, latest_held, near_names
from pipeline.release.quarter import quarter_days
from pipeline.store import database

# Three years of two schedules, one release of a third, which has two series, and a posting replaced.
HELD = [
    *(("clfs", "", f"CLFS{y}Q{q}", 2000 + y, q) for y in (23, 24, 25) for q in (1, 2, 3, 4)),
    *(("pfs", "", f"RVU{y}{'ABCD'[q - 1]}", 2000 + y, q) for y in (24, 25) for q in (1, 2, 3, 4)),
    ("mue", "practitioner", "MUE26Q2P", 2026, 2),
    ("mue", "supplier", "MUE26Q1S", 2026, 1),
]


@pytest.fixture(scope="module")
def con():
    with database.connect(1) as con:
        con.execute(
            "CREATE TABLE release (schedule VARCHAR, series VARCHAR, release_id VARCHAR, posting_id VARCHAR, "
            "effective_from DATE, effective_to DATE, is_current BOOLEAN, is_latest BOOLEAN)"
        )
        for schedule, series, name, year, quarter in HELD:
            is_latest = name in ("CLFS25Q4", "RVU25D", "MUE26Q2P", "MUE26Q1S")
            row = [
                schedule,
                series,
                name,
                f"{name}@V1",
                *quarter_days(year, quarter),
                True,
                is_latest,
            ]
            con.execute("INSERT INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        yield con


LATEST = (
    "the latest of each schedule: RVU25D to 2025-12-31, CLFS25Q4 to 2025-12-31, "
    "MUE26Q2P to 2026-06-30, MUE26Q1S to 2026-03-31"
)


def names_in(words: str) -> list[str]:
    return [x.partition("@")[0] for x in words.split("; ")]


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ("CLFS24Q2V9", ["CLFS24Q1", "CLFS24Q2", "CLFS24Q3", "CLFS24Q4", "8 more"]),
        ("clfs27q1", ["CLFS25Q1", "CLFS25Q2", "CLFS25Q3", "CLFS25Q4", "8 more"]),
        ("SAMPLERVU21A", ["RVU24A", "RVU24B", "RVU24C", "RVU24D", "4 more"]),
        ("MUE26Q2H", ["MUE26Q1S", "MUE26Q2P"]),
    ],
)
def test_what_is_beside_a_name_is_of_its_schedule(con, wanted, named):
    assert names_in(held_near_name(con, wanted)) == named


def test_a_name_of_no_schedule_lists_the_latest_of_each(con):
    assert (
        held_near_name(con, "XYZ25Q1") == held_near_name(con, "what") == latest_held(con) == LATEST
    )


def test_a_schedule_that_is_asked_lists_its_own_releases_only(con):
    assert names_in(held_near_name(con, "CLFS25Q1", "pfs")) == [
        "RVU24A", "RVU24B", "RVU24C", "RVU24D", "4 more",
    ]  # fmt: skip


def test_what_is_near_to_a_day_is_one_release_of_each_schedule_or_a_few_of_one(con):
    day = date(2022, 6, 1)
    assert names_in(held_near_day(con, day)) == ["RVU24A", "CLFS23Q1", "MUE26Q1S", "MUE26Q2P"]
    assert held_near_day(con, day).startswith("RVU24A@V1 for 2024-01-01 to 2024-03-31; ")
    assert names_in(held_near_day(con, day, "clfs")) == [f"CLFS23Q{n}" for n in (1, 2, 3, 4)]
    assert names_in(held_near_day(con, date(2031, 1, 1), "pfs")) == [f"RVU25{x}" for x in "ABCD"]


@pytest.mark.parametrize(
    ("held", "wanted", "named"),
    [
        (["RVU25D", "RVU25D/anes", "CLFS25Q1"], "RVU24A", "RVU25D, RVU25D/anes"),
        (["RVU25D", "CLFS25Q1"], "zip5", "CLFS25Q1, RVU25D"),
        ([f"RVU{y}A" for y in range(20, 26)], "RVU23C", "RVU22A, RVU23A, RVU24A, RVU25A; 2 more"),
        ([], "RVU23C", "nothing"),
    ],
)
def test_names_beside_another_are_those_of_its_schedule(held, wanted, named):
    assert near_names(held, wanted) == named
