"""Print how long a refresh takes and how much memory, beside scripts that check nothing.

Every command runs as a process of its own, in turn with the one that it is compared with, so
that a ratio holds although the speed of a machine drifts. Medians are printed.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from tests.bench.budget import bench_budget
from tests.bench.measure import PROJECT, RELEASE, Measured, measure, median, ratio
from tests.bench.pages import bench_pages
from tests.bench.price import bench_price

HERE = Path(__file__).parent
RUNS = 7


def in_turn(ours: list[str], others: dict[str, list[str]], before) -> dict[str, list[Measured]]:
    """Measure our command and each other one in turn; ``before`` runs before each of ours."""
    found: dict[str, list[Measured]] = {name: [] for name in ("ours", *others)}
    for run in range(RUNS + 1):
        before()
        measured = {"ours": measure(ours)}
        measured |= {name: measure(command) for name, command in others.items()}
        if run:
            # The first turn only warms the caches.
            for name, one in measured.items():
                found[name].append(one)
    return found


def bench_refresh(folder: Path) -> Path:
    """Measure a refresh of one real release from nothing, and one with nothing new."""
    raw, warehouse = folder / "raw", folder / "warehouse"
    raw.mkdir()
    (raw / "rvu25d").symlink_to(RELEASE)
    pprrvu, gpci = RELEASE / "PPRRVU2025_Oct.csv", RELEASE / "GPCI2025.csv"
    target = str(folder / "naive.parquet")
    places = (f"VENV={sys.prefix}", f"RAW={raw}", f"WAREHOUSE={warehouse}")
    refresh = ["make", "-s", "-C", str(PROJECT), "refresh", *places]
    others = {
        name: [sys.executable, str(HERE / f"{name}.py"), str(pprrvu), str(gpci), target]
        for name in ("naive_full", "naive_short")
    }
    found = in_turn(refresh, others, lambda: shutil.rmtree(warehouse, ignore_errors=True))
    print(f"make refresh of RVU25D from nothing, {RUNS} runs in turn, medians")
    for name, measured in found.items():
        wall, cpu = median(measured, "wall"), median(measured, "cpu")
        print(
            f"  {name:<12} {wall:5.2f} s  cpu {cpu:5.2f} s  peak {median(measured, 'peak'):4.0f} MB"
        )
    for name in others:
        wall = ratio(found["ours"], found[name], "wall")
        print(
            f"  ours / {name:<12} {wall:.2f} (cpu {ratio(found['ours'], found[name], 'cpu'):.2f})"
        )
    idle = [measure(refresh) for _ in range(RUNS)]
    print(f"make refresh with nothing new: {median(idle, 'wall'):.2f} s")
    return warehouse


def bench_queries(warehouse: Path) -> None:
    """Measure the two questions that analysts ask most of the view payment_locality."""
    queries = {
        "one code in all localities": "hcpcs_code = '99291' AND modifier = ''",
        "all codes in one locality": "mac = '01112' AND locality_number = '05'",
    }
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        for name, condition in queries.items():
            query = f"SELECT * FROM payment_locality_current WHERE {condition}"
            taken = []
            for _ in range(RUNS):
                began = time.perf_counter()
                con.execute(query).fetchall()
                taken.append(time.perf_counter() - began)
            print(f"{name}: {1000 * statistics.median(taken):.0f} ms, rows fetched into Python")


def main() -> None:
    """Run all measurements, or say why that is impossible."""
    if not RELEASE.is_dir():
        sys.exit(f"error: the bench needs CMS's files of RVU25D in {RELEASE}")
    with tempfile.TemporaryDirectory() as folder:
        warehouse = bench_refresh(Path(folder))
        bench_queries(warehouse)
        bench_pages(warehouse)
        bench_budget(Path(folder) / "budget")
        bench_price(Path(folder))


if __name__ == "__main__":
    main()
