"""What changed between two releases: tests added and removed, rates, descriptors."""

from pathlib import Path

from pipeline.release.history import Posting
from pipeline.release.model import write_exported
from pipeline.schedules.clfs.declared import schedule
from pipeline.store import database
from pipeline.store.fingerprint import definitions_in, definitions_of, hash_of_code
from pipeline.store.shelf import Artefact, Shelf, finish_artefact
from pipeline.store.sql import compose

HERE = Path(__file__).parent
STAGE = "change"


def definitions(_: dict) -> dict[str, str]:
    """What a change depends on, besides the tables of both releases."""
    tables = [schedule().tables[name] for name in ("lab_fee", "lab_fee_change")]
    return {"code": hash_of_code(__name__)} | definitions_in(HERE) | definitions_of(tables)


def change_between(before: Posting, after: Posting, shelf: Shelf, threads: int) -> Artefact:
    """The artefact with ``lab_fee_change`` between two releases, from the shelf or a new one."""
    made_from = " ".join(f"{x.release_id} {x.model.tables['lab_fee']}" for x in (before, after))
    found = shelf.find(STAGE, made_from, definitions)
    if found:
        return found
    name = f"{before.release_id}_{after.release_id}"
    artefact = shelf.start(name, STAGE, made_from, definitions({}))
    pair = (
        f"SELECT '{after.release_id}' AS release_id, '{before.release_id}' AS previous_release_id"
    )
    with database.connect(threads) as con:
        paths = [posting.model.table_path("lab_fee") for posting in (before, after)]
        con.execute(f"CREATE VIEW lab_fee AS FROM {database.parquet(paths)}")
        query = compose(HERE / "lab_fee_change.sql", pair=pair)
        database.insert_query(con, schedule().tables["lab_fee_change"], query)
        write_exported(con, artefact, "lab_fee_change")
    finish_artefact(artefact)
    return artefact
