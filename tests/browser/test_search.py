"""The search: what people type finds its code among the first three, with names and without."""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

from pipeline.schedules.pfs.declared import schedule
from pipeline.site.build import set_views
from pipeline.site.fees import begin_fees, fees_query
from pipeline.site.search import search_figures, search_words, short_codes
from pipeline.site.shard import query
from schemas.definitions import read_reference
from tests.browser.conftest import reading

EVERYDAY = Path(__file__).parent / "everyday_queries.csv"

# The page looks in what it is given, and says what stands first for each query.
FIRST_THREE = """async ([words, figures, queries]) => {
  await Site.search.ready();
  Site.search.index = Site.search.indexed(words, figures);
  return queries.map((query) => Site.search.find(query).hits.slice(0, 3).map((hit) => hit.entry.code));
}"""


def everyday() -> list[dict[str, str]]:
    with EVERYDAY.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def not_found(page, words: dict, figures: dict) -> list[tuple[str, list[str]]]:
    """The everyday queries whose code is not among the first three, with what is."""
    queries = everyday()
    found = page.evaluate(FIRST_THREE, [words, figures, [one["query"] for one in queries]])
    return [
        (one["query"], first)
        for one, first in zip(queries, found, strict=True)
        if not {*one["hcpcs_codes"].split()} & {*first}
    ]


def curated_codes() -> Iterator[str]:
    for row in read_reference(schedule().reference_file("search_topic")):
        for one in row["hcpcs_codes"].split():
            yield from one.split("-")
    for row in everyday():
        yield from row["hcpcs_codes"].split()


@pytest.fixture
def nameless():
    """A release that lists the codes of the curated phrases, each without a name."""
    with duckdb.connect() as con:
        con.execute("""
            create table release as select 'RVU25D' as release_id, date '2025-10-01' as effective_from,
              'pfs' as schedule, true as is_current;
            create table site_rvu (release_id varchar, hcpcs_code varchar, modifier varchar, section varchar,
              subsection varchar, description varchar, description_status varchar);
            create table code_profile (release_id varchar, hcpcs_code varchar, status_code varchar,
              price_status varchar, work_rvu decimal(7,2), nonfacility_na boolean, facility_na boolean,
              nonfacility_payment decimal(9,2), facility_payment decimal(9,2))
        """)
        con.execute(f"create view numbered_release as {query('numbered_release')}")
        con.execute(f"create view site_row as {query('row')}")
        codes = [[code] for code in sorted({*curated_codes()})]
        con.executemany(
            "insert into site_rvu values ('RVU25D', ?, '', 'Medicine', '', '', 'withheld')", codes
        )
        con.executemany(
            "insert into code_profile values ('RVU25D', ?, 'A', 'priced', 1, false, false, 2, 1)",
            codes,
        )
        yield con


def test_everyday_words_find_their_code_without_any_name(reader, nameless):
    page = reader.open("index.html")
    words, figures = search_words(nameless, {}), search_figures(nameless, "RVU25D")
    assert words["withheld"]
    assert len(everyday()) > 140
    assert not_found(page, words, figures) == []


@pytest.mark.real
@pytest.mark.parametrize("with_licensed_text", [False, True])
def test_everyday_words_find_their_code_among_all_of_cms_s(
    reader, real_warehouse, with_licensed_text
):
    page = reader.open("index.html")
    with duckdb.connect(str(real_warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        set_views(con, with_licensed_text)
        assert begin_fees(con)
        con.execute(f"CREATE TEMP TABLE site_release_fee AS {fees_query('RVU26C')}")
        con.execute("INSERT INTO site_fee FROM site_release_fee")
        words, figures = search_words(con, {}), search_figures(con, "RVU26C")
        listed = {code for (code,) in con.sql("select distinct hcpcs_code from rvu").fetchall()}
        descriptors = {text for (text,) in con.sql("select lower(description) from rvu").fetchall()}
    assert words["withheld"] != with_licensed_text
    assert not_found(page, words, figures) == []
    codes = page.evaluate("() => Site.search.index.entries.map(({ code }) => code)")
    assert codes == sorted(codes) and listed <= {*codes}
    assert {*curated_codes()} <= {*codes}
    # The labels stand in place of names, and are none of those that belong to somebody.
    labels = read_reference(schedule().reference_file("search_topic"))
    own = {row["topic_label"].lower() for row in labels if not row["hcpcs_codes"][:1].isalpha()}
    assert own & descriptors == set()


def test_a_code_that_vanished_has_the_releases_that_list_it(nameless):
    nameless.execute("""
        insert into release values ('RVU25A', '2025-01-01', 'pfs', true);
        insert into site_rvu values ('RVU25A', 'Z9999', '', 'HCPCS Z', '', 'Gone', 'own')
    """)
    *_, last = search_words(nameless, {})["codes"].splitlines()
    assert last.split("\t") == ["Z9999", "1", "Gone", "", "0-0"]


def test_codes_are_written_without_what_they_share_with_the_one_before():
    codes = ["0001F", "99213", "99214", "99291", "G0101", "G0101"]
    assert short_codes(codes) == ["0001F", "99213", "4", "91", "G0101", "1"]


# ---------------------------------------------------------------- the field


def test_a_list_of_codes_opens_their_comparison(reader):
    page = reader.open("index.html")
    page.fill("#search-input", "CPT 92950, 99291-25 33952")
    first = page.locator("#search-results [role=option]").first
    expect(first).to_have_attribute("data-code", "92950,99291,33952")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare.html#92950,99291,33952*")
    expect(page.locator("thead th")).to_have_count(3)


def test_a_list_of_codes_opens_as_a_claim_with_its_modifiers_and_units(reader):
    page = reader.open("index.html")
    page.fill("#search-input", "92950 25, 99291-26x2; 33952 62 x3 92950")
    page.locator("#search-results [data-claim]").click()
    page.wait_for_url("**/claim.html*")
    page.wait_for_selector(".claim-form")
    fields = [page.locator(f"[data-field={name}]").all() for name in ("code", "modifiers", "units")]
    lines = list(zip(*([one.input_value() for one in found] for found in fields), strict=True))
    assert lines == [
        ("92950", "25", "1"),
        ("99291", "26", "2"),
        ("33952", "62", "3"),
        ("92950", "", "1"),
    ]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("92950-25", ["92950", "25", "1"]),
        ("CPT 92950 25 x2", ["92950", "25", "2"]),
        ("92950 x 3", ["92950", "", "3"]),
        # As the command has units, and as an electronic claim has a modifier.
        ("92950:3", ["92950", "", "3"]),
        ("HC:92950:25", ["92950", "25", "1"]),
        # A dash that a word processor made one of.
        ("92950—25", ["92950", "25", "1"]),
        # The page refuses such units; ten times as many would be priced.
        ("92950x1.5", ["92950", "", "1.5"]),
        ("92950 x 12.4", ["92950", "", "12.4"]),
    ],
)
def test_a_code_with_modifiers_or_units_opens_as_a_claim_of_one_line(reader, typed, line):
    page = reader.open("index.html")
    page.fill("#search-input", typed)
    options = page.locator("#search-results [role=option]")
    expect(options).to_have_count(2)
    expect(options.nth(1)).to_have_attribute("data-code", "92950")
    page.keyboard.press("Enter")
    page.wait_for_selector(".claim-form")
    fields = [page.locator(f"[data-field={name}]") for name in ("code", "modifiers", "units")]
    assert [field.input_value() for field in fields] == line


def test_a_code_alone_opens_its_page(reader):
    page = reader.open("index.html")
    first = page.locator("#search-results [role=option]").first
    for typed in ("92950", "92950.", "92950?", "‘92950’", "92950 in hospital"):
        # Another code in between, so that nothing is left of what was found before.
        for text, code in (("G0117", "G0117"), (typed, "92950")):
            page.fill("#search-input", text)
            expect(first).to_have_attribute("data-code", code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/code.html#92950*")


@pytest.mark.parametrize("typed", ["9929", "9929*", "9929%", "9929?", "99291-99292", "99292-99291"])
def test_codes_are_found_by_their_beginning_and_by_a_range_either_way(reader, typed):
    page = reader.open("index.html")
    page.fill("#search-input", typed)
    options = page.locator("#search-results [role=option]")
    expect(options).to_have_count(2)
    assert [one.get_attribute("data-code") for one in options.all()] == ["99291", "99292"]


def test_a_hit_shows_name_work_price_and_status(reader, con):
    page = reader.open("index.html")
    page.fill("#search-input", "92950")
    option = page.locator("#search-results [data-code='92950']")
    [[name, work, payment]] = con.sql(
        "select r.description, p.work_rvu, p.nonfacility_payment from code_profile p "
        "join rvu r using (release_id, hcpcs_code) join release using (release_id) "
        "where is_latest and hcpcs_code = '92950' limit 1"
    ).fetchall()
    for text in (name, f"Work {work.normalize()}", f"${payment}", "A · Active"):
        assert text in " ".join(option.inner_text().split()), text


def test_a_hit_that_another_schedule_pays_shows_its_fee(reader, con):
    """Of codes that the Physician Fee Schedule lists without an amount, and of those that it does not list."""
    found = con.sql(
        "select distinct on (fee.schedule) hcpcs_code, fee.schedule, rtrim(rtrim(amount::varchar, '0'), '.') as amount "
        "from fee join release on release.release_id = fee.release_id and release.is_latest "
        "where fee.schedule in ('clfs', 'asp') and amount is not null and fee.modifier = '' "
        "and setting in ('lab', 'office') order by fee.schedule, hcpcs_code"
    ).fetchall()
    [[equipment]] = con.sql(
        "select min(hcpcs_code) from dme_fee where hcpcs_code not in (select hcpcs_code from rvu)"
    ).fetchall()
    page = reader.open("index.html")
    page.fill("#search-input", ", ".join([*(code for code, *_ in found), equipment]))
    for code, name, amount in found:
        fee = page.locator(f"#search-results [data-code='{code}'] [data-fee='{name}']")
        expect(fee).to_contain_text(f"${amount}")
    hit = page.locator(f"#search-results [data-code='{equipment}']")
    expect(hit.locator("[data-fee='dmepos']")).to_contain_text("$")
    hit.click()
    page.wait_for_url(f"**/code.html#{equipment}*")
    expect(page.locator("[data-fee^='dmepos']").first).to_be_visible()


def test_what_is_misspelt_is_found_and_said(reader):
    page = reader.open("index.html")
    page.fill("#search-input", "glaucmoa")
    expect(page.locator("#search-results [data-code='G0117']")).to_have_count(1)
    expect(page.locator("#search-status")).to_contain_text("glaucoma")


def test_the_number_of_hits_is_announced_and_the_list_closes_by_escape(reader):
    page = reader.open("index.html")
    page.keyboard.press("/")
    page.keyboard.type("92950")
    heard = page.locator(".frame-row .search [role=status]")
    expect(heard).to_have_text("1 code")
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#search-input", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    assert reader.faults_of_accessibility() == []
    page.keyboard.press("Escape")
    assert page.get_attribute("#search-input", "aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    expect(page.locator("#search-panel")).to_be_visible()


def test_without_the_licence_a_search_by_name_says_that_names_are_withheld(care_reader):
    page = care_reader.open("index.html")
    page.fill("#search-input", "zzzzzz")
    expect(page.locator("#search-status")).to_contain_text("fees licence")
    page.fill("#search-input", "33952")
    expect(page.locator("#search-results [data-code='33952']")).to_have_count(1)
    expect(page.locator("#search-status")).not_to_contain_text("fees licence")


@pytest.mark.real
@pytest.mark.slow
def test_a_code_of_another_release_is_found_and_its_page_says_where_it_is_listed(real_reader):
    page = real_reader.open("index.html")
    page.fill("#search-input", "99343")
    option = page.locator("#search-results [data-code='99343']")
    expect(option).to_contain_text(
        "Not listed from January 2025 · RVU25A on; last listed in January 2022 · RVU22A."
    )
    page.keyboard.press("Enter")
    expect(page.locator("#absence")).to_contain_text("last listed in January 2022 · RVU22A")
    page.get_by_role("link", name="RVU22A").click()
    expect(page.locator("h1")).to_contain_text("99343")


def test_on_a_phone_in_arabic_results_stay_on_the_screen(browser, site):
    for one in reading(browser, site, viewport={"width": 360, "height": 740}):
        page = one.open("code.html#92950&lang=ar")
        page.fill("#search-input", "92950")
        page.wait_for_selector("#search-results [role=option]")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert one.faults_of_accessibility() == []
