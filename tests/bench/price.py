"""Pricing of claim lines, measured: beside a bare query of two joins, and beside a Python loop."""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.bench.claims import write_claims
from tests.bench.measure import Measured, measure, median, ratio
from tests.bench.one_claim import bench_one_claim

DATA = Path(__file__).parent.parent.parent.parent / "shared" / "data"
BUNDLES = ("rvu25d", "zip5_2025q4", "anesthesia")

LINES = 10_000_000
SIZES = (10_000_000, 40_000_000)
CORES = (1, 4)
PYTHON_LINES = 20_000
RUNS = 3

TWO_JOINS = """
import duckdb, sys
database, lines, out = sys.argv[1:]
con = duckdb.connect()
con.execute(f"ATTACH '{database}' AS f (READ_ONLY)")
con.execute(f'''COPY (
    SELECT l.claim_id, l.claim_line_number, p.nonfacility_payment, z.mac, z.locality_number
    FROM '{lines}' l
    JOIN f.payment_national p ON p.hcpcs_code = l.hcpcs_code AND p.modifier = l.modifier_1
    JOIN f.zip_locality z ON z.zip_code = l.service_zip_code
) TO '{out}' (FORMAT parquet)''')
"""


def put_in(raw: Path) -> None:
    """Give a new raw folder the files of CMS that claims are priced with."""
    raw.mkdir()
    for name in BUNDLES:
        (raw / name).symlink_to(DATA / name)


def bench_price(folder: Path) -> None:
    """Price a stated mix of lines with the command, in turn with a bare query of two joins."""
    raw, warehouse = folder / "price_raw", folder / "price_warehouse"
    put_in(raw)
    refresh(Options(raw=raw, warehouse=warehouse), Report(quiet=True))
    bench_one_claim(warehouse)
    database, lines = warehouse / "fee_schedule.duckdb", folder / "lines.parquet"
    write_claims(database, LINES, lines)
    commands = {
        "two joins": [sys.executable, "-c", TWO_JOINS, str(database), str(lines), str(folder / "o.parquet")],
        "amounts": _command(warehouse, lines, folder / "prices.parquet"),
        "with trace": [*_command(warehouse, lines, folder / "prices.parquet"), "--trace"],
    }  # fmt: skip
    found: dict[str, list[Measured]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            found[name].append(measure(command))
    print(f"fees price of {LINES:,} lines, Parquet to Parquet, {RUNS} runs in turn, medians")
    for name, measured in found.items():
        wall, cpu = median(measured, "wall"), median(measured, "cpu")
        print(
            f"  {name:<11} {wall:6.2f} s  cpu {cpu:6.2f} s  {LINES / wall / 1e6:5.2f} million lines/s"
            f" ({2 * LINES / cpu / 1e6:5.2f} if two cores were free)  peak {median(measured, 'peak'):5.0f} MB"
        )
    for name in ("amounts", "with trace"):
        wall = ratio(found[name], found["two joins"], "wall")
        print(
            f"  {name} / two joins  {wall:.2f} (cpu {ratio(found[name], found['two joins'], 'cpu'):.2f})"
        )
    _bench_cores(commands)
    _bench_sizes(warehouse, folder)
    _bench_python(database, folder, median(found["amounts"], "wall"))


def _command(warehouse: Path, lines: Path, out: Path) -> list[str]:
    pfs = str(Path(sys.executable).parent / "pfs")
    return [
        pfs, "price", str(lines), "--out", str(out), "--warehouse", str(warehouse), "--only-results",
    ]  # fmt: skip


def _bench_cores(commands: dict[str, list[str]]) -> None:
    """The same on other numbers of cores, as far as this machine has them."""
    there = sorted(os.sched_getaffinity(0))
    for count in CORES:
        if count > len(there):
            print(f"  on {count} cores: not measured, for there are {len(there)}")
            continue
        on = ["taskset", "--cpu-list", ",".join(map(str, there[:count]))]
        bare, ours = (measure([*on, *commands[name]]) for name in ("two joins", "amounts"))
        print(
            f"  on {count} of them: two joins {bare.wall:.2f} s, amounts {ours.wall:.2f} s, "
            f"{ours.wall / bare.wall:.2f} times"
        )


def _bench_sizes(warehouse: Path, folder: Path) -> None:
    """Whether time grows as the number of lines does."""
    for size in SIZES:
        lines = folder / f"lines{size}.parquet"
        write_claims(warehouse / "fee_schedule.duckdb", size, lines)
        one = measure(_command(warehouse, lines, folder / "prices.parquet"))
        print(
            f"  {size:>11,} lines: {one.wall:6.2f} s, {one.cpu / size * 1e6:5.2f} cpu s a million, peak {one.peak:5.0f} MB"
        )


def _bench_python(database: Path, folder: Path, seconds: float) -> None:
    """A pricer as people write them: line by line, with dictionaries and Decimal."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tests.helpers import price_oracle
    from tests.helpers.price_lines import ORDINARY

    file = folder / "python.parquet"
    write_claims(database, PYTHON_LINES, file)
    with duckdb.connect(str(database), read_only=True) as con:
        cursor = con.execute(f"FROM '{file}'")
        names = [column[0] for column in cursor.description]
        lines = [ORDINARY | dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        pricer = price_oracle.Pricer(price_oracle.read_tables(con))
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        pricer.price(lines)
        taken.append(time.perf_counter() - began)
    rate = PYTHON_LINES / statistics.median(taken)
    print(
        f"  line by line in Python: {rate:,.0f} lines/s, so fees price is {LINES / seconds / rate:,.0f} times as fast"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as given:
        bench_price(Path(given))
