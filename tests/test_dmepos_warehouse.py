"""Fees for equipment in a warehouse: postings, days, releases to come, places, changes."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.read.gather import gather_postings
from pipeline.read.sort import split_postings
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers.dmepos_files import (
    EVERY,
    TABLES,
    Lines,
    as_csv,
    head_of,
    items_of,
    sample_lines,
)
from tests.helpers.raw_folders import sorted_bundles
from tests.helpers.warehouses import connected

pytestmark = pytest.mark.whole

# ---------------------------------------------------------------- releases made of the sample


def add_release(
    raw: Path,
    month: str,
    year: int,
    kinds: list[str],
    change: Callable[[Lines], None] = lambda _: None,
) -> None:
    """A release of the figures of the sample as CMS would name it; ``change`` alters the table of fees."""
    quarter = ("January", "April", "July", "October").index(month) + 1
    folder = raw / f"dme{year % 100}{['', '-b', '-c', '-d'][quarter - 1]}"
    folder.mkdir(parents=True)
    said = {"January 2025": f"{month} {year}", "2025 Par": f"{year} Par", "202501": f"{year}0{quarter}"}  # fmt: skip
    for kind in kinds:
        name, lines = sample_lines(kind)
        if kind == "dmepos":
            change(lines)
        text = as_csv(lines).decode("cp1252")
        for old, new in said.items():
            text = text.replace(old, new)
        name = name.replace("JAN", month[:3].upper()).replace("2025", str(year))
        path = folder / name.replace("Quarter 1", f"Quarter {quarter}")
        path.write_bytes(text.encode("cp1252"))


def a_year_later(lines: Lines) -> None:
    """A state more and one less, a column that nobody knows, another wording; a fee rose, one ended."""
    head, place = head_of(lines), head_of(lines).index("Description")
    dropped = head.index("WY (NR)")
    for line in items_of(lines):
        amount = line[head.index("AL (NR)")]
        line[place:place] = ["77.00" if line[0] == "A6530" else "0.00", "0.00"]
        line[-1:] = ["Words", "Y"]
        if line[:2] == ["E0601", "RR"]:
            line[head.index("AL (NR)")] = str(Decimal(amount) + 2)
        if line[0] == "A4216":
            line[head.index("TX (NR)")] = "0.00"
        del line[dropped : dropped + 2]
    head[place:] = ["GU(NR)", "GU(R)", "Short Description", "Note"]
    head[head.index("Mod2")] = "MOD 2"
    del head[dropped : dropped + 2]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> Path:
    """January of 2025 whole, April with the table of fees alone, and the January after."""
    place = tmp_path_factory.mktemp("equipment")
    add_release(place / "raw", "January", 2025, EVERY)
    add_release(place / "raw", "April", 2025, ["dmepos"])
    add_release(place / "raw", "January", 2026, EVERY, a_year_later)
    options = Options(raw=place / "raw", warehouse=place / "warehouse", today=date(2026, 2, 1))
    outcome = refresh(options, Report(quiet=True))
    assert outcome.refused == []
    assert outcome.releases == ["DMEPOS25Q1", "DMEPOS25Q2", "DMEPOS26Q1"]
    return place / "warehouse"


@pytest.fixture
def reader(warehouse: Path):
    yield from connected(warehouse)


def test_a_release_may_lack_all_files_but_its_table_of_fees(reader) -> None:
    query = "SELECT release_id, missing_files FROM release ORDER BY 1"
    assert reader.sql(query).fetchall() == [
        ("DMEPOS25Q1", ""),
        ("DMEPOS25Q2", "dme_pen,dme_cba,dme_mail_order,dme_rural_zip,dme_cba_zip"),
        ("DMEPOS26Q1", ""),
    ]
    query = "SELECT release_id, count(*) FROM {} GROUP BY 1 ORDER BY 1"
    counts = {name: reader.sql(query.format(name)).fetchall() for name in ("dme_item", "dme_zip")}
    assert counts["dme_item"] == [("DMEPOS25Q1", 30), ("DMEPOS25Q2", 23), ("DMEPOS26Q1", 30)]
    assert counts["dme_zip"] == [("DMEPOS25Q1", 54), ("DMEPOS26Q1", 54)]


def test_a_state_that_comes_or_goes_and_a_new_column_are_news(reader) -> None:
    query = (
        "SELECT check_name, finding FROM check_finding WHERE release_id = 'DMEPOS26Q1' ORDER BY ALL"
    )
    # The sample has few ZIP codes: of most states with rural fees it has none.
    usual = {"layouts_are_declared", "states_with_rural_fees_have_rural_zip_codes"}
    found = [(name, text) for name, text in reader.sql(query).fetchall() if name not in usual]
    assert found == [
        ("columns_are_known", "DMEPOS_JAN.csv has columns that are not loaded: Note"),
        ("states_are_those_of_the_schedule", "it has a column of GU, which no earlier file had"),
        ("states_are_those_of_the_schedule", "it has no column of WY"),
    ]
    fees = "SELECT hcpcs_code, amount FROM dme_fee WHERE state = 'GU'"
    assert reader.sql(fees).fetchall() == [("A6530", Decimal("77.00"))]


def test_a_change_is_from_each_release_to_the_next(reader) -> None:
    query = (
        "SELECT hcpcs_code, modifier, change_kind, causes, changed_amount_count, new_amount_count, ended_amount_count "
        "FROM dme_change WHERE release_id = '{}' AND hcpcs_code IN ('E0601', 'A4216', 'A6530', 'B4164', 'V2786') ORDER BY ALL"
    )
    assert reader.sql(query.format("DMEPOS25Q2")).fetchall() == [
        ("B4164", "", "removed", "", 0, 0, 53)
    ]
    assert reader.sql(query.format("DMEPOS26Q1")).fetchall() == [
        ("A4216", "", "repriced", "states,description", 0, 0, 2),
        ("A6530", "", "repriced", "states,description", 0, 1, 1),
        ("B4164", "", "added", "", 0, 53, 0),
        ("E0601", "RR", "repriced", "amounts,all_amounts_alike,states,description", 1, 0, 2),
        ("V2786", "", "details_only", "description", 0, 0, 0),
    ]
    for example in TABLES["dme_change"].examples:
        assert reader.sql(example).fetchall()


@pytest.mark.parametrize(
    ("day", "fees"),
    [
        ("2024-12-31", []),
        ("2025-01-01", [("DMEPOS25Q1", "50.58")]),
        ("2025-06-30", [("DMEPOS25Q2", "50.58")]),
        ("2026-01-01", [("DMEPOS26Q1", "52.58")]),
    ],
)
def test_a_fee_is_that_of_the_release_in_force_on_the_day(reader, day, fees) -> None:
    query = (
        "SELECT release_id, amount::VARCHAR FROM dme_fee_in_force WHERE hcpcs_code = 'E0601' AND state = 'AL' "
        f"AND NOT is_rural AND DATE '{day}' BETWEEN effective_from AND effective_to"
    )
    assert reader.sql(query).fetchall() == fees


# ---------------------------------------------------------------- what a place is paid


@pytest.mark.parametrize(
    ("code", "place", "answers"),
    [
        # In a former bidding area its amount stands in the place of that of the state.
        ("E0601", "at_zip := '94110'", [("RR", "cba", "53.090", "")]),
        ("E0601", "at_zip := '35056'", [("RR", "state_rural", "94.930", "")]),
        # A state that has no rural areas, and one of which it is not said which area is meant.
        ("E0601", "at_state := 'AK'", [("RR", "state_rural", "91.420", "")]),
        ("K0823", "at_state := 'AL'", [
            ("RR", "state_rural", "341.100", ""), ("RR", "state_rural", "547.160", ""), ("RR", "national", "", "rural_unknown"),
        ]),
        # Base equipment that was never bid for has a fee in rural areas and none elsewhere.
        ("E2361", "of_modifier := 'NU', at_state := 'AL', at_rural := false", [
            ("NU", "state_rural", "135.760", ""), ("NU KE", "national", "", "no_fee_in_area"), ("NU KU", "state_rural", "167.970", ""),
        ]),
        # An area with a point, and an item that has fees in areas alone.
        ("L1851", "at_zip := '96817'", [("", "cba", "", "no_fee_in_area")]),
        ("A4557", "at_zip := '35056'", [("KG", "national", "", "no_fee_in_area")]),
        ("V2786", "at_zip := '94110'", [("", "national", "", "no_fee_published")]),
        ("A4259", "at_zip := '94110'", [("", "state_rural", "1.420", ""), ("KL", "national", "1.780", "")]),
        ("E0601", "at_mac := null", [("RR", "national", "", "by_place")]),
    ],
)  # fmt: skip
def test_a_place_has_its_amount_or_the_reason_why_none(reader, code, place, answers) -> None:
    found = reader.sql(
        "SELECT trim(concat_ws(' ', modifier, nullif(modifier2, ''))), place_kind, coalesce(amount::VARCHAR, ''), reason "
        f"FROM fee_for('{code}', on_day := '2025-02-01', {place}) WHERE setting = 'supplier'"
    ).fetchall()
    assert found == answers


def test_show_has_rent_by_month_and_what_it_may_come_to(warehouse, printed) -> None:
    on = ("--on", "2025-02-01")
    said = printed(warehouse, "show", "E0601", "--state", "AL", "--rural", *on)
    assert "94.93" in said and "71.20" in said
    assert "capped_rental_later: Rental from month 4 at 75% of the fee" in said
    assert "[P: DMEBACK 2025, p.2-3 (capped rental); 42 CFR 414.229]" in said
    found = json.loads(printed(warehouse, "show", "K0835", "--state", "AK", *on, "--json"))["rule"]
    amounts = {
        x["rule"]: (x["month_from"], x["month_to"], x["amount"], x["evidence"]) for x in found
    }
    assert amounts == {
        "power_wheelchair_first": (1, 3, 587.37, "P"),
        "power_wheelchair_later": (4, 13, 234.95, "P"),
        "complex_wheelchair_purchase": (1, 1, 3915.80, "S"),
        "coinsurance": (None, None, None, "P"),
    }
    pole = json.loads(printed(warehouse, "show", "E0776", "--state", "AL", "--no-rural", *on, "--json"))  # fmt: skip
    limits = {x["modifier"]: x["amount"] for x in pole["rule"] if x["pays"] == "limit"}
    assert limits == {"RR": 170.02, "UE": 170.02}


def test_files_that_lie_loose_in_one_folder_find_their_posting(tmp_path: Path) -> None:
    """The name of one file has the month, of another the month and the year, of a third the quarter."""
    for month, year in (("January", 2025), ("April", 2025)):
        add_release(tmp_path / "made", month, year, EVERY)
    loose = tmp_path / "raw" / "downloads"
    loose.mkdir(parents=True)
    for path in (tmp_path / "made").glob("*/*"):
        path.rename(loose / path.name)
    found = gather_postings(
        [x for one in sorted_bundles(tmp_path / "raw") for x in split_postings(one)]
    )
    assert sorted(sorted(one.members) for one in found) == [sorted(EVERY)] * 2
    months = [
        {
            member.base_name.upper().find("APR") >= 0 or "Quarter 2" in member.base_name
            for _, member in one.files
        }
        for one in found
    ]
    assert sorted(months, key=str) == [{False}, {True}]
