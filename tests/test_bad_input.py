"""Damaged inputs: each is refused or left unread with one sentence, and what is held stays."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.refresh.status import status_of
from pipeline.store.state import State
from tests.helpers import bundles
from tests.helpers.damaged_file import CPR, FIRST_DATA_LINE, PPRRVU, swapped
from tests.helpers.damages import BUNDLE, DAMAGES, GPCI, HELD, UNREAD
from tests.helpers.marks import cases
from tests.helpers.two_files import TWO_FILES, copy_of, published_of_two_files, run, told, work_rvu
from tests.helpers.warehouses import asked

pytestmark = pytest.mark.whole


@pytest.fixture
def place(built_once, tmp_path: Path) -> Path:
    """A published place of its own, which the test may damage."""
    return copy_of(published_of_two_files(built_once), tmp_path / "copy")


def digest(warehouse: Path) -> tuple[str, str, dict[str, tuple]]:
    """What readers of a warehouse depend on: the database's bytes, and the exports in force.

    A file of the exports that was written again is another file or has another time.
    """
    current = warehouse / "exports" / "current"
    exported = {
        f"{folder}/{name}": (found.st_ino, found.st_size, found.st_mtime_ns)
        for folder, _, names in os.walk(current)
        for name in names
        for found in [os.stat(f"{folder}/{name}")]  # noqa: PTH116 - there are hundreds of them
    }
    assert exported
    database = (warehouse / "fee_schedule.duckdb").read_bytes()
    return hashlib.sha256(database).hexdigest(), str(current.readlink()), exported


def last_run(warehouse: Path) -> dict:
    return json.loads((warehouse / "state" / "runs.jsonl").read_text().splitlines()[-1])


# Each of these takes a build of its own, and is found as others that are not among them are.
FOUND_ALIKE = {
    "gpci_with_98_localities", "forms_differ_in_a_record", "truncated_zip", "huge_workbook", "zip_bomb",
    "encrypted_zip", "alaska_without_floor", "column_removed", "same_release_with_other_bytes",
    "damaged_zip_member", "number_with_too_many_decimals", "number_left_out", "negative_rvu", "quote_never_closed",
    "header_cells_swapped", "total_does_not_add_up", "no_title", "two_conversion_factors", "not_windows_1252",
    "unknown_month", "no_data", "gpci_out_of_range", "empty_folder", "false_workbook", "zip_path_escapes",
}  # fmt: skip


@pytest.mark.parametrize("name", cases(DAMAGES, FOUND_ALIKE))
def test_damage_stays_where_it_is(name: str, place: Path) -> None:
    damage, rule, words, expected = DAMAGES[name]
    raw, warehouse = place / "raw", place / "warehouse"
    before = digest(warehouse)
    file, line = damage(raw)

    exit_code, sentence = told(raw, warehouse)

    where = f", line {line}" if line else r"(, line \d+)?"
    assert re.search(rf"(^| ){re.escape(file)}{where}: ", sentence)
    assert words in sentence
    assert f"(rule: {rule})." in sentence
    assert "\n" not in sentence
    assert exit_code == expected
    assert work_rvu(warehouse, "92950") == "4.00"
    assert not (warehouse / ".fee_schedule.duckdb.new").exists()
    assert last_run(warehouse)["exit_code"] == expected
    if expected != UNREAD:
        assert digest(warehouse) == before
        # A scheduler's log has the same sentence as the terminal.
        assert last_run(warehouse)["message"] == sentence
    # Again, when nothing changed: the same sentence, the same code, and nothing is done.
    if expected == HELD:
        assert told(raw, warehouse) == (expected, sentence)
        assert digest(warehouse) == before


def test_columns_swapped_where_only_domains_reveal_it(place: Path) -> None:
    """Bilateral and assistant indicators swapped: some rows get a value that nobody declared."""
    path = place / "raw" / BUNDLE / PPRRVU
    bundles.edit_column(path, FIRST_DATA_LINE, swapped(19, 20))
    exit_code, sentence = told(place / "raw", place / "warehouse")
    assert (exit_code, "assistant_surgeon_indicator" in sentence) == (HELD, True)
    assert work_rvu(place / "warehouse", "92950") == "4.00"


def test_a_refused_release_leaves_out_nothing_else(place: Path, add_release) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    add_release(raw, "rvu25b", "April", TWO_FILES)
    add_release(raw, "rvu25c", "July", TWO_FILES)
    [pprrvu] = (raw / "rvu25b").glob("PPRRVU*.csv")
    bundles.edit_cell(pprrvu, CPR, bundles.WORK, "4.O0")
    outcome = run(raw, warehouse)
    assert (outcome.outcome, outcome.releases) == ("published", ["RVU25C", "RVU25D"])
    [sentence] = outcome.refused
    assert sentence.startswith(f"rvu25b/{PPRRVU}, line ")
    assert 'work_rvu is "4.O0"' in sentence
    assert (last_run(warehouse)["outcome"], last_run(warehouse)["exit_code"]) == ("published", 13)
    # A refresh with nothing to do is quick, says so all the same, and is no news.
    assert run(raw, warehouse).refused == [sentence]
    assert last_run(warehouse)["outcome"] == "published"
    assert status_of(warehouse)["refused"] == {"rvu25b": sentence}
    # Mended, it is built, and the warning is gone.
    bundles.edit_cell(pprrvu, CPR, bundles.WORK, "4.00")
    assert run(raw, warehouse).releases == ["RVU25B", "RVU25C", "RVU25D"]
    assert status_of(warehouse)["refused"] == {}


def test_numbers_with_more_digits_than_there_is_room_for_say_what_helps(
    place: Path, add_release
) -> None:
    """CMS's own precision may have changed, and then the same file comes again."""
    raw, warehouse = place / "raw", place / "warehouse"
    add_release(raw, "rvu25b", "April", TWO_FILES)
    for name in ("rvu25b", BUNDLE):
        [pprrvu] = (raw / name).glob("PPRRVU*.csv")
        bundles.edit_cell(pprrvu, CPR, bundles.WORK, "4.005")
    held, new = sorted(run(raw, warehouse).refused)
    needed = "if the numbers are the same there, a version of this program that has room for their digits is needed"
    assert new.endswith(f"{needed}; until then leave this input out with --skip rvu25b.")
    assert held.endswith(f"{needed}; until then RVU25D stays as it was.")
    # Followed, the advice leaves nothing to say of the release.
    assert run(raw, warehouse, skip=("rvu25b",)).refused == [held]


@pytest.mark.slow
def test_a_damaged_file_of_a_held_release_leaves_out_nothing_else(place: Path, add_release) -> None:
    """The release stays as it was with every amount, until somebody forgets the file on purpose."""
    raw, warehouse = place / "raw", place / "warehouse"
    add_release(raw, "rvu25c", "July", TWO_FILES)
    gpci = raw / BUNDLE / GPCI
    gpci.write_bytes(b"".join(gpci.read_bytes().splitlines(keepends=True)[:60]))
    outcome = run(raw, warehouse)
    assert (outcome.releases, outcome.built) == (["RVU25C", "RVU25D"], ["RVU25C"])
    [sentence] = outcome.refused
    assert sentence.startswith(f"{BUNDLE}/{GPCI}: ")
    assert sentence.endswith("Get the file again from CMS; until then RVU25D stays as it was.")
    assert last_run(warehouse)["exit_code"] == HELD
    amounts = "SELECT count(nonfacility_fee) > 0 FROM payment_locality WHERE release_id = 'RVU25D'"
    assert asked(warehouse, amounts) == [(True,)]
    told(raw, warehouse, forget=("RVU25D/gpci",))
    assert asked(warehouse, amounts) == [(False,)]


@pytest.mark.slow
def test_a_file_that_was_downloaded_twice_is_a_copy(tmp_path: Path, add_release) -> None:
    add_release(tmp_path / "raw")
    [pprrvu] = (tmp_path / "raw" / "rvu25d").glob("PPRRVU*.csv")
    twin = pprrvu.with_name(f"{pprrvu.stem} (1).csv")
    twin.write_bytes(pprrvu.read_bytes())
    assert run(tmp_path / "raw", tmp_path / "warehouse").releases == ["RVU25D"]
    assert status_of(tmp_path / "warehouse")["copies"] == [f"rvu25d/{twin.name}"]
    # Its hash is remembered as that of any other file, so that it is not read again.
    known = State(tmp_path / "warehouse" / "state").read_inputs().contents
    assert known[f"rvu25d/{twin.name}"] == known[f"rvu25d/{pprrvu.name}"]


def test_where_no_release_is_left_nothing_is_published(tmp_path: Path, add_release) -> None:
    add_release(tmp_path / "raw")
    [pprrvu] = (tmp_path / "raw" / "rvu25d").glob("PPRRVU*.csv")
    bundles.edit_cell(pprrvu, CPR, bundles.WORK, "4.O0")
    assert told(tmp_path / "raw", tmp_path / "warehouse")[0] == 3
    assert not (tmp_path / "warehouse" / "fee_schedule.duckdb").exists()


def write_x(path: Path, column: int) -> None:
    """Put an x into a column of line 21, or empty the file where there is no such column."""
    if column < 0:
        path.write_bytes(b"")
        return
    lines = bundles.lines_of(path)
    cells = bundles.cells_of(lines[20])
    cells[column] = "x"
    bundles.write_lines(path, [*lines[:20], ",".join(cells) + "\r\n", *lines[21:]])


DAMAGED = {
    "rvu25c/GPCI2025.csv": (4, 'work_gpci is "x"'),
    "rvu25d/25LOCCO.csv": (-1, "the file is empty"),
    "rvu25d/ANES2025.csv": (3, 'anesthesia_conversion_factor is "x"'),
    "rvu25d/OPPSCAP_Oct.csv": (5, 'facility_price is "x"'),
}


def test_a_companion_that_cannot_be_read_is_missing_with_its_reason(
    tmp_path: Path, add_release
) -> None:
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    add_release(raw, "rvu25c", "July")
    add_release(raw, "rvu25d", "October")
    for file, (column, _) in DAMAGED.items():
        write_x(raw / file, column)
    exit_code, sentence = told(raw, warehouse)
    assert exit_code == 11
    assert asked(warehouse, "SELECT release_id, missing_files FROM release ORDER BY ALL") == [
        ("RVU25C", "gpci"),
        ("RVU25D", "locco,anes,oppscap"),
    ]
    unread = asked(
        warehouse,
        "SELECT source_file, read_status, line_count, unread_reason FROM source_file "
        "WHERE release_id <> '' AND read_status <> 'loaded' ORDER BY source_file",
    )
    assert [row[:3] for row in unread] == [(file, "unread", 0) for file in DAMAGED]
    for (*_, why), (file, (_, reason)) in zip(unread, DAMAGED.items(), strict=True):
        assert why.startswith(file) and reason in why
    # The terminal has the first of each release, and the table all.
    assert unread[0][3] in sentence and unread[1][3] in sentence
    statuses = asked(
        warehouse,
        "SELECT DISTINCT release_id, price_status FROM payment_locality WHERE hcpcs_code = '99291' ORDER BY ALL",
    )
    assert statuses == [("RVU25C", "gpci_missing"), ("RVU25D", "priced")]


@pytest.mark.slow
def test_a_payment_file_and_a_form_beside_a_sound_one_are_left_unread(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    (raw / "PFREV4.txt").write_bytes(b"")
    txt = "PPRRVU2025_Oct_sample.txt"
    shutil.copyfile(bundles.SAMPLE / txt, raw / BUNDLE / txt)
    bundles.edit_cell(raw / BUNDLE / PPRRVU, CPR, bundles.F_TOTAL, "5.44")
    exit_code, sentence = told(raw, warehouse)
    assert exit_code == 11
    assert "PFREV4.txt was not read: PFREV4.txt: the file is empty" in sentence
    sql = "SELECT file_kind, read_status FROM source_file WHERE release_id = ''"
    assert asked(warehouse, sql) == [("pfrev", "unread")]
    assert f"{PPRRVU} was not read: {BUNDLE}/{PPRRVU}, line " in sentence
    sql = "SELECT form, read_status FROM source_file WHERE file_kind = 'pprrvu' ORDER BY ALL"
    assert asked(warehouse, sql) == [("csv", "unread"), ("txt", "loaded")]
    assert work_rvu(warehouse, "92950") == "4.00"


# ---------------------------------------------------------------- the command line


@pytest.mark.parametrize(
    "name", cases(["letters_in_a_number", "two_conversion_factors"], ["two_conversion_factors"])
)
def test_command_line_prints_one_line_and_exits_with_13(name: str, place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    damage, _, words, _ = DAMAGES[name]
    file, line = damage(raw)
    before = digest(warehouse)
    program = "from pipeline.cli import main; main()"
    arguments = ["refresh", "--no-fetch", "--raw", str(raw), "--warehouse", str(warehouse)]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 13
    assert done.stdout.startswith("nothing new: ")
    assert "Traceback" not in done.stderr
    [sentence] = [x for x in done.stderr.splitlines() if x.startswith("error: ")]
    assert sentence.startswith(f"error: {file}, line {line}: ")
    assert words in sentence
    assert digest(warehouse) == before


def test_a_damaged_cell_does_not_steer_the_terminal(place):
    path = place / "raw" / BUNDLE / PPRRVU
    bundles.edit_cell(path, CPR, bundles.WORK, "\x1b[31m4")
    _, sentence = told(place / "raw", place / "warehouse")
    assert r'work_rvu is "\x1b[31m4"' in sentence
