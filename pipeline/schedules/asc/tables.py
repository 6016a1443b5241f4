"""Where the SQL of the fees of surgical centers lies and what it needs."""

from pathlib import Path

import duckdb

from pipeline.release.code_system import code_system
from pipeline.release.factor import CURATED as FACTORS
from pipeline.release.factor import TYPES as FACTOR_TYPES
from pipeline.release.factor import schedule_factor_query
from pipeline.schedules.asc.declared import NAME, schedule
from pipeline.schedules.asc.identity import quarters_in
from pipeline.store.database import csv_query
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose, compose_with

MODEL = Path(__file__).parent / "model"

# Curated tables and their columns that are not text.
CURATED = {
    "asc_payment_indicator": {},
    "asc_weight_scalar": {
        "effective_from": "DATE",
        "effective_to": "DATE",
        "weight_scalar": "DECIMAL(6,4)",
    },
}


def curated_query(name: str) -> str:
    """The SELECT of a curated table."""
    return csv_query(schedule().reference_file(name), CURATED[name])


def asc_fee_query() -> str:
    """The SELECT of ``asc_fee`` over ``stage.asc_aa``, ``asc_bb`` and ``asc_ff``."""
    return compose_with(
        MODEL / "asc_fee.sql",
        {"code_system": code_system("line.hcpcs_code")},
        line=compose(MODEL / "asc_line.sql"),
    )


def asc_excluded_query() -> str:
    """The SELECT of ``asc_excluded`` over ``stage.asc_ee``."""
    return compose_with(
        MODEL / "asc_excluded.sql", {"code_system": code_system("excluded.hcpcs_code")}
    )


def asc_indicator_text_query() -> str:
    """The SELECT of ``asc_indicator_text`` over ``stage.asc_dd1`` and ``asc_dd2``."""
    return compose(MODEL / "asc_indicator_text.sql")


def factor_query() -> str:
    """The SELECT of ``schedule_factor``: the factor that the weights of Addendum AA have."""
    weights = "SELECT payment_weight AS weight, payment_rate AS rate FROM stage.asc_aa"
    return schedule_factor_query(NAME, NAME, weights)


def ratio_query() -> str:
    """The SELECT of how much weight a dollar of Addendum FF gives."""
    factors = csv_query(FACTORS, FACTOR_TYPES)
    return compose(MODEL / "release_ratio.sql", factors=factors)


def stage(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """Curated tables, the factors of the release, and the quarters that the heads name."""
    stage_curated(con)
    stage_factors(con)
    con.execute("CREATE TABLE stage.asc_quarter (file_kind VARCHAR, year INTEGER, quarter INTEGER)")
    for kind, head in read.facts["heads"].items():
        for year, quarter in sorted(quarters_in(head)):
            con.execute("INSERT INTO stage.asc_quarter VALUES (?, ?, ?)", [kind, year, quarter])


def stage_curated(con: duckdb.DuckDBPyConnection) -> None:
    """The curated tables under the names of their files."""
    for name in CURATED:
        con.execute(f"CREATE TABLE {name} AS {curated_query(name)}")


def stage_factors(con: duckdb.DuckDBPyConnection) -> None:
    """The factor and the ratio that the weights of the release have."""
    con.execute(f"CREATE TABLE release_factor AS {factor_query()}")
    con.execute(f"CREATE TABLE release_ratio AS {ratio_query()}")
