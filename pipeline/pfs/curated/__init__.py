"""Curated rules and annotations in the warehouse: loaded from files, held against the releases.

``table/`` holds the SELECT of each table that follows from them, ``macro/`` the SELECT of each
macro, whose first two lines are its name with its parameters, and what it gives.
"""

import duckdb

from pipeline import database
from pipeline.pfs.identify import schedule
from pipeline.pfs.tables import HERE
from pipeline.sql import compose
from schemas.derive import quoted

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

# In the order in which they build on each other.
DERIVED = ("time_unit", "curated_code")
MACROS = ("release_in_force", "time_units", "critical_care_units")

# Macros that give one value; the others give a table.
SCALAR_MACROS = ("release_in_force",)

CURATED = HERE / "curated"


def create_curated(con: duckdb.DuckDBPyConnection) -> None:
    """Create every curated table and macro beside the tables of the releases.

    Raises RefusedError where an annotation file breaks a rule.
    """
    # The model of an annotation takes a while to import, and only a new warehouse needs it.
    from pipeline.pfs.curated.annotation import load_annotations

    declared = schedule().tables
    for name, types in RULES.items():
        query = database.csv_query(schedule().reference_file(name), types)
        database.insert_query(con, declared[name], query)
    database.insert_rows(
        con, declared["annotation"], load_annotations(schedule().folder / "annotation")
    )
    for name in DERIVED:
        database.insert_query(con, declared[name], compose(CURATED / "table" / f"{name}.sql"))
    for name in MACROS:
        con.execute(macro_sql(name))


def macro_sql(name: str) -> str:
    """The statements that create a macro and say what it gives."""
    path = CURATED / "macro" / f"{name}.sql"
    signature, words = (
        line.removeprefix("-- ") for line in path.read_text("utf-8").splitlines()[:2]
    )
    kind = "" if name in SCALAR_MACROS else "TABLE"
    body = f"(\n{compose(path)}\n)" if name in SCALAR_MACROS else compose(path)
    return (
        f"CREATE MACRO {signature} AS {kind} {body};\n"
        f"COMMENT ON MACRO {kind} {name} IS {quoted(words)}"
    )
