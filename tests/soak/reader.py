"""A program that reads a warehouse again and again while it is published anew.

python -m tests.soak.reader database|exports WAREHOUSE STOP

Reads until the file STOP is there; prints one line of JSON with the number of reads and the
builds seen. An AssertionError or any other error ends it with a traceback.
"""

import json
import sys
import time
from pathlib import Path

import duckdb
import polars as pl

from tests.soak.judge import exports_of

ONE_BUILD = """
  SELECT (SELECT build_id FROM build), (SELECT count(*) FROM rvu),
    (SELECT count(*) FROM payment_national WHERE is_default_class),
    (SELECT sum(loaded_count) FROM source_file JOIN release USING (posting_id)
     WHERE file_kind = 'pprrvu' AND is_loaded AND is_current)
"""


def read_database(warehouse: Path) -> str:
    """Two queries over several tables in one connection; both must be of one build."""
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        [first] = con.sql(ONE_BUILD).fetchall()
        time.sleep(0.02)
        [second] = con.sql(ONE_BUILD).fetchall()
    assert first == second, f"one connection shows two builds: {first} and {second}"
    build_id, rows, prices, lines = first
    assert rows == prices == lines > 0, f"the tables are of several builds: {first}"
    return build_id


def read_exports(warehouse: Path) -> str:
    """Resolve ``current`` once, check every file, read one table; all must be of one build."""
    folder = (warehouse / "exports" / "current").resolve(strict=True)
    build_id, _ = exports_of(warehouse)
    table = pl.read_parquet(folder / "build" / "data.parquet")
    assert table["build_id"].to_list() == [folder.name], f"{folder} holds another build"
    return build_id


def main() -> None:
    """Read until told to stop."""
    how, warehouse, stop = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    read = {"database": read_database, "exports": read_exports}[how]
    reads, builds = 0, set()
    while not stop.exists():
        builds.add(read(warehouse))
        reads += 1
    print(json.dumps({"reads": reads, "builds": sorted(builds)}))


if __name__ == "__main__":
    main()
