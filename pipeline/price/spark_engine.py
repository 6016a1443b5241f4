"""Pricing on Apache Spark: more lines than one machine holds, by the same SQL, translated.

Needs the packages of the group ``spark`` in pyproject.toml and Java 17. The tables
come from the exports of a build, so no DuckDB file has to be where the cluster is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlglot

from pipeline.errors import NotThereError
from pipeline.price.cell import INSTANT
from pipeline.price.layout import incoming_query
from pipeline.price.plan import OPTIONAL, READS, USUAL, Terms, priced_line, steps
from schemas.definitions import Column, catalog

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Spark's names of the types that claim lines have; decimals are called alike.
TYPES = {
    "string": "VARCHAR",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "timestamp": INSTANT,
    "timestamp_ntz": "TIMESTAMP",
}


@cache
def translated(query: str) -> str:
    """A SELECT of the portable subset in Spark's SQL."""
    return sqlglot.transpile(query, read="duckdb", write="spark")[0]


def price(
    spark: SparkSession,
    exports: Path,
    lines: DataFrame,
    with_trace: bool,
    terms: Terms = USUAL,
    without: Collection[str] = (),
) -> DataFrame:
    """Price claim lines with the tables of an export folder (``exports/current``).

    The result has the columns that DuckDB gives. ``without`` names edits that are not asked. Raises
    UsageError where a column is missing and NotThereError where the folder lacks a table.
    """
    for name in READS:
        _read_table(spark, exports, name).createOrReplaceTempView(name)
    _set_lines(spark, lines)
    for step in steps(with_trace, terms, without):
        frame = spark.sql(translated(step.query))
        # What several later steps read is computed once, and its history is cut off: the plans
        # would grow with every step.
        (frame.localCheckpoint() if step.is_table else frame).createOrReplaceTempView(step.name)
        for table in step.frees:
            spark.catalog.dropTempView(table)
    return spark.sql(translated(priced_line(with_trace, terms=terms)))


def _read_table(spark: SparkSession, exports: Path, table: str) -> DataFrame:
    """A table of an export; one of a schedule that may not be loaded is empty where it is missing."""
    found = sorted(str(path) for path in (exports / table).glob("*.parquet"))
    if found:
        return spark.read.parquet(*found)
    if table in OPTIONAL:
        columns = catalog().tables[table].columns
        return spark.createDataFrame([], ", ".join(f"{x.name} {_spark_type(x)}" for x in columns))
    raise NotThereError(f"{exports} has no Parquet file in {table}; it is no export of a build.")


def _spark_type(column: Column) -> str:
    return {"VARCHAR": "string", "INTEGER": "int"}.get(column.type, column.type)


def _set_lines(spark: SparkSession, lines: DataFrame) -> None:
    from pyspark.sql.functions import monotonically_increasing_id, to_utc_timestamp

    zone = str(spark.conf.get("spark.sql.session.timeZone"))
    found = {field.name: _type(field.dataType.simpleString()) for field in lines.schema.fields}
    for name in (name for name, kind in found.items() if kind == INSTANT):
        # What a clock in UTC shows at that instant, wherever the session is.
        shown = to_utc_timestamp(lines[f"`{name}`"], zone).cast("timestamp_ntz")
        lines = lines.withColumn(name, shown)
    # Kept, because the numbers of lines must not change between two readings.
    numbered = lines.withColumn("line_id", monotonically_increasing_id()).localCheckpoint()
    numbered.createOrReplaceTempView("written_line")
    query = incoming_query(found, "written_line", "line_id")
    spark.sql(translated(query)).createOrReplaceTempView("incoming_line")


def _type(spark_type: str) -> str:
    return TYPES.get(spark_type, re.sub(r"\s", "", spark_type).upper())
