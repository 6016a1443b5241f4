"""The embedded sample is current, shows what its README promises, and holds nothing of CMS's words.

What is compared with CMS's real files skips where these are not beside the project.
"""

import csv
import hashlib
import re
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.definitions import SCHEMAS

pytestmark = pytest.mark.whole

PROJECT = Path(__file__).parent.parent
SAMPLE = PROJECT / "pipeline" / "sample"
RELEASE = SAMPLE / "rvu25d-sample"
README = (SAMPLE / "README.md").read_text("utf-8")

DATA = PROJECT.parent / "shared" / "data"
NOT_THERE = (
    "CMS's real files are not beside the project (looked in ../shared/data), so neither the figures "
    "of the sample nor the words of the repository were compared with them"
)
if not DATA.is_dir():
    # A skip tells its reason only to those who ask (-rs); a warning tells everybody.
    warnings.warn(pytest.PytestWarning(NOT_THERE), stacklevel=1)


def with_real_files(test):
    """Mark a test that needs CMS's real files."""
    return pytest.mark.real(pytest.mark.skipif(not DATA.is_dir(), reason=NOT_THERE)(test))


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV table of the project."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def csv_records(path: Path) -> list[list[str]]:
    """The records of a CSV file of CMS or of the sample, without blanks around the fields."""
    with path.open(encoding="cp1252", newline="") as handle:
        return [[field.strip() for field in record] for record in csv.reader(handle)]


FIGURES = table(SAMPLE / "figures.csv")
LOCALITIES = table(SAMPLE / "localities.csv")
ZIPS = table(SAMPLE / "zips.csv")
LAB_FEES = table(SAMPLE / "lab_fees.csv")
SECTIONS = table(SCHEMAS / "pfs" / "reference" / "code_section.csv")

# Every value that these columns have in CMS's release of October 2025.
VALUES = {
    "modifier": " 26 53 TC",
    "status_code": "A B C E I J M N P R T X",
    "not_used_for_medicare": " +",
    "nonfacility_na": " NA",
    "facility_na": " NA",
    "pctc_indicator": "0 1 2 3 4 5 6 7 8 9",
    "global_days": "000 010 090 MMM XXX YYY ZZZ",
    "multiple_procedure_indicator": "0 2 3 4 5 6 7 9",
    "bilateral_indicator": "0 1 2 3 9",
    "assistant_surgeon_indicator": "0 1 2 9",
    "co_surgeon_indicator": "0 1 2 9",
    "team_surgeon_indicator": "0 1 2 9",
    "supervision_indicator": "01 02 03 04 05 09 21 66 6A 7A",
    "calculation_flag": "0",
    "imaging_family_indicator": "88 99",
}

# Sections of the code range that have no code in that release.
EMPTY_SECTIONS = {
    *("Proprietary Laboratory Analyses", "Multianalyte Assays", "Vaccine Administration"),
    *(f"HCPCS {letter}" for letter in "BCEKLU"),
}


# ---------------------------------------------------------------- current


def check(sample: Path) -> subprocess.CompletedProcess:
    return build(sample, "--check")


def build(sample: Path, *options: str) -> subprocess.CompletedProcess:
    code = f"from pathlib import Path; from pipeline.sample.builder.__main__ import main; exit(main(Path({str(sample)!r})))"
    return subprocess.run(
        [sys.executable, "-c", code, *options], cwd=PROJECT, capture_output=True, text=True
    )


def test_the_sample_is_what_its_tables_give() -> None:
    found = check(SAMPLE)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def change_a_figure(sample: Path) -> None:
    path = sample / "rvu25d-sample" / "GPCI2025.csv"
    path.write_bytes(path.read_bytes().replace(b"0.869", b"0.896", 1))


def change_a_table(sample: Path) -> None:
    path = sample / "zips.csv"
    path.write_bytes(path.read_bytes().replace(b"99517", b"99518", 1))


def remove_a_file(sample: Path) -> None:
    (sample / "rvu25d-sample" / "25LOCCO.xlsx").unlink()


def add_a_file(sample: Path) -> None:
    (sample / "rvu25d-sample" / "more.txt").touch()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tamper", "name"),
    [
        (change_a_figure, "GPCI2025.csv"),
        (change_a_table, "ZIP5_OCT2025.txt"),
        (remove_a_file, "25LOCCO.xlsx"),
        (add_a_file, "more.txt"),
    ],
)
def test_check_names_the_file_that_is_not_what_the_tables_give(tamper, name, tmp_path) -> None:
    copy = shutil.copytree(SAMPLE, tmp_path / "sample")
    tamper(copy)
    found = check(copy)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == (
        f"The sample release is not what the tables give: {name}. Write it anew with: make sample\n"
    )


@pytest.mark.slow
def test_building_again_mends_a_tampered_sample(tmp_path) -> None:
    copy = shutil.copytree(SAMPLE, tmp_path / "sample")
    change_a_figure(copy)
    assert build(copy).returncode == 0
    assert check(copy).returncode == 0


# ---------------------------------------------------------------- what the README promises


def section_of(code: str) -> tuple[str, str]:
    """Section and subsection of a code by the curated table; fails unless there is exactly one."""
    letter_kind = "level_2" if code[0].isalpha() else f"suffix_{code[-1]}"
    kind = "numeric" if code.isdigit() else letter_kind
    (section,) = [
        (row["section"], row["subsection"])
        for row in SECTIONS
        if row["code_kind"] == kind and row["first_code"] <= code <= row["last_code"]
    ]
    return section


def test_readme_counts_the_rows() -> None:
    for name, rows, count in (
        ("figures", FIGURES, "420 rows"),
        ("localities", LOCALITIES, "the 109 payment localities"),
        ("zips", ZIPS, "159 ZIP codes"),
        ("lab_fees", LAB_FEES, "19 laboratory fees"),
        ("mue_limits", table(SAMPLE / "mue_limits.csv"), "30 Medically Unlikely Edits"),
        ("hcpcs_codes", table(SAMPLE / "hcpcs_codes.csv"), "68 HCPCS Level II codes"),
        (
            "surgical_center_fees",
            table(SAMPLE / "surgical_center_fees.csv"),
            "37 codes of surgical centers",
        ),
    ):
        assert f"| `{name}.csv` | {count}" in README
        assert f" {len(rows)} " in f" {count} "


@pytest.mark.parametrize("column", VALUES)
def test_every_value_occurs(column: str) -> None:
    assert {row[column] for row in FIGURES} == set(VALUES[column].split(" "))


def test_every_section_with_codes_occurs() -> None:
    with_codes = {
        (row["section"], row["subsection"])
        for row in SECTIONS
        if row["section"] not in EMPTY_SECTIONS
    }
    assert {section_of(row["hcpcs_code"]) for row in FIGURES} == with_codes


def test_codes_named_in_the_readme_are_there() -> None:
    named = set(re.findall(r"\b\d{5}\b", README))
    assert named == {"50688", "76145", "76814"}
    assert named <= {row["hcpcs_code"] for row in FIGURES}
    payments = [record for record in csv_records(RELEASE / "PFREV4.txt") if len(record) > 1]
    assert {record[3] for record in payments} == named
    assert f"{len(payments)} records of the payment file" in README


def test_every_locality_occurs_once_and_has_a_zip_code() -> None:
    keys = [(row["mac"], row["locality_number"]) for row in LOCALITIES]
    assert len(set(keys)) == len(keys)
    assert {(row["mac"], row["locality_number"]) for row in ZIPS} == set(keys)


def test_labels_fit_their_field() -> None:
    assert all(1 <= len(row["description"]) <= 50 for row in FIGURES)


# ---------------------------------------------------------------- CMS's real files


def release_figures() -> Iterator[list[str]]:
    """The records of CMS's release of October 2025, without title and header."""
    for record in csv_records(DATA / "rvu25d" / "PPRRVU2025_Oct.csv"):
        if re.fullmatch(r"\w{5}", record[0]) and record[0] != "HCPCS":
            yield record


@with_real_files
def test_every_value_and_section_of_the_real_release_is_listed_here() -> None:
    records = list(release_figures())
    columns = list(FIGURES[0])
    for column, values in VALUES.items():
        position = columns.index(column)
        assert {record[position] for record in records} == set(values.split(" ")), column
    found = {section_of(record[0])[0] for record in records}
    assert {row["section"] for row in SECTIONS} - found == EMPTY_SECTIONS


@with_real_files
def test_figures_are_those_of_the_real_release_but_for_the_labels() -> None:
    def without_label(record: list[str]) -> list[str]:
        return [*record[:2], *record[3:]]

    codes = {row["hcpcs_code"] for row in FIGURES}
    expected = [without_label(record) for record in release_figures() if record[0] in codes]
    assert sorted(without_label(list(row.values())) for row in FIGURES) == sorted(expected)


@with_real_files
def test_amounts_are_those_that_cms_published() -> None:
    caps = csv_records(RELEASE / "OPPSCAP_Oct.csv")[1:-1]
    published = csv_records(DATA / "rvu25d" / "OPPSCAP_Oct.csv")
    codes = {row["hcpcs_code"] for row in FIGURES}
    assert sorted(caps) == sorted(record for record in published if record[0] in codes)
    assert f"{len(caps):,} rows of the cap" in README

    def payments(folder: Path) -> Counter:
        records = csv_records(folder / "PFREV4.txt")
        return Counter(
            tuple(record) for record in records if len(record) > 1 and record[3] in codes
        )

    once = payments(RELEASE)
    # In CMS's file every record stands twice.
    assert payments(DATA / "pfrev25d") == once + once


@with_real_files
def test_no_file_is_one_of_cms() -> None:
    real_files = {}
    for path in filter(Path.is_file, DATA.rglob("*")):
        real_files[digest(path.read_bytes())] = path.name
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    real_files[digest(archive.read(name))] = name
    same = {
        str(path.relative_to(PROJECT)): real_files[found]
        for path in repository_files()
        if (found := digest(path.read_bytes())) in real_files
    }
    assert same == {}


@with_real_files
def test_no_descriptor_of_a_cpt_or_cdt_code_stands_in_the_repository() -> None:
    descriptors: dict[str, set[tuple[str, ...]]] = {}
    for record in release_figures():
        if re.fullmatch(r"\d{4}[0-9A-Z]|D\d{4}", record[0]):
            descriptor = words(record[2])
            if len(descriptor) > 1:
                descriptors.setdefault(descriptor[0], set()).add(descriptor)
    assert sum(map(len, descriptors.values())) > 10_000

    found = {}
    for path in repository_files():
        text = text_of(path)
        for position, word in enumerate(text):
            for descriptor in descriptors.get(word, ()):
                if text[position : position + len(descriptor)] == descriptor:
                    # The place says enough; the message must not spread the descriptor.
                    found[str(path.relative_to(PROJECT))] = f"word {position}"
    assert found == {}


def repository_files() -> list[Path]:
    """The files of the repository, with those that are new; skips where git does not know."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        reason = "git does not list the files of the project, so they were not compared with CMS's"
        warnings.warn(pytest.PytestWarning(reason), stacklevel=2)
        pytest.skip(reason)
    paths = (PROJECT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> tuple[str, ...]:
    """The words of a text file, or of the text members of a workbook."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return words(archive.read("xl/sharedStrings.xml").decode("utf-8"))
    return words(path.read_bytes().decode("utf-8", "replace"))


def words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, split at everything but letters and digits."""
    return tuple(re.findall(r"[^\W_]+", text.lower()))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
