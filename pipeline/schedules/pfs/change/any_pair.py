"""Any two postings beside each other, also those that CMS replaced."""

import duckdb

from pipeline.schedules.pfs.change import payment_locality_change_query, rvu_change_query
from pipeline.schedules.pfs.declared import schedule
from pipeline.store.database import rows_of
from schemas.derive import quoted

COMPARED = ("rvu", "payment_national", "locality")


def compare(con: duckdb.DuckDBPyConnection, before: dict, after: dict) -> None:
    """Make ``compared_pair``, shaped as ``rvu_change``, between two rows of ``release``.

    In this connection, which should be one for the purpose, temporary tables then stand in front
    of those that a change is computed from: they hold the two postings, each under its own id.
    """
    database = con.execute("SELECT current_database()").fetchall()[0][0]
    for name in COMPARED:
        sides = " UNION ALL BY NAME ".join(
            _rows(database, name, release) for release in (before, after)
        )
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sides}")
    names = ", ".join(schedule().tables["rvu_change"].column_names)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE compared_pair AS "
        f"SELECT {names} FROM ({rvu_change_query(_pair(before, after))})"
    )


def compare_in_locality(
    con: duckdb.DuckDBPyConnection, pair: tuple[dict, dict], code: str, place: dict
) -> list[dict]:
    """The rows of ``payment_locality_change`` of one code in one locality; after ``compare``."""
    query = (
        f"FROM ({payment_locality_change_query(_pair(*pair))}) "
        "WHERE hcpcs_code = $code AND mac = $mac AND locality_number = $number ORDER BY modifier"
    )
    return rows_of(
        con, query, {"code": code, "mac": place["mac"], "number": place["locality_number"]}
    )


def name_of(release: dict) -> str:
    """How a posting is called beside another: by its release where it is in force."""
    return str(release["release_id"] if release["is_current"] else release["posting_id"])


def _pair(before: dict, after: dict) -> str:
    return (
        f"SELECT {quoted(name_of(after))} AS release_id, "
        f"{quoted(name_of(before))} AS previous_release_id"
    )


def _rows(database: str, table: str, release: dict) -> str:
    if release["is_current"]:
        return f"SELECT * FROM {database}.main.{table} WHERE release_id = {quoted(release['release_id'])}"
    return (
        f"SELECT * EXCLUDE (posting_id) REPLACE (posting_id AS release_id) "
        f"FROM {database}.superseded.{table} WHERE posting_id = {quoted(release['posting_id'])}"
    )
