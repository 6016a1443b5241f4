"""What the fee schedules besides the Physician Fee Schedule have to say of a code."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.release.schedule import Answer, Asked


def other_answers(con: "DuckDBPyConnection", asked: "Asked") -> list["Answer"]:
    """The answers of the other schedules that the warehouse holds, where they have the code."""
    from pipeline.schedules.all import SCHEDULES

    held = {name for (name,) in con.execute("SELECT DISTINCT schedule FROM release").fetchall()}
    return [found for one in SCHEDULES if one.name in held and (found := one.answer(con, asked))]
