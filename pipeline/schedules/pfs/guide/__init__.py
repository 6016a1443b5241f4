"""Curated rules and annotations in the warehouse: loaded from files, held against the releases.

``table/`` holds the SELECT of each table that follows from them.
"""

import duckdb

from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.tables import HERE
from pipeline.store import database
from pipeline.store.parts import fill
from pipeline.store.sql import compose

# Curated CSV files and their columns that are not text.
RULES = {
    "code_family": {},
    "time_rule": {
        "effective_from": "DATE",
        "effective_to": "DATE",
        "first_minute": "SMALLINT",
        "last_minute": "SMALLINT",
        "minutes_per_unit": "SMALLINT",
        "most_units": "SMALLINT",
    },
    "bundled_service": {"effective_from": "DATE", "effective_to": "DATE"},
    "care_decision": {
        "effective_from": "DATE",
        "effective_to": "DATE",
        "first_age": "SMALLINT",
        "last_age": "SMALLINT",
    },
    "billing_rule": {"effective_from": "DATE", "effective_to": "DATE"},
}

CURATED = HERE / "guide" / "table"
ANNOTATIONS = schedule().folder / "annotation"


def fill_rules(con: duckdb.DuckDBPyConnection) -> None:
    """Fill every curated table, and what follows from them alone.

    Raises RefusedError where an annotation file breaks a rule.
    """
    # The model of an annotation takes a while to import, and only a new warehouse needs it.
    from pipeline.schedules.pfs.guide.annotation import load_annotations

    declared = schedule().tables
    for name, types in RULES.items():
        query = database.csv_query(schedule().reference_file(name), types)
        fill(con, declared[name], query)
    rows = database.frame_of(declared["annotation"], load_annotations(ANNOTATIONS))
    con.register("incoming_frame", rows)
    fill(con, declared["annotation"], "FROM incoming_frame")
    con.unregister("incoming_frame")
    fill(con, declared["time_unit"], compose(CURATED / "time_unit.sql"))


def hold_against_releases(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``curated_code``: which loaded releases have the codes that curated tables name.

    A conversion factor that no curated row knows is that of the release itself.
    """
    fill(con, schedule().tables["curated_code"], compose(CURATED / "curated_code.sql"))
    con.execute("DELETE FROM conversion_factor WHERE evidence = 'from_file'")
    con.execute(f"INSERT INTO conversion_factor {compose(CURATED / 'factor_of_file.sql')}")
