"""Pandera models, made from the definitions of the tables.

Importing Pandera takes a third of a second, so only what validates imports this module.
"""

import sys
from functools import cache

import pandera.polars as pa
import polars as pl
from pandera.backends.polars.register import register_polars_backends

from schemas.definitions import Column, Schedule, Table
from schemas.polars_types import polars_type


def _register_backend() -> None:
    """Make Pandera ready for Polars.

    Where Hypothesis is installed Pandera imports it here, for strategies that nobody uses in a
    refresh; that takes longer than validating a release, so it is hidden meanwhile.
    """
    is_hidden = "hypothesis" not in sys.modules
    if is_hidden:
        sys.modules["hypothesis"] = None  # type: ignore[assignment]
    try:
        register_polars_backends()
    finally:
        if is_hidden:
            del sys.modules["hypothesis"]


_register_backend()


def model_of(schedule: Schedule, table_name: str) -> pa.DataFrameSchema:
    """The Pandera model of a table: types, domains, bounds, patterns and the key."""
    return _model(schedule.tables[table_name])


@cache
def _model(table: Table) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {column.name: _column(column) for column in table.columns},
        checks=ROW_ARITHMETIC.get(table.name, []),
        unique=list(table.key),
        strict=True,
        ordered=True,
        name=table.name,
    )


def _column(column: Column) -> pa.Column:
    checks = []
    if column.domain:
        checks.append(pa.Check.isin(list(column.domain), name="domain"))
    if column.pattern:
        checks.append(pa.Check.str_matches(f"^(?:{column.pattern})$", name="pattern"))
    if column.minimum is not None:
        checks.append(pa.Check(_at_least(column), name="minimum", error=f">= {column.minimum}"))
    if column.maximum is not None:
        checks.append(pa.Check(_at_most(column), name="maximum", error=f"<= {column.maximum}"))
    return pa.Column(polars_type(column), checks=checks, nullable=column.nullable)


def _at_least(column: Column):
    return lambda data: data.lazyframe.select(pl.col(data.key) >= column.minimum)


def _at_most(column: Column):
    return lambda data: data.lazyframe.select(pl.col(data.key) <= column.maximum)


def _total_is_sum(total: str, practice_expense: str) -> pa.Check:
    def holds(data: pa.PolarsData) -> pl.LazyFrame:
        parts = pl.col("work_rvu") + pl.col(practice_expense) + pl.col("mp_rvu")
        return data.lazyframe.select(parts == pl.col(total))

    return pa.Check(holds, name=f"{total} = work_rvu + {practice_expense} + mp_rvu")


# What one row of a file must satisfy by itself (pfs-rules 2, invariants 1 and 5).
ROW_ARITHMETIC = {
    "stage.pprrvu": [
        _total_is_sum("nonfacility_total_rvu", "nonfacility_pe_rvu"),
        _total_is_sum("facility_total_rvu", "facility_pe_rvu"),
    ]
}
