"""Medically Unlikely Edits in a warehouse: three settings side by side, and CMS's own file."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from pipeline.errors import RefusedError
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules.mue.definition import MUE
from tests.helpers.places import NOT_THERE, REAL_FILES

pytestmark = pytest.mark.whole

NOTICE = "Codes are copyright 2025 American Medical Association.\n\nCPT\N{REGISTERED SIGN} is a trademark.\n\n"
SETTINGS = {
    "PractitionerServices": "Practitioner",
    "OutpatientHospitalServices": "Outpatient Hospital",
    "DMESupplierServices": "DME Supplier",
}


def mue_rows(setting: str, *rows: str) -> list[list[str]]:
    """The rows of a file as CMS writes it; a row is a text like '99291 1 2 Policy'."""
    head = ["HCPCS/\nCPT Code", f"{SETTINGS[setting]} Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale"]  # fmt: skip
    cells = [row.split(maxsplit=2) for row in rows]
    return [[NOTICE, "", "", ""], head, *([*one, "CMS Policy"] for one in cells)]


def mue_csv(folder: Path, setting: str, day: str, *rows: str) -> Path:
    """A file of a setting and quarter."""
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(mue_rows(setting, *rows))
    path = folder / f"MCR_MUE_{setting}_Eff_{day}.csv"
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def mue_workbook(folder: Path, setting: str, day: str, sheet: str, *rows: str) -> None:
    """The same as a workbook, with a name for its sheet."""
    with xlsxwriter.Workbook(folder / f"MCR_MUE_{setting}_Eff_{day}.xlsx") as workbook:
        page = workbook.add_worksheet(sheet)
        for number, row in enumerate(mue_rows(setting, *rows)):
            page.write_row(
                number, 0, [int(x) if number > 1 and i == 1 else x for i, x in enumerate(row)]
            )


POLICY, CLINICAL = "2 Date of Service Edit: Policy", "3 Date of Service Edit: Clinical"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """All settings of one quarter, one in the folder of another, and the next quarter of one."""
    place = tmp_path_factory.mktemp("mue")
    raw = place / "raw"
    codes = (f"99291 1 {POLICY}", f"A4253 0 {CLINICAL}", f"J0881 500 {CLINICAL}")
    day = "04-01-2026"
    mue_csv(raw / "p", "PractitionerServices", day, *codes)
    mue_workbook(raw / "p", "PractitionerServices", day, "PractitionerSvcEff-04-01-2026", *codes)
    mue_csv(raw / "p", "OutpatientHospitalServices", day, *codes[:1], f"A4253 0 {CLINICAL}", f"J0881 400 {CLINICAL}")  # fmt: skip
    mue_csv(raw / "s", "DMESupplierServices", day, f"A4253 1 {CLINICAL}")
    later = mue_csv(
        raw / "next", "PractitionerServices", "07-01-2026", f"99291 2 {CLINICAL}", *codes[1:]
    )
    # A column that nobody knows, and words that CMS may change.
    text = (
        later.read_text("cp1252")
        .replace("CMS Policy\n", "CMS Policy,x\n")
        .replace("MUE Rationale\n", "MUE Rationale,New\n")
    )
    later.write_text(text.replace("MUE Values", "MUE Value"), "cp1252")
    options = Options(raw=raw, warehouse=place / "warehouse", today=date(2026, 7, 1))
    outcome = refresh(options, Report(quiet=True))
    assert outcome.releases == ["MUE26Q2H", "MUE26Q2P", "MUE26Q2S", "MUE26Q3P"]
    assert not outcome.refused
    # A dry run that reads every byte knows each posting by the name that it has in the warehouse.
    tried = replace(options, dry_run=True, verify=True)
    assert refresh(tried, Report(quiet=True)).outcome == "nothing_new"
    with duckdb.connect(str(place / "warehouse" / "fee_schedule.duckdb"), read_only=True) as con:
        yield con


def test_settings_are_in_force_side_by_side_and_none_replaces_another(warehouse) -> None:
    query = "SELECT posting_id, series, is_current, is_latest, effective_to::VARCHAR FROM release ORDER BY 1"
    assert warehouse.sql(query).fetchall() == [
        ("MUE26Q2H@undated", "outpatient_hospital", True, True, "2026-06-30"),
        ("MUE26Q2P@undated", "practitioner", True, False, "2026-06-30"),
        ("MUE26Q2S@undated", "dme_supplier", True, True, "2026-06-30"),
        ("MUE26Q3P@undated", "practitioner", True, True, "2026-09-30"),
    ]
    limits = (
        "SELECT setting, units FROM mue_in_force WHERE hcpcs_code = 'A4253' "
        "AND DATE '2026-05-20' BETWEEN effective_from AND effective_to ORDER BY 1"
    )
    assert warehouse.sql(limits).fetchall() == [
        ("dme_supplier", 1), ("outpatient_hospital", 0), ("practitioner", 0),
    ]  # fmt: skip
    latest = "SELECT release_id, units FROM mue_current WHERE hcpcs_code = '99291' ORDER BY 1"
    assert warehouse.sql(latest).fetchall() == [("MUE26Q2H", 1), ("MUE26Q3P", 2)]
    known = (
        "SELECT count(*) FROM mue_as_known WHERE DATE '2026-05-20' BETWEEN known_from AND known_to"
    )
    assert warehouse.sql(known).fetchall() == [(7,)]


def test_a_change_is_within_a_setting(warehouse) -> None:
    query = "FROM mue_change SELECT release_id, previous_release_id, hcpcs_code, change_kind, units_before, units_after"
    assert warehouse.sql(query).fetchall() == [("MUE26Q3P", "MUE26Q2P", "99291", "raised", 1, 2)]
    for name in ("mue", "mue_change"):
        for example in MUE.declared.tables[name].examples:
            assert warehouse.sql(example).fetchall()


def test_nothing_is_found_in_sound_files_but_a_column_that_nobody_knows(warehouse) -> None:
    """Neither does the year of the copyright count, nor that one setting has fewer rows."""
    found = "SELECT check_name, first_finding FROM check_result WHERE finding_count > 0"
    [(name, finding)] = warehouse.sql(found).fetchall()
    assert (
        name == "columns_are_known"
        and "Eff_07-01-2026.csv has columns that are not loaded: New" in finding
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        # Two columns whose values are exchanged; the words above them are not.
        (lambda x: x.replace(f"1,{POLICY}", f"{POLICY},1"), "units"),
        (lambda x: x.replace(f"{POLICY},CMS Policy", f"CMS Policy,{POLICY}"), "adjudication"),
        (lambda x: x.replace(f"1,{POLICY}", "1,2 Line Edit"), "words_say_their_indicator"),
        (lambda x: x.replace("99291,1", "99291,-1"), "units"),
        (lambda x: x.replace("99291,1", "99291,1.5"), "units"),
        (lambda x: x + f"99291,1,{POLICY},CMS Policy\n", "hcpcs_code"),
        (lambda x: x.replace("J0881", "J088"), "hcpcs_code"),
        (lambda x: x.replace("99291,1", '99291,"1'), "csv"),
    ],
)  # fmt: skip
def test_a_file_whose_values_are_no_edits_is_refused(tmp_path, change, words) -> None:
    raw = tmp_path / "raw"
    path = mue_csv(raw, "PractitionerServices", "04-01-2026", f"99291 1 {POLICY}", f"J0881 500 {CLINICAL}")  # fmt: skip
    path.write_bytes(change(path.read_text("cp1252")).encode("cp1252"))
    with pytest.raises(RefusedError, match=words):
        refresh(Options(raw=raw, warehouse=tmp_path / "warehouse"), Report(quiet=True))


LISTS_OF_CHANGES = [
    "mue-changes/MCR_MUE_Practitioner_Changes_Eff_04-01-2026.csv",
    "mue/MCR_MUE_PractitionerServices_Eff_04-01-2026_Additions_Deletions_Revisions.csv",
    "mue/MCR_MUE_Practitioner_ChangeReport.csv",
    "mue/MCR_MUE_Practitioner_Changes_Eff_04-01-2026.csv",
]


def test_lists_of_changes_beside_their_table_are_named_and_not_read(tmp_path) -> None:
    raw, report = tmp_path / "raw", Report(quiet=True)
    mue_csv(
        raw / "mue", "PractitionerServices", "04-01-2026", f"99291 1 {POLICY}", f"99292 8 {POLICY}"
    )
    (raw / "mue-changes").mkdir()
    for name in LISTS_OF_CHANGES:
        (raw / name).write_text("HCPCS/CPT Code,Change,Prior MUE Value\n99292,Revised,6\n")
    found = refresh(Options(raw=raw, warehouse=tmp_path / "warehouse"), report)
    assert (found.outcome, found.releases, found.refused) == ("published", ["MUE26Q2P"], [])
    told = "lists changes by its name and is not read; its table is"
    assert sorted(x for x in report.reminders if told in x) == [
        f"{x} {told}" for x in LISTS_OF_CHANGES
    ]


def test_a_list_of_changes_without_its_table_is_no_release(tmp_path) -> None:
    raw, name = tmp_path / "raw", "MCR_MUE_Practitioner_Changes_Eff_04-01-2026.csv"
    mue_csv(
        raw / "mue", "DMESupplierServices", "04-01-2026", f"99291 1 {POLICY}", f"99292 8 {POLICY}"
    )
    (raw / "mue" / name).write_text("HCPCS/CPT Code,Change,Prior MUE Value\n99292,Revised,6\n")
    found = refresh(Options(raw=raw, warehouse=tmp_path / "warehouse"), Report(quiet=True))
    assert found.releases == ["MUE26Q2S"]
    assert [x.partition(",")[0] for x in found.refused] == [f"mue/{name}"]


def test_a_sheet_of_another_day_than_the_name_is_refused(tmp_path) -> None:
    raw = tmp_path / "raw"
    rows = (f"99291 1 {POLICY}", f"J0881 500 {CLINICAL}")
    day = "04-01-2026"
    raw.mkdir()
    mue_workbook(raw, "PractitionerServices", day, "PractitionerSvcEff-01-01-2026", *rows)
    options = Options(raw=raw, warehouse=tmp_path / "warehouse")
    with pytest.raises(
        RefusedError, match="is of 01-01-2026, but the release begins on 2026-04-01"
    ):
        refresh(options, Report(quiet=True))
    # A sheet that names no day says nothing against the name of the file.
    mue_workbook(raw, "PractitionerServices", day, "Sheet1", *rows)
    assert refresh(options, Report(quiet=True)).releases == ["MUE26Q2P"]


@pytest.mark.real
@pytest.mark.skipif(not REAL_FILES.is_dir(), reason=NOT_THERE)
def test_the_file_of_cms_has_its_known_counts(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "ncci").symlink_to(REAL_FILES / "ncci")
    options = Options(raw=raw, warehouse=tmp_path / "warehouse", threads=2, today=date(2026, 5, 1))
    assert refresh(options, Report(quiet=True)).releases == ["MUE26Q2P"]
    with duckdb.connect(str(options.warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        counts = con.sql("""
            SELECT adjudication_indicator, count(*), count(*) FILTER (limit_status = 'never_payable')
            FROM mue GROUP BY ALL ORDER BY ALL
        """).fetchall()
        whole = con.sql(
            "SELECT count(*), max(units), count(DISTINCT rationale) FROM mue"
        ).fetchall()
        forms = con.sql(
            "SELECT comparison, compared_count, matched_count FROM reconciliation"
        ).fetchall()
        account = con.sql("""
            SELECT form, line_count, header_count, loaded_count FROM source_file ORDER BY 1
        """).fetchall()
        found = con.sql("FROM check_result WHERE finding_count > 0").fetchall()
    assert counts == [("1", 41, 0), ("2", 5_417, 6), ("3", 9_637, 2_636)]
    assert whole == [(15_095, 90_000, 14)]
    assert forms == [("mue csv = xlsx", 4 * 15_095, 4 * 15_095)]
    assert account == [("csv", 15_104, 9, 15_095), ("xlsx", 15_097, 2, 15_095)]
    assert not found
