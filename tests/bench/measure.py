"""One command as a process of its own: how long it took and how much memory."""

import os
import subprocess
import time
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


def measure(command: list[str], allowed: tuple[int, ...] = (0,)) -> Measured:
    """Run a command to its end; raises CalledProcessError where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    if code not in allowed:
        raise subprocess.CalledProcessError(code, command)
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
