"""Which files come into the raw folder, under which names, and which are known already."""

import hashlib
import json
import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import NotThereError
from pipeline.fetch.errors import LicenceError
from pipeline.fetch.licence import read_answer, write_answer
from pipeline.fetch.raw import PART_KEPT
from pipeline.fetch.run import fetch
from pipeline.report import Report
from tests.fetch.cms_server import (
    ACCEPTED,
    LICENCE_PAGE,
    LISTING_PATH,
    file,
    html,
    redirect,
    zip_of,
)
from tests.fetch.place import DATA, ZIP, names, only_failure, run


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
        "licence_page": f"{server.base}/apps/ama/license.asp?file={ZIP}",
        "licence_accepted_at": read_answer(place.warehouse / "state").answered_at,
        "acceptance_passed_on": False,
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
    assert server.requests[-1].headers["if-none-match"] == '"1"'


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
    before = {path: path.stat().st_mtime_ns for path in place.raw.iterdir()}
    assert [one.outcome for one in run(place).fetched] == ["unchanged"]
    assert before == {path: path.stat().st_mtime_ns for path in place.raw.iterdir()}
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


def test_what_was_downloaded_by_hand_is_recognised_and_gets_its_origin(place, server):
    (place.raw / "October.ZIP").write_bytes(DATA)
    fetched = fetch(place, Report(quiet=True)).fetched
    assert [(one.outcome, one.file) for one in fetched] == [("known", "October.ZIP")]
    assert names(place.raw) == ["October.ZIP", "October.ZIP.source.json"]
    fetched = fetch(place, Report(quiet=True)).fetched
    assert [(one.outcome, one.file) for one in fetched] == [("unchanged", "October.ZIP")]
    assert server.requests[-1].headers["if-none-match"] == '"1"'


@pytest.mark.parametrize("sidecar", ["", "[]", "{", '{"url": 1, "bytes": 1}', "[" * 100_000])
def test_a_sidecar_that_cannot_be_read_costs_a_download(place, sidecar):
    run(place)
    (place.raw / "rvu25d.zip.source.json").write_text(sidecar)
    assert [one.outcome for one in run(place).fetched] == ["known"]
    assert [one.outcome for one in run(place).fetched] == ["unchanged"]


@pytest.mark.parametrize("etag", ['"\xe9"', '"1"\nX-More: 1'])
def test_a_version_that_no_header_can_hold_costs_a_download(place, server, etag):
    server.answers[ZIP] = file(DATA, etag=etag[:3])
    run(place)
    path = place.raw / "rvu25d.zip.source.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"etag": etag}))
    assert [one.outcome for one in run(place).fetched] == ["unchanged"]
    assert "if-none-match" not in server.requests[-1].headers


def test_two_addresses_of_the_same_bytes_take_no_turns_as_their_origin(place, server):
    server.list_releases(more=f'<a href="{ZIP}">one</a><a href="{ZIP}?x=1">other</a>')
    server.answers[f"{ZIP}?x=1"] = file(DATA, etag='"2"')
    assert [one.outcome for one in run(place).fetched] == ["new", "known"]
    origin = (place.raw / "rvu25d.zip.source.json").read_bytes()
    for _ in range(2):
        assert [one.outcome for one in run(place).fetched] == ["unchanged", "known"]
        assert (place.raw / "rvu25d.zip.source.json").read_bytes() == origin
    # Where it is listed no more, the other takes its place.
    server.list_releases(more=f'<a href="{ZIP}?x=1">other</a>')
    assert [one.outcome for one in run(place).fetched] == ["known"]
    assert [one.outcome for one in run(place).fetched] == ["unchanged"]


# ---------------------------------------------------------------- the licence page


@pytest.mark.parametrize(
    "answer",
    [
        html(LICENCE_PAGE),
        redirect(f"/apps/ama/license.asp?file={ZIP}"),
        redirect(f"/license/ama?file={ZIP}"),
    ],
)
def test_where_cms_asks_for_its_licence_the_acceptance_is_passed_on(place, server, answer):
    server.answers[ZIP] = answer
    server.answers[ZIP + ACCEPTED] = file(DATA)
    assert run(place).new_files == ["rvu25d.zip"]
    assert server.paths("zip") == [ZIP, ZIP + ACCEPTED]
    sidecar = json.loads((place.raw / "rvu25d.zip.source.json").read_text())
    assert (sidecar["url"], sidecar["acceptance_passed_on"]) == (server.base + ZIP, True)
    assert [one.outcome for one in run(place).fetched] == ["unchanged"]
    server.requests.clear()
    write_answer(place.warehouse / "state", "withdrawn")
    with pytest.raises(LicenceError):
        run(place)
    assert server.requests == []


@pytest.mark.parametrize("again", [html(LICENCE_PAGE), redirect(f"/license/ama?file={ZIP}")])
def test_where_cms_asks_again_a_person_is_needed(place, server, again):
    server.answers[ZIP] = html(LICENCE_PAGE)
    server.answers[ZIP + ACCEPTED] = again
    assert str(only_failure(run(place))).endswith(
        f"{ZIP}: open that in a browser, download the zip by hand and put it into the raw folder."
    )
    assert names(place.raw) == []
    assert server.paths("zip") == [ZIP, ZIP + ACCEPTED]


@pytest.mark.parametrize(
    "other",
    [
        b"<html><script>/*! @license MIT */</script><h1>Are you human?</h1></html>",
        b"<html><h1>Log in</h1><footer>Licenses</footer> You agree to the terms.</html>",
    ],
)
def test_no_other_page_that_has_the_word_is_taken_for_the_licence_page(place, server, other):
    server.answers[ZIP] = html(other)
    assert "gave a web page instead of a zip" in str(only_failure(run(place)))
    assert server.paths("zip") == [ZIP]


# ---------------------------------------------------------------- whole or not at all


def test_a_file_that_was_moved_away_is_fetched_again(place):
    run(place)
    (place.raw / "rvu25d.zip").unlink()
    assert run(place).new_files == ["rvu25d.zip"]


def test_a_zip_that_was_damaged_without_losing_a_byte_is_fetched_again(place):
    run(place)
    damaged = DATA[:1500] + bytes(10) + DATA[1510:]
    (place.raw / "rvu25d.zip").write_bytes(damaged)
    name = f"rvu25d-{hashlib.sha256(DATA).hexdigest()[:8]}.zip"
    assert [one.file for one in fetch(place, Report(quiet=True)).fetched] == [name]
    assert (place.raw / name).read_bytes() == DATA
    assert (place.raw / "rvu25d.zip").read_bytes() == damaged


def test_a_dry_run_downloads_nothing(place, server):
    outcome = run(place, dry_run=True)
    assert [one.outcome for one in outcome.fetched] == ["would_fetch"]
    assert names(place.raw) == []
    assert server.paths("/files/zip") == []


def test_what_a_killed_fetch_left_is_removed_after_a_day(place):
    # As one that another fetch names or removes between the look at the folder and at the file.
    (place.raw / ".c.part").symlink_to("gone")
    for name, age in ((".a.part", PART_KEPT + 60), (".b.part", 60)):
        (place.raw / name).write_bytes(b"PK")
        os.utime(place.raw / name, (time.time() - age, time.time() - age))
    run(place)
    assert names(place.raw) == [".b.part", ".c.part", "rvu25d.zip", "rvu25d.zip.source.json"]
