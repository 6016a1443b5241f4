"""What every warehouse begins with is made once and kept for the next one."""

import os
import stat
from pathlib import Path

import duckdb
import pytest

from pipeline.release import warehouse
from pipeline.schedules.all import SCHEDULES
from pipeline.store import kept, parts

pytestmark = pytest.mark.whole

MADE_AFTER = "these definitions"


@pytest.fixture
def caches(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches"


@pytest.fixture
def makings(monkeypatch) -> list[str]:
    """A note of each time that an empty database is made anew, which here has tables alone."""
    noted = []

    def make_empty(con, schedules, made_after):
        noted.append(made_after)
        parts.note_made(con, made_after)

    monkeypatch.setattr(warehouse, "make_empty", make_empty)
    return noted


def open_new(path: Path, made_after: str = MADE_AFTER) -> list[tuple]:
    """Whatever a new database has: tables and columns with their comments, views, macros, rows."""
    with warehouse.open_warehouse(path, None, SCHEDULES, made_after, 2) as con:
        con.execute("COMMIT")
    with duckdb.connect(str(path), read_only=True) as con:
        return [
            row
            for source, columns in (
                ("duckdb_columns()", "table_name, column_name, data_type, comment"),
                ("duckdb_tables()", "schema_name, table_name, comment, estimated_size"),
                ("duckdb_views()", "view_name, sql, comment"),
                ("duckdb_functions()", "function_name, macro_definition, comment"),
                ("pricing_rule", "*"),
            )
            for row in con.execute(f"SELECT {columns} FROM {source} ORDER BY ALL").fetchall()
        ]


def test_a_database_begins_as_a_copy_of_what_was_made_before(tmp_path, caches):
    first, second = (open_new(tmp_path / f"{name}.duckdb") for name in ("first", "second"))

    assert first == second
    assert stat.S_IMODE((tmp_path / "second.duckdb").stat().st_mode) == 0o644


def test_it_is_made_once_for_the_same_definitions(tmp_path, caches, makings):
    open_new(tmp_path / "first.duckdb")
    open_new(tmp_path / "second.duckdb")
    open_new(tmp_path / "third.duckdb", "other definitions")

    assert makings == [MADE_AFTER, "other definitions"]


def test_a_damaged_copy_counts_as_none(tmp_path, caches, makings):
    first = open_new(tmp_path / "first.duckdb")
    [file] = (caches / kept.FOLDER).iterdir()
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // 2)
        damaged.write(b"damage")

    assert open_new(tmp_path / "second.duckdb") == first
    assert makings == [MADE_AFTER] * 2


def test_where_nothing_can_be_kept_a_database_is_made_each_time(tmp_path, caches, makings):
    caches.write_text("a file where the folder should be")

    assert open_new(tmp_path / "first.duckdb") == open_new(tmp_path / "second.duckdb")
    assert makings == [MADE_AFTER] * 2


def test_nothing_is_left_in_the_folder_of_another_user(tmp_path, caches, makings, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    open_new(tmp_path / "first.duckdb")

    assert not caches.exists()


def test_the_last_three_are_kept(tmp_path, caches):
    source = tmp_path / "source"
    for number in range(5):
        source.write_text(str(number))
        kept.keep_file(source, f"name-{number}")
        for path in (caches / kept.FOLDER).iterdir():
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 10))

    found = [kept.kept_file(f"name-{number}") for number in range(5)]
    assert [path and path.read_text() for path in found] == [None, None, "2", "3", "4"]


def test_an_unfinished_database_is_not_kept(tmp_path, caches, monkeypatch):
    def fail(*_):
        raise duckdb.IOException("the disk is full")

    monkeypatch.setattr(warehouse, "make_empty", fail)
    with pytest.raises(duckdb.IOException):
        open_new(tmp_path / "first.duckdb")

    assert not caches.exists()
