"""The client: servers that fail are asked again politely, and left alone in time."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipeline.fetch.client import Client, Manners
from pipeline.fetch.errors import FetchError, OfflineError
from pipeline.pfs.listing import (
    LISTING_PATH,
)
from tests.fetch.cms_server import file, html, in_turn, redirect, status, zip_of
from tests.fetch.place import DATA, QUICK, ZIP, only_failure, run


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


def test_redirects_within_the_site_are_followed(place, server):
    server.answers[ZIP] = redirect("/files/zip/moved/x")
    server.answers["/files/zip/moved/x"] = file(DATA)
    assert run(place).new_files == ["rvu25d.zip"]


def test_redirects_elsewhere_or_without_end_are_not(place, server):
    server.answers[ZIP] = redirect("http://127.0.0.2/rvu25d.zip")
    assert "leads to another site" in str(only_failure(run(place)))
    server.answers[ZIP] = redirect(ZIP)
    assert "without end" in str(only_failure(run(place)))


def test_offline_says_so(place, server):
    port = server.server_address[1]
    server.stop()
    with pytest.raises(OfflineError, match=r"^127\.0\.0\.1 cannot be reached \(.*refused\)\.$"):
        run(place)
    with pytest.raises(OfflineError, match=r"^www\.cms\.gov cannot be reached \(.*not known\)\.$"):
        run(place, base="https://www.cms.gov")
    assert OfflineError("").exit_code == 9
    assert port


def test_an_https_site_is_never_asked_by_http():
    client = Client("https://www.cms.gov")
    assert client.secured("http://www.cms.gov/x") == "https://www.cms.gov/x"
    assert client.is_same_site("https://downloads.cms.gov/x")
    assert not client.is_same_site("https://www.cms.gov.invalid/x")
    client.close()
