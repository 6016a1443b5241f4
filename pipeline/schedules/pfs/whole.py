"""What spans the releases of the Physician Fee Schedule: curated tables, views, comparisons."""

from functools import partial
from pathlib import Path

import duckdb

from pipeline.release.schedule import Whole
from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.change import HERE as CHANGE
from pipeline.schedules.pfs.change import (
    code_history_query,
    payment_locality_change_query,
    rvu_value_change_query,
)
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.guide import (
    ANNOTATIONS,
    CURATED,
    RULES,
    fill_rules,
    hold_against_releases,
)
from pipeline.schedules.pfs.macro import HERE as MACRO
from pipeline.schedules.pfs.macro import MACROS, macro_statements
from pipeline.schedules.pfs.reconcile import HERE as RECONCILE
from pipeline.schedules.pfs.reconcile.companion import reconcile_companions
from pipeline.schedules.pfs.sentences import english_query

VIEWS = tables.HERE / "view"

# Curated tables that are public as they are.
FROM_REFERENCE = (
    "conversion_factor", "code_section", "indicator_value", "price_status", "pricing_rule", "place_of_service",
    "modifier", "modifier_effect", "multiple_procedure_factor", "global_test_part", "anesthesia_without_time", "sentence",
    "anesthesia_add_on", "provider_kind", "modifier_factor", "ct_code", "place_of_service_date",
    "preventive_service", "patient_share", "part_b_deductible", "sequestration",
)  # fmt: skip


def made_from() -> list[Path]:
    """The folders and files that the warehouse follows from, besides its artefacts."""
    curated = [schedule().reference_file(name) for name in (*tables.REFERENCE, *RULES)]
    curated += sorted(ANNOTATIONS.rglob("*.yaml"))
    return [MACRO, CURATED, tables.MODEL, CHANGE, RECONCILE, *curated]


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """The views that are put together from several files."""
    con.execute(f"CREATE VIEW payment_locality AS {tables.payment_locality_query()}")
    con.execute(f"CREATE VIEW payment_locality_change AS {payment_locality_change_query()}")
    con.execute(f"CREATE VIEW rvu_value_change AS {rvu_value_change_query()}")
    con.execute(f"CREATE VIEW code_history AS {code_history_query()}")
    con.execute(f"CREATE VIEW code_sentence AS {english_query()}")
    con.execute(f"CREATE VIEW superseded.payment_locality AS {_superseded_payment_locality()}")


def create_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Every macro, each of which asks a view."""
    for name in MACROS:
        con.execute(macro_statements(name))


def _superseded_payment_locality() -> str:
    """The same SELECT over the superseded tables, where a posting stands for its release."""
    parts = ", ".join(
        f"{name} AS (SELECT * EXCLUDE (posting_id) REPLACE (posting_id AS release_id) "
        f"FROM superseded.{name})"
        for name in ("rvu", "payment_national", "locality")
    )
    return (
        f"WITH {parts} SELECT release_id AS posting_id, "
        "* REPLACE (split_part(release_id, '@', 1) AS release_id) "
        f"FROM (\n{tables.payment_locality_query()}\n)"
    )


WHOLE = Whole(
    curated={name: partial(tables.reference_query, name) for name in FROM_REFERENCE},
    fill=fill_rules,
    views=create_views,
    macros=create_macros,
    hold=hold_against_releases,
    reconcile=reconcile_companions,
    made_from=made_from,
)
