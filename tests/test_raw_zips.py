"""Zips in ``raw/``: those of other systems, and those that are made to do harm, which are refused within bounds."""

import json
import struct
import time
import zipfile
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import RefusedError
from pipeline.read.bundle import Origin
from pipeline.refresh.inputs import origin_of
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers.raw_folders import GPCI, PPRRVU, folder_of_october, opened, sorted_bundles


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return folder_of_october(tmp_path)


@pytest.mark.parametrize("part", [0, 3, 5000, -10])
def test_a_download_that_did_not_end_is_called_that_however_much_there_is(tmp_path, part):
    whole = zip_of(
        tmp_path / "rvu25d.zip", {"PPRRVU2025_Oct.csv": PPRRVU.read_bytes()}
    ).read_bytes()
    (tmp_path / "rvu25d.zip").write_bytes(whole[:part])
    with pytest.raises(RefusedError, match=r"it breaks off, as a download that did not end.*again"):
        opened(tmp_path)
    (tmp_path / "rvu25d.zip").write_bytes(b"<html>")
    with pytest.raises(RefusedError, match="File is not a zip file"):
        opened(tmp_path)


# ---------------------------------------------------------------- zips of other systems


def zip_of(path: Path, files: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packed) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            # The library would make slashes of what Windows writes.
            info.filename = name
            info.compress_type = packed
            archive.writestr(info, data)
    return path


@pytest.mark.parametrize(
    "prefix",
    ["rvu25d\\", "rvu25d/", "2025/rvu25d/", "2025\\RVU25D\\", "./", "donn\u00e9es/", "\u7801/"],
)
def test_files_are_found_in_whatever_folder_of_a_zip(tmp_path, prefix):
    files = {"PPRRVU2025_Oct.csv": PPRRVU.read_bytes(), "GPCI2025.csv": GPCI.read_bytes()}
    left = [
        "__MACOSX/._GPCI2025.csv",
        "Thumbs.db",
        "~$GPCI2025.xlsx",
        "GPCI2025.csv:Zone.Identifier",
    ]
    zip_of(
        tmp_path / "rvu25d.zip",
        {prefix: b""}
        | {prefix + name: data for name, data in files.items()}
        | {(prefix + name).replace("/", "\\" if "\\" in prefix else "/"): b"x" for name in left},
    )
    [bundle] = sorted_bundles(tmp_path)
    assert {member.base_name: member.data for _, member in bundle.files} == files
    assert len(bundle.ignored) == len(left)


def test_a_zip_in_a_zip_is_not_opened_and_told_of(raw, tmp_path):
    zip_of(tmp_path / "inner.zip", {"GPCI2025.csv": GPCI.read_bytes()})
    inner = (tmp_path / "inner.zip").read_bytes()
    files = {"x/inner.zip": inner, "x/._inner.zip": b"", GPCI.name: b"", PPRRVU.name: b""}
    zip_of(raw / "outer.zip", files)
    report = Report(quiet=True)
    refresh(Options(raw=raw, warehouse=tmp_path / "w", dry_run=True), report)
    told = [x for x in report.reminders if "zip in a zip" in x]
    assert [x.split()[0] for x in told] == ["outer.zip/x/inner.zip"]


def test_a_zip_of_nothing_but_a_zip_is_no_empty_raw_folder(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    files = {"rvu25d.zip": b"PK", "__MACOSX/._rvu25d.zip": b"x", "readme.txt": b"x"}
    zip_of(raw / "rvu25d_download.zip", files)
    with pytest.raises(RefusedError) as caught:
        refresh(Options(raw=raw, warehouse=tmp_path / "w"), Report(quiet=True))
    assert "no file of a release but rvu25d.zip, and a zip in a zip is not" in str(caught.value)
    assert caught.value.advice.startswith("Unpack it into a folder of its own")
    assert not (tmp_path / "w" / "fee_schedule.duckdb").exists()


# ---------------------------------------------------------------- zips that are made to do harm


def overlapping(path: Path) -> None:
    """Files of a zip that all are the same bytes of it."""
    zip_of(path, {"PPRRVU25.csv": GPCI.read_bytes()})
    data = path.read_bytes()
    begin = data.index(b"PK\1\2")
    end = data.index(b"PK\5\6")
    entry = data[begin:end]
    entries = [entry.replace(b"PPRRVU25", b"PPRRVU%02d" % number) for number in range(50)]
    listing = b"".join(entries)
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 50, 50, len(listing), begin, 0)
    path.write_bytes(data[:begin] + listing + tail)


def packed_to_a_lie(path: Path) -> None:
    """100 MB that declare to be 1,000 bytes."""
    zip_of(path, {"PPRRVU25.csv": b"0" * 100_000_000})
    data = path.read_bytes()
    size = struct.pack("<L", 100_000_000)
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, struct.pack("<L", 1000)))


def with_a_wrong_sum(path: Path) -> None:
    zip_of(path, {"PPRRVU25.csv": GPCI.read_bytes()})
    sum_of_bytes = struct.pack("<L", zlib.crc32(GPCI.read_bytes()))
    path.write_bytes(path.read_bytes().replace(sum_of_bytes, b"\0\0\0\1"))


def with_a_list_of_gigabytes(path: Path) -> None:
    zip_of(path, {"PPRRVU25.csv": b"x"})
    data = path.read_bytes()
    end = data.index(b"PK\5\6")
    with path.open("wb") as file:
        # A sparse file: the list of files lies in the hole.
        file.seek(6_000_000)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 6_000_000, 0, 0))
    assert end


HARMFUL_ZIPS = {
    "a tenth of a megabyte unpacks to 60 MB": (
        lambda path: zip_of(path, {PPRRVU.name: PPRRVU.read_bytes() + b"1,2,3,4,5\r\n" * 5_500_000}),
        "PPRRVU2025_Oct_sample.csv: the file has 60,",
    ),
    "unpacks to a hundred times its size": (
        lambda path: zip_of(path, {PPRRVU.name: b"1,2,3,4,5\r\n" * 500_000}),
        "of the zip would unpack to 5,500,000",
    ),
    "files that overlap": (overlapping, "files in the zip overlap"),
    "more than it declares": (packed_to_a_lie, "the file cannot be read"),
    "another sum of its bytes": (with_a_wrong_sum, "Bad CRC-32"),
    "a list of files that is no list": (with_a_list_of_gigabytes, "its list of files has 6,000,000 bytes"),
    "too many files": (
        lambda path: zip_of(path, {f"{n}.pdf": b"" for n in range(10_001)}, zipfile.ZIP_STORED),
        "the zip holds 10,001 files",
    ),
    "one name twice": (
        lambda path: zip_of(path, {"a/GPCI2025.csv": b"1", "a\\GPCI2025.csv": b"2"}),
        'the zip holds "a/GPCI2025.csv" more than once',
    ),
    "a line of eleven megabytes": (
        lambda path: zip_of(path, {"PPRRVU25.csv": b"x" * 11_000_000}, zipfile.ZIP_STORED),
        "the file has 11,000,000 bytes, and a pprrvu file of CMS far fewer than 10,000,000",
    ),
    "packed by what has no bound": (
        lambda path: zip_of(path, {"PPRRVU25.csv": GPCI.read_bytes()}, zipfile.ZIP_BZIP2),
        "packed in a way that CMS does not use",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL_ZIPS)
def test_a_zip_that_is_made_to_do_harm_is_refused_within_bounds(name, tmp_path, peak_memory):
    make, words = HARMFUL_ZIPS[name]
    make(tmp_path / "rvu25d.zip")
    with peak_memory(30_000_000), pytest.raises(RefusedError, match=words) as caught:
        for bundle in sorted_bundles(tmp_path):
            for _, member in bundle.files:
                assert member.data
    assert str(caught.value).startswith("rvu25d.zip")


def test_a_zip_of_many_files_takes_time_as_their_number(tmp_path):
    zip_of(tmp_path / "a.zip", {f"{n}/GPCI2025.csv": b"x" * 50 for n in range(5000)}, 0)
    [bundle] = opened(tmp_path).bundles
    began = time.process_time()
    for member in bundle.members:
        assert len(member.data) == 50
        member.forget_bytes()
    # One by one opened anew, the zip took 0.02 s for each file, which are 100.
    assert time.process_time() - began < 10


@pytest.mark.parametrize("name", ["rvu25d.zip/2025/GPCI2025.csv", "GPCI2025.csv"])
def test_a_file_of_a_zip_can_be_skipped_by_the_name_that_a_refusal_gives_it(tmp_path, name):
    zip_of(tmp_path / "rvu25d.zip", {"2025/GPCI2025.csv": b"", "2025/PPRRVU25.csv": b""})
    found = opened(tmp_path, (name,))
    assert found.skipped == ["rvu25d.zip/2025/GPCI2025.csv"]
    assert [member.base_name for member in found.bundles[0].members] == ["PPRRVU25.csv"]


@pytest.mark.parametrize(
    "text",
    ["[" * 90_000, '{"url": []}', '{"url": 5, "fetched_at": {}}', "[]", "{" + " " * 200_000 + "}"],
)
def test_a_sidecar_that_is_none_tells_nothing(tmp_path, text):
    path = zip_of(tmp_path / "rvu25d-updated-09_12_2025.zip", {PPRRVU.name: PPRRVU.read_bytes()})
    path.with_name(f"{path.name}.source.json").write_text(text)
    [bundle, _] = sorted(sorted_bundles(tmp_path), key=lambda one: not one.schedules)
    assert origin_of(bundle.bundle) == Origin(date(2025, 9, 12))


def test_a_sidecar_tells_of_the_zip_that_was_fetched_and_of_no_other_in_its_place(tmp_path):
    path = zip_of(tmp_path / "rvu25d.zip", {PPRRVU.name: PPRRVU.read_bytes()})
    url = "https://www.cms.gov/files/zip/rvu25d-updated-09/12/2025.zip"
    fetched = {"url": url, "fetched_at": "2025-09-13T06:15:00+00:00", "bytes": path.stat().st_size}
    path.with_name(f"{path.name}.source.json").write_text(json.dumps(fetched))
    [bundle, _] = sorted(sorted_bundles(tmp_path), key=lambda one: not one.schedules)
    assert origin_of(bundle.bundle) == Origin(date(2025, 9, 12), date(2025, 9, 13))
    zip_of(path, {PPRRVU.name: PPRRVU.read_bytes(), "GPCI2025.csv": b""})
    assert origin_of(bundle.bundle) == Origin()


def test_the_advice_on_two_files_of_one_name_leaves_out_one_of_them(tmp_path):
    zip_path = tmp_path / "raw" / "rvu25d.zip"
    zip_path.parent.mkdir()
    data = PPRRVU.read_bytes()
    zip_of(zip_path, {"a/PPRRVU2025_Oct.csv": data, "b/PPRRVU2025_Oct.csv": data + b"\r\n"})
    options = Options(raw=zip_path.parent, warehouse=tmp_path / "warehouse")
    with pytest.raises(RefusedError) as caught:
        refresh(options, Report(quiet=True))
    name = "rvu25d.zip/b/PPRRVU2025_Oct.csv"
    assert f"--skip {name}" in caught.value.advice
    assert refresh(replace(options, skip=(name,)), Report(quiet=True)).outcome == "published"
