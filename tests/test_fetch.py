"""Fetching, against a server on this computer that misbehaves. No test asks another computer."""

import gzip
import hashlib
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

import pipeline.fetch.run as run_module
from pipeline.cli.fetch import _bar
from pipeline.cli.fetch import fetch as fetch_command
from pipeline.cli.licence import licence as licence_command
from pipeline.errors import LockedError, NotThereError, PipelineError, StorageError, UsageError
from pipeline.fetch import fetch_latest_if_allowed
from pipeline.fetch.client import USER_AGENT, Client, Manners, is_licence_address
from pipeline.fetch.download import PART_KEPT, part_of
from pipeline.fetch.errors import FetchError, LicenceError, LicencePageError, OfflineError
from pipeline.fetch.licence import VERSION, WHERE_TO_READ, WORDS, read_answer, write_answer
from pipeline.fetch.run import FetchOptions, FetchOutcome, fetch
from pipeline.pfs.listing import (
    LISTING_PATH,
    Link,
    age_key,
    links_of,
    posting_of,
    read_listing,
    release_name,
)
from pipeline.report import Report
from tests.cms_server import (
    LICENCE_PAGE,
    Answer,
    Server,
    bomb_of,
    broken_off,
    drip,
    file,
    html,
    in_turn,
    page,
    redirect,
    silent,
    status,
    zip_of,
)

ZIP = "/files/zip/rvu25d.zip"
DATA = zip_of("25D")
QUICK = Manners(attempts=3, pause=0, first_wait=0, read_timeout=0.3, largest_unpacked=1_000_000)


@pytest.fixture(autouse=True)
def no_other_computer(monkeypatch):
    """Let no test reach another computer: any other name is unknown, as without a network."""
    connect = socket.create_connection

    def only_here(address, *arguments, **named):
        if address[0] != "127.0.0.1":
            raise socket.gaierror(-2, "Name or service not known")
        return connect(address, *arguments, **named)

    monkeypatch.setattr(socket, "create_connection", only_here)
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server():
    """CMS with one release, RVU25D."""
    running = Server()
    running.list_releases("RVU25D")
    running.offer("RVU25D", ZIP, file(DATA))
    yield running
    running.stop()
    assert {request.method for request in running.requests} <= {"GET", "HEAD"}
    for request in running.requests:
        assert "cookie" not in request.headers
        assert "agree" not in request.path
        assert request.headers["user-agent"] == USER_AGENT


@pytest.fixture
def place(tmp_path, server) -> FetchOptions:
    """An empty raw folder and a warehouse whose user has accepted the licence."""
    (tmp_path / "raw").mkdir()
    write_answer(tmp_path / "warehouse" / "state", "accepted")
    return FetchOptions(tmp_path / "raw", tmp_path / "warehouse", base=server.base, manners=QUICK)


def run(place: FetchOptions, *releases: str, **changes) -> FetchOutcome:
    """One fetch without words, that proves that it left nothing partial under a name."""
    options = FetchOptions(**{**vars(place), "releases": releases, **changes})
    try:
        return fetch(options, Report(quiet=True))
    finally:
        assert_whole(place.raw)


def assert_whole(raw: Path) -> None:
    """Every visible zip is whole, and has a sidecar that tells the truth."""
    for path in raw.glob("[!.]*"):
        if path.suffix == ".zip":
            sidecar = json.loads(path.with_name(f"{path.name}.source.json").read_text())
            assert zipfile.ZipFile(path).testzip() is None
            assert sidecar["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
            assert sidecar["bytes"] == path.stat().st_size
        else:
            assert path.name.endswith(".source.json")


def only_failure(outcome: FetchOutcome) -> FetchError:
    """The one failure of a fetch, whose sentence names no Python."""
    assert len(outcome.failures) == 1
    assert not re.search(r"Error\b|Traceback|<class", str(outcome.failures[0]))
    return outcome.failures[0]


def names(raw: Path) -> list[str]:
    """What lies in the raw folder, hidden files too."""
    return sorted(path.name for path in raw.iterdir())


# --- what goes well -------------------------------------------------------------------------


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


# --- servers that fail ----------------------------------------------------------------------


def test_a_server_error_is_tried_again(place, server):
    server.answers[ZIP] = in_turn(status(500), status(502), file(DATA))
    server.answers[LISTING_PATH] = in_turn(status(503), server.answers[LISTING_PATH])
    assert run(place).new_files == ["rvu25d.zip"]
    assert len(server.paths("/files/zip")) == 3


def test_attempts_are_bounded(place, server):
    server.answers[ZIP] = status(500)
    error = only_failure(run(place))
    assert str(error) == f"{server.base}{ZIP} answered with HTTP 500; try later."
    assert error.exit_code == 9
    assert len(server.paths("/files/zip")) == QUICK.attempts


def test_a_missing_file_is_not_tried_again(place, server):
    server.answers[ZIP] = status(404)
    assert "HTTP 404: open it in a browser" in str(only_failure(run(place)))
    assert len(server.paths("/files/zip")) == 1


def in_ten_seconds() -> str:
    """A date as a header has it."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=10), usegmt=True)


@pytest.mark.parametrize(
    ("header", "least"), [(lambda: "7", 7), (in_ten_seconds, 3), (lambda: "soon", 0)]
)
def test_retry_after_is_respected(server, header, least):
    waits: list[float] = []
    server.answers["/x"] = in_turn(status(503, Retry_After=header()), status(304))
    client = Client(server.base, QUICK, sleep=waits.append)

    def ask() -> int:
        with client.get(f"{server.base}/x", {}) as response:
            return response.status_code

    assert client.persist(ask) == 304
    assert len(waits) == 1
    assert waits[0] >= least
    client.close()


def test_a_server_that_asks_for_a_long_wait_is_left_alone(place, server):
    server.answers[ZIP] = status(429, Retry_After="86400")
    assert "The server asks to wait 86,400 s." in str(only_failure(run(place)))
    assert len(server.paths("/files/zip")) == 1


def test_waits_grow_and_differ_and_requests_have_a_pause_between(server):
    waits: list[float] = []
    server.answers["/x"] = status(500)
    manners = Manners(attempts=4, pause=50, first_wait=1)
    client = Client(server.base, manners, sleep=waits.append)
    with pytest.raises(FetchError):
        client.persist(lambda: client.get(f"{server.base}/x", {}).__enter__())
    backoff, pauses = waits[::2], waits[1::2]
    assert all(low <= wait <= low + 1 for low, wait in zip((1, 2, 4), backoff, strict=True))
    assert all(49 < pause <= 50 for pause in pauses)
    client.close()


def test_three_failures_in_a_row_end_the_fetch(place, server):
    releases = [f"RVU2{year}{letter}" for year in (4, 5) for letter in "ABCD"]
    server.list_releases(*releases)
    for name in releases:
        server.offer(name, f"/files/zip/{name.lower()}.zip", status(404))
    outcome = run(place, every=True)
    assert len(outcome.failures) == 3
    assert len(server.paths("/files/zip")) == 3
    with pytest.raises(FetchError, match=r"^3 downloads failed; the first failure: "):
        outcome.raise_failure()


def test_one_failure_does_not_keep_other_releases_away(place, server):
    server.list_releases("RVU25D", "RVU25A")
    server.offer("RVU25A", "/files/zip/rvu25a.zip", file(zip_of("25A")))
    server.answers[ZIP] = html(b"<html>moved</html>")
    outcome = run(place, every=True)
    assert outcome.new_files == ["rvu25a.zip"]
    assert "web page instead of a zip" in str(only_failure(outcome))


# --- transfers that break -------------------------------------------------------------------


def test_a_broken_transfer_is_resumed(place, server):
    server.answers[ZIP] = in_turn(broken_off(DATA, 1000), file(DATA))
    assert run(place).new_files == ["rvu25d.zip"]
    assert server.requests[-1].headers["range"] == "bytes=1000-"
    assert server.requests[-1].headers["if-range"] == '"1"'
    assert (place.raw / "rvu25d.zip").read_bytes() == DATA


def test_a_transfer_is_resumed_by_the_next_run(place, server):
    server.answers[ZIP] = in_turn(broken_off(DATA, 1000), status(500))
    assert "HTTP 500" in str(only_failure(run(place)))
    assert names(place.raw) == [".rvu25d.zip.part", ".rvu25d.zip.part.json"]
    server.answers[ZIP] = file(DATA)
    assert run(place).new_files == ["rvu25d.zip"]
    assert server.requests[-1].headers["range"] == "bytes=1000-"
    assert names(place.raw) == ["rvu25d.zip", "rvu25d.zip.source.json"]


@pytest.mark.parametrize("etag", ['W/"1"', ""])
def test_without_an_exact_version_a_transfer_begins_again(place, server, etag):
    server.answers[ZIP] = in_turn(broken_off(DATA, 1000, etag=etag), file(DATA, etag=etag))
    assert run(place).new_files == ["rvu25d.zip"]
    assert "range" not in server.requests[-1].headers


def test_a_server_without_ranges_sends_all_again(place, server):
    server.answers[ZIP] = in_turn(broken_off(DATA, 1000), file(DATA, ranges=False))
    assert run(place).new_files == ["rvu25d.zip"]
    assert (place.raw / "rvu25d.zip").read_bytes() == DATA


def test_a_file_that_changed_meanwhile_is_not_mixed(place, server):
    changed = zip_of("25D changed")
    server.answers[ZIP] = in_turn(broken_off(DATA, 1000), file(changed, etag='"2"'))
    assert run(place).new_files == ["rvu25d.zip"]
    assert (place.raw / "rvu25d.zip").read_bytes() == changed


def part_from(begin: int, end: int) -> Answer:
    """Some bytes of the file, whatever was asked for."""
    said = {"Content-Range": f"bytes {begin}-{end - 1}/{len(DATA)}"}
    return lambda handler: handler.reply(206, said, DATA[begin:end])


@pytest.mark.parametrize(
    "answer",
    [
        status(416),
        status(206),
        status(206, Content_Range="bytes 5-9/*"),
        part_from(0, len(DATA)),
        part_from(1001, len(DATA)),
        part_from(1000, 1500),
    ],
)
def test_a_wrong_part_begins_again(place, server, answer):
    server.answers[ZIP] = in_turn(broken_off(DATA, 1000), answer, file(DATA))
    assert run(place).new_files == ["rvu25d.zip"]
    assert (place.raw / "rvu25d.zip").read_bytes() == DATA
    assert "range" not in server.requests[-1].headers


def test_a_part_that_is_too_short_is_told(place, server):
    server.answers[ZIP] = in_turn(broken_off(DATA, 1000), part_from(1000, 1500))
    manners = Manners(attempts=2, pause=0, first_wait=0)
    said = str(only_failure(run(place, manners=manners)))
    assert said.endswith(f"{ZIP} gave 1,500 bytes instead of {len(DATA):,}.")


def test_unchanged_is_no_answer_to_who_has_nothing(place, server):
    server.answers[ZIP] = status(304)
    assert "something else than the part of the file that was asked for" in str(
        only_failure(run(place))
    )


def test_a_truncated_file_without_a_length_is_noticed(place, server):
    server.answers[ZIP] = broken_off(DATA, len(DATA) - 10, length="")
    assert "gave a file that is no whole zip" in str(only_failure(run(place)))
    assert names(place.raw) == []


@pytest.mark.parametrize("length", [str(len(DATA) + 500), str(len(DATA) - 500)])
def test_a_wrong_length_is_noticed(place, server, length):
    server.answers[ZIP] = broken_off(DATA, len(DATA), etag="", length=length)
    assert "HTTP" not in str(only_failure(run(place)))
    assert [name for name in names(place.raw) if not name.startswith(".")] == []
    assert len(server.paths("/files/zip")) == QUICK.attempts


def test_a_damaged_byte_is_noticed(place, server):
    damaged = bytearray(DATA)
    damaged[1500] ^= 1
    server.answers[ZIP] = in_turn(file(bytes(damaged)), file(DATA))
    assert run(place).new_files == ["rvu25d.zip"]
    assert "range" not in server.requests[-1].headers


def test_no_answer_and_a_stalled_body_time_out(place, server):
    manners = Manners(attempts=2, pause=0, first_wait=0, read_timeout=0.1)
    for answer in (silent(2), drip(DATA, 2)):
        server.answers[ZIP] = answer
        assert "did not answer in time; try later" in str(only_failure(run(place, manners=manners)))


def test_a_body_that_drips_is_given_up_and_resumed_later(place, server):
    manners = Manners(attempts=3, pause=0, first_wait=0, read_timeout=1, longest_download=0.2)
    server.answers[ZIP] = drip(DATA, 0.02)
    assert "took longer than" in str(only_failure(run(place, manners=manners)))
    assert len(server.paths("/files/zip")) == 1
    server.answers[ZIP] = file(DATA)
    assert run(place).new_files == ["rvu25d.zip"]
    assert "range" in server.requests[-1].headers


def test_a_killed_fetch_leaves_only_a_hidden_beginning(place, server):
    server.answers[ZIP] = drip(DATA, 0.02)
    program = (
        "import sys; from pathlib import Path; from pipeline.report import Report\n"
        "from pipeline.fetch.run import FetchOptions, fetch\n"
        "fetch(FetchOptions(Path(sys.argv[1]), Path(sys.argv[2]), base=sys.argv[3]), Report())"
    )
    arguments = [str(place.raw), str(place.warehouse), server.base]
    process = subprocess.Popen([sys.executable, "-c", program, *arguments])
    part = part_of(place.raw, "rvu25d.zip")
    try:
        for _ in range(1000):
            if part.exists():
                break
            time.sleep(0.01)
    finally:
        process.kill()
        process.wait()
    assert names(place.raw) == [part.name, f"{part.name}.json"]
    server.answers[ZIP] = file(DATA)
    assert run(place).new_files == ["rvu25d.zip"]


def test_beginnings_that_nobody_continues_are_removed(place):
    for name in (".rvu20a.zip.part", ".rvu20b.zip.part"):
        (place.raw / name).write_bytes(b"PK")
        (place.raw / f"{name}.json").write_text("{}")
    (place.raw / ".rvu20c.zip.part").write_bytes(b"PK")
    (place.raw / ".rvu20d.zip.part.json").write_text("{}")
    long_ago = time.time() - PART_KEPT - 60
    os.utime(place.raw / ".rvu20a.zip.part", (long_ago, long_ago))
    run(place, "RVU25D")
    assert [name for name in names(place.raw) if name.startswith(".")] == [
        ".rvu20b.zip.part",
        ".rvu20b.zip.part.json",
    ]


# --- other things than a zip ----------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        redirect("/apps/ama/license.asp?file=/files/zip/rvu25d.zip"),
        redirect("/license/ama?file=/files/zip/rvu25d.zip"),
        redirect(f"{ZIP}?agree=yes"),
        html(LICENCE_PAGE),
    ],
)
def test_a_licence_page_is_for_a_person_to_answer(place, server, answer):
    server.answers[ZIP] = answer
    error = only_failure(run(place))
    assert isinstance(error, LicencePageError)
    assert re.search(
        r"which this program never does for you: open http://127\S+ in a browser, download the zip "
        r"by hand and put it into the raw folder\.$",
        str(error),
    )
    assert names(place.raw) == []
    assert server.paths("license") == []


def test_a_link_through_the_licence_page_is_not_opened(place, server):
    server.offer("RVU25D", f"/license/ama?file={ZIP}&amp;x=1", file(DATA))
    error = only_failure(run(place))
    assert isinstance(error, LicencePageError)
    assert f"/license/ama?file={ZIP}" in str(error)
    assert server.paths("license") == []


@pytest.mark.parametrize("data", [b"<!DOCTYPE html><p>Error", b"\xef\xbb\xbf\r\n<HTML>"])
def test_html_with_status_200_is_no_zip(place, server, data):
    server.answers[ZIP] = file(data)
    assert "gave a web page instead of a zip: open it in a browser" in str(only_failure(run(place)))
    assert names(place.raw) == []
    assert len(server.paths("/files/zip")) == 1


@pytest.mark.parametrize(
    "data", [b"", b"plain text", gzip.compress(b"x" * 5000, mtime=0), DATA[200:]]
)
def test_anything_else_is_no_zip(place, server, data):
    server.answers[ZIP] = file(data)
    assert "zip" in str(only_failure(run(place)))
    assert names(place.raw) == []


def test_a_zip_bomb_is_refused_unopened(place, server):
    server.answers[ZIP] = file(bomb_of(QUICK.largest_unpacked + 1))
    assert "would unpack to 1 files with 1,000,001 bytes" in str(only_failure(run(place)))
    assert names(place.raw) == []


def test_a_zip_bomb_that_lies_about_its_size_is_bounded(place, server):
    liar = bomb_of(QUICK.largest_unpacked * 2).replace(
        (QUICK.largest_unpacked * 2).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    )
    server.answers[ZIP] = file(liar)
    assert "PPRRVU.csv" in str(only_failure(run(place)))
    assert names(place.raw) == []


@pytest.mark.parametrize("length", [None, ""])
def test_a_file_beyond_the_size_limit_is_not_taken(place, server, length):
    server.answers[ZIP] = broken_off(DATA, len(DATA), length=length)
    manners = Manners(pause=0, largest_zip=1000)
    assert "is larger than anything that CMS puts there" in str(
        only_failure(run(place, manners=manners))
    )
    assert names(place.raw) == []


def test_redirects_within_the_site_are_followed(place, server):
    server.answers[ZIP] = redirect("/files/zip/moved/x")
    server.answers["/files/zip/moved/x"] = file(DATA)
    assert run(place).new_files == ["rvu25d.zip"]


def test_redirects_elsewhere_or_without_end_are_not(place, server):
    server.answers[ZIP] = redirect("http://127.0.0.2/rvu25d.zip")
    assert "leads to another site" in str(only_failure(run(place)))
    server.answers[ZIP] = redirect(ZIP)
    assert "without end" in str(only_failure(run(place)))


def test_links_to_other_sites_do_not_count(place, server):
    server.list_releases(
        "RVU25D", more='<a href="https://mirror.invalid/files/zip/rvu99a.zip">RVU99A</a>'
    )
    assert run(place, every=True).new_files == ["rvu25d.zip"]


def test_a_compressed_page_is_read(place, server):
    text = f'<a href="{ZIP}">RVU25D</a>'.encode()
    server.answers[LISTING_PATH] = lambda handler: handler.reply(
        200, {"Content-Encoding": "gzip"}, gzip.compress(text)
    )
    assert run(place).new_files == ["rvu25d.zip"]


def test_a_listing_without_releases_is_a_failure(place, server):
    server.answers[LISTING_PATH] = page("<p>We moved.</p>")
    with pytest.raises(FetchError, match="lists no release that this program understands"):
        run(place)


def test_a_release_page_without_its_zip_is_a_failure(place, server):
    server.answers[f"{LISTING_PATH}/rvu25d"] = page(f'<a href="{ZIP[:-5]}c.zip">RVU25C</a>')
    assert "shows no zip of RVU25D (yet)" in str(only_failure(run(place)))


# --- no connection, no licence, no right ----------------------------------------------------


def test_offline_says_so(place, server):
    port = server.server_address[1]
    server.stop()
    with pytest.raises(OfflineError, match=r"^127\.0\.0\.1 cannot be reached \(.*refused\)\.$"):
        run(place)
    with pytest.raises(OfflineError, match=r"^www\.cms\.gov cannot be reached \(.*not known\)\.$"):
        run(place, base="https://www.cms.gov")
    assert OfflineError("").exit_code == 9
    assert port


def test_without_the_licence_nothing_is_asked(place, server):
    state = place.warehouse / "state"
    write_answer(state, "withdrawn")
    with pytest.raises(LicenceError, match="is no longer accepted, so nothing was asked of CMS"):
        run(place)
    (state / "settings.json").write_text(
        json.dumps(
            {"licence": {"answer": "accepted", "answered_at": "2020", "version": VERSION - 1}}
        )
    )
    with pytest.raises(LicenceError, match="in words that have changed since"):
        run(place)
    (state / "settings.json").unlink()
    with pytest.raises(LicenceError, match=r"has not been accepted.*answer with pfs licence"):
        run(place)
    assert LicenceError.exit_code == 8
    assert server.requests == []


def test_only_one_fetch_runs_at_a_time(place, server):
    with FileLock(place.warehouse / "state" / "fetch.lock"), pytest.raises(LockedError):
        run(place)
    assert server.requests == []


def test_wrong_calls_are_told(place):
    with pytest.raises(UsageError, match="There is no folder"):
        run(place, raw=place.raw / "nowhere")
    with pytest.raises(UsageError, match="is no address"):
        run(place, base="www.cms.gov")


def test_a_raw_folder_that_cannot_be_written_to_is_told(place, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run_module, "keep", full)
    with pytest.raises(StorageError, match=r"raw cannot be written or read: No space left"):
        run(place)


# --- as the first step of a refresh ---------------------------------------------------------


def step(place: FetchOptions, capsys, base: str = "") -> tuple[list[str], str]:
    """The first step of a refresh: the new files, and what was said."""
    new = fetch_latest_if_allowed(place.raw, place.warehouse, Report(), base or place.base)
    return new, capsys.readouterr().err


@pytest.fixture
def quick_manners(monkeypatch):
    """Let commands wait for nothing."""
    monkeypatch.setattr(run_module, "Client", lambda base, manners: Client(base, QUICK))


def test_a_refresh_fetches_the_latest_and_asks_once_an_hour(place, server, capsys, quick_manners):
    new, said = step(place, capsys)
    assert new == ["rvu25d.zip"]
    assert said == f"fetch: RVU25D: new: rvu25d.zip, {len(DATA):,} bytes\n"
    server.requests.clear()
    assert step(place, capsys) == ([], "")
    assert server.requests == []
    memory = place.warehouse / "state" / "fetch.json"
    entries = json.loads(memory.read_text())
    entries["asked_at"] = "2025-01-01T00:00:00+00:00"
    memory.write_text(json.dumps(entries))
    assert step(place, capsys)[0] == []
    assert len(server.requests) == 3


def test_a_refresh_without_the_licence_says_so_once(place, server, capsys):
    (place.warehouse / "state" / "settings.json").unlink()
    assert step(place, capsys) == (
        [],
        "fetch: CMS is not asked: to fetch new releases by itself: pfs licence\n",
    )
    assert step(place, capsys) == ([], "")
    write_answer(place.warehouse / "state", "withdrawn")
    assert step(place, capsys) == ([], "")
    assert server.requests == []


def test_a_refresh_goes_on_offline(place, capsys, quick_manners):
    new, said = step(place, capsys, base="https://www.cms.gov")
    assert new == []
    assert re.fullmatch(
        r"fetch: offline: www\.cms\.gov cannot be reached \(.*\)\. Going on with what is there\.\n",
        said,
    )


@pytest.mark.parametrize("answer", [status(500), html(LICENCE_PAGE), html(b"<p>no zip")])
def test_a_refresh_goes_on_after_a_failure(place, server, capsys, quick_manners, answer):
    server.answers[ZIP] = answer
    new, said = step(place, capsys)
    assert new == []
    assert re.fullmatch(r"warning: nothing was fetched: .* Going on with what is there\.\n", said)
    assert step(place, capsys)[1] == said


# --- the commands ---------------------------------------------------------------------------


def command(place: FetchOptions, *arguments: str) -> Result:
    """``pfs fetch`` as a user calls it."""
    places = ["--raw", str(place.raw), "--warehouse", str(place.warehouse), "--from", place.base]
    return CliRunner().invoke(fetch_command, [*arguments, *places])


def test_pfs_fetch(place, server, quick_manners):
    result = command(place, "rvu25d")
    assert result.stderr == f"fetch: RVU25D: new: rvu25d.zip, {len(DATA):,} bytes\n"
    assert result.stdout == "1 new of 1 asked for\n"
    assert command(place, "--latest").stdout == "0 new of 1 asked for\n"
    assert command(place, "--dry-run").stdout == "dry run: nothing was downloaded\n"


def test_pfs_fetch_for_programs(place, server, quick_manners):
    server.list_releases("RVU25D", "RVU25A")
    server.offer("RVU25A", "/files/zip/rvu25a.zip", status(404))
    result = command(place, "--all", "--json")
    told = json.loads(result.stdout)
    assert [one["file"] for one in told["fetched"]] == ["rvu25d.zip"]
    assert "HTTP 404" in told["failures"][0]
    assert isinstance(result.exception, FetchError)
    assert result.stderr == ""


@pytest.mark.parametrize(
    "arguments", [("RVU25D", "--all"), ("--latest", "--all"), ("RVU25D", "--latest")]
)
def test_pfs_fetch_refuses_what_contradicts_itself(place, arguments):
    assert isinstance(command(place, *arguments).exception, UsageError)


def test_progress_is_told_with_the_size(place):
    told = []

    @contextmanager
    def bar(name):
        yield lambda done, total: told.append((name, done, total))

    fetch(place, Report(quiet=True), bar)
    assert told[-1] == ("rvu25d.zip", len(DATA), len(DATA))


def test_on_a_terminal_a_bar_is_shown_and_gone(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    with _bar("rvu25d.zip") as progress:
        progress(0, None)
        progress(1000, 2000)
    assert "rvu25d.zip" in capsys.readouterr().err


def answer_licence(place: FetchOptions, *arguments: str) -> Result:
    """``pfs licence`` as a user or a script calls it."""
    return CliRunner().invoke(licence_command, [*arguments, "--warehouse", str(place.warehouse)])


def test_pfs_licence_remembers_the_answer(place):
    state = place.warehouse / "state"
    (state / "settings.json").write_text(json.dumps({"other": 1}))
    shown = answer_licence(place)
    assert shown.stdout.startswith(WORDS)
    assert "Not accepted: nothing is downloaded." in shown.stdout
    assert not read_answer(state).is_accepted
    assert f"Accepted on {datetime.now(UTC):%Y-%m-%d}" in answer_licence(place, "--accept").stdout
    assert read_answer(state).is_accepted
    assert json.loads(answer_licence(place, "--json").stdout)["answer"] == "accepted"
    assert "Withdrawn on" in answer_licence(place, "--withdraw").stdout
    assert "Withdrawn on" in answer_licence(place, "--show").stdout
    assert json.loads((state / "settings.json").read_text())["other"] == 1
    assert isinstance(answer_licence(place, "--accept", "--show").exception, UsageError)


@pytest.mark.parametrize("content", ["{", "[]", '{"licence": {"x": 1}}'])
def test_settings_that_cannot_be_read_are_told(place, content):
    (place.warehouse / "state" / "settings.json").write_text(content)
    assert isinstance(answer_licence(place).exception, UsageError)


def test_our_words_are_ours_and_say_where_to_read_the_terms():
    assert WHERE_TO_READ in WORDS
    assert is_licence_address(WHERE_TO_READ)
    assert max(map(len, WORDS.splitlines())) < 100


def test_every_failure_has_its_exit_code():
    assert all(issubclass(error, PipelineError) for error in (LicenceError, FetchError))
    assert (LicenceError.exit_code, FetchError.exit_code) == (8, 9)


# --- CMS's addresses ------------------------------------------------------------------------

OLD = "/Medicare/Medicare-Fee-for-Service-Payment/PhysicianFeeSched/Downloads"

ADDRESSES = [
    # address, release, name in the raw folder, day that CMS names
    (f"{OLD}/rvu03_a.zip", "RVU03A", "rvu03_a.zip", None),
    (f"{OLD}/rvu05a_r.zip", "RVU05AR", "rvu05a_r.zip", None),
    (f"{OLD}/rvu05_e.zip", "RVU05E", "rvu05_e.zip", None),
    (f"{OLD}/PRREV05D.zip", "PRREV05D", "prrev05d.zip", None),
    (f"{OLD}/rvu06ar2.zip", "RVU06AR2", "rvu06ar2.zip", None),
    (f"{OLD}/rvu07a4.zip", "RVU07A4", "rvu07a4.zip", None),
    (f"{OLD}/rvu08ab.zip", "RVU08AB", "rvu08ab.zip", None),
    (f"{OLD}/rvu10ar1.zip", "RVU10AR1", "rvu10ar1.zip", None),
    (f"{OLD}/rvu10c_pct22.zip", "RVU10C_PCT22", "rvu10c_pct22.zip", None),
    (f"{OLD}/rvu11b_2.zip", "RVU11B_2", "rvu11b_2.zip", None),
    (f"{OLD}/rvu12m.zip", "RVU12M", "rvu12m.zip", None),
    (f"{OLD}/rvu12b-.zip", "RVU12B", "rvu12b-.zip", None),
    (f"{OLD}/RVU13A.ZIP", "RVU13A", "rvu13a.zip", None),
    (f"{OLD}/rvu18c1.zip", "RVU18C1", "rvu18c1.zip", None),
    ("/files/zip/rvu20a-updated-01312020.zip", "RVU20A", "rvu20a-updated-01312020.zip", date(2020, 1, 31)),
    ("/files/zip/rvu23a-updated-01/31/2023.zip", "RVU23A", "rvu23a-updated-01_31_2023.zip", date(2023, 1, 31)),
    ("/files/zip/rvu23a-updated-01%2F31%2F2023.zip", "RVU23A", "rvu23a-updated-01_31_2023.zip", date(2023, 1, 31)),
    ("/files/zip/rvu24ar.zip", "RVU24AR", "rvu24ar.zip", None),
    ("/files/zip/rvu25d-0.zip", "RVU25D", "rvu25d-0.zip", None),
    ("/files/zip/rvu26a-updated-12-29-2025.zip", "RVU26A", "rvu26a-updated-12-29-2025.zip", date(2025, 12, 29)),
    ("/files/zip/rvu26a-updated-99-99-2025.zip", "RVU26A", "rvu26a-updated-99-99-2025.zip", None),
    ("/license/ama?file=/files/zip/rvu26d.zip&x=1", "RVU26D", "rvu26d.zip", None),
    ("/files/zip/rvu25a/../../etc/x.zip", "RVU25A", "rvu25a_.._.._etc_x.zip", None),
]  # fmt: skip


@pytest.mark.parametrize(("address", "release", "name", "updated_on"), ADDRESSES)
def test_the_addresses_of_zips(address, release, name, updated_on):
    posting = posting_of(Link(f"https://www.cms.gov{address}", "January"))
    assert posting is not None
    assert (posting.release, posting.file_name, posting.updated_on) == (release, name, updated_on)
    assert posting.url.endswith(address)


def test_the_text_of_a_link_serves_where_the_address_says_nothing():
    link = Link("https://www.cms.gov/files/zip/january-release.zip", "RVU25A - Updated 01/10/2025")
    posting = posting_of(link)
    assert posting is not None
    assert (posting.release, posting.updated_on) == ("RVU25A", date(2025, 1, 10))
    assert posting.file_name == "rvu25a.zip"


@pytest.mark.parametrize(
    "address",
    [
        "/files/zip/cy-2026-pfs-final-rule-addenda.zip",
        "/files/document/rvu25d.pdf",
        "/files/zip/dme25.zip",
        f"{LISTING_PATH}/rvu25d",
    ],
)
def test_other_addresses_are_no_zips_of_a_release(address):
    assert posting_of(Link(f"https://www.cms.gov{address}", "Download")) is None


def test_names_of_releases():
    assert release_name("RVU25A - Updated 01/10/2025") == "RVU25A"
    assert release_name("pfs-relative-value-files") == ""
    assert release_name("rvu2025") == ""
    order = [
        "RVU99A",
        "RVU26C",
        "RVU25D",
        "RVU25B",
        "RVU24AR",
        "RVU24A",
        "RVU12B",
        "RVU12M",
        "RVU12AR",
    ]
    assert [*reversed(order)] == sorted(order, key=age_key)


def test_a_listing_in_several_shapes():
    text = """
      <a href="/medicare/x/rvu25d">RVU25D</a> <a href='rvu25d#top'>again</a>
      <a href="/medicare/payment/y/node/123">RVU25C</a> <a href="/files/document/rvu25b.pdf">RVU25B</a>
      <a href="javascript:void(0)">RVU25A</a> <a>RVU24A</a> <a href="">none</a>
      <a href="https://www.cms.gov/files/zip/rvu24d.zip">old</a>"""
    listed = read_listing(links_of(text, "https://www.cms.gov/medicare/x/"))
    assert {name: (len(x.pages), len(x.postings)) for name, x in listed.items()} == {
        "RVU25D": (1, 0),
        "RVU25C": (1, 0),
        "RVU24D": (0, 1),
    }


def test_an_https_site_is_never_asked_by_http():
    client = Client("https://www.cms.gov")
    assert client.secured("http://www.cms.gov/x") == "https://www.cms.gov/x"
    assert client.is_same_site("https://downloads.cms.gov/x")
    assert not client.is_same_site("https://www.cms.gov.invalid/x")
    client.close()
