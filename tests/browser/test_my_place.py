"""My place: found by ZIP code or state, remembered, and every amount is that of its locality."""

from playwright.sync_api import expect

AMOUNTS = """
    SELECT {setting}_payment FROM payment_locality JOIN release USING (release_id)
    WHERE is_latest AND is_default_class AND hcpcs_code = ? AND payment_locality.modifier = ''
        AND mac || '-' || locality_number = ?
"""


def paid(con, code: str, locality: str, setting: str) -> str:
    [amount] = con.execute(AMOUNTS.format(setting=setting), [code, locality]).fetchone()
    return f"${amount:,.2f}"


def chosen(page, typed: str):
    page.locator("#my-place summary").click()
    page.locator("#place-input").fill(typed)
    page.locator("#place-input").press("Enter")
    return page


def test_a_zip_code_makes_every_amount_that_of_its_locality(reader, con):
    zip_code, locality = con.execute(
        "SELECT zip_code, mac || '-' || locality_number FROM zip_locality "
        "WHERE NOT zip4_decides AND (mac, locality_number) IN "
        "(SELECT mac, locality_number FROM locality JOIN release USING (release_id) WHERE is_latest) "
        "ORDER BY 1 LIMIT 1"
    ).fetchone()
    page = chosen(reader.open("code.html#92950"), zip_code)
    office = page.locator("#office-payment")
    expect(office.locator(".here")).to_have_text(paid(con, "92950", locality, "nonfacility"))
    expect(office.locator(".national")).to_contain_text("$310.20")
    # What stays national says so, and what the release says of several places does not.
    labelled = page.locator("[data-sentence]:has(.tag-national)")
    told = labelled.evaluate_all("all => all.map((one) => one.dataset.sentence)")
    assert told and all(name.startswith(("limiting_charge", "qualifying")) for name in told)
    expect(page.locator(".part:has(#part-code-history) thead")).to_contain_text(
        "National payment, Office"
    )
    page.fill("#search-input", "92950")
    expect(page.locator("#search-results [data-code='92950']")).to_contain_text("National")
    # It is remembered on the next page, and a section's list computes the same.
    page = reader.open("compare.html#92950")
    expect(page.locator(".compared .here").first).to_have_text(
        paid(con, "92950", locality, "nonfacility")
    )
    page = reader.open("section.html#Medicine")
    page.locator("button.wide").click()
    row = page.locator("#content tr", has=page.locator("a", has_text="92950")).last
    expect(row.locator(".here").first).to_have_text(paid(con, "92950", locality, "nonfacility"))
    page.locator("#my-place summary").click()
    page.locator("#place-remove").click()
    expect(page.locator("#place-name")).to_have_text("National")
    expect(reader.open("code.html#92950").locator("#office-payment")).to_have_text("$310.20")


def test_what_names_no_single_place_says_so(reader, con):
    [several] = con.execute("SELECT min(zip_code) FROM zip_locality WHERE zip4_decides").fetchone()
    page = reader.open("index.html")
    page.locator("#my-place summary").click()
    for typed, said in (
        ("00000", "no ZIP code 00000"),
        ("Q1", "no ZIP code and no state"),
        (several, "lies in more than one locality"),
        ("CA", "localities: choose one"),
    ):
        page.locator("#place-input").fill(typed)
        page.locator("#place-input").press("Enter")
        expect(page.locator(".place-status")).to_contain_text(said)
        expect(page.locator("#place-name")).to_have_text("National")


def test_names_of_localities_are_read_as_people_write_them(reader):
    page = reader.open("index.html")
    titles = {
        "LOS ANGELES-LONG BEACH-ANAHEIM (LOS ANGELES/ORANGE CNTY)": "Los Angeles-Long Beach-Anaheim (Los Angeles/Orange County)",
        "DC + MD/VA SUBURBS": "DC + MD/VA Suburbs",
        "NYC SUBURBS/LONG ISLAND": "NYC Suburbs/Long Island",
        "REST OF MAINE": "Rest of Maine",
        "BALTIMORE/SURR. CNTYS": "Baltimore/Surrounding Counties",
    }
    found = page.evaluate("(names) => names.map(Site.place.title)", list(titles))
    assert found == list(titles.values())
