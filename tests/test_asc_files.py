"""The addenda of surgical centers as files: their forms, the next quarters, and what is not to be trusted."""

import csv
import io
import shutil
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import RefusedError
from pipeline.read.raw_folder import look_into, open_zips
from pipeline.read.sort import kinds_of, sort_bundle, split_postings
from pipeline.read.unproven import LeftOut, UnprovenError
from pipeline.release.files import members_by_kind
from pipeline.release.model import build_model
from pipeline.release.read import read_release
from pipeline.sample import ASC_BUNDLE
from pipeline.schedules.asc.definition import ASC
from pipeline.store.shelf import Artefact, Shelf
from tests.helpers.places import NOT_THERE, REAL_FILES

pytestmark = pytest.mark.whole


@dataclass
class Built:
    """A release as it was read and computed."""

    read: Artefact
    model: Artefact

    def rows(self, table: str, what: str = "*") -> list[tuple]:
        artefact = self.read if table == "source_file" else self.model
        path = artefact.table_path(table)
        return duckdb.sql(f"SELECT {what} FROM '{path}' ORDER BY ALL").fetchall()

    def findings(self) -> dict[str, int]:
        found = self.rows("check_result", "check_name, finding_count")
        return {name: count for name, count in found if count}

    def worse_findings(self) -> dict[str, int]:
        """The same without what is listed only."""
        return {x: n for x, n in self.findings().items() if x != "repeated_records_are_read_once"}


def build(raw: Path, shelf: Path) -> Built:
    """Read and compute the one release below ``raw``; what cannot be trusted is left out."""
    found = look_into(raw)
    open_zips(found)
    [bundle] = [x for one in found.bundles for x in split_postings(sort_bundle(one))]
    left_out = LeftOut("asc_aa")
    with ThreadPoolExecutor(1) as side:
        while True:
            try:
                read = read_release(bundle, ASC, left_out, Shelf(shelf), "made", side)
                try:
                    model = build_model(read.artefact, ASC, Shelf(shelf), 1, side)
                    model.finish()
                    read.finish()
                finally:
                    read.give_up()
                return Built(read.artefact, model.artefact)
            except UnprovenError as error:
                left_out.add(error, members_by_kind(bundle, ASC))


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Built]:
    """Build the sample's files: some of them, in another manner, after something was done to them."""

    def make(keep: str = "*.csv", change: Callable[[Path], object] | None = None) -> Built:
        folder = tmp_path / "raw" / "asc"
        folder.mkdir(parents=True)
        for path in ASC_BUNDLE.glob(keep):
            shutil.copy(path, folder)
        if change:
            change(folder)
        return build(tmp_path / "raw", tmp_path / "shelf")

    return make


def addendum(folder: Path, name: str) -> Path:
    [path] = folder.glob(f"*ASC-{name}*.csv")
    return path


def rewrite(folder: Path, name: str, change: Callable[[list[list[str]]], list[list[str]]]) -> None:
    """Write the cells of an addendum anew."""
    path = addendum(folder, name)
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("cp1252"), newline="")))
    text = io.StringIO()
    csv.writer(text).writerows(change(rows))
    path.write_bytes(text.getvalue().encode("cp1252"))


def replace_in(folder: Path, name: str, old: str, new: str) -> None:
    """Put other words in the place of some in the text of one addendum."""
    path = addendum(folder, name)
    text = path.read_bytes().decode("cp1252")
    assert old in text
    path.write_bytes(text.replace(old, new).encode("cp1252"))


def replace_words(folder: Path, *pairs: tuple[str, str]) -> None:
    """Put other words in the place of some, in texts, in sheets and in names."""
    for path in list(folder.iterdir()):
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            content = _workbook_with(content, pairs)
        for old, new in pairs:
            content = content.replace(old.encode(), new.encode())
            path = path.rename(path.with_name(path.name.replace(old, new)))
        path.write_bytes(content)


def _workbook_with(content: bytes, pairs: tuple[tuple[str, str], ...]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in pairs:
                part = part.replace(before.encode(), after.encode())
            new.writestr(name, part)
    return target.getvalue()


SIX = ["asc_aa", "asc_bb", "asc_ff", "asc_ee", "asc_dd1", "asc_dd2"]
FEES = "hcpcs_code, payment_indicator, price_status, payment_rate, device_amount, source_line"


# ---------------------------------------------------------------- forms


def test_texts_workbook_and_both_are_one_release(made, tmp_path: Path) -> None:
    both = made("*")
    read = both.rows("source_file", "file_kind, form, read_status, loaded_count, duplicate_count")
    assert {row[:3] for row in read} == {
        (f"asc_{name}", form, status)
        for name in ("aa", "bb", "dd1", "dd2", "ee", "ff")
        for form, status in (("csv", "loaded"), ("xlsx", "compared"))
    }
    # The code that stands twice with the same cells is read once.
    assert [row[4] for row in read if row[0] == "asc_bb"] == [1, 1]
    assert both.findings() == {"repeated_records_are_read_once": 1}
    [finding] = both.rows("check_finding", "finding")
    assert finding == ("508-Version-Jan-2025-ASC-BB_sample.csv: line 20 repeats A2027",)
    compared = both.rows("reconciliation", "comparison, compared_count, matched_count")
    assert len(compared) == 6 and all(count == matched > 0 for _, count, matched in compared)
    (tmp_path / "alone" / "asc").mkdir(parents=True)
    for path in ASC_BUNDLE.glob("*.xlsx"):
        shutil.copy(path, tmp_path / "alone" / "asc")
    alone = build(tmp_path / "alone", tmp_path / "another shelf")
    assert alone.rows("asc_fee", FEES) == both.rows("asc_fee", FEES)
    assert len(alone.rows("asc_fee", FEES)) == 31


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("508-Version-Jan-2025-ASC-AA.csv", ["asc_aa"]),
        ("April 2026 ASC Addendum FF.xlsx", ["asc_ff"]),
        ("2026 NFRM Addendum DD1.csv", ["asc_dd1"]),
        ("January_2025_ASC_Addenda.xlsx", SIX),
        ("2026-nfrm-addendum-aa-bb-dd1-dd2-ee-ff.xlsx", SIX),
        ("July 2025 ASC AA and BB.xlsx", SIX),
        # Of hospital outpatients, and of nobody.
        ("2025 NFRM Addendum B.11122024.xlsx", ["opps_rule_addendum_b"]),
        ("January_2025_ASC_Addenda.csv", []),
        ("ASC AAB.csv", []),
    ],
)
def test_a_name_says_which_addenda_a_file_has(name: str, kinds: list[str]) -> None:
    assert [kind.name for kind in kinds_of(name)] == kinds


def test_files_of_two_quarters_in_one_folder_are_two_releases(tmp_path: Path) -> None:
    for name in ("AA", "FF"):
        for month in ("Jan", "Apr"):
            (tmp_path / f"508-Version-{month}-2025-ASC-{name}.csv").write_bytes(b"x")
    for month in ("January", "April"):
        (tmp_path / f"{month}_2025_ASC_Addenda.xlsx").write_bytes(b"x")
    found = look_into(tmp_path)
    parts = [x for one in found.bundles for x in split_postings(sort_bundle(one))]
    assert sorted(sorted({member.base_name[:15] for _, member in part.files}) for part in parts) == [
        ["508-Version-Apr", "April_2025_ASC_"], ["508-Version-Jan", "January_2025_AS"],
    ]  # fmt: skip


def test_a_form_with_another_amount_leaves_the_addendum_unread(made) -> None:
    found = made("*", lambda folder: replace_in(folder, "FF", "0.15%", "0.16%"))
    assert found.findings()["every_file_is_read"] == 2
    [reason] = {row[0] for row in found.rows("source_file", "unread_reason") if row[0]}
    assert 'device_offset_percent of 45378 is "0.15", but "0.16"' in reason
    assert {row[0] for row in found.rows("asc_fee", "device_amount")} == {None}


# ---------------------------------------------------------------- the next quarters

NEXT_YEAR = [
    ("January 2025", "January 2026"), ("CY 2025", "CY 2026"), ("January_2025", "January_2026"), ("Jan-2025", "Jan-2026"),
]  # fmt: skip


def test_the_next_year_loads_in_both_forms(made) -> None:
    """The next quarter is in the warehouse of test_asc_warehouse."""
    found = made("*", lambda folder: replace_words(folder, *NEXT_YEAR))
    assert found.read.facts["release_id"] == "SAMPLEASC26Q1"
    assert found.read.facts["missing_files"] == ""
    # Nobody has told of such files yet, and no factor is published.
    assert found.worse_findings().keys() == {"layouts_are_declared"}
    names = "derived_factor, weight_count = matched_weight_count, curated_factor"
    assert found.rows("schedule_factor", names) == [(Decimal("54.895"), True, None)]


def test_the_words_of_the_heads_move_the_release_and_the_names_are_remarked_upon(made) -> None:
    def move(folder: Path) -> None:
        for name in ("AA", "BB", "FF"):
            replace_in(folder, name, "January 2025", "April 2025")

    found = made(change=move)
    assert found.read.facts["release_id"] == "SAMPLEASC25Q2"
    assert found.worse_findings() == {"release_names_itself": 1}


def test_an_addendum_of_another_quarter_is_left_unread(made) -> None:
    found = made(change=lambda folder: replace_in(folder, "FF", "January 2025", "April 2025"))
    assert found.read.facts["missing_files"] == "asc_ff"
    assert "quarter 2 of 2025" in str(found.rows("source_file", "unread_reason"))


def test_columns_may_stand_elsewhere_new_ones_come_and_codes_have_a_no_break_space_of_dos(
    made,
) -> None:
    """A head in line 2, a column between the others, the description last."""

    def move(rows: list[list[str]]) -> list[list[str]]:
        title, _, _, *table = rows
        added = ["What Is New", *("new" if len(row[0]) == 5 else "" for row in table[1:])]
        moved = [[*row[:2], *row[3:], new, row[2]] for row, new in zip(table, added, strict=True)]
        return [title, *moved]

    def change(folder: Path) -> None:
        rewrite(folder, "AA", move)
        replace_in(folder, "BB", "C9399,,", "C9399\xff,\xff,")

    found = made(change=change)
    assert found.worse_findings() == {"columns_are_known": 1}
    rows = {row[1]: row for row in found.rows("asc_fee", f"description, {FEES}")}
    assert rows["45378"][:3] == ("Large bowel viewed with a scope", "45378", "A2")
    assert rows["C9399"][3:5] == ("contractor_priced", None)


# ---------------------------------------------------------------- what is not to be trusted


def exchange(one: int, other: int) -> Callable[[list[list[str]]], list[list[str]]]:
    """Exchange the cells of two columns below the head."""

    def change(rows: list[list[str]]) -> list[list[str]]:
        data = next(n for n, row in enumerate(rows) if row[0] == "HCPCS Code") + 1
        for row in rows[data:]:
            row[one], row[other] = row[other], row[one]
        return rows

    return change


def shift(place: int) -> Callable[[list[list[str]]], list[list[str]]]:
    """Shift the cells of a column one row down."""

    def change(rows: list[list[str]]) -> list[list[str]]:
        data = [row for row in rows if len(row[0]) == 5]
        cells = [row[place] for row in data]
        for row, cell in zip(data, [cells[-1], *cells], strict=False):
            row[place] = cell
        return rows

    return change


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (exchange(5, 6), "type of payment_weight"),
        (exchange(3, 4), "type of multiple_procedure_discount"),
        (exchange(0, 2), "no record by its key"),
        (shift(0), "indicators_agree_with_offsets"),
        (shift(6), "one_factor|amounts_of_aa"),
    ],
)
def test_addendum_aa_with_exchanged_or_shifted_columns_is_refused(made, change, rule) -> None:
    """The rules of small tables tell the other columns."""
    with pytest.raises(RefusedError, match=rule):
        made(change=lambda folder: rewrite(folder, "AA", change))


@pytest.mark.parametrize(
    ("name", "change", "rule"),
    [
        ("BB", exchange(6, 7), "amounts_of_bb|copayments"),
        ("FF", exchange(6, 8), "weights_|device_"),
    ],
)
def test_another_addendum_with_exchanged_columns_is_left_unread(made, name, change, rule) -> None:
    found = made(change=lambda folder: rewrite(folder, name, change))
    assert found.read.facts["missing_files"] == f"asc_{name.lower()}"
    [reason] = {row[0] for row in found.rows("source_file", "unread_reason") if row[0]}
    assert any(one in reason for one in rule.split("|")), reason


def test_a_code_that_stands_twice_with_other_cells_is_left_unread(made) -> None:
    def change(rows: list[list[str]]) -> list[list[str]]:
        [*_, last] = [row for row in rows if row[0] == "A2027"]
        last[4] = "K5"
        return rows

    found = made(change=lambda folder: rewrite(folder, "BB", change))
    [reason] = {row[0] for row in found.rows("source_file", "unread_reason") if row[0]}
    assert 'the key hcpcs_code "A2027" occurs more than once' in reason


# ---------------------------------------------------------------- CMS's own files


@pytest.mark.real
@pytest.mark.skipif(not REAL_FILES.is_dir(), reason=NOT_THERE)
def test_the_zip_of_cms_loads_as_it_lies(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    name = "january-2025-asc-approved-hcpcs-code-and-payment-rates.zip"
    (raw / name).symlink_to(REAL_FILES / "asc" / name)
    found = build(raw, tmp_path / "shelf")
    assert (found.read.facts["posting_id"], found.read.facts["missing_files"]) == (
        "ASC25Q1@undated",
        "",
    )
    path = found.model.table_path("asc_fee")
    counted = "addendum, payment_indicator, count(*), count(payment_rate), count(payment_weight)"
    rows = duckdb.sql(f"SELECT {counted} FROM '{path}' GROUP BY ALL ORDER BY ALL").fetchall()
    assert rows == [
        ("AA", "A2", 2018, 2018, 2018), ("AA", "D2", 45, 45, 45), ("AA", "G2", 631, 631, 631), ("AA", "J8", 516, 516, 516),
        ("AA", "N1", 443, 0, 0), ("AA", "P2", 67, 67, 67), ("AA", "P3", 406, 406, 0), ("AA", "R2", 57, 57, 57),
        ("BB", "D1", 77, 0, 0), ("BB", "F4", 8, 0, 0), ("BB", "H2", 17, 17, 0), ("BB", "J7", 15, 0, 0), ("BB", "K2", 579, 579, 0),
        ("BB", "K5", 140, 0, 0), ("BB", "K7", 5, 0, 0), ("BB", "L1", 37, 0, 0), ("BB", "L6", 5, 0, 0), ("BB", "N1", 1183, 0, 0),
        ("BB", "Z2", 316, 316, 316), ("BB", "Z3", 72, 72, 0),
    ]  # fmt: skip
    kinds = {
        row[0]: row[1:]
        for row in found.rows("source_file", "file_kind, loaded_count, duplicate_count")
    }
    assert kinds == {
        "asc_aa": (4183, 0), "asc_bb": (2454, 4), "asc_ee": (2108, 0), "asc_ff": (4183, 0), "asc_dd1": (21, 0), "asc_dd2": (4, 0),
    }  # fmt: skip
    assert len(found.rows("asc_excluded")) == 2108
    flags = "count(*) FILTER (multiple_procedure_discount), count(*) FILTER (coinsurance_waived), count(*) FILTER (office_based_is_temporary), "
    flags += "count(*) FILTER (is_non_opioid), count(*) FILTER (pass_through_expires), count(ira_copayment)"
    assert found.rows("asc_fee", flags) == [(3601, 39, 9, 10, 25, 56)]
    assert found.rows("reconciliation", "comparison, compared_count, matched_count") == [
        ("ASC device portion + scaled rest = rate of J8 (AA, FF)", 516, 513),
        ("ASC device portion of J8 = share of standard rate (FF)", 516, 516),
        ("ASC indicator of AA = of FF", 4183, 4183),
        ("ASC standard rate x scalar = weight (AA, FF)", 2818, 2818),
        ("ASC weight x factor = rate (AA)", 3334, 3334),
        ("ASC weight x factor = rate (BB)", 316, 316),
    ]
    # CMS's own exceptions.
    assert found.findings() == {
        "repeated_records_are_read_once": 4, "copayments_are_of_drugs": 3, "device_intensive_rates_add_up": 3, "packaged_procedures_have_no_discount": 1,
    }  # fmt: skip
