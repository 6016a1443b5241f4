"""Who gives a service: from a utilization file in CMS's layout, and unknown without one."""

import pytest
from test_utilization import PROVIDER_FILE, text

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.browser.conftest import reading, written


@pytest.fixture(scope="module")
def site_with_specialties(small_sample, tmp_path_factory):
    """The site of the Physician Fee Schedule's sample beside a small utilization file: three providers of 99291."""
    place = tmp_path_factory.mktemp("specialties")
    (place / "raw").mkdir()
    content = text(
        "by_provider",
        {"Rndrng_NPI": "1000000001", "Tot_Srvcs": "45.0"},
        {"Rndrng_NPI": "1000000002", "Tot_Srvcs": "30.0"},
        {
            "Rndrng_NPI": "1000000003",
            "Tot_Srvcs": "25.0",
            "Rndrng_Prvdr_Type": "Emergency Medicine",
        },
    )
    (place / "raw" / PROVIDER_FILE).write_bytes(content.encode("cp1252"))
    refresh(Options(raw=place / "raw", warehouse=place / "warehouse"), Report(quiet=True))
    return written(place / "warehouse", place / "site")


@pytest.fixture
def specialty_reader(browser, site_with_specialties):
    """Somebody who reads it."""
    yield from reading(browser, site_with_specialties)


def test_the_specialties_of_a_code_stand_on_its_page_with_services_and_share(specialty_reader):
    page = specialty_reader.open("code.html#99291")
    lines = page.get_by_role("group", name="Specialties that bill it").locator("tbody tr")
    assert [line.split("\t") for line in lines.all_inner_texts()] == [
        ["Critical Care (Intensivists)", "75", "75%"],
        ["Emergency Medicine", "25", "25%"],
    ]
    assert "2023" in page.inner_text("section:has([aria-label='Specialties that bill it'])")
    assert "Not available: no CMS utilization file" not in page.inner_text("main")


def test_a_code_that_the_file_does_not_list_is_said_to_be_absent(specialty_reader):
    page = specialty_reader.open("code.html#33952")
    absent = "The CMS utilization file for 2023 does not list this code."
    assert absent in page.inner_text("main")
    assert page.get_by_role("group", name="Specialties that bill it").count() == 0


def test_without_a_file_the_page_says_that_it_is_unknown(reader):
    page = reader.open("code.html#99291")
    assert (
        "Not available: no CMS utilization file (by Provider and Service) is loaded."
        in page.inner_text("main")
    )
    assert page.get_by_role("group", name="Specialties that bill it").count() == 0
