"""The Ambulance Fee Schedule as the machinery takes it.

Without a file its fees follow from the indices that releases of the Physician Fee Schedule have: a
view over public tables, so that every release and posting that is held has its own and nothing is
stored twice. What the formula needs besides is curated. CMS's file is a release like any other, and
where one is held its amounts stand in place of those of the formula and are compared with them.
"""

from functools import partial
from pathlib import Path

from pipeline.release.schedule import Connection, FeeSchedule, Model, Whole
from pipeline.schedules.ambulance.declared import NAME, schedule
from pipeline.schedules.ambulance.identity import identify
from pipeline.schedules.ambulance.periods import period
from pipeline.schedules.ambulance.rule import rules_of
from pipeline.store.database import csv_query
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose, compose_with
from schemas.definitions import read_reference

HERE = Path(__file__).parent
MODEL = HERE / "model"

# Curated tables and their columns that are not text.
CURATED = {
    "ambulance_rvu": {"rvu": "DECIMAL(5,2)"},
    "ambulance_factor": {
        "calendar_year": "SMALLINT",
        "base_factor": "DECIMAL(9,2)",
        "mileage_rate": "DECIMAL(9,2)",
    },
    "ambulance_rule": {
        "value": "DECIMAL(5,3)",
        "first_year": "SMALLINT",
        "last_year": "SMALLINT",
        "is_provisional": "BOOLEAN",
    },
}


def reference_query(name: str) -> str:
    """The SELECT of a curated table."""
    return csv_query(schedule().reference_file(name), CURATED[name])


def formula_query() -> str:
    """The SELECT of the fees by formula, of every release that has localities."""
    rows = read_reference(schedule().reference_file("ambulance_rule"))
    return compose_with(MODEL / "formula.sql", {row["rule"]: _in_its_years(row) for row in rows})


def _in_its_years(rule: dict[str, str]) -> str:
    """The factor of a rule as SQL, NULL in a year for which it is not known to hold."""
    value, first, last = rule["value"], rule["first_year"], rule["last_year"] or "9999"
    in_force = f"place.calendar_year between {first} and {last}"
    return f"(case when {in_force} then cast({value} as decimal(5, 3)) end)"


def ambulance_fee_query() -> str:
    """The SELECT of ``ambulance_fee``: the amounts of CMS's file, and of other years by formula."""
    return compose(MODEL / "ambulance_fee.sql", formula=formula_query())


def ambulance_file_fee_query() -> str:
    """The SELECT of ``ambulance_file_fee`` over ``stage.afs`` and ``this_release``."""
    return compose(MODEL / "ambulance_file_fee.sql")


def stage(con: Connection, _: Artefact) -> None:
    """What the checks need besides the file."""
    con.execute(f"CREATE TABLE ambulance_rvu AS {reference_query('ambulance_rvu')}")


def create_views(con: Connection) -> None:
    """The view of all fees."""
    con.execute(f"CREATE VIEW ambulance_fee AS {ambulance_fee_query()}")


AMBULANCE = FeeSchedule(
    name=NAME,
    title="Ambulance Fee Schedule",
    home=HERE,
    identify=identify,
    period=period,
    rules=rules_of,
    selects={"ambulance_fee": ambulance_fee_query, "formula": formula_query},
    model=Model(
        tables={"ambulance_file_fee": ambulance_file_fee_query},
        stage=stage,
        curated=("ambulance_rvu",),
        folders=(MODEL,),
    ),
    whole=Whole(
        curated={name: partial(reference_query, name) for name in CURATED},
        views=create_views,
        made_from=lambda: [MODEL, *(schedule().reference_file(name) for name in CURATED)],
    ),
)
