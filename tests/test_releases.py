"""The maker of releases makes what CMS could have posted: read whole, agreeing with itself."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.options import Options
from pipeline.refresh import refresh
from pipeline.report import Report
from tests.bundles import SAMPLE
from tests.releases import Maker, timeline


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    """A warehouse of made releases: a year of each shape, and the pair of 2024."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "raw").mkdir()
    maker = Maker(SAMPLE)
    wanted = ("RVU20A", "RVU23D", "RVU24A", "RVU24AR", "RVU26B")
    for posting in timeline():
        if posting.release_id in wanted:
            maker.write(posting, folder / "raw")
    report = Report(quiet=True)
    refresh(Options(folder / "raw", folder / "warehouse"), report)
    with duckdb.connect(str(folder / "warehouse" / "fee_schedule.duckdb"), read_only=True) as con:
        yield con, report


def test_every_made_release_is_read_without_a_warning_but_for_files_that_cms_shaped_otherwise(made):
    _, report = made
    assert sorted(report.warnings) == [
        "RVU20A lacks gpci,locco,anes,oppscap: it has no locality amounts",
        "RVU26B lacks anes",
    ]


def test_amounts_in_made_files_are_those_of_their_own_indices_and_factors(made):
    con, _ = made
    query = "select release_id, matched_count > 2000 and different_count = 0 from reconciliation where comparison = 'OPPSCAP' order by 1"
    assert con.sql(query).fetchall() == [
        (release, True) for release in ("RVU23D", "RVU24A", "RVU24AR", "RVU26B")
    ]


def test_the_correction_of_2024_changes_the_factor_and_nothing_else(made):
    con, _ = made
    query = (
        "select count(*) from (select * exclude (release_id, source_file) from rvu "
        "where release_id = 'RVU24A' except select * exclude (release_id, source_file) from rvu "
        "where release_id = 'RVU24AR')"
    )
    assert con.sql(query).fetchall() == [(0,)]
    query = (
        "select distinct release_id, conversion_factor::varchar from payment_national "
        "where release_id like 'RVU24%' order by 1"
    )
    assert con.sql(query).fetchall() == [("RVU24A", "32.7442"), ("RVU24AR", "33.2875")]


def test_codes_come_and_go_change_status_and_value(made):
    con, _ = made
    query = """
      select count(*) filter (old.hcpcs_code is null) > 0, count(*) filter (new.hcpcs_code is null) > 0,
        count(*) filter (old.status_code <> new.status_code) > 0, count(*) filter (old.work_rvu <> new.work_rvu) > 5
      from (from rvu where release_id = 'RVU20A') as old
      full join (from rvu where release_id = 'RVU26B') as new using (hcpcs_code, modifier)"""
    assert con.sql(query).fetchall() == [(True, True, True, True)]


def test_a_timeline_has_a_posting_for_every_quarter_and_the_correction():
    names = [posting.release_id for posting in timeline(2013, 2026)]
    assert len(names) == len(set(names)) == 14 * 4 + 1
    assert names[:2] == ["RVU13A", "RVU13B"]


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(tmp_path: Path):
    posting = timeline(2024, 2024)[2]
    one = Maker(SAMPLE, seed=7).write(posting, tmp_path, as_zip=True).read_bytes()
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    assert Maker(SAMPLE, seed=7).write(posting, tmp_path, as_zip=True).read_bytes() == one
    assert Maker(SAMPLE, seed=8).files(posting) != Maker(SAMPLE, seed=7).files(posting)


def test_a_posting_again_has_other_bytes_under_the_same_or_a_later_day():
    maker, posting = Maker(SAMPLE), timeline(2025, 2025)[0]
    same_day, later = posting.posted_again(same_day=True), posting.posted_again(same_day=False)
    assert (same_day.name, later.name) == (
        "rvu25a-updated-01_09_2025",
        "rvu25a-updated-01_27_2025",
    )
    assert (same_day.released, later.released > posting.released) == (posting.released, True)
    rows, again = maker.rows(posting), maker.rows(same_day)
    changed = [new[0] for old, new in zip(rows, again, strict=True) if old != new]
    assert 3 <= len(changed) <= 9
