"""The amounts of one fee schedule held against those of others: CMS's own numbers prove each other.

A comparison is an SQL file in the folder ``across`` of a schedule. Its head says what is compared
(``-- compares: K2 rates = limits``) and with which schedules (``-- with: asp, clfs``; ``asp, every
posting`` where the postings that CMS replaced count, too). Its SELECT gives ``release_id`` (a posting
of its own), ``other_posting_id``, ``part`` (a word behind what is compared where a file has several
parts, else ''), ``record_key``, ``column_name``, ``our_value`` (what follows from the other schedule)
and ``other_value`` (what CMS's file has), and where it can tell why they differ ``known_reason``, over ``$pair``, public tables, in which a posting stands for
its release, and ``$said``, what the other schedule (``$other``) says in its ``fee.sql``.
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
    """One SQL file: its title, the other schedules, and whether each of their postings counts."""

    path: Path
    title: str
    others: tuple[str, ...]
    has_every_posting: bool


def comparisons_of(schedule: FeeSchedule) -> list[Comparison]:
    """What a schedule is compared with."""
    return [_comparison(path) for path in sorted(schedule.across.glob("*.sql"))]


def reconcile_schedules(con: duckdb.DuckDBPyConnection, schedules: Iterable[FeeSchedule]) -> None:
    """Compare every schedule with the others of the same days, and add what comes of it to the tables."""
    schedules = tuple(schedules)
    named = con.execute("SELECT DISTINCT schedule FROM release").fetchall()
    held = {one.name: one for one in schedules if (one.name,) in named}
    for one in held.values():
        for comparison in comparisons_of(one):
            for other in (held[name] for name in comparison.others if name in held):
                _compare(con, one, comparison, other, schedules)
                _note(con, one, comparison)


def made_from(schedules: Iterable[FeeSchedule]) -> list[Path]:
    """The files that all of it follows from."""
    return [HERE, *(x.path for one in schedules for x in comparisons_of(one))]


def _comparison(path: Path) -> Comparison:
    first, second = path.read_text("utf-8").splitlines()[:2]
    others = second.removeprefix("-- with: ")
    return Comparison(
        path,
        first.removeprefix("-- compares: "),
        tuple(others.removesuffix(EVERY_POSTING).split(", ")),
        others.endswith(EVERY_POSTING),
    )


def _compare(
    con: duckdb.DuckDBPyConnection,
    schedule: FeeSchedule,
    comparison: Comparison,
    other: FeeSchedule,
    schedules: Iterable[FeeSchedule],
) -> None:
    """Make the temporary table ``compared`` of every value that a comparison has."""
    sides = {"own": quoted(schedule.name), "other": quoted(other.name)}
    every = {"every": str(comparison.has_every_posting).lower()}
    query = compose_with(
        comparison.path,
        {"other": sides["other"]},
        pair=compose_with(HERE / "pair.sql", sides | every),
        **schedule.composed_selects,
        **({"said": other.fee_query} if other.fee.exists() else {}),
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE compared AS {with_postings(query, schedules)} "
        "UNION ALL BY NAME SELECT '' AS known_reason WHERE false"
    )


def _note(con: duckdb.DuckDBPyConnection, schedule: FeeSchedule, comparison: Comparison) -> None:
    """Count what is in ``compared`` by release, posting of the other schedule and part."""
    differences = rows_of(con, compose(HERE / "difference.sql"))
    for one in rows_of(con, compose(HERE / "compared_count.sql")):
        key = ("release_id", "other_posting_id", "part")
        mine = [x for x in differences if all(x[name] == one[name] for name in key)]
        part = f" {one['part']}" if one["part"] else ""
        found = summarise(
            schedule.name,
            one["release_id"],
            f"{comparison.title}{part} of {one['other_posting_id']}",
            one["other_posting_id"],
            one["compared"],
            [{name: value for name, value in x.items() if name not in key} for x in mine],
        )
        append(con, catalog().tables["reconciliation"], [found.summary])
        append(con, catalog().tables["reconciliation_difference"], found.differences)
