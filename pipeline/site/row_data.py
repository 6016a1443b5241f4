"""What every release says of every row of ``rvu``, for the page that compares any two releases.

A code by itself is a row, and so is a code with a modifier. The rows are written once; what a release
says of them is written in their order: its states, from which follows what kind of change a row has
between any two releases, and apart from them the amounts, which only the list of changes needs.
"""

import duckdb

from pipeline.schedules.pfs.change import is_value, rvu_columns
from pipeline.site.search import short_codes
from pipeline.site.shard import QUERIES, DataFiles, entries
from pipeline.store.sql import compose_with
from schemas.derive import identifier, quoted

STATES = (
    "status_code", "value_state", "indicator_state", "payment_state", "description_state",
)  # fmt: skip


def write_rows(con: duckdb.DuckDBPyConnection, data: DataFiles) -> None:
    """Write the rows of ``site_row``."""
    data.write("rows", _rows(con))


def write_states(con: duckdb.DuckDBPyConnection, data: DataFiles, release_id: str) -> None:
    """Write the states and amounts of a release, out of ``site_row`` and ``site_state``."""
    [told] = entries(con, "release_row", release_id=release_id)
    data.write(f"states/{release_id}", {name: told.pop(name) for name in STATES})
    data.write(f"amounts/{release_id}", told)


def _rows(con: duckdb.DuckDBPyConnection) -> dict:
    """A line for each row; its section is written where it is another than of the row before."""
    found = con.execute(
        "SELECT hcpcs_code, modifier, section FROM site_row ORDER BY place"
    ).fetchall()
    sections = sorted({section for *_, section in found})
    lines, before = [], None
    for short, (_, modifier, section) in zip(
        short_codes([code for code, *_ in found]), found, strict=True
    ):
        number = "" if section == before else str(sections.index(section))
        lines.append("\t".join([short, modifier, number]).rstrip("\t"))
        before = section
    return {"sections": sections, "lines": "\n".join(lines)}


def states_query(release_id: str) -> str:
    """The SELECT of ``site_state``, the states of a release, over ``site_row`` and ``site_said``."""
    told = {"status_code", "description"}
    columns = [column for column in rvu_columns() if column.name not in told]
    listed = {
        name: ", ".join(
            f"cast(rvu.{identifier(x.name)} as varchar)"
            for x in columns
            if is_value(x) == of_values
        )
        for name, of_values in (("values", True), ("indicators", False))
    }
    return compose_with(QUERIES / "row_state.sql", {"release": quoted(release_id), **listed})
