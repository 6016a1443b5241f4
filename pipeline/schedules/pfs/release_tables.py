"""How the tables of a release of the Physician Fee Schedule follow from its files."""

import re

import duckdb

from pipeline.release.reconcile import Reconciled
from pipeline.release.schedule import Aside, Model
from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.reconcile import HERE as RECONCILE
from pipeline.schedules.pfs.reconcile import reconcile_anes, reconcile_oppscap
from pipeline.store.shelf import Artefact

# "National Anes CF of 20.3178"; from 2026 "Non-Qualifying APM National Anes CF (with ...) of 20.49754"
# and, for another class, "Qualifying APM National ...".
NATIONAL_FACTOR = re.compile(
    r"(?P<before>.*?)\bAnes CF\b(?:\s*\([^)]*\))?\s*of\s+(?P<factor>[0-9]+\.[0-9]+)", re.IGNORECASE
)


def stage(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """Curated tables, the factors that the head of ANES states, and those of the release."""
    tables.load_reference(con)
    stage_anes_head(con, read)
    con.execute(f"CREATE TABLE release_factor AS {tables.release_factor_query()}")


def stage_anes_head(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """The national anesthesia factors that the head of ANES states; the fixed form has none."""
    con.execute(
        "CREATE TABLE stage.anes_header (conversion_factor_class VARCHAR, national_factor DECIMAL(9,6))"
    )
    for stated in NATIONAL_FACTOR.finditer(read.facts["heads"].get("anes", "")):
        row = [_class_of(stated["before"]), stated["factor"]]
        con.execute("INSERT INTO stage.anes_header VALUES (?, ?::VARCHAR::DECIMAL(9,6))", row)


def _class_of(words: str) -> str:
    """The conversion-factor class that words of a head name."""
    if re.search(r"non-?\s?qualifying", words, re.IGNORECASE):
        return "nonqp"
    return "qp" if "qualifying" in words.lower() else "all"


def reconcile(con: duckdb.DuckDBPyConnection, read: Artefact) -> list[Reconciled]:
    """Compare the release in ``con`` with its own OPPSCAP and ANES."""
    files, release_id = read.facts["loaded_files"], read.facts["release_id"]
    reconciled = []
    if {"oppscap", "gpci"} <= files.keys():
        year = read.facts["calendar_year"]
        reconciled.append(reconcile_oppscap(con, release_id, files["oppscap"], year))
    if {"anes", "gpci"} <= files.keys():
        anes = reconcile_anes(con, release_id, files["anes"])
        reconciled += [anes] if anes else []
    return reconciled


MODEL = Model(
    # Nothing may be computed from a file with two factors, so this check comes first.
    first_check="one_conversion_factor",
    stage=stage,
    # What payments are computed from, and what follows from the payments.
    tables={
        "rvu": tables.rvu_query,
        "locality": tables.locality_query,
        "payment_national": tables.payment_national_query,
    },
    later={
        "work_rvu_rank": tables.work_rvu_rank_query,
        "payment_rank": tables.payment_rank_query,
        "code_profile": tables.code_profile_query,
    },
    aside=Aside(
        "payment_locality",
        lambda: tables.payment_locality_query("sorted_locality_rows"),
        words={
            "release_id": "rvu",
            "conversion_factor_class": "payment_national",
            "modifier": "rvu",
            "status_code": "rvu",
            "price_status": "payment_national",
            "mac": "locality",
            "locality_number": "locality",
        },
    ),
    reconcile=reconcile,
    curated=tables.OF_A_RELEASE,
    folders=(tables.MODEL, RECONCILE),
)
