"""The maker of releases makes what CMS could have posted: read whole, agreeing with itself."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers.bundles import SAMPLE
from tests.helpers.releases import Maker, timeline

pytestmark = pytest.mark.slow


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


@pytest.mark.slow
def test_every_made_release_is_read_without_a_warning_but_for_files_that_cms_shaped_otherwise(made):
    _, report = made
    assert sorted(report.warnings) == [
        "RVU20A lacks gpci,locco,anes,oppscap: it has no locality amounts",
        "RVU26B lacks anes",
        # CMS shipped LOCCO of 2026 as a workbook only.
        "RVU26B: 26LOCCO.csv: no source tells of such a file of 2026; it was read by what its "
        "words and values say (check layouts_are_declared)",
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


def test_from_24a_to_24ar_the_factor_alone_changed_every_payment(made):
    con, _ = made
    query = (
        "select change_kind, min(facility_due_to_rvu)::varchar, max(facility_due_to_rvu)::varchar, "
        "count(*) = (select count(*) from payment_national where release_id = 'RVU24AR' and "
        "price_status = 'priced' and facility_payment + nonfacility_payment > 0) "
        "from rvu_change where release_id = 'RVU24AR' group by change_kind"
    )
    assert con.sql(query).fetchall() == [("factor_only", "0.000000", "0.000000", True)]


@pytest.mark.slow
@pytest.mark.long
def test_every_quarter_from_2020_to_2026_and_re_postings_stand_in_one_warehouse(tmp_path):
    maker, raw = Maker(SAMPLE), tmp_path / "raw"
    raw.mkdir()
    postings = timeline(2020, 2026)
    again = [postings[0].posted_again(same_day=True), postings[21].posted_again(same_day=False)]
    for posting in [*postings, *again]:
        maker.write(posting, raw)
    refresh(Options(raw, tmp_path / "warehouse"), Report(quiet=True))
    path = tmp_path / "warehouse" / "fee_schedule.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        query = "select count(*), count(*) filter (is_current), min(effective_from)::varchar from release"
        assert con.sql(query).fetchall() == [(31, 29, "2020-01-01")]
        # Where nothing changed from one quarter to the next there is no row.
        query = (
            "select count(*) filter (previous_release_id <> before), count(distinct release_id) > 10 "
            "from rvu_change join (select release_id, lag(release_id) over (order by effective_from) "
            "as before from release where is_current) using (release_id)"
        )
        assert con.sql(query).fetchall() == [(0, True)]
        assert con.sql("select count(distinct posting_id) from superseded.rvu").fetchall() == [(2,)]
        # Every day of seven years has exactly one release.
        query = (
            "select max(n), min(n) from (select day, count(release.release_id) as n "
            "from range(date '2020-01-01', date '2027-01-01', interval 1 day) as days (day) "
            "left join release on is_current and day between effective_from and effective_to "
            "group by day)"
        )
        assert con.sql(query).fetchall() == [(1, 1)]


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
