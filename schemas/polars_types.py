"""The Polars type of a column."""

import polars as pl

from schemas.definitions import Column

INTEGERS = {"SMALLINT": pl.Int16, "INTEGER": pl.Int32, "BIGINT": pl.Int64}


def polars_type(column: Column) -> pl.DataType:
    """The Polars type of a column."""
    if column.is_decimal:
        return pl.Decimal(*column.decimal_places)
    if column.type in INTEGERS:
        return INTEGERS[column.type]()
    return {"BOOLEAN": pl.Boolean, "DATE": pl.Date, "VARCHAR": pl.String}[column.type]()
