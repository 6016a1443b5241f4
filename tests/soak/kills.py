"""Kills with SIGKILL: at random moments, after each line of progress, before each change of a name.

After each the warehouse must be whole and of the old or the new build (or between the two
steps of publication), and the next refresh must end where an undisturbed one ends.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.judge import leftovers, state_after_kill, whole
from tests.soak.place import DIES, DONE, PFS, Place, make_place, run, start

HAD_ENDED = "had ended"
FINISHED = re.compile(r"^publish: .*finished", re.MULTILINE)


@dataclass
class Tally:
    """How many faults of a kind there were, what came of them, and what went wrong."""

    kind: str
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, what: str, fault: Callable[[], str]) -> None:
        """Do one fault, which returns its outcome; an AssertionError is what went wrong."""
        try:
            self.outcomes[fault()] += 1
        except AssertionError as error:
            self.outcomes["FAULT"] += 1
            self.faults.append(f"{self.kind}, {what}: {error}")


def kill_at_every_turn(change: str, folder: Path, count: int) -> list[Tally]:
    """``count`` kills at random moments of one kind of change, and one at each of its borders."""
    own = folder / change.replace(" ", "_")
    place = make_place(own, change)
    tallies = [
        kill_at_random_moments(place, count, seed=len(change)),
        kill_after_each_line(place),
        kill_before_each_border(place),
    ]
    shutil.rmtree(own)
    return tallies


def kill_at_random_moments(place: Place, count: int, seed: int) -> Tally:
    """Kill the whole process group at moments drawn over the time of an undisturbed run.

    Where a run had ended before its moment the machine has become faster, and so do the moments.
    """
    tally = Tally(f"killed at a random moment, {place.name}")
    moments = random.Random(seed)
    number, seconds = 0, place.seconds
    while tally.outcomes.total() < count:
        number += 1
        moment = moments.uniform(0, seconds)

        def kill(process: subprocess.Popen, moment: float = moment) -> None:
            time.sleep(moment)
            _kill_group(process)

        command = [PFS, *place.arguments(place.template.with_name(f"random{number}"))]
        tally.add(f"{moment:.3f} s", lambda command=command, kill=kill: _one(place, command, kill))
        # A refresh that had ended before the kill proves nothing, so another moment is drawn.
        if tally.outcomes.pop(HAD_ENDED, 0):
            seconds *= 0.95
    return tally


def kill_after_each_line(place: Place) -> Tally:
    """Kill as soon as a line of progress is read: the borders of the stages."""
    tally = Tally(f"killed after a line of progress, {place.name}")
    for number, line in enumerate(place.lines, start=1):

        def kill(process: subprocess.Popen, number: int = number) -> None:
            for _ in range(number):
                process.stderr.readline()
            _kill_group(process)

        command = [PFS, *place.arguments(place.template.with_name(f"line{number}"))]
        tally.add(line, lambda command=command, kill=kill: _one(place, command, kill))
    return tally


def kill_while_the_site_is_written(place: Place) -> Tally:
    """Kill once some pages of the new exports are there, and others not yet."""
    tally = Tally(f"killed while the site is written, {place.name}")
    warehouse = place.template.with_name("pages")
    data = warehouse / "exports" / ".new" / "site" / "data"

    def kill(process: subprocess.Popen) -> None:
        while process.poll() is None and not data.exists():
            time.sleep(0.001)
        unwritten = not (data.parent / "files.sha256").exists()
        _kill_group(process)
        assert unwritten and data.exists(), "the site was written before the kill"

    command = [PFS, *place.arguments(warehouse)]
    tally.add("pages", lambda: _one(place, command, kill))
    return tally


def kill_before_each_border(place: Place, only: tuple[str, ...] = ()) -> Tally:
    """Kill before each rename, symlink and removal; ``only`` those of some names."""
    tally = Tally(f"killed before a change of a name, {place.name}")
    for number, border in enumerate(place.borders, start=1):
        if only and not border.endswith(only):
            continue
        warehouse = place.template.with_name(f"border{number}")
        command = [*DIES, str(number), *place.arguments(warehouse)]
        tally.add(border, lambda command=command: _one(place, command, _await_death))
    return tally


def _one(place: Place, command: list[str], kill: Callable[[subprocess.Popen], None]) -> str:
    warehouse = place.warehouse(Path(command[-1]).name)
    with start(command) as process:
        kill(process)
        process.stderr.read()
    was_killed = process.returncode == -signal.SIGKILL
    assert was_killed or process.returncode in DONE, f"exit code {process.returncode}"
    state = state_after_kill(warehouse, place.old, place.new)
    _end_as_undisturbed(place, warehouse, state)
    shutil.rmtree(warehouse)
    return f"{state} state" if was_killed else HAD_ENDED


def _end_as_undisturbed(place: Place, warehouse: Path, state: str) -> None:
    told = run([PFS, *place.arguments(warehouse)])
    assert told.returncode in DONE, f"the next refresh fails: {told.stderr}"
    assert whole(warehouse) == place.new, "the next refresh ends in another state"
    assert leftovers(warehouse) == [], f"left behind: {leftovers(warehouse)}"
    if state == "between":
        assert FINISHED.search(told.stderr), f"no line says what was finished: {told.stderr}"


def _kill_group(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _await_death(process: subprocess.Popen) -> None:
    process.stderr.read()
    process.wait()
    assert process.returncode == -signal.SIGKILL, "it did not come to this border"
