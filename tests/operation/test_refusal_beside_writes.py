"""A release is refused while its locality amounts are still being written on another thread.

DuckDB 2.0.0 can lose the wake-up of a COPY that is interrupted, and the run then waits for ever.
"""

import threading
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import RefusedError, refuse
from pipeline.release import model as release_model
from pipeline.store import database
from tests.operation.place import run, snapshot

pytestmark = [pytest.mark.whole, pytest.mark.slow]

PIPELINE = Path(__file__).parents[2] / "pipeline"


class SlowWriter:
    """A connection whose COPY begins at once and goes on after the refusal, as a large one does."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.has_begun, self.is_refused = threading.Event(), threading.Event()
        self.was_interrupted, self.has_ended = False, False

    def execute(self, query: str) -> duckdb.DuckDBPyConnection:
        self.has_begun.set()
        assert self.is_refused.wait(60)
        done = self.con.execute(query)
        self.has_ended = True
        return done

    def interrupt(self) -> None:
        self.was_interrupted = True


@pytest.mark.parametrize("refused_by", [RefusedError, KeyboardInterrupt])
def test_a_refusal_lets_what_is_being_written_come_to_its_end(
    real_place, add_release, monkeypatch, refused_by
):
    add_release(real_place.raw, "rvu25c", "July")
    before = snapshot(real_place)
    writers, cursor_of = [], database.cursor_of

    def slow(con: duckdb.DuckDBPyConnection) -> SlowWriter:
        writers.append(SlowWriter(cursor_of(con)))
        return writers[-1]

    def refuse_meanwhile(*_):
        assert writers[-1].has_begun.wait(60)
        threading.Timer(0.2, writers[-1].is_refused.set).start()
        raise refused_by() if refused_by is KeyboardInterrupt else refuse("x", "rule", "wrong")

    monkeypatch.setattr(database, "cursor_of", slow)
    monkeypatch.setattr(release_model, "check_release", refuse_meanwhile)
    if refused_by is KeyboardInterrupt:
        with pytest.raises(KeyboardInterrupt):
            run(real_place)
    else:
        assert run(real_place).refused
    assert [(x.has_ended, x.was_interrupted) for x in writers] == [(True, False)]
    assert snapshot(real_place) == before


def test_nothing_interrupts_a_connection_of_another_thread():
    calls = [x.name for x in sorted(PIPELINE.rglob("*.py")) if ".interrupt(" in x.read_text()]
    assert calls == []
