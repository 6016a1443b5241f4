"""What the pages have of one release, made once: as an artefact every later site takes it over.

It follows from the release, from those before it, and from what other schedules say beside it; a
release that comes after it changes nothing of it. The artefact has its data files
(``kept_files``), and the tables

========  ================================================================================
``run``   the runs of codes that it begins (``code_data``)
``said``  what it says first of rows (``row_data``): ``kind``, ``place``, ``hash``, ``number``
``fee``   what other schedules say beside it (``fees``), where there are any
========  ================================================================================
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from pipeline.read.bundle import hash_of_parts
from pipeline.schedules.pfs.change import compared_code_query
from pipeline.site.code_data import cells_query, runs_query
from pipeline.site.fees import fees_query
from pipeline.site.kept_files import keep, write_table
from pipeline.site.release_data import write_release
from pipeline.site.row_data import states_query, write_states
from pipeline.site.shard import QUERIES, Folder, Scripts, has_table, query, rows
from pipeline.store import database
from pipeline.store.shelf import Artefact, Shelf
from pipeline.store.sql import compose_with
from schemas.derive import quoted

STAGE = "pages"

# What is gathered of the releases, oldest first: a page of one reads what those before it say.
GATHERED = """
CREATE OR REPLACE TEMP TABLE site_said (kind VARCHAR, place BIGINT, hash UBIGINT, number BIGINT);
CREATE OR REPLACE TEMP TABLE site_cell (release_id VARCHAR, hcpcs_code VARCHAR, cells VARCHAR[]);
"""


@dataclass(frozen=True)
class PagesOf:
    """A release that the site has: its number from the oldest on, and whether it has pages itself.

    ``made_from`` is a hash of all that its data files follow from.
    """

    release_id: str
    before: str
    number: int
    is_shown: bool
    made_from: str


def gather(
    con: duckdb.DuckDBPyConnection,
    data: Folder,
    shelf: Shelf,
    made_after: dict[str, str],
    shown: set[str],
) -> Iterator[Artefact]:
    """Yield the artefact of each release, oldest first, made where it is not on the shelf.

    Fills ``site_said`` and, where that is there, ``site_fee`` from them, over ``site_row`` and
    ``site_place_name``. Releases that are not ``shown`` have states only.
    """
    con.execute(GATHERED)
    has_fees = has_table(con, "site_fee")
    waiting: list[Artefact] = []

    def gather_waiting() -> None:
        # Many releases at once take less than half of what they take one after the other.
        for name in ("said", *(["fee"] if has_fees else [])):
            if waiting:
                path = database.parquet([artefact.table_path(name) for artefact in waiting])
                con.execute(f"INSERT INTO site_{name} BY NAME FROM {path}")
        waiting.clear()

    for one in list(_releases(con, shown)):

        def fill(artefact: Artefact, one: PagesOf = one) -> None:
            gather_waiting()
            _fill(con, artefact, data, one, has_fees)

        waiting.append(
            shelf.obtain(one.release_id, STAGE, one.made_from, lambda _: made_after, fill)
        )
        yield waiting[-1]
    gather_waiting()


def _fill(
    con: duckdb.DuckDBPyConnection,
    artefact: Artefact,
    data: Folder,
    one: PagesOf,
    has_fees: bool,
) -> None:
    # What vanished is told by the release after it, and so is no part of these pages.
    near = ", ".join(map(quoted, (one.before, one.release_id)))
    changed = compose_with(
        QUERIES / "code_change.sql",
        {"release": quoted(one.release_id)},
        compared=compared_code_query(f"FROM code_profile WHERE release_id IN ({near})"),
    )
    made = {"change": changed, "state": states_query(one.release_id)}
    if has_fees:
        # Where no other schedule has a release, ambulances have fees by the indices of this one.
        made["release_fee"] = fees_query(one.release_id)
    for name, select in made.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE site_{name} AS {select}")
    _gather_cells(con, one)
    pages = Scripts()
    if one.is_shown:
        write_release(con, pages, one.release_id)
    write_states(con, pages, one.release_id)
    keep(artefact, pages, data)
    runs = runs_query(one.release_id, one.before)
    tables = {
        "run": f"SELECT {one.number} AS number, * FROM ({runs})",
        "said": query("said_first"),
    }
    if has_fees:
        tables["fee"] = "FROM site_release_fee"
    for name, select in tables.items():
        write_table(con, artefact, name, select)
    for name in made:
        con.execute(f"DROP TABLE site_{name}")


def _gather_cells(con: duckdb.DuckDBPyConnection, one: PagesOf) -> None:
    """Have the cells of a release and of the one before in ``site_cell``, which may be there already."""
    con.execute("DELETE FROM site_cell WHERE release_id <> ?", [one.before])
    there = {
        name for (name,) in con.execute("SELECT DISTINCT release_id FROM site_cell").fetchall()
    }
    for name in {one.before, one.release_id} - there - {""}:
        con.execute(f"INSERT INTO site_cell {cells_query(name)}")


def _releases(con: duckdb.DuckDBPyConnection, shown: set[str]) -> Iterator[PagesOf]:
    """The releases that are loaded, oldest first."""
    parts, beside = _parts(con), _beside(con)
    [[places]] = rows(con, "place_digest")
    before, made_from = "", str(places)
    for release_id, _, number in con.execute("FROM numbered_release ORDER BY number").fetchall():
        is_shown = release_id in shown
        names = (release_id, *beside.get(release_id, ()))
        said = [f"{name} {parts.get(name, '')}" for name in names]
        made_from = hash_of_parts([made_from, str(is_shown), *said])
        yield PagesOf(release_id, before, number, is_shown, made_from)
        before = release_id


def _parts(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What each release in force has in the warehouse, as hashes of its artefacts."""
    [[has_parts]] = con.execute(
        "SELECT count(*) > 0 FROM duckdb_tables() WHERE schema_name = 'stage' AND table_name = 'part'"
    ).fetchall()
    return dict(rows(con, "release_part")) if has_parts else {}


def _beside(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The releases of other schedules that answer beside each release."""
    return dict(rows(con, "beside")) if has_table(con, "site_fee_release") else {}
