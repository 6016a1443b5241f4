"""Runs that have to give up while another thread writes: refused releases, Ctrl-C and SIGTERM.

A run that waits for ever holds the lock, so that no schedule goes on: each must end by itself.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from decimal import Decimal
from functools import partial
from pathlib import Path

import duckdb

from tests.helpers import bundles
from tests.helpers.places import REAL_FILES
from tests.soak.judge import database_of, leftovers, state_after_kill, whole
from tests.soak.kills import Tally
from tests.soak.place import DONE, PFS, Place, run, start

# The amounts of a real release take a second to write, those of the sample almost none.
RELEASE = REAL_FILES / "rvu25d"

# No refresh of one release takes nearly as long, however busy the machine is.
LONGEST = 600

INTERRUPTED = 130


def alaska_without_its_floor(folder: Path) -> None:
    """What the first of all checks finds."""
    [gpci] = folder.glob("GPCI*.csv")
    bundles.edit_cell(gpci, "02102,", 4, "1.000")


def work_in_a_technical_row(folder: Path) -> None:
    """What later checks find: a technical part with work, its totals raised alike."""
    [path] = folder.glob("PPRRVU*.csv")
    start = next(line for line in bundles.lines_of(path) if line.startswith("70450,TC,"))
    cells = bundles.cells_of(start)
    for position in (bundles.WORK, bundles.NF_TOTAL, bundles.F_TOTAL):
        bundles.edit_cell(path, "70450,TC,", position, str(Decimal(cells[position]) + 1))


def refuse_beside_writes(folder: Path, count: int) -> Tally:
    """Refuse a release again and again while its locality amounts are being written.

    Every fifth time it is its indices, without which it is built; else it is the release.
    """
    source = RELEASE if RELEASE.is_dir() else bundles.SAMPLE
    tally = Tally(f"refused while the amounts of {source.name} are written")
    of_indices = count // 5
    for damage, times in (
        (alaska_without_its_floor, of_indices),
        (work_in_a_technical_row, count - of_indices),
    ):
        raw = folder / damage.__name__
        (raw / "release").mkdir(parents=True)
        # What the locality amounts are computed from.
        for path in (*source.glob("PPRRVU*.csv"), *source.glob("GPCI*.csv")):
            shutil.copyfile(path, raw / "release" / path.name)
        damage(raw / "release")
        for number in range(times):
            warehouse = folder / f"{damage.__name__}{number}"
            tally.add(f"{damage.__name__} {number}", partial(_refused, raw, warehouse))
    return tally


def _refused(raw: Path, warehouse: Path) -> str:
    command = [PFS, "refresh", "--no-fetch", "--raw", str(raw), "--warehouse", str(warehouse)]
    said, code = _ended(start(command))
    assert code in (11, 3) and "Traceback" not in said, f"exit code {code}: {said[-2000:]}"
    assert "(rule: " in said, said[-2000:]
    assert leftovers(warehouse) == [], f"left behind: {leftovers(warehouse)}"
    # A file beside the relative values is left out with its reason; without those nothing is built.
    if code == 3:
        assert database_of(warehouse) == ("", {}), "refused, and yet published"
    else:
        _assert_no_amount_hangs_on_the_indices(warehouse)
    shutil.rmtree(warehouse)
    return "indices left out" if code == 11 else "exit code 3, nothing published"


def _assert_no_amount_hangs_on_the_indices(warehouse: Path) -> None:
    """The file is named as unread, and every amount of a locality is a reason instead."""
    with duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True) as con:
        reason = con.sql(
            "SELECT unread_reason FROM source_file "
            "WHERE file_kind = 'gpci' AND read_status = 'unread'"
        ).fetchall()
        amounts = con.sql(
            "SELECT count(*) FILTER (nonfacility_fee IS NOT NULL OR price_status = 'priced'), "
            "count(*) FILTER (price_status = 'gpci_missing') FROM payment_locality"
        ).fetchall()
    assert reason and "(rule: " in reason[0][0], f"no reason: {reason}"
    assert amounts[0][0] == 0 < amounts[0][1], f"amounts without indices: {amounts}"


def interrupt_at_random_moments(place: Place, count: int, seed: int) -> Tally:
    """Ctrl-C, SIGTERM and SIGHUP over the time of an undisturbed run."""
    tally = Tally("ended by a signal at a random moment")
    moments = random.Random(seed)
    for number in range(count):
        sent = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[number % 3]
        # The first tenth of a second is Python's, before the program has begun.
        moment = moments.uniform(0.3, max(place.seconds, 0.4))
        name = f"{sent.name} after {moment:.3f} s"
        tally.add(
            name, partial(_interrupted, place, place.warehouse(f"sent{number}"), sent, moment)
        )
    return tally


def _interrupted(place: Place, warehouse: Path, sent: signal.Signals, moment: float) -> str:
    process = start([PFS, *place.arguments(warehouse)])
    time.sleep(moment)
    process.send_signal(sent)
    said, code = _ended(process)
    # Python says by itself how it ended where the signal came before the program began.
    assert code in (*DONE, INTERRUPTED, -sent), f"exit code {code}: {said[-2000:]}"
    state = state_after_kill(warehouse, place.old, place.new)
    if code == INTERRUPTED:
        assert "Traceback" not in said, said[-2000:]
        assert said.endswith("finishes or repeats what was begun\n"), said[-2000:]
    told = run([PFS, *place.arguments(warehouse)])
    assert told.returncode in DONE, f"the next refresh fails: {told.stderr}"
    assert whole(warehouse) == place.new, "the next refresh ends in another state"
    assert leftovers(warehouse) == [], f"left behind: {leftovers(warehouse)}"
    shutil.rmtree(warehouse)
    return f"{state} state" if code not in DONE else "had ended"


def _ended(process: subprocess.Popen) -> tuple[str, int]:
    """What a run says and its exit code; AssertionError where it does not end."""
    try:
        return process.communicate(timeout=LONGEST)[1], process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise AssertionError("it hangs") from None
