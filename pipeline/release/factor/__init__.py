"""The factor by which weights become rates: derived from a release, held against the published one.

Hospital outpatient services and surgical centers are paid so. ``schedule_factor`` is a table of the
model of each such schedule.
"""

from pathlib import Path

from pipeline.store.database import csv_query
from pipeline.store.sql import compose_with
from schemas.definitions import COMMON

HERE = Path(__file__).parent
CURATED = COMMON / "reference" / "schedule_factor.csv"
TYPES = {"effective_from": "DATE", "effective_to": "DATE", "factor": "DECIMAL(9,3)"}

# What a model with the table follows from, besides its own SQL.
MADE_FROM = (HERE, CURATED)


def schedule_factor_query(schedule: str, program: str, weights: str) -> str:
    """The SELECT of ``schedule_factor`` over ``this_release``.

    ``weights`` is a SELECT of ``weight`` and ``rate``, ``program`` the one of the curated factors. It
    gives no row where nothing has a weight and a rate.
    """
    names = {"schedule": schedule, "program": program}
    parts = {"weights": weights, "curated": csv_query(CURATED, TYPES)}
    return compose_with(HERE / "schedule_factor.sql", names, **parts)
