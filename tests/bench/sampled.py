"""Run ``fees`` and note what each of its threads does: python -m tests.bench.sampled FILE ARGUMENTS

A thread of its own looks at the others every few milliseconds, so that the program itself has no
code that takes times. Each look is charged with the time since the last one. What is written is
a list of looks: the seconds on the clock, and for each thread the stage that it is in, whether it
waits for another thread, and its processor seconds.
"""

import json
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tests.bench.stages import STAGE_OF, WAITING

EVERY = 0.005


# The stage of a thread, whether it waits, and what it used of the processor.
Seen = tuple[str, bool, float]


@dataclass
class Sampler:
    """Looks at all threads but its own until it is stopped."""

    looks: list[tuple[float, list[Seen]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Time begins here."""
        self.began = self.last = time.perf_counter()
        self.cpu_of: dict[int, float] = {}
        self.cpu = time.process_time()
        self.used = 0.0
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self.ended.wait(EVERY):
            self.look()

    def look(self) -> None:
        """Note what each thread is in the middle of, and what it used since the last look."""
        frames = sys._current_frames()
        now, cpu = time.perf_counter(), time.process_time()
        threads = [
            (*_place_in(frames[thread.ident]), self._used_by(thread))
            for thread in threading.enumerate()
            if thread.ident in frames and thread is not self.thread
        ]
        of_sampler = self._used_by(self.thread)
        # DuckDB and Polars have threads that Python does not know; they work for whoever waits.
        unknown = max(0.0, cpu - self.cpu - of_sampler - sum(used for *_, used in threads))
        self.looks.append((now - self.last, _with(unknown, threads)))
        self.used += of_sampler
        self.last, self.cpu = now, cpu

    def _used_by(self, thread: threading.Thread) -> float:
        """The processor seconds of a thread since it was asked for last."""
        try:
            text = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text()
        except OSError:
            # It has just ended.
            return 0.0
        before = self.cpu_of.get(thread.native_id or 0, 0.0)
        self.cpu_of[thread.native_id or 0] = now = int(text.split()[0]) / 1e9
        return now - before


def _place_in(frame: FrameType | None) -> tuple[str, bool]:
    """The stage of the innermost function that belongs to one, and whether the thread waits."""
    waits = frame is not None and _name_of(frame) in WAITING
    while frame is not None:
        stage = STAGE_OF.get(_name_of(frame))
        if stage:
            return stage, waits
        frame = frame.f_back
    return "", waits


def _name_of(frame: FrameType) -> str:
    return f"{frame.f_globals.get('__name__', '')}:{frame.f_code.co_qualname}"


def _with(unknown: float, threads: list[Seen]) -> list[Seen]:
    """Divide the time of unknown threads among those that do not wait for one of Python's."""
    at_work = [n for n, (_, waits, _) in enumerate(threads) if not waits] or [0]
    return [
        (stage, waits, used + (unknown / len(at_work) if n in at_work else 0))
        for n, (stage, waits, used) in enumerate(threads)
    ]


def main() -> None:
    """Run the program with its arguments, and write what was seen when it ends."""
    target, sys.argv = Path(sys.argv[1]), ["fees", *sys.argv[2:]]
    sampler = Sampler()
    sampler.thread.start()
    try:
        from pipeline.cli import main as fees

        fees()
    finally:
        sampler.ended.set()
        sampler.thread.join()
        sampler.look()
        seen = {"began": sampler.began, "ended": sampler.last, "sampler": sampler.used}
        target.write_text(json.dumps(seen | {"looks": sampler.looks}))


if __name__ == "__main__":
    main()
