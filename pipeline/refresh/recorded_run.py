"""One run that may change a warehouse: alone, and noted in the run history whatever comes of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from pipeline.errors import (
    INPUT_REFUSED,
    INTERRUPTED,
    PUBLISHED_WITH_WARNINGS,
    PipelineError,
    StorageError,
    UsageError,
)
from pipeline.interrupt import undone_by_signal
from pipeline.memory import memory_watched
from pipeline.publish.swap import Warehouse
from pipeline.refresh.lock import only_refresh
from pipeline.refresh.options import Outcome
from pipeline.report import Report
from pipeline.store.state import State

# What a run did that is not worth a line of the run history.
NOTHING_DONE = ("nothing_new", "held")


def run_alone(warehouse: Warehouse, report: Report, run: Callable[[Outcome], Outcome]) -> Outcome:
    """Run under the lock of the warehouse, and note in the run history what came of it.

    ``run`` is given an outcome, in which it notes the files that it fetches, and returns the
    outcome of the whole. Raises LockedError where another run holds the lock.
    """
    try:
        with only_refresh(warehouse.state):
            return _recorded(State(warehouse.state), report, run)
    except OSError as error:
        where = error.filename or warehouse.folder
        raise StorageError(f"{where} cannot be written or read: {error.strerror}") from None


@contextmanager
def noting(report: Report) -> Iterator[None]:
    """Write notes about a build that is in force; where the disk is full it is so all the same.

    What could not be noted costs the next refresh a closer look at its inputs and no more.
    """
    try:
        yield
    except OSError as error:
        report.remind(
            f"the build is in force, but {error.filename or 'a note about it'} could not be "
            f"written: {error.strerror}"
        )


def exit_code_of(outcome: Outcome, report: Report) -> int:
    """The exit code of a run that did not fail; an input that was refused is a failure to make."""
    if outcome.refused:
        return INPUT_REFUSED
    is_warned = outcome.outcome == "published" and report.warnings
    return PUBLISHED_WITH_WARNINGS if is_warned else 0


def _recorded(state: State, report: Report, run: Callable[[Outcome], Outcome]) -> Outcome:
    began = time.monotonic()
    begun = Outcome("failed", "")

    def ended() -> None:
        _record_failure(state, report, begun, began, KeyboardInterrupt())

    try:
        with memory_watched(), undone_by_signal(ended):
            done = run(begun)
    except BaseException as error:
        # Where the disk is full the failure itself is what the user must hear of.
        with suppress(OSError):
            _record_failure(state, report, begun, began, error)
        if _is_interruption(error):
            raise KeyboardInterrupt from None
        raise
    done.fetched = begun.fetched
    if done.fetched or done.is_news or done.outcome not in NOTHING_DONE:
        with noting(report):
            code, message = exit_code_of(done, report), " ".join(done.refused)
            _record(state, report, done, began, code, message)
    return done


def _record_failure(
    state: State, report: Report, begun: Outcome, began: float, error: BaseException
) -> None:
    if isinstance(error, PipelineError):
        state.write_refused([error])
    if _is_interruption(error):
        begun.outcome = "interrupted"
        _record(state, report, begun, began, INTERRUPTED, "the run was interrupted")
    elif isinstance(error, PipelineError):
        # A wrong call is told to who called and says nothing about the warehouse.
        if not isinstance(error, UsageError):
            _record(state, report, begun, began, error.exit_code, str(error))
    elif isinstance(error, OSError):
        _record(state, report, begun, began, StorageError.exit_code, str(error))
    else:
        _record(state, report, begun, began, 1, f"{type(error).__name__}: {error}")


def _is_interruption(error: BaseException) -> bool:
    # DuckDB has its own word for Ctrl-C while it computes.
    by_duckdb = isinstance(error, RuntimeError) and "interrupted" in str(error).lower()
    return isinstance(error, KeyboardInterrupt) or by_duckdb


def _record(
    state: State, report: Report, done: Outcome, began: float, exit_code: int, message: str = ""
) -> None:
    state.record_run(
        done.outcome,
        exit_code=exit_code,
        build_id=done.build_id,
        releases=done.releases,
        built=done.built,
        fetched=done.fetched,
        seconds=round(time.monotonic() - began, 1),
        warnings=len(report.warnings),
        message=message,
    )
