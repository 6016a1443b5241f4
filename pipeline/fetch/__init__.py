"""Fetching CMS's files, where the user has accepted their licence; polite, checked and resumed."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import LockedError, NotThereError, StorageError, UsageError
from pipeline.fetch.errors import FetchError, OfflineError
from pipeline.fetch.licence import read_answer
from pipeline.fetch.memory import Memory
from pipeline.report import Report

if TYPE_CHECKING:
    from pipeline.fetch.run import FetchOutcome

# A scheduler may refresh every few minutes; CMS posts some six times a year.
HOURS_BETWEEN = 1.0


def fetch_latest_if_allowed(
    raw: Path, warehouse: Path, report: Report, base: str = ""
) -> list[str]:
    """Fetch the latest release where the user allows it; the new files of the raw folder.

    The first step of a refresh, which goes on whatever comes of it: without an accepted
    licence, nothing happens (the first time one line says so); offline, one line says so; any
    other failure is a reminder. CMS is asked once an hour at most. ``base`` is as in
    ``FetchOptions``, '' for CMS itself.
    """
    state = warehouse / "state"
    memory = Memory(state)
    new: list[str] = []
    try:
        given = read_answer(state)
        if not given.is_accepted:
            if not given.answer:
                _tell_of_licence_once(memory, report)
            return []
        if memory.was_asked_within(HOURS_BETWEEN):
            return []
        outcome = _fetch_latest(raw, warehouse, report, base)
        new = outcome.new_files
        outcome.raise_failure()
    except OfflineError as error:
        report.step("fetch", "offline", f"{error} Going on with what is there.")
        _note_failure(state, error)
    except (FetchError, LockedError, NotThereError, StorageError, UsageError) as error:
        report.remind(f"nothing was fetched: {error} Going on with what is there.")
        _note_failure(state, error)
    return new


def _fetch_latest(raw: Path, warehouse: Path, report: Report, base: str) -> "FetchOutcome":
    # The HTTP client takes a while to import, and most runs do without.
    from pipeline.fetch.client import Manners
    from pipeline.fetch.run import CMS, FetchOptions, fetch

    options = FetchOptions(raw, warehouse, base=base or CMS, manners=Manners(attempts=2))
    return fetch(options, report)


def _note_failure(state: Path, error: Exception) -> None:
    memory = Memory(state)
    memory.note_failure(str(error))
    # Where that cannot be written the refresh says so itself.
    with suppress(OSError):
        memory.save()


def _tell_of_licence_once(memory: Memory, report: Report) -> None:
    if memory.has_told_of_licence:
        return
    report.step("fetch", "CMS is not asked", "to fetch new releases by itself: pfs licence")
    memory.has_told_of_licence = True
    memory.save()
