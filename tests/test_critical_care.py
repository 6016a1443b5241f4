"""Critical care: minutes to units, age and place to codes, and what they are worth."""

import json
from datetime import date
from decimal import Decimal

import pytest

from pipeline.cli import main
from pipeline.errors import NotThereError, UsageError
from pipeline.schedules.pfs.guide import CURATED
from pipeline.schedules.pfs.guide.critical_care import Situation, answer
from pipeline.schedules.pfs.macro import macro_statements
from pipeline.store import database
from pipeline.store.sql import compose
from tests.helpers.small import answer as texts
from tests.helpers.small import rows

# The table of the rules as it is printed: first and last minute, units of 99292 under CPT and
# under Medicare since 2023. 99291 is reported once from minute 30 on.
PRINTED = """
    first last cpt medicare
    30    74   0   0
    75    103  1   0
    104   104  1   1
    105   133  2   1
    134   134  2   2
    135   163  3   2
    164   164  3   3
    165   193  4   3
    194   194  4   4
"""


def units_by_formula(minutes: int, payer: str) -> dict[str, int]:
    """The same rule written as arithmetic, without a table."""
    if minutes < 30:
        return {}
    if payer == "cpt":
        further = 0 if minutes < 75 else 1 + (minutes - 75) // 30
    else:
        further = (minutes - 74) // 30 if minutes >= 104 else 0
    return {"99291": 1} | ({"99292": further} if further else {})


def units_in_warehouse(con, minutes: int, payer: str, day: str = "2025-05-01") -> dict[str, int]:
    query = "select hcpcs_code, units from critical_care_units(?, ?, ?::date)"
    return dict(con.execute(query, [minutes, payer, day]).fetchall())


def units_of_every_minute(con, payer: str) -> dict[int, dict[str, int]]:
    """The units of each minute from 0 to 300, asked for in one query."""
    query = (
        "select minute, hcpcs_code, units from range(301) as asked (minute), "
        "lateral (from critical_care_units(minute::integer, ?, date '2025-05-01'))"
    )
    found: dict[int, dict[str, int]] = {minute: {} for minute in range(301)}
    for minute, code, units in con.execute(query, [payer]).fetchall():
        found[minute][code] = units
    return found


# ---------------------------------------------------------------- minutes


@pytest.mark.parametrize("payer", ["cpt", "medicare"])
def test_units_follow_the_formula_for_every_minute(con, payer):
    expected = {minutes: units_by_formula(minutes, payer) for minutes in range(301)}
    assert units_of_every_minute(con, payer) == expected
    assert units_in_warehouse(con, 134, payer) == expected[134]


@pytest.mark.parametrize("payer", ["cpt", "medicare"])
def test_units_follow_the_printed_table_for_every_minute(con, payer):
    found = units_of_every_minute(con, payer)
    for row in rows(PRINTED):
        for minutes in range(int(row["first"]), int(row["last"]) + 1):
            expected = {"99291": 1, "99292": int(row[payer])}
            assert {"99292": 0} | found[minutes] == expected, minutes


def test_every_minute_of_a_family_is_in_one_range_of_a_code_at_most(con):
    overlapping = con.sql("""
        select * from time_unit a join time_unit b using (code_family, payer, effective_from)
        where a.units < b.units and a.hcpcs_code = b.hcpcs_code and b.first_minute <= a.last_minute
    """)
    assert overlapping.fetchall() == []


def test_a_date_ends_after_its_1440_minutes(con):
    assert units_in_warehouse(con, 1440, "cpt") == units_by_formula(1440, "cpt")
    assert units_in_warehouse(con, 1441, "cpt") == {}


@pytest.mark.parametrize(
    ("day", "begins"), [("2021-12-31", 75), ("2022-12-31", 75), ("2023-01-01", 104)]
)
def test_medicare_counts_from_75_until_2022_and_from_104_since(con, day, begins):
    assert units_in_warehouse(con, begins - 1, "medicare", day) == {"99291": 1}
    assert units_in_warehouse(con, begins, "medicare", day) == {"99291": 1, "99292": 1}


def test_160_minutes_of_transport_are_three_further_units(con):
    """The American Academy of Pediatrics' own example."""
    found = con.sql(
        "select hcpcs_code, units from time_units('pediatric_transport', 160, 'cpt', '2025-05-01')"
    )
    assert found.fetchall() == [("99466", 1), ("99467", 3)]


@pytest.mark.parametrize(
    ("minutes", "code"),
    [(15, None), (16, "90832"), (37, "90832"), (38, "90834"), (52, "90834"), (53, "90837")],
)
def test_psychotherapy_is_the_same_shape_with_one_code_for_all_minutes(con, minutes, code):
    found = con.execute(
        "select hcpcs_code, units from time_units('psychotherapy', ?, 'medicare', '2025-05-01')",
        [minutes],
    ).fetchall()
    assert found == ([(code, 1)] if code else [])


def test_another_family_is_rows_and_no_code():
    """Made up: a base of 60 to 74 minutes, then one unit every 15 minutes, three at most."""
    con = database.connect(threads=1)
    con.execute("""
        create table time_rule as select * from (values
          ('made_up', 'any', date '2025-01-01', null::date, 'G0001', 60, 74, null::smallint, 1),
          ('made_up', 'any', date '2025-01-01', null::date, 'G0002', 75, null, 15, 3)
        ) as t(code_family, payer, effective_from, effective_to, hcpcs_code, first_minute,
               last_minute, minutes_per_unit, most_units)
    """)
    query = compose(CURATED / "time_unit.sql")
    columns = "hcpcs_code, units, first_minute, last_minute"
    assert texts(con, f"select {columns} from ({query}) order by all") == rows("""
        hcpcs_code  units  first_minute  last_minute
        G0001       1      60            74
        G0002       1      75            89
        G0002       2      90            104
        G0002       3      105           1440
    """)


# ---------------------------------------------------------------- age and place


@pytest.mark.parametrize(
    ("age", "setting", "codes"),
    [
        ("0d", "inpatient", "99468 99469"),
        ("28d", "inpatient", "99468 99469"),
        ("29d", "inpatient", "99471 99472"),
        ("24m", "inpatient", "99471 99472"),
        ("25m", "inpatient", "99475 99476"),
        ("2y", "inpatient", "99475 99476"),
        ("71m", "inpatient", "99475 99476"),
        ("5y", "inpatient", "99475 99476"),
        ("72m", "inpatient", "99291 99292"),
        ("6y", "inpatient", "99291 99292"),
        ("", "inpatient", "99291 99292"),
        ("10d", "emergency", "99291 99292"),
        ("18m", "outpatient", "99291 99292"),
        ("4y", "office", "99291 99292"),
        ("10d", "transport", "99466 99467"),
        ("24m", "transport", "99466 99467"),
        ("25m", "transport", "99291 99292"),
        ("40y", "transport", "99291 99292"),
    ],
)
def test_age_and_setting_decide_the_codes(con, age, setting, codes):
    """200 minutes, so that the further code of a period is reached."""
    days = (False, True) if setting == "inpatient" and codes != "99291 99292" else (False,)
    found = set()
    for is_later_day in days:
        asked = Situation(200, "medicare", date(2025, 11, 1), age, setting, is_later_day)
        found |= {line.hcpcs_code for line in answer(con, asked).codes}
    assert sorted(found) == codes.split()


@pytest.mark.slow
def test_every_age_falls_in_one_band_of_every_setting(con):
    for age in [f"{days}d" for days in range(0, 2600, 31)] + [
        f"{months}m" for months in (1, 24, 99)
    ]:
        for setting in ("inpatient", "outpatient", "emergency", "office", "transport"):
            asked = Situation(60, "cpt", date(2025, 11, 1), age, setting)
            assert len(answer(con, asked).codes) == 1, (age, setting)


def test_the_bounds_of_an_age_band_are_the_same_in_every_row(con):
    bounds = con.sql(
        "select distinct age_band, first_age, first_age_unit, last_age, last_age_unit "
        "from care_decision"
    )
    assert len(bounds.fetchall()) == 4


@pytest.mark.parametrize("age", ["0m", "0y", "four", "4", "-3d"])
def test_an_age_that_says_too_little_is_asked_for_again(con, age):
    with pytest.raises(UsageError):
        answer(con, Situation(60, "cpt", date(2025, 11, 1), age))


# ---------------------------------------------------------------- prices and reasons


def test_codes_are_priced_by_the_release_in_force(con):
    found = answer(con, Situation(134, "medicare", date(2025, 11, 1)))
    assert [(x.hcpcs_code, x.units, x.work_rvu, x.payment) for x in found.codes] == [
        ("99291", 1, Decimal("4.50"), Decimal("205.72")),
        ("99292", 2, Decimal("2.25"), Decimal("102.86")),
    ]
    assert {line.price_status for line in found.codes} == {"priced"}


def test_the_place_of_care_decides_which_price_is_paid(con):
    office = answer(
        con, Situation(60, "medicare", date(2025, 11, 1), "", "office", False, "01112", "05")
    )
    facility = answer(
        con, Situation(60, "medicare", date(2025, 11, 1), "", "inpatient", False, "01112", "05")
    )
    # As the README prints them for San Francisco.
    assert office.codes[0].payment == Decimal("314.79")
    assert facility.codes[0].payment == Decimal("229.88")


def test_of_two_releases_in_force_the_one_that_began_last_counts():
    """A correction such as 24AR takes effect within the quarter of 24A."""
    con = database.connect(threads=1)
    con.execute("""
        create table release as select 'pfs' as schedule, * from (values
          ('RVU24A', date '2024-01-01', date '2024-03-31', date '2024-01-02', true),
          ('RVU24AR', date '2024-03-09', date '2024-03-31', date '2024-03-11', true),
          ('RVU24X', date '2024-03-10', date '2024-03-31', date '2024-03-12', false)
        ) as t(release_id, effective_from, effective_to, released_on, is_current)
    """)
    con.execute(macro_statements("release_in_force"))
    days = ("2023-12-31", "2024-03-08", "2024-03-09", "2024-03-31", "2024-04-01")
    found = [con.sql(f"select release_in_force('{day}')").fetchall()[0][0] for day in days]
    assert found == [None, "RVU24A", "RVU24AR", "RVU24AR", None]


def test_units_need_no_release_in_force(con):
    found = answer(con, Situation(104, "medicare", date(2025, 5, 1)))
    assert [(x.hcpcs_code, x.units, x.price_status) for x in found.codes] == [
        ("99291", 1, "no_release_in_force"),
        ("99292", 1, "no_release_in_force"),
    ]


def test_a_code_that_the_release_in_force_lacks_is_said_to_be_missing(con):
    """The sample lacks nothing of this family, so 90832 stands for such a code."""
    found = con.sql(
        "select hcpcs_code, price_status, work_rvu "
        "from time_units('psychotherapy', 30, 'cpt', '2025-11-01')"
    ).fetchall()
    in_sample = con.sql("select count(*) from rvu where hcpcs_code = '90832'").fetchall()[0][0]
    assert in_sample == 0
    assert found == [("90832", "no_such_code", None)]


def test_why_names_the_minute_at_which_the_missing_unit_begins(con):
    why = answer(con, Situation(90, "medicare", date(2025, 11, 1))).why
    assert any(x.startswith("99292 x 0 for 90 minutes: it begins at minute 104") for x in why)


def test_why_says_what_is_provisional(con):
    why = answer(con, Situation(90, "medicare", date(2020, 11, 1))).why
    assert any("provisional" in x for x in why if x.startswith("99292"))


def test_a_day_without_a_rule_has_no_units(con):
    with pytest.raises(NotThereError, match="No rule of medicare"):
        answer(con, Situation(90, "medicare", date(2001, 1, 1)))


@pytest.mark.parametrize("minutes", [None, -1, 1441])
def test_minutes_must_be_those_of_one_date(con, minutes):
    with pytest.raises(UsageError):
        answer(con, Situation(minutes, "medicare", date(2025, 11, 1)))


def run(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["fees", *arguments])
    code = 0
    try:
        main()
    except SystemExit as error:
        code = int(error.code or 0)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_command_prints_json_for_programs(sample_warehouse, monkeypatch, capsys):
    code, out, _ = run(
        monkeypatch, capsys, "critical-care", "--minutes", "104", "--payer", "medicare",
        "--on", "2025-11-01", "--warehouse", str(sample_warehouse), "--json",
    )  # fmt: skip
    shown = json.loads(out)
    assert code == 0
    assert list(shown) == ["codes", "why"]
    assert shown["codes"] == [
        {"hcpcs_code": "99291", "units": 1, "work_rvu": 4.5, "payment": 205.72, "price_status": "priced"},
        {"hcpcs_code": "99292", "units": 1, "work_rvu": 2.25, "payment": 102.86, "price_status": "priced"},
    ]  # fmt: skip
    assert all(isinstance(sentence, str) and sentence for sentence in shown["why"])


@pytest.mark.parametrize(
    ("arguments", "expected", "words"),
    [
        (["--minutes", "90", "--locality", "05"], 2, "write MAC and number"),
        (["--minutes", "90", "--locality", "99999-05", "--on", "2025-11-01"], 6, "has no locality"),
        (["--on", "2025-11-01"], 2, "give --minutes"),
    ],
)
def test_a_mistake_is_one_sentence(
    sample_warehouse, monkeypatch, capsys, arguments, expected, words
):
    code, out, err = run(
        monkeypatch, capsys, "critical-care", *arguments, "--warehouse", str(sample_warehouse)
    )
    assert (code, out) == (expected, "")
    assert words in err
