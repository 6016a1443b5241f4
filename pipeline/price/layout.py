"""Claim lines as users have them, brought into the declared layout.

Nothing is dropped here: a value that cannot be read leaves NULL in its column and the column's
name in ``unreadable``, so that the line is priced as refused.
"""

from collections.abc import Mapping

from pipeline.errors import UsageError
from pipeline.pfs.identify import schedule
from schemas.definitions import Column

REQUIRED = (
    "claim_id", "claim_line_number", "date_of_service", "hcpcs_code", "units", "place_of_service",
)  # fmt: skip

# What a column that is left out, or a value that is left blank, stands for.
DEFAULTS = {"provider_kind": "'physician'", "is_participating": "true", "is_apm_qualified": "false"}


def columns() -> tuple[Column, ...]:
    """The columns of a file of claim lines."""
    return schedule().tables["price.claim_line"].columns


def unknown_columns(found: Mapping[str, str]) -> list[str]:
    """The columns of a file that pricing does not read."""
    known = {column.name for column in columns()}
    return [name for name in found if name not in known]


def incoming_query(found: Mapping[str, str], source: str, line_id: str) -> str:
    """The SELECT of ``incoming_line`` over ``source``, which has the columns and types ``found``.

    ``line_id`` is an expression that numbers the lines. Raises UsageError where a column that no
    line can do without is missing.
    """
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise UsageError(
            f"The file of claim lines has no column {', '.join(missing)}; it has: {', '.join(found)}."
        )
    selected = [f"{_value(column, found)} as {column.name}" for column in columns()]
    unreadable = [x for column in columns() if (x := _unreadable(column, found))]
    faults = "case " + " ".join(unreadable) + " else '' end" if unreadable else "''"
    listed = ",\n  ".join([f"{line_id} as line_id", *selected, f"{faults} as unreadable"])
    return f"select\n  {listed}\nfrom {source}"


def _value(column: Column, found: Mapping[str, str]) -> str:
    default = DEFAULTS.get(column.name, "''" if column.type == "VARCHAR" else "")
    if column.name not in found:
        return default or f"cast(null as {column.type})"
    if column.type == "VARCHAR":
        text = column.name if found[column.name] == "VARCHAR" else f"cast({column.name} as varchar)"
        return (
            f"coalesce(nullif({text}, ''), {default})"
            if default != "''"
            else f"coalesce({text}, '')"
        )
    value = column.name if found[column.name] == column.type else _cast(column)
    return f"coalesce({value}, {default})" if default else value


def _cast(column: Column) -> str:
    return f"try_cast({column.name} as {column.type})"


def _unreadable(column: Column, found: Mapping[str, str]) -> str:
    if column.type == "VARCHAR" or found.get(column.name) in (None, column.type):
        return ""
    blank = f"coalesce(cast({column.name} as varchar), '') = ''"
    return f"when {_cast(column)} is null and not ({blank}) then '{column.name}'"
