"""``fees fetch`` as a user or a script calls it."""

import json

import pytest
from click.testing import CliRunner, Result

import pipeline.fetch.raw as raw_module
from pipeline.cli.fetch import fetch as fetch_command
from pipeline.errors import StorageError, UsageError
from pipeline.fetch.errors import FetchError
from pipeline.fetch.run import FetchOptions
from tests.fetch.cms_server import status
from tests.fetch.place import DATA, names, run


def test_wrong_calls_are_told(place):
    with pytest.raises(UsageError, match="There is no folder"):
        run(place, raw=place.raw / "nowhere")
    for base in ("www.cms.gov", "http://[broken", "ftp://www.cms.gov", "https://"):
        with pytest.raises(UsageError, match="is no address"):
            run(place, base=base)


def test_a_raw_folder_that_cannot_be_written_to_is_told(place, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(raw_module.os, "fsync", full)
    with pytest.raises(StorageError, match=r"raw cannot be written or read: No space left"):
        run(place)
    assert names(place.raw) == []


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
