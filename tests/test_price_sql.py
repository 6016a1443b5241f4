"""The SQL of pricing keeps to what DuckDB and Spark read in the same way.

sqlglot translates some constructs wrongly without a word (ordered lists, list functions, PIVOT,
ASOF joins, //), so only node types and functions that were compared on both engines are allowed.
"""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from pipeline import price
from pipeline.price.own_schedule import plan as own_schedule
from pipeline.price.paid.plan import HERE as PAID
from pipeline.price.paid.plan import Terms
from pipeline.price.plan import RESULT, TRACE, priced_line, steps
from pipeline.schedules.pfs.price import rules
from pipeline.schedules.pfs.price.plan import HERE

ALLOWED_FUNCTIONS = {
    "And", "Case", "Cast", "Coalesce", "ConcatWs", "Count", "Exists", "Greatest", "If", "Least", "Length", "Max",
    "Min", "Not", "Nullif", "Or", "Round", "RowNumber", "Substring", "Sum", "TryCast", "Upper",
}  # fmt: skip

FORBIDDEN = (
    exp.Div, exp.IntDiv, exp.Mod, exp.Pivot, exp.Anonymous, exp.Lambda, exp.Array, exp.Struct, exp.Unnest, exp.Limit,
    exp.Qualify, exp.Lateral, exp.Interval, exp.Bracket,
)  # fmt: skip

DECIMALS = {
    (4, 0), (6, 5), (6, 0), (6, 2), (6, 3), (6, 4), (7, 1), (9, 4), (9, 8), (11, 1), (12, 2), (12, 3), (12, 5), (14, 7), (14, 13), (17, 13),
    # More than eighteen digits: what it multiplies may have more than DuckDB keeps for two smaller ones.
    (19, 13),
}  # fmt: skip
# Where the conditions of a kind of rules stand in SQL.
PLACES = {
    "code_gate": "$code_gates", "hospital_gate": "$hospital_gates", "note": "$notes", "own_note": "$notes", "own_fact": "$supply_sold",
}  # fmt: skip
TYPES = {
    exp.DataType.Type.DECIMAL,
    exp.DataType.Type.INT,
    exp.DataType.Type.BIGINT,
    exp.DataType.Type.TEXT,
    exp.DataType.Type.DATE,
}

# What stands beside a schedule.
BESIDE = Path(price.__file__).parent

QUERIES = {step.name: step.query for step in steps(True)} | {"priced_line": priced_line(True)}
# The deductible of the year is asked for.
YEARLY = Terms(deductible="annual")
QUERIES |= {"yearly": steps(True, YEARLY)[-1].query, "yearly_line": priced_line(True, (), YEARLY)}


@pytest.fixture(scope="module", params=QUERIES)
def tree(request):
    return sqlglot.parse_one(QUERIES[request.param], read="duckdb")


def test_only_functions_that_mean_the_same_on_both_engines(tree):
    used = {type(node).__name__ for node in tree.find_all(exp.Func)}
    assert used <= ALLOWED_FUNCTIONS
    assert not list(tree.find_all(*FORBIDDEN))


def test_joins_are_inner_left_or_cross(tree):
    kinds = {(join.side, join.kind, join.method) for join in tree.find_all(exp.Join)}
    assert kinds <= {("", "", ""), ("LEFT", "", ""), ("", "CROSS", "")}


def test_decimals_are_of_known_digits_and_no_number_is_a_float(tree):
    for cast in tree.find_all(exp.Cast):
        kind = cast.to
        assert kind.this in TYPES, kind.sql()
        if kind.this == exp.DataType.Type.DECIMAL:
            digits = tuple(int(part.name) for part in kind.expressions)
            assert digits in DECIMALS


def test_windows_that_number_have_an_order_down_to_the_line(tree):
    for window in tree.find_all(exp.Window):
        order = window.args.get("order")
        if isinstance(window.this, exp.RowNumber):
            assert order is not None


def test_translation_keeps_every_column_and_every_table(tree):
    sql = tree.sql("spark")
    again = sqlglot.parse_one(sql, read="spark")
    assert tree.named_selects == again.named_selects
    count = lambda one: sorted(table.name for table in one.find_all(exp.Table))  # noqa: E731
    assert count(tree) == count(again)


@pytest.mark.parametrize("row", rules.rules(), ids=lambda row: row["rule"])
def test_the_sql_of_a_rule_is_where_pricing_rule_says(row):
    folders = {"own": own_schedule.HERE, "paid": PAID, "edit": BESIDE}
    folder = folders.get(row["kind"].partition("_")[0], HERE)
    texts = [_without_comments(folder / name) for name in row["sql_file"].split(" ")]
    decided = f"$step_{row['rule']}"
    if row["kind"] == "paid_note":
        assert "$columns" in texts[0]
    elif row["condition"] and not row["kind"].endswith("amount"):
        # The condition itself stands in the row; the file has the place for those of its kind.
        assert texts[0].count(PLACES.get(row["kind"], "$gates")) == 1
    elif row["kind"] in ("gate", "own_gate", "edit_gate"):
        assert all(decided in text for text in texts)
    elif row["trace_column"]:
        assert any(re.search(rf"\b{row['trace_column']}\b", text) for text in texts)


def _without_comments(path) -> str:
    return "\n".join(x for x in path.read_text("utf-8").splitlines() if not x.startswith("--"))


def test_a_trace_begins_with_the_result():
    assert sqlglot.parse_one(priced_line(True), read="duckdb").named_selects == list(RESULT + TRACE)
