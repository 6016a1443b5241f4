"""What the warehouse holds is never lost by accident, and what it is made from never wrong."""

import os
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import MissingReleaseError
from pipeline.publish.holdings import LoadedFile, cut_short, holdings, refuse_missing
from pipeline.read.sort import is_ignored
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules.pfs.identity import identify
from pipeline.store.state import State
from tests.helpers import bundles
from tests.helpers.marks import cases

HEAD = [
    "2025 National Physician Fee Schedule Relative Value File October Release",
    "RELEASED 09/12/2025",
]


@pytest.fixture
def place(tmp_path: Path, add_release) -> Options:
    """A warehouse of one release that does not call itself a sample."""
    options = Options(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    options.raw.mkdir()
    add_release(options.raw)
    refresh(options, Report(quiet=True))
    return options


def again(options: Options, **changed):
    return refresh(Options(**(vars(options) | changed)), Report(quiet=True))


def fee(options: Options) -> str:
    with duckdb.connect(str(options.warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        query = (
            "select nonfacility_fee from payment_locality where hcpcs_code = '99291' "
            "and mac = '01112' and locality_number = '05'"
        )
        return str(con.sql(query).fetchall()[0][0])


def test_files_make_holdings():
    found = holdings("RVU25D", "RVU25D@2025-09-11", ["gpci"])
    assert found == {"RVU25D", "RVU25D@2025-09-11", "RVU25D/gpci"}


def test_a_release_that_is_gone_stands_for_its_files():
    held = {"RVU25D", "RVU25D/gpci", "zip5"}
    with pytest.raises(MissingReleaseError, match="holds RVU25D, but") as caught:
        refuse_missing(held, {"zip5"}, (), Path("raw"))
    assert "RVU25D/gpci" not in str(caught.value)
    refuse_missing(held, {"zip5"}, ("RVU25D",), Path("raw"))


def test_the_command_to_forget_stands_alone_at_the_end():
    with pytest.raises(MissingReleaseError) as caught:
        refuse_missing({"zip5"}, set(), (), Path("raw"), ["ZIP5.txt: the file is empty."])
    assert str(caught.value) == (
        "The warehouse holds zip5, but raw no longer does; nothing was changed. What lies there was "
        "not read: ZIP5.txt: the file is empty. Bring it back (is a disk not mounted?), or run: "
        "fees forget zip5"
    )


def test_what_was_left_out_by_name_is_forgotten_with_that_name():
    with pytest.raises(MissingReleaseError) as caught:
        refuse_missing({"RVU25D"}, set(), (), Path("raw"), skip=["my rvu25d.zip"])
    assert str(caught.value) == (
        "The warehouse holds RVU25D, but raw no longer does; nothing was changed. Leave --skip out "
        "or bring it back (is a disk not mounted?), or run: fees forget RVU25D --skip 'my rvu25d.zip'"
    )


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"loaded_count": 94}, 1),
        ({"loaded_count": 94, "source_file": "renamed/ASP.csv"}, 1),
        ({"loaded_count": 95}, 0),
        # Another posting is told from this one by a check; in another layout lines are no measure.
        ({"loaded_count": 94, "posting_id": "ASP25Q1@2025-03-07"}, 0),
        ({"loaded_count": 94, "layout": "asp_old"}, 0),
    ],
)
def test_a_file_that_is_replaced_in_place_by_one_with_far_fewer_rows_is_named(changed, found):
    held = {
        "release_id": "ASP25Q1",
        "posting_id": "ASP25Q1@2024-12-19",
        "file_kind": "asp",
        "source_file": "asp/ASP.csv",
        "layout": "asp",
        "loaded_count": 100,
    }
    sentences = list(cut_short([LoadedFile(**held)], [LoadedFile(**(held | changed))]))
    assert len(sentences) == found
    assert all("has 94 rows and takes the place of one with 100" in x for x in sentences)


@pytest.mark.parametrize(("name", "found"), [("ZIP5_OCT2025.txt", 1), ("ZIP5_JAN2026.xlsx", 0)])
def test_a_companion_is_replaced_by_one_of_its_name(name, found):
    held = LoadedFile("", "", "zip5", "ZIP5_OCT2025.txt", "zip5", 100)
    now = LoadedFile("", "", "zip5", name, "zip5", 50)
    assert len(list(cut_short([held], [now]))) == found


@pytest.mark.slow
def test_a_file_that_lost_a_third_of_its_rows_warns_when_it_replaces_the_whole_one(place):
    for path in (place.raw / "rvu25d").glob("OPPSCAP*"):
        path.unlink()
    [path] = (place.raw / "rvu25d").glob("PPRRVU*.csv")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) * 2 // 3]))
    report = Report(quiet=True)
    refresh(Options(**(vars(place) | {"forget": ("RVU25D/oppscap",)})), report)
    assert any("takes the place of one with" in warning for warning in report.warnings)


@pytest.mark.slow
def test_a_release_that_lost_its_gpci_file_replaces_nothing(place):
    (place.raw / "rvu25d" / "GPCI2025.csv").unlink()
    with pytest.raises(MissingReleaseError, match="fees forget RVU25D/gpci"):
        again(place)
    assert fee(place) == "314.79"
    again(place, forget=("RVU25D/gpci",))
    assert fee(place) == "None"


@pytest.mark.slow
def test_a_companion_that_is_gone_replaces_nothing(place):
    zips = place.raw / "ZIP5_OCT2025.txt"
    zips.write_bytes((bundles.SAMPLE / zips.name).read_bytes())
    again(place)
    zips.unlink()
    with pytest.raises(MissingReleaseError, match="holds zip5, but"):
        again(place)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("keeps_time", [False, True], ids=["written", "rotten"])
def test_a_damaged_artefact_is_made_anew_and_enters_no_build(place, add_release, keeps_time):
    """A file that kept its size and its time is hashed where ``--verify`` asks for that."""
    (damaged,) = (place.warehouse / "artefacts").glob("rvu25d-*/exports/payment_national.csv")
    data = bytearray(damaged.read_bytes())
    data[-2] ^= 1
    before = damaged.stat()
    damaged.chmod(0o644)
    damaged.write_bytes(data)
    if keeps_time:
        os.utime(damaged, ns=(before.st_atime_ns, before.st_mtime_ns))
    add_release(place.raw, "rvu25c", "July")
    assert again(place, verify=keeps_time).built == ["RVU25C", "RVU25D"]


@pytest.mark.slow
@pytest.mark.parametrize("text", cases(["", "[]", "{", '{"unknown": 1}'], ["", "[]", "{"]))
def test_a_damaged_state_is_written_anew(place, text):
    (place.warehouse / "state" / "inputs.json").write_text(text)
    assert again(place).outcome == "nothing_new"
    assert State(place.warehouse / "state").read_inputs().build_id


@pytest.mark.slow
def test_a_torn_line_of_the_run_history_is_passed_over(place):
    history = place.warehouse / "state" / "runs.jsonl"
    history.write_text(history.read_text() + '{"at": "2026-')
    assert [run["outcome"] for run in State(history.parent).runs()] == ["published"]


@pytest.mark.long
@pytest.mark.slow
def test_exports_in_force_stay_whatever_the_clock_says(place, add_release):
    for name, month in (("rvu25c", "July"), ("rvu25b", "April"), ("rvu25a", "January")):
        add_release(place.raw, name, month)
        again(place)
        for manifest in (place.warehouse / "exports").glob("b*/manifest.json"):
            manifest.touch()
    assert (place.warehouse / "exports" / "current" / "manifest.json").exists()
    assert len(list((place.warehouse / "exports").glob("b*"))) == 3


def test_indices_of_another_year_are_left_unread(tmp_path, add_release):
    raw = tmp_path / "raw"
    add_release(raw)
    path = raw / "rvu25d" / "GPCI2025.csv"
    path.write_bytes(path.read_bytes().replace(b"2025", b"2024"))
    options = Options(raw=raw, warehouse=tmp_path / "warehouse")
    refresh(options, Report(quiet=True))
    with duckdb.connect(str(options.warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        query = "select unread_reason from source_file where file_kind = 'gpci'"
        [(reason,)] = con.sql(query).fetchall()
    assert "name 2024, but the release is of 2025" in reason


@pytest.mark.parametrize("name", ["rvu25dv2", "rvu25dfinal", "RVU25D2X"])
def test_a_folder_name_invents_no_release(name):
    found = identify(HEAD, name, "P.csv")
    assert found.release_id == "RVU25D"
    assert "which is no release of CMS; it is taken for RVU25D" in found.remarks[0]


@pytest.mark.parametrize("name", ["rvu25d", "rvu25d-updated-09_12_2025.zip", "October", "x/RVU25D"])
def test_the_title_names_the_release(name):
    assert identify(HEAD, name, "P.csv").posting_id == "RVU25D@2025-09-12"


def test_only_a_files_own_name_makes_it_documentation():
    assert is_ignored("Licensed files/README.txt")
    assert is_ignored("__MACOSX/PPRRVU2025_Oct.csv")
    assert not is_ignored("Licensed files/PPRRVU2025_Oct.csv")
