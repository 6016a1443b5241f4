"""Judge mutants by the hundred in some processes, and print how many of each kind came to what."""

import multiprocessing
import os
import shutil
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.soak.mutation.all_kinds import ALL
from tests.soak.mutation.verdict import (
    FAULT,
    FLAGGED,
    HARMLESS,
    LEFT_OUT,
    REFUSED,
    SET_ASIDE,
    UNSEEN,
    Verdict,
    judge,
)

OUTCOMES = (REFUSED, LEFT_OUT, SET_ASIDE, FLAGGED, HARMLESS, UNSEEN, FAULT)


def judged(task: tuple[int, int]) -> tuple[str, str, Verdict]:
    """Kind, place and verdict of one mutant, in a process of its own."""
    kind, number = task
    mutant = ALL[kind].mutant(number)
    folder = Path(tempfile.gettempdir()) / f"mutant-{os.getpid()}"
    try:
        return mutant.kind, mutant.where, judge(mutant, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def mutations(count: int, processes: int) -> list[str]:
    """At least ``count`` mutants, as many of each kind; prints a table, returns what went wrong."""
    each = -(-count // len(ALL))
    tasks = [(kind, number) for kind in range(len(ALL)) for number in range(each)]
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = list(pool.map(judged, tasks, chunksize=each))
    by_kind = {kind.name: Counter[str]() for kind in ALL}
    for name, _, verdict in found:
        by_kind[name][verdict.outcome] += 1
    print(f"\n| mutation | {' | '.join(OUTCOMES)} |\n|---|{'---:|' * len(OUTCOMES)}")
    for name, outcomes in by_kind.items():
        print(f"| {name} | {' | '.join(_cell(outcomes[x]) for x in OUTCOMES)} |")
    total = sum(by_kind.values(), Counter())
    print(f"| **{len(found)} mutants** | {' | '.join(_cell(total[x]) for x in OUTCOMES)} |")
    undetected = Counter(name for *_, verdict in found for name in verdict.undetected)
    print("\nUndetectable:", ", ".join(f"{name} {n}" for name, n in undetected.most_common()))
    return [
        f"{kind}, {where}: {verdict.words}"
        for kind, where, verdict in found
        if verdict.outcome == FAULT
    ]


def _cell(count: int) -> str:
    return str(count) if count else ""
