"""A site of one release among two: what leads to the other says so and offers the one there is."""

import pytest
from playwright.sync_api import expect

from pipeline.errors import NotThereError
from pipeline.site.build import write_site
from pipeline.site.search import search_figures, search_words
from tests.browser.conftest import reading


@pytest.fixture(scope="module")
def october(two_releases, tmp_path_factory):
    """The site of RVU25D alone, of a warehouse that holds RVU25C too."""
    folder = tmp_path_factory.mktemp("october") / "site"
    write_site(two_releases, folder, with_licensed_text=False, only=("RVU25D",))
    return folder


@pytest.fixture
def october_reader(browser, october):
    """Somebody who reads it."""
    yield from reading(browser, october)


def test_only_that_release_is_written(october):
    assert (october / "data" / "RVU25D").is_dir()
    assert not (october / "data" / "RVU25C").exists()


def test_a_link_to_a_release_that_is_not_there_says_so_and_offers_those_that_are(october_reader):
    page = october_reader.open("code.html#92950@RVU25C")
    notice = page.locator("#notices")
    expect(notice).to_contain_text(
        "These pages do not have release July 2025 · RVU25C. You are looking at October 2025 · RVU25D"
    )
    assert "RVU25D" in page.inner_text(".code-head")
    notice.get_by_role("link", name="RVU25D").click()
    page.wait_for_selector("body[data-ready*='RVU25D']")
    expect(notice).not_to_contain_text("RVU25C")
    assert page.inner_text("#work-rvu") == "4.00"


def test_the_history_goes_over_all_releases_and_links_to_those_that_are_there(october_reader):
    page = october_reader.open("code.html#92950")
    table = page.get_by_role("group", name="History")
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table.get_by_role("link", name="RVU25D")).to_have_count(1)
    expect(table.get_by_text("RVU25C")).to_have_count(1)
    expect(table.get_by_role("link", name="RVU25C")).to_have_count(0)
    expect(page.locator("figure")).to_have_count(2)


def test_what_it_changed_is_told_against_the_release_that_is_not_there(october_reader):
    page = october_reader.open("changes.html")
    expect(page.locator("#against option")).to_have_text(
        ["July 2025 · RVU25C (the release before)"]
    )
    assert page.inner_text("[data-kind=revalued]") == "1"


def test_a_release_that_is_not_loaded_is_refused_before_anything_is_written(two_releases, tmp_path):
    with pytest.raises(NotThereError, match=r"no release RVU99Z \(it holds: RVU25C, RVU25D\)"):
        write_site(two_releases, tmp_path / "site", with_licensed_text=False, only=("RVU99Z",))
    assert list(tmp_path.iterdir()) == []


def test_the_search_finds_a_code_that_only_another_release_lists(october_reader, two_releases):
    words, figures = search_words(two_releases, {}), search_figures(two_releases, "RVU25D")
    words["codes"] += "\nZ9999\t0\tGone\t\t0-0"
    page = october_reader.open("index.html")
    page.evaluate(
        "([words, figures]) => { Site.put('search', words); Site.put('RVU25D/search', figures); }",
        [words, figures],
    )
    page.evaluate("() => { Site.load = async (name) => Site.loaded.get(name); }")
    page.fill("#search-input", "gone")
    option = page.locator("#search-results [data-code='Z9999']")
    expect(option).to_contain_text(
        "Not listed from October 2025 · RVU25D on; last listed in July 2025 · RVU25C."
    )
