"""Fetching as the first step of a refresh, which goes on whatever comes of it."""

import json
import re

import pytest

from pipeline.fetch import fetch_latest_if_allowed
from pipeline.fetch.licence import write_answer
from pipeline.fetch.run import FetchOptions
from pipeline.report import Report
from tests.fetch.cms_server import LICENCE_PAGE, html, status
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
