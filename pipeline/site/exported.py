"""The site as part of the exports: free of licensed text, and each release written once.

What a release's data follow from has a hash, which stands beside them. Where it is that of the
exports before, and every file there is what it was, the files are linked instead of written.
"""

import os
from pathlib import Path

import duckdb

from pipeline.publish.swap import SITE_LISTING
from pipeline.read.bundle import hash_of_parts
from pipeline.release.warehouse import definitions as definitions_of_warehouse
from pipeline.release.warehouse_inputs import WarehouseInputs
from pipeline.report import Report
from pipeline.schedules.all import SCHEDULES
from pipeline.site.build import write_site_into
from pipeline.site.definition import definitions
from pipeline.store.files import read_sums, write_sums
from pipeline.store.shelf import link_or_copy, sha256_of

MADE_FROM = "made_from.txt"


def write_exported_site(
    con: duckdb.DuckDBPyConnection,
    exports: Path,
    former_exports: Path,
    contents: WarehouseInputs,
    report: Report,
) -> Path:
    """Write the site into the folder of new exports; returns the list of its files.

    Each release that is not taken over from ``former_exports`` is reported. The list has the
    form of ``sha256sum``. Exports are passed on, so the site holds no text that needs a licence,
    whatever the user's own licence allows.
    """
    listing, former_listing = exports / SITE_LISTING, former_exports / SITE_LISTING
    folder, former = listing.parent, former_listing.parent
    known = read_sums(former_listing)
    made_from = _made_from(con, contents)
    linked: dict[str, str] = {}

    def take_over(release_id: str, shared: str) -> bool:
        place = f"data/{release_id}/"
        note = folder / place / MADE_FROM
        words = hash_of_parts([made_from[release_id], shared])
        files = {path: digest for path, digest in known.items() if path.startswith(place)}
        if not _is_whole(former, files, f"{place}{MADE_FROM}", words):
            note.parent.mkdir(parents=True)
            note.write_text(words)
            report.step("site", release_id)
            return False
        for parent in {(folder / path).parent for path in files}:
            parent.mkdir(parents=True, exist_ok=True)
        for path in files:
            link_or_copy(former / path, folder / path)
        linked.update(files)
        return True

    write_site_into(con, folder, with_licensed_text=False, take_over=take_over)
    _write_listing(listing, linked)
    return listing


def _made_from(con: duckdb.DuckDBPyConnection, contents: WarehouseInputs) -> dict[str, str]:
    """For each release a hash of the artefacts that its data follow from.

    Its changes follow from the release before it too.
    """
    program = hash_of_parts([definitions(), definitions_of_warehouse(SCHEDULES)])
    own = {
        posting.release_id: hash_of_parts([posting.read.key, posting.model.key])
        for posting in contents.postings
        if posting.is_current
    }
    order = con.sql(
        "SELECT release_id FROM release WHERE schedule = 'pfs' AND is_current ORDER BY effective_from, release_id"
    ).fetchall()
    found, before = {}, ""
    for (release_id,) in order:
        change = contents.changes.get(release_id)
        parts = [program, before, own[release_id], change.key if change else ""]
        found[release_id] = hash_of_parts(parts)
        before = own[release_id]
    return found


def _is_whole(former: Path, files: dict[str, str], note: str, words: str) -> bool:
    """Whether the former files were made from the same, and each still has its bytes."""
    try:
        return (
            note in files
            and (former / note).read_text() == words
            and all(sha256_of(former / path) == digest for path, digest in files.items())
        )
    except OSError:
        return False


def _write_listing(listing: Path, linked: dict[str, str]) -> None:
    """List every file of the site with its hash, and make those read-only that were written."""
    folder = str(listing.parent)
    hashes = dict(linked)
    # Plain texts, because a site of many releases has tens of thousands of files.
    for place, _, names in os.walk(folder):
        inside = place[len(folder) + 1 :].replace(os.sep, "/")
        for name in names:
            path = f"{inside}/{name}" if inside else name
            if path not in linked:
                written = listing.parent / path
                written.chmod(0o444)
                hashes[path] = sha256_of(written)
    write_sums(listing, hashes)
