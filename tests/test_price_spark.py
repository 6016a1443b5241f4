"""Spark prices as DuckDB does: no differing cent, no differing reason, no differing step."""

import os
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import NotThereError
from pipeline.price import duckdb_engine
from tests.helpers import price_lines
from tests.helpers.price_edits import with_edits

pytestmark = pytest.mark.spark

# For a longer look: SPARK_LINES=20000 make spark
LINES = int(os.environ.get("SPARK_LINES", "5000"))


def test_spark_prices_random_lines_as_duckdb_does(spark, sample_warehouse: Path, tmp_path: Path):
    from pipeline.price.spark_engine import price

    database = with_edits(sample_warehouse, tmp_path)
    given = tmp_path / "lines.parquet"
    with duckdb.connect(str(database), read_only=True) as con:
        lines = price_lines.drawn_lines(con, LINES, seed=21)
    price_lines.frame(lines).write_parquet(given)

    exports = tmp_path / "exports"
    # Nothing of a schedule that is not loaded: its folder may be missing.
    (exports / "dme_fee").unlink()
    with duckdb.connect(str(database)) as con:
        con.execute("DELETE FROM dme_fee")
    # An address, as that of a folder in object storage is one.
    frame = price(spark, exports.as_uri(), spark.read.parquet(str(given)), with_trace=True)
    frame.write.parquet(str(tmp_path / "spark"))

    with duckdb_engine.pricer(database) as con:
        duckdb_engine.read_lines(con, given)
        duckdb_engine.write(
            con, duckdb_engine.price(con, with_trace=True), tmp_path / "duckdb.parquet"
        )
        con.execute(f"CREATE TABLE ours AS FROM '{tmp_path}/duckdb.parquet'")
        con.execute(f"CREATE TABLE theirs AS FROM '{tmp_path}/spark/*.parquet'")
        columns = "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = "
        assert con.sql(f"{columns} 'ours'").fetchall() == con.sql(f"{columns} 'theirs'").fetchall()
        assert con.sql("SELECT count(*) FROM theirs").fetchall() == [(LINES,)]
        assert con.sql("FROM ours EXCEPT ALL FROM theirs").fetchall() == []
        # The comparison is worth something: there are amounts, reasons and same-day rules.
        met = "SELECT count(allowed_amount) > 500, count(DISTINCT reason) > 20, count(DISTINCT same_day_rule) > 6 FROM ours"
        assert con.sql(met).fetchall() == [(True, True, True)]


def test_a_folder_that_is_no_export_is_refused(spark, tmp_path: Path):
    from pipeline.price.spark_engine import price

    with pytest.raises(NotThereError, match="is no export of a build"):
        price(spark, tmp_path, spark.range(1), with_trace=False)
