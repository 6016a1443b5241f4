"""The site as part of the exports: free of licensed text, and each file written once.

What a release has of it is an artefact, and so is a volume of the records of codes. A data file that
says what it said in the exports before is linked instead of written.
"""

import os
from pathlib import Path

import duckdb

from pipeline.publish.swap import SITE_LISTING
from pipeline.report import Report
from pipeline.site.build import write_site_into
from pipeline.site.definition import definitions
from pipeline.site.shard import Folder
from pipeline.store.files import write_sums
from pipeline.store.shelf import Artefact, Shelf, sha256_of

# Two releases that are compared code by code take more than the rest of a build.
MEMORY = "400MB"


def write_exported_site(
    con: duckdb.DuckDBPyConnection,
    exports: Path,
    former_exports: Path,
    shelf: Shelf,
    made_after: str,
    report: Report,
) -> tuple[Path, list[Artefact]]:
    """Write the site into the folder of new exports.

    ``made_after`` is a hash of what the warehouse depends on besides its artefacts. Returns the
    list of its files, which has the form of ``sha256sum``, and the artefacts that it is made of.
    Reports how many data files are not those of ``former_exports``. Exports are passed on, so the
    site holds no text that needs a license, whatever the user's own license allows.
    """
    con.execute(f"SET memory_limit = '{MEMORY}'")
    listing, former = exports / SITE_LISTING, (former_exports / SITE_LISTING).parent
    after = {"pages": definitions(), "warehouse": made_after}
    data = Folder(listing.parent / "data", former / "data")
    artefacts = write_site_into(con, data, False, shelf, after)
    written, linked = len(data.written), len(data.linked)
    report.step("site", f"{written:,} data files written, {linked:,} as before")
    _write_listing(listing, {f"data/{name}.js": known for name, known in data.hashes.items()})
    return listing, artefacts


def _write_listing(listing: Path, known: dict[str, str]) -> None:
    """List every file of the site with its hash, and make read-only those of no ``known`` hash."""
    folder = str(listing.parent)
    hashes: dict[str, str] = {}
    for place, _, names in os.walk(folder):
        inside = place[len(folder) + 1 :].replace(os.sep, "/")
        for name in names:
            path = f"{inside}/{name}" if inside else name
            if path not in known:
                written = listing.parent / path
                written.chmod(0o444)
                hashes[path] = sha256_of(written)
    write_sums(listing, known | hashes)
