"""The history of a code over all releases, as small tables: what changed, when, and what vanished."""

from pipeline.schedules.pfs.change import code_history_query
from pipeline.store import database
from tests.helpers.small import answer, rows

RELEASES = """
    release_id  effective_from  is_current
    RVU24A      2024-01-01      true
    RVU24B      2024-04-01      true
    RVU24C      2024-07-01      true
"""

OF_A_PROFILE = {
    "modifier": "", "status_code": "A", "price_status": "priced", "work_rvu": "1.00",
    "nonfacility_total_rvu": "2.00", "facility_total_rvu": "1.50", "conversion_factor": "32.0000",
    "nonfacility_payment": "64.00", "facility_payment": "48.00",
}  # fmt: skip

AMOUNTS = [
    f"{setting}_{name}"
    for setting in ("nonfacility", "facility")
    for name in ("payment_change", "due_to_rvu", "due_to_gpci", "due_to_conversion_factor", "due_to_rounding")
]  # fmt: skip
OF_A_CHANGE = {"modifier": "", "changed_indicators": "", "changed_values": ""} | dict.fromkeys(
    AMOUNTS, "0"
)


def history(columns: str, profiles: str, changes: str = "", releases: str = RELEASES) -> list[dict]:
    """Some columns of ``code_history`` over tables that are written as text."""
    con = database.connect(1)
    _create(con, "release", [{"schedule": "pfs"} | row for row in rows(releases)])
    _create(con, "code_profile", [OF_A_PROFILE | row for row in rows(profiles)])
    heading = "release_id code change_kind"
    written = [OF_A_CHANGE | row for row in rows(changes or f"{heading}\n- - -")]
    _create(con, "rvu_change", written)
    con.execute("ALTER TABLE code_profile ALTER work_rvu TYPE DECIMAL(6,2)")
    for name in AMOUNTS:
        con.execute(f"ALTER TABLE rvu_change ALTER {name} TYPE DECIMAL(12,2)")
    query = f"SELECT {columns} FROM ({code_history_query()}) ORDER BY hcpcs_code, effective_from"
    return [
        {name: "" if cell == "NULL" else cell for name, cell in row.items()}
        for row in answer(con, query)
    ]


def _create(con, table: str, written: list[dict]) -> None:
    columns = ", ".join(f'"{name}" VARCHAR' for name in written[0])
    con.execute(f"CREATE TABLE {table} ({columns})")
    if table == "release":
        con.execute("ALTER TABLE release ALTER effective_from TYPE DATE")
        con.execute("ALTER TABLE release ALTER is_current TYPE BOOLEAN")
    for row in written:
        con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", [*row.values()])


WHAT_CHANGED = "hcpcs_code, release_id, change_from_previous, vanished_release_id"


def test_a_code_is_first_loaded_then_unchanged_or_changed_as_the_release_says():
    profiles = """
        release_id  code
        RVU24A      G0001
        RVU24B      G0001
        RVU24C      G0001
    """
    changes = """
        release_id  code   change_kind
        RVU24C      G0001  revalued
    """
    assert history(WHAT_CHANGED, profiles, changes) == rows("""
        code   release_id  change_from_previous  vanished_release_id
        G0001  RVU24A      first_loaded          -
        G0001  RVU24B      unchanged             -
        G0001  RVU24C      revalued              -
    """)


def test_a_code_that_comes_later_is_added_and_one_that_goes_vanishes_in_the_next_release():
    profiles = """
        release_id  code
        RVU24A      G0001
        RVU24B      G0002
        RVU24C      G0002
    """
    changes = """
        release_id  code   change_kind
        RVU24B      G0001  removed
        RVU24B      G0002  added
    """
    assert history(WHAT_CHANGED, profiles, changes) == rows("""
        code   release_id  change_from_previous  vanished_release_id
        G0001  RVU24A      first_loaded          RVU24B
        G0002  RVU24B      added                 -
        G0002  RVU24C      unchanged             -
    """)


def test_a_code_that_returns_vanished_once_and_is_added_again():
    profiles = """
        release_id  code
        RVU24A      G0001
        RVU24C      G0001
    """
    changes = """
        release_id  code   change_kind
        RVU24B      G0001  removed
        RVU24C      G0001  added
    """
    assert history(WHAT_CHANGED, profiles, changes) == rows("""
        code   release_id  change_from_previous  vanished_release_id
        G0001  RVU24A      first_loaded          RVU24B
        G0001  RVU24C      added                 -
    """)


def test_a_code_that_had_another_modifier_only_is_not_new():
    """The profile stands for the 26 row until the code gets a row without modifier."""
    profiles = """
        release_id  code   mod
        RVU24A      G0001  26
        RVU24B      G0001  -
    """
    changes = """
        release_id  code   mod  change_kind
        RVU24B      G0001  -    added
    """
    assert history(WHAT_CHANGED, profiles, changes) == rows("""
        code   release_id  change_from_previous  vanished_release_id
        G0001  RVU24A      first_loaded          -
        G0001  RVU24B      indicators_only       RVU24C
    """)


def test_the_last_change_is_no_first_loading_and_no_conversion_factor_and_stays_until_the_next():
    profiles = """
        release_id  code
        RVU24A      G0001
        RVU24B      G0001
        RVU24C      G0001
        RVU24D      G0001
    """
    changes = """
        release_id  code   change_kind
        RVU24B      G0001  status_changed
        RVU24C      G0001  factor_only
    """
    releases = RELEASES + "    RVU24D      2024-10-01      true\n"
    columns = "release_id, change_from_previous, last_change_release_id, last_change"
    assert history(columns, profiles, changes, releases) == rows("""
        release_id  change_from_previous  last_change_release_id  last_change
        RVU24A      first_loaded          -                       -
        RVU24B      status_changed        RVU24B                  status_changed
        RVU24C      factor_only           RVU24B                  status_changed
        RVU24D      unchanged             RVU24B                  status_changed
    """)


def test_the_last_change_of_one_code_is_not_that_of_another():
    profiles = """
        release_id  code
        RVU24A      G0001
        RVU24A      G0002
        RVU24B      G0001
        RVU24B      G0002
    """
    changes = """
        release_id  code   change_kind
        RVU24B      G0001  revalued
    """
    columns = "hcpcs_code, release_id, last_change"
    assert history(columns, profiles, changes) == rows("""
        code   release_id  last_change
        G0001  RVU24A      -
        G0001  RVU24B      revalued
        G0002  RVU24A      -
        G0002  RVU24B      -
    """)


def test_releases_follow_each_other_by_their_first_day_and_replaced_postings_do_not_count():
    """A correction of January takes effect in March, and its name sorts behind that of July."""
    releases = """
        release_id  effective_from  is_current
        RVU24A      2024-01-01      true
        RVU24XR     2024-03-09      true
        RVU24B      2024-04-01      true
        RVU24B      2024-04-01      false
    """
    profiles = """
        release_id  code
        RVU24A      G0001
        RVU24A      G0002
        RVU24XR     G0001
        RVU24B      G0001
        RVU24B      G0002
    """
    assert history(WHAT_CHANGED, profiles, "", releases) == rows("""
        code   release_id  change_from_previous  vanished_release_id
        G0001  RVU24A      first_loaded          -
        G0001  RVU24XR     unchanged             -
        G0001  RVU24B      unchanged             -
        G0002  RVU24A      first_loaded          RVU24XR
        G0002  RVU24B      added                 -
    """)


def test_values_are_those_of_each_release_and_the_cause_is_that_of_the_row_of_the_profile():
    profiles = """
        release_id  code   work  nonfacility_payment
        RVU24A      G0001  1.00  64.00
        RVU24B      G0001  1.10  68.00
    """
    changes = """
        release_id  code   mod  change_kind  nonfacility_payment_change  nonfacility_due_to_rvu  nonfacility_due_to_conversion_factor
        RVU24B      G0001  -    revalued     4.00                        3.00                    1.00
        RVU24B      G0001  26   revalued     9.00                        9.00                    0.00
    """
    columns = (
        "release_id, work_rvu, nonfacility_payment, nonfacility_payment_change, "
        "nonfacility_due_to_rvu, nonfacility_due_to_conversion_factor"
    )
    assert history(columns, profiles, changes) == rows("""
        release_id  work  nonfacility_payment  nonfacility_payment_change  nonfacility_due_to_rvu  nonfacility_due_to_conversion_factor
        RVU24A      1.00  64.00                -                           -                       -
        RVU24B      1.10  68.00                4.00                        3.00                    1.00
    """)
