"""Which files of a folder make one posting: several in one folder, one over several, and a workbook of many kinds."""

import zipfile

import pytest

from pipeline.errors import RefusedError
from pipeline.read import sort
from pipeline.read.gather import gather_postings
from pipeline.read.sort import FileKind, split_postings
from tests.helpers.raw_folders import sorted_bundles


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


def test_a_zip_of_several_postings_is_whole_whatever_else_lies_in_it(tmp_path):
    names = ["CLFS 2025 Q1V1.csv", "CLFS 2025 Q2V1.csv", "what.dat", "README.txt"]
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as made:
        for name in names:
            made.writestr(name, "x")
    [found] = sorted_bundles(tmp_path)
    parts = split_postings(found)
    for part in parts:
        sort.refuse_headless(part)
    assert [len(part.files) for part in parts] == [1, 1]
    assert [len(part.unknown) for part in parts] == [1, 0]
    assert sum(len(part.bundle.members) for part in parts) == len(names)


def test_a_day_with_its_century_is_the_same_posting_as_without(tmp_path):
    for name in ("Jan 2025 ASP Pricing 12.19.2024.csv", "January 2025 ASP Pricing 121924.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    [found] = sorted_bundles(tmp_path)
    assert len(found.files) == 2
    assert split_postings(found) == [found]


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (
            "2025_July_Web_Addendum_B.06.26.25.csv",
            "July 2025 Web Addendum B.06.26.25.xlsx",
            "Section 508 version of January 2025 Web Addendum B.12.31.24.csv",
        ),
        (
            "2025_Q3_Web_Addendum_B.06.26.25.csv",
            "2025 Jul Web Addendum A.06.26.25.csv",
            "2025_Oct_Web_Addendum_B.06.26.25.csv",
        ),
        (
            "2025-Jul-ASP-Pricing-File-062325.csv",
            "July 2025 ASP Pricing File 062325.xls",
            "2025_April_ASP_Pricing_File_032025.csv",
        ),
    ],
)
def test_the_year_of_a_quarter_may_stand_before_its_month_or_number(tmp_path, one, same, other):
    for name in (one, same, other):
        (tmp_path / name).write_bytes(b"x")
    [found] = sorted_bundles(tmp_path)
    parts = [{x.base_name for _, x in part.files} for part in split_postings(found)]
    assert sorted(parts, key=len) == [{other}, {one, same}]


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


def test_the_first_quarter_is_the_month_that_it_begins_with() -> None:
    """CMS names one file of a posting after a month and another one after its quarter."""
    pattern = r"(?P<month>jan|apr|jul|oct)|Quarter (?P<quarter>[1-4])"
    kind = FileKind("made", "made", ".*", True, "refuse", 1, posting=pattern)
    names = ("FEES_JAN.csv", "ZIP codes, Quarter 1.csv", "FEES_OCT.csv", "ZIP codes, Quarter 4.csv")
    assert [kind.posting_of(name) for name in names] == [
        "month jan", "month jan", "month oct", "month oct",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Addendum A.txt"], "no file of a release, by the names of Addendum A.txt"),
        (
            ["fees 1.csv", "fees 2.csv", "fees 3.csv", "fees 4.csv"],
            "no file of a release, by the names of fees 1.csv, fees 2.csv, fees 3.csv and 1 more",
        ),
    ],
)
def test_a_release_whose_files_have_no_name_that_is_known_is_refused_with_their_names(
    tmp_path, names, words
):
    folder = tmp_path / "2025 NFRM OPPS Addenda"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"x")
    [found] = sorted_bundles(tmp_path)
    with pytest.raises(RefusedError) as caught:
        sort.refuse_headless(found)
    assert words in str(caught.value)
    assert "give its files the names that they have at CMS" in caught.value.advice


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["GPCI2026.csv"], "it holds GPCI2026.csv, but no PPRRVU file"),
        (["PPRRVU2026_Jul_QPP.csv"], "it holds PPRRVU2026_Jul_QPP.csv, but no other PPRRVU file"),
    ],
)
def test_a_release_without_its_main_file_is_refused_with_what_it_holds(tmp_path, names, words):
    folder = tmp_path / "rvu26c"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"x")
    [found] = sorted_bundles(tmp_path)
    with pytest.raises(RefusedError, match=words) as caught:
        sort.refuse_headless(found)
    # The files of those who qualify and of all others may have been unpacked into a folder each.
    assert caught.value.advice.startswith("Put all files of a release into one folder")
