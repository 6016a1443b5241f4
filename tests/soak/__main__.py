"""Do every fault by the hundred and print what came of it; exit code 1 where anything went wrong.

python -m tests.soak [kills] [refusals] [others] [together] [storage] [mutations] [claims]
    [--kills N] [--refusals N] [--signals N] [--others N] [--mutations N] [--claims N]
    [--processes N]

Without names all of them. The tables are Markdown; what went wrong is told below them.
"""

import argparse
import multiprocessing
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from tests.helpers.claim_fuzz import claims
from tests.soak import others, refusals, storage, together
from tests.soak.kills import Tally, kill_at_every_turn
from tests.soak.mutation.run import mutations
from tests.soak.place import CHANGES, Place, make_place

SPARE_KILOBYTES = [16, 64, 256, 512, *range(1000, 9000, 500), 12_000]
FILE_LIMITS_KILOBYTES = [0, 1, 4, 16, 64, 256, 512, *range(1000, 6000, 1000)]


def kills(folder: Path, count: int, processes: int) -> Iterator[Tally]:
    """``count`` kills at random moments, and one at each border, over all kinds of change."""
    shares = [
        count // len(CHANGES) + (number < count % len(CHANGES)) for number, _ in enumerate(CHANGES)
    ]
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for tallies in pool.map(kill_at_every_turn, CHANGES, [folder] * len(CHANGES), shares):
            yield from tallies


def giving_up(folder: Path, count: int, signals: int) -> Iterator[Tally]:
    """``count`` refusals while another thread writes, and signals at random moments."""
    yield refusals.refuse_beside_writes(folder / "refusals", count)
    yield refusals.interrupt_at_random_moments(_place(folder / "signals"), signals, seed=1)


def changed_by_others(folder: Path, count: int) -> Iterator[Tally]:
    """``count`` files that change while they are read, and as many changes of what is published."""
    place = _place(folder / "others")
    yield others.change_while_read(place, count, seed=1)
    yield others.change_afterwards(place, count, seed=1)


def at_once(folder: Path) -> Iterator[Tally]:
    """Pairs of refreshes, and eight readers throughout."""
    place = _place(folder / "together")
    yield together.two_at_once(place, count=20)
    yield together.read_throughout(place, readers=8, publishes=12)


def full_or_forbidden(folder: Path) -> Iterator[Tally]:
    """Disks that fill up at one amount after another, and warehouses that may not be written."""
    place = _place(folder / "storage")
    if storage.may_mount(folder / "trial"):
        yield storage.full_disk(place, SPARE_KILOBYTES)
        yield storage.disk_that_fills_up(place, count=20, seed=1)
        yield storage.read_only_disk(place)
    else:
        print("No tmpfs may be mounted here: no full disk and no read-only one was tried.")
    yield storage.file_size_limit(place, FILE_LIMITS_KILOBYTES)
    yield storage.without_permission(place)


def claim_files(count: int) -> list[str]:
    """Files of claim lines, right and wrong ones, priced over the sample."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "raw").mkdir()
        refresh(Options(raw=folder / "raw", warehouse=folder / "warehouse"), Report(quiet=True))
        outcomes, faults = claims(folder / "warehouse" / "fee_schedule.duckdb", folder, count)
    told = ", ".join(f"{n:,} {what}" for what, n in sorted(outcomes.items()))
    print(f"| files of claim lines | {count:,} | {told}, {len(faults)} wrong |", flush=True)
    return faults


def _place(folder: Path) -> Place:
    return make_place(folder, "one release more")


def main() -> int:
    """Run what was asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parts = ("kills", "refusals", "others", "together", "storage", "mutations", "claims")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(parts))
    parser.add_argument("--kills", type=int, default=200, help="kills at random moments")
    parser.add_argument("--refusals", type=int, default=200, help="refusals")
    parser.add_argument("--signals", type=int, default=200, help="signals at random moments")
    parser.add_argument("--others", type=int, default=100, help="changes by others, of each kind")
    parser.add_argument("--mutations", type=int, default=500, help="mutants, at least")
    parser.add_argument("--claims", type=int, default=5000, help="files of claim lines")
    parser.add_argument("--processes", type=int, default=2, help="of kills and mutants at a time")
    asked = parser.parse_args()
    wanted = asked.parts or parts
    if set(wanted) - set(parts):
        parser.error(f"the parts are {', '.join(parts)}")
    # Ended by SIGTERM it unmounts and removes what it made, as after Ctrl-C, also in the
    # background of a shell, which has Ctrl-C ignored.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began, faults = time.monotonic(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # The folders of pytest and tempfile are closed to others; a refresh without
        # permission is to fail in the warehouse and not on its way there.
        folder.chmod(0o755)
        runs = {
            "kills": lambda: kills(folder, asked.kills, asked.processes),
            "refusals": lambda: giving_up(folder, asked.refusals, asked.signals),
            "others": lambda: changed_by_others(folder, asked.others),
            "together": lambda: at_once(folder),
            "storage": lambda: full_or_forbidden(folder),
        }
        of_places = [part for part in runs if part in wanted]
        if of_places:
            print("| fault | count | what came of it |\n|---|---:|---|")
        for part in of_places:
            for tally in runs[part]():
                told = ", ".join(f"{n} {what}" for what, n in sorted(tally.outcomes.items()))
                print(f"| {tally.kind} | {tally.outcomes.total()} | {told} |", flush=True)
                print("".join(f"{x}\n" for x in tally.faults), end="", file=sys.stderr, flush=True)
                faults += tally.faults
    if "mutations" in wanted:
        faults += mutations(asked.mutations, asked.processes)
    if "claims" in wanted:
        faults += claim_files(asked.claims)
    print(f"\n{len(faults)} went wrong, in {time.monotonic() - began:.0f} s")
    for fault in faults:
        print(f"- {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
