"""What lies in ``raw/`` besides CMS's files: what systems leave, and folders and symlinks of any shape."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.read.raw_folder import look_into
from pipeline.read.sort import kinds_of
from pipeline.read.system_files import is_system_file, is_unfinished
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.store.state import State
from tests.helpers.raw_folders import GPCI, folder_of_october, sorted_bundles

pytestmark = pytest.mark.whole


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return folder_of_october(tmp_path)


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


def test_a_download_that_has_not_ended_is_ignored_and_told_of(raw, tmp_path):
    names = [
        "rvu25d.zip.crdownload",
        "rvu25d.zip.part",
        "Unconfirmed 12345.crdownload",
        "rvu25d.zip.download",
        ".rvu25d.zip.icloud",
    ]
    for name in names:
        (raw / name).write_bytes(b"half")
        assert is_unfinished(name)
    report = Report(quiet=True)
    refresh(Options(raw=raw, warehouse=tmp_path / "w", dry_run=True), report)
    told = [x.partition(" is not all there yet")[0] for x in report.reminders[: len(names)]]
    assert sorted(told) == sorted(names)


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


def test_a_raw_folder_that_is_a_link_to_a_disk_not_mounted_is_told(tmp_path):
    (tmp_path / "raw").symlink_to(tmp_path / "disk" / "raw")
    with pytest.raises(UsageError, match=r"leads nowhere; is a disk not mounted\?"):
        refresh(Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse"), Report(quiet=True))


def test_a_chain_of_symlinks_without_end_is_named(tmp_path):
    (tmp_path / "x").symlink_to("y")
    (tmp_path / "y").symlink_to("x")
    refused = look_into(tmp_path).refused
    assert str(refused["x"]).startswith("x: the symlink leads nowhere")


@pytest.mark.parametrize(
    "name",
    [
        "Anesthesia CY 2027 locality adjusted CF 23DEC26.xlsx",
        "2027 Anesthesia Conversion Factors.xlsx",
        "cy-2027-locality-adjusted-anesthesia-conversion-factors.xlsx",
    ],
)
def test_anesthesia_factors_are_known_wherever_the_year_stands_in_the_name(name):
    assert [kind.name for kind in kinds_of(name)] == ["anesthesia_factor"]
