"""What a warehouse knows of a ZIP code: rows of ``place_of``, and the same in words."""

import re
from datetime import date

import duckdb

from pipeline.errors import NotThereError, UsageError
from pipeline.store.database import rows_of


def find_zip(con: duckdb.DuckDBPyConnection, zip_code: str, on: date | None) -> list[dict]:
    """The localities that a ZIP code may lie in, each with all that is known of it on a day.

    Raises UsageError for what is no ZIP code and NotThereError for one that no file has.
    """
    if not re.fullmatch(r"\d{5}(-?\d{4})?", zip_code):
        raise UsageError(
            f'"{zip_code}" is no ZIP code; write five digits, as in 94110, or nine, as in 94110-1234.'
        )
    found = rows_of(
        con, "FROM place_of($zip_code, on_day := $on)", {"zip_code": zip_code, "on": on}
    )
    if not found:
        files = con.execute("SELECT count(*) FROM zip_locality").fetchall()[0][0]
        advice = "" if files else ": it holds no ZIP file; put CMS's ZIP5 file into the raw folder"
        raise NotThereError(f"The warehouse does not know the ZIP code {zip_code[:5]}{advice}.")
    return found


def is_decided(found: list[dict]) -> bool:
    """Whether the locality of the ZIP code is known."""
    return found[0]["reason"] == ""


def words_of_zip(zip_code: str, found: list[dict]) -> str:
    """What is known of a ZIP code, in one line."""
    first = found[0]
    localities = sorted(
        {f"{row['mac']}-{row['locality_number']}" for row in found if row["mac"] is not None}
    )
    areas = sorted({row["ambulance_area"] for row in found if row["ambulance_area"]})
    known = [
        first["state"],
        f"locality {' or '.join(localities)}" if localities else None,
        {True: "rural for equipment", False: "not rural for equipment"}.get(first["is_rural"]),
        f"former competitive bidding area {first['cba']}" if first["cba"] else None,
        f"{' or '.join(areas).replace('_', '-')} for ambulances" if areas else None,
    ]
    return f"at {zip_code}: {', '.join(x for x in known if x)}"
