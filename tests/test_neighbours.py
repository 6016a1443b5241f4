"""A release beside the one before it of its year: what no rule within one release can see."""

import shutil

import pytest
from test_change import PAIR, code, pair_of

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.schedules.pfs.change import rvu_change_query, rvu_value_change_query
from pipeline.schedules.pfs.tables import WAREHOUSE_CHECKS
from pipeline.store.sql import load_checks
from tests.helpers import bundles
from tests.helpers.exported import folder_of
from tests.helpers.small import answer

CHECKS = {check.name: check for check in load_checks(WAREHOUSE_CHECKS)}
FEW = CHECKS["neighbours_differ_in_more_than_a_few_codes"]

# Two services that follow each other in CMS's file.
ONE = code("G0001", work="4.50", pe="3.27", nonfacility_total_rvu="7.87", facility_total_rvu="7.87")
OTHER = code("G0002", work="2.25", pe="1.00", nonfacility_total_rvu="3.35", facility_total_rvu="3.35")  # fmt: skip


def findings(before: list[dict], after: list[dict], years=(2025, 2025)) -> list[str]:
    """What the check finds between two releases in miniature, A and B."""
    con = pair_of(before, after)
    con.execute(f"CREATE TABLE rvu_change AS {rvu_change_query(PAIR)}")
    con.execute(f"CREATE VIEW rvu_value_change AS {rvu_value_change_query()}")
    con.execute(
        "CREATE TABLE release (release_id VARCHAR, calendar_year INT, is_current BOOLEAN, schedule VARCHAR DEFAULT 'pfs')"
    )
    con.execute(
        "INSERT INTO release VALUES ('A', ?, true, 'pfs'), ('B', ?, true, 'pfs')", list(years)
    )
    return sorted(row["finding"] for row in answer(con, FEW.query))


def told(after: list[dict]) -> list[str]:
    """The codes and their values that are found where A has both services."""
    return [finding.partition(";")[0] for finding in findings([ONE, OTHER], after)]


def test_a_value_changed_with_its_totals_is_named():
    values = {"work_rvu": "5.40", "nonfacility_total_rvu": "8.77", "facility_total_rvu": "8.77"}
    assert findings([ONE, OTHER], [ONE | values, OTHER]) == [
        "G0001: facility_total_rvu 7.87 to 8.77, nonfacility_total_rvu 7.87 to 8.77, "
        "opps_work_rvu 4.50 to 5.40, work_rvu 4.50 to 5.40; no other code changed since A, and "
        "CMS normally changes more from one release to the next: compare with CMS's own file"
    ]


def test_two_codes_exchanged_are_named_both():
    found = told([ONE | {"hcpcs_code": "G0002"}, OTHER | {"hcpcs_code": "G0001"}])
    assert [text[:5] for text in found] == ["G0001", "G0002"]
    assert "work_rvu 4.50 to 2.25" in found[0] and "work_rvu 2.25 to 4.50" in found[1]


@pytest.mark.parametrize(
    "column, before, after",
    [
        ("status_code", "A", "R"),
        ("global_days", "XXX", "090"),
        ("endoscopic_base_code", "", "43235"),
        ("nonfacility_na", "false", "true"),
    ],
)
def test_a_status_or_indicator_changed_is_named(column, before, after):
    [found] = told([ONE | {column: after}, OTHER])
    assert f"{column} {before or 'blank'} to {after}" in found


def test_a_code_added_or_removed_or_renamed_is_no_changed_value():
    assert told([ONE | {"description": "other words"}, code("G0009")]) == []
    assert told([ONE, OTHER]) == []


@pytest.mark.parametrize("changed, named", [(1, 1), (5, 5), (6, 0)])
def test_more_than_five_codes_are_what_cms_does(changed, named):
    before = [code(f"G{number:04}") for number in range(8)]
    after = [row | {"mp_rvu": "0.20"} for row in before[:changed]] + before[changed:]
    assert len(findings(before, after)) == named


def test_a_new_year_is_no_neighbour():
    assert findings([ONE], [ONE | {"work_rvu": "5.40"}], years=(2025, 2026)) == []


def test_a_refresh_warns_and_the_summary_lists_each_value(two_releases):
    found = two_releases.sql(
        "SELECT severity, first_finding FROM check_result "
        f"WHERE check_name = '{FEW.name}' AND finding_count > 0"
    ).fetchall()
    assert found[0][0] == "warning"
    assert found[0][1].startswith("92950: facility_total_rvu 5.93 to 5.43, ")
    text = (folder_of(two_releases) / "exports" / "current" / "changes.md").read_text()
    assert "## Values changed: 4" in text
    assert "| 92950 |  | work_rvu | 4.50 | 4.00 |" in text


@pytest.mark.slow
def test_a_posting_is_listed_beside_the_one_that_it_replaced(tmp_path, add_release):
    """CMS posts again to correct a few values, so that these are listed and no warning."""
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    add_release(raw, "first")
    shutil.copytree(raw / "first", raw / "second")
    [again] = (raw / "second").glob("PPRRVU*")
    bundles.replace_text(again, "RELEASED 09/12/2025", "RELEASED 09/19/2025")
    bundles.edit_cell(again, "92950,,", bundles.STATUS, "R")
    report = Report(quiet=True)
    refresh(Options(raw=raw, warehouse=warehouse), report)
    assert not [warning for warning in report.warnings if FEW.name in warning]
    text = (warehouse / "exports" / "current" / "changes.md").read_text()
    assert text.startswith("# From RVU25D@2025-09-12 to RVU25D\n")
    assert "| 92950 |  | status_code | A | R |" in text
