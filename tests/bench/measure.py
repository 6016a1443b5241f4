"""One command as a process of its own, measured; and figures over several runs."""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
RELEASE = PROJECT.parent / "shared" / "data" / "rvu25d"


@dataclass
class Measured:
    """What one process took: seconds and the most memory, in MB."""

    wall: float
    cpu: float
    peak: float


# Linux counts the memory of the process that starts another one into its peak, so that a small
# process of its own starts each.
START = """
import json, os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
wall, cpu = time.perf_counter() - began, usage.ru_utime + usage.ru_stime
print(json.dumps([os.waitstatus_to_exitcode(status), wall, cpu, usage.ru_maxrss / 1024]))
"""


def measure(command: list[str], allowed: tuple[int, ...] = (0,)) -> Measured:
    """Run a command to its end; raises CalledProcessError where it fails.

    Python may keep what it compiles, as it does where nobody forbids it: a second call is a user's.
    """
    starter = [sys.executable, "-I", "-S", "-c", START, *command]
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ran = subprocess.run(starter, capture_output=True, text=True, check=True, env=kept)
    code, wall, cpu, peak = json.loads(ran.stdout)
    if code not in allowed:
        raise subprocess.CalledProcessError(code, command)
    return Measured(wall, cpu, peak)


def median(measured: list[Measured], figure: str) -> float:
    """The median of one figure over all runs."""
    return statistics.median(getattr(one, figure) for one in measured)


def ratio(ours: list[Measured], other: list[Measured], figure: str) -> float:
    """The median of the ratios, run by run."""
    pairs = zip(ours, other, strict=True)
    return statistics.median(getattr(a, figure) / getattr(b, figure) for a, b in pairs)
