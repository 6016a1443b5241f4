"""What each stage of a refresh takes, beside what its bytes cost alone: ``make bench``.

Three refreshes are looked at: from nothing, with one release more, and with nothing new. A
stage's wall time is what the main thread spends in it, or waits for another thread to spend in
it, so that the stages add up to the whole; its processor time is that of all threads.
The columns of what is printed:

=========  =================================================================================
wall, cpu  seconds on the clock and of the processor, each with its share of the whole
waited     seconds of ``wall`` in which the main thread waited for another one
idle       processor seconds that the cores had left meanwhile, for this program or others
floor      seconds on the clock and of the processor that bare calls take for the same bytes
=========  =================================================================================
"""

import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.floors import FROM_NOTHING, NOTHING_NEW, ONE_MORE, Floor, Made, least_of
from tests.bench.measure import RELEASE, Measured, measure, median
from tests.bench.place import PUBLISHED, Place
from tests.bench.stages import STAGES, unknown

RUNS = 3
THERE = RELEASE.parent / "rvu25b"
ENDS = "start and end of Python"
REST = "not accounted for"


@dataclass
class Spent:
    """What was spent in one stage, as it is printed."""

    wall: float = 0.0
    cpu: float = 0.0
    waited: float = 0.0
    idle: float = 0.0


@dataclass
class Budget:
    """A refresh by stages; ``sampler`` is the processor time of the sampler itself."""

    whole: Measured
    stages: dict[str, Spent]
    sampler: float


def sampled(arguments: list[str]) -> Budget:
    """Run ``fees`` once under the sampler, from the folder that the bench is run in."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "looks.json"
        command = [sys.executable, "-m", "tests.bench.sampled", str(file), *arguments]
        whole = measure(command, PUBLISHED)
        seen = json.loads(file.read_text())
    stages: dict[str, Spent] = defaultdict(Spent)
    for wall, threads in seen["looks"]:
        _charge(stages, wall, threads)
    stages[ENDS].wall = whole.wall - (seen["ended"] - seen["began"])
    stages[ENDS].cpu = whole.cpu - seen["sampler"] - sum(one.cpu for one in stages.values())
    return Budget(whole, stages, seen["sampler"])


def _charge(stages: dict[str, Spent], wall: float, threads: list[tuple[str, bool, float]]) -> None:
    """Charge the time of one look to the stages that the threads are in."""
    (stage, waits, _), *others = threads
    worked_for = [of for of, is_waiting, _ in others if not is_waiting] if waits else []
    spent = stages[(worked_for[0] if worked_for else stage) or REST]
    spent.wall += wall
    spent.waited += wall if worked_for else 0
    for of, _, cpu in threads:
        stages[of or REST].cpu += cpu
    spent.idle += max(0.0, wall * (os.cpu_count() or 1) - sum(cpu for *_, cpu in threads))


def bench_budget(folder: Path) -> None:
    """Print the three budgets, with RVU25B as what is there and RVU25D as what is new."""
    if unknown():
        sys.exit(f"error: tests/bench/stages.py names what is no function: {', '.join(unknown())}")
    empty, one = Place(folder / "empty"), Place(folder / "one")
    empty.raw.mkdir(parents=True)
    one.put_in(THERE)
    one.refresh()
    scratch = folder / "scratch"
    _bench("of RVU25D from nothing", lambda: empty.with_more(scratch, RELEASE), FROM_NOTHING)
    _bench("of RVU25D beside RVU25B", lambda: one.with_more(scratch, RELEASE), ONE_MORE)
    _bench("with nothing new", lambda: Place(scratch), NOTHING_NEW)


def _bench(title: str, place: Callable[[], Place], floors: dict[str, Floor]) -> None:
    """Print the budget of the middle one of several refreshes, each in a ``place`` made for it."""
    plain, budgets = [], []
    for _ in range(RUNS):
        plain.append(place().refresh())
        there = place()
        budgets.append(sampled(there.to_refresh()))
    budgets.sort(key=lambda one: one.whole.wall)
    with tempfile.TemporaryDirectory() as scratch:
        made = Made(RELEASE, there.warehouse, Path(scratch))
        found = {stage: least_of(work, made) for stage, work in floors.items()}
    print(
        f"refresh {title}: {median(plain, 'wall'):.2f} s, cpu {median(plain, 'cpu'):.2f} s, "
        f"peak {median(plain, 'peak'):.0f} MB; by stages, looked at from outside:"
    )
    _print_stages(budgets[RUNS // 2], found)


def _print_stages(budget: Budget, floors: dict[str, tuple[float, float]]) -> None:
    whole = budget.whole
    head = ("wall", "%", "cpu", "%", "waited", "idle", "floor", "cpu")
    print(f"  {'':<32}" + "".join(f"{word:>7}" for word in head))
    for stage in (*STAGES, ENDS, REST):
        if stage not in budget.stages:
            continue
        one, bare = budget.stages[stage], floors.get(stage, ())
        shares = 100 * one.wall / whole.wall, 100 * one.cpu / whole.cpu
        figures = f"{one.wall:7.2f}{shares[0]:7.1f}{one.cpu:7.2f}{shares[1]:7.1f}{one.waited:7.2f}{one.idle:7.2f}"
        print(f"  {stage:<32}{figures}" + "".join(f"{x:7.2f}" for x in bare))
    waited, idle = (
        sum(getattr(x, name) for x in budget.stages.values()) for name in ("waited", "idle")
    )
    print(
        f"  {'all':<32}{whole.wall:7.2f}{100:7.1f}{whole.cpu:7.2f}{100:7.1f}{waited:7.2f}{idle:7.2f}"
    )
    print(f"  of it the looks themselves: cpu {budget.sampler:.2f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        bench_budget(Path(place))
