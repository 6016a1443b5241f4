"""Fetching as the first step of a refresh, which goes on whatever comes of it."""

import io
import json
import re
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner

from pipeline.cli.refresh import refresh as refresh_command
from pipeline.errors import LockedError
from pipeline.fetch import fetch_latest_if_allowed
from pipeline.fetch.licence import VERSION, write_answer
from pipeline.fetch.memory import Memory
from pipeline.fetch.run import FetchOptions, fetch
from pipeline.refresh.lock import only_refresh
from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.store.state import State
from tests.fetch.cms_server import ACCEPTED, LICENCE_PAGE, Server, file, html, status, zip_of
from tests.fetch.place import DATA, ZIP


def step(place: FetchOptions, capsys, base: str = "") -> tuple[list[str], str]:
    """The first step of a refresh: the new files, and what was said."""
    new = fetch_latest_if_allowed(place.raw, place.warehouse, Report(), base or place.base)
    return new, capsys.readouterr().err


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
        "fetch: off: to let a refresh download new releases: fees licence\n",
    )
    assert step(place, capsys) == ([], "")
    write_answer(place.warehouse / "state", "withdrawn")
    assert step(place, capsys) == ([], "")
    write_answer(place.warehouse / "state", "accepted")
    path = place.warehouse / "state" / "settings.json"
    path.write_text(path.read_text().replace(f'"version": {VERSION}', f'"version": {VERSION - 1}'))
    assert "the words of the license have changed; see: fees licence" in step(place, capsys)[1]
    assert server.requests == []


@pytest.mark.parametrize(
    ("name", "value"), [("ALL_PROXY", "socks5://127.0.0.1:9"), ("NO_PROXY", "localhost,[::1]")]
)
def test_settings_that_the_library_rejects_stop_no_refresh(place, capsys, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    new, said = step(place, capsys)
    assert new == []
    assert re.fullmatch(rf"warning: nothing was fetched: .*{name}.* Going on .*\n", said)


def test_not_even_a_fault_of_our_own_stops_a_refresh(place, capsys, monkeypatch):
    def fault(*arguments):
        raise ZeroDivisionError("nobody thought of this")

    monkeypatch.setattr("pipeline.fetch.run.fetch", fault)
    new, said = step(place, capsys)
    assert new == []
    assert said == (
        "warning: nothing was fetched: ZeroDivisionError('nobody thought of this'). "
        "Going on with what is there.\n"
    )
    assert "nobody thought" in Memory.read(place.warehouse / "state").failure


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


@pytest.mark.parametrize("looked_at", [{"dry_run": True}, {"releases": ("RVU25A",)}])
def test_what_was_only_looked_at_keeps_no_refresh_from_fetching(
    place, server, capsys, quick_manners, looked_at
):
    server.list_releases("RVU25D", "RVU25A")
    server.offer("RVU25A", "/files/zip/rvu25a.zip", file(zip_of("25A")))
    assert fetch(replace(place, **looked_at), Report(quiet=True)).failures == []
    assert step(place, capsys)[0] == ["rvu25d.zip"]


# ---------------------------------------------------------------- within a refresh


@pytest.fixture
def release(server, add_release, tmp_path, quick_manners) -> Server:
    """CMS with a release that a refresh can read, behind its licence page."""
    add_release(tmp_path / "unpacked")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted((tmp_path / "unpacked" / "rvu25d").iterdir()):
            archive.write(path, path.name)
    server.answers[ZIP] = html(LICENCE_PAGE)
    server.answers[ZIP + ACCEPTED] = file(content.getvalue())
    return server


def refreshed(place: FetchOptions, **changed) -> tuple[Outcome, Report]:
    """A refresh that fetches first."""
    options = Options(place.raw, place.warehouse, fetch=True, fetch_from=place.base, **changed)
    report = Report(quiet=True)
    return refresh(options, report), report


def asked_long_ago(place: FetchOptions) -> None:
    """Let the hour pass in which CMS is not asked again."""
    path = place.warehouse / "state" / "fetch.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"asked_at": "2025-01-01T00:00Z"}))


def history(place: FetchOptions) -> list[dict]:
    return State(place.warehouse / "state").runs()


@pytest.mark.slow
def test_what_is_fetched_is_built_in_the_same_run_and_noted(place, release):
    outcome, _ = refreshed(place)
    assert (outcome.outcome, outcome.releases) == ("published", ["RVU25D"])
    assert outcome.fetched == ["rvu25d.zip"]
    assert history(place)[-1]["fetched"] == ["rvu25d.zip"]
    asked_long_ago(place)
    outcome, _ = refreshed(place)
    assert (outcome.outcome, outcome.fetched) == ("nothing_new", [])
    assert len(history(place)) == 1


@pytest.mark.long
@pytest.mark.slow
def test_a_library_that_refreshes_asks_nobody(place, release):
    refresh(Options(place.raw, place.warehouse, fetch_from=place.base), Report(quiet=True))
    assert release.requests == []


def test_a_dry_run_of_a_refresh_asks_nobody(place, release):
    refreshed(place, dry_run=True)
    assert release.requests == []


@pytest.mark.slow
def test_the_command_asks_cms_unless_told_not_to(place, release):
    places = ["--raw", str(place.raw), "--warehouse", str(place.warehouse), "--from", place.base]
    quiet = CliRunner().invoke(refresh_command, [*places, "--no-fetch"])
    assert (quiet.exit_code, release.requests) == (0, [])
    loud = CliRunner().invoke(refresh_command, places)
    assert loud.exit_code == 0, loud.output
    assert "fetch: RVU25D: new: rvu25d.zip" in loud.stderr
    assert "with RVU25D\n" in loud.stdout


@pytest.mark.slow
def test_without_a_connection_the_refresh_goes_on_with_what_is_there(place, release, add_release):
    add_release(place.raw)
    release.stop()
    outcome, report = refreshed(place)
    assert (outcome.outcome, outcome.releases) == ("published", ["RVU25D"])
    assert report.warnings == []
    failure = Memory.read(place.warehouse / "state").failure
    assert failure.startswith("127.0.0.1 cannot be reached")


@pytest.mark.slow
def test_a_failure_of_cms_is_a_reminder_and_fails_no_refresh(place, release, add_release):
    add_release(place.raw)
    release.answers[ZIP + ACCEPTED] = html(LICENCE_PAGE)
    outcome, report = refreshed(place)
    assert outcome.outcome == "published"
    assert report.reminders[0].startswith("nothing was fetched: CMS shows its license page")
    # A later answer ends what failed.
    assert Memory.read(place.warehouse / "state").failure
    release.answers[ZIP] = file(DATA)
    new = fetch_latest_if_allowed(place.raw, place.warehouse, report, place.base)
    assert new == ["rvu25d.zip"]
    assert Memory.read(place.warehouse / "state").failure == ""


@pytest.mark.long
@pytest.mark.slow
def test_settings_that_cannot_be_read_fail_no_refresh(place, release):
    (place.warehouse / "state" / "settings.json").write_text("{")
    outcome, report = refreshed(place)
    assert outcome.outcome == "published"
    assert "settings.json cannot be read" in report.reminders[0]
    assert release.requests == []


@pytest.mark.slow
def test_what_was_fetched_is_published_beside_what_was_refused(place, release):
    (place.raw / "rvu26d.zip").write_text("no zip")
    refreshed(place)
    line = history(place)[-1]
    assert (line["outcome"], line["exit_code"]) == ("published", 13)
    assert line["fetched"] == ["rvu25d.zip"]


def test_only_one_refresh_fetches(place, release):
    with only_refresh(place.warehouse / "state"), pytest.raises(LockedError):
        refreshed(place)
    assert release.requests == []
