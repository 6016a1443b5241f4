"""Which release and posting a file is that states its days, and that its name dates."""

from datetime import date

import pytest

from pipeline.errors import RefusedError
from pipeline.release.posted_quarter import effective_quarter, identify_posting, posted_day
from pipeline.release.quarter import quarter_named
from pipeline.release.quarterly_listing import quarter_of_zip

JANUARY = ["A title", "", "Effective January 1, 2025 through March 31, 2025"]


@pytest.mark.parametrize(
    ("bundle", "file", "day"),
    [
        ("", "section 508 version of Jan 2025 ASP Pricing File 121924.csv", "2024-12-19"),
        ("", "section 508 version of Jan 2025 ASP Pricing File updated 030725.csv", "2025-03-07"),
        # The zip is called after another day than the file in it.
        ("january-2025-asp-pricing-file-12_19_24-final-file.zip",
         "Jan 2025 ASP Pricing File updated 030725.xls", "2025-03-07"),
        ("january-2025-asp-pricing-file-12_19_24-final-file.zip", "ASP Pricing File.csv", "2024-12-19"),
        ("downloads", "section 508 vesrion of JANUARY_2025 ASP Pricing File.12.31.24.csv", "2024-12-31"),
        ("downloads", "Medicare Part B Payment Limit File January 2025 12182024.csv", "2024-12-18"),
        ("downloads", "508 version of January 2025 file 991399.csv", None),
    ],
)  # fmt: skip
def test_days_decide_the_release_and_the_name_of_the_file_its_posting(bundle, file, day) -> None:
    found = identify_posting("ASP", JANUARY, bundle, f"{bundle}/{file}")
    assert (found.release_id, found.calendar_year) == ("ASP25Q1", 2025)
    assert found.released_on == (date.fromisoformat(day) if day else None)
    assert found.posting_id == f"ASP25Q1@{day or 'undated'}"
    assert bool(found.remarks) == (day is None)


@pytest.mark.parametrize(
    ("head", "bundle", "file", "words"),
    [
        (JANUARY, "", "Apr 2025 ASP Pricing File 031325.csv", "quarter 1 of 2025, by Apr 2025 .* of quarter 2"),
        (JANUARY, "october-2025-asp.zip", "ASP.csv", "by october-2025-asp.zip of quarter 4"),
        (JANUARY, "", "Jan 2026 ASP Pricing File.csv", "of quarter 1 of 2026"),
        (["Effective January 1, 2025 through June 30, 2025"], "", "x.csv", "is not the first and the last"),
        (["Effective January 2, 2025 through March 31, 2025"], "", "x.csv", "is not the first and the last"),
        (["Effective January 1 through June 30, 2025"], "", "x.csv", "is not the first and the last"),
        (["Effective from New Year"], "", "x.csv", "is not the first and the last"),
        (["A title"], "downloads", "prices.csv", "say of which quarter"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_or_says_no_quarter_is_refused(head, bundle, file, words) -> None:
    with pytest.raises(RefusedError, match=words):
        identify_posting("ASP", head, bundle, file)


def test_a_file_without_its_days_is_of_the_quarter_in_its_name_and_says_so() -> None:
    found = identify_posting("NDC", ["A title"], "", "Jul 2026 NDC-HCPCS Crosswalk 062226.csv")
    assert found.release_id == "NDC26Q3"
    assert "does not say for which days it is" in found.remarks[0]


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
@pytest.mark.parametrize(
    ("quarter", "days"),
    [(1, "January 1, {0} through March 31, {0}"), (2, "April 1, {0} through June 30, {0}"),
     (3, "July 1, {0} through September 30, {0}"), (4, "October 1, {0} - December 31, {0}")],
)  # fmt: skip
def test_the_days_of_any_quarter_are_understood(year: int, quarter: int, days: str) -> None:
    assert effective_quarter([f"Effective {days.format(year)}"], "x.csv") == (year, quarter)


@pytest.mark.parametrize(
    ("line", "quarter"),
    [
        ("EFFECTIVE April 1, 2026 through June 30, 2026", (2026, 2)),
        ("Payment limits effective for January 1, 2026 to March 31, 2026", (2026, 1)),
        ("Effective January 1 through March 31, 2027", (2027, 1)),
        ("Payment limits effective October 1 - December 31, 2026", (2026, 4)),
        ("90653 see the Seasonal Influenza Vaccines page for limits and effective dates", None),
    ],
)
def test_the_days_may_stand_behind_other_words_or_share_their_year_and_notes_have_none(
    line, quarter
) -> None:
    assert effective_quarter(["A title", line], "x.csv") == quarter


def test_the_quarter_in_a_name_is_no_day() -> None:
    assert posted_day("section 508 version of Jan 2025 ASP Pricing File.csv") is None


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("section 508 version of Jan 2025 ASP Pricing File updated 030725.csv", (2025, 1)),
        ("508 version of OCTOBER_2025 Web Addendum B.10.31.25.csv", (2025, 4)),
        ("april-2026-medicare-part-b-payment-limit-files.zip", (2026, 2)),
        ("2018-Jul-ASC-Addenda.zip", (2018, 3)),
        ("medicare-ncci-2026-q2-practitioner-services-mue-table.zip", (2026, 2)),
        ("25CLABQ3v2.zip", None),
        ("clfs25q4", (2025, 4)),
        ("April07ASPbyHCPCS_121707.zip", (2007, 2)),
        ("Apr-13-ASP-Pricing-file.zip", (2013, 2)),
        # The days of a posting are no quarter, and two digits behind a month are its day.
        ("ASP Pricing File updated January 12 2025.csv", None),
        ("ASP Pricing File updated June 23, 2025.csv", None),
        ("ASP Pricing File 2025-06-23.csv", None),
        ("ASP Pricing File JAN.12.31.24.csv", None),
        ("Marjan 2025.csv", None),
    ],
)
def test_a_name_says_its_quarter_in_any_of_cms_ways(name, quarter) -> None:
    assert quarter_named(name) == quarter


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("march-9-2024-asc-approved-hcpcs-code-and-payment-rates.zip", (2024, 1)),
        ("2019-10-15-ASC-Addenda-Corrections.zip", (2019, 4)),
        ("january-2025-asp-pricing-file-12/19/24-final-file.zip", (2025, 1)),
        ("prices.zip", None),
    ],
)
def test_a_zip_that_says_no_quarter_is_of_that_of_its_day(name, quarter) -> None:
    assert quarter_of_zip(name) == quarter
