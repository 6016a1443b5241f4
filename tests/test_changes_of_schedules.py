"""Whatever differs between two releases of a schedule is told, or the schema says why it is not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.schedules.all import SCHEDULES
from pipeline.store import database
from schemas.definitions import Column, Table

pytestmark = pytest.mark.whole

# That of the Physician Fee Schedule follows from two tables: see test_change.py.
CHANGING = {one.name: one for one in SCHEDULES if one.change and one.name != "pfs"}
PAIR = "SELECT 'B' AS release_id, 'A' AS previous_release_id"


def two_values(column: Column) -> tuple[Any, Any]:
    """Two different values that a column may have."""
    if column.domain:
        return column.domain[-1], column.domain[-2]
    kind = column.type.partition("(")[0]
    return {
        "VARCHAR": ("x", "y"),
        "BOOLEAN": (False, True),
        "DATE": (date(2025, 1, 1), date(2025, 4, 1)),
        "DECIMAL": (Decimal(1), Decimal(2)),
    }.get(kind, (1, 2))


def row(table: Table, release_id: str, other: str = "") -> list[Any]:
    values = {x.name: two_values(x)[x.name == other] for x in table.columns}
    return [*(values | {"release_id": release_id}).values()]


@pytest.fixture(scope="module", params=CHANGING)
def told(request) -> dict[str, int]:
    """For every column of a table, how many rows tell of two releases that differ in it alone."""
    schedule = CHANGING[request.param]
    tables = [schedule.declared.tables[name] for name in schedule.change.compared]
    main, change = tables[0], schedule.declared.tables[schedule.change.table]
    marks = ", ".join("?" * len(main.columns))
    found = {}
    with database.connect(1) as con:
        for table in tables:
            database.create(con, table)
        for name in main.column_names:
            con.execute(f"DELETE FROM {main.name}")
            for values in (row(main, "A"), row(main, "B", name)):
                con.execute(f"INSERT INTO {main.name} VALUES ({marks})", values)
            query = f"SELECT count(*) FROM ({schedule.change.query(PAIR)})"
            found[name] = database.value_of(con, query)
    left_out = {name for name, _ in change.leaves_out}
    return {
        name: count
        for name, count in found.items()
        if name not in main.key and name not in left_out
    }


def test_every_column_is_compared_or_left_out_with_its_reason(told):
    assert [name for name, count in told.items() if count != 1] == []
