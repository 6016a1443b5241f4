"""One refresh of a warehouse at a time, and who runs it.

The operating system holds the lock and lets go of it when the process ends, however that ends.
Beside it ``refresh.holder.json`` says who took it; a crash leaves that file behind, so it is
believed only while the lock is held.
"""

import fcntl
import json
import os
import shlex
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import LockedError
from pipeline.interrupt import undone_by_signal
from pipeline.store.notes import read_note
from pipeline.store.state import replace_text

LOCK = "refresh.lock"
HOLDER = "refresh.holder.json"

# ``running`` takes the lock for a moment; a refresh waits for so many seconds in case of that.
PATIENCE = 0.5


@dataclass(frozen=True)
class Holder:
    """The process that holds the lock, since when (UTC) and called how."""

    pid: int
    host: str
    since: str
    command: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since}: {self.command}"


@contextmanager
def only_refresh(state: Path) -> Iterator[None]:
    """Hold the lock of a state folder; LockedError, which says who, where another holds it."""
    state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(state / LOCK)
    try:
        lock.acquire(timeout=PATIENCE, poll_interval=0.05)
    except Timeout:
        holder = _noted_holder(state)
        who = f" ({holder})" if holder else ""
        message = f"Another refresh of {state.parent} is running{who}; nothing was done."
        raise LockedError(message) from None
    try:
        # A full disk keeps nobody from finding out that there is nothing to do.
        with suppress(OSError):
            replace_text(state / HOLDER, json.dumps(asdict(_this_process())) + "\n")
        with undone_by_signal(lambda: (state / HOLDER).unlink(missing_ok=True)):
            yield
    finally:
        with suppress(OSError):
            (state / HOLDER).unlink(missing_ok=True)
        lock.release()


def running(state: Path) -> str:
    """Who refreshes at this moment, 'a process' where that is not noted, '' for nobody."""
    try:
        with (state / LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return str(_noted_holder(state) or "a process")
    except OSError:
        return ""
    return ""


def _this_process() -> Holder:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    return Holder(os.getpid(), socket.gethostname(), now, command)


def _noted_holder(state: Path) -> Holder | None:
    """Who is noted, unless that is a process of this computer that has ended."""
    holder = read_note(state / HOLDER, Holder)
    if holder is None:
        return None
    if holder.host == socket.gethostname() and not _is_alive(holder.pid):
        return None
    return holder


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
