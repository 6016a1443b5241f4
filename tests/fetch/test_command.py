"""``pfs fetch`` as a user or a script calls it."""

import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

import pipeline.fetch.run as run_module
from pipeline.cli.fetch import _bar
from pipeline.cli.fetch import fetch as fetch_command
from pipeline.errors import LockedError, StorageError, UsageError
from pipeline.fetch.errors import FetchError
from pipeline.fetch.run import FetchOptions, fetch
from pipeline.report import Report
from tests.fetch.cms_server import status
from tests.fetch.place import DATA, run


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
