"""The client: servers that fail are asked again politely, and no request is without end."""

import re
import resource
import time
from dataclasses import replace

import pytest

from pipeline.fetch.client import Client, Manners, _certificates
from pipeline.fetch.errors import FetchError, OfflineError
from tests.fetch.cms_server import (
    LISTING_PATH,
    broken_off,
    drip,
    file,
    html,
    in_turn,
    packed,
    redirect,
    silent,
    status,
    zip_of,
)
from tests.fetch.place import DATA, QUICK, ZIP, names, only_failure, run


@pytest.mark.parametrize("answer", [status(500), status(503), broken_off(DATA, 1000)])
def test_what_may_pass_is_tried_again(place, server, answer):
    server.answers[ZIP] = in_turn(answer, file(DATA))
    assert run(place).new_files == ["rvu25d.zip"]
    assert len(server.paths("/files/zip")) == 2


@pytest.mark.parametrize("answer", [silent(3), drip(DATA, 1)])
def test_what_takes_too_long_is_tried_again(place, server, answer):
    server.answers[ZIP] = in_turn(answer, file(DATA))
    manners = replace(QUICK, read_timeout=2, longest_request=3)
    assert run(place, manners=manners).new_files == ["rvu25d.zip"]
    assert len(server.paths("/files/zip")) == 2


def test_attempts_are_bounded_and_have_waits_between(place, server):
    server.answers[ZIP] = status(500)
    began = time.monotonic()
    error = only_failure(run(place, manners=replace(QUICK, waits=(0.1, 0.2))))
    assert str(error) == f"{server.base}{ZIP} answered with HTTP 500; try later."
    assert error.exit_code == 9
    assert len(server.paths("/files/zip")) == 2
    # Two pages were asked before.
    assert time.monotonic() - began >= 0.1 + 0.1 + 0.1 + 0.2


@pytest.mark.parametrize("code", [403, 404, 429])
def test_a_refusal_is_not_tried_again(place, server, code):
    server.answers[ZIP] = status(code)
    assert f"HTTP {code}: open it in a browser" in str(only_failure(run(place)))
    assert len(server.paths("/files/zip")) == 1


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_that_says_when_is_not_asked_before(place, server, code):
    server.answers[ZIP] = in_turn(status(code, Retry_After="1"), file(DATA))
    began = time.monotonic()
    assert run(place).new_files == ["rvu25d.zip"]
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    ("said", "seconds"), [("3600", "3,600"), ("Fri, 31 Dec 2100 23:59:59 GMT", "[0-9,]{13}")]
)
def test_a_server_that_wants_to_be_left_alone_for_long_is(place, server, said, seconds):
    server.answers[ZIP] = status(503, Retry_After=said)
    error = str(only_failure(run(place)))
    assert re.search(f"HTTP 503; try in {seconds} seconds, as it asks", error)
    assert len(server.paths("/files/zip")) == 1


@pytest.mark.parametrize("said", ["soon", "-1", "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 99 Oct"])
def test_a_time_that_says_nothing_changes_nothing(place, server, said):
    server.answers[ZIP] = status(503, Retry_After=said)
    assert "HTTP 503; try later" in str(only_failure(run(place)))
    assert len(server.paths("/files/zip")) == 3


def test_three_failures_end_the_fetch(place, server):
    releases = [f"RVU2{year}{letter}" for year in (4, 5) for letter in "ABCD"]
    server.list_releases(*releases)
    for name in releases:
        server.offer(name, f"/files/zip/{name.lower()}.zip", status(404))
    outcome = run(place, every=True)
    assert len(outcome.failures) == len(server.paths("/files/zip")) == 3
    with pytest.raises(FetchError, match=r"^3 downloads failed; the first failure: "):
        outcome.raise_failure()


def test_one_failure_does_not_keep_other_releases_away(place, server):
    server.list_releases("RVU25D", "RVU25A")
    server.offer("RVU25A", "/files/zip/rvu25a.zip", file(zip_of("25A")))
    server.answers[ZIP] = html(b"<html>moved</html>")
    outcome = run(place, every=True)
    assert outcome.new_files == ["rvu25a.zip"]
    assert "web page instead of a zip" in str(only_failure(outcome))


# ---------------------------------------------------------------- where a server leads


def test_redirects_within_the_site_are_followed(place, server):
    server.answers[ZIP] = redirect("/files/zip/moved/x")
    server.answers["/files/zip/moved/x"] = file(DATA)
    assert run(place).new_files == ["rvu25d.zip"]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://127.0.0.2/rvu25d.zip", "leads to another site"),
        ("//127.0.0.2/rvu25d.zip", "leads to another site"),
        ("ftp://127.0.0.1/rvu25d.zip", "leads to another site"),
        (ZIP, "redirects"),
        ("http://[broken", "leads to another site"),
    ],
)
def test_redirects_elsewhere_or_without_end_are_not(place, server, target, said):
    server.answers[ZIP] = redirect(target)
    assert said in str(only_failure(run(place)))


@pytest.mark.parametrize("address", [LISTING_PATH, ZIP])
def test_a_port_that_does_not_exist_is_one_sentence(place, server, address):
    server.answers[address] = redirect("http://127.0.0.1:99999/")
    with pytest.raises(FetchError, match=r"leads to, no address: .*port must be 0-65535"):
        run(place).raise_failure()


def test_an_https_site_is_never_asked_by_http():
    client = Client("https://www.cms.gov", Manners())
    assert client.secured("http://www.cms.gov/x") == "https://www.cms.gov/x"
    assert client.is_same_site("https://downloads.cms.gov/x")
    assert not client.is_same_site("http://www.cms.gov/x")
    assert not client.is_same_site("https://www.cms.gov.invalid/x")
    assert not client.is_same_site("https://notcms.gov/x")


# ---------------------------------------------------------------- bounds


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n"


@pytest.mark.parametrize("data", [HEAD + b"X-More: 1\r\n" * 1000, HEAD + b"\r\n" + b"x" * 4000])
@pytest.mark.parametrize("address", [LISTING_PATH, ZIP])
def test_a_server_that_drips_is_given_up_as_a_whole(place, server, data, address):
    server.answers[address] = drip(data, 0.01)
    manners = replace(QUICK, waits=(0,), longest_request=0.4)
    began = time.monotonic()
    with pytest.raises(FetchError, match="did not answer in time"):
        run(place, manners=manners).raise_failure()
    assert time.monotonic() - began < 3


def test_all_that_one_fetch_asks_has_an_end(place, server):
    manners = replace(QUICK, longest_fetch=0)
    with pytest.raises(FetchError, match="was not asked any more: CMS is too slow"):
        run(place, manners=manners)
    assert server.requests == []


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("address", [LISTING_PATH, ZIP])
def test_what_comes_compressed_is_refused_and_never_unpacked(place, server, layers, address):
    server.answers[address] = packed(bytes(100_000_000), layers)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FetchError, match=r"came compressed \(gzip"):
        run(place).raise_failure()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
    assert names(place.raw) == []


@pytest.mark.parametrize("length", [None, ""])
def test_a_file_beyond_the_size_limit_is_not_taken(place, server, length):
    server.answers[ZIP] = broken_off(DATA, len(DATA), length=length)
    manners = replace(QUICK, largest_zip=1000)
    assert "has more than 1,000 bytes" in str(only_failure(run(place, manners=manners)))
    assert names(place.raw) == []


# ---------------------------------------------------------------- no connection


def test_offline_says_so(place, server):
    server.stop()
    with pytest.raises(OfflineError, match=r"^127\.0\.0\.1 cannot be reached \(.+\)\.$"):
        run(place)
    with pytest.raises(OfflineError, match=r"^www\.cms\.gov cannot be reached \(.+\)\.$"):
        run(place, base="https://www.cms.gov")
    assert OfflineError("").exit_code == 9


def test_the_host_that_cannot_be_reached_is_named_behind_a_redirect_too(place, server):
    server.answers[ZIP] = redirect("http://files.127.0.0.1/rvu25d.zip")
    assert str(only_failure(run(place))).startswith("files.127.0.0.1 cannot be reached")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("HTTPS_PROXY", "socks5h://proxy:1080"),
        ("HTTP_PROXY", "nonsense://127.0.0.1:9"),
        ("HTTP_PROXY", "http://[broken"),
        ("NO_PROXY", "localhost,[::1]"),
        ("NO_PROXY", "fe80::/10"),
        ("SSL_CERT_FILE", "/nonexistent"),
        ("HTTP_PROXY", "http://127.0.0.1:9"),
    ],
)
def test_settings_that_the_library_rejects_are_one_sentence(place, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    # They are read once in a process.
    _certificates.cache_clear()
    with pytest.raises(FetchError) as failed:
        run(place).raise_failure()
    assert name in str(failed.value) or isinstance(failed.value, OfflineError)
    _certificates.cache_clear()
