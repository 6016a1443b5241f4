"""Price the same lines on Apache Spark and on DuckDB, and hold the results against each other: ``make bench-spark``.

Spark runs on this machine (``local[*]``), as examples/price_on_spark.py is called on a cluster.
"""

import os
import sys
import tempfile
from pathlib import Path

import duckdb

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.bench.claims import write_claims
from tests.bench.measure import PROJECT, RELEASE, measure
from tests.bench.place import FEES
from tests.bench.price import put_in

LINES = 10_000_000
MEMORY = "8g"


def bench_spark(folder: Path, count: int = LINES) -> int:
    """Print what each engine took; returns the number of lines that differ."""
    raw, warehouse = folder / "raw", folder / "warehouse"
    put_in(raw)
    refresh(Options(raw=raw, warehouse=warehouse), Report(quiet=True))
    lines, ours, theirs = folder / "lines.parquet", folder / "ours.parquet", folder / "theirs"
    write_claims(warehouse / "fee_schedule.duckdb", count, lines)
    cores = len(os.sched_getaffinity(0))
    commands = {
        "DuckDB": [str(FEES), "price", str(lines), "--out", str(ours), "--warehouse", str(warehouse), "--only-results"],
        "Spark": [
            "env", f"PATH={FEES.parent}:{os.environ['PATH']}", "spark-submit", "--master", "local[*]", "--driver-memory", MEMORY,
            "--conf", f"spark.local.dir={folder / 'scratch'}", "--conf", f"spark.sql.shuffle.partitions={4 * cores}",
            str(PROJECT / "examples" / "price_on_spark.py"), str(warehouse / "exports" / "current"), str(lines), str(theirs),
        ],
    }  # fmt: skip
    for name, command in commands.items():
        one = measure(command)
        print(
            f"{name}: {count:,} lines in {one.wall:.1f} s, cpu {one.cpu:.1f} s, "
            f"{count / one.wall / 1e6:.2f} million lines/s on {cores} cores",
            flush=True,
        )
    different = _different(ours, theirs / "*.parquet")
    print(f"lines that differ: {different:,}")
    return different


def _different(ours: Path, theirs: Path) -> int:
    """The lines of either that the other does not have, each as often as it is there."""
    one, other = (f"SELECT * FROM '{x}'" for x in (ours, theirs))
    with duckdb.connect() as con:
        query = f"SELECT count(*) FROM (({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one}))"
        return int(con.sql(query).fetchall()[0][0])


if __name__ == "__main__":
    if not RELEASE.is_dir():
        sys.exit(f"error: the bench needs CMS's files of RVU25D in {RELEASE}")
    with tempfile.TemporaryDirectory() as given:
        sys.exit(bench_spark(Path(given), *map(int, sys.argv[1:2])) > 0)
