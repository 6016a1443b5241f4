"""Transfers that break: resumed or begun again, and never half a file under a name."""

import os
import subprocess
import sys
import time

import pytest

from pipeline.fetch.client import Manners
from pipeline.fetch.download import PART_KEPT, part_of
from tests.fetch.cms_server import Answer, broken_off, drip, file, in_turn, silent, status, zip_of
from tests.fetch.place import DATA, QUICK, ZIP, names, only_failure, run


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
