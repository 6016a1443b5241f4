"""Ctrl-C, SIGTERM and SIGHUP: the process removes what is unfinished and ends at once.

DuckDB 2.0.0 may wait for ever where a statement is called off (1 of 60 COPYs that were sent
SIGINT), so none is: whatever it is doing, the process ends. That is safe because what is
published is whole at every moment.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from pipeline.errors import INTERRUPTED

ENDED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

SENTENCE = "interrupted: nothing half-done is in force; run the command again\n"

_undo: list[Callable[[], None]] = []


@contextmanager
def undone_by_signal(undo: Callable[[], None]) -> Iterator[None]:
    """Have ``undo`` called where a signal ends the process within this context."""
    _undo.append(undo)
    try:
        yield
    finally:
        # Not the last one: what lasts as long as the process may have been added since.
        _undo.remove(undo)


def end_by_signals() -> None:
    """Let those signals end the process from now on, but for the ones that are to be ignored."""
    for one in ENDED_BY:
        # So nohup protects a run from SIGHUP, and a shell its background jobs from Ctrl-C.
        if signal.getsignal(one) is not signal.SIG_IGN:
            signal.signal(one, _end)


def _end(number: int, frame: FrameType | None) -> None:
    for one in ENDED_BY:
        signal.signal(one, signal.SIG_IGN)
    for undo in reversed(_undo):
        # Other threads may be writing still what is removed here; the next refresh removes it.
        with suppress(Exception):
            undo()
    with suppress(OSError):
        os.write(2, SENTENCE.encode())
    os._exit(INTERRUPTED)
