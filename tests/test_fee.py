"""One answer for any code: which schedule pays it in a setting, or why none does.

What schedules say by themselves and the days of their releases are small tables here.
"""

from decimal import Decimal

import duckdb
import pytest

from pipeline.release.fee import HERE, answers
from pipeline.release.fee import REASONS as CURATED_REASONS
from pipeline.release.fee.ask import find_posting
from pipeline.store.database import csv_query
from pipeline.store.sql import compose, macro_sql
from tests.helpers.small import rows

YEAR = """
    schedule  release   from        to          latest
    pfs       RVU25A    2025-01-01  2025-03-31  -
    pfs       RVU25B    2025-04-01  2025-06-30  yes
    clfs      CLFS25Q1  2025-01-01  2025-03-31  -
    clfs      CLFS25Q2  2025-04-01  2025-05-15  yes
"""


# Where no place is asked for.
NO_PLACE = """
    SELECT '' AS zip_code, '' AS mac, '' AS locality_number, '' AS state, true AS is_rural, '' AS cba, '' AS ambulance_area, '' AS reason
    WHERE false
"""


def database(said: str, releases: str = YEAR) -> duckdb.DuckDBPyConnection:
    """A database with releases, and what schedules say of codes in them."""
    con = duckdb.connect()
    con.execute(f"CREATE TABLE fee_reason AS {csv_query(CURATED_REASONS, {'rank': 'SMALLINT'})}")
    con.execute(
        "CREATE TABLE release (schedule VARCHAR, release_id VARCHAR, effective_from DATE, "
        "effective_to DATE, is_latest BOOLEAN, is_current BOOLEAN)"
    )
    for row in rows(releases):
        values = [row["schedule"], row["release"], row["from"], row["to"], bool(row["latest"])]
        con.execute("INSERT INTO release VALUES (?, ?, ?, ?, ?, true)", values)
    con.execute(
        "CREATE TABLE said (schedule VARCHAR, release_id VARCHAR, hcpcs_code VARCHAR, "
        "modifier VARCHAR, modifier2 VARCHAR, setting VARCHAR, place_kind VARCHAR, mac VARCHAR, "
        "locality_number VARCHAR, amount DECIMAL(14,3), amount_unit VARCHAR, "
        "patient_share_percent DECIMAL(7,3), amount_status VARCHAR, reason VARCHAR, defers BOOLEAN, until DATE)"
    )
    for row in rows(said):
        mac, _, locality = row.get("place", "").partition("-")
        values = [
            row["release"].rstrip("0123456789ABQ").lower().replace("rvu", "pfs"), row["release"], row["hcpcs_code"],
            row.get("modifier", ""), row["setting"], "mac_locality" if mac else "national", mac, locality,
            None if row["amount"] == "NULL" else row["amount"], row["reason"], row.get("defers") == "yes", row.get("until"),
        ]  # fmt: skip
        con.execute(
            "INSERT INTO said VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, ?, 'service', NULL, 'priced', ?, ?, ?)",
            values,
        )
    return con


def answered(con: duckdb.DuckDBPyConnection, held: str, columns: str) -> list[tuple]:
    query = answers("SELECT * FROM said", held)
    return con.sql(f"SELECT {columns} FROM ({query}) ORDER BY ALL").fetchall()


def test_what_another_schedule_pays_is_said_to_be_paid_there():
    con = database("""
        release   code   setting  amount  reason                 defers
        RVU25B    85025  office   NULL    other_benefit_no_file  yes
        CLFS25Q2  85025  lab      7.77    -                      -
        RVU25B    84999  office   NULL    other_benefit_no_file  yes
        RVU25B    99213  office   88.95   -                      -
    """)
    assert answered(con, "held_latest", "hcpcs_code, setting, amount, reason") == [
        ("84999", "office", None, "other_benefit_no_file"),
        ("85025", "lab", Decimal("7.770"), ""),
        ("85025", "office", None, "paid_under_clfs"),
        ("99213", "office", Decimal("88.950"), ""),
    ]


def test_a_reason_that_does_not_defer_stands_whoever_else_pays():
    con = database("""
        release   code   setting  amount  reason   defers
        RVU25B    A4253  office   NULL    bundled  -
        CLFS25Q2  A4253  lab      7.77    -        -
    """)
    assert ("office", "bundled") in answered(con, "held_latest", "setting, reason")


def test_a_modifier_has_a_payer_of_its_own():
    con = database("""
        release   code   modifier  setting  amount  reason                 defers
        RVU25B    83020  -         office   NULL    other_benefit_no_file  yes
        RVU25B    83020  26        office   17.14   -                      -
        RVU25B    83020  TC        office   NULL    other_benefit_no_file  yes
        CLFS25Q2  83020  -         lab      12.87   -                      -
    """)
    assert answered(con, "held_latest", "modifier, setting, amount, reason") == [
        ("", "lab", Decimal("12.870"), ""),
        ("", "office", None, "paid_under_clfs"),
        ("26", "office", Decimal("17.140"), ""),
        ("TC", "office", None, "other_benefit_no_file"),
    ]


def test_of_two_schedules_in_one_setting_the_one_with_an_amount_answers():
    con = database("""
        release   code   setting  amount  reason                 defers
        RVU25B    J1885  office   NULL    other_benefit_no_file  yes
        CLFS25Q2  J1885  office   0.50    -                      -
    """)
    assert answered(con, "held_latest", "setting, schedule, amount, reason") == [
        ("office", "clfs", Decimal("0.500"), "")
    ]


def test_of_two_reasons_the_weightier_is_given():
    con = database("""
        release   code   setting  amount  reason       defers
        RVU25B    A0001  office   NULL    not_covered  -
        CLFS25Q2  A0001  office   NULL    no_schedule  -
    """)
    assert answered(con, "held_latest", "schedule, reason") == [("pfs", "not_covered")]


def test_what_a_schedule_says_counts_before_what_follows_from_a_list_that_sets_no_amounts():
    con = database("""
        release   code   setting              amount  reason          defers
        RVU25B    27130  office               1449    -               -
        OPPS25Q2  27130  outpatient_hospital  NULL    inpatient_only  -
        LIST25    27130  outpatient_hospital  NULL    no_schedule     yes
    """, releases="""
        schedule  release   from        to          latest
        pfs       RVU25B    2025-04-01  2025-06-30  yes
        opps      OPPS25Q2  2025-04-01  2025-06-30  yes
        list      LIST25    2025-01-01  2025-12-31  yes
    """)  # fmt: skip
    assert answered(con, "held_latest", "setting, schedule, reason") == [
        ("office", "pfs", ""),
        ("outpatient_hospital", "opps", "inpatient_only"),
    ]


def test_a_code_is_paid_elsewhere_only_on_the_days_on_which_the_other_schedule_is_loaded():
    con = database("""
        release   code   setting  amount  reason                 defers
        RVU25A    85025  office   NULL    other_benefit_no_file  yes
        RVU25B    85025  office   NULL    other_benefit_no_file  yes
        CLFS25Q2  85025  lab      7.77    -                      -
    """)
    columns = "effective_from::VARCHAR, effective_to::VARCHAR, setting, release_id, reason"
    assert answered(con, "held_in_force", columns) == [
        ("2025-01-01", "2025-03-31", "office", "RVU25A", "other_benefit_no_file"),
        ("2025-04-01", "2025-05-15", "lab", "CLFS25Q2", ""),
        ("2025-04-01", "2025-05-15", "office", "RVU25B", "paid_under_clfs"),
        ("2025-05-16", "2025-06-30", "office", "RVU25B", "other_benefit_no_file"),
    ]


def test_a_code_is_not_valid_after_its_last_day():
    con = database("""
        release  code   setting  amount  reason       until
        RVU25A   J7195  office   NULL    not_covered  2025-03-31
        RVU25B   J7195  office   NULL    not_covered  2025-03-31
    """)
    assert answered(con, "held_in_force", "release_id, reason") == [
        ("RVU25A", "not_covered"), ("RVU25B", "not_valid"), ("RVU25B", "not_valid"),
    ]  # fmt: skip


def test_amounts_of_a_place_stand_beside_the_national_one():
    con = database("""
        release  code   setting  place     amount  reason
        RVU25B   99213  office   -         88.95   -
        RVU25B   99213  office   01112-05  109.15  -
    """)
    assert answered(con, "held_latest", "place_kind, mac, locality_number, amount") == [
        ("mac_locality", "01112", "05", Decimal("109.150")),
        ("national", "", "", Decimal("88.950")),
    ]


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ("", "not_on_asc_list"),
        ("asc_ff", "not_on_asc_list"),
        ("asc_bb", "no_schedule"),
        ("asc_dd1,asc_ee", "no_schedule"),
    ],
)
def test_a_code_is_on_no_list_of_surgical_centers_only_where_all_lists_were_read(missing, reason):
    con = database("""
        release   code   setting  amount  reason  defers
        RVU25B    99213  office   88.95   -       -
    """)
    con.execute("ALTER TABLE release ADD COLUMN missing_files VARCHAR DEFAULT ''")
    con.execute(
        "INSERT INTO release VALUES ('asc', 'ASC25Q2', DATE '2025-04-01', DATE '2025-06-30', true, true, ?)",
        [missing],
    )
    con.execute("CREATE MACRO place_of(at_zip, on_day := NULL) AS TABLE " + NO_PLACE)
    con.execute("CREATE TABLE locality (mac VARCHAR, locality_number VARCHAR, state VARCHAR)")
    con.execute(
        "CREATE MACRO fee_on(on_day, known_on, of_posting) AS TABLE "
        + answers("SELECT * FROM said", "held_latest")
    )
    con.execute(macro_sql(HERE / "fee_for.sql"))
    query = "SELECT reason FROM fee_for('99213', on_day := '2025-05-01') WHERE setting = 'asc'"
    assert con.sql(query).fetchall() == [(reason,)]
    of_part = query.replace("'99213',", "'99213', of_modifier := 'TC',")
    assert con.sql(of_part).fetchall() == [("unknown_code",)]


# In the sample the ZIP file is of the last quarter of 2025: without a day the nearest file answers.
@pytest.mark.parametrize(
    ("place", "amount"),
    [
        ("at_zip := '94110'", "314.790"),
        ("at_zip := '94110-1234', on_day := '2025-11-20'", "314.790"),
        ("at_mac := '01112', at_locality := '05'", "314.790"),
        ("at_mac := ' 01112', at_locality := '05 '", "314.790"),
        ("on_day := '2025-11-20'", "265.560"),
    ],
)
def test_the_amount_is_that_of_the_place(con, place, amount):
    query = f"select amount from fee_for('99291', {place}) where setting = 'office'"
    assert con.sql(query).fetchall() == [(Decimal(amount),)]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("at_zip := '00000'", "does not know the ZIP code 00000"),
        ("at_mac := '01112', at_locality := '99'", "no locality 01112-99"),
        ("at_mac := '01112'", "a locality is a MAC and a number"),
    ],
)
def test_a_place_that_is_not_known_is_an_error_and_no_national_amount(con, place, words):
    with pytest.raises(duckdb.Error, match=words):
        con.sql(f"from fee_for('99291', {place})").fetchall()


HELD = """
    schedule  release   posting              current  known_from  known_to
    asp       ASP25Q1   ASP25Q1@2024-12-19   -        2024-12-19  2025-03-06
    asp       ASP25Q1   ASP25Q1@2025-03-07   yes      2025-03-07  9999-12-31
    mue       MUE25Q1P  MUE25Q1P@undated     yes      2025-01-01  9999-12-31
"""


@pytest.fixture(scope="module")
def held() -> duckdb.DuckDBPyConnection:
    """Releases of which one was posted twice, and the macro of those that answer on a day."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE release (schedule VARCHAR, release_id VARCHAR, posting_id VARCHAR, "
        "is_current BOOLEAN, is_latest BOOLEAN, effective_from DATE, effective_to DATE)"
    )
    con.execute(
        "CREATE TABLE release_period (schedule VARCHAR, release_id VARCHAR, posting_id VARCHAR, "
        "effective_from DATE, effective_to DATE, known_from DATE, known_to DATE)"
    )
    days = "DATE '2025-01-01', DATE '2025-03-31'"
    for row in rows(HELD):
        names = [row["schedule"], row["release"], row["posting"]]
        current = row["current"] == "yes"
        con.execute(
            f"INSERT INTO release VALUES (?, ?, ?, ?, ?, {days})", [*names, current, current]
        )
        known = [row["known_from"], row["known_to"]]
        con.execute(f"INSERT INTO release_period VALUES (?, ?, ?, {days}, ?, ?)", [*names, *known])
    select = (HERE / "held_on.sql").read_text()
    con.execute(f"CREATE MACRO held_on(on_day, known_on, of_posting) AS TABLE {select}")
    return con


def held_of(con: duckdb.DuckDBPyConnection, asked: str) -> list[str]:
    return [
        x for (x,) in con.sql(f"SELECT release_key FROM held_on({asked}) ORDER BY 1").fetchall()
    ]


@pytest.mark.parametrize(
    ("asked", "posting"),
    [
        ("'2025-02-01', DATE '2025-01-15', NULL", "ASP25Q1@2024-12-19"),
        ("'2025-02-01', NULL, NULL", "ASP25Q1@2025-03-07"),
        ("NULL, NULL, NULL", "ASP25Q1@2025-03-07"),
        ("NULL, NULL, 'asp25q1@2024-12-19'", "ASP25Q1@2024-12-19"),
        ("NULL, NULL, 'Asp25q1'", "ASP25Q1@2025-03-07"),
        ("'2025-02-01', NULL, 'MUE25Q1P@UNDATED'", "ASP25Q1@2025-03-07"),
    ],
)
def test_a_day_on_which_nothing_was_asked_to_be_known_is_today_and_postings_are_named_in_any_case(
    held, asked, posting
):
    assert held_of(held, asked) == [posting, "MUE25Q1P@undated"]


@pytest.mark.parametrize("day", ["NULL", "'2025-02-01'"])
def test_a_release_that_is_not_held_is_an_error_and_no_other_release_answers(held, day):
    with pytest.raises(duckdb.Error, match="holds no release ASP99Q9"):
        held_of(held, f"{day}, NULL, 'ASP99Q9'")


def test_a_posting_without_a_day_is_found_by_the_name_that_is_shown(held):
    for name in ("MUE25Q1P@undated", "mue25q1p@undated", "mue25q1p"):
        assert find_posting(held, name)["posting_id"] == "MUE25Q1P@undated"


def test_beside_a_facility_the_practitioner_is_paid_for_the_professional_part():
    con = database("""
        release   hcpcs_code  modifier  setting                amount  reason
        RVU25A    70001       -         facility_professional  300     -
        RVU25A    70001       26        facility_professional  100     -
        RVU25A    70001       TC        facility_professional  200     -
        RVU25A    70001       -         outpatient_hospital    350     -
        RVU25A    90003       -         facility_professional  6       -
        RVU25A    90003       -         outpatient_hospital    59      -
        RVU25A    90004       -         facility_professional  14      -
        RVU25A    90004       -         outpatient_hospital    60      -
        RVU25A    27000       -         facility_professional  900     -
        RVU25A    27000       -         asc                    2000    -
    """)
    con.execute(
        "CREATE TABLE rvu AS FROM (VALUES ('70001', '1'), ('90003', '3'), ('90004', '4'), ('27000', '0')) "
        "AS listed (hcpcs_code, pctc_indicator), (SELECT 'RVU25A' AS release_id, '' AS modifier)"
    )
    con.execute(f"CREATE VIEW fee AS {answers('FROM said', 'held_in_force')}")
    totals = "SELECT hcpcs_code, professional_amount, asc_total, hospital_total"
    found = con.sql(f"{totals} FROM ({compose(HERE / 'site_of_service.sql')}) ORDER BY ALL")
    assert found.fetchall() == [
        ("27000", 900, 2900, None),
        ("70001", 100, None, 450),
        # The technical part is the hospital's; the reading of the whole test has a code of its own.
        ("90003", 0, None, 59),
        ("90004", None, None, None),
    ]
