"""One refresh at a time: the second is told who runs the first, and a crash locks nobody out."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from pipeline.errors import LockedError
from pipeline.refresh.lock import HOLDER, only_refresh, running
from tests.helpers.marks import cases
from tests.operation.place import run, run_pfs, snapshot

pytestmark = pytest.mark.whole

# A process that takes the lock of the state folder that it is given, and then does nothing.
HOLD = (
    "import sys, time; from pathlib import Path; from pipeline.refresh.lock import only_refresh\n"
    "with only_refresh(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
)


@pytest.fixture
def other_process(place):
    """Another process that refreshes for a long time."""
    command = [sys.executable, "-c", HOLD, str(place.warehouse / "state")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_second_refresh_says_who_runs_the_first_and_all_that_changes_a_warehouse_waits(
    place, other_process, monkeypatch, capsys
):
    before = snapshot(place)
    assert run_pfs(monkeypatch, "refresh", place, "--no-fetch") == 7
    assert re.search(
        rf"error: Another refresh of \S+ is running \(process {other_process.pid} on "
        rf"{re.escape(socket.gethostname())}, since \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00: -c "
        r"\S+/state\); nothing was done\.\n$",
        capsys.readouterr().err,
    )
    assert snapshot(place) == before
    assert str(other_process.pid) in running(place.warehouse / "state")
    assert run_pfs(monkeypatch, "refresh", place, "--rollback") == 7
    # The sample holds nothing to forget.
    assert run_pfs(monkeypatch, "forget", place, "zip5") == 6


def test_a_refresh_that_crashed_locks_nobody_out(place, other_process):
    other_process.send_signal(signal.SIGKILL)
    other_process.wait()
    assert (place.warehouse / "state" / HOLDER).exists()
    assert running(place.warehouse / "state") == ""
    assert run(place).outcome == "nothing_new"
    assert not (place.warehouse / "state" / HOLDER).exists()


def test_who_crashed_is_not_taken_for_who_runs(place):
    state = place.warehouse / "state"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with only_refresh(state):
        told = json.loads((state / HOLDER).read_text())
        (state / HOLDER).write_text(json.dumps(told | {"pid": ended.pid}))
        with pytest.raises(LockedError, match="is running; nothing was done"):
            run(place)
        assert running(state) == "a process"


@pytest.mark.parametrize("text", cases(["", "[]", '{"pid": 1}'], ["", "[]"]))
def test_a_damaged_note_of_who_runs_hides_no_lock(place, text):
    state = place.warehouse / "state"
    with only_refresh(state):
        (state / HOLDER).write_text(text)
        with pytest.raises(LockedError, match="is running; nothing was done"):
            run(place)


def test_the_note_says_how_the_process_was_called(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/x/bin/pfs", "refresh", "--raw", "my files"])
    with only_refresh(tmp_path):
        told = json.loads((tmp_path / HOLDER).read_text())
    assert (told["pid"], told["command"]) == (os.getpid(), "pfs refresh --raw 'my files'")


def test_whoever_asks_who_runs_keeps_no_refresh_out(tmp_path):
    ends_at = time.monotonic() + 1

    def ask() -> None:
        while time.monotonic() < ends_at:
            running(tmp_path)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    taken = 0
    while time.monotonic() < ends_at:
        with only_refresh(tmp_path):
            taken += 1
    for thread in asking:
        thread.join()
    assert taken > 10


def test_nobody_runs_where_nothing_ever_ran(tmp_path):
    assert running(tmp_path) == ""
    assert list(tmp_path.iterdir()) == []
