"""What lines of other schedules are paid is what ``fee_for`` says, which is other SQL over the same tables."""

import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from tests.helpers.own_lines import ITEMS, MILES, ZIPS
from tests.helpers.price_lines import ORDINARY, priced

FEES = """
    SELECT amount, reason, amount_unit, release_id, mac, locality_number
    FROM fee_for($code, of_modifier := $modifier, on_day := $day, at_zip := $zip)
    WHERE schedule IN ('clfs', 'asp', 'dmepos', 'ambulance') AND modifier2 = $modifier2 AND modifier3 = $modifier3
    ORDER BY amount IS NOT NULL
"""
FIRST_MILES = """
    SELECT rural_first_miles_amount FROM ambulance_fee
    WHERE release_id = ? AND hcpcs_code = ? AND mac = ? AND locality_number = ?
"""


def drawn(con, count: int, seed: int) -> list[dict]:
    """Random lines, each with all modifiers of an item, at a place and on a day of its release."""
    chance = random.Random(seed)
    items = sorted(con.execute(ITEMS).fetchall())
    zips = [row[0] for row in con.execute(ZIPS).fetchall()]
    lines = []
    for number, (code, *modifiers, day) in enumerate(chance.choices(items, k=count)):
        named = {f"modifier_{n}": text for n, text in enumerate((*modifiers, ""), 1)}
        place = {"service_zip_code": chance.choice(zips), "place_of_service": "12"}
        said = {
            "claim_id": str(number),
            "claim_line_number": 1,
            "hcpcs_code": code,
            "patient_id": "",
        }
        counted = (
            [1, 2, 17, 20, 400] if code not in MILES else [1, 17, Decimal("20.4"), Decimal("0.3")]
        )
        units = {"units": chance.choice(counted), "date_of_service": day}
        lines.append(ORDINARY | named | place | said | units)
    return lines


def expected(con, line: dict) -> Decimal | str:
    """The amount by the fee that ``fee_for`` gives, or the reason why there is none."""
    asked = {
        "code": line["hcpcs_code"],
        "day": line["date_of_service"],
        "zip": line["service_zip_code"],
    }
    asked |= {
        "modifier": line["modifier_1"],
        "modifier2": line["modifier_2"],
        "modifier3": line["modifier_3"],
    }
    fee, reason, unit, *place = con.execute(FEES, asked).fetchall()[0]
    if fee is None:
        return {"contractor_priced": "carrier_priced"}.get(reason, reason)
    units, total = line["units"], fee * line["units"]
    if "from the 18th" in unit:
        key = [place[0], line["hcpcs_code"], *place[1:]]
        first = con.execute(FIRST_MILES, key).fetchall()[0][0]
        total = first * min(units, 17) + fee * max(units - 17, 0)
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)


def compare(warehouse: Path, count: int, seed: int) -> set[str]:
    """Raise where one of so many lines differs; the schedules that had an amount."""
    database = warehouse / "fee_schedule.duckdb"
    with duckdb.connect(str(database), read_only=True) as con:
        lines = drawn(con, count, seed)
        ours = priced(database, lines)
        for line, answer in zip(lines, ours, strict=True):
            # What the physicians' schedule pays by itself is none of theirs.
            if answer["schedule"] not in ("pfs", ""):
                assert (answer["reason"] or answer["allowed_amount"]) == expected(con, line), line
    return {answer["schedule"] for answer in ours if answer["allowed_amount"] is not None}


@pytest.mark.slow
def test_lines_are_paid_what_fee_for_says(sample_warehouse):
    assert compare(sample_warehouse, 16, 1) >= {"clfs", "asp", "dmepos"}


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.long
def test_lines_are_paid_what_fee_for_says_of_real_releases(real_warehouse):
    assert compare(real_warehouse, 800, 2)
