"""Which files come into the raw folder, under which names, and which are known already."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import NotThereError
from pipeline.fetch.run import FetchOptions, fetch
from pipeline.pfs.listing import (
    LISTING_PATH,
)
from pipeline.report import Report
from tests.fetch.cms_server import file, zip_of
from tests.fetch.place import DATA, ZIP, names, run


def test_the_latest_release_is_fetched_with_a_sidecar(place, server):
    server.list_releases("RVU24AR", "RVU25D", "RVU25A", "RVU24D")
    outcome = run(place)
    assert outcome.new_files == ["rvu25d.zip"]
    assert names(place.raw) == ["rvu25d.zip", "rvu25d.zip.source.json"]
    assert (place.raw / "rvu25d.zip").read_bytes() == DATA
    sidecar = json.loads((place.raw / "rvu25d.zip.source.json").read_text())
    assert datetime.now(UTC) - datetime.fromisoformat(sidecar.pop("fetched_at")) < timedelta(
        minutes=1
    )
    assert sidecar == {
        "url": server.base + ZIP,
        "sha256": hashlib.sha256(DATA).hexdigest(),
        "bytes": len(DATA),
        "etag": '"1"',
        "last_modified": "",
    }
    assert server.paths() == [LISTING_PATH, f"{LISTING_PATH}/rvu25d", ZIP]


def test_a_second_fetch_asks_conditionally_and_changes_nothing(place, server):
    run(place)
    before = {path: path.stat().st_mtime_ns for path in place.raw.iterdir()}
    server.requests.clear()
    outcome = run(place)
    assert [one.outcome for one in outcome.fetched] == ["unchanged"]
    assert before == {path: path.stat().st_mtime_ns for path in place.raw.iterdir()}
    assert len(server.requests) == 3
    assert all("if-none-match" in request.headers for request in server.requests)


def test_last_modified_serves_where_there_is_no_etag(place, server):
    server.answers[ZIP] = lambda handler: handler.reply(
        304 if handler.headers.get("If-Modified-Since") == "yesterday" else 200,
        {"Last-Modified": "yesterday"},
        b"" if handler.headers.get("If-Modified-Since") else DATA,
    )
    assert run(place).new_files
    assert [one.outcome for one in run(place).fetched] == ["unchanged"]


def test_a_server_that_tells_no_version_is_asked_again_without_harm(place, server):
    server.answers[ZIP] = file(DATA, etag="")
    run(place)
    assert [one.outcome for one in run(place).fetched] == ["unchanged"]
    assert names(place.raw) == ["rvu25d.zip", "rvu25d.zip.source.json"]


def test_releases_may_be_named_and_all_be_fetched(place, server):
    server.list_releases("RVU25D", "RVU25A")
    server.offer("RVU25A", "/files/zip/rvu25a-updated-01/10/2025.zip", file(zip_of("25A")))
    assert run(place, "rvu25a").new_files == ["rvu25a-updated-01_10_2025.zip"]
    assert run(place, every=True).new_files == ["rvu25d.zip"]
    with pytest.raises(NotThereError, match=r"no release RVU99Z \(it lists: RVU25D, RVU25A\)"):
        run(place, "RVU99Z")


def test_an_unknown_release_is_fetched_like_any_other(place, server):
    server.list_releases("RVU25D", "RVU27E2", "Something else")
    server.offer("RVU27E2", "/files/zip/rvu27e2-special.zip", file(zip_of("27E2")))
    assert run(place).new_files == ["rvu27e2-special.zip"]


def test_zips_on_the_listing_page_itself_count_too(place, server):
    server.list_releases(more='<a href="/files/zip/rvu25d.zip">October</a>')
    assert run(place).new_files == ["rvu25d.zip"]
    assert server.paths() == [LISTING_PATH, ZIP]


def test_a_new_posting_under_the_same_address_stands_beside_the_old(place, server):
    run(place)
    again = zip_of("25D again")
    server.answers[ZIP] = file(again, etag='"2"')
    name = f"rvu25d-{hashlib.sha256(again).hexdigest()[:8]}.zip"
    assert run(place).new_files == [name]
    assert (place.raw / "rvu25d.zip").read_bytes() == DATA
    assert [one.outcome for one in run(place).fetched] == ["unchanged"]


def test_what_was_downloaded_by_hand_is_recognised(place):
    (place.raw / "by_hand").mkdir()
    (place.raw / "by_hand" / "October.ZIP").write_bytes(DATA)
    fetched = fetch(place, Report(quiet=True)).fetched
    assert [(one.outcome, one.file) for one in fetched] == [("known", "by_hand/October.ZIP")]
    assert names(place.raw) == ["by_hand"]


def test_what_was_unpacked_by_hand_is_recognised(place):
    folder = place.raw / "RVU25D"
    zipfile.ZipFile(io.BytesIO(DATA)).extractall(folder)
    fetched = fetch(place, Report(quiet=True)).fetched
    assert [(one.outcome, one.file) for one in fetched] == [("known", "RVU25D")]
    (folder / "PPRRVU_25D.csv").write_text("another posting")
    assert fetch(FetchOptions(**vars(place)), Report(quiet=True)).fetched[0].outcome == "unchanged"
    (place.warehouse / "state" / "fetch.json").unlink()
    assert fetch(place, Report(quiet=True)).new_files == ["rvu25d.zip"]


def test_a_file_that_was_moved_away_is_fetched_again(place):
    run(place)
    (place.raw / "rvu25d.zip").unlink()
    assert run(place).new_files == ["rvu25d.zip"]


def test_a_dry_run_downloads_nothing(place, server):
    outcome = run(place, dry_run=True)
    assert [one.outcome for one in outcome.fetched] == ["would_fetch"]
    assert names(place.raw) == []
    assert server.paths("/files/zip") == []
