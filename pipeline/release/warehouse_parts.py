"""The parts of a warehouse: the rows that each artefact has in its tables."""

from collections.abc import Iterable
from functools import partial

from pipeline.read.bundle import hash_of_parts
from pipeline.release import model as release_model
from pipeline.release import read as release_read
from pipeline.release.companion_copies import copies_among
from pipeline.release.history import Posting
from pipeline.release.schedule import FeeSchedule, Model
from pipeline.release.warehouse_inputs import Companion, WarehouseInputs
from pipeline.store import database
from pipeline.store.parts import Part
from pipeline.store.shelf import Artefact
from schemas.derive import quoted

# What each posting has of every schedule, besides the tables of its own.
REPORTS = ("quarantine", "check_result", "check_finding", "reconciliation", "reconciliation_difference")  # fmt: skip


def parts_of(contents: WarehouseInputs, schedules: dict[str, FeeSchedule]) -> list[Part]:
    """What a warehouse of these contents consists of; ``schedules`` by name."""
    found = []
    for posting in contents.postings:
        found += _parts_of_posting(posting, schedules[posting.schedule].model)
    for (table, release_id), artefact in contents.changes.items():
        select = partial(_queries_of, artefact, {table: table})
        found.append(Part(artefact.key, "release_id", release_id, select))
    copies = copies_among(contents.companions)
    for one in contents.companions:
        found.append(_part_of_companion(one, one.artefact.key in copies))
    return found


def _queries_of(artefact: Artefact, names: dict[str, str]) -> dict[str, str]:
    """The rows of an artefact for each table of the warehouse, by what the artefact calls them."""
    return {
        table: f"FROM {database.parquet([artefact.table_path(name)])}"
        for table, name in names.items()
    }


def _part_of_companion(one: Companion, is_copy: bool) -> Part:
    """The rows of a file beside releases; one that says what another one says is only listed."""
    source, _ = one.source_file
    names = {"source_file": "source_file"}
    if is_copy:
        return Part(f"{one.artefact.key} copy", "source_file", source, partial(_as_copy, one))
    if not one.is_unread:
        names["quarantine"] = "quarantine"
        if one.declared.table:
            names[one.declared.table] = one.kind
    return Part(one.artefact.key, "source_file", source, partial(_queries_of, one.artefact, names))


def _as_copy(one: Companion) -> dict[str, str]:
    path = database.parquet([one.artefact.table_path("source_file")])
    return {"source_file": f"SELECT * REPLACE (false AS is_loaded) FROM {path}"}


def _parts_of_posting(posting: Posting, made_by: Model) -> list[Part]:
    """The rows of a posting: where it is in force in main, else in superseded under its id."""
    is_held = posting.is_latest or not made_by.restates_history
    key = hash_of_parts([posting.read.key, posting.model.key, posting.posting_id])
    files = Part(
        f"{key} files", "posting_id", posting.posting_id, partial(_files_of_posting, posting)
    )
    select = partial(_rows_of_posting, posting, made_by.table_names if is_held else ())
    if not is_held:
        key = f"{key} reports of"
    if posting.is_current:
        return [files, Part(f"{key} main", "release_id", posting.release_id, select)]
    return [files, Part(f"{key} superseded", "posting_id", posting.posting_id, select)]


def _files_of_posting(posting: Posting) -> dict[str, str]:
    named = f"SELECT * REPLACE ({quoted(posting.posting_id)} AS posting_id)"
    path = database.parquet([posting.read.table_path("source_file")])
    return {"source_file": f"{named} FROM {path}"}


def _rows_of_posting(posting: Posting, table_names: Iterable[str]) -> dict[str, str]:
    both = (
        (posting.read, release_read.REPORTS),
        (posting.model, (*table_names, *release_model.REPORTS)),
    )
    queries = {}
    for name in (*table_names, *REPORTS):
        paths = [artefact.table_path(name) for artefact, names in both if name in names]
        queries[name] = f"FROM {database.parquet(paths)}"
    if posting.is_current:
        return queries
    named = f"SELECT {quoted(posting.posting_id)} AS posting_id, *"
    return {f"superseded.{name}": f"{named} {query}" for name, query in queries.items()}
