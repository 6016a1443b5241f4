"""Which posting answers for a day of service, now and as it was known: small tables in and out."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import main
from pipeline.errors import MissingReleaseError, RefusedError
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.release.history import Origin, order_postings
from pipeline.report import Report
from pipeline.schedules.pfs.identity import effective_period
from pipeline.store.shelf import Artefact
from tests.helpers import bundles

pytestmark = pytest.mark.whole


def postings(text: str) -> tuple[list, list[dict]]:
    """Order postings written as lines: release, RELEASED date, re-posted on, fetched on, series, version."""
    return order_postings([_built(*line.split()) for line in text.strip().splitlines()])


def _built(
    release_id: str, released_on: str, updated_on="-", fetched_on="-", series="", version=None
):
    facts = {
        "schedule": "pfs",
        "series": series,
        "period": effective_period(release_id, 2000 + int(release_id[3:5])),
        "release_id": release_id,
        "released_on": None if released_on == "-" else released_on,
        "version": version and int(version),
        "calendar_year": 2000 + int(release_id[3:5]),
        "missing_files": "",
        "title": "",
        "notice": "",
        "bundle": f"{release_id} {released_on} {updated_on} {fetched_on}",
        "content_sha256": "",
        "layout_evidence": "declared",
        "is_sample": False,
    }
    read = Artefact(release_id, "read", "", {}, Path(), facts)
    return read, read, Origin(_day(updated_on), _day(fetched_on))


def _day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def in_force(text: str) -> list[str]:
    """Each posting with its days of service, and what superseded it."""
    found = []
    for posting in postings(text)[0]:
        row = posting.row
        until = row["superseded_by"] or "in force"
        found.append(
            f"{row['posting_id']} {row['effective_from']} {row['effective_to']} -> {until}"
        )
    return found


def as_known(text: str) -> list[str]:
    """The rows of ``release_period``."""
    names = ("posting_id", "known_from", "known_to", "effective_from", "effective_to")
    return [" ".join(str(row[name]) for name in names) for row in postings(text)[1]]


# ---------------------------------------------------------------- what is in force


def test_two_versions_of_one_day_have_an_id_each():
    found = in_force("RVU25A 2024-12-23 - - pfs 4\nRVU25A 2024-12-23 - - pfs 3")
    assert found == [
        "RVU25A@2024-12-23 2025-01-01 2025-03-31 -> RVU25A@2024-12-23.2",
        "RVU25A@2024-12-23.2 2025-01-01 2025-03-31 -> in force",
    ]


def test_a_release_is_for_its_quarter():
    assert in_force("RVU25A 2024-12-23\nRVU25B 2025-03-20") == [
        "RVU25A@2024-12-23 2025-01-01 2025-03-31 -> in force",
        "RVU25B@2025-03-20 2025-04-01 2025-06-30 -> in force",
    ]


def test_what_a_schedule_posts_side_by_side_is_in_force_side_by_side():
    """Neither does a release end where one of another series begins; each has its latest."""
    text = """
        RVU25A 2024-12-20 - - practitioner
        RVU25A 2024-12-19 - - supplier
        RVU25B 2025-03-20 - - practitioner
        RVU25A 2025-01-10 - - supplier
    """
    found = [
        (
            row["series"],
            row["release_id"],
            str(row["released_on"]),
            row["is_current"],
            row["is_latest"],
        )
        for row in (posting.row for posting in postings(text)[0])
    ]
    assert sorted(found) == [
        ("practitioner", "RVU25A", "2024-12-20", True, False),
        ("practitioner", "RVU25B", "2025-03-20", True, True),
        ("supplier", "RVU25A", "2024-12-19", False, False),
        ("supplier", "RVU25A", "2025-01-10", True, True),
    ]
    periods = [(x["series"], str(x["effective_to"]), str(x["known_to"])) for x in postings(text)[1]]
    assert sorted(periods) == [
        ("practitioner", "2025-03-31", "9999-12-31"),
        ("practitioner", "2025-06-30", "9999-12-31"),
        ("supplier", "2025-03-31", "2025-01-09"),
        ("supplier", "2025-03-31", "9999-12-31"),
    ]


def test_a_new_released_date_supersedes():
    assert in_force("RVU25B 2025-03-20\nRVU25B 2025-06-05") == [
        "RVU25B@2025-03-20 2025-04-01 2025-06-30 -> RVU25B@2025-06-05",
        "RVU25B@2025-06-05 2025-04-01 2025-06-30 -> in force",
    ]


def test_new_bytes_under_one_released_date_supersede_by_the_day_in_the_name():
    assert in_force("RVU25A 2024-12-23 2025-01-10\nRVU25A 2024-12-23") == [
        "RVU25A@2024-12-23 2025-01-01 2025-03-31 -> RVU25A@2024-12-23.2",
        "RVU25A@2024-12-23.2 2025-01-01 2025-03-31 -> in force",
    ]


def test_new_bytes_at_one_address_supersede_by_the_day_of_the_download():
    assert in_force("RVU25A 2024-12-23 - 2025-01-02\nRVU25A 2024-12-23 - 2025-02-03") == [
        "RVU25A@2024-12-23 2025-01-01 2025-03-31 -> RVU25A@2024-12-23.2",
        "RVU25A@2024-12-23.2 2025-01-01 2025-03-31 -> in force",
    ]


def test_nothing_is_guessed_where_nothing_tells_the_order():
    with pytest.raises(RefusedError, match="nothing tells which of the two is the later"):
        postings("RVU25A 2024-12-23\nRVU25A 2024-12-23")


def test_a_posting_without_a_date_is_in_force_where_no_other_is():
    """The fixed-width form has no RELEASED line, so that nothing tells when it was posted."""
    assert in_force("RVU26A -\nRVU26B -\nRVU26B 2026-03-10\nRVU26C 2026-07-05\nRVU26C -") == [
        "RVU26A@undated 2026-01-01 2026-03-31 -> in force",
        "RVU26B@2026-03-10 2026-04-01 2026-06-30 -> in force",
        "RVU26B@undated 2026-04-01 2026-06-30 -> RVU26B@2026-03-10",
        "RVU26C@2026-07-05 2026-07-01 2026-09-30 -> in force",
        "RVU26C@undated 2026-07-01 2026-09-30 -> RVU26C@2026-07-05",
    ]
    # Without any day it is known from the first day that it is for.
    assert as_known("RVU26A -") == ["RVU26A@undated 2026-01-01 9999-12-31 2026-01-01 2026-03-31"]
    with pytest.raises(RefusedError, match="nothing tells which of the two is the later"):
        postings("RVU26A -\nRVU26A -")


def test_a_correction_for_later_days_is_a_release_of_its_own():
    assert in_force("RVU24A 2023-12-15\nRVU24AR 2024-03-12\nRVU24B 2024-03-25") == [
        "RVU24A@2023-12-15 2024-01-01 2024-03-08 -> in force",
        "RVU24AR@2024-03-12 2024-03-09 2024-03-31 -> in force",
        "RVU24B@2024-03-25 2024-04-01 2024-06-30 -> in force",
    ]


def test_a_correction_for_the_same_days_supersedes():
    assert in_force("RVU13A 2012-12-10\nRVU13AR 2013-01-08") == [
        "RVU13A@2012-12-10 2013-01-01 2013-03-31 -> RVU13AR@2013-01-08",
        "RVU13AR@2013-01-08 2013-01-01 2013-03-31 -> in force",
    ]


def test_days_that_no_loaded_release_is_for_stay_open():
    """Without 24AR nothing answers for 9 to 31 March 2024: 24A no longer does."""
    assert in_force("RVU24A 2023-12-15\nRVU24B 2024-03-25") == [
        "RVU24A@2023-12-15 2024-01-01 2024-03-08 -> in force",
        "RVU24B@2024-03-25 2024-04-01 2024-06-30 -> in force",
    ]


# ---------------------------------------------------------------- as it was known


def test_a_re_posting_is_known_from_its_own_day():
    assert as_known("RVU25A 2024-12-23\nRVU25A 2024-12-23 2025-01-10") == [
        "RVU25A@2024-12-23 2024-12-23 2025-01-09 2025-01-01 2025-03-31",
        "RVU25A@2024-12-23.2 2025-01-10 9999-12-31 2025-01-01 2025-03-31",
    ]


def test_before_a_correction_the_release_was_thought_to_last_its_quarter():
    assert as_known("RVU24A 2023-12-15\nRVU24AR 2024-03-12") == [
        "RVU24A@2023-12-15 2023-12-15 2024-03-08 2024-01-01 2024-03-31",
        "RVU24A@2023-12-15 2024-03-09 9999-12-31 2024-01-01 2024-03-08",
        "RVU24AR@2024-03-12 2024-03-12 9999-12-31 2024-03-09 2024-03-31",
    ]


# ---------------------------------------------------------------- a warehouse with a re-posting


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    """25A, posted again with another work RVU of 92950, in a zip; and 25B."""
    folder = tmp_path_factory.mktemp("history")
    raw = folder / "raw"
    for name, month, work in (
        ("rvu25a", "January", "4.20"),
        ("rvu25a-updated-01_10_2025", "January", "4.00"),
        ("rvu25b", "April", "4.00"),
    ):
        released = "12/24/2024" if month == "January" else "03/20/2025"
        bundle = bundles.as_release(bundles.copy_sample(raw / name), 2025, month, released)
        [pprrvu] = bundle.glob("PPRRVU*")
        # 92950 outside a facility: practice expense 5.19, malpractice 0.40; in one 1.03.
        for position, value in (
            (bundles.WORK, work),
            (bundles.NF_TOTAL, f"{float(work) + 5.59:.2f}"),
            (bundles.F_TOTAL, f"{float(work) + 1.43:.2f}"),
        ):
            bundles.edit_cell(pprrvu, "92950,,", position, value)
    bundles.zip_folder(raw / "rvu25a", raw / "rvu25a.zip")
    refresh(Options(raw=raw, warehouse=folder / "warehouse"), Report(quiet=True))
    return folder / "warehouse"


def ask(warehouse: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        return con.sql(query).fetchall()


def test_main_holds_the_posting_in_force_only(warehouse):
    query = "SELECT release_id, work_rvu::VARCHAR FROM rvu WHERE hcpcs_code = '92950' ORDER BY 1"
    assert ask(warehouse, query) == [("RVU25A", "4.00"), ("RVU25B", "4.00")]


def test_the_superseded_posting_keeps_its_tables(warehouse):
    old = "posting_id = 'RVU25A@2024-12-24'"
    query = f"SELECT work_rvu::VARCHAR FROM superseded.rvu WHERE {old} AND hcpcs_code = '92950'"
    assert ask(warehouse, query) == [("4.20",)]
    for name in ("locality", "payment_national", "work_rvu_rank", "payment_rank", "check_result"):
        counts = (
            f"SELECT (SELECT count(*) FROM superseded.{name} WHERE {old}) > 0, "
            f"(SELECT count(*) FROM superseded.{name} WHERE NOT {old})"
        )
        assert ask(warehouse, counts) == [(True, 0)], name


def test_superseded_locality_amounts_follow_from_superseded_values(warehouse):
    """(4.20 + 1.03 + 0.40) x 32.3465 is the national amount of then, and 0.20 more work is
    0.20 x the work index x 32.3465 more in a locality, but for rounding."""
    query = (
        "SELECT facility_fee::VARCHAR FROM superseded.payment_national WHERE hcpcs_code = '92950'"
    )
    assert ask(warehouse, query) == [("182.11",)]
    query = (
        "SELECT count(*), max(abs(old.facility_fee - new.facility_fee "
        "- 0.20 * work_gpci * 32.3465)) < 0.01 "
        "FROM superseded.payment_locality AS old JOIN payment_locality AS new "
        "USING (release_id, hcpcs_code, modifier, mac, locality_number) "
        "JOIN locality USING (release_id, mac, locality_number) WHERE hcpcs_code = '92950'"
    )
    assert ask(warehouse, query) == [(109, True)]


@pytest.mark.parametrize(
    ("on", "known_on", "work"),
    [
        ("2025-02-01", "9999-12-31", "4.00"),
        ("2025-02-01", "2025-01-09", "4.20"),
        ("2025-02-01", "2025-01-10", "4.00"),
        ("2025-05-01", "9999-12-31", "4.00"),
    ],
)
def test_one_row_answers_for_a_day_as_known_on_a_day(warehouse, on, known_on, work):
    for table in ("rvu", "payment_national", "payment_locality"):
        key = "hcpcs_code = '92950'"
        if table == "payment_locality":
            key += " AND mac = '01112' AND locality_number = '05'"
        query = (
            f"SELECT count(*) FROM {table}_as_known WHERE {key} "
            f"AND DATE '{on}' BETWEEN effective_from AND effective_to "
            f"AND DATE '{known_on}' BETWEEN known_from AND known_to"
        )
        assert ask(warehouse, query) == [(1,)], table
    query = (
        "SELECT work_rvu::VARCHAR FROM rvu_as_known WHERE hcpcs_code = '92950' "
        f"AND DATE '{on}' BETWEEN effective_from AND effective_to "
        f"AND DATE '{known_on}' BETWEEN known_from AND known_to"
    )
    assert ask(warehouse, query) == [(work,)]


def test_before_anything_was_known_there_is_no_answer(warehouse):
    query = (
        "SELECT count(*) FROM rvu_as_known "
        "WHERE DATE '2025-02-01' BETWEEN effective_from AND effective_to "
        "AND DATE '2024-12-01' BETWEEN known_from AND known_to"
    )
    assert ask(warehouse, query) == [(0,)]


def test_views_in_force_and_macros_agree(warehouse):
    for view, macro in (("rvu_in_force", "rvu_on"), ("payment_locality_in_force", "payment_on")):
        day = "DATE '2025-05-01'"
        one = f"SELECT * FROM {view} WHERE {day} BETWEEN effective_from AND effective_to"
        other = f"SELECT * FROM {macro}('2025-05-01')"
        assert ask(warehouse, f"SELECT count(*) > 0 FROM ({one})") == [(True,)]
        assert ask(warehouse, f"({one}) EXCEPT ALL ({other})") == []
        assert ask(warehouse, f"({other}) EXCEPT ALL ({one})") == []


def test_every_file_of_every_posting_is_listed(warehouse):
    query = (
        "SELECT posting_id, count(*) FROM source_file WHERE release_id <> '' GROUP BY 1 ORDER BY 1"
    )
    assert ask(warehouse, query) == [
        ("RVU25A@2024-12-24", 5),
        ("RVU25A@2024-12-24.2", 5),
        ("RVU25B@2025-03-20", 5),
    ]


def pfs(capsys, monkeypatch, warehouse: Path, *arguments: str) -> tuple[int, str]:
    """Run the command as a user does; returns exit code and what it printed."""
    monkeypatch.setattr("sys.argv", ["fees", *arguments, "--warehouse", str(warehouse)])
    code = 0
    try:
        main()
    except SystemExit as done:
        code = int(done.code)
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_show_on_a_day_takes_the_release_in_force(capsys, monkeypatch, warehouse):
    code, text = pfs(capsys, monkeypatch, warehouse, "show", "92950", "--on", "2025-05-01")
    assert code == 0
    assert "release RVU25B, in force 2025-04-01 to 2025-06-30" in text


def test_show_as_known_on_a_day_reproduces_the_amount_of_then(capsys, monkeypatch, warehouse):
    arguments = ("show", "92950", "--on", "2025-02-01", "--known-on", "2025-01-05")
    code, text = pfs(capsys, monkeypatch, warehouse, *arguments)
    assert code == 0
    assert "note: this is RVU25A@2024-12-24, which RVU25A@2024-12-24.2 replaced" in text
    assert "182.11" in text


def test_show_on_a_day_without_a_release_says_which_there_are(capsys, monkeypatch, warehouse):
    code, text = pfs(capsys, monkeypatch, warehouse, "show", "92950", "--on", "2026-05-01")
    assert code == 6
    assert "holds no release in force on 2026-05-01 (it holds: RVU25B@2025-03-20 for" in text


def test_diff_of_a_posting_and_the_one_that_replaced_it(capsys, monkeypatch, warehouse):
    arguments = ("diff", "RVU25A@2024-12-24", "RVU25A", "--code", "92950")
    code, text = pfs(capsys, monkeypatch, warehouse, *arguments)
    assert code == 0
    assert "92950 from RVU25A@2024-12-24 to RVU25A" in text
    # 0.20 x 32.3465 is 6.4693, of which 6.47 is the change in cents.
    assert "facility 182.11 175.64 -6.47 -6.469300" in " ".join(text.split())


def test_diff_says_no_code_is_the_same_where_a_release_has_no_payment(
    capsys, monkeypatch, warehouse
):
    words = ("RVU25A@2024-12-24", "RVU25A", "--code", "36415", "--locality", "01112-05")
    code, text = pfs(capsys, monkeypatch, warehouse, "diff", *words)
    assert code == 6
    assert "the same" not in text
    assert "do not both have a payment for 36415 in 01112-05" in text


def test_a_posting_that_is_gone_is_missed(warehouse, tmp_path):
    """Its figures cannot be computed again without its bytes, so it is not dropped in silence."""
    shutil.copytree(warehouse.parent, tmp_path / "place", symlinks=True)
    place = tmp_path / "place"
    (place / "raw" / "rvu25a.zip").unlink()
    with pytest.raises(MissingReleaseError, match=r"holds RVU25A@2024-12-24\.2, but"):
        refresh(Options(raw=place / "raw", warehouse=place / "warehouse"), Report(quiet=True))
