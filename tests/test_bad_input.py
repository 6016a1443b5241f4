"""Damaged inputs: each is refused or left unread with one sentence, and what is held stays."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.publish.proof import note_seen
from pipeline.publish.swap import Warehouse
from pipeline.refresh.options import Options, Outcome
from pipeline.refresh.recorded_run import exit_code_of
from pipeline.refresh.refresh import refresh
from pipeline.refresh.status import status_of
from pipeline.report import Report
from pipeline.store.state import State
from tests.helpers import bundles
from tests.helpers.damages import (
    BUNDLE,
    CPR,
    DAMAGES,
    FIRST_DATA_LINE,
    GPCI,
    HELD,
    MISSING,
    PPRRVU,
    UNREAD,
    add_broken_symlink,
    add_unknown_file,
    swapped,
)
from tests.helpers.warehouses import asked


def run(raw: Path, warehouse: Path, **options) -> Outcome:
    return refresh(Options(raw=raw, warehouse=warehouse, **options), Report(quiet=True))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``raw``, which holds one good release, and the ``warehouse`` made of it."""
    place = tmp_path_factory.mktemp("published")
    folder = bundles.as_release(bundles.copy_sample(place / "raw" / BUNDLE))
    # These two decide every price; the other files would only make each test slower.
    for path in folder.iterdir():
        if path.name not in (PPRRVU, GPCI):
            path.unlink()
    assert run(place / "raw", place / "warehouse").releases == ["RVU25D"]
    return place


@pytest.fixture
def place(published: Path, tmp_path: Path) -> Path:
    """A copy of the published folder that a test may damage."""
    shutil.copytree(published, tmp_path / "copy", symlinks=True)
    # Otherwise the first refresh would read every byte of the copy.
    note_seen(Warehouse(tmp_path / "copy" / "warehouse"))
    return tmp_path / "copy"


def digest(warehouse: Path) -> tuple[str, str, dict[str, str]]:
    """What readers of a warehouse depend on: the database's bytes, and the exports in force."""
    current = warehouse / "exports" / "current"
    exported = {
        path.relative_to(current).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(current.rglob("*"))
        if path.is_file()
    }
    database = (warehouse / "fee_schedule.duckdb").read_bytes()
    return hashlib.sha256(database).hexdigest(), str(current.readlink()), exported


def work_rvu(warehouse: Path, code: str) -> str:
    query = f"SELECT work_rvu::VARCHAR FROM rvu WHERE hcpcs_code = '{code}' AND modifier = ''"
    return asked(warehouse, query)[0][0]


def told(raw: Path, warehouse: Path, **options) -> tuple[int, str]:
    """The exit code of a refresh, and the sentences of what it refused or left unread."""
    report = Report(quiet=True)
    try:
        outcome = refresh(Options(raw=raw, warehouse=warehouse, **options), report)
    except PipelineError as error:
        return error.exit_code, str(error)
    return exit_code_of(outcome, report), " ".join([*outcome.refused, *report.warnings])


def last_run(warehouse: Path) -> dict:
    return json.loads((warehouse / "state" / "runs.jsonl").read_text().splitlines()[-1])


# Each of these takes a build of its own, and is found as others that are not among them are.
SLOW = {
    "gpci_with_98_localities", "forms_differ_in_a_record", "truncated_zip", "huge_workbook",
}  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [pytest.param(x, marks=[pytest.mark.slow] if x in SLOW else []) for x in DAMAGES],
)
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
    if expected in (HELD, MISSING):
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
    add_release(raw, "rvu25b", "April")
    add_release(raw, "rvu25c", "July")
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


@pytest.mark.parametrize(
    ("damaged", "missing", "price_status"),
    [
        ([("GPCI2025.csv", 4, 'work_gpci is "x"')], "gpci", "gpci_missing"),
        (
            [
                ("25LOCCO.csv", -1, "the file is empty"),
                ("ANES2025.csv", 3, 'anesthesia_conversion_factor is "x"'),
                ("OPPSCAP_Oct.csv", 5, 'facility_price is "x"'),
            ],
            "locco,anes,oppscap",
            "priced",
        ),
    ],
)
def test_a_companion_that_cannot_be_read_is_missing_with_its_reason(
    tmp_path: Path, add_release, damaged: list, missing: str, price_status: str
) -> None:
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    add_release(raw)
    for name, column, _ in damaged:
        write_x(raw / "rvu25d" / name, column)
    exit_code, sentence = told(raw, warehouse)
    assert exit_code == 11
    assert asked(warehouse, "SELECT missing_files FROM release") == [(missing,)]
    unread = asked(
        warehouse,
        "SELECT source_file, read_status, line_count, unread_reason FROM source_file "
        "WHERE release_id = 'RVU25D' AND read_status <> 'loaded' ORDER BY source_file",
    )
    files = [f"rvu25d/{name}" for name, *_ in damaged]
    assert [row[:3] for row in unread] == [(file, "unread", 0) for file in files]
    for (*_, why), file, (_, _, reason) in zip(unread, files, damaged, strict=True):
        assert why.startswith(file) and reason in why
    # The terminal has the first of them, and the table all.
    assert unread[0][3] in sentence
    statuses = asked(
        warehouse,
        "SELECT DISTINCT price_status FROM payment_locality WHERE hcpcs_code = '99291'",
    )
    assert statuses == [(price_status,)]


def test_a_payment_file_that_cannot_be_read_is_left_unread(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    (raw / "PFREV4.txt").write_bytes(b"")
    exit_code, sentence = told(raw, warehouse)
    assert exit_code == 11
    assert "PFREV4.txt was not read: PFREV4.txt: the file is empty" in sentence
    sql = "SELECT file_kind, read_status FROM source_file WHERE release_id = ''"
    assert asked(warehouse, sql) == [("pfrev", "unread")]


def test_a_form_that_is_damaged_gives_way_to_a_sound_one(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    txt = "PPRRVU2025_Oct_sample.txt"
    shutil.copyfile(bundles.SAMPLE / txt, raw / BUNDLE / txt)
    bundles.edit_cell(raw / BUNDLE / PPRRVU, CPR, bundles.F_TOTAL, "5.44")
    exit_code, sentence = told(raw, warehouse)
    assert exit_code == 11
    assert f"{PPRRVU} was not read: {BUNDLE}/{PPRRVU}, line " in sentence
    sql = "SELECT form, read_status FROM source_file WHERE file_kind = 'pprrvu' ORDER BY ALL"
    assert asked(warehouse, sql) == [("csv", "unread"), ("txt", "loaded")]
    assert work_rvu(warehouse, "92950") == "4.00"


# ---------------------------------------------------------------- what is not refused


def test_skip_goes_on_without_the_offending_input(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    add_broken_symlink(raw)
    add_unknown_file(raw)
    outcome = run(raw, warehouse, skip=("usb_disk", f"{BUNDLE}/prices.csv"))
    assert outcome.releases == ["RVU25D"]
    verdicts = json.loads((warehouse / "state" / "inputs.json").read_text())["verdicts"]
    assert verdicts["usb_disk"] == verdicts[f"{BUNDLE}/prices.csv"] == "skipped"


def test_skip_reaches_a_member_of_a_zip(place: Path) -> None:
    raw, warehouse = place / "raw", place / "other"
    txt = raw / BUNDLE / "GPCI2025.txt"
    txt.write_bytes(b"")
    zipped = bundles.zip_folder(raw / BUNDLE, raw / f"{BUNDLE}.zip")
    assert told(raw, warehouse, skip=(f"{zipped.name}/GPCI2025.txt",)) == (
        11,
        "RVU25D lacks locco,anes,oppscap",
    )
    assert status_of(warehouse)["skipped"] == [f"{zipped.name}/GPCI2025.txt"]


def test_files_that_nobody_knows_are_listed_and_left_alone(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    for name in ("prices.csv", "PPRRVU25.prn", "GPCI2025.xls", "notes.sql"):
        (raw / BUNDLE / name).write_text("a,b\n1,2\n")
    (raw / "mine").mkdir()
    (raw / "mine" / "table.dat").write_text("1")
    assert told(raw, warehouse) == (0, "")
    assert sorted(status_of(warehouse)["unknown"]) == sorted(
        [f"{BUNDLE}/{x}" for x in ("prices.csv", "PPRRVU25.prn", "GPCI2025.xls", "notes.sql")]
        + ["mine/table.dat"]
    )


def test_a_zip_in_which_nothing_is_known_is_refused(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    (raw / "x").mkdir()
    (raw / "x" / "PPRRVU25.prn").write_text("1")
    bundles.zip_folder(raw / "x", raw / "2025.zip")
    exit_code, sentence = told(raw, warehouse)
    assert (exit_code, "2025.zip: it holds no file" in sentence) == (HELD, True)


def test_files_that_only_explain_are_ignored_and_listed(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    for name in ("README.md", "RVU25D.pdf", ".DS_Store"):
        (raw / BUNDLE / name).write_text("nothing to load")
    assert run(raw, warehouse).releases == ["RVU25D"]
    verdicts = json.loads((warehouse / "state" / "inputs.json").read_text())["verdicts"]
    ignored = {name for name, verdict in verdicts.items() if verdict == "ignored"}
    assert ignored == {f"{BUNDLE}/{name}" for name in ("README.md", "RVU25D.pdf", ".DS_Store")}


def test_free_text_that_differs_between_forms_is_reported(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    path = raw / BUNDLE / "GPCI2025.txt"
    shutil.copyfile(bundles.SAMPLE / path.name, path)
    bundles.edit_line(path, "03102 ", lambda line: line.replace("ARIZONA", "Arizona"))
    assert run(raw, warehouse).outcome == "published"
    sql = "SELECT record_key, column_name, our_value, other_value FROM reconciliation_difference"
    assert asked(warehouse, sql) == [("03102 00", "locality_name", "ARIZONA", "Arizona")]
    sql = "SELECT comparison, different_count, verdict FROM reconciliation WHERE verdict <> 'equal'"
    assert asked(warehouse, sql) == [("gpci csv = txt", 1, "differs")]
    sql = "SELECT first_finding FROM check_result WHERE check_name = 'cms_amounts_agree'"
    assert "gpci csv = txt: 1 of 872 values differ" in asked(warehouse, sql)[0][0]


def unknown_supervision(raw: Path) -> int:
    return bundles.edit_cell(raw / BUNDLE / PPRRVU, CPR, bundles.SUPERVISION, "7Z")


QUARANTINED = "SELECT source_file, line_number, rule, column_name, value FROM quarantine"


def test_undeclared_indicator_value_sets_the_row_aside(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    line = unknown_supervision(raw)
    assert run(raw, warehouse).outcome == "published"
    assert asked(warehouse, QUARANTINED) == [
        (
            f"{BUNDLE}/{PPRRVU}",
            line,
            "domain of supervision_indicator",
            "supervision_indicator",
            "7Z",
        )
    ]
    assert asked(warehouse, "SELECT count(*) FROM rvu WHERE hcpcs_code = '92950'") == [(0,)]
    assert asked(warehouse, "SELECT count(*) FROM rvu") == [(419,)]
    sql = "SELECT loaded_count, quarantined_count FROM source_file WHERE file_kind = 'pprrvu'"
    assert asked(warehouse, sql) == [(419, 1)]


def test_undeclared_indicator_value_in_every_form_sets_the_row_aside(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    folder = raw / BUNDLE
    unknown_supervision(raw)
    txt = folder / "PPRRVU2025_Oct_sample.txt"
    shutil.copyfile(bundles.SAMPLE / txt.name, txt)
    bundles.edit_line(txt, "92950  ", lambda line: line[:141] + "7Z" + line[143:])
    rows = [bundles.cells_of(line) for line in bundles.lines_of(folder / PPRRVU)]
    bundles.workbook_of(rows, folder / "PPRRVU2025_Oct_sample.xlsx")
    assert run(raw, warehouse).outcome == "published"
    assert asked(warehouse, "SELECT count(*) FROM rvu WHERE hcpcs_code = '92950'") == [(0,)]
    assert asked(warehouse, "SELECT DISTINCT value FROM quarantine") == [("7Z",)]
    sql = "SELECT line_count - loaded_count - quarantined_count - header_count FROM source_file"
    assert asked(warehouse, sql + " WHERE file_kind = 'pprrvu'") == [(0,), (0,), (0,)]


def test_a_row_set_aside_hides_no_record_that_only_another_form_has(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    folder = raw / BUNDLE
    unknown_supervision(raw)
    shutil.copyfile(
        bundles.SAMPLE / "PPRRVU2025_Oct_sample.txt", folder / "PPRRVU2025_Oct_sample.txt"
    )
    bundles.drop_line(folder / PPRRVU, "99291,")
    exit_code, sentence = told(raw, warehouse)
    assert (exit_code, "the record 99291 is missing" in sentence) == (HELD, True)


def test_undeclared_value_in_one_form_only_is_a_difference_of_forms(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    unknown_supervision(raw)
    name = "PPRRVU2025_Oct_sample.txt"
    shutil.copyfile(bundles.SAMPLE / name, raw / BUNDLE / name)
    exit_code, sentence = told(raw, warehouse)
    assert (exit_code, "supervision_indicator of 92950" in sentence) == (HELD, True)


# ---------------------------------------------------------------- the command line


@pytest.mark.parametrize("name", ["letters_in_a_number", "two_conversion_factors"])
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
