"""The page that prices a claim: to the cent as the command line does, and the claim is in the address."""

import csv
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.browser.claims import compared, drawn_claims


def test_hundreds_of_random_claims_come_out_as_in_the_warehouse(reader, con, sample_warehouse):
    page = reader.open("claim.html")
    claims = drawn_claims(con, 900, seed=17)
    counts, different = compared(page, sample_warehouse / "fee_schedule.duckdb", claims)
    assert different == []
    assert counts["priced alike"] > 100


@pytest.mark.parametrize(
    ("code", "modifiers", "units", "reason"),
    [
        ("A0425", "26", "12.4", "component_not_separate"),
        ("A0425", "26", "12.45", "units_out_of_range"),
        ("A0425", "", "12.4", "another_schedule"),
        ("92950", "26", "1.0", "component_not_separate"),
        ("92950", "", "1.5", "units_out_of_range"),
    ],
)
def test_tenths_are_units_of_miles_alone(reader, con, code, modifiers, units, reason):
    [place, day] = con.execute(
        "SELECT min(mac || '-' || locality_number), max(effective_from)::VARCHAR "
        "FROM locality JOIN release USING (release_id) WHERE is_latest"
    ).fetchone()
    reader.open(f"claim.html#&claim={code}!{modifiers}!{units}!11!{day}!!&at={place}")
    expect(reader.page.locator(f"[data-reason='{reason}']")).to_be_visible()


def test_a_charge_is_read_as_the_command_reads_it(reader):
    reader.open("claim.html")
    read = """(charges) => charges.map((charge) => {
      const line = { code: "92950", modifiers: "", units: "1", pos: "11", day: "", minutes: "", charge };
      return String(Site.claim.line({ kind: "physician" }, line, {}).charge);
    })"""
    charges = ["$1,234.50", "1 234.50", "5", "5.", "$0.5", "1,234", "5$", ""]
    cents = ["123450", "123450", "500", "500", "50", "-1", "-1", "null"]
    assert reader.page.evaluate(read, charges) == cents


def test_keys_add_and_remove_lines_and_the_address_holds_the_claim(reader, con):
    [place, day] = con.execute(
        "SELECT min(mac || '-' || locality_number), max(effective_from)::VARCHAR "
        "FROM locality JOIN release USING (release_id) WHERE is_latest"
    ).fetchone()
    page = reader.open(f"claim.html#&claim=92950!!1!21!{day}!!&at={place}")
    expect(page.locator("#claim-priced")).to_contain_text("1 / 1")
    first = page.locator("[data-line='0'] [data-field='code']")
    first.press("Enter")
    second = page.locator("[data-line='1'] [data-field='code']")
    expect(second).to_be_focused()
    second.fill("99999")
    second.press("Tab")
    expect(page.locator("#claim-priced")).to_contain_text("1 / 2")
    expect(page.locator("[data-reason='another_schedule']")).to_be_visible()
    total = page.locator("#claim-total").text_content()
    again = reader.open(page.url.rpartition("/")[2])
    expect(again.locator("#claim-total")).to_have_text(total)
    written = unquote(again.locator("#claim-csv").get_attribute("href").partition(",")[2])
    rows = list(csv.DictReader(written.splitlines()))
    assert [row["hcpcs_code"] for row in rows] == ["92950", "99999"]
    assert f"${float(rows[0]['allowed_amount']):,.2f}" == total
    assert rows[1]["allowed_amount"] == ""
    again.locator("[data-line='1'] [data-field='units']").press("Control+Delete")
    expect(again.locator("#claim-priced")).to_contain_text("1 / 1")
    assert reader.faults_of_accessibility() == []


@pytest.mark.parametrize(
    ("language", "office"), [("en", "Office"), ("es", "Consultorio"), ("ar", "عيادة")]
)
def test_places_of_service_are_named_in_the_language_of_the_page(reader, language, office):
    page = reader.open(f"claim.html#&lang={language}")
    assert page.locator("#claim-places option[value='11']").text_content() == office


def test_the_zip_code_of_a_claim_is_its_place_and_my_place_stays(reader, con):
    """A ZIP code in several localities leaves only those to choose from."""
    one, place = con.execute(
        "SELECT zip_code, mac || '-' || locality_number FROM zip_locality WHERE NOT zip4_decides "
        "AND (mac, locality_number) IN (SELECT mac, locality_number FROM locality "
        "JOIN release USING (release_id) WHERE is_latest) ORDER BY 1 LIMIT 1"
    ).fetchone()
    [several] = con.execute("SELECT min(zip_code) FROM zip_locality WHERE zip4_decides").fetchone()
    [day] = con.execute(
        "SELECT max(effective_from)::VARCHAR FROM locality JOIN release USING (release_id) WHERE is_latest"
    ).fetchone()
    by_place = reader.open(f"claim.html#&claim=92950!!1!21!{day}&at={place}")
    total = by_place.locator("#claim-total").text_content()
    page = reader.open(f"claim.html#&claim=92950!!1!21!{day}")
    expect(page.locator("[data-reason='locality_missing']")).to_be_visible()
    page.fill("#claim-zip", one)
    page.locator("#claim-zip").press("Tab")
    expect(page.locator("#claim-total")).to_have_text(total)
    expect(page.locator("#claim-place")).to_have_value(place)
    expect(page.locator("#place-name")).to_have_text("National")
    page = reader.open(page.url.rpartition("/")[2])
    expect(page.locator("#claim-total")).to_have_text(total)
    page.fill("#claim-zip", several)
    page.locator("#claim-zip").press("Tab")
    expect(page.locator("[data-reason='zip4_needed']")).to_be_visible()
    offered = page.locator("#claim-place option[value]:not([value=''])")
    page.locator("#claim-place").select_option(offered.first.get_attribute("value"))
    expect(page.locator("#claim-priced")).to_contain_text("1 / 1")
    expect(page.locator("#claim-zip")).to_have_value(several)
    assert reader.faults_of_accessibility() == []
