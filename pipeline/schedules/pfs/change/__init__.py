"""What changed between releases: codes, status, values, payments, and why a payment changed."""

from pathlib import Path

from pipeline.release.compared import compared_columns, differing
from pipeline.schedules.pfs import tables
from pipeline.schedules.pfs.declared import schedule
from pipeline.store.sql import compose, compose_with
from schemas.definitions import Column

HERE = Path(__file__).parent


def rvu_change_query(pairs: str) -> str:
    """The SELECT of ``rvu_change`` for a SELECT of pairs, over ``rvu`` and ``payment_national``."""
    sides = compose(HERE / "sides.sql")
    places = compose(HERE / "national_places.sql", pairs=pairs)
    split = _split(pairs, sides, places)
    others = [x for x in rvu_columns() if x.name != "status_code" and not is_value(x)]
    names = {
        "differing_values": differing(x for x in rvu_columns() if is_value(x)),
        "differing_indicators": differing(others),
    }
    return compose_with(HERE / "rvu_change.sql", names, pairs=pairs, sides=sides, split=split)


def rvu_columns() -> list[Column]:
    """The columns of ``rvu`` that are compared: all that the schema does not leave out."""
    declared = schedule().tables
    return compared_columns(declared["rvu"], declared["rvu_change"])


def is_value(column: Column) -> bool:
    """Whether a code is revalued where a column of ``rvu`` changes."""
    return column.unit == "relative value units"


def payment_locality_change_query(pairs: str = "") -> str:
    """The SELECT of ``payment_locality_change`` for a SELECT of pairs, or for all neighbours."""
    pairs = pairs or compose(HERE / "consecutive_pairs.sql")
    sides = compose(HERE / "sides.sql")
    return _split(pairs, sides, compose(HERE / "locality_places.sql", pairs=pairs))


def rvu_value_change_query(changes: str = "FROM rvu_change") -> str:
    """The SELECT of ``rvu_value_change`` over ``rvu`` and a SELECT shaped as ``rvu_change``."""
    named = {f"value_{side}": _named_value(side) for side in ("before", "after")}
    return compose_with(HERE / "rvu_value_change.sql", named, changes=changes)


def _named_value(side: str) -> str:
    """The value, as text, of the column that ``changed.column_name`` names."""
    cases = " ".join(f"WHEN '{x.name}' THEN {side}.{x.name}::VARCHAR" for x in rvu_columns())
    return f"CASE changed.column_name {cases} END"


def code_history_query() -> str:
    """The SELECT of ``code_history`` over ``code_profile``, ``release`` and ``rvu_change``."""
    return compose(HERE / "code_history.sql", compared=compared_code_query())


def compared_code_query(profiles: str = "FROM code_profile") -> str:
    """The SELECT of each code beside the releases before and after, over the same tables.

    Each of its rows follows from those releases alone: ``profiles`` selects the rows of
    ``code_profile`` where fewer are enough.
    """
    return compose(HERE / "compared_code.sql", profiles=profiles)


def _split(pairs: str, sides: str, places: str) -> str:
    corners = compose(HERE / "corners.sql", pairs=pairs, sides=sides, places=places)
    return compose(HERE / "split.sql", formula=tables.exact_amounts(corners))
