"""Publication: the new database, then the exports, each in one atomic step.

A build is published when ``fee_schedule.duckdb`` and ``exports/current`` both are of it. A run
that was interrupted between the two steps is finished by the next one. The databases of the
last builds stay in ``builds/``, so that a rollback can put one of them in force again.
"""

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.errors import StorageError, exists
from pipeline.publish.published import database_of, left_by_clients
from pipeline.read.bundle import FileStamp
from pipeline.store.files import read_sums, remove, write_sums
from pipeline.store.notes import as_kind, read_note
from pipeline.store.shelf import link_or_copy, sha256_of
from pipeline.store.state import State

MANIFEST = "manifest.json"

# Where exports hold the code browser: the list of its files with their hashes. The manifest has
# this list only, because a site has thousands of files and every refresh reads the manifest.
SITE_LISTING = "site/files.sha256"

# The build in force and the two before it stay, for programs that still read those and for a
# rollback: their exports in exports/ and their databases in builds/.
BUILDS_KEPT = 3


BUILD_ID = re.compile("b[0-9a-f]{16}")

# What the program reads of a manifest.
SHAPE: dict[str, Any] = {
    "build_id": str,
    "is_sample": bool,
    "releases": [
        {"release_id": str, "posting_id": str, "effective_from": str, "effective_to": str}
    ],
    "files": [{"path": str, "sha256": str}],
    "changes": {"previous_build_id": str},
}


def read_manifest(folder: Path) -> dict | None:
    """The manifest in a folder of exports, or None where there is none that is whole.

    Whoever asks again while the file is unchanged gets the same one, and only reads in it.
    """
    # The exports in force lie behind a link: under both names it is one file, and read once.
    path = folder.resolve() / MANIFEST
    try:
        return _manifest(path, stamp_of(path, MANIFEST))
    except TypeError:
        return None


# It grows with the releases, and is asked for a dozen times in a run; that of a new build, too.
@lru_cache(maxsize=BUILDS_KEPT + 1)
def _manifest(path: Path, _: FileStamp | None) -> dict:
    """The manifest in a file with that stamp; TypeError where it is none that is whole."""
    manifest: dict = as_kind(read_note(path, dict), SHAPE)
    named = (manifest["build_id"], manifest["changes"]["previous_build_id"] or manifest["build_id"])
    if not all(map(BUILD_ID.fullmatch, named)):
        raise TypeError(f"{named} are no builds")
    return manifest


def releases_in(manifest: dict | None) -> list[str]:
    """The releases in force that a manifest names."""
    listed = (manifest or {}).get("releases", [])
    return [release["release_id"] for release in listed if release.get("is_current", True)]


def holds_site(manifest: dict | None) -> bool:
    """Whether the exports of a manifest hold the code browser."""
    return any(entry["path"] == SITE_LISTING for entry in (manifest or {}).get("files", []))


@dataclass(frozen=True)
class Warehouse:
    """The places of a warehouse folder."""

    folder: Path

    @property
    def database(self) -> Path:
        """The published database, read-only."""
        return database_of(self.folder)

    @property
    def new_database(self) -> Path:
        """Where the next database is built."""
        return self.folder / ".fee_schedule.duckdb.new"

    @property
    def new_exports(self) -> Path:
        """Where the next exports are written."""
        return self.exports / ".new"

    @property
    def exports(self) -> Path:
        """The folder of the exports of the last builds."""
        return self.folder / "exports"

    @property
    def current(self) -> Path:
        """The symlink to the exports in force."""
        return self.exports / "current"

    @property
    def artefacts(self) -> Path:
        """What came of each input, by key."""
        return self.folder / "artefacts"

    @property
    def builds(self) -> Path:
        """The databases of the last builds; the one in force is the same file as the published."""
        return self.folder / "builds"

    @property
    def state(self) -> Path:
        """What changes from run to run."""
        return self.folder / "state"

    def export_folder(self, build_id: str) -> Path:
        """The exports of one build."""
        return self.exports / build_id

    def kept_database(self, build_id: str) -> Path:
        """The database of one build."""
        return self.builds / f"{build_id}.duckdb"

    def record(self, build_id: str) -> Path:
        """The hashes of the database and the manifest of one build, as sha256sum writes them."""
        return self.builds / f"{build_id}.sha256"

    def recorded_sha256(self, build_id: str) -> str:
        """The hash that the database of a build had when it was published; '' if not known."""
        return read_sums(self.record(build_id)).get(f"{build_id}.duckdb", "")

    def manifest(self) -> dict | None:
        """The manifest of the exports in force, or None where there is none that is whole."""
        return read_manifest(self.current)

    def published_build_id(self) -> str:
        """The build in force, or '' where database and exports are not of one build."""
        manifest = self.manifest()
        if manifest and exists(self.database) and self.database_build_id() == manifest["build_id"]:
            return str(manifest["build_id"])
        return ""

    def database_build_id(self) -> str:
        """The build of the published database, or '' where it cannot be read.

        A database that is unchanged since it was opened last is not opened again.
        """
        known = State(self.state).read_seen()
        if known and known.database == stamp_of(self.database, known.database.name):
            return known.database.name
        return build_id_in(self.database)


def build_id_in(database: Path) -> str:
    """The build that a database is of, or '' where it cannot be read."""
    return _told_by(database, "build_id")


def contract_in(database: Path) -> str:
    """The contract version of a database, or '' where it cannot be read."""
    return _told_by(database, "contract_version")


def _told_by(database: Path, column: str) -> str:
    # Imported here because a refresh with nothing to do needs no DuckDB.
    import duckdb

    stamp = stamp_of(database, str(database))
    try:
        return str(_build_in(stamp)[column]) if stamp and database.is_file() else ""
    except (duckdb.Error, IndexError, KeyError):
        return ""


@lru_cache(maxsize=32)
def _build_in(database: FileStamp) -> dict[str, Any]:
    """What a database says of its build; as long as it is unchanged it is opened once."""
    import duckdb

    from pipeline.store.database import rows_of

    with duckdb.connect(database.name, read_only=True) as con:
        return rows_of(con, "FROM build")[0]


def stamp_of(path: Path | str, name: str) -> FileStamp | None:
    """What tells that a file is unchanged, under a name; None where it is gone."""
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of paths are texts, which cost a tenth
    except OSError:
        return None
    return FileStamp(name, status.st_size, status.st_mtime_ns, status.st_ino)


def discard_unpublished(warehouse: Warehouse) -> None:
    """Remove what a run built and did not publish."""
    for path in (
        *warehouse.folder.glob(".fee_schedule.duckdb.new*"),
        *warehouse.builds.glob(".*.new"),
        *warehouse.exports.glob(".b*.old"),
        warehouse.new_exports,
    ):
        remove(path)


def publish(warehouse: Warehouse, build_id: str, sha256: str) -> None:
    """Put the new database, which has that hash, and then the exports of ``build_id`` in force.

    Whatever may fail is done before the first of the two steps; StorageError where something
    else lies in their way.
    """
    _refuse_in_the_way(warehouse)
    warehouse.new_database.chmod(0o444)
    to_disk(warehouse.new_database)
    _keep_database(warehouse, build_id)
    _record(warehouse, build_id, sha256)
    to_disk(warehouse.export_folder(build_id) / MANIFEST)
    _prepare_symlink(warehouse, build_id)
    # Before, so that no reader sees the log of another database over this one; and after, because
    # a program that still has the other database open may have begun another log.
    _remove_logs(warehouse.database)
    warehouse.new_database.replace(warehouse.database)
    _remove_logs(warehouse.database)
    point_to_exports(warehouse, build_id)
    to_disk(warehouse.folder)


def _refuse_in_the_way(warehouse: Warehouse) -> None:
    for path in (warehouse.database, warehouse.current):
        if path.is_dir() and not path.is_symlink():
            raise StorageError(f"{path} is a folder; move it away. Nothing was changed.")


def _remove_logs(database: Path) -> None:
    for path in left_by_clients(database):
        remove(path)


def _record(warehouse: Warehouse, build_id: str, sha256: str) -> None:
    """Note the hashes of what is to be published, the manifest's among them."""
    folder = warehouse.export_folder(build_id)
    listed = {entry["path"] for entry in (read_manifest(folder) or {"files": []})["files"]}
    hashes = {warehouse.kept_database(build_id).name: sha256}
    for path in folder.iterdir():
        if path.is_file() and path.name not in listed:
            hashes[f"../exports/{build_id}/{path.name}"] = sha256_of(path)
    write_sums(warehouse.record(build_id), hashes)


def _keep_database(warehouse: Warehouse, build_id: str) -> None:
    """Keep the new database under the name of its build, as a second name of the same file."""
    kept = warehouse.kept_database(build_id)
    if kept.exists() and kept.samefile(warehouse.new_database):
        return
    warehouse.builds.mkdir(exist_ok=True)
    beside = kept.with_name(f".{kept.name}.new")
    remove(beside)
    link_or_copy(warehouse.new_database, beside)
    beside.replace(kept)


def point_to_exports(warehouse: Warehouse, build_id: str) -> None:
    """Make ``exports/current`` lead to the exports of a build, in one step."""
    _prepare_symlink(warehouse, build_id).replace(warehouse.current)


def _prepare_symlink(warehouse: Warehouse, build_id: str) -> Path:
    """The symlink that is to take the place of ``exports/current``, made where it is not there."""
    prepared = warehouse.exports / ".current.new"
    if not (prepared.is_symlink() and str(prepared.readlink()) == build_id):
        remove(prepared)
        prepared.symlink_to(build_id, target_is_directory=True)
    return prepared


def finish_publication(warehouse: Warehouse) -> str:
    """Finish what a run left that was killed between the two steps; its build, or ''."""
    build_id = warehouse.database_build_id()
    manifest = warehouse.manifest()
    if not build_id or (manifest and manifest["build_id"] == build_id):
        return ""
    if not read_manifest(warehouse.export_folder(build_id)):
        return ""
    point_to_exports(warehouse, build_id)
    return build_id


def prune(warehouse: Warehouse) -> None:
    """Remove builds before the last three, and nothing that is no build of this program."""
    kept = last_builds(warehouse)
    for path in [*warehouse.builds.iterdir(), *warehouse.exports.iterdir()]:
        build_id = path.name.partition(".")[0]
        if BUILD_ID.fullmatch(build_id) and build_id not in kept:
            remove(path)


def last_builds(warehouse: Warehouse) -> list[str]:
    """The build in force and those before it, as each manifest names the one before.

    Times of files would tell another order after a restored backup or a clock set back.
    """
    kept: list[str] = []
    build_id = (warehouse.manifest() or {}).get("build_id", "")
    while build_id and build_id not in kept and len(kept) < BUILDS_KEPT:
        kept.append(build_id)
        manifest = read_manifest(warehouse.export_folder(build_id)) or {}
        build_id = manifest.get("changes", {}).get("previous_build_id", "")
    return kept


def to_disk(path: Path) -> None:
    """Wait until the disk has what was written to a file or folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
