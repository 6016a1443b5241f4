"""Macros of the warehouse: the first two lines of a file are the call and what it gives."""

from pathlib import Path

from pipeline.store.sql import macro_sql

HERE = Path(__file__).parent

# In the order in which they build on each other.
MACROS = ("release_in_force", "time_units", "critical_care_units", "rvu_on", "payment_on")

# Macros that give one value; the others give a table.
SCALAR_MACROS = ("release_in_force",)


def macro_statements(name: str) -> str:
    """The statements that create a macro and say what it gives."""
    return macro_sql(HERE / f"{name}.sql", name in SCALAR_MACROS)
