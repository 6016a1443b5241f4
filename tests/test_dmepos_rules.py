"""The fees for equipment, by small tables: which release a file is, what it pays, what breaks a check, what changed."""

from datetime import date
from decimal import Decimal
from functools import cache

import duckdb
import pytest

from pipeline.errors import RefusedError
from pipeline.schedules.dmepos import tables
from pipeline.schedules.dmepos.definition import DMEPOS
from pipeline.schedules.dmepos.identity import identify
from pipeline.schedules.dmepos.listing import LISTING
from pipeline.schedules.dmepos.periods import missing_release
from pipeline.store import database
from pipeline.store.sql import load_checks
from tests.helpers.staged import staged

HEAD = ["(DMEPOS)", "January 2025 Fee Schedule"]
FILE = "DMEPOS_JAN.csv"

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
    ("head", "bundle", "file", "words"),
    [
        ([], "downloads", FILE, "neither its title nor the name"),
        ([*HEAD, "April 2025 Fee Schedule"], "dme25", FILE, "several quarters: quarter 1 of 2025 and quarter 2"),
        (HEAD, "dme25", "DMEPOS_APR.csv", "by its name it is of APR, but its title or its zip says 2025-01-01"),
        ([], "dme25-b", FILE, "by its name it is of JAN, but its title or its zip says 2025-04-01"),
    ],
)  # fmt: skip
def test_what_tells_no_quarter_or_contradicts_itself_is_refused(head, bundle, file, words) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        identify(head, bundle, f"{bundle}/{file}")
    assert caught.value.findings


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


# ---------------------------------------------------------------- a release in miniature

SOUND = {
    "dmepos": """
        code  mod mod2 jur cat ceiling floor AL   AL/R FL   FL/R AK   AK/R
        E0601 RR  -    D   CR  0       0     50   95   50   95   91   0
        E0776 RR  -    D   IN  0       0     17   20   17   20   32   0
        E0776 NU  -    D   IN  0       0     170  170  170  170  182  0
        E2361 NU  KE   D   IN  0       0     0    171  0    171  150  0
        L3000 -   -    D   PO  450.81  338.11 381 0    381  0    400  0
        A4216 -   -    J   OS  0.62    0.53  0.57 0    0.62 0    0.71 0
        A4253 NU  -    D   IN  0       0     8.32 0    8.32 0    8.32 0
        V2786 -   -    D   PO  0       0     0    0    0    0    0    0
    """,
    "dme_pen": """
        code  mod mod2 AL    AL/R FL    FL/R AK    AK/R
        B4164 -   -    24.66 0    24.66 0    24.66 0
        E0776 NU  BA   64    100  64    100  64    0
    """,
    "dme_cba": """
        code  mod mod2 mod3 cat Mobile,_AL Miami,_FL
        E0601 RR  -    -    CR  51.48      .
        A4557 KG  -    -    SU  16.52      11.80
        E0776 NU  BA   KG   -   63.70      62.02
    """,
    "dme_mail_order": """
        code  mod mod2 mod3 cat amount
        A4253 NU  KL   -    IN  10.39
    """,
    "dme_rural_zip": "35056 AL 202501",
    "dme_cba_zip": "36601 AL Mobile,_AL 202501\n33101 FL Miami,_FL 202501",
}
OTHER_NAMES = {
    "code": "hcpcs_code", "mod": "modifier", "mod2": "modifier2", "mod3": "modifier3", "jur": "jurisdiction", "cat": "category",
}  # fmt: skip
QUARTER = date(2025, 1, 1)


def rows_of(kind: str, text: str) -> list[dict]:
    """The rows of a stage table, as a table of text writes them; AL/R is the rural fee of AL."""
    if kind.endswith("_zip"):
        return [zip_row(kind, line.split(), n) for n, line in enumerate(text.splitlines(), 2)]
    head, *lines = (line.split() for line in text.strip().splitlines())
    rows = []
    for number, cells in enumerate(lines, start=8):
        said = {
            OTHER_NAMES.get(name, name): "" if cell == "-" else cell
            for name, cell in zip(head, cells, strict=True)
        }
        places = [name for name in said if name[:2].isupper() or "," in name]
        amounts = {name: said.pop(name) for name in places}
        record = {"description": "", "source_line": number} | said
        if kind in ("dmepos", "dme_pen"):
            record |= {"calendar_year": None, "rural_indicator": ""}
        if kind == "dme_cba":
            rows += [
                record | {"cba": name.replace("_", " "), "amount": None if x == "." else Decimal(x)}
                for name, x in amounts.items()
            ]
        elif amounts:
            rows += [
                record | {"state": name[:2], "is_rural": name.endswith("/R"), "amount": Decimal(x)}
                for name, x in amounts.items()
            ]
        else:
            rows.append(record)
    return rows


def zip_row(kind: str, cells: list[str], number: int) -> dict:
    zip_code, state, *area, year_quarter = (cell.replace("_", " ") for cell in cells)
    row = {
        "zip_code": zip_code,
        "state": state,
        "year_quarter": year_quarter,
        "source_line": number,
    }
    names = area if len(area) == 2 else [*area, *area]
    return row | dict(zip(("cba", "cba_name"), names, strict=False))


@cache
def sound_rows() -> dict[str, list[dict]]:
    return {kind: rows_of(kind, text) for kind, text in SOUND.items()}


def release(changed: dict[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    """The sound release, with the files of ``changed`` in the place of its own."""
    rows = sound_rows() | {kind: rows_of(kind, x) for kind, x in (changed or {}).items()}
    con = staged(
        DMEPOS.declared, rows, release_id="DMEPOS25Q1", calendar_year=2025, effective_from=QUARTER,
        is_sample=False, main_file=FILE,
    )  # fmt: skip
    con.execute("CREATE TABLE stage.loaded_file (file_kind VARCHAR, file VARCHAR)")
    con.execute("INSERT INTO stage.loaded_file SELECT unnest(?), 'file'", [list(SOUND)])
    con.execute("CREATE TABLE stage.dme_quarter (file_kind VARCHAR, year INTEGER, quarter INTEGER)")
    con.execute("INSERT INTO stage.dme_quarter VALUES ('dme_pen', 2025, 1)")
    return con


@pytest.fixture(scope="module")
def sound() -> duckdb.DuckDBPyConnection:
    con = release()
    for name, query in DMEPOS.model.tables.items():
        con.execute(f"CREATE TABLE {name} AS {query()}")
    return con


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


# ---------------------------------------------------------------- checks

LINE = "code mod mod2 jur cat ceiling floor AL AL/R FL FL/R AK AK/R\n"
PEN_LINE = "code mod mod2 AL AL/R AK AK/R\n"
CBA_LINE = "code mod mod2 mod3 cat Mobile,_AL\n"

# The name of a check, and the smallest file in which it finds something.
BROKEN = {
    "areas_have_one_name": {"dme_cba_zip": "36601 AL Mobile,_AL One 202501\n36602 AL Mobile,_AL Two 202501"},
    "areas_have_the_categories_of_the_schedule": {"dme_cba": CBA_LINE + "E0601 RR - - IN 5"},
    "areas_with_fees_have_zip_codes": {"dme_cba": "code mod mod2 mod3 cat Mobile,_AL Tampa,_FL\nE0601 RR - - CR 5 5"},
    "areas_with_zip_codes_have_fees": {"dme_cba": CBA_LINE + "E0601 RR - - CR 5"},
    "area_fees_have_their_first_modifiers": {"dme_cba": CBA_LINE + "E0601 RR - KG CR 5"},
    "ceilings_have_their_floor": {"dmepos": LINE + "A4216 - - J OS 0.62 0.52 0.6 0 0.6 0 0.7 0"},
    "fees_lie_within_their_limits": {"dmepos": LINE + "A4216 - - J OS 0.62 0.53 0.63 0 0.6 0 0.7 0"},
    "items_have_their_first_modifier": {"dmepos": LINE + "E2361 - KE D IN 0 0 1 0 1 0 1 0"},
    "items_of_areas_are_listed": {"dme_cba": CBA_LINE + "E0155 NU - - IN 5"},
    "limited_items_have_no_rural_fee": {"dmepos": LINE + "A4216 - - J OS 0.62 0.53 0.6 0.6 0.6 0 0.7 0"},
    "mail_orders_have_their_modifier": {"dme_mail_order": "code mod mod2 mod3 cat amount\nA4253 NU - - IN 10.39"},
    "mail_order_fees_have_their_first_modifiers": {"dme_mail_order": "code mod mod2 mod3 cat amount\nA4253 - KL - IN 10.39"},
    "nutrition_is_listed_apart": {"dme_pen": PEN_LINE + "E0776 NU - 64 100 64 0"},
    "nutrition_items_have_their_first_modifier": {"dme_pen": PEN_LINE + "E0776 - BA 64 100 64 0"},
    "regions_have_one_fee": {"dmepos": LINE + "L3000 - - D PO 450.81 338.11 381 0 382 0 400 0"},
    "rented_categories_are_rented": {"dmepos": LINE + "E0601 NU - D CR 0 0 1 0 1 0 1 0"},
    "rent_is_below_the_price": {"dmepos": LINE + "E0776 RR - D IN 0 0 17 0 0 0 0 0\nE0776 NU - D IN 0 0 16 0 0 0 0 0"},
    "rural_fees_are_continental": {"dmepos": LINE + "E0601 RR - D CR 0 0 1 0 1 0 1 2"},
    "rural_fees_are_no_lower": {"dmepos": LINE + "E0601 RR - D CR 0 0 2 1 1 0 1 0"},
    "rural_nutrition_are_continental": {"dme_pen": PEN_LINE + "B4034 - - 3 6 6 7"},
    "rural_nutrition_are_no_lower": {"dme_pen": PEN_LINE + "B4034 - - 6 3 6 0"},
    "rural_zip_codes_are_of_the_quarter": {"dme_rural_zip": "35056 AL 202402"},
    "states_are_those_of_the_schedule": {},
    "states_have_both_columns": {"dmepos": "code mod mod2 jur cat ceiling floor AL FL FL/R\nE0601 RR - D CR 0 0 1 1 2"},
    "states_with_rural_fees_have_rural_zip_codes": {},
    "tables_run_to_the_last_codes": {},
    "zip_codes_are_rural_or_of_an_area": {"dme_rural_zip": "36601 AL 202501"},
    "zip_codes_lie_in_their_state": {"dme_rural_zip": "35056 AL 202501\n03505 AL 202501\n00253 MA 202501"},
    "zip_codes_of_areas_are_of_the_quarter": {"dme_cba_zip": "36601 AL Mobile,_AL 202402\n33101 FL Miami,_FL 202501"},
}  # fmt: skip
# What is broken by other words than those of a table of fees.
BY_STATEMENT = {
    "heads_name_one_quarter": "INSERT INTO stage.dme_quarter VALUES ('dme_cba', 2025, 2)",
    "records_are_of_the_year": "UPDATE stage.dmepos SET calendar_year = 2024",
    "nutrition_records_are_of_the_year": "UPDATE stage.dme_pen SET calendar_year = 2024",
}
CHECKS = {check.name: check for check in load_checks(DMEPOS.release_checks)}
# The release in miniature has three states, one of them with a rural ZIP code, and few codes.
FOUND_IN_THE_SOUND = {
    "states_are_those_of_the_schedule": 50,
    "states_with_rural_fees_have_rural_zip_codes": 1,
    "tables_run_to_the_last_codes": 4,
}


def test_every_check_has_a_release_that_breaks_it(sound) -> None:
    assert BROKEN.keys() | BY_STATEMENT.keys() == CHECKS.keys()
    found = {name: len(sound.sql(check.query).fetchall()) for name, check in CHECKS.items()}
    assert {name: count for name, count in found.items() if count} == FOUND_IN_THE_SOUND


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_breaks_its_rule(name: str) -> None:
    con = release(BROKEN.get(name))
    if name in BY_STATEMENT:
        con.execute(BY_STATEMENT[name])
    found = con.sql(CHECKS[name].query).fetchall()
    assert {row[0] for row in found} <= set(SOUND) and found
    assert all(row[2] for row in found)


def test_a_state_that_is_new_is_news(sound) -> None:
    con = release({"dmepos": "code mod mod2 jur cat ceiling floor GU GU/R\nA4216 - - J OS 0 0 1 0"})
    found = con.sql(CHECKS["states_are_those_of_the_schedule"].query).fetchall()
    assert "it has a column of GU, which no earlier file had" in [row[2] for row in found]


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


# ---------------------------------------------------------------- checks over releases

ITEM = "SELECT 'DMEPOS25Q1' AS release_id, 'A0001' AS hcpcs_code, '' AS modifier, '' AS modifier2, 'by_place' AS price_status, NULL::DECIMAL(9,2) AS national_amount, 'dmepos' AS program"
AREA_FEES = "SELECT '{}' AS release_id FROM range({})"
DAYS = "DATE '2025-01-01' AS effective_from, DATE '2025-03-31' AS effective_to"
# What a warehouse has in which no check finds anything.
WHOLE = {
    "release": f"SELECT 'DMEPOS25Q1' AS release_id, true AS is_current, {DAYS} UNION ALL SELECT 'DMEPOS24Q4', true, DATE '2024-10-01', DATE '2024-12-31'",
    "dme_item": ITEM,
    "dme_cba_fee": f"{AREA_FEES.format('DMEPOS24Q4', 100)} UNION ALL {AREA_FEES.format('DMEPOS25Q1', 95)}",
    "dme_zip": "SELECT 'DMEPOS25Q1' AS release_id, true AS is_rural",
    "dme_fee": "SELECT 'DMEPOS25Q1' AS release_id, 'A0001' AS hcpcs_code, '' AS modifier, '' AS modifier2, 5.00 AS amount",
    "dme_change": "SELECT 'DMEPOS25Q1' AS release_id, 'DMEPOS24Q4' AS previous_release_id, 'A0001' AS hcpcs_code, '' AS modifier, '' AS modifier2, 1.0 AS lowest_change_percent, 50.0 AS highest_change_percent",
    "rvu_in_force": f"SELECT 'A0001' AS hcpcs_code, '' AS modifier, 'X' AS status_code, 'RVU25A' AS release_id, {DAYS}",
    "payment_national_in_force": f"SELECT 'A0002' AS hcpcs_code, true AS is_default_class, 'priced' AS price_status, 'RVU25A' AS release_id, {DAYS}",
    "lab_fee_in_force": f"SELECT 'A0001' AS hcpcs_code, 'contractor_priced' AS price_status, 'CLFS25Q1' AS release_id, {DAYS}",
    "drug_limit_in_force": "SELECT 'A0001' AS hcpcs_code, 'priced' AS price_status, 'ASP25Q2' AS release_id, DATE '2025-04-01' AS effective_from, DATE '2025-06-30' AS effective_to",
}  # fmt: skip
AMISS = {
    "items_have_their_status": {"dme_item": ITEM.replace("by_place", "no_fee_published")},
    "fees_have_their_item": {"dme_item": ITEM.replace("A0001", "A0002").replace("by_place", "no_fee_published")},
    "files_do_not_shrink": {"dme_cba_fee": f"{AREA_FEES.format('DMEPOS24Q4', 100)} UNION ALL {AREA_FEES.format('DMEPOS25Q1', 94)}"},
    "fees_change_by_less_than_half": {"dme_change": WHOLE["dme_change"].replace("50.0", "50.1")},
    "nobody_else_pays_the_item": {"payment_national_in_force": WHOLE["payment_national_in_force"].replace("A0002", "A0001")},
    "physicians_leave_the_item_to_suppliers": {"rvu_in_force": WHOLE["rvu_in_force"].replace("'X'", "'A'")},
}  # fmt: skip
OVER_RELEASES = {check.name: check.query for check in load_checks(DMEPOS.warehouse_checks)}


@pytest.mark.parametrize("name", OVER_RELEASES)
def test_check_over_releases_finds_what_breaks_its_rule_and_nothing_else(name: str) -> None:
    assert AMISS.keys() == OVER_RELEASES.keys()
    found = []
    for changed in ({}, AMISS[name]):
        with database.connect(1) as con:
            for table, query in (WHOLE | changed).items():
                con.execute(f"CREATE TABLE {table} AS {query}")
            found.append(con.sql(OVER_RELEASES[name]).fetchall())
    assert (found[0], [row[0] for row in found[1]]) == ([], ["DMEPOS25Q1"])
