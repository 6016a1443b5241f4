"""Two refreshes at once, and readers while one build after another is published."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.soak.judge import leftovers, whole
from tests.soak.kills import Tally
from tests.soak.place import (
    APRIL,
    JANUARY,
    JULY,
    OCTOBER,
    PFS,
    PROJECT,
    Place,
    add,
    refresh,
    run,
    start,
)  # fmt: skip

READERS = ("database", "exports")


def two_at_once(place: Place, count: int) -> Tally:
    """Start two refreshes of one warehouse together: one does it, the other exits with 7."""
    tally = Tally("two refreshes started together")
    for number in range(count):
        tally.add(f"pair {number}", lambda number=number: _pair(place, f"pair{number}"))
    return tally


def _pair(place: Place, name: str) -> str:
    warehouse = place.warehouse(name)
    pair = [start([PFS, *place.arguments(warehouse)]) for _ in range(2)]
    told = {process.communicate()[1]: process.returncode for process in pair}
    codes = sorted(told.values())
    assert codes in ([0, 7], [7, 11]), f"exit codes {codes}: {list(told)}"
    [sentence] = [text for text, code in told.items() if code == 7]
    assert "Another refresh" in sentence and "Traceback" not in sentence, sentence
    assert whole(warehouse) == place.new, "what was published is not the undisturbed build"
    assert leftovers(warehouse) == [], f"left behind: {leftovers(warehouse)}"
    shutil.rmtree(warehouse)
    return "one did it, one exited with 7"


def read_throughout(place: Place, readers: int, publishes: int) -> Tally:
    """Publish build after build while processes read the database and the exports.

    The place is one with January in it, to which the other quarters come.
    """
    tally = Tally(f"{readers} readers during {publishes} publishes")
    warehouse = place.warehouse("read")
    raw, stop = place.template.with_name("read_raw"), place.template.with_name("stop")
    raw.mkdir()
    add(JANUARY)(raw)
    running = [_start_reader(READERS[n % 2], warehouse, stop) for n in range(readers)]
    try:
        for number in range(publishes):
            _next_change(raw, number)
            refresh(raw, warehouse)
        _run_example(tally, warehouse)
    finally:
        stop.touch()
        for number, process in enumerate(running):
            tally.add(f"reader {number}", lambda process=process: _reads_of(process))
    return tally


def _start_reader(how: str, warehouse: Path, stop: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.soak.reader", how, str(warehouse), str(stop)]
    return subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _next_change(raw: Path, number: int) -> None:
    """Three releases come; then the last is posted again and again, later and with other bytes."""
    posting = (APRIL, JULY, OCTOBER)[min(number, 2)]
    for _ in range(number - 2):
        posting = posting.posted_again(same_day=False)
    add(posting)(raw)


def _run_example(tally: Tally, warehouse: Path) -> None:
    def example() -> str:
        told = run([sys.executable, "examples/read_exports.py", str(warehouse / "exports")])
        assert told.returncode == 0, told.stderr
        return "examples/read_exports.py found all files whole"

    tally.add("example", example)


def _reads_of(process: subprocess.Popen[str]) -> str:
    try:
        told, wrong = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        raise AssertionError("the reader does not stop") from None
    assert process.returncode == 0, wrong
    seen = json.loads(told)
    assert len(seen["builds"]) > 1, f"it saw {len(seen['builds'])} build in {seen['reads']} reads"
    return "read without an error or a mixed state"
