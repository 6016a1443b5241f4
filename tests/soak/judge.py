"""Whether a warehouse is whole, and of which build: told from what readers of it depend on."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Whole:
    """What an undisturbed build published: its id, its tables' contents, its files' hashes.

    '' and {} where nothing is published.
    """

    build_id: str
    tables: dict[str, tuple]
    files: dict[str, str]


NOTHING = Whole("", {}, {})


def database_of(warehouse: Path) -> tuple[str, dict[str, tuple]]:
    """The build id of the database, and of each table the number of rows and a hash of all."""
    path = warehouse / "fee_schedule.duckdb"
    if not path.exists():
        return "", {}
    with duckdb.connect(str(path), read_only=True) as con:
        [(build_id,)] = con.sql("SELECT build_id FROM build").fetchall()
        names = con.sql(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1"
        ).fetchall()
        digest = "SELECT count(*), bit_xor(hash(row)) FROM {} AS row"
        return build_id, {name: con.sql(digest.format(name)).fetchall()[0] for (name,) in names}


def exports_of(warehouse: Path) -> tuple[str, dict[str, str]]:
    """The build id of the exports in force and the hash of each file, which must be the listed one.

    Raises AssertionError naming the file that is not the one that the manifest lists.
    """
    current = warehouse / "exports" / "current"
    if not current.is_symlink():
        return "", {}
    folder = current.resolve(strict=True)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    found = {}
    for entry in manifest["files"]:
        digest = hashlib.sha256((folder / entry["path"]).read_bytes()).hexdigest()
        assert digest == entry["sha256"], f"{entry['path']} is not the file of the manifest"
        found[entry["path"]] = digest
        if entry["format"] == "sha256":
            found |= _listed(folder / entry["path"])
    assert manifest["build_id"] == folder.name, f"{folder} has the manifest of another build"
    return manifest["build_id"], found


def _listed(listing: Path) -> dict[str, str]:
    """The hash of each file of a list as sha256sum writes it."""
    found = {}
    for line in listing.read_text("utf-8").splitlines():
        known, name = line.split("  ", 1)
        digest = hashlib.sha256((listing.parent / name).read_bytes()).hexdigest()
        assert digest == known, f"{name} is not the file of {listing.name}"
        found[f"{listing.parent.name}/{name}"] = digest
    return found


def whole(warehouse: Path) -> Whole:
    """What is published; raises AssertionError where database and exports are of two builds."""
    build_id, tables = database_of(warehouse)
    exported, files = exports_of(warehouse)
    assert build_id == exported, f"database of {build_id}, exports of {exported}"
    return Whole(build_id, tables, files)


def state_after_kill(warehouse: Path, old: Whole, new: Whole) -> str:
    """Which state a killed refresh left: ``old``, ``new`` or ``between`` the two steps.

    Raises AssertionError where it left anything else.
    """
    database, tables = database_of(warehouse)
    exported, files = exports_of(warehouse)
    builds = {old.build_id: old, new.build_id: new}
    assert database in builds, f"the database is of the unknown build {database}"
    assert exported in builds, f"the exports are of the unknown build {exported}"
    assert tables == builds[database].tables, f"the database of {database} is not whole"
    assert files == builds[exported].files, f"the exports of {exported} are not whole"
    if database == exported:
        return "new" if database == new.build_id else "old"
    assert database == new.build_id, "the exports were published before the database"
    return "between"


def leftovers(warehouse: Path) -> list[str]:
    """What lies in the warehouse or its exports under a name that is none of a finished file."""
    hidden = [*warehouse.glob(".*"), *(warehouse / "exports").glob(".*")]
    return sorted(path.name for path in hidden)
