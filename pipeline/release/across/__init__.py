"""The amounts of one fee schedule held against those of another: CMS's own numbers prove each other.

A comparison is an SQL file in the folder ``across`` of a schedule. Its head says what is compared
(``-- compares: K2 rates = limits``) and with which schedule (``-- with: asp``; ``asp, every posting``
where the ones that CMS replaced count, too). The SELECT gives ``release_id`` (a posting of its own),
``other_posting_id``, ``record_key``, ``column_name``, ``our_value`` (what follows from the other
schedule), ``other_value`` (what CMS's file has) and ``known_reason`` over ``$pair`` and public
tables, in which a posting stands for its release.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.release.postings import with_postings
from pipeline.release.reconcile import summarise
from pipeline.release.schedule import FeeSchedule
from pipeline.store.database import rows_of
from pipeline.store.parts import append
from pipeline.store.sql import compose, compose_with
from schemas.definitions import catalog
from schemas.derive import quoted

HERE = Path(__file__).parent
EVERY_POSTING = ", every posting"


@dataclass(frozen=True)
class Comparison:
    """One SQL file: its title, the other schedule, and whether each of its postings counts."""

    path: Path
    title: str
    other: str
    has_every_posting: bool


def comparisons_of(schedule: FeeSchedule) -> list[Comparison]:
    """What a schedule is compared with."""
    return [_comparison(path) for path in sorted(schedule.across.glob("*.sql"))]


def reconcile_schedules(con: duckdb.DuckDBPyConnection, schedules: Iterable[FeeSchedule]) -> None:
    """Compare every schedule with the others of the same days, and add what comes of it to the tables."""
    held = {name for (name,) in con.execute("SELECT DISTINCT schedule FROM release").fetchall()}
    schedules = tuple(schedules)
    for one in schedules:
        for comparison in comparisons_of(one):
            if {one.name, comparison.other} <= held:
                _reconcile(con, one, comparison, schedules)


def made_from(schedules: Iterable[FeeSchedule]) -> list[Path]:
    """The files that all of it follows from."""
    return [HERE, *(x.path for one in schedules for x in comparisons_of(one))]


def _comparison(path: Path) -> Comparison:
    first, second = path.read_text("utf-8").splitlines()[:2]
    other = second.removeprefix("-- with: ")
    every = other.endswith(EVERY_POSTING)
    return Comparison(
        path, first.removeprefix("-- compares: "), other.removesuffix(EVERY_POSTING), every
    )


def _reconcile(
    con: duckdb.DuckDBPyConnection,
    schedule: FeeSchedule,
    comparison: Comparison,
    schedules: Iterable[FeeSchedule],
) -> None:
    sides = {
        "own": quoted(schedule.name),
        "other": quoted(comparison.other),
        "every": str(comparison.has_every_posting).lower(),
    }
    pair = compose_with(HERE / "pair.sql", sides)
    query = with_postings(compose(comparison.path, pair=pair), schedules)
    con.execute(f"CREATE OR REPLACE TEMP TABLE compared AS {query}")
    pairs = rows_of(
        con,
        f"SELECT pair.release_id, pair.other_posting_id, count(compared.record_key) AS compared "
        f"FROM ({pair}) AS pair JOIN compared ON compared.release_id = pair.posting_id "
        "AND compared.other_posting_id = pair.other_posting_id GROUP BY ALL ORDER BY ALL",
    )
    for one in pairs:
        differences = rows_of(
            con,
            "SELECT record_key, column_name, coalesce(our_value::VARCHAR, '') AS our_value, "
            "coalesce(other_value::VARCHAR, '') AS other_value, known_reason FROM compared "
            "JOIN release ON release.posting_id = compared.release_id "
            "WHERE release.release_id = $release_id AND other_posting_id = $posting_id "
            "AND our_value IS DISTINCT FROM other_value ORDER BY ALL",
            {"release_id": one["release_id"], "posting_id": one["other_posting_id"]},
        )
        found = summarise(
            schedule.name,
            one["release_id"],
            f"{comparison.title} of {one['other_posting_id']}",
            one["other_posting_id"],
            one["compared"],
            differences,
        )
        append(con, catalog().tables["reconciliation"], [found.summary])
        append(con, catalog().tables["reconciliation_difference"], found.differences)
