"""Whether what readers see is what was published: told by size, time and inode, or by every byte.

The hashes of a build stand in ``builds/BUILD.sha256`` (its database and its manifest) and in its
manifest (every exported file). Bytes are read where a stamp is not the one that was noted when
they were last known to be right, and for ``--verify``.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.publish.published import left_by_clients
from pipeline.publish.swap import (
    SITE_LISTING,
    Warehouse,
    build_id_in,
    discard_unpublished,
    last_builds,
    publish,
    read_manifest,
    stamp_of,
)
from pipeline.store.files import read_sums, remove
from pipeline.store.shelf import link_or_copy, sha256_of
from pipeline.store.state import Seen, State


def damage(warehouse: Warehouse, by_hash: bool = False) -> list[str]:
    """A phrase for each thing that is not as it was published; none where nothing is published.

    ``by_hash`` reads every byte, whatever the stamps say.
    """
    found = [
        f"{path.name} lies beside the database: a program that opened it without -readonly left it"
        for path in left_by_clients(warehouse.database)
    ]
    build_id = warehouse.published_build_id()
    if not build_id:
        return found
    known, now = State(warehouse.state).read_seen(), _seen(warehouse, build_id)
    if by_hash or known is None or now is None or known.database != now.database:
        found += _of_database(warehouse.database, warehouse.recorded_sha256(build_id))
    if by_hash or known is None or now is None or known.exports != now.exports:
        found += _of_exports(warehouse, build_id)
    return found


def note_seen(warehouse: Warehouse) -> None:
    """Note the stamps of what is published, of which every byte is known to be right."""
    build_id = warehouse.published_build_id()
    seen = _seen(warehouse, build_id) if build_id else None
    if seen and seen != State(warehouse.state).read_seen():
        State(warehouse.state).write_seen(seen)


def publish_again(warehouse: Warehouse, build_id: str) -> bool:
    """Put a build that is kept in force again; False where it is not kept whole."""
    if not _is_kept_whole(warehouse, build_id):
        return False
    discard_unpublished(warehouse)
    kept = warehouse.kept_database(build_id)
    link_or_copy(kept, warehouse.new_database)
    # A build of before hashes were recorded gets its own now.
    publish(warehouse, build_id, warehouse.recorded_sha256(build_id) or sha256_of(kept))
    return True


def _is_kept_whole(warehouse: Warehouse, build_id: str) -> bool:
    kept = warehouse.kept_database(build_id)
    manifest = read_manifest(warehouse.export_folder(build_id))
    if not manifest or manifest["build_id"] != build_id or build_id_in(kept) != build_id:
        return False
    recorded = warehouse.recorded_sha256(build_id)
    return not _of_database(kept, recorded) and not _of_exports(warehouse, build_id)


def mend_kept(warehouse: Warehouse) -> list[str]:
    """Mend the builds that are kept for a rollback; a phrase for each that cannot be.

    Exported files are links that builds share, so that the build in force, which is whole, may
    have the bytes that another lost. A build that stays damaged is removed.
    """
    in_force, *others = last_builds(warehouse) or [""]
    whole = _hashes(warehouse.export_folder(in_force)) if in_force else {}
    twins = {digest: path for path, digest in whole.items()}
    lost = []
    for build_id in others:
        for path, digest in _changed(_hashes(warehouse.export_folder(build_id))):
            if digest in twins:
                remove(path)
                link_or_copy(twins[digest], path)
        if not _is_kept_whole(warehouse, build_id):
            lost.append(
                f"build {build_id}, kept for a rollback, is no longer whole: it was removed"
            )
            for path in (warehouse.kept_database(build_id), warehouse.export_folder(build_id)):
                remove(path)
            remove(warehouse.record(build_id))
    return lost


def _seen(warehouse: Warehouse, build_id: str) -> Seen | None:
    database = stamp_of(warehouse.database, build_id)
    folder = warehouse.current.resolve()
    digest = hashlib.sha256()
    manifest = read_manifest(folder) or {"files": []}
    listed = [entry["path"] for entry in manifest["files"]]
    # The pages of a site are thousands: their list stands for them.
    for name in (*sorted(x.name for x in folder.iterdir() if x.is_file()), *listed):
        digest.update(repr(stamp_of(f"{folder}{os.sep}{name}", name)).encode())
    return Seen(database, digest.hexdigest()) if database else None


def _listed(folder: Path) -> dict[Path, str]:
    """The hash of every file that the manifest of a folder lists, by its path."""
    manifest = read_manifest(folder) or {"files": []}
    return {folder / entry["path"]: entry["sha256"] for entry in manifest["files"]}


def _hashes(folder: Path) -> dict[Path, str]:
    """The hash that every file of exports must have, by its path; pages of a site among them."""
    listing = folder / SITE_LISTING
    pages = {listing.parent / name: digest for name, digest in read_sums(listing).items()}
    return _listed(folder) | pages


def _changed(hashes: dict[Path, str]) -> Iterator[tuple[Path, str]]:
    for path, digest in hashes.items():
        try:
            is_right = sha256_of(path) == digest
        except OSError:
            is_right = False
        if not is_right:
            yield path, digest


def _of_database(database: Path, recorded: str) -> list[str]:
    # A build of before hashes were recorded is taken as it is.
    changed = _changed({database: recorded}) if recorded else ()
    return [f"{path.name} {_what(path)}" for path, _ in changed]


def _of_exports(warehouse: Warehouse, build_id: str) -> list[str]:
    folder = warehouse.export_folder(build_id)
    recorded = read_sums(warehouse.record(build_id))
    about = {
        folder / Path(name).name: digest
        for name, digest in recorded.items()
        if name.startswith("../")
    }
    changed = _changed(about | _hashes(folder))
    return [f"{path.relative_to(warehouse.folder)} {_what(path)}" for path, _ in changed]


def _what(path: Path) -> str:
    return "is not what was published" if path.exists() else "is gone"
