"""What a code's page says of a change adds up, and a code that is new has no change of amounts."""

import re
from decimal import Decimal

import duckdb
import pytest

CHANGED = """
    SELECT hcpcs_code FROM code_history
    WHERE release_id = 'RVU25A' AND modifier = '' AND nonfacility_payment_change <> 0
      AND nonfacility_payment_change
        <> round(nonfacility_due_to_rvu, 2) + round(nonfacility_due_to_conversion_factor, 2)
    ORDER BY hcpcs_code LIMIT 3
"""
NEW = """
    SELECT hcpcs_code FROM code_history
    WHERE release_id = 'RVU25B' AND change_from_previous = 'added' AND nonfacility_payment IS NULL
    ORDER BY hcpcs_code LIMIT 1
"""


def amounts(text: str) -> list[Decimal]:
    """The amounts of a sentence, +$1.36 and −$0.33, in their order."""
    found = re.findall(r"([+−]?)\$([0-9,]+\.[0-9]{2})", text)
    return [Decimal(sign.replace("−", "-") + amount.replace(",", "")) for sign, amount in found]


@pytest.mark.real
@pytest.mark.slow
def test_the_parts_of_a_change_add_up_and_a_new_code_has_none(real_reader, real_warehouse):
    with duckdb.connect(str(real_warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        changed, new = ([code for (code,) in con.sql(x).fetchall()] for x in (CHANGED, NEW))
    assert changed and new
    for code in changed:
        page = real_reader.open(f"code.html#{code}@RVU25D")
        for text in page.locator("li[data-cause]").all_inner_texts():
            change, *parts = amounts(text)
            assert change == sum(parts), text
    for code in new:
        page = real_reader.open(f"code.html#{code}@RVU25D")
        assert page.locator("li[data-cause]").count() == 0
