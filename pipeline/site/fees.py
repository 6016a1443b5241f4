"""What other fee schedules pay for a code beside each release of the Physician Fee Schedule.

A file of another schedule seldom covers the same months, so each schedule answers with the release
in force on the first day, or else with the last before it, whose days the page then names.
"""

import duckdb

from pipeline.release.fee import answers_beside
from pipeline.schedules.all import SCHEDULES
from pipeline.site.shard import (
    QUERIES,
    Folder,
    as_json,
    entries,
    has_table,
    packed,
    rows,
    write_code_shards,
)

HELD = QUERIES / "held_by_release.sql"

# Schedules whose amounts depend on the place in a way that a lowest and a highest amount tell.
BY_PLACE = ("dmepos", "ambulance")
# The Physician Fee Schedule has pages of its own, and the edits of units say nothing of payment.
NOT_SHOWN = ("pfs", "mue")


def gather_fees(con: duckdb.DuckDBPyConnection) -> bool:
    """Make the table ``site_fee`` of what other schedules say; returns whether there are any.

    Without other schedules, as in a warehouse that was put together by hand, there are none.
    """
    if not has_table(con, "fee_reason"):
        return False
    con.execute(f"CREATE OR REPLACE TEMP TABLE site_fee_release AS {HELD.read_text('utf-8')}")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE site_fee AS FROM ({answers_beside(SCHEDULES, HELD)}) "
        f"WHERE schedule NOT IN {NOT_SHOWN} AND reason <> 'no_schedule' "
        f"AND (place_kind = 'national' OR schedule IN {BY_PLACE})"
    )
    return True


def write_fees(con: duckdb.DuckDBPyConnection, data: Folder) -> str:
    """Write what ``gather_fees`` found of each code; returns the files as write_code_shards does."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE site_fee_kind AS {(QUERIES / 'fee_kind.sql').read_text('utf-8')}"
    )
    about = {
        "kinds": packed(entries(con, "fee_kind")),
        "releases": packed(entries(con, "fee_release")),
    }
    data.write("fees", about)
    records = {
        code: f'{{"label":{as_json(label)},"said":{said}}}'
        for code, label, said in rows(con, "other_fee")
    }
    return write_code_shards(data, "fee", records)
