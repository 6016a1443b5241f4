"""What lies in ``raw/`` besides CMS's files, and inputs that are made to do harm.

What systems leave is ignored and listed; a zip, a folder or a lattice of symlinks of any shape
is looked into within bounds.
"""

import os
import struct
import subprocess
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import RefusedError
from pipeline.read import sort
from pipeline.read.bundle import Origin
from pipeline.read.gather import gather_postings
from pipeline.read.raw_folder import RawFolder, look_into, open_zips
from pipeline.read.sort import FileKind, SortedBundle, sort_bundle, split_postings
from pipeline.read.system_files import is_system_file, is_unfinished
from pipeline.refresh.inputs import origin_of
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.store.state import State
from tests.helpers import bundles

GPCI = bundles.SAMPLE / "GPCI2025.csv"
PPRRVU = bundles.SAMPLE / "PPRRVU2025_Oct_sample.csv"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A raw folder with one release, whose files are those of the sample as CSV."""
    folder = tmp_path / "raw" / "october"
    bundles.as_release(bundles.copy_sample(folder))
    return folder.parent


def opened(raw: Path, skip: tuple[str, ...] = ()) -> RawFolder:
    """What lies in a raw folder with its zips open; what cannot be opened is raised."""
    found = look_into(raw, skip)
    open_zips(found, skip)
    for error in found.refused.values():
        raise error
    return found


def sorted_bundles(raw: Path) -> list[SortedBundle]:
    return [sort_bundle(bundle) for bundle in opened(raw).bundles]


def labels_read(raw: Path) -> set[str]:
    return {member.label for bundle in sorted_bundles(raw) for _, member in bundle.files}


# ---------------------------------------------------------------- what systems leave

# name: whether it is a folder
LEFT_BY_SYSTEMS = {
    "october/~$PPRRVU2025_Oct.xlsx": False,
    "october/._PPRRVU2025_Oct.csv": False,
    "october/.~lock.GPCI2025.csv#": False,
    "october/GPCI2025.csv~": False,
    "october/GPCI2025.csv.bak": False,
    "october/.GPCI2025.csv.swp": False,
    "october/#GPCI2025.csv#": False,
    "october/GPCI2025.csv:Zone.Identifier": False,
    "october/GPCI2025.csv\uf03aZone.Identifier": False,
    "october/GPCI2025.csv:com.dropbox.attrs": False,
    "october.zip:Zone.Identifier": False,
    "october/.DS_Store": False,
    "Icon\r": False,
    "Thumbs.db": False,
    "Thumbs.db:encryptable": False,
    "DESKTOP.INI": False,
    "CMS.url": False,
    "RVU25D - Shortcut.lnk": False,
    ".rvu25c.zip.Ab12Cd": False,
    ".849C9593-D756-4E56-8D6E-42412F2A707B": False,
    ".dropbox.cache": True,
    "@eaDir": True,
    "#recycle": True,
    "#snapshot": True,
    "@Recycle": True,
    "$RECYCLE.BIN": True,
    "System Volume Information": True,
    "__MACOSX": True,
    "lost+found": True,
    ".Trash-1000": True,
}  # fmt: skip


def test_what_systems_leave_is_ignored_and_listed(raw, tmp_path):
    for name, is_folder in LEFT_BY_SYSTEMS.items():
        path = raw / name
        if is_folder:
            # A release in the recycle bin is no release, and what is not there is not missed.
            path.mkdir()
            (path / "PPRRVU25_JAN.csv").write_text("deleted")
        else:
            path.write_bytes(b"\0 no file of CMS")
    (raw / ".Spotlight-V100").symlink_to("nowhere")
    (raw / "@eaDir" / "PPRRVU25_JAN.csv").unlink()
    warehouse = tmp_path / "warehouse"
    options = Options(raw=raw, warehouse=warehouse)

    assert refresh(options, Report(quiet=True)).releases == ["RVU25D"]

    verdicts = State(warehouse / "state").read_inputs().verdicts
    ignored = {name for name, verdict in verdicts.items() if verdict == "ignored"}
    expected = {*LEFT_BY_SYSTEMS, ".Spotlight-V100"} - {
        "Icon\r",
        f"october/{'GPCI2025.csv'}\uf03aZone.Identifier",
    }
    # Names that a terminal cannot show are listed in a form that it can.
    assert ignored == expected | {"Icon\\r", "october/GPCI2025.csv\\uf03aZone.Identifier"}
    # What changes in them is nothing new.
    (raw / "Thumbs.db").write_bytes(b"another picture")
    (raw / "@eaDir" / "new").write_bytes(b"another index")
    before = (warehouse / "state" / "inputs.json").read_bytes()
    assert refresh(options, Report(quiet=True)).outcome == "nothing_new"
    assert (warehouse / "state" / "inputs.json").read_bytes() == before


@pytest.mark.parametrize(
    "name",
    [
        "rvu25d.zip.crdownload",
        "rvu25d.zip.part",
        "Unconfirmed 12345.crdownload",
        "rvu25d.zip.download",
        ".rvu25d.zip.icloud",
    ],
)
def test_a_download_that_has_not_ended_is_ignored_and_told_of(raw, tmp_path, name):
    (raw / name).write_bytes(b"half")
    assert is_unfinished(name)
    report = Report(quiet=True)
    refresh(Options(raw=raw, warehouse=tmp_path / "w", dry_run=True), report)
    assert f"{name} is not all there yet" in report.reminders[0]


@pytest.mark.parametrize(
    "name",
    [
        "rvu25d.zip", "RVU25D", "PPRRVU2025_Oct.csv", "GPCI2025 (1).csv", "ZIP5_OCT2025.txt",
        "rvu25d-DESKTOP.zip", "October ~ final", "PPRRVU25_APR (conflicted copy).xlsx",
    ],
)  # fmt: skip
def test_what_may_be_of_cms_is_not_taken_for_a_system_file(name):
    assert not is_system_file(name)


def test_a_name_in_another_encoding_is_read_under_a_name_that_can_be_shown(tmp_path):
    folder = tmp_path / os.fsdecode(b"donn\xe9es")
    folder.mkdir()
    (folder / "GPCI2025.csv").write_bytes(GPCI.read_bytes())
    [bundle] = look_into(tmp_path).bundles
    assert [member.label for member in bundle.members] == [r"donn\udce9es/GPCI2025.csv"]
    assert bundle.members[0].data == GPCI.read_bytes()


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
    zip_of(raw / "outer.zip", {"x/inner.zip": (tmp_path / "inner.zip").read_bytes(), "a.pdf": b""})
    report = Report(quiet=True)
    refresh(Options(raw=raw, warehouse=tmp_path / "w", dry_run=True), report)
    assert report.reminders[0].startswith("outer.zip/x/inner.zip is a zip in a zip")


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


# ---------------------------------------------------------------- several postings in one folder


def test_files_of_several_postings_in_one_folder_are_a_bundle_for_each_of_them(tmp_path):
    names = [
        "CLFS 2025 Q1V1.csv",
        "clfs 2025 q1v1.txt",
        "CLFS 2025 Q1V2.csv",
        "PUF_CLFS_CY2026_Q2V1.xlsx",
        "PPRRVU25_JAN.csv",
        "README.txt",
        "my notes.csv",
    ]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    [found] = sorted_bundles(tmp_path)
    parts = split_postings(found)
    assert {part.bundle.name: [x.base_name for _, x in part.files] for part in parts} == {
        "": ["PPRRVU25_JAN.csv"],
        "CLFS 2025 Q1V1.csv": ["CLFS 2025 Q1V1.csv", "clfs 2025 q1v1.txt"],
        "CLFS 2025 Q1V2.csv": ["CLFS 2025 Q1V2.csv"],
        "PUF_CLFS_CY2026_Q2V1.xlsx": ["PUF_CLFS_CY2026_Q2V1.xlsx"],
    }
    assert sum(len(part.bundle.members) for part in parts) == len(names)


WEB = "{} 2025 Web Addendum {}.csv"


@pytest.mark.parametrize(
    ("apart", "beside", "home"),
    [
        # The same posting, in another folder.
        (WEB.format("July", "A.07.25.25"), [], "july_again"),
        # Another day than Addendum B, which is the only one of its quarter.
        (WEB.format("January", "A.01.03.25"), [], "january"),
        (WEB.format("Jan", "A"), ["readme.txt"], "january"),
        # Two of the quarter, and neither of that day; a quarter that is not there; nothing said.
        (WEB.format("July", "A.07.01.25"), [], None),
        (WEB.format("April", "A.12.31.24"), [], None),
        ("Web Addendum A.csv", [], None),
    ],
)
def test_a_file_apart_from_the_main_file_of_its_posting_goes_with_it(tmp_path, apart, beside, home):
    names = {
        "january": WEB.format("January", "B.12.31.24"),
        "july": WEB.format("July", "B.06.26.25"),
        "july_again": WEB.format("July", "B.07.25.25"),
    }
    for folder, files in {**{x: [y] for x, y in names.items()}, "apart": [apart, *beside]}.items():
        (tmp_path / folder).mkdir()
        for name in files:
            (tmp_path / folder / name).write_bytes(b"x")
    found = gather_postings(sorted_bundles(tmp_path))
    held = {one.bundle.name: [x.base_name for _, x in one.files] for one in found}
    expected = {folder: [name] for folder, name in names.items()}
    expected[home or "apart"] = [*expected.get(home or "apart", []), apart]
    assert held == expected
    assert sum(len(one.bundle.members) for one in found) == 4 + len(beside)


def test_a_file_apart_from_two_of_its_kind_stays_where_it_is(tmp_path):
    for folder, letters in {"one": "AB", "other": "A"}.items():
        (tmp_path / folder).mkdir()
        for letter in letters:
            (tmp_path / folder / WEB.format("July", f"{letter}.07.25.25")).write_bytes(b"x")
    found = gather_postings(sorted_bundles(tmp_path))
    assert sorted(one.bundle.name for one in found) == ["one", "other"]


def test_a_workbook_with_a_sheet_for_each_kind_is_a_file_of_each_of_them(tmp_path, monkeypatch):
    kinds = {
        name: FileKind(
            "made", name, f"{name}.*", True, "refuse", 9, workbook="Both.*", sheet=name.upper()
        )
        for name in ("fees", "lists")
    }
    monkeypatch.setattr(sort, "file_kinds", lambda: kinds)
    (tmp_path / "one").mkdir()
    for name in ("Both 2025.xlsx", "Both 2025.csv", "fees 2025.xlsx"):
        (tmp_path / "one" / name).write_bytes(b"x")
    [found] = sorted_bundles(tmp_path)
    assert {kind: [x.label for x in members] for kind, members in found.members.items()} == {
        "fees": ["one/Both 2025.xlsx [FEES]", "one/fees 2025.xlsx"],
        "lists": ["one/Both 2025.xlsx [LISTS]"],
    }
    assert [member.base_name for member in found.unknown] == ["Both 2025.csv"]
    [member] = found.members["lists"]
    assert (member.on_disk, member.extension, member.data) == ("one/Both 2025.xlsx", "xlsx", b"x")
    found.forget_bytes()
    assert "data" not in member.__dict__


def test_files_of_one_posting_in_a_folder_stay_one_bundle(tmp_path):
    for name in ("CLFS 2025 Q1V1.csv", "CLFS 2025 Q1V1.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    [found] = sorted_bundles(tmp_path)
    assert split_postings(found) == [found]


# ---------------------------------------------------------------- folders and symlinks


@pytest.fixture
def nested(tmp_path: Path) -> Iterator[Callable[[int, str], Path]]:
    """A function that makes a folder with so many in each other, the innermost with a file."""
    top = tmp_path / "nested"

    def make(depth: int, name: str) -> Path:
        top.mkdir()
        inner = os.open(top, os.O_RDONLY)
        for _ in range(depth):
            os.mkdir(name, dir_fd=inner)
            below = os.open(name, os.O_RDONLY, dir_fd=inner)
            os.close(inner)
            inner = below
        file = os.open("GPCI2025.csv", os.O_WRONLY | os.O_CREAT, dir_fd=inner)
        os.write(file, GPCI.read_bytes())
        os.close(file)
        os.close(inner)
        return top

    yield make
    # Python's own removal of folders does not go so deep.
    subprocess.run(["rm", "-rf", str(top)], check=True)


def test_a_folder_1100_deep_is_read(nested):
    [bundle] = look_into(nested(1100, "d")).bundles
    assert bundle.name.count("d") == 1100
    assert bundle.members[0].data == GPCI.read_bytes()


def test_a_path_that_is_too_long_is_named_with_advice_that_works(nested):
    raw = nested(20, "d" * 250)
    [error] = look_into(raw).refused.values()
    assert "File name too long" in str(error)
    assert len(str(error)) < 1000
    assert look_into(raw, skip=(error.advice.rpartition(" ")[2],)).bundles == []


def test_every_real_folder_is_looked_into_once(tmp_path):
    """Forty levels of two symlinks each are a trillion paths."""
    raw, levels = tmp_path / "raw", tmp_path / "levels"
    raw.mkdir()
    for level in range(40):
        folder = levels / str(level)
        folder.mkdir(parents=True)
        (folder / "GPCI2025.csv").write_bytes(GPCI.read_bytes())
        for name in ("a", "b"):
            (folder / name).symlink_to(f"../{level + 1}")
    (levels / "40").mkdir()
    (levels / "40" / "back").symlink_to(raw)
    (raw / "first").symlink_to(levels / "0")
    found = look_into(raw)
    assert [bundle.name for bundle in found.bundles][:3] == ["first", "first/a", "first/a/a"]
    assert len(found.bundles) == 40
    assert found.copies["first/b"] == "first/a"
    assert found.copies["first" + "/a" * 40 + "/back"] == "the raw folder"


def test_a_folder_is_read_under_its_own_name_and_a_symlink_to_it_is_a_copy(raw, tmp_path):
    (raw / "a_link").symlink_to("october")
    assert {label.partition("/")[0] for label in labels_read(raw)} == {"october"}
    warehouse = tmp_path / "warehouse"
    assert refresh(Options(raw=raw, warehouse=warehouse), Report(quiet=True)).built == ["RVU25D"]
    assert State(warehouse / "state").read_inputs().verdicts["a_link"] == "copy"


def test_a_chain_of_symlinks_without_end_is_named(tmp_path):
    (tmp_path / "x").symlink_to("y")
    (tmp_path / "y").symlink_to("x")
    refused = look_into(tmp_path).refused
    assert str(refused["x"]).startswith("x: the symlink leads nowhere")
