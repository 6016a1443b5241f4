"""The factor by which weights become rates: derived from the rows of a release, whatever is known of it."""

from decimal import Decimal

import pytest

from pipeline.release.factor import schedule_factor_query
from pipeline.store import database

FACTOR = Decimal("89.169")


def derived(rows: list[tuple[str, str]], year: int = 2025) -> list[tuple]:
    """The factor of a release of that year with those weights and rates, its counts, the curated one."""
    con = database.connect(1)
    con.execute(
        f"CREATE TABLE this_release AS SELECT 'OPPS25Q1' AS release_id, DATE '{year}-01-01' AS effective_from"
    )
    con.execute("CREATE TABLE rows (weight DECIMAL(10,4), rate DECIMAL(12,3))")
    for row in rows:
        con.execute("INSERT INTO rows VALUES (?, ?)", row)
    query = schedule_factor_query("opps", "opps", "FROM rows")
    names = "derived_factor, weight_count, matched_weight_count, curated_factor"
    return con.sql(f"SELECT {names} FROM ({query})").fetchall()


def priced(*weights: str) -> list[tuple[str, str]]:
    """Weights with the rates that the factor of 2025 gives them."""
    cent = Decimal("0.01")
    return [(one, str((Decimal(one) * FACTOR).quantize(cent, "ROUND_HALF_UP"))) for one in weights]


HEAVY = ("513.0001", "116.7583", "45.1234", "12.5", "3.5188", "0.2501")


def test_every_weight_confirms_the_factor() -> None:
    assert derived(priced(*HEAVY)) == [(FACTOR, 6, 6, FACTOR)]


def test_a_rate_that_contradicts_it_is_counted_and_decides_nothing() -> None:
    rows = [*priced(*HEAVY), ("600.0000", "53501.41"), ("0.5000", "44.58")]
    # The heaviest is a cent too high; 0.5 x 89.169 is 44.5845, so 44.58 is right.
    assert derived(rows) == [(FACTOR, 8, 7, FACTOR)]


def test_another_year_has_another_factor_and_perhaps_no_curated_one() -> None:
    rows = [(weight, str(Decimal(weight) * 90)) for weight in ("500", "20.5", "1.25")]
    assert derived(rows, 2031) == [(Decimal(90), 3, 3, None)]


@pytest.mark.parametrize(
    "rows", [[], [("0", "5")], [("0.0001", "99999999.99")]], ids=["none", "no weight", "absurd"]
)
def test_where_nothing_has_a_weight_there_is_no_factor(rows) -> None:
    assert derived(rows) == []


def test_two_factors_that_give_as_many_rates_are_told_apart_by_their_size() -> None:
    rows = [("100.0000", "8916.90"), ("100.0000", "9000.00")]
    assert {tuple(derived(order)) for order in (rows, rows[::-1]) for _ in range(5)} == {
        ((FACTOR, 2, 1, FACTOR),)
    }


def test_exchanged_columns_give_no_factor_that_holds() -> None:
    [(_, count, matched, _)] = derived([(rate, weight) for weight, rate in priced(*HEAVY)])
    assert (count, matched) != (6, 6)
