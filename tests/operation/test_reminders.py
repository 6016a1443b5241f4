"""What a refresh reminds of: the release of the quarter that has begun. And room on the disk."""

import io
import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import date

import pytest

from pipeline.errors import StorageError
from pipeline.read.bundle import FileStamp
from pipeline.read.raw_folder import RawFolder
from pipeline.refresh.disk_space import (
    ARTEFACTS_PER_NEW_BYTE,
    BUILD_AT_LEAST,
    BUILD_PER_BYTE,
    needed_bytes,
)
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules.all import schedule_named
from pipeline.schedules.due import missing_by_schedule, reminder
from pipeline.schedules.pfs.periods import missing_release, release_of
from pipeline.store.state import Inputs
from schemas.definitions import schedule_names
from tests.operation.place import add_zips, published, snapshot

pytestmark = pytest.mark.whole

# ---------------------------------------------------------------- the quarter


def released(name: str, begins: str, ends: str) -> dict:
    return {"release_id": name, "effective_from": begins, "effective_to": ends}


OCTOBER_2025 = released("RVU25D", "2025-10-01", "2025-12-31")
MARCH_2024 = released("RVU24AR", "2024-03-09", "2024-03-31")
JANUARY_2024 = released("RVU24A", "2024-01-01", "2024-03-08")


@pytest.mark.parametrize(
    ("loaded", "today", "missing"),
    [
        ([OCTOBER_2025], date(2025, 10, 1), ""),
        ([OCTOBER_2025], date(2025, 12, 31), ""),
        ([OCTOBER_2025], date(2026, 1, 1), "2026-01-01 has begun, and no release of it (RVU26A,"),
        ([OCTOBER_2025], date(2025, 9, 30), "2025-07-01 has begun, and no release of it (RVU25C,"),
        ([JANUARY_2024], date(2024, 3, 20), ""),
        ([MARCH_2024], date(2024, 1, 2), ""),
        ([MARCH_2024], date(2024, 4, 1), "2024-04-01 has begun, and no release of it (RVU24B,"),
        # There is no 2009 D: 2009 C held until the end of the year.
        ([released("RVU09C", "2009-07-01", "2009-12-31")], date(2009, 11, 1), ""),
        ([], date(2026, 7, 1), "2026-07-01 has begun, and no release of it (RVU26C,"),
    ],
)
def test_a_quarter_that_has_begun_needs_a_release(loaded, today, missing):
    found = missing_release(loaded, today)
    assert missing in found.sentence if missing else found is None


@pytest.mark.parametrize(
    ("day", "release"),
    [
        (date(2025, 5, 1), "RVU25B"),
        (date(2024, 3, 8), "RVU24A"),
        (date(2024, 3, 9), "RVU24AR"),
        (date(2024, 4, 1), "RVU24B"),
        (date(2012, 3, 1), "RVU12M"),
        # There is no 2009 D, and no 2010 B.
        (date(2009, 11, 1), "RVU09C"),
        (date(2010, 6, 1), "RVU10AR1"),
    ],
)
def test_the_release_to_load_for_a_day_is_the_one_that_is_for_it(day, release):
    assert release_of(day) == release


def test_the_latest_release_is_named():
    missing = missing_release([OCTOBER_2025, MARCH_2024], date(2026, 2, 1))
    assert missing.latest == "RVU25D" and "; the latest is RVU25D." in missing.sentence


def held(*names: str) -> list[dict]:
    """Releases of the last quarter of 2025, each written as its schedule and its name."""
    return [
        {"schedule": name.split()[0]} | released(name.split()[1], "2025-10-01", "2025-12-31")
        for name in names
    ]


def test_several_schedules_that_wait_for_their_quarter_are_one_line():
    today = date(2026, 2, 1)
    missing = missing_by_schedule(held("pfs RVU25D", "clfs CLFS25Q4", "opps_rule OPPS25FR"), today)
    assert reminder(missing, today) == (
        "Of 3 schedules the releases that CMS should have posted by 2026-02-01 are not loaded: "
        "pfs RVU26A (latest RVU25D); clfs CLFS26Q1 (latest CLFS25Q4); opps_rule OPPS26FR (latest OPPS25FR). "
        "Get them from CMS into the raw folder, or run: fees fetch --schedule pfs --schedule clfs "
        "(which does not fetch opps_rule)"
    )
    assert reminder({}, today) == ""
    assert "no release of it (RVU26A, say)" in reminder({"pfs": missing["pfs"]}, today)
    assert reminder({"a": missing["opps_rule"], "b": missing["opps_rule"]}, today).endswith(
        "Get them from CMS into the raw folder"
    )


@pytest.mark.parametrize("name", schedule_names())
def test_every_schedule_says_what_it_misses_and_whether_it_is_fetched(name):
    missing = missing_by_schedule(held(f"{name} X25Q4P"), date(2099, 12, 31))[name]
    assert missing.release_ids and missing.latest == "X25Q4P"
    assert missing.is_fetched == (schedule_named(name).listing is not None)


def test_a_refresh_reminds_of_what_is_late_and_does_nothing_else(real_place):
    report = Report(quiet=True)
    refresh(replace(real_place, today=date(2025, 11, 1)), report)
    assert report.reminders == []
    late = replace(real_place, today=date(2026, 2, 1))
    refresh(late, Report(quiet=True))
    before = snapshot(real_place)
    report = Report(quiet=True)
    assert refresh(late, report).outcome == "nothing_new"
    assert [reminder[:37] for reminder in report.reminders] == [
        "CMS's quarter from 2026-01-01 has beg"
    ]
    assert report.warnings == []
    assert snapshot(real_place) == before


def test_what_was_refused_stands_behind_all_reminders(real_place):
    broken = real_place.raw / "rvu99a.zip"
    broken.write_bytes(b"<html>a page, and no zip</html>")
    stream = io.StringIO()
    refresh(replace(real_place, today=date(2026, 2, 1)), Report(stream=stream))
    *others, last = stream.getvalue().splitlines()
    assert last.startswith("error: rvu99a.zip: not a readable zip")
    assert any(line.startswith("warning: CMS's quarter from 2026-01-01") for line in others)


def test_the_sample_reminds_of_no_quarter(place):
    report = Report(quiet=True)
    refresh(replace(place, today=date(2031, 1, 1)), report)
    assert report.reminders == []


# ---------------------------------------------------------------- room on the disk

Usage = namedtuple("Usage", "total used free")


@pytest.mark.slow
def test_a_build_that_the_disk_has_no_room_for_is_not_begun(place, monkeypatch):
    first = published(place)
    add_zips(place, "20261")
    before = snapshot(place)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, 5_000_000))
    words = r"has 5 MB free, and this build may need 4\d MB; nothing was changed\. Make room, or"
    with pytest.raises(StorageError, match=words) as caught:
        refresh(place, Report(quiet=True))
    assert caught.value.exit_code == 10
    assert (published(place), snapshot(place)) == (first, before)
    monkeypatch.undo()
    assert refresh(place, Report(quiet=True)).outcome == "published"


def test_nothing_new_needs_no_room(place, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, 0))
    assert refresh(place, Report(quiet=True)).outcome == "nothing_new"


def test_only_what_is_new_is_read_again():
    old, new = FileStamp("rvu25a.zip", 5_000_000, 1, 1), FileStamp("rvu25b.zip", 4_000_000, 1, 2)
    found = RawFolder([], [old, new], [])
    every = BUILD_PER_BYTE * 9_000_000 + BUILD_AT_LEAST
    before = Inputs(fingerprint="this", stamps=[old])
    assert needed_bytes(found, before, "this") == ARTEFACTS_PER_NEW_BYTE * 4_000_000 + every
    assert needed_bytes(found, before, "another") == ARTEFACTS_PER_NEW_BYTE * 9_000_000 + every


def test_a_build_takes_no_more_than_was_estimated(real_place):
    stamps = [
        FileStamp(path.name, path.stat().st_size, 0, 0) for path in real_place.raw.rglob("*.csv")
    ]
    files = {path.stat().st_ino: path.stat().st_size for path in real_place.warehouse.rglob("*.*")}
    assert sum(files.values()) < needed_bytes(RawFolder([], stamps, []), Inputs(), "")
