"""Inputs of which nothing is refused: left out, unknown, only explaining, or with a row set aside."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import fees
from pipeline.refresh.status import status_of
from tests.helpers import bundles
from tests.helpers.damaged_file import CPR, PPRRVU
from tests.helpers.damages import BUNDLE, HELD, add_broken_symlink, add_unknown_file
from tests.helpers.two_files import copy_of, published_of_two_files, run, told
from tests.helpers.warehouses import asked

pytestmark = pytest.mark.whole


@pytest.fixture
def place(built_once, tmp_path: Path) -> Path:
    """A published place of its own, which the test may damage."""
    return copy_of(published_of_two_files(built_once), tmp_path / "copy")


def test_what_is_skipped_unknown_or_only_explains_is_listed_and_left_alone(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    add_broken_symlink(raw)
    add_unknown_file(raw)
    skipped = ("usb_disk", f"{BUNDLE}/prices.csv")
    unknown = [f"{BUNDLE}/{x}" for x in ("list.csv", "PPRRVU25.prn", "PPRRVU25.xls", "notes.sql")]
    unknown += ["mine/table.dat"]
    explaining = [f"{BUNDLE}/{name}" for name in ("README.md", "RVU25D.pdf", ".DS_Store")]
    (raw / "mine").mkdir()
    for name in (*unknown, *explaining):
        (raw / name).write_text("a,b\n1,2\n")
    assert told(raw, warehouse, skip=skipped) == (0, "")
    assert status_of(warehouse)["releases"][0]["release_id"] == "RVU25D"
    assert sorted(status_of(warehouse)["unknown"]) == sorted(unknown)
    verdicts = json.loads((warehouse / "state" / "inputs.json").read_text())["verdicts"]
    assert {name for name, verdict in verdicts.items() if verdict == "skipped"} == {*skipped}
    assert {name for name, verdict in verdicts.items() if verdict == "ignored"} == {*explaining}


@pytest.mark.slow
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


def test_a_zip_in_which_nothing_is_known_is_refused(place: Path) -> None:
    raw, warehouse = place / "raw", place / "warehouse"
    (raw / "x").mkdir()
    (raw / "x" / "PPRRVU25.prn").write_text("1")
    bundles.zip_folder(raw / "x", raw / "2025.zip")
    exit_code, sentence = told(raw, warehouse)
    assert (exit_code, "2025.zip: it holds no file" in sentence) == (HELD, True)


@pytest.mark.slow
@pytest.mark.long
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
    # Whoever asks for its code is told so, and not that there is none alone.
    at = ["--on", "2025-10-02", "--locality", "01112-05", "--warehouse", str(warehouse)]
    for command in (["price", "92950", *at], ["show", "92950", *at[-2:]]):
        told_so = CliRunner().invoke(fees, command)
        words = told_so.output + str(told_so.exception)
        assert "Lines that were set aside may have it: 1 of RVU25D (table quarantine)." in words


@pytest.mark.slow
@pytest.mark.long
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
