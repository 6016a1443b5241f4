"""``fees fetch`` as a user or a script calls it."""

import json
import os

import pytest
from click.testing import CliRunner, Result

import pipeline.fetch.raw as raw_module
from pipeline.cli.fetch import fetch as fetch_command
from pipeline.errors import StorageError, UsageError
from pipeline.fetch import fetch_latest_if_allowed
from pipeline.fetch.errors import FetchError
from pipeline.fetch.memory import Memory
from pipeline.fetch.run import FetchOptions
from pipeline.report import Report
from tests.fetch.cms_server import Server, file, status
from tests.fetch.place import DATA, ZIP, names, run


def test_wrong_calls_are_told(place):
    with pytest.raises(UsageError, match="There is no folder"):
        run(place, raw=place.raw / "nowhere")
    for base in (
        "www.cms.gov",
        "http://[broken",
        "ftp://www.cms.gov",
        "https://",
        "https://h/?x",
        "https://h/#x",
    ):
        with pytest.raises(UsageError, match="is no address"):
            run(place, base=base)


def test_a_password_in_an_address_is_neither_printed_nor_noted(place, server, capsys):
    base = server.base.replace("//", "//me:s3cret@")
    with pytest.raises(UsageError, match="without name and password") as failed:
        run(place, base=base)
    assert "s3cret" not in str(failed.value)
    assert fetch_latest_if_allowed(place.raw, place.warehouse, Report(), base) == []
    assert "without name and password" in Memory.read(place.warehouse / "state").failure
    assert "s3cret" not in "".join(capsys.readouterr())
    assert "s3cret" not in (place.warehouse / "state" / "fetch.json").read_text()
    assert server.requests == []


@pytest.fixture
def server_of_ipv6():
    """CMS with one release, at an address of IPv6 alone."""
    try:
        running = Server("::1")
    except OSError:
        pytest.skip("This computer has no IPv6.")
    running.list_releases("RVU25D")
    running.offer("RVU25D", ZIP, file(DATA))
    yield running
    running.stop()


def test_a_mirror_may_have_an_address_of_ipv6_alone(place, server_of_ipv6):
    assert run(place, base=server_of_ipv6.base).new_files == ["rvu25d.zip"]


@pytest.mark.parametrize("written", [0, 1])
def test_a_raw_folder_that_cannot_be_written_to_is_told(place, monkeypatch, written):
    room = iter(range(written))

    def full(descriptor):
        if next(room, None) is None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(raw_module.os, "fsync", full)
    with pytest.raises(StorageError, match=r"raw cannot be written or read: No space left"):
        run(place)
    assert names(place.raw) == []


def test_the_umask_says_who_may_read_what_was_fetched(place):
    before = os.umask(0o077)
    try:
        run(place)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in place.raw.iterdir()} == {0o600}


def command(place: FetchOptions, *arguments: str) -> Result:
    """``fees fetch`` as a user calls it."""
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
