"""Pricing on Apache Spark: more lines than one machine holds, by the same SQL, translated.

Needs the packages of the group ``spark`` in pyproject.toml and Java 17, on the driver alone. The
tables come from the exports of a build, so no DuckDB file has to be where the cluster is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlglot

from pipeline.errors import NotThereError, require_kind
from pipeline.price.cell import INSTANT
from pipeline.price.layout import incoming_query
from pipeline.price.plan import OPTIONAL, READS, USUAL, Terms, priced_line, require_said, steps
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

# What Spark calls a folder that is missing, and one in which there is no file.
NO_TABLE = ("PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA")


@cache
def translated(query: str) -> str:
    """A SELECT of the portable subset in Spark's SQL."""
    return sqlglot.transpile(query, read="duckdb", write="spark")[0]


def price(
    spark: SparkSession,
    exports: Path | str,
    lines: DataFrame,
    with_trace: bool,
    terms: Terms = USUAL,
    without: Collection[str] = (),
) -> DataFrame:
    """Price claim lines with the tables of an export folder (``exports/current``), given as a path or
    as an address that Spark reads (``s3a://bucket/exports``, ``abfss://...``, ``hdfs://...``).

    The result has the columns that DuckDB gives, in no order. ``without`` names edits that are not
    asked. What several steps read is kept in ``spark.checkpoint.dir`` where that is set, which
    outlives the loss of an executor, else on the executors. Raises UsageError where an argument is of
    another kind or a column is missing, and NotThereError where the folder lacks a table.
    """
    from pyspark.sql import DataFrame

    require_kind("exports", exports, (str, Path), "the folder or address of an export")
    require_kind("lines", lines, DataFrame, "a frame of Spark")
    require_said(with_trace, terms, without)
    for name in READS:
        _read_table(spark, exports, name).createOrReplaceTempView(name)
    _set_lines(spark, lines)
    for step in steps(with_trace, terms, without):
        frame = spark.sql(translated(step.query))
        (_kept(spark, frame) if step.is_table else frame).createOrReplaceTempView(step.name)
        for table in step.frees:
            spark.catalog.dropTempView(table)
    return spark.sql(translated(priced_line(with_trace, terms=terms)))


def _kept(spark: SparkSession, frame: DataFrame) -> DataFrame:
    """A frame that is computed once, and whose history is cut off: plans would grow with every step."""
    return (
        frame.checkpoint()
        if spark.conf.get("spark.checkpoint.dir", "")
        else frame.localCheckpoint()
    )


def _read_table(spark: SparkSession, exports: Path | str, table: str) -> DataFrame:
    """A table of an export; one of a schedule that may not be loaded is empty where it is missing."""
    from pyspark.errors import AnalysisException

    try:
        return spark.read.parquet(f"{exports}/{table}")
    except AnalysisException as error:
        if error.getCondition() not in NO_TABLE:
            raise
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
    numbered = lines.withColumn("line_id", monotonically_increasing_id())
    _kept(spark, numbered).createOrReplaceTempView("written_line")
    query = incoming_query(found, "written_line", "line_id")
    spark.sql(translated(query)).createOrReplaceTempView("incoming_line")


def _type(spark_type: str) -> str:
    return TYPES.get(spark_type, re.sub(r"\s", "", spark_type).upper())
