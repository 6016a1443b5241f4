"""How long one question takes: ``python -m tests.bench.one_claim WAREHOUSE [RUNS]``, the median in seconds."""

import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ASKED = ("price", "99214-25", "--on", "2025-10-02", "--zip", "94110", "--warehouse")


def measure(warehouse: str, runs: int = 10) -> tuple[float, float]:
    """Seconds on the clock and of the processor, the median of so many runs of the command line."""
    command = [str(Path(sys.executable).parent / "fees"), *ASKED, warehouse]
    clock, processor = [], []
    for _ in range(runs):
        before, began = _used(), perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        clock.append(perf_counter() - began)
        processor.append(_used() - before)
    return median(clock), median(processor)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    elapsed, used = measure(sys.argv[1], *map(int, sys.argv[2:3]))
    print(f"{elapsed:.2f} s on the clock, {used:.2f} s of the processor")
