"""The artefact of a change: what is different between a release and the next of its schedule."""

from pipeline.release.history import Posting
from pipeline.release.model import write_exported
from pipeline.release.schedule import Change, modules_of
from pipeline.store import database
from pipeline.store.fingerprint import (
    Definitions,
    definitions_in,
    definitions_of,
    definitions_of_queries,
    hash_of_code,
    told_once,
)
from pipeline.store.shelf import Artefact, Shelf
from schemas.definitions import catalog
from schemas.derive import quoted

STAGE = "change"


def definitions_for(change: Change) -> Definitions:
    """What a change depends on, besides the tables of both releases."""

    def definitions(_: dict) -> dict[str, str]:
        tables = [catalog().tables[name] for name in (*change.compared, change.table)]
        code = hash_of_code("pipeline.release.change", *modules_of(change.query))
        return (
            {"code": code}
            | definitions_in(*change.folders)
            | definitions_of(tables)
            | definitions_of_queries({change.table: lambda: change.query("$pair")})
        )

    return told_once(definitions)


def change_between(
    change: Change,
    definitions: Definitions,
    before: Posting,
    after: Posting,
    shelf: Shelf,
    threads: int,
) -> Artefact:
    """The artefact with what changed between two releases: the one on the shelf, or a new one."""
    sides = (before, after)
    made_from = " ".join(
        f"{side.release_id} {side.model.tables[name]}" for side in sides for name in change.compared
    )
    pair = (
        f"SELECT {quoted(after.release_id)} AS release_id, "
        f"{quoted(before.release_id)} AS previous_release_id"
    )

    def fill(artefact: Artefact) -> None:
        with database.connect(threads) as con:
            for name in change.compared:
                paths = [side.model.table_path(name) for side in sides]
                con.execute(f"CREATE VIEW {name} AS FROM {database.parquet(paths)}")
            database.insert_query(con, catalog().tables[change.table], change.query(pair))
            write_exported(con, artefact, change.table)

    name = f"{before.release_id}_{after.release_id}"
    return shelf.obtain(name, STAGE, made_from, definitions, fill)
