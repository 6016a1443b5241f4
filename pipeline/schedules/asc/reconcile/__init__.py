"""CMS's own numbers of one release of surgical centers, held against one another."""

from pathlib import Path

import duckdb

from pipeline.release.reconcile import Reconciled, compare
from pipeline.schedules.asc.declared import NAME
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose

HERE = Path(__file__).parent

# What is compared, the SELECT of it, and the addendum that has the other value.
COMPARED = {
    "ASC weight x factor = rate (AA)": ("weight_aa", "asc_aa"),
    "ASC weight x factor = rate (BB)": ("weight_bb", "asc_bb"),
    "ASC standard rate x scalar = weight (AA, FF)": ("standard_rate", "asc_ff"),
    "ASC device portion of J8 = share of standard rate (FF)": ("device_portion", "asc_ff"),
    "ASC device portion + scaled rest = rate of J8 (AA, FF)": ("device_intensive", "asc_ff"),
    "ASC indicator of AA = of FF": ("indicator", "asc_ff"),
}


def reconcile(con: duckdb.DuckDBPyConnection, read: Artefact) -> list[Reconciled]:
    """Compare what the addenda of the release in ``con`` say, as far as it has them."""
    files, release_id = read.facts["loaded_files"], read.facts["release_id"]
    return [
        compare(con, NAME, release_id, words, files[kind], compose(HERE / f"{name}.sql"))
        for words, (name, kind) in COMPARED.items()
        if kind in files
    ]
