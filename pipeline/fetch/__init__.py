"""Fetching CMS's files, where the user has accepted their license; polite, bounded and checked."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipeline.command import command
from pipeline.errors import PipelineError
from pipeline.fetch.errors import OfflineError
from pipeline.fetch.licence import read_answer
from pipeline.fetch.memory import Memory
from pipeline.report import Report
from pipeline.store.state import now

# A scheduler may refresh every few minutes; CMS posts some six times a year.
HOURS_BETWEEN = 1.0

# A refresh waits no longer than this for CMS, in seconds.
LONGEST_STEP = 900


def fetch_latest_if_allowed(
    raw: Path, warehouse: Path, report: Report, base: str = "", held: Collection[str] = ()
) -> list[str]:
    """Fetch the latest releases where the user allows it; the new files of the raw folder.

    Those of the Physician Fee Schedule and of the schedules ``held`` in the warehouse.

    The first step of a refresh, which goes on whatever comes of it: without an accepted
    license, nothing happens (the first time one line says so); offline, one line says so; any
    other failure is a reminder. CMS is asked at most once in the hour after it answered. ``base`` is as in
    ``FetchOptions``, '' for CMS itself.
    """
    state = warehouse / "state"
    asked_at = Memory.read(state).asked_at
    new: list[str] = []
    try:
        if _may_ask(state, report):
            _fetch_latest(raw, warehouse, report, base, held, new)
    except OfflineError as error:
        report.step("fetch", "offline", f"{error} Going on with what is there.")
        _note_failure(state, str(error), asked_at)
    except Exception as error:
        # Whatever it is, it is no reason not to build what lies in the raw folder.
        sentence = str(error) if isinstance(error, PipelineError) else f"{error!r}."
        what = "not all was fetched" if new else "nothing was fetched"
        report.remind(f"{what}: {sentence} Going on with what is there.")
        _note_failure(state, sentence, asked_at)
    return new


def _may_ask(state: Path, report: Report) -> bool:
    memory = Memory.read(state)
    given = read_answer(state)
    if given.is_accepted:
        return not memory.was_asked_within(HOURS_BETWEEN)
    if given.answer == "accepted":
        report.remind(
            f"CMS is not asked: the words of the license have changed; see: {command('licence')}"
        )
    elif not given.answer and not memory.has_told_of_licence:
        report.step("fetch", "off", f"to let a refresh download new releases: {command('licence')}")
        memory.has_told_of_licence = True
        memory.write(state)
    return False


def _fetch_latest(
    raw: Path, warehouse: Path, report: Report, base: str, held: Collection[str], new: list[str]
) -> None:
    # The HTTP client takes a while to import, and most runs do without.
    from pipeline.fetch.client import Manners
    from pipeline.fetch.run import CMS, FetchOptions, FetchOutcome, fetch, listings

    schedules = [name for name in listings() if name == "pfs" or name in held]
    manners = Manners(waits=(1, 5), longest_fetch=LONGEST_STEP / len(schedules))
    options = FetchOptions(raw, warehouse, base=base or CMS, manners=manners)
    whole = FetchOutcome()
    for name in schedules:
        # Where one page cannot be read, the others are asked all the same.
        whole.add(partial(fetch, replace(options, schedule=name), report))
        new[:] = whole.new_files
    whole.raise_failure()


def _note_failure(state: Path, failure: str, asked_at: str) -> None:
    # One schedule that was answered is not all that was asked: the time is what it was before.
    # Where that cannot be written the refresh says so itself.
    with suppress(OSError):
        failed = replace(Memory.read(state), asked_at=asked_at, failed_at=now(), failure=failure)
        failed.write(state)
