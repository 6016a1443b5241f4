"""Every exported table opens as a data set: its folder, in whatever reads Parquet."""

from functools import reduce
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from pipeline.publish.licensed_text import exported_query
from pipeline.store.database import ordered_select
from schemas.polars_types import polars_type
from tests.helpers.exported import PUBLIC, folder_of, schedule_of

pytestmark = pytest.mark.whole

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DATE": pa.date32(),
}

SPARK_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "SMALLINT": "smallint",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "DATE": "date",
}


def arrow_type(column) -> pa.DataType:
    """The type that a column has in Arrow."""
    return pa.decimal128(*column.decimal_places) if column.is_decimal else ARROW_TYPES[column.type]


@pytest.fixture(scope="module")
def parts(two_releases) -> Path:
    """The exports of a warehouse with two releases, so that most tables have two parts."""
    return folder_of(two_releases) / "exports" / "current"


@pytest.fixture(scope="module")
def plain(parts) -> dict[str, pa.Table]:
    """Each exported table, as PyArrow reads its folder."""
    return {name: ds.dataset(parts / name, format="parquet").to_table() for name in PUBLIC}


def test_pyarrow_reads_the_rows_of_the_table_with_its_types(plain, two_releases):
    for name, table in PUBLIC.items():
        found = plain[name]
        assert [(x.name, x.type) for x in found.schema] == [
            (column.name, arrow_type(column)) for column in table.columns
        ], name
        expected = two_releases.sql(exported_query(table, ordered_select(table))).pl()
        assert pl.DataFrame(found).equals(expected), name
        may_be_empty = ("quarantine", "reconciliation_difference", *NO_FILE)
        assert len(found) > 0 or name in may_be_empty, name


# Made of files that these releases have none of beside them.
NO_FILE = (
    "service_volume",
    "specialty_volume",
    "zip9_locality",
    "anesthesia_base_unit",
    "zip_locality",
    "schedule_factor",
    *(name for name in PUBLIC if schedule_of(name) != "pfs"),
)


def test_pyarrow_reads_the_same_whatever_it_takes_paths_for(parts, plain):
    for name in PUBLIC:
        folder = ds.dataset(parts / name, format="parquet", partitioning="hive")
        assert folder.to_table().equals(plain[name]), name


def test_pandas_reads_the_folder_of_the_table(parts, plain):
    for name, table in PUBLIC.items():
        assert list(pd.read_parquet(parts / name).columns) == table.column_names
        exact = pd.read_parquet(parts / name, dtype_backend="pyarrow")
        again = pa.Table.from_pandas(exact, preserve_index=False).cast(plain[name].schema)
        assert again.equals(plain[name]), name


def test_pandas_reads_several_parts_by_name(parts):
    files = sorted((parts / "rvu").iterdir())
    assert [path.name for path in files] == ["RVU25C.parquet", "RVU25D.parquet"]
    assert list(pd.read_parquet(files)["release_id"].unique()) == ["RVU25C", "RVU25D"]


@pytest.mark.parametrize("hive", [None, True, False])
def test_polars_scans_the_folder_of_the_table(parts, plain, hive):
    for name, table in PUBLIC.items():
        found = pl.scan_parquet(parts / name, hive_partitioning=hive).collect()
        types = {column.name: polars_type(column) for column in table.columns}
        assert found.schema == types, name
        assert found.equals(pl.DataFrame(plain[name])), name


@pytest.mark.parametrize("hive", [True, False])
def test_duckdb_reads_the_folder_of_the_table(parts, reader, plain, hive):
    for name, table in PUBLIC.items():
        found = reader.sql(
            f"from read_parquet('{parts / name}/*.parquet', hive_partitioning = {hive})"
        )
        assert list(zip(found.columns, map(str, found.types), strict=True)) == [
            (column.name, column.type) for column in table.columns
        ], name
        assert found.pl().equals(pl.DataFrame(plain[name])), name


def test_csv_files_of_a_table_are_a_data_set_too(parts, reader):
    rows = reader.sql(f"from read_csv('{parts}/csv/rvu/*.csv', all_varchar = true)").fetchall()
    assert len(rows) == len(pd.read_parquet(parts / "rvu"))


@pytest.mark.spark
def test_spark_reads_every_folder_with_its_types(parts, spark):
    from pyspark.sql import DataFrame

    names = []
    for table in PUBLIC.values():
        found = spark.read.parquet(str(parts / table.name))
        assert [(x.name, x.dataType.simpleString()) for x in found.schema.fields] == [
            (x.name, x.type.lower() if x.is_decimal else SPARK_TYPES[x.type]) for x in table.columns
        ], table.name
        names.append(found.selectExpr(f"'{table.name}' AS name"))
    # All in one job: a job takes longer than to count the rows of a table.
    counted = dict(reduce(DataFrame.unionAll, names).groupBy("name").count().collect())
    rows = {name: ds.dataset(parts / name, format="parquet").count_rows() for name in PUBLIC}
    assert counted == {name: count for name, count in rows.items() if count}
