"""What the published warehouse holds, so that nothing of it is ever lost by accident.

A holding is a release (``RVU25D``), a posting of one (``RVU25A@2024-12-23``), a file of one
(``RVU25D/gpci``) or a kind of companion (``zip5``). The sample is no holding: anything real may
take its place.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.command import command
from pipeline.errors import MissingReleaseError
from pipeline.publish.swap import Warehouse
from pipeline.read.unproven import file_of


def published_holdings(warehouse: Warehouse) -> set[str]:
    """The holdings of the published build, from its database or, without one, its manifest."""
    import duckdb

    manifest = warehouse.manifest() or {"is_sample": True, "releases": []}
    listed = [] if manifest["is_sample"] else manifest["releases"]
    found = {
        x for release in listed for x in holdings(release["release_id"], release["posting_id"])
    }
    if not warehouse.database.exists():
        return found
    try:
        with duckdb.connect(str(warehouse.database), read_only=True) as con:
            if con.sql("SELECT is_sample FROM build").fetchall()[0][0]:
                return set()
            files = con.sql(
                "SELECT release_id, posting_id, file_kind FROM source_file WHERE is_loaded"
            ).fetchall()
    except (duckdb.Error, IndexError):
        # Damaged, or of an earlier version of the program.
        return found
    for release_id, posting_id, kind in files:
        found |= holdings(release_id, posting_id, [kind]) if release_id else {kind}
    return found


def holdings(release_id: str, posting_id: str, kinds: Iterable[str] = ()) -> set[str]:
    """The holdings that a posting makes with its files of these kinds."""
    return {release_id, posting_id, *(file_of(release_id, kind) for kind in kinds)}


def refuse_missing(
    held: set[str],
    there: set[str],
    forgotten: tuple[str, ...],
    raw: Path,
    reasons: Iterable[str] = (),
) -> None:
    """Raise MissingReleaseError for holdings that are no longer there and not forgotten.

    ``reasons`` are the sentences of what lies there and could not be read.
    """
    missing = held - there - set(forgotten)
    # A release that is gone or forgotten stands for its postings and files.
    whole = {name for name in missing if not re.search("[/@]", name)} | set(forgotten)
    named = sorted(name for name in missing if re.split("[/@]", name)[0] not in whole - {name})
    if named:
        raise MissingReleaseError(
            f"The warehouse holds {', '.join(named)}, but {raw} no longer does; nothing was changed. "
            + "".join(f"What lies there was not read: {reason} " for reason in reasons)
            + f"Bring it back (is a disk not mounted?), or run: {command('forget')} {' '.join(named)}"
        )
