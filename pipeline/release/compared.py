"""Two releases side by side, for the SELECT of what changed between them."""

from collections.abc import Iterable

from schemas.definitions import Column, Table
from schemas.derive import quoted


def before_and_after(table: str, pair: str) -> dict[str, str]:
    """The parts of a SELECT of changes: ``pair``, and the rows of a table in both of its releases.

    Either side has the ``release_id`` of the later one, so that a row of ``before`` meets its
    successor in ``after`` by the key of the table.
    """
    before = (
        f"SELECT pair.release_id, {table}.* EXCLUDE (release_id) FROM {table} "
        f"JOIN ({pair}) AS pair ON {table}.release_id = pair.previous_release_id"
    )
    after = f"SELECT {table}.* FROM {table} JOIN ({pair}) AS pair USING (release_id)"
    return {"pair": pair, "before": before, "after": after}


def compared_columns(table: Table, change: Table, told: Iterable[str] = ()) -> list[Column]:
    """The columns of a table that are compared: all but its key and what the schema leaves out.

    ``told`` are those that the SELECT of the changes compares by itself.
    """
    left_out = {*table.key, *told, *(name for name, _ in change.leaves_out)}
    return [column for column in table.columns if column.name not in left_out]


def differing(columns: Iterable[Column]) -> str:
    """The names of those columns that differ between ``before`` and ``after``, as one text."""
    named = (
        f"if(before.{x.name} is distinct from after.{x.name}, {quoted(x.name)}, null)"
        for x in columns
    )
    return f"concat_ws(',', {', '.join(named)})"
