"""Hospital outpatient departments: which release a file is, by its name and its title."""

from datetime import date

import pytest

from pipeline.errors import RefusedError
from pipeline.read.sort import kind_of
from pipeline.release.quarter import period
from pipeline.schedules.opps.identity import identify
from pipeline.schedules.opps.periods import missing_release
from pipeline.schedules.opps_rule import identity as rule_identity
from pipeline.schedules.opps_rule import periods as rule_periods

TITLE = "Addendum B.-- OPPS Payment by HCPCS Code for CY 2025"
WEB = "Section 508 version of January 2025 Web Addendum B.12.31.24.csv"


@pytest.mark.parametrize(
    ("bundle", "file", "posting_id"),
    [
        ("opps", WEB, "OPPS25Q1@2024-12-31"),
        ("opps", "Section 508 of July 2025 Web Addendum B.07.25.25.csv", "OPPS25Q3@2025-07-25"),
        ("", "508 version of October 2025 Web Addendum B.10.31.25.xlsx", "OPPS25Q4@2025-10-31"),
        ("april-2025-opps-addendum-b.zip", "Apr 2025 Web Addendum B.txt", "OPPS25Q2@undated"),
        ("january-2025-opps.zip", "Web Addendum B.12.31.24.csv", "OPPS25Q1@2024-12-31"),
        ("cy-2025-april-opps-addendum-b.zip", "Web Addendum B.csv", "OPPS25Q2@undated"),
        ("", "2025_january_web_addendum_b.12312024.xlsx", "OPPS25Q1@2024-12-31"),
        ("", "January 2025 Addendum B CORRECTION.02042025.xlsx", "OPPS25Q1@2025-02-04"),
        ("", "July 2025 Web Addendum B 2025-07.csv", "OPPS25Q3@undated"),
    ],
)
def test_names_say_quarter_and_posting(bundle, file, posting_id) -> None:
    found = identify([TITLE], bundle, f"{bundle}/{file}")
    assert found.posting_id == posting_id
    assert (found.calendar_year, found.is_sample) == (2025, False)
    begins, _ = period(found.release_id, found.calendar_year)
    assert begins == date(2025, 3 * int(found.release_id[-1]) - 2, 1)


@pytest.mark.parametrize(
    ("name", "kind", "posting"),
    [
        (WEB, "opps_addendum_b", "month jan posted 123124 year 25"),
        ("2025_january_web_addendum_b.12312024.txt", "opps_addendum_b", "month jan posted 123124 year 25"),
        ("January 2025 Addendum B CORRECTION.02042025.csv", "opps_addendum_b", "month jan posted 020425 year 25"),
        ("January 2025 Web Addendum A 12-31-24.csv", "opps_addendum_a", "month jan posted 123124 year 25"),
        ("OPPS Addendum A July 2025.csv", "opps_addendum_a", "month jul year 25"),
        ("July 2025 Web Addendum B 2025-07.csv", "opps_addendum_b", "month jul year 25"),
        ("January 2026 NFRM Addendum B.csv", "opps_rule_addendum_b", "year 26"),
        ("January 2026 NPRM Addendum B.csv", None, None),
        ("OPPS Addendum B 2026.csv", None, None),
        ("July 2025 ASC Addendum BB.csv", "asc_bb", "month jul year 25"),
    ],
)  # fmt: skip
def test_an_addendum_of_a_month_is_one_of_a_quarter_and_not_of_a_rule(name, kind, posting) -> None:
    found = kind_of(name)
    assert (found and found.name) == kind
    assert (found and found.posting_of(name)) == posting


@pytest.mark.parametrize(
    ("head", "bundle", "file", "words"),
    [
        ([], "downloads", "Web Addendum B.csv", "says of which quarter"),
        ([], "downloads", "May 2025 Web Addendum B.csv", "says of which quarter"),
        ([], "july-2025-opps.zip", WEB, "but Section 508 version of January 2025"),
        ([TITLE], "", WEB.replace("2025", "2026"), "the title names 2025"),
        ([], "", WEB.replace("12.31.24", "13.31.24"), "no day of a posting"),
    ],
)
def test_what_does_not_say_its_quarter_or_contradicts_itself_is_refused(
    head, bundle, file, words
) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        identify(head, bundle, file)
    assert "January 2025 Web Addendum B" in caught.value.advice


@pytest.mark.parametrize(
    ("head", "file", "posting_id"),
    [
        ([TITLE], "2025 NFRM Addendum B.11122024.txt", "OPPS25FR@2024-11-12"),
        ([TITLE], "NFRM Addendum B.txt", "OPPS25FR@undated"),
        ([], "CY2026_OPPS_Final_Rule_Addendum_B.xlsx", None),
        ([], "2026 NFRM Addendum B.11212025.xlsx", "OPPS26FR@2025-11-21"),
        ([TITLE], "2026 NFRM Addendum B.11212025.xlsx", None),
        ([], "NFRM Addendum B.txt", None),
        ([TITLE], "2025 NFRM Addendum B.13122024.txt", None),
    ],
)
def test_a_final_rule_is_of_the_year_of_title_and_name(head, file, posting_id) -> None:
    if posting_id is None and "Final_Rule" not in file:
        with pytest.raises(RefusedError):
            rule_identity.identify(head, "downloads", file)
        return
    found = rule_identity.identify(head, "downloads", file)
    assert found.posting_id == (posting_id or "OPPS26FR@undated")
    assert rule_periods.period(found.release_id, found.calendar_year) == (
        date(found.calendar_year, 1, 1), date(found.calendar_year, 12, 31),
    )  # fmt: skip


def test_a_quarter_and_a_year_that_nobody_loaded_are_asked_for() -> None:
    quarter = {
        "release_id": "OPPS25Q4",
        "effective_from": "2025-10-01",
        "effective_to": "2025-12-31",
    }
    assert missing_release([quarter], date(2025, 12, 31)) is None
    assert missing_release([quarter], date(2026, 1, 1)).release_ids == ("OPPS26Q1",)
    year = {"release_id": "OPPS25FR", "effective_from": "2025-01-01", "effective_to": "2025-12-31"}
    assert rule_periods.missing_release([year], date(2025, 12, 31)) is None
    missing = rule_periods.missing_release([year], date(2026, 1, 1))
    assert (missing.release_ids, missing.is_fetched) == (("OPPS26FR",), False)
