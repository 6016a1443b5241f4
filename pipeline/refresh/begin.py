"""What a run sees to before it does anything else: whose warehouse it is, and what lies in the way.

A warehouse may have been copied without its links, opened by other programs, or made by another
version of this one.
"""

from pipeline.errors import StorageError
from pipeline.publish.published import left_by_clients, version_of
from pipeline.publish.swap import (
    MANIFEST,
    Warehouse,
    contract_in,
    point_to_exports,
    read_manifest,
    stamp_of,
)
from pipeline.report import Report
from pipeline.store.files import remove
from pipeline.store.notes import read_note
from pipeline.store.state import State
from schemas import CONTRACT_VERSION


def refuse_newer(warehouse: Warehouse) -> None:
    """Raise StorageError where a later version of the program made the warehouse."""
    made_by = newest_contract(warehouse)
    if version_of(made_by) > version_of(CONTRACT_VERSION):
        raise StorageError(
            f"{warehouse.folder} was made by a later version of this program (its contract is "
            f"{made_by}, and this program writes {CONTRACT_VERSION}); nothing was changed. Update "
            "the program, or name another folder with --warehouse."
        )


def newest_contract(warehouse: Warehouse) -> str:
    """The contract version of what is published, the later one where there are two; '' for none."""
    found = [_contract_of_exports(warehouse)]
    known = State(warehouse.state).read_seen()
    if not known or known.database != stamp_of(warehouse.database, known.database.name):
        found.append(contract_in(warehouse.database))
    return max(found, key=version_of)


def _contract_of_exports(warehouse: Warehouse) -> str:
    # Read by itself: a later version may have changed all else of the manifest.
    manifest = read_note(warehouse.current / MANIFEST, dict) or {}
    return str(manifest.get("contract_version", ""))


def put_in_order(warehouse: Warehouse, report: Report) -> None:
    """Mend what other programs left, so that both steps of publication can be taken.

    Raises StorageError where something lies there that is not this program's.
    """
    refuse_newer(warehouse)
    for path in left_by_clients(warehouse.database):
        remove(path)
        report.remind(
            f"{path.name} was removed: a program that opened the database without -readonly had "
            "left its changes there, which readers saw"
        )
    if warehouse.current.is_dir() and not warehouse.current.is_symlink():
        _link_copied_exports(warehouse)
        report.remind(
            f"{warehouse.current} was a folder, as in a copy of a warehouse without its links; "
            "it is a link again"
        )


def _link_copied_exports(warehouse: Warehouse) -> None:
    """Make ``exports/current`` the symlink again that a copy made a folder of."""
    if not any(warehouse.current.iterdir()):
        # Some zips have a folder for a link, with nothing in it; publication is finished without it.
        warehouse.current.rmdir()
        return
    manifest = read_manifest(warehouse.current)
    if manifest is None:
        raise StorageError(
            f"{warehouse.current} is a folder without whole exports; move it away. Nothing was "
            "changed."
        )
    folder = warehouse.export_folder(manifest["build_id"])
    aside = warehouse.exports / ".current.old"
    remove(aside)
    if read_manifest(folder) is None:
        remove(folder)
        warehouse.current.replace(folder)
    else:
        warehouse.current.replace(aside)
    point_to_exports(warehouse, manifest["build_id"])
    remove(aside)
