"""What changed between two releases: codes added and removed, limits, dosages, coinsurance, notes."""

from pathlib import Path

from pipeline.release.compared import before_and_after, compared_columns, differing
from pipeline.store.sql import compose_with
from schemas.definitions import load_schedule

HERE = Path(__file__).parent


def drug_limit_change_query(pair: str) -> str:
    """The SELECT of ``drug_limit_change`` for a SELECT of two releases, over ``drug_limit``."""
    tables = load_schedule("asp").tables
    columns = compared_columns(tables["drug_limit"], tables["drug_limit_change"])
    names = {"differing": differing(columns)}
    sides = before_and_after("drug_limit", pair)
    return compose_with(HERE / "drug_limit_change.sql", names, **sides)
