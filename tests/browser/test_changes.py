"""The page of changes lists what the tables have, against the release before and against any other."""

import csv
import shutil
from collections import Counter
from decimal import Decimal

import duckdb
import pytest
from playwright.sync_api import expect

from pipeline.schedules.pfs.change import rvu_change_query
from pipeline.site.build import write_site
from pipeline.site.messages import english
from tests.browser.conftest import reading

# Every kind of change between July and October, beside the payments that follow from their RVUs.
DOCTORED = """
    DELETE FROM rvu WHERE release_id = 'RVU25C' AND hcpcs_code = '70450' AND modifier = '26';
    DELETE FROM rvu WHERE release_id = 'RVU25D' AND hcpcs_code = '70450' AND modifier = 'TC';
    UPDATE rvu SET status_code = 'C' WHERE release_id = 'RVU25D' AND hcpcs_code = '99291';
    UPDATE payment_national SET price_status = 'carrier_priced', nonfacility_payment = NULL, facility_payment = NULL
      WHERE release_id = 'RVU25D' AND hcpcs_code = '99291';
    UPDATE rvu SET bilateral_indicator = '1' WHERE release_id = 'RVU25D' AND hcpcs_code = '33952';
    UPDATE rvu SET description = 'Another name' WHERE release_id = 'RVU25C' AND hcpcs_code = 'G0105';
    UPDATE payment_national SET nonfacility_payment = nonfacility_payment + 1
      WHERE release_id = 'RVU25C' AND hcpcs_code = '45378' AND modifier = '';
"""

SIDES = ("before", "after")
SETTINGS = ("nonfacility", "facility")


def expected_rows(con: duckdb.DuckDBPyConnection, changes: str) -> list[dict[str, str]]:
    """What the list has to say, as texts, by code and modifier; NA where nobody is paid there."""
    shown = ", ".join(
        f"CASE WHEN {side}.{setting}_na AND price_status_{side} = 'priced' THEN 'NA' "
        f"ELSE {setting}_payment_{side}::text END AS {setting}_payment_{side}"
        for setting in SETTINGS
        for side in SIDES
    )
    cursor = con.execute(f"""
        SELECT
          change.release_id, previous_release_id, hcpcs_code, modifier, change_kind, status_code_before,
          status_code_after, price_status_before, price_status_after, work_rvu_before, work_rvu_after, {shown},
          greatest(before.work_rvu, before.nonfacility_total_rvu, before.facility_total_rvu) AS most_before,
          greatest(after.work_rvu, after.nonfacility_total_rvu, after.facility_total_rvu) AS most_after
        FROM ({changes}) AS change
        LEFT JOIN (SELECT release_id AS previous_release_id, * FROM rvu) AS before
          USING (previous_release_id, hcpcs_code, modifier)
        LEFT JOIN rvu AS after
          ON after.release_id = change.release_id AND after.hcpcs_code = change.hcpcs_code
          AND after.modifier = change.modifier
        ORDER BY hcpcs_code || modifier
    """)
    names = [column[0] for column in cursor.description]
    return [
        {name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}
        for row in cursor.fetchall()
    ]


def shown_list(page):
    """Ask for the list of all changes and for all of its rows; returns its table."""
    page.locator("section button.wide").first.click()
    page.wait_for_selector(".table-tools")
    for more in page.locator(".table + button.wide:visible").all():
        more.click()
    return page.get_by_role("group", name="All changes")


def saved(page) -> list[dict[str, str]]:
    """The rows of the list as they are saved."""
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def is_amount(text: str) -> bool:
    return text not in ("", "NA")


def in_place_of(row: dict[str, str], setting: str, side: str) -> str:
    """What stands for the amount of a setting in one of the releases."""
    if not row[f"status_code_{side}"]:
        return "not listed"
    text = row[f"{setting}_payment_{side}"]
    if text == "NA":
        return text
    if text:
        return f"${Decimal(text):,.2f}"
    return english()[f"no_amount.{row[f'price_status_{side}']}"][0]


def work_of(row: dict[str, str], side: str) -> str:
    """The work of a row in one of the releases, which is none where there are no RVUs."""
    if not row[f"status_code_{side}"]:
        return "not listed"
    return f"{Decimal(row[f'work_rvu_{side}']):,.2f}" if Decimal(row[f"most_{side}"]) else "NA"


def check_list(reader, con: duckdb.DuckDBPyConnection, address: str, changes: str) -> Counter:
    """Hold the list of a page against a SELECT shaped as rvu_change; returns its kinds."""
    expected = expected_rows(con, changes)
    page = reader.open(address)
    counted = {
        kind: int(text.replace(",", ""))
        for kind, text in page.locator("[data-kind]").evaluate_all(
            "all => all.map((one) => [one.dataset.kind, one.textContent])"
        )
    }
    del counted["unchanged"]
    kinds = Counter(row["change_kind"] for row in expected)
    assert {kind: n for kind, n in counted.items() if n} == kinds
    table = shown_list(page)
    rows = saved(page)
    for told, row in zip(rows, expected, strict=True):
        listed = {name: text for name, text in row.items() if not name.startswith("most_")}
        assert {name: told[name] for name in listed} == listed
        for setting in SETTINGS:
            check_change(told, setting)
    cells = table.locator("tbody tr").evaluate_all(
        "rows => rows.map((row) => [row.querySelector('.code').textContent, ...[...row.cells].slice(-8).map((cell) => cell.textContent)])"
    )
    for (name, *works, b1, a1, p1, b2, a2, p2), row in zip(cells, expected, strict=True):
        assert name == "-".join(filter(None, (row["hcpcs_code"], row["modifier"])))
        assert works == [work_of(row, side) for side in SIDES], row
        for setting, before, after, percent in (
            ("nonfacility", b1, a1, p1),
            ("facility", b2, a2, p2),
        ):
            stands = [in_place_of(row, setting, side) for side in SIDES]
            assert [before, after] == stands, row
            absent = [text for text in stands if not text.startswith("$")]
            assert percent == "" if absent else percent.endswith("%"), row
    return kinds


def check_change(told: dict[str, str], setting: str) -> None:
    """The difference and the percent of a saved row follow from its amounts, where it has both."""
    before, after = (told[f"{setting}_payment_{side}"] for side in SIDES)
    change, percent = told[f"{setting}_payment_change"], told[f"{setting}_payment_percent"]
    if not (is_amount(before) and is_amount(after)):
        assert change == percent == "", told
        return
    assert Decimal(change) == Decimal(after) - Decimal(before), told
    assert abs(Decimal(percent) - 100 * Decimal(change) / Decimal(before)) < Decimal("0.0051"), told


def any_pair(release: str, previous: str) -> str:
    return rvu_change_query(
        f"SELECT '{release}' AS release_id, '{previous}' AS previous_release_id"
    )


@pytest.fixture(scope="module")
def doctored(two_releases, tmp_path_factory):
    """A warehouse whose two releases differ in every way."""
    [[file]] = two_releases.sql(
        "SELECT path FROM duckdb_databases() WHERE path IS NOT NULL"
    ).fetchall()
    database = tmp_path_factory.mktemp("doctored") / "fee_schedule.duckdb"
    shutil.copy(file, database)
    database.chmod(0o644)
    with duckdb.connect(str(database)) as con:
        con.execute(DOCTORED)
        con.execute(f"CREATE OR REPLACE TABLE rvu_change AS {any_pair('RVU25D', 'RVU25C')}")
        yield con


@pytest.fixture(scope="module")
def changes_site(doctored, tmp_path_factory):
    """Its site."""
    folder = tmp_path_factory.mktemp("changes") / "site"
    write_site(doctored, folder, with_licensed_text=False, only=())
    return folder


@pytest.fixture
def changes_reader(browser, changes_site):
    """Somebody who reads it."""
    yield from reading(browser, changes_site)


def test_all_changes_are_listed_against_the_release_before_and_another(changes_reader, doctored):
    kinds = check_list(changes_reader, doctored, "changes.html#@RVU25D", "FROM rvu_change")
    assert kinds.keys() == {
        *("added", "removed", "status_changed", "revalued"),
        *("indicators_only", "factor_only", "description_only"),
    }
    assert changes_reader.faults_of_accessibility() == []
    back = check_list(
        changes_reader,
        doctored,
        "changes.html#@RVU25C&against=RVU25D",
        any_pair("RVU25C", "RVU25D"),
    )
    assert back == {**kinds, "added": kinds["removed"], "removed": kinds["added"]}


def test_the_list_is_filtered_by_kind_and_text_and_sorted(changes_reader):
    page = changes_reader.open("changes.html#@RVU25D")
    assert "October 2025 · RVU25D" in page.inner_text("h1")
    page.click("[data-kind=revalued] button")
    table = page.get_by_role("group", name="All changes")
    codes = table.locator("tbody .code")
    expect(codes).to_have_text(["92950"])
    page.select_option(".table-tools select", "")
    page.fill(".table-filter", "70450 removed")
    expect(codes).to_have_text(["70450-TC"])
    assert [row["modifier"] for row in saved(page)] == ["TC"]
    page.fill(".table-filter", "")
    table.get_by_role("button", name="Office, %").click()
    shown = table.locator("tbody tr td:nth-child(7)").all_inner_texts()
    paid = [float(text.replace("−", "-").rstrip("%")) for text in shown if text.endswith("%")]
    assert paid == sorted(paid, reverse=True) and shown[: len(paid)] == [
        text for text in shown if text.endswith("%")
    ]


def test_another_release_is_chosen_on_the_page_and_stands_in_its_address(changes_reader):
    page = changes_reader.open("changes.html#@RVU25C")
    assert "July 2025 · RVU25C is the first release loaded" in page.inner_text("main")
    page.select_option("#against", "RVU25D")
    page.wait_for_selector("[data-kind=added]")
    assert page.evaluate("location.hash") == "#@RVU25C&against=RVU25D"
    page = changes_reader.open("changes.html#@RVU25D&against=RVU99Z")
    expect(page.locator("main .warning")).to_contain_text("do not have release RVU99Z")
    assert page.input_value("#against") == "RVU25C"


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.long
def test_all_changes_of_cms_s_releases_are_listed_against_any_other(real_reader, real_warehouse):
    with duckdb.connect(str(real_warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        for release, against in (("RVU26C", ""), ("RVU25D", "RVU25A")):
            table = f"FROM rvu_change WHERE release_id = '{release}'"
            changes = any_pair(release, against) if against else table
            address = f"changes.html#@{release}{against and f'&against={against}'}"
            assert check_list(real_reader, con, address, changes).total() > 200
