"""Print what a quarter of edits of CMS's real size costs: two and a half million pairs, all made.

The counts are those of CMS's table of 2024Q2: 2,546,017 edits of 2,238,466 pairs, of which 305,096 stand
more than once, and 1,669,820 in force. A next quarter ends and adds some thousands.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from tests.bench.measure import PROJECT, Measured, measure
from tests.helpers.ncci_files import RATIONALE, Row, write_text

PAIRS, TWICE, THRICE = 2_238_466, 302_641, 2_455
EDITS = PAIRS + TWICE + 2 * THRICE
ENDED = EDITS - 1_669_820
NEW = 5_000
PARTS = 4
FEES = str(PROJECT / ".venv" / "bin" / "fees")


def code(number: int) -> str:
    """A made code: nearly all are digits, the last of HCPCS Level II."""
    return f"{number + 10:05d}" if number < 9_700 else f"G{number - 9_700:04d}"


def pairs(count: int) -> Iterator[tuple[str, str]]:
    """Different pairs of made codes in the order of column one; no pair stands both ways."""
    for number in range(count):
        one, other = divmod(number, 224)
        yield code(one), code(one + 1 + other)


def made_rows(is_next: bool) -> list[Row]:
    """All rows of a quarter; the next one ends as many edits as it adds."""
    chance = random.Random(322)
    closed = _places(chance, PAIRS - TWICE - THRICE, ENDED - TWICE - 2 * THRICE)
    rows: list[Row] = []
    for number, pair in enumerate(pairs(PAIRS + (NEW if is_next else 0))):
        if number >= PAIRS:
            rows.append((*pair, "", "20261001", "*", "1", RATIONALE))
            continue
        times = 3 if number < THRICE else 2 if number < THRICE + TWICE else 1
        for year in range(1, times):
            rows.append((*pair, "", f"{1999 + year}0101", f"{1999 + year}1231", "1", RATIONALE))
        is_closed = times == 1 and number - TWICE - THRICE in closed
        last = "20240331" if is_closed else "*"
        if is_next and not is_closed and PAIRS - number <= NEW:
            last = "20260930"
        rows.append((*pair, "", "20040401", last, "1" if number % 3 else "0", RATIONALE))
    return rows


def _places(chance: random.Random, of: int, count: int) -> set[int]:
    return set(chance.sample(range(of), count))


def write_quarter(folder: Path, version: str, is_next: bool = False) -> int:
    """Write the four files of a quarter; the number of their edits."""
    rows = made_rows(is_next)
    each = -(-len(rows) // PARTS)
    for part in range(PARTS):
        write_text(folder, part + 1, rows[part * each : (part + 1) * each], version=version)
    return len(rows)


def refresh(place: Path) -> Measured:
    """Measure a refresh as a process of its own."""
    places = ["--raw", str(place / "raw"), "--warehouse", str(place / "warehouse")]
    return measure([FEES, "refresh", "--no-fetch", *places], allowed=(0, 11))


def bench_pairs(place: Path) -> None:
    """Measure the first quarter, the next one beside it, and questions for a pair."""
    for version, is_next in (("v322r0", False), ("v323r0", True)):
        count = write_quarter(place / "raw" / version, version, is_next)
        taken = refresh(place)
        print(f"{version}: {count:,} edits: {taken.wall:.1f} s, peak {taken.peak:.0f} MB")
        _print_sizes(place / "warehouse")
    idle = refresh(place)
    print(f"nothing new: {idle.wall:.2f} s")
    _print_questions(place / "warehouse")


def _print_sizes(warehouse: Path) -> None:
    database = (warehouse / "fee_schedule.duckdb").stat().st_size / 1e6
    shelf = sum(x.stat().st_size for x in (warehouse / "artefacts").rglob("*") if x.is_file()) / 1e6
    exports = (warehouse / "exports" / "current").resolve() / "ncci_pair"
    exported = sum(x.stat().st_size for x in exports.iterdir()) / 1e6
    print(
        f"  database {database:.0f} MB, kept artefacts {shelf:.0f} MB, exported {exported:.0f} MB"
    )


def _print_questions(warehouse: Path) -> None:
    one, other = code(5_000), code(5_010)
    asked = {
        "a pair on a day": f"FROM ncci_edits(['{one}', '{other}'], DATE '2026-11-02', 'practitioner')",
        "twenty codes on a day": f"FROM ncci_edits({[code(x) for x in range(5_000, 5_020)]}, DATE '2026-11-02', 'practitioner')",
        "all partners of a code": f"FROM ncci_pair WHERE column1 = '{one}' OR column2 = '{one}'",
    }
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        for name, query in asked.items():
            taken = []
            for _ in range(11):
                began = time.perf_counter()
                rows = len(con.execute(query).fetchall())
                taken.append(time.perf_counter() - began)
            print(f"{name}: {1000 * statistics.median(taken):.0f} ms, {rows} rows")
    words = [FEES, "edits", one, other, "--on", "2026-11-02", "--warehouse", str(warehouse)]
    command = statistics.median(measure(words).wall for _ in range(5))
    print(f"fees edits {one} {other}: {command:.2f} s, the start of Python included")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        bench_pairs(Path(folder))
