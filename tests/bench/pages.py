"""How long the profiles of a release and the pages of a warehouse take."""

import shutil
import statistics
import sys
import time
from pathlib import Path

from pipeline.schedules.pfs import tables
from pipeline.store import database
from tests.bench.measure import Measured, measure

RUNS = 5

# What the profiles of one release are computed from.
MADE_FROM = ("rvu", "locality", "payment_national", "work_rvu_rank")


def bench_pages(warehouse: Path) -> None:
    """Measure all profiles of the release on two threads, and the whole site."""
    taken = []
    with database.connect(2) as con:
        con.execute(f"ATTACH '{warehouse / 'fee_schedule.duckdb'}' AS published (READ_ONLY)")
        for name in MADE_FROM:
            con.execute(f"CREATE TABLE {name} AS FROM published.main.{name}")
        for _ in range(RUNS):
            began = time.perf_counter()
            con.execute(f"CREATE OR REPLACE TABLE code_profile AS {tables.code_profile_query()}")
            taken.append(time.perf_counter() - began)
        codes = database.value_of(con, "SELECT count(*) FROM code_profile")
    print(f"all {codes:,} profiles of RVU25D: {statistics.median(taken):.2f} s")
    folder = warehouse.parent / "site"
    for words in ("for the first time", "again, with nothing new"):
        site = write_site(warehouse, folder)
        print(f"fees site of RVU25D {words}: {site.wall:.1f} s ({site.cpu:.1f} s of work)")
    print(f"fees site of RVU25D: {weight_of(folder)}")
    shutil.rmtree(folder)


def write_site(warehouse: Path, folder: Path) -> Measured:
    """Measure writing the pages of a warehouse into a folder."""
    pfs = Path(sys.executable).with_name("pfs")
    return measure([str(pfs), "site", "--warehouse", str(warehouse), "--out", str(folder)])


def weight_of(folder: Path) -> str:
    """How many files a site has and what they weigh, the most that one file of codes does, too."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    codes = max(path.stat().st_size for path in (folder / "data" / "codes").iterdir())
    return (
        f"{len(sizes):,} files, {sum(sizes) / 1e6:.0f} MB; "
        f"the largest file of codes has {codes / 1e3:.0f} KB"
    )
