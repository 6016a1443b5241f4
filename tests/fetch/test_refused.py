"""Other things than a zip of CMS: a web page, damage, a bomb, another release."""

import gzip
import io
import zipfile

import pytest

from tests.fetch.cms_server import bomb_of, broken_off, file, in_turn
from tests.fetch.place import DATA, QUICK, ZIP, names, only_failure, run


@pytest.mark.parametrize("data", [b"<!DOCTYPE html><p>Error", b"\xef\xbb\xbf\r\n<HTML>"])
def test_html_with_status_200_is_no_zip(place, server, data):
    server.answers[ZIP] = file(data)
    assert "gave a web page instead of a zip: open it in a browser" in str(only_failure(run(place)))
    assert names(place.raw) == []
    assert len(server.paths("/files/zip")) == 1


def encrypted() -> bytes:
    """A zip whose file says that it is encrypted."""
    data = bytearray(DATA)
    data[6] |= 1
    data[DATA.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def liar() -> bytes:
    """A zip that unpacks to far more than it says."""
    size = QUICK.largest_unpacked * 2
    return bomb_of(size).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a readable zip"),
        (b"plain text", "not a readable zip"),
        (gzip.compress(b"x" * 5000, mtime=0), "not a readable zip"),
        (DATA[200:], "zip"),
        (DATA[:1500] + bytes([DATA[1500] ^ 1]) + DATA[1501:], "Bad CRC-32"),
        (encrypted(), "is encrypted"),
        (bomb_of(QUICK.largest_unpacked + 1), "a zip of 1,000,001 bytes unpacked"),
        (liar(), "PPRRVU.csv"),
    ],
)
def test_anything_else_is_no_zip_and_leaves_nothing(place, server, data, said):
    server.answers[ZIP] = file(data)
    assert said in str(only_failure(run(place)))
    assert names(place.raw) == []


def test_a_truncated_file_without_a_length_is_noticed(place, server):
    server.answers[ZIP] = in_turn(broken_off(DATA, len(DATA) - 10, length=""))
    assert "not a readable zip" in str(only_failure(run(place)))
    assert names(place.raw) == []


def titled(year: int, month: str) -> bytes:
    """A zip whose PPRRVU file names a release in its title."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        title = f",,{year} National Physician Fee Schedule Relative Value File {month} Release\r\n"
        archive.writestr("PPRRVU2025_Oct.csv", title)
    return content.getvalue()


def test_the_zip_of_another_release_is_refused(place, server):
    for year, month in ((2025, "July"), (2024, "October")):
        server.answers[ZIP] = file(titled(year, month))
        assert f"gave the release of {month} {year} instead" in str(only_failure(run(place)))
        assert names(place.raw) == []
    server.answers[ZIP] = file(titled(2025, "October"))
    assert run(place).new_files == ["rvu25d.zip"]
