"""How long one question takes: ``python -m tests.bench.one_claim WAREHOUSE [RUNS]``, medians in seconds.

It takes turns with the one import that it cannot do without.
"""

import sys
from pathlib import Path

from tests.bench.measure import Measured, measure, median, ratio
from tests.bench.place import FEES

ASKED = ("price", "99214-25", "--on", "2025-10-02", "--zip", "94110", "--warehouse")
RUNS = 10


def bench_one_claim(warehouse: Path, runs: int = RUNS) -> None:
    """Measure a line that is priced on the command line."""
    commands = {
        "import duckdb": [sys.executable, "-c", "import duckdb"],
        "fees price CODE": [str(FEES), *ASKED, str(warehouse)],
    }
    found: dict[str, list[Measured]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            one = measure(command)
            # The first run compiles.
            found[name] += [one] if run else []
    bare, ours = found.values()
    for name, measured in found.items():
        print(f"{name}: {median(measured, 'wall'):.2f} s, cpu {median(measured, 'cpu'):.2f} s")
    print(
        f"  times the import: {ratio(ours, bare, 'wall'):.1f} (cpu {ratio(ours, bare, 'cpu'):.1f})"
    )


if __name__ == "__main__":
    bench_one_claim(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
