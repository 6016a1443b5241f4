"""Publication: the new database, then the exports, each in one atomic step.

A build is published when ``fee_schedule.duckdb`` and ``exports/current`` both are of it. A run
that was interrupted between the two steps is finished by the next one.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "manifest.json"

# The build in force and the two before it stay, for programs that still read those.
BUILDS_KEPT = 3


def read_manifest(folder: Path) -> dict | None:
    """The manifest in a folder of exports, or None where there is none that is whole."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    needed = {"build_id", "is_sample", "releases", "files", "changes"}
    return manifest if isinstance(manifest, dict) and needed <= manifest.keys() else None


@dataclass(frozen=True)
class Warehouse:
    """The places of a warehouse folder."""

    folder: Path

    @property
    def database(self) -> Path:
        """The published database, read-only."""
        return self.folder / "fee_schedule.duckdb"

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
    def state(self) -> Path:
        """What changes from run to run."""
        return self.folder / "state"

    def export_folder(self, build_id: str) -> Path:
        """The exports of one build."""
        return self.exports / build_id

    def manifest(self) -> dict | None:
        """The manifest of the exports in force, or None where there is none that is whole."""
        return read_manifest(self.current)

    def published_build_id(self) -> str:
        """The build in force, or '' where database and exports are not of one build."""
        manifest = self.manifest()
        if manifest and self.database.exists() and self.database_build_id() == manifest["build_id"]:
            return str(manifest["build_id"])
        return ""

    def database_build_id(self) -> str:
        """The build of the published database, or '' where it cannot be read."""
        import duckdb

        if not self.database.exists():
            return ""
        try:
            with duckdb.connect(str(self.database), read_only=True) as con:
                return str(con.sql("SELECT build_id FROM build").fetchall()[0][0])
        except duckdb.Error:
            return ""


def discard_unpublished(warehouse: Warehouse) -> None:
    """Remove what a run built and did not publish."""
    for path in warehouse.folder.glob(".fee_schedule.duckdb.new*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    shutil.rmtree(warehouse.new_exports, ignore_errors=True)


def publish(warehouse: Warehouse, build_id: str) -> None:
    """Put the new database and then the exports of ``build_id`` in force."""
    warehouse.new_database.chmod(0o444)
    _to_disk(warehouse.new_database)
    _to_disk(warehouse.export_folder(build_id) / MANIFEST)
    warehouse.new_database.replace(warehouse.database)
    point_to_exports(warehouse, build_id)
    _to_disk(warehouse.folder)


def point_to_exports(warehouse: Warehouse, build_id: str) -> None:
    """Make ``exports/current`` lead to the exports of a build, in one step."""
    temporary = warehouse.exports / ".current.new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(build_id, target_is_directory=True)
    temporary.replace(warehouse.current)


def finish_publication(warehouse: Warehouse) -> str:
    """Finish what a run left that was killed between the two steps; its build, or ''."""
    build_id = warehouse.database_build_id()
    manifest = warehouse.manifest()
    if not build_id or (manifest and manifest["build_id"] == build_id):
        return ""
    if not (warehouse.export_folder(build_id) / MANIFEST).exists():
        return ""
    point_to_exports(warehouse, build_id)
    return build_id


def prune(warehouse: Warehouse) -> None:
    """Remove exports of builds before the last three."""
    kept = _last_builds(warehouse)
    for folder in warehouse.exports.iterdir():
        if folder.is_dir() and not folder.is_symlink() and folder.name not in kept:
            shutil.rmtree(folder)


def _last_builds(warehouse: Warehouse) -> list[str]:
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


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
