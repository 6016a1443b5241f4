"""Damaged inputs: each is refused with one sentence, and what was published stays as it was."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import bundles
import duckdb
import pytest
from damages import (
    BUNDLE,
    CPR,
    DAMAGES,
    FIRST_DATA_LINE,
    GPCI,
    PPRRVU,
    add_broken_symlink,
    add_unknown_file,
    swapped,
)

from pipeline.errors import PipelineError, RefusedError
from pipeline.options import Options, Outcome
from pipeline.refresh import refresh
from pipeline.report import Report


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
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        query = f"SELECT work_rvu::VARCHAR FROM rvu WHERE hcpcs_code = '{code}' AND modifier = ''"
        return con.sql(query).fetchall()[0][0]


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_input_is_refused_and_nothing_is_published(name: str, place: Path) -> None:
    damage, rule, words = DAMAGES[name]
    raw, warehouse = place / "raw", place / "warehouse"
    before = digest(warehouse)
    file, line = damage(raw)

    with pytest.raises(RefusedError) as caught:
        run(raw, warehouse)

    sentence = str(caught.value)
    where = f", line {line}" if line else r"(, line \d+)?"
    assert re.match(rf"{re.escape(file)}{where}: ", sentence)
    assert words in sentence
    assert f"(rule: {rule})." in sentence
    assert "\n" not in sentence
    assert caught.value.exit_code == 3
    assert digest(warehouse) == before
    assert not (warehouse / ".fee_schedule.duckdb.new").exists()
    assert work_rvu(warehouse, "92950") == "4.00"
    # A scheduler's log has the same sentence as the terminal.
    last = json.loads((warehouse / "state" / "runs.jsonl").read_text().splitlines()[-1])
    assert (last["outcome"], last["exit_code"], last["message"]) == ("failed", 3, sentence)


def test_columns_swapped_where_only_domains_reveal_it(place: Path) -> None:
    """Bilateral and assistant indicators swapped: some rows get a value that nobody declared."""
    path = place / "raw" / BUNDLE / PPRRVU
    bundles.edit_column(path, FIRST_DATA_LINE, swapped(19, 20))
    with pytest.raises(PipelineError, match="assistant_surgeon_indicator"):
        run(place / "raw", place / "warehouse")
    assert work_rvu(place / "warehouse", "92950") == "4.00"


# ---------------------------------------------------------------- what is not refused


def query(warehouse: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        return con.sql(sql).fetchall()


def test_skip_goes_on_without_the_offending_input(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    add_broken_symlink(raw)
    add_unknown_file(raw)
    outcome = run(raw, warehouse, skip=("usb_disk", f"{BUNDLE}/prices.csv"))
    assert outcome.releases == ["RVU25D"]
    verdicts = json.loads((warehouse / "state" / "inputs.json").read_text())["verdicts"]
    assert verdicts["usb_disk"] == verdicts[f"{BUNDLE}/prices.csv"] == "skipped"


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
    assert query(warehouse, sql) == [("03102 00", "locality_name", "ARIZONA", "Arizona")]
    sql = "SELECT comparison, different_count, verdict FROM reconciliation WHERE verdict <> 'equal'"
    assert query(warehouse, sql) == [("gpci csv = txt", 1, "differs")]
    sql = "SELECT first_finding FROM check_result WHERE check_name = 'cms_amounts_agree'"
    assert "gpci csv = txt: 1 of 872 values differ" in query(warehouse, sql)[0][0]


def unknown_supervision(raw: Path) -> int:
    return bundles.edit_cell(raw / BUNDLE / PPRRVU, CPR, bundles.SUPERVISION, "7Z")


QUARANTINED = "SELECT source_file, line_number, rule, column_name, value FROM quarantine"


def test_undeclared_indicator_value_sets_the_row_aside(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    line = unknown_supervision(raw)
    assert run(raw, warehouse).outcome == "published"
    assert query(warehouse, QUARANTINED) == [
        (
            f"{BUNDLE}/{PPRRVU}",
            line,
            "domain of supervision_indicator",
            "supervision_indicator",
            "7Z",
        )
    ]
    assert query(warehouse, "SELECT count(*) FROM rvu WHERE hcpcs_code = '92950'") == [(0,)]
    assert query(warehouse, "SELECT count(*) FROM rvu") == [(419,)]
    sql = "SELECT loaded_count, quarantined_count FROM source_file WHERE file_kind = 'pprrvu'"
    assert query(warehouse, sql) == [(419, 1)]


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
    assert query(warehouse, "SELECT count(*) FROM rvu WHERE hcpcs_code = '92950'") == [(0,)]
    assert query(warehouse, "SELECT DISTINCT value FROM quarantine") == [("7Z",)]
    sql = "SELECT line_count - loaded_count - quarantined_count - header_count FROM source_file"
    assert query(warehouse, sql + " WHERE file_kind = 'pprrvu'") == [(0,), (0,), (0,)]


def test_a_row_set_aside_hides_no_record_that_only_another_form_has(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    folder = raw / BUNDLE
    unknown_supervision(raw)
    shutil.copyfile(
        bundles.SAMPLE / "PPRRVU2025_Oct_sample.txt", folder / "PPRRVU2025_Oct_sample.txt"
    )
    bundles.drop_line(folder / PPRRVU, "99291,")
    with pytest.raises(RefusedError, match="the record 99291 is missing"):
        run(raw, warehouse)


def test_undeclared_value_in_one_form_only_is_a_difference_of_forms(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    unknown_supervision(raw)
    name = "PPRRVU2025_Oct_sample.txt"
    shutil.copyfile(bundles.SAMPLE / name, raw / BUNDLE / name)
    with pytest.raises(RefusedError, match="supervision_indicator of 92950"):
        run(raw, warehouse)


# ---------------------------------------------------------------- the command line


@pytest.mark.parametrize("name", ["letters_in_a_number", "two_conversion_factors"])
def test_command_line_prints_one_line_and_exits_with_3(name: str, place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    damage, _, words = DAMAGES[name]
    file, line = damage(raw)
    before = digest(warehouse)
    program = "from pipeline.cli import main; main()"
    arguments = ["refresh", "--no-fetch", "--raw", str(raw), "--warehouse", str(warehouse)]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith(f"error: {file}, line {line}: ")
    assert words in sentence
    assert digest(warehouse) == before


def test_a_damaged_cell_does_not_steer_the_terminal(place):
    path = place / "raw" / BUNDLE / PPRRVU
    bundles.edit_cell(path, CPR, bundles.WORK, "\x1b[31m4")
    with pytest.raises(RefusedError) as caught:
        run(place / "raw", place / "warehouse")
    assert r'work_rvu is "\x1b[31m4"' in str(caught.value)
