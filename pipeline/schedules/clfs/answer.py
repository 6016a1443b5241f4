"""What this schedule pays for one code: the answer of ``fees show``."""

from datetime import date
from pathlib import Path

import duckdb

from pipeline.release.schedule import Answer, Asked

QUERY = (Path(__file__).parent / "lab_fee_asked.sql").read_text("utf-8")

# What is known today is known up to this day (table release_period).
TODAY_AND_ON = date(9999, 12, 31)

NOTES = {
    "priced": "The same in the whole country. Medicare pays all of it, or of the charge where that is "
    "lower: no deductible and no coinsurance.",
    "contractor_priced": "contractor_priced: the Medicare contractor sets the rate, and CMS publishes none.",
}


def answer(con: duckdb.DuckDBPyConnection, asked: Asked) -> Answer | None:
    """The laboratory fees of a code, None where the schedule has none of it."""
    values = {
        "code": asked.code,
        "modifier": asked.modifier,
        "release": asked.release.upper() if asked.release else None,
        "on": asked.on,
        "known_on": asked.known_on or TODAY_AND_ON,
    }
    cursor = con.execute(QUERY, values)
    names = [column[0] for column in cursor.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return _told(rows) if rows else None


def _told(rows: list[dict]) -> Answer:
    first = rows[0]
    statuses = {row["price_status"] for row in rows}
    return Answer(
        table="lab_fee",
        rows=rows,
        description=first["description"],
        title=f"laboratory fee of {first['posting_id']}, in force {first['release_from']} to "
        f"{first['release_to']}",
        head=["mod", "rate", "since", "remarks"],
        shown=[
            (row["modifier"], row["rate"], row["effective_from"].isoformat(), _remark(row))
            for row in rows
        ],
        notes=[note for status, note in NOTES.items() if status in statuses],
    )


def _remark(row: dict) -> str:
    return "" if row["price_status"] == "priced" else row["price_status"]
