"""The fees for equipment, by small tables: which release a file is, what it pays, what changed."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from pipeline.errors import RefusedError
from pipeline.schedules.dmepos import tables
from pipeline.schedules.dmepos.definition import DMEPOS
from pipeline.schedules.dmepos.identity import identify
from pipeline.schedules.dmepos.listing import LISTING
from pipeline.schedules.dmepos.periods import missing_release
from pipeline.store import database
from tests.helpers.small_dmepos import computed, release

HEAD = ["(DMEPOS)", "January 2025 Fee Schedule"]
FILE = "DMEPOS_JAN.csv"


@pytest.fixture
def sound() -> duckdb.DuckDBPyConnection:
    return computed()


# ---------------------------------------------------------------- which release


@pytest.mark.parametrize(
    ("head", "bundle", "file", "posting_id"),
    [
        (HEAD, "dme25.zip", FILE, "DMEPOS25Q1@undated"),
        (HEAD, "downloads", FILE, "DMEPOS25Q1@undated"),
        (["July 2025 Fee Schedule"], "dme25-c-updated-06/30/2025", "DMEPOS_JUL.xlsx", "DMEPOS25Q3@2025-06-30"),
        (["January 2023 Fee Schedule"], "dme23-updated-12192022.zip", FILE, "DMEPOS23Q1@2022-12-19"),
        # The text form has no title: names say the year, and the letter or the file the quarter.
        ([], "dme26-b.zip", "DMEPOS_APR.txt", "DMEPOS26Q2@undated"),
        ([], "dme22c-posted-061722", "DMEPOS_JUL.txt", "DMEPOS22Q3@2022-06-17"),
        ([], "dme26", "DMEPOS_OCT.txt", "DMEPOS26Q4@undated"),
        ([], "dmepos26q2", "DMEPOS_APR.txt", "DMEPOS26Q2@undated"),
        ([], "downloads", "DMEPOS_APR 2026.txt", "DMEPOS26Q2@undated"),
    ],
)  # fmt: skip
def test_title_and_names_say_the_quarter(head, bundle, file, posting_id) -> None:
    found = identify(head, bundle, f"{bundle}/{file}")
    assert (found.posting_id, found.remarks, found.version) == (posting_id, (), None)
    assert found.calendar_year == 2000 + int(posting_id[6:8])


def test_a_revision_comes_after_what_it_revises() -> None:
    found = identify(["October 2022 Fee Schedule"], "dme22-r.zip", "dme22-r.zip/DMEPOS_OCT.csv")
    assert (found.release_id, found.version, found.remarks) == ("DMEPOS22Q4", 2, ())
    assert identify([], "dme-21ar", "dme-21ar/DMEPOS_JAN.txt").release_id == "DMEPOS21Q1"


def test_the_title_moves_a_release_and_the_name_is_remarked_upon() -> None:
    found = identify(HEAD, "dme26-b", f"dme26-b/{FILE}")
    assert found.release_id == "DMEPOS25Q1"
    assert found.remarks == (
        "dme26-b is of quarter 2 of 2026 by its name, but the title makes it DMEPOS25Q1",
    )


@pytest.mark.parametrize(
    ("head", "bundle", "file", "words", "advice"),
    [
        ([], "downloads", FILE, "neither its title nor the name", "Put it into a zip or folder that is named"),
        ([*HEAD, "April 2025 Fee Schedule"], "dme25", FILE, "several quarters: quarter 1 of 2025 and quarter 2", "Get the file again"),
        (HEAD, "dme25", "DMEPOS_APR.csv", "by its name it is of APR, but its title or its zip says 2025-01-01", "the names that they have there"),
        ([], "dme25-b", FILE, "by its name it is of JAN, but its title or its zip says 2025-04-01", "the names that they have there"),
    ],
)  # fmt: skip
def test_what_tells_no_quarter_or_contradicts_itself_is_refused(
    head, bundle, file, words, advice
) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        identify(head, bundle, f"{bundle}/{file}")
    assert advice in caught.value.advice


@pytest.mark.parametrize(
    ("name", "release_id"),
    [
        ("dme25.zip", "DMEPOS25Q1"),
        ("DME26-B", "DMEPOS26Q2"),
        ("dme25-c-updated-06/30/2025.zip", "DMEPOS25Q3"),
        ("dme22c-posted-061722.zip", "DMEPOS22Q3"),
        ("dmepos25q4", "DMEPOS25Q4"),
        ("dmerural.zip", ""),
    ],
)
def test_names_on_the_pages_of_cms_say_the_release(name: str, release_id: str) -> None:
    assert LISTING.name_of(name) == release_id


def test_a_quarter_that_nobody_loaded_is_asked_for() -> None:
    held = [
        {"release_id": "DMEPOS25Q4", "effective_from": "2025-10-01", "effective_to": "2025-12-31"}
    ]
    assert missing_release(held, date(2025, 12, 31)) is None
    assert "DMEPOS26Q1" in missing_release(held, date(2026, 1, 1)).sentence


# ---------------------------------------------------------------- what an item pays


def test_an_item_is_paid_everywhere_alike_or_by_place_or_not_at_all(sound) -> None:
    query = "SELECT hcpcs_code, modifier, modifier2, program, price_status, national_amount, has_rural FROM dme_item ORDER BY ALL"
    assert sound.sql(query).fetchall() == [
        ("A4216", "", "", "dmepos", "by_place", None, False),
        ("A4253", "NU", "", "dmepos", "priced", Decimal("8.32"), False),
        ("B4164", "", "", "pen", "priced", Decimal("24.66"), False),
        ("E0601", "RR", "", "dmepos", "by_place", None, True),
        ("E0776", "NU", "", "dmepos", "by_place", None, True),
        ("E0776", "NU", "BA", "pen", "by_place", None, True),
        ("E0776", "RR", "", "dmepos", "by_place", None, True),
        ("E2361", "NU", "KE", "dmepos", "by_place", None, True),
        ("L3000", "", "", "dmepos", "by_place", None, False),
        ("V2786", "", "", "dmepos", "no_fee_published", None, False),
    ]


def test_zero_is_no_fee_and_no_row_and_a_ceiling_of_zero_is_none(sound) -> None:
    fees = "SELECT state, is_rural, amount FROM dme_fee WHERE hcpcs_code = $1 ORDER BY ALL"
    assert sound.execute(fees, ["V2786"]).fetchall() == []
    assert sound.execute(fees, ["E2361"]).fetchall() == [
        ("AK", False, Decimal("150.00")), ("AL", True, Decimal("171.00")), ("FL", True, Decimal("171.00")),
    ]  # fmt: skip
    limits = (
        "SELECT hcpcs_code FROM dme_item WHERE ceiling IS NOT NULL AND floor IS NOT NULL ORDER BY 1"
    )
    assert sound.sql(limits).fetchall() == [("A4216",), ("L3000",)]
    assert sound.sql("SELECT min(amount) > 0 FROM (FROM dme_fee SELECT amount UNION ALL FROM dme_cba_fee SELECT amount)").fetchall() == [(True,)]  # fmt: skip


def test_a_state_with_an_open_cell_has_no_fee_and_a_blank_column_is_one_of_zeros() -> None:
    """Without a rural fee the other one would hold in all of the state: it is not known to."""
    con = release({
        "dmepos": """
            code  mod mod2 jur cat ceiling floor AL  AL/R FL  FL/R AK  AK/R
            E0601 RR  -    D   CR  0       0     50  95   50  See  91  -
            E0776 NU  -    D   IN  0       0     170 -    170 170  170 -
            V2786 -   -    D   PO  0       0     0   0    0   0    0   -
        """,
        "dme_pen": """
            code  mod mod2 AL    AL/R FL    FL/R AK    AK/R
            B4164 -   -    24.66 -    24.66 -    24.66 -
        """,
    })  # fmt: skip
    fees = con.sql(
        f"SELECT hcpcs_code, state, is_rural FROM ({tables.dme_fee_query()}) ORDER BY ALL"
    )
    assert fees.fetchall() == [
        ("B4164", "AK", False), ("B4164", "AL", False), ("B4164", "FL", False),
        ("E0601", "AK", False), ("E0601", "AL", False), ("E0601", "AL", True),
        ("E0776", "AK", False), ("E0776", "FL", False), ("E0776", "FL", True),
    ]  # fmt: skip
    items = con.sql(f"SELECT hcpcs_code, price_status FROM ({tables.dme_item_query()}) ORDER BY 1")
    assert items.fetchall() == [
        ("B4164", "priced"), ("E0601", "by_place"), ("E0776", "by_place"), ("V2786", "no_fee_published"),
    ]  # fmt: skip


def test_an_item_of_former_areas_alone_has_fees_there(sound) -> None:
    query = "SELECT modifier, modifier2, modifier3, cba, amount FROM dme_cba_fee WHERE hcpcs_code <> 'E0601' ORDER BY ALL"
    assert sound.sql(query).fetchall() == [
        ("KG", "", "", "Miami, FL", Decimal("11.80")),
        ("KG", "", "", "Mobile, AL", Decimal("16.52")),
        ("NU", "BA", "KG", "Miami, FL", Decimal("62.02")),
        ("NU", "BA", "KG", "Mobile, AL", Decimal("63.70")),
    ]


def test_a_zip_code_is_rural_or_of_a_former_area(sound) -> None:
    query = "SELECT zip_code, state, is_rural, cba FROM dme_zip ORDER BY ALL"
    assert sound.sql(query).fetchall() == [
        ("33101", "FL", False, "Miami, FL"),
        ("35056", "AL", True, ""),
        ("36601", "AL", False, "Mobile, AL"),
    ]


def said(con: duckdb.DuckDBPyConnection, code: str) -> list[tuple]:
    query = (
        "SELECT modifier, modifier2, modifier3, coalesce(nullif(state, ''), cba), is_rural, amount, amount_unit, reason "
        f"FROM ({DMEPOS.fee.read_text()}) WHERE hcpcs_code = ? ORDER BY place_kind, 1, 2, 3, 4, 5, 6"
    )
    return [
        (*row[:5], str(row[5]) if row[5] else "", *row[6:])
        for row in con.execute(query, [code]).fetchall()
    ]


def test_a_fee_is_said_of_the_country_or_of_each_state_and_area(sound) -> None:
    assert said(sound, "E0601") == [
        # What is paid in an area that has no fee for a listed item no file says.
        ("RR", "", "", "Miami, FL", None, "", "", "no_fee_in_area"),
        ("RR", "", "", "Mobile, AL", None, "51.48", "month", ""),
        ("RR", "", "", "", None, "", "", "by_place"),
        # Without a rural fee the other one holds in all of the state.
        ("RR", "", "", "AK", None, "91.00", "month", ""),
        ("RR", "", "", "AL", False, "50.00", "month", ""),
        ("RR", "", "", "AL", True, "95.00", "month", ""),
        ("RR", "", "", "FL", False, "50.00", "month", ""),
        ("RR", "", "", "FL", True, "95.00", "month", ""),
    ]
    assert [row[2:] for row in said(sound, "A4253") if not row[3]] == [
        ("", "", None, "8.32", "unit", ""), ("", "", None, "10.39", "unit", ""),
    ]  # fmt: skip
    assert said(sound, "V2786") == [("", "", "", "", None, "", "", "no_fee_published")]
    assert ("KG", "", "", "", None, "", "", "by_place") in said(sound, "A4557")


def test_in_areas_whose_fees_are_missing_no_fee_of_the_state_is_said(sound) -> None:
    sound.execute("DELETE FROM dme_cba_fee")
    areas = ["Miami, FL", "Mobile, AL"]
    gaps = [row[3:] for row in said(sound, "E0601") if row[3] in areas]
    assert gaps == [(area, None, "", "", "no_fee_in_area") for area in areas]
    assert [row for row in said(sound, "L3000") if row[3] in areas] == []


# ---------------------------------------------------------------- what changed


def test_what_changed_is_told_with_its_causes() -> None:
    con = database.connect(1)
    con.execute("CREATE TABLE dme_item (release_id VARCHAR, hcpcs_code VARCHAR, modifier VARCHAR, modifier2 VARCHAR, program VARCHAR, category VARCHAR, jurisdiction VARCHAR, ceiling DECIMAL(10,2), floor DECIMAL(10,2), has_rural BOOLEAN, price_status VARCHAR, national_amount DECIMAL(10,2), lowest_amount DECIMAL(10,2), highest_amount DECIMAL(10,2), description VARCHAR)")  # fmt: skip
    con.execute("CREATE TABLE dme_fee (release_id VARCHAR, hcpcs_code VARCHAR, modifier VARCHAR, modifier2 VARCHAR, state VARCHAR, is_rural BOOLEAN, amount DECIMAL(10,2))")  # fmt: skip

    def item(release_id: str, code: str, category: str, fees: dict[str, str], words="") -> None:
        con.execute(
            "INSERT INTO dme_item VALUES (?, ?, 'NU', '', 'dmepos', ?, 'D', NULL, NULL, false, 'by_place', NULL, ?, ?, ?)",
            [release_id, code, category, min(fees.values(), default=None), max(fees.values(), default=None), words],
        )  # fmt: skip
        for state, amount in fees.items():
            con.execute(
                "INSERT INTO dme_fee VALUES (?, ?, 'NU', '', ?, false, ?)",
                [release_id, code, state, amount],
            )

    for code, category, fees, words in [
        ("A0001", "IN", {"AL": "10.00", "AK": "20.00"}, ""),
        ("A0002", "IN", {"AL": "10.00", "AK": "20.00"}, ""),
        ("A0003", "IN", {"AL": "10.00", "AK": "20.00"}, ""),
        ("A0004", "IN", {"AL": "10.00"}, ""),
        ("A0005", "IN", {"AL": "10.00"}, ""),
        ("A0006", "IN", {"AL": "10.00"}, ""),
        ("A0008", "IN", {"AL": "10.00"}, ""),
    ]:
        item("DMEPOS25Q1", code, category, fees, words)
    for code, category, fees, words in [
        ("A0001", "IN", {"AL": "10.24", "AK": "20.48"}, ""),
        ("A0002", "IN", {"AL": "10.24", "AK": "19.00"}, ""),
        ("A0003", "IN", {"AL": "10.00"}, ""),
        ("A0004", "SU", {"AL": "10.00"}, ""),
        ("A0005", "IN", {"AL": "10.00"}, "other words"),
        ("A0007", "IN", {"AL": "1.00"}, ""),
        ("A0008", "IN", {"AL": "10.00"}, ""),
    ]:
        item("DMEPOS25Q2", code, category, fees, words)
    pair = "SELECT 'DMEPOS25Q2' AS release_id, 'DMEPOS25Q1' AS previous_release_id"
    query = DMEPOS.change.query(pair)
    found = con.sql(
        f"SELECT hcpcs_code, change_kind, causes, changed_amount_count, ended_amount_count, lowest_change_percent::DECIMAL(9,1), highest_change_percent::DECIMAL(9,1) FROM ({query}) ORDER BY 1"
    ).fetchall()
    assert found == [
        ("A0001", "repriced", "amounts,all_amounts_alike", 2, 0, Decimal("2.4"), Decimal("2.4")),
        ("A0002", "repriced", "amounts", 2, 0, Decimal("-5.0"), Decimal("2.4")),
        ("A0003", "repriced", "states", 0, 1, None, None),
        ("A0004", "reclassified", "category", 0, 0, None, None),
        ("A0005", "details_only", "description", 0, 0, None, None),
        ("A0006", "removed", "", 0, 1, None, None),
        ("A0007", "added", "", 0, 0, None, None),
    ]


def test_rules_of_payment_are_of_categories_that_there_are() -> None:
    categories = {*DMEPOS.declared.columns["category"].domain}
    with database.connect(1) as con:
        rules = con.sql(tables.rules_query()).fetchall()
    assert {row[2] for row in rules} <= categories
    # Every category has a rule, but labor, which the files in hand do not list.
    assert categories - {row[2] for row in rules} == {"LT"}
