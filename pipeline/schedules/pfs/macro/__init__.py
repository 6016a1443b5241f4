"""Macros of the warehouse: the first two lines of a file are the call and what it gives."""

from pathlib import Path

from pipeline.store.sql import compose
from schemas.derive import quoted

HERE = Path(__file__).parent

# In the order in which they build on each other.
MACROS = ("release_in_force", "time_units", "critical_care_units", "rvu_on", "payment_on")

# Macros that give one value; the others give a table.
SCALAR_MACROS = ("release_in_force",)


def macro_sql(name: str) -> str:
    """The statements that create a macro and say what it gives."""
    path = HERE / f"{name}.sql"
    lines = path.read_text("utf-8").splitlines()[:2]
    signature, words = (line.removeprefix("-- ") for line in lines)
    kind = "" if name in SCALAR_MACROS else "TABLE"
    body = f"(\n{compose(path)}\n)" if name in SCALAR_MACROS else compose(path)
    return (
        f"CREATE MACRO {signature} AS {kind} {body};\n"
        f"COMMENT ON MACRO {kind} {name} IS {quoted(words)}"
    )
