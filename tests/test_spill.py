"""What does not fit into memory goes to a folder of the process, and never to the current one."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import StorageError
from pipeline.store import database
from pipeline.store.spill import _of_process, spill_folder

pytestmark = [pytest.mark.whole, pytest.mark.slow]

PIPELINE = Path(database.__file__).parents[1]

# Keeps more than fits into memory, says what lies where, and then waits to be ended.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from pipeline.store import database
from pipeline.interrupt import end_by_signals
from pipeline.store.spill import _of_process
end_by_signals()
con = database.in_memory(memory_limit="50MB", threads=1)
con.execute("CREATE TABLE lines AS SELECT md5(range::VARCHAR) AS x FROM range(2000000)")
print(_of_process(), sum(1 for x in _of_process().rglob("*.tmp")), flush=True)
sys.stdin.read()
"""


@pytest.mark.usefixtures("hangup_is_heard")
@pytest.mark.parametrize("ending", [None, signal.SIGTERM, signal.SIGHUP])
def test_what_is_spilled_is_gone_with_the_process(tmp_path: Path, ending: signal.Signals | None):
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PIPELINE.parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert program.stdout and program.stdin
    folder, spilled = program.stdout.readline().split()
    assert int(spilled) > 0
    assert Path(folder).stat().st_mode & 0o077 == 0
    if ending:
        program.send_signal(ending)
    program.stdin.close()
    assert program.wait(timeout=30) == (130 if ending else 0)
    assert not Path(folder).exists()
    assert list(tmp_path.iterdir()) == []


def test_no_connection_spills_where_another_does():
    folders = [spill_folder() for _ in range(3)]
    assert len(set(folders)) == 3
    assert {Path(x).parent for x in folders} == {_of_process()}


def test_every_database_in_memory_is_opened_in_one_place():
    opened = {
        path.relative_to(PIPELINE).as_posix()
        for path in PIPELINE.rglob("*.py")
        if re.search(r"duckdb\.connect\(\)|duckdb\.connect\(config", path.read_text("utf-8"))
    }
    # Claim lines have a folder of their own, which is gone when the file is priced.
    assert opened == {"store/database.py", "price/duckdb_engine.py"}


def test_no_temporary_folder_is_a_sentence(monkeypatch):
    _of_process.cache_clear()
    monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")
    with pytest.raises(StorageError, match="name one: TMPDIR=FOLDER fees"):
        spill_folder()
    _of_process.cache_clear()
