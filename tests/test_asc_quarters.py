"""Which release a file of surgical centers is: its head says the quarter, and else its names do."""

from datetime import date

import pytest

from pipeline.errors import RefusedError
from pipeline.schedules.asc.identity import day_of_name, identify
from pipeline.schedules.asc.listing import LISTING
from pipeline.schedules.asc.periods import missing_release

AA = "asc-aa.csv"


def head(*months: str) -> list[str]:
    cells = " ".join(f"{month} Payment Rate" for month in months)
    return [
        "Addendum AA -- for CY 2025",
        "CPT codes are copyright 2024 AMA.",
        f"HCPCS Code {cells}",
    ]


@pytest.mark.parametrize(
    ("months", "bundle", "file", "posting_id"),
    [
        (["January 2025"], "asc", "508-Version-Jan-2025-ASC-AA.csv", "ASC25Q1@undated"),
        (["April 2025"], "april-2025-asc-approved-hcpcs-code-and-payment-rates.zip", AA, "ASC25Q2@undated"),
        (["JULY 2025", "July 2025"], "july-2025-asc-addenda.zip", AA, "ASC25Q3@undated"),
        # A name that says the day of a posting says no quarter.
        (["January 2024"], "march-9-2024-asc-approved-hcpcs-code-and-payment-rates.zip", AA, "ASC24Q1@2024-03-09"),
        (["October 2019"], "2019-10-15-ASC-Addenda-Corrections.zip", AA, "ASC19Q4@2019-10-15"),
        (["January 2026"], "2026-nfrm-addendum-aa-bb-dd1-dd2-ee-ff.zip", AA, "ASC26Q1@undated"),
        # Without a head that tells, names do.
        ([], "2018-Jul-ASC-Addenda.zip", AA, "ASC18Q3@undated"),
        ([], "downloads", "January_2025_ASC_Addenda.xlsx", "ASC25Q1@undated"),
        ([], "asc_2025_q4", AA, "ASC25Q4@undated"),
    ],
)  # fmt: skip
def test_head_and_names_say_the_quarter(months, bundle, file, posting_id) -> None:
    found = identify(head(*months), bundle, f"{bundle}/{file}")
    assert (found.posting_id, found.remarks) == (posting_id, ())
    assert found.release_id == posting_id.partition("@")[0]
    assert found.calendar_year == 2000 + int(posting_id[3:5])
    assert (found.title, found.notice) == tuple(head()[:2])


def test_the_addenda_of_a_final_rule_are_those_of_its_january() -> None:
    zip_name = "2027-nfrm-addendum-aa-bb-dd1-dd2-ee-ff.zip"
    found = identify(head("CY 2027"), zip_name, f"{zip_name}/2027 NFRM Addendum AA.csv")
    assert (found.release_id, found.remarks) == ("ASC27Q1", ())
    assert LISTING.name_of(zip_name) == found.release_id
    # A head that says another quarter decides.
    assert identify(head("April 2027"), zip_name, AA).release_id == "ASC27Q2"


def test_the_words_of_the_head_move_a_release_and_the_names_are_remarked_upon() -> None:
    found = identify(
        head("April 2025"), "january-2025-asc.zip", "x/508-Version-Jan-2025-ASC-AA.csv"
    )
    assert found.release_id == "ASC25Q2"
    assert [x.partition(" is of ")[0] for x in found.remarks] == [
        "january-2025-asc.zip", "508-Version-Jan-2025-ASC-AA.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("months", "bundle", "file", "words"),
    [
        ([], "downloads", "ASC AA.csv", "neither its head nor its name"),
        (["January 2025", "April 2025"], "asc25q1", AA, "names several quarters: quarter 1 of 2025 and quarter 2 of 2025"),
        ([], "asc25q1", "508-Version-Apr-2025-ASC-AA.csv", "the names say several"),
    ],
)  # fmt: skip
def test_what_tells_no_quarter_or_several_is_refused(months, bundle, file, words) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        identify(head(*months), bundle, f"{bundle}/{file}")
    # What the head itself says is mended by no name.
    is_of_head = "its head names several" in str(caught.value)
    assert ("named after its release, as in asc25q1" in caught.value.advice) != is_of_head


def test_a_day_that_is_none_is_passed_over() -> None:
    assert day_of_name("march-39-2024 2024-02-30 and may-5-2024") == date(2024, 5, 5)
    assert day_of_name("january-2025-asc.zip") is None


def test_a_quarter_that_nobody_loaded_is_asked_for() -> None:
    held = [{"release_id": "ASC25Q1", "effective_from": "2025-01-01", "effective_to": "2025-03-31"}]
    assert missing_release(held, date(2025, 3, 31)) is None
    assert missing_release(held, date(2025, 4, 1)).release_ids == ("ASC25Q2",)
