"""The pages in a browser: search, figures against the warehouse, languages, keyboard, escaping."""

import re

import duckdb
import pytest
from playwright.sync_api import expect

from pipeline.site.build import write_site
from pipeline.site.messages import LANGUAGES, catalogue, english
from tests.browser.place import HOSTILE, LICENSED
from tests.helpers.marks import cases
from tests.helpers.site_files import text_of


def number(text: str) -> str:
    """The digits of a figure as they stand in the warehouse."""
    return re.sub(r"[^\d.]", "", text)


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize("code", ["92950", "33952", "99291", "45378", "G0105", "70450"])
def test_figures_of_a_code_are_those_of_the_warehouse(reader, con, code):
    office, facility = (
        f"if({setting}_na, 'NA', {setting}_payment::text), if({setting}_na, 'NA', {setting}_total_rvu::text)"
        for setting in ("nonfacility", "facility")
    )
    names = f"work_rvu::text, {office}, {facility}, global_days, status_code"
    [row] = con.execute(f"select {names} from code_profile where hcpcs_code = ?", [code]).fetchall()
    page = reader.open(f"code.html#{code}")
    ids = ("work-rvu", "office-payment", "office-total", "facility-payment", "facility-total")
    shown = [page.inner_text(f"#{name}") for name in ids]
    assert [text if text == "NA" else number(text) for text in shown] == list(row[:5])
    assert page.inner_text("#global-days") == row[5]
    assert page.inner_text(".fact:has(#status-code) .fact-note") == row[6]


def _plain(sentences: list[str]) -> list[str]:
    short = {
        "county": "cnty",
        "counties": "cntys",
        "surrounding": "surr.",
        "poughkeepsie": "poughkpsie",
    }
    plain = [sentence.casefold() for sentence in sentences]
    for word, cms in short.items():
        plain = [sentence.replace(word, cms) for sentence in plain]
    return plain


def test_sentences_on_the_page_are_those_of_the_warehouse(reader, con):
    """The browser fills in the figures anew: every code of the sample must read the same."""
    expected: dict[str, list[str]] = {}
    for code, sentence in con.execute(
        "select hcpcs_code, sentence from code_sentence order by hcpcs_code, sentence_number"
    ).fetchall():
        expected.setdefault(code, []).append(sentence)
    page = reader.open("code.html#92950")
    shown = page.evaluate(
        """async (codes) => {
          const said = {};
          for (const code of codes) {
            const { profile } = await Site.codeData(Site.release.release_id, code);
            said[code] = Site.sentences(profile).map((one) =>
              one.parts.map((part) => part.textContent ?? part).join(""));
          }
          return said;
        }""",
        sorted(expected),
    )
    assert len(expected) > 300
    # The pages write the names of localities as people do.
    assert {code: _plain(said) for code, said in shown.items()} == {
        code: _plain(said) for code, said in expected.items()
    }


def test_the_chosen_locality_shows_its_amounts(reader, con):
    [[locality, office, facility]] = con.execute(
        "select mac || '-' || locality_number, nonfacility_payment, facility_payment "
        "from payment_locality where hcpcs_code = '92950' and modifier = '' "
        "order by facility_payment desc limit 1"
    ).fetchall()
    page = reader.open("code.html#92950")
    page.select_option("#place", locality)
    assert number(page.inner_text("[data-place-amount=office]")) == str(office)
    assert number(page.inner_text("[data-place-amount=facility]")) == str(facility)


def test_figures_name_their_release_and_lead_to_their_derivation(reader):
    page = reader.open("code.html#92950")
    assert "SAMPLERVU25D" in page.inner_text(".code-head")
    links = page.eval_on_selector_all(
        "a.derived", "all => all.map((one) => one.getAttribute('href'))"
    )
    assert len(links) >= 6
    for link in dict.fromkeys(links):
        reader.open(link)
        assert reader.page.locator("section.chosen").count() == 1, link


def test_codes_stand_side_by_side(reader):
    page = reader.open("compare.html#92950,33952")
    assert page.locator("thead th").count() == 2
    page.fill(".compare-add input", "99291")
    page.wait_for_selector(".compare-add li[role=option]")
    page.press(".compare-add input", "Enter")
    expect(page.locator("thead th")).to_have_count(3)


def test_every_code_of_a_long_list_stands_in_the_comparison(phone_reader):
    codes = ["99213", "99214", "99215", "99291", "99292", "92950", "45378", "45380"]
    page = phone_reader.open(f"compare.html#{','.join(codes)}")
    assert page.locator("thead th a").all_inner_texts() == codes
    # Columns stay as wide as their words, and the table is moved instead of the page.
    assert min(one.bounding_box()["width"] for one in page.locator("thead th").all()) > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # On paper, as wide as a letter, no column is cut off.
    page.set_viewport_size({"width": 720, "height": 900})
    page.emulate_media(media="print")
    table = page.locator(".compared")
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0


# ---------------------------------------------------------------- search and keyboard


def test_search_finds_a_code_by_number_by_word_and_by_section(reader):
    page = reader.open("index.html")
    for query, code in [
        ("9295", "92950"),
        ("glaucoma", "G0117"),
        ("eye doctor", "G0117"),
        ("medicine", "92950"),
    ]:
        page.fill("#search-input", query)
        expect(page.locator(f"#search-results [data-code='{code}']")).to_have_count(1)
    page.fill("#search-input", "qqqq")
    expect(page.locator("#search-status")).to_contain_text("qqqq")


def test_search_works_by_keyboard_alone(reader):
    page = reader.open("section.html")
    page.keyboard.press("/")
    page.keyboard.type("33952")
    page.wait_for_selector("#search-results [data-code='33952']")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#search-input", "aria-activedescendant")
    page.keyboard.press("Enter")
    page.wait_for_url("**/code.html#33952*")


def test_text_that_needs_a_licence_is_in_no_file_without_it(site_with_care, con):
    files_of_site = [path for path in site_with_care.rglob("*") if path.is_file()]
    assert len(files_of_site) > 100
    assert not any(LICENSED in text_of(path) for path in files_of_site)
    # The project's own labels stand there for every reader.
    [[own]] = con.sql("select description from rvu where hcpcs_code = '92950'").fetchall()
    assert any(own in text_of(path) for path in files_of_site)


def test_with_the_licence_the_text_is_shown_and_found(site_with_care, tmp_path):
    database = site_with_care.parent / "warehouse" / "fee_schedule.duckdb"
    with duckdb.connect(str(database), read_only=True) as con:
        write_site(con, tmp_path / "site", with_licensed_text=True, only=())
    search = tmp_path / "site" / "data" / "search.js"
    assert LICENSED in text_of(search)


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_page_speaks_every_language(reader, language):
    page = reader.open(f"code.html#92950&lang={language}")
    words = catalogue(language).messages
    assert page.get_attribute("html", "lang") == language
    assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
    shown = page.inner_text("body").casefold()
    for name in ("code.payment", "global_days.000", "rule.bilateral_indicator", "nav.changes"):
        if name != "global_days.000":
            assert words[name][0].casefold() in shown, name
    # No message is shown by its name, which is what is left when it is missing.
    assert not re.search(r"\b(code|page|nav|rule|sentence|change)\.[a-z_]+\b", shown)
    assert (words["page.not_certified"][0].casefold() in shown) == (language != "en")


@pytest.mark.parametrize(
    "language", cases(LANGUAGES, [x for x in LANGUAGES if x not in ("en", "ar")])
)
def test_in_place_of_an_amount_stands_the_reason_in_words(reader, con, language):
    """The page of a code, the comparison and the list of a section say the same."""
    statuses = ("carrier_priced", "bundled", "not_covered")
    found = con.execute(
        "select price_status, min(hcpcs_code), min_by(section, hcpcs_code) from code_profile "
        "join release using (release_id) where is_latest and price_status in (?, ?, ?) group by all",
        statuses,
    ).fetchall()
    assert found
    words = catalogue(language).messages
    reasons = [words[f"no_amount.{status}"][0] for status, *_ in found]
    codes = [code for _, code, _ in found]
    page = reader.open(f"compare.html#{','.join(['92950', *codes])}&lang={language}")
    rows = page.locator(".compared tbody tr")
    for n in (0, 1):
        shown = rows.nth(n).locator("td").all_inner_texts()[1:]
        assert [text.strip() for text in shown] == reasons
    for reason, (_, code, section) in zip(reasons, found, strict=True):
        page = reader.open(f"code.html#{code}&lang={language}")
        assert page.inner_text("#no-payment") == reason
        page = reader.open(f"section.html#{section}&lang={language}")
        page.locator("#content > .parts > section").last.locator("button.wide").click()
        row = page.locator("tbody tr:not(.group)", has=page.locator("a", has_text=code)).last
        assert row.locator("td").last.inner_text() == reason


def test_the_switch_of_languages_is_remembered(reader):
    page = reader.open("code.html#92950")
    page.select_option("#language", "de")
    page.wait_for_selector("html[lang=de]")
    reader.open("section.html")
    assert page.get_attribute("html", "lang") == "de"


# ---------------------------------------------------------------- hostile text


def test_hostile_text_stays_text(care_reader):
    page = care_reader.open("code.html#G0105")
    assert HOSTILE in page.inner_text("h1")
    assert page.locator("h1 img").count() == 0
    page.fill("#search-input", "G0105")
    page.wait_for_selector("#search-results [data-code='G0105']")
    assert page.locator("#search-results img").count() == 0
    assert page.title() != "broken"


@pytest.mark.parametrize("written", ["%20g0105%20", "G0105-53", "g0105:PT:59"])
def test_a_code_in_an_address_is_read_as_people_paste_it(reader, written):
    page = reader.open(f"code.html#{written}")
    assert page.inner_text("h1").startswith("G0105")
    page = reader.open(f"compare.html#{written},92950")
    assert page.locator(".warning").count() == 0


def test_a_hostile_address_stays_text(reader):
    page = reader.open("code.html#%3Cimg%20src=x%20onerror=alert(1)%3E@RVU99Z&lang=%3Cb%3E")
    assert page.locator("main img").count() == 0
    assert page.get_attribute("html", "lang") == "en"


# ---------------------------------------------------------------- shape


def test_the_parts_of_a_page_are_listed_beside_them_and_the_list_leads_there(reader):
    page = reader.open("code.html#92950&lang=de")
    headings = [text.strip() for text in page.locator(".part-head h2").all_text_contents()]
    assert page.locator(".contents button").all_text_contents() == headings
    assert len(headings) > 8
    address = page.evaluate("location.hash")
    button = page.locator(".contents button").nth(6)
    button.click()
    expect(button).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.activeElement.textContent") == headings[6]
    assert page.evaluate("location.hash") == address
    # The list stays in view; there is room for it on a wide screen only.
    assert page.locator(".contents").bounding_box()["y"] >= 0
    page.set_viewport_size({"width": 900, "height": 900})
    expect(page.locator(".contents")).to_be_hidden()


def test_a_card_has_one_note_and_the_header_of_a_phone_is_low(phone_reader):
    page = phone_reader.open("code.html#99291&lang=fr")
    cards = page.locator(".parts-two .part")
    assert cards.count() > 5
    assert page.locator(".parts-two .part summary").count() == cards.count()
    assert page.locator(".parts-two .part p.small").count() == 0
    # It was 225 pixels.
    assert page.locator("header.frame").bounding_box()["height"] <= 112


@pytest.mark.parametrize(
    ("language", "month"), [("en", "October 2025"), ("de", "Oktober 2025"), ("ar", "أكتوبر 2025")]
)
def test_releases_are_named_by_their_month_in_the_language_of_the_page(reader, language, month):
    page = reader.open(f"index.html#&lang={language}")
    assert f"{month} · SAMPLERVU25D" in page.inner_text("#release")
    assert f"{month} · SAMPLERVU25D" in page.inner_text("main table")


@pytest.mark.parametrize(
    ("language", "percent"), [("en", "109.25"), ("es", "109.25"), ("de", "109,25")]
)
def test_a_figure_in_a_text_is_written_as_the_language_does(reader, language, percent):
    page = reader.open(f"method.html#limiting&lang={language}")
    assert f"{percent} " in page.inner_text("#limiting p")


# ---------------------------------------------------------------- what pays a code, and lists


def test_a_laboratory_test_begins_with_the_schedule_that_pays_it(reader, con):
    [[amount]] = con.sql(
        "select amount from fee_current where hcpcs_code = '85025' and setting = 'lab' and modifier = ''"
    ).fetchall()
    page = reader.open("code.html#85025")
    assert number(page.inner_text("[data-fee=clfs] strong")) == f"{amount:.2f}"
    assert "0.00" not in page.inner_text(".facts")


def test_the_list_of_a_section_is_filtered_and_taken_along(reader):
    page = reader.open("section.html#Medicine")
    page.click("button.wide")
    page.fill(".table-filter", "92950")
    expect(page.get_by_role("group", name="All codes").locator("tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    [head, line] = download.value.path().read_text("utf-8-sig").splitlines()
    assert head.startswith('"hcpcs_code"') and line.startswith('"92950"')
    assert '"310.20"' in line


def test_the_comparison_shows_na_and_what_another_schedule_pays(reader, con):
    """A code without RVUs has none, not zero, and a figure that is a copy of another setting's is none."""
    [[amount]] = con.sql(
        "select amount from fee_current where hcpcs_code = '85025' and setting = 'lab' and modifier = ''"
    ).fetchall()
    [[in_facility]] = con.sql(
        "select min(hcpcs_code) from code_profile join release using (release_id) "
        "where is_latest and price_status = 'priced' and nonfacility_na and not facility_na"
    ).fetchall()
    page = reader.open(f"compare.html#85025,{in_facility}")
    rows = page.locator(".compared tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    cells = {name: texts for name, *texts in rows}
    assert f"${amount:.2f}" in cells["National payment, Office"][0]
    assert cells["Work"][0] == cells["Total RVUs, Facility"][0] == "NA"
    assert cells["National payment, Office"][1] == cells["Total RVUs, Office"][1] == "NA"
    assert cells["National payment, Facility"][1].startswith("$")
    assert not any(re.fullmatch(r"|[–−-]", text) for _, *texts in rows for text in texts)


def test_a_list_has_na_or_a_reason_in_place_of_an_amount_and_is_sorted_by_any_column(reader, con):
    """Every amount of the largest section, by subsection; what has no amount stands last."""
    amounts = ", ".join(
        f"case when price_status <> 'priced' then price_status when {setting}_na then 'NA' "
        f"else {setting}_payment::text end"
        for setting in ("nonfacility", "facility")
    )
    query = f"select hcpcs_code, {amounts} from code_profile where section = 'Surgery' order by 1"
    expected = con.execute(query).fetchall()
    reasons = {f"price_status.{status}": status for row in expected for status in row[1:]}
    statuses = {forms[0]: reasons[name] for name, forms in english().items() if name in reasons}
    page = reader.open("section.html#Surgery")
    page.locator("#content > .parts > section").last.locator("button.wide").click()
    table = page.get_by_role("group", name="All codes")
    lines = table.locator("tbody tr:not(.group)")

    def shown() -> list[tuple]:
        return [
            (
                code,
                *(
                    statuses.get(title) or ("NA" if text == "NA" else number(text))
                    for title, text in cells
                ),
            )
            for code, *cells in lines.evaluate_all(
                "rows => rows.map((row) => [row.querySelector('.code').textContent, ...[...row.cells].slice(-2)"
                ".map((cell) => [cell.querySelector('abbr')?.title, cell.textContent])])"
            )
        ]

    expect(lines).to_have_count(len(expected))
    assert shown() == expected
    table.get_by_role("button", name="Office").click()
    expect(table.locator("th[aria-sort=descending]")).to_have_text("Office")
    paid = [float(row[1]) for row in expected if row[1][0].isdigit()]
    by_amount = [row[1] for row in shown()]
    assert [float(text) for text in by_amount[: len(paid)]] == sorted(paid, reverse=True)
    page = reader.open("section.html#Surgery&part=Eye%20and%20Ocular%20Adnexa")
    [[of_part]] = con.execute(
        "select count(*) from code_profile where section = 'Surgery' and subsection = 'Eye and Ocular Adnexa'"
    ).fetchall()
    expect(lines).to_have_count(of_part)
