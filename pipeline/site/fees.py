"""What other fee schedules pay for a code beside each release of the Physician Fee Schedule.

A file of another schedule seldom covers the same months, so each schedule answers with the release
in force on the first day, or else with the last before it, whose days the page then names.
"""

import duckdb

from pipeline.release.fee import answers_beside
from pipeline.schedules.all import SCHEDULES
from pipeline.site.shard import (
    Folder,
    as_json,
    entries,
    has_table,
    packed,
    query,
    rows,
    write_code_shards,
)
from schemas.definitions import catalog
from schemas.derive import quoted

# Schedules whose amounts depend on the place in a way that a lowest and a highest amount tell.
BY_PLACE = ("dmepos", "ambulance")
# The Physician Fee Schedule has pages of its own, and the edits of units say nothing of payment.
NOT_SHOWN = ("pfs", "mue")


def begin_fees(con: duckdb.DuckDBPyConnection) -> bool:
    """Find which releases answer beside which, and make ``site_fee`` for what they say; whether there are any.

    Without other schedules, as in a warehouse that was put together by hand, there are none.
    """
    if not has_table(con, "fee_reason"):
        return False
    con.execute(f"CREATE OR REPLACE TEMP TABLE site_fee_release AS {query('held_by_release')}")
    columns = ", ".join(f"{x.name} {x.type}" for x in catalog().tables["fee"].columns)
    con.execute(f"CREATE OR REPLACE TEMP TABLE site_fee ({columns})")
    return True


def fees_query(release_id: str) -> str:
    """The SELECT of what other schedules say beside a release: rows of ``site_fee``."""
    held = f"FROM site_fee_release WHERE slot = {quoted(release_id)}"
    return (
        f"FROM ({answers_beside(SCHEDULES, held)}) "
        f"WHERE schedule NOT IN {NOT_SHOWN} AND reason <> 'no_schedule' "
        f"AND (place_kind = 'national' OR schedule IN {BY_PLACE})"
    )


def write_fees(con: duckdb.DuckDBPyConnection, data: Folder) -> str:
    """Write what ``site_fee`` has of each code; returns the files as write_code_shards does."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE site_fee_kind AS {query('fee_kind')}")
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
