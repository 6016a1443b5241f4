"""What the published warehouse holds, so that nothing of it is ever lost by accident.

A holding is a release (``RVU25D``), a posting of one (``RVU25A@2024-12-23``), a file of one
(``RVU25D/gpci``) or a kind of companion (``zip5``). The sample is no holding: anything real may
take its place.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.command import command, skip_option
from pipeline.errors import MissingReleaseError, exists
from pipeline.publish.swap import Warehouse
from pipeline.read.unproven import file_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A file that has less than this share of its rows left was cut short, or CMS retired very many.
FEWEST_LEFT = 0.95


@dataclass(frozen=True)
class LoadedFile:
    """A file that was loaded, of a posting or, as a companion, of none, and how many of its lines."""

    release_id: str
    posting_id: str
    file_kind: str
    source_file: str
    layout: str
    loaded_count: int

    @property
    def place(self) -> tuple[str, ...]:
        """What a later file has in common that takes its place.

        In another layout as many rows may be another number of lines.
        """
        name = "" if self.release_id else self.source_file
        return self.posting_id, self.file_kind, name, self.layout


def published_holdings(warehouse: Warehouse) -> set[str]:
    """The holdings of the published build."""
    return holdings_from(warehouse, published_files(warehouse))


def holdings_from(warehouse: Warehouse, files: list[LoadedFile] | None) -> set[str]:
    """The holdings of the published build, from its files or, where they are unknown, its manifest."""
    if files is None:
        manifest = warehouse.manifest() or {"is_sample": True, "releases": []}
        listed = [] if manifest["is_sample"] else manifest["releases"]
        return {
            x for release in listed for x in holdings(release["release_id"], release["posting_id"])
        }
    found = set()
    for file in files:
        of_posting = holdings(file.release_id, file.posting_id, [file.file_kind])
        found |= of_posting if file.release_id else {file.file_kind}
    return found


def published_files(warehouse: Warehouse) -> list[LoadedFile] | None:
    """The files that the published build was made from, none of the sample; None without its database.

    So it is too where the database is damaged, or of an earlier version of the program.
    """
    import duckdb

    if not exists(warehouse.database):
        return None
    try:
        with duckdb.connect(str(warehouse.database), read_only=True) as con:
            if con.execute("SELECT is_sample FROM build").fetchall()[0][0]:
                return []
            return loaded_files(con)
    except (duckdb.Error, IndexError):
        return None


def loaded_files(con: "DuckDBPyConnection") -> list[LoadedFile]:
    """The files that a warehouse is made from."""
    columns = ", ".join(LoadedFile.__dataclass_fields__)
    rows = con.execute(f"SELECT {columns} FROM source_file WHERE is_loaded").fetchall()
    return [LoadedFile(*row) for row in rows]


def cut_short(before: Iterable[LoadedFile], now: Iterable[LoadedFile]) -> Iterator[str]:
    """A sentence for each file that is to take the place of one with far more rows."""
    held: dict[tuple[str, ...], int] = {}
    for file in before:
        held[file.place] = held.get(file.place, 0) + file.loaded_count
    left: dict[tuple[str, ...], int] = {}
    names: dict[tuple[str, ...], str] = {}
    for file in now:
        left[file.place] = left.get(file.place, 0) + file.loaded_count
        names[file.place] = file.source_file
    for place, count in left.items():
        if count < FEWEST_LEFT * held.get(place, 0):
            yield (
                f"{names[place]} has {count:,} rows and takes the place of one with {held[place]:,} "
                f"in the published warehouse{f' ({place[0]})' if place[0] else ''}: was it cut "
                "short? If so, bring the whole file back and refresh again"
            )


def holdings(release_id: str, posting_id: str, kinds: Iterable[str] = ()) -> set[str]:
    """The holdings that a posting makes with its files of these kinds."""
    return {release_id, posting_id, *(file_of(release_id, kind) for kind in kinds)}


def refuse_missing(
    held: set[str],
    there: set[str],
    forgotten: tuple[str, ...],
    raw: Path,
    reasons: Iterable[str] = (),
    skip: Iterable[str] = (),
) -> None:
    """Raise MissingReleaseError for holdings that are no longer there and not forgotten.

    ``reasons`` are the sentences of what lies there and could not be read, ``skip`` what was
    left out by name: what is held is let go of with the same names, and else not.
    """
    missing = held - there - set(forgotten)
    # A release that is gone or forgotten stands for its postings and files.
    whole = {name for name in missing if not re.search("[/@]", name)} | set(forgotten)
    named = sorted(name for name in missing if re.split("[/@]", name)[0] not in whole - {name})
    if named:
        skipped = "".join(f" {skip_option(name)}" for name in skip)
        mend = "Leave --skip out or bring it back" if skipped else "Bring it back"
        raise MissingReleaseError(
            f"The warehouse holds {', '.join(named)}, but {raw} no longer does; nothing was changed. "
            + "".join(f"What lies there was not read: {reason} " for reason in reasons)
            + f"{mend} (is a disk not mounted?), or run: {command('forget ' + ' '.join(named))}{skipped}"
        )
