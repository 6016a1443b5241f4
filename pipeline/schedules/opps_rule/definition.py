"""The addenda of the final rule on hospital outpatient departments as the machinery takes them."""

from functools import partial
from pathlib import Path

import duckdb

from pipeline.release.code_system import code_system
from pipeline.release.reconcile import Reconciled, compare
from pipeline.release.schedule import FeeSchedule, Model
from pipeline.schedules import opps_addenda as addenda
from pipeline.schedules.opps_rule.declared import NAME
from pipeline.schedules.opps_rule.identity import identify
from pipeline.schedules.opps_rule.periods import period
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose, compose_with

HERE = Path(__file__).parent
MODEL = HERE / "model"
RECONCILE = HERE / "reconcile"

# The comparisons of the other addenda with Addendum B, by their kind: its name, its SQL.
COMPARISONS = {
    "opps_rule_addendum_e": ("Addendum E = status C of Addendum B", "inpatient_only.sql"),
    "opps_rule_addendum_p": ("Addendum P: rate x offset percent", "device_offset.sql"),
}


def stage(con: duckdb.DuckDBPyConnection, _: Artefact) -> None:
    """What the SELECTs and checks need besides the files."""
    addenda.stage_addenda(con, NAME)


def listed_codes_query(letter: str) -> str:
    """The SELECT of the codes that an addendum lists, over its stage table and ``this_release``."""
    rows = f"SELECT * FROM stage.opps_rule_addendum_{letter}"
    return compose_with(
        MODEL / "listed_codes.sql", {"code_system": code_system("hcpcs_code")}, addendum=rows
    )


def status_indicator_query() -> str:
    """The SELECT of ``opps_status_indicator``."""
    return compose(MODEL / "opps_status_indicator.sql")


def schedule_factor_query() -> str:
    """The SELECT of ``schedule_factor`` over ``stage.addendum_b`` and ``this_release``."""
    return addenda.factor_query(NAME)


def reconcile(con: duckdb.DuckDBPyConnection, read: Artefact) -> list[Reconciled]:
    """Compare the addenda of the release in ``con`` with themselves and with each other."""
    files, release_id = read.facts["loaded_files"], read.facts["release_id"]
    found = addenda.reconcile_addenda(con, read, NAME)
    for kind, (comparison, sql) in COMPARISONS.items():
        if kind in files:
            query = compose(RECONCILE / sql)
            found.append(compare(con, NAME, release_id, comparison, files[kind], query))
    return found


OPPS_RULE = FeeSchedule(
    name=NAME,
    title="Hospital outpatient departments, final rule",
    home=HERE,
    identify=identify,
    period=period,
    model=Model(
        stage=stage,
        tables={
            "opps_rule_code": partial(listed_codes_query, "b"),
            "opps_rule_apc": addenda.apc_query,
            "opps_status_indicator": status_indicator_query,
            "opps_inpatient_only": partial(listed_codes_query, "e"),
            "opps_rank": partial(listed_codes_query, "j"),
            "opps_device_offset": partial(listed_codes_query, "p"),
            "schedule_factor": schedule_factor_query,
        },
        reconcile=reconcile,
        folders=(MODEL, RECONCILE, *addenda.MADE_FROM),
        checks=(addenda.CHECKS,),
    ),
    without={
        "opps_rule_addendum_a": "it has no titles of APCs",
        "opps_rule_addendum_d1": "it does not say what the status indicators mean",
        "opps_rule_addendum_e": "it has no list of inpatient procedures",
        "opps_rule_addendum_j": "it has no ranks",
        "opps_rule_addendum_p": "it has no device offsets",
    },
)
