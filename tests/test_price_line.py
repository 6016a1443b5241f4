"""The macro ``price_line`` allows what ``fees price`` does, which is other SQL, or says that it does not know."""

import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.helpers.price_lines import ORDINARY, priced

pytestmark = pytest.mark.whole

MACRO = """
    SELECT allowed_amount, reason FROM price_line(
        $code, $day, of_modifiers := $modifiers, of_units := $units, at_pos := $pos,
        at_zip := $zip, at_mac := $mac, at_locality := $locality
    )
"""
CODES = "SELECT DISTINCT hcpcs_code FROM {} ORDER BY 1"
PAID = "payment_national WHERE price_status = 'priced'"
OF_OTHERS = "(SELECT hcpcs_code FROM lab_fee UNION SELECT hcpcs_code FROM dme_item UNION SELECT hcpcs_code FROM drug_limit)"
MODIFIERS = (
    "",
    "",
    "",
    "",
    "",
    "",
    "26",
    "TC",
    "50",
    "25",
    "26-59",
    "50-59",
    "RT",
    "80",
    "52",
    "CQ",
    "ZZ",
)
# A ZIP code of each kind: known, spanning localities, and no ZIP code at all.
ZIP_CODES = """
    (SELECT zip_code FROM zip_locality ORDER BY hash(zip_code) LIMIT 20)
    UNION ALL (SELECT zip_code FROM zip_locality WHERE zip4_decides ORDER BY 1 LIMIT 2)
    UNION ALL (SELECT zip_code || plus_four FROM zip9_locality ORDER BY 1 LIMIT 2)
    UNION ALL FROM (VALUES ('00001'), ('9411'))
"""


def drawn(con: duckdb.DuckDBPyConnection, count: int, seed: int) -> list[dict]:
    """Random lines, each a claim of its own, in which what prices and what does not often meet."""

    def column(query: str) -> list[str]:
        return [row[0] for row in con.execute(query).fetchall()]

    chance = random.Random(seed)
    kinds = [column(CODES.format(name)) for name in ("rvu", PAID, PAID, OF_OTHERS)]
    kinds.append(column(CODES.format("rvu WHERE modifier = '26'")))
    # Beside the real releases no other schedule is loaded.
    kinds = [codes for codes in kinds if codes]
    days = column("SELECT effective_from FROM release WHERE schedule = 'pfs' ORDER BY 1")
    zips, places = (
        column(ZIP_CODES),
        column(CODES.format("place_of_service").replace("hcpcs_code", "place_of_service")),
    )
    localities = con.execute(
        "SELECT DISTINCT mac, locality_number FROM locality ORDER BY ALL"
    ).fetchall()
    lines = []
    for number in range(count):
        mac, locality = chance.choice(localities)
        is_named = chance.random() < 0.5
        modifiers = [*chance.choice(MODIFIERS).split("-"), "", "", ""][:4]
        lines.append(ORDINARY | {
            "claim_id": str(number), "claim_line_number": 1, "patient_id": "", "provider_id": "",
            "hcpcs_code": chance.choice(chance.choice(kinds)),
            "date_of_service": chance.choice(days) + timedelta(days=chance.choice([0, 3, 30, 60, 200])),
            "units": chance.choice([1, 1, 1, 1, 1, 1, 2, 5, 0]),
            "place_of_service": chance.choice(["11", "11", "22", chance.choice(places)]),
            "service_zip_code": "" if is_named else chance.choice(zips),
            "service_mac": mac if is_named else "", "service_locality_number": locality if is_named else "",
            **{f"modifier_{n}": text for n, text in enumerate(modifiers, 1)},
        })  # fmt: skip
    return lines


def said(con: duckdb.DuckDBPyConnection, line: dict) -> tuple[Decimal | None, str]:
    """The amount and the reason that the macro gives for a line: one row, always."""
    modifiers = "-".join(line[f"modifier_{n}"] for n in (1, 2, 3, 4)).rstrip("-")
    asked = {
        "code": line["hcpcs_code"], "day": line["date_of_service"], "modifiers": modifiers, "units": line["units"],
        "pos": line["place_of_service"], "zip": line["service_zip_code"], "mac": line["service_mac"],
        "locality": line["service_locality_number"],
    }  # fmt: skip
    [answer] = con.execute(MACRO, asked).fetchall()
    return answer


def compare(warehouse: Path, count: int, seed: int) -> Counter[str]:
    """Raise where the macro says something else; how many lines have an amount, a reason, or are left to the command."""
    database = warehouse / "fee_schedule.duckdb"
    with duckdb.connect(str(database), read_only=True) as con:
        lines = drawn(con, count, seed)
        answers = [said(con, line) for line in lines]
    found: Counter[str] = Counter()
    for line, answer, ours in zip(lines, answers, priced(database, lines), strict=True):
        if answer[1] != "ask_fees_price":
            assert answer == (ours["allowed_amount"], ours["reason"]), line
        found[answer[1] or "priced"] += 1
    return found


def test_price_line_says_what_fees_price_says_or_that_it_does_not_know(sample_warehouse):
    found = compare(sample_warehouse, 40, 1)
    assert found["priced"] >= 3
    assert 0 < found["ask_fees_price"] < 25


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize("count", [150, pytest.param(1_000, marks=pytest.mark.long)])
def test_price_line_says_what_fees_price_says_of_real_releases(real_warehouse, count):
    found = compare(real_warehouse, count, 2)
    assert found["priced"] > count / 15
    assert len(found) > 10


def test_price_line_says_why_in_words(sample_warehouse):
    with duckdb.connect(str(sample_warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        query = "SELECT allowed_amount, reason, why FROM price_line('{}', '2025-10-02', {})"
        place = "at_mac := '01112', at_locality := '05'"
        assert con.execute(query.format("99291", f"at_pos := '21', {place}")).fetchall() == [
            (Decimal("229.88"), "", "")
        ]
        [(amount, reason, why)] = con.execute(
            query.format("20610", f"of_modifiers := '22', {place}")
        ).fetchall()
        assert (amount, reason) == (None, "ask_fees_price")
        assert "fees price has the amount" in why


@pytest.mark.parametrize(
    ("said_of_it", "amount", "reason"),
    [
        ("at_zip := '94110', of_units := 1.5", None, "units_out_of_range"),
        ("at_zip := '94110', of_units := NULL", None, "units_out_of_range"),
        ("at_zip := '94110-1234', of_units := 2.0", Decimal("218.30"), ""),
        ("at_zip := '9411-0'", None, "zip_unknown"),
        ("at_zip := NULL", None, "locality_missing"),
        ("at_zip := '00001', at_mac := NULL, at_locality := NULL", None, "zip_unknown"),
        ("at_mac := '01112', at_locality := NULL", None, "locality_missing"),
    ],
)
def test_what_is_not_said_is_none_and_a_part_of_a_unit_is_refused(con, said_of_it, amount, reason):
    query = f"SELECT allowed_amount, reason FROM price_line('99213', '2025-11-20', {said_of_it})"
    assert con.execute(query).fetchall() == [(amount, reason)]


@pytest.mark.parametrize(
    "modifiers", ["26-59", "59-26", "26-XE", "26", "26\n59", "26\N{NO-BREAK SPACE}\v59"]
)
def test_a_distinct_service_alone_has_its_amount(con, modifiers):
    query = "SELECT allowed_amount, reason FROM price_line('71045', '2025-11-20', of_modifiers := ?, at_zip := '94110')"
    assert con.execute(query, [modifiers]).fetchall() == [(Decimal("9.69"), "")]


def test_two_units_that_may_be_the_two_sides_are_left_to_the_command(con):
    # Bilateral indicator 2: fees price pays both sides once.
    query = (
        "SELECT reason FROM price_line('77067', '2025-11-20', at_zip := '94110', of_units := {})"
    )
    found = [con.execute(query.format(units)).fetchall() for units in (1, 2)]
    assert found == [[("",)], [("ask_fees_price",)]]


PASTED = [
    ("fee_for('{}', of_modifier := '{}', on_day := '2025-11-20', at_zip := '{}')", ("99213", "", "94110")),
    ("fee_for('{}', on_day := '{}', at_mac := '{}', at_locality := '{}')", ("99213", "2025-11-20", "01112", "05")),
    ("fee_for('{}', at_state := '{}')", ("E0601", "CA")),
    ("place_of('{}')", ("94110",)),
    ("price_line('{}', '2025-11-20', of_modifiers := '{}', at_pos := '{}', at_zip := '{}')", ("99213", "25", "11", "94110")),
    ("price_line('{}', '2025-11-20', at_mac := '{}', at_locality := '{}')", ("99213", "01112", "05")),
    ("code_category_on('{}', '{}')", ("85025", "2025-05-01")),
    ("ncci_edits(['{}'], date '2026-05-01', '{}')", ("0001U", "practitioner")),
    ("critical_care_units(80, '{}', '{}')", ("medicare", "2025-11-01")),
]  # fmt: skip


@pytest.mark.parametrize(("call", "words"), PASTED)
def test_blanks_of_any_kind_around_a_pasted_argument_change_nothing(
    sample_warehouse: Path, call: str, words: tuple[str, ...]
) -> None:
    with duckdb.connect(str(sample_warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        expected = con.execute(f"FROM {call.format(*words)}").fetchall()
        assert expected
        for before, after in (("\n", "\t"), (" \r\n", "\r\n")):
            pasted = call.format(*(f"{before}{word}{after}" for word in words))
            assert con.execute(f"FROM {pasted}").fetchall() == expected
        # A day with a no-break space is an error of DuckDB, which says so.
        if not any("-" in word for word in words):
            pasted = call.format(*(f"\N{NO-BREAK SPACE}{word}" for word in words))
            assert con.execute(f"FROM {pasted}").fetchall() == expected
