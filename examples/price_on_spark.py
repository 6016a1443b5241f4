"""Price claim lines on Apache Spark with the exports of a build, wherever both lie.

spark-submit examples/price_on_spark.py EXPORTS LINES OUT

Each is a folder or an address that Spark reads: /data/exports/current, s3a://bucket/lines. LINES is
Parquet in the layout of docs/claims.md, and OUT a folder that is not there yet.
"""

import sys

from pyspark.sql import SparkSession

from pipeline.price.spark_engine import price

exports, lines, out = sys.argv[1:]
spark = SparkSession.builder.appName("fees price").getOrCreate()
price(spark, exports, spark.read.parquet(lines), with_trace=False).write.parquet(out)
spark.stop()
