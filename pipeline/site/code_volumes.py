"""The records of codes (``code_data``) as files: a volume has the runs that begin in five years.

A volume follows from the runs of its releases, and is an artefact: a release more makes its own
volume anew, also one that changes every code, as January's does, and takes over those before it.
"""

from itertools import groupby

import duckdb

from pipeline.read.bundle import hash_of_parts
from pipeline.site.kept_files import keep, put_kept
from pipeline.site.shard import Folder, Scripts, rows, write_code_shards
from pipeline.store import database
from pipeline.store.shelf import Artefact, Shelf

STAGE = "volume"

# So that a page loads few files of a code, and a release more writes few anew.
YEARS_OF_A_VOLUME = 5


def write_codes(
    con: duckdb.DuckDBPyConnection,
    data: Folder,
    releases: list[Artefact],
    shelf: Shelf,
    made_after: dict[str, str],
) -> tuple[dict[int, str], list[Artefact]]:
    """Write the records of all codes out of the artefacts of releases (``release_pages``).

    Returns the files of each volume, by its first year, as write_code_shards does; and the
    artefact of each volume.
    """
    files, artefacts = {}, []
    years = dict(
        con.execute("SELECT release_id, year(effective_from) FROM numbered_release").fetchall()
    )
    for volume, found in groupby(releases, key=lambda x: years[x.name] // YEARS_OF_A_VOLUME):
        first_year, of_volume = volume * YEARS_OF_A_VOLUME, list(found)

        def fill(
            artefact: Artefact, year: int = first_year, parts: list[Artefact] = of_volume
        ) -> None:
            _fill(con, artefact, data, year, parts)

        made_from = hash_of_parts([str(first_year), *(release.key for release in of_volume)])
        artefact = shelf.obtain(f"{first_year}", STAGE, made_from, lambda _: made_after, fill)
        put_kept(artefact, data)
        files[first_year] = artefact.facts["files"]
        artefacts.append(artefact)
    return files, artefacts


def _fill(
    con: duckdb.DuckDBPyConnection,
    artefact: Artefact,
    data: Folder,
    first_year: int,
    releases: list[Artefact],
) -> None:
    runs = database.parquet([release.table_path("run") for release in releases])
    con.execute(f"CREATE OR REPLACE TEMP TABLE site_run AS FROM {runs}")
    firsts = con.execute("SELECT DISTINCT left(hcpcs_code, 1) FROM site_run ORDER BY ALL")
    scripts, files = Scripts(data), []
    for (first,) in firsts.fetchall():
        # A part at a time, so that many releases need no more memory than a few.
        records = dict(rows(con, "code_record", first=first))
        files.append(write_code_shards(scripts, f"codes/{first_year}", records))
    artefact.facts["files"] = " ".join(files)
    keep(artefact, scripts, data)
    con.execute("DROP TABLE site_run")
