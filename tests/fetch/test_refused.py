"""Other things than a zip of CMS: a licence page, a web page, a bomb, a flood."""

import gzip
import re

import pytest

from pipeline.fetch.client import Manners
from pipeline.fetch.errors import LicencePageError
from tests.fetch.cms_server import LICENCE_PAGE, bomb_of, broken_off, file, html, redirect
from tests.fetch.place import DATA, QUICK, ZIP, names, only_failure, run


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
