"""Addenda A and B of hospital outpatient departments: what those of a quarter and of a final rule share.

No schedule, but what two of them follow from, neither of which follows from the other. The SQL and the
checks are over ``stage.addendum_b`` and ``stage.addendum_a``, whichever files these are, and over the
curated table ``status_price``.
"""

import re
from pathlib import Path

import duckdb

from pipeline.release import factor
from pipeline.release.reconcile import Reconciled, compare
from pipeline.store.database import csv_query
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose
from schemas.definitions import SCHEMAS

HERE = Path(__file__).parent
CHECKS = HERE / "check"
STATUS_PRICE = SCHEMAS / "opps" / "reference" / "status_price.csv"

# Addendum B.-- OPPS Payment by HCPCS Code for CY 2025
TITLE = re.compile(r"\bOPPS\b.*\bCY\s*(?P<year>20\d\d)\b", re.IGNORECASE)

# The program of the curated factors.
PROGRAM = "opps"

# What a model of these addenda follows from, besides its own SQL.
MADE_FROM = (HERE, STATUS_PRICE, *factor.MADE_FROM)


def status_price_query() -> str:
    """The SELECT of the curated table of status indicators."""
    return csv_query(STATUS_PRICE, {"has_rate": "BOOLEAN"})


def stage_addenda(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Name the addenda of the schedule ``name`` as its SQL and checks do."""
    con.execute(f"CREATE TABLE status_price AS {status_price_query()}")
    for letter in ("a", "b"):
        kind = f"{name}_addendum_{letter}"
        query = f"SELECT '{kind}' AS file_kind, * FROM stage.{kind}"
        con.execute(f"CREATE VIEW stage.addendum_{letter} AS {query}")


def apc_query() -> str:
    """The SELECT of a table of APCs over the stage tables and ``this_release``."""
    return compose(HERE / "apc.sql")


def factor_query(name: str) -> str:
    """The SELECT of ``schedule_factor`` of the schedule ``name``."""
    return factor.schedule_factor_query(name, PROGRAM, compose(HERE / "weights.sql"))


def reconcile_addenda(
    con: duckdb.DuckDBPyConnection, read: Artefact, name: str
) -> list[Reconciled]:
    """Compare weights and rates of the release in ``con``: by its factor, and with Addendum A."""
    release_id, files = read.facts["release_id"], read.facts["loaded_files"]
    main, apcs = files[f"{name}_addendum_b"], files.get(f"{name}_addendum_a")
    query = compose(HERE / "weight_times_factor.sql")
    found = [compare(con, name, release_id, "Addendum B: weight x factor", main, query)]
    if apcs:
        query = compose(HERE / "b_as_a.sql")
        found.append(compare(con, name, release_id, "Addendum B = Addendum A", apcs, query))
    return found
