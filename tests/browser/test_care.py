"""The calculator of critical care, for every minute under both payers, by the rules anew."""

import pytest
from playwright.sync_api import expect


def units(minutes: int, payer: str) -> dict[str, int]:
    """pfs-rules 6.1, computed otherwise than the tables."""
    if minutes < 30:
        return {}
    if payer == "cpt":
        further = 0 if minutes < 75 else 1 + (minutes - 75) // 30
    else:
        further = (minutes - 74) // 30 if minutes >= 104 else 0
    return {"99291": 1} | ({"99292": further} if further else {})


def test_every_minute_under_both_payers(care_reader):
    page = care_reader.open("critical-care.html")
    shown = page.evaluate(
        """async () => {
          const tables = await Site.care.tables();
          const answers = {};
          for (const payer of ["cpt", "medicare"]) {
            for (let minutes = 0; minutes <= 300; minutes += 1) {
              const asked = { minutes, payer, day: "2025-10-01", age: 40, unit: "year", setting: "inpatient" };
              answers[`${payer} ${minutes}`] = Object.fromEntries(
                Site.care.answer(tables, asked).lines.map((line) => [line.code, line.units]));
            }
          }
          return answers;
        }"""
    )
    assert shown == {
        f"{payer} {minutes}": units(minutes, payer)
        for payer in ("cpt", "medicare")
        for minutes in range(301)
    }


def test_the_form_shows_units_and_what_they_pay(care_reader, con):
    [[payment]] = con.sql(
        "select facility_payment from code_profile where hcpcs_code = '99291'"
    ).fetchall()
    page = care_reader.open("critical-care.html")
    shown = page.locator("[data-units]")
    for minutes, payer, further in (
        (74, "cpt", []),
        (75, "cpt", ["1"]),
        (103, "medicare", []),
        (104, "medicare", ["1"]),
    ):
        page.check(f"input[value={payer}]")
        page.fill("#care-minutes", str(minutes))
        expect(shown).to_have_text(["1", *further])
        assert f"${payment}" in page.inner_text(".care-result"), (minutes, payer)


@pytest.mark.parametrize(("typed", "counted"), [("5000", "1440"), ("104.9", "104"), ("-5", "0")])
def test_what_stands_in_the_form_is_what_was_counted(care_reader, typed, counted):
    page = care_reader.open(f"critical-care.html#&minutes={typed}")
    expect(page.locator("#care-minutes")).to_have_value(counted)
    page.fill("#care-minutes", "90")
    page.fill("#care-minutes", typed)
    page.press("#care-minutes", "Enter")
    expect(page.locator("#care-minutes")).to_have_value(counted)


def test_too_few_minutes_are_told(care_reader):
    page = care_reader.open("critical-care.html")
    page.fill("#care-minutes", "29")
    page.wait_for_selector("#care-problem")
    assert page.inner_text("#care-problem").startswith("Too few minutes")
    ages = page.get_by_role("table", name="Codes by age and place")
    expect(ages.get_by_role("link", name="99291").first).to_be_visible()


def test_a_newborn_in_hospital_is_paid_by_the_day(care_reader):
    page = care_reader.open("critical-care.html")
    page.fill("#care-age", "5")
    page.select_option(".age select", "day")
    page.wait_for_selector("[data-units='99468']")
    page.check("#care-later")
    page.wait_for_selector("[data-units='99469']")


def test_a_service_that_no_longer_exists_is_struck_through(care_reader):
    page = care_reader.open("critical-care.html")
    assert page.inner_text("s.code") == "99090"


def test_without_rules_the_page_says_so(reader):
    page = reader.open("critical-care.html")
    if page.locator("#care-minutes").count() == 0:
        assert "holds no rules for critical care" in page.inner_text("main")
