"""Which postings there are, in what order they became known, and when each is in force.

A posting is one bundle of a release. CMS posts again under the same letter, so that a release
may have several; one of them is in force, and the others stay queryable as superseded.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import duckdb

from pipeline.errors import RefusedError, refuse
from pipeline.read.bundle import RAW_FOLDER, Origin
from pipeline.store import database
from pipeline.store.parts import insert
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose

HERE = Path(__file__).parent

# What a bundle was made into: what was read, what was computed, and where it came from.
Built = tuple[Artefact, Artefact, Origin]


@dataclass
class Posting:
    """One posting: its two artefacts and its row in the table ``release``."""

    read: Artefact
    model: Artefact
    origin: Origin
    row: dict

    @property
    def posting_id(self) -> str:
        """The release and its RELEASED date, numbered where CMS used one date twice."""
        return str(self.row["posting_id"])

    @property
    def release_id(self) -> str:
        """The release that it is of."""
        return str(self.row["release_id"])

    @property
    def schedule(self) -> str:
        """The fee schedule that it is of."""
        return str(self.row["schedule"])

    @property
    def series(self) -> tuple[str, str]:
        """Its schedule, and what it is of where a schedule posts several things side by side."""
        return self.schedule, str(self.row["series"])

    @property
    def is_current(self) -> bool:
        """Whether it is in force; else a later posting has taken its place."""
        return bool(self.row["is_current"])

    @property
    def is_latest(self) -> bool:
        """Whether it is the last of its series that is in force."""
        return bool(self.row["is_latest"])


def order_postings(built: list[Built]) -> tuple[list[Posting], list[dict]]:
    """The postings in the order of their ids, and the rows of ``release_period``.

    Raises RefusedError where nothing tells which of two postings came first.
    """
    for one in built:
        error = tie_of(one, built)
        if error:
            raise error
    with database.in_memory() as con:
        _name_postings(con, [(read, origin) for read, _, origin in built])
        named = database.rows_of(con, "FROM named ORDER BY posting_id")
        periods = database.rows_of(con, compose(HERE / "release_period.sql", postings="FROM named"))
    in_force = {row["posting_id"]: row for row in periods if row["known_to"] == date.max}
    postings = []
    for row in named:
        read, model, origin = built[row["place"]]
        postings.append(Posting(read, model, origin, _release_row(read, row, in_force)))
    _mark_latest(postings)
    return postings, periods


def posting_ids(found: list[tuple[Artefact, Origin]]) -> list[str]:
    """The ids of the postings that bundles are, in their order."""
    with database.in_memory() as con:
        _name_postings(con, found)
        return [x for [x] in con.execute("SELECT posting_id FROM named ORDER BY place").fetchall()]


def _name_postings(con: duckdb.DuckDBPyConnection, found: list[tuple[Artefact, Origin]]) -> None:
    """The table ``named`` with a row for each bundle, ``place`` being the one in ``found``."""
    con.execute(
        "CREATE TABLE posting (place INTEGER, schedule VARCHAR, series VARCHAR, release_id VARCHAR, "
        "released_on DATE, version INTEGER, updated_on DATE, fetched_on DATE, effective_from DATE, "
        "effective_to DATE)"
    )
    rows = []
    for place, (read, origin) in enumerate(found):
        days = [origin.updated_on, origin.fetched_on, *read.facts["period"]]
        rows.append([place, *_posting_of(read), *days])
    insert(con, "posting", rows)
    con.execute(f"CREATE TABLE named AS {compose(HERE / 'posting.sql', postings='FROM posting')}")


# What facts say of which posting a bundle is.
POSTING = ("schedule", "series", "release_id", "released_on", "version")


def _posting_of(read: Artefact) -> list:
    return [read.facts[name] for name in POSTING]


def says_the_same(one: Artefact, other: Artefact) -> bool:
    """Whether two bundles that were read are of one posting, and of each file have the same rows."""
    same_posting = _posting_of(one) == _posting_of(other)
    return same_posting and one.tables_of("stage.") == other.tables_of("stage.")


def tie_of(one: Built, built: list[Built]) -> RefusedError | None:
    """The refusal of a bundle whose posting another one claims to be as well, or None."""
    read, _, origin = one
    for other, _, other_origin in built:
        is_of_release = other.facts["release_id"] == read.facts["release_id"]
        if (
            is_of_release
            and other is not read
            and other_origin == origin
            and _posting_of(other) == _posting_of(read)
        ):
            return refuse(
                read.facts["bundle"] or RAW_FOLDER,
                "posting",
                f"{other.facts['bundle'] or RAW_FOLDER} is {read.facts['release_id']} RELEASED "
                f"{read.facts['released_on'] or 'on no day that it names'} as well, with other "
                "bytes, and nothing tells which of the two is the later",
                advice="Name the re-posted one after the day that CMS gives, as in "
                "rvu25a-updated-01-10-2025, or move the other out.",
            )
    return None


def _release_row(read: Artefact, row: dict, in_force: dict[str, dict]) -> dict:
    facts = read.facts
    period = in_force.get(row["posting_id"], row)
    return {
        "release_id": row["release_id"],
        "posting_id": row["posting_id"],
        "schedule": facts["schedule"],
        "released_on": row["released_on"],
        "known_from": row["known_from"],
        "calendar_year": facts["calendar_year"],
        "effective_from": row["effective_from"],
        "effective_to": period["effective_to"],
        "is_current": row["is_current"],
        "is_latest": False,
        "superseded_by": row["superseded_by"],
        "is_sample": facts["is_sample"],
        "missing_files": facts["missing_files"],
        "title": facts["title"],
        "notice": facts["notice"],
        "bundle": facts["bundle"],
        "content_sha256": facts["content_sha256"],
        "layout_evidence": facts["layout_evidence"],
        "series": facts["series"],
    }


def _mark_latest(postings: list[Posting]) -> None:
    """Of each series the latest release that is in force."""
    for of_series in series_in_force(postings):
        of_series[-1].row["is_latest"] = True


def series_in_force(postings: list[Posting]) -> list[list[Posting]]:
    """The postings in force of each series of a schedule, in the order of their days."""
    current = sorted(
        (posting for posting in postings if posting.is_current),
        key=lambda posting: (*posting.series, posting.row["effective_from"]),
    )
    return [list(group) for _, group in groupby(current, key=lambda posting: posting.series)]
