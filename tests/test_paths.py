"""A path is neither a pattern nor data, wherever files are read and written."""

import csv
import os
import re
import tempfile
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.cli import main
from pipeline.errors import UsageError
from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.store import database, spill
from schemas.derive import identifier, quoted

PIPELINE = Path(__file__).parent.parent / "pipeline"
# A browser's second download, the folder of a data set, a pattern of DuckDB's.
# As an old share has it: the name is in Latin-1.
LATIN = os.fsdecode(b"donn\xe9es")
NAMES = ("release_id=X", "units=5", "claims[1]", "a*", "q?", "{a,b}", "it's", 'say "x"')


@pytest.mark.slow
def test_a_warehouse_below_any_folder_is_the_same(sample_warehouse: Path, tmp_path: Path):
    # DuckDB opens no file for writing below a question mark; a refresh says so.
    folder = tmp_path.joinpath(*(name for name in NAMES if "?" not in name))
    (folder / "raw").mkdir(parents=True)
    outcome = refresh(Options(raw=folder / "raw", warehouse=folder / "wh"), Report(quiet=True))
    assert outcome.build_id == (sample_warehouse / "exports" / "current").resolve().name


def test_files_are_read_by_their_name_and_nothing_else(tmp_path: Path):
    for name in NAMES:
        for other in ("claims1", "abc", "qx", "a"):
            (tmp_path / f"{other}.csv").write_text("n\nwrong\n")
            pl.DataFrame({"n": ["wrong"]}).write_parquet(tmp_path / f"{other}.parquet")
        table, text = tmp_path / f"{name}.parquet", tmp_path / f"{name}.csv"
        pl.DataFrame({"n": [name]}).write_parquet(table)
        with text.open("w", newline="") as file:
            csv.writer(file).writerows([["n"], [name]])
        with duckdb.connect() as con:
            assert con.sql(f"FROM {database.parquet([table])}").fetchall() == [(name,)]
            assert con.sql(f"FROM {database.csv_text(text, ['n'])}").fetchall() == [(name,)]
        assert database.read_table(table).rows() == [(name,)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "--warehouse", LATIN],
        ["refresh", "--raw", "schemas", "--warehouse", LATIN],
        ["price", f"{LATIN}/lines.csv", "--dry-run"],
        ["report", f"{LATIN}/lines.csv"],
        ["query", f"select '{LATIN}'"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_name_in_another_encoding_that_duckdb_would_have_to_open_is_refused(
    tmp_path, monkeypatch, capsys, arguments
):
    (tmp_path / LATIN).mkdir()
    (tmp_path / LATIN / "lines.csv").touch()
    (tmp_path / "schemas").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["fees", *arguments])
    with pytest.raises(SystemExit, match="2"):
        main()
    said = capsys.readouterr().err
    assert said.startswith("error: DuckDB can be told of UTF-8 only, and ")
    assert said.endswith(" is in another encoding: rename it.\n")
    assert r"donn\udce9es" in said


@pytest.mark.parametrize("name", ["what?", r"C:\data"])
def test_a_path_below_which_duckdb_cannot_write_is_refused(tmp_path, monkeypatch, capsys, name):
    """Also where the command runs below it, and the warehouse is named from there."""
    (tmp_path / name / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / name)
    monkeypatch.setattr("sys.argv", ["fees", "refresh", "--warehouse", "warehouse"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert f"cannot write below {tmp_path / name / 'warehouse'}, a path" in capsys.readouterr().err
    # Nor where a link leads there.
    (tmp_path / "link").symlink_to(tmp_path / name)
    monkeypatch.setattr("sys.argv", ["fees", "refresh", "--warehouse", str(tmp_path / "link")])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert f"cannot write below {tmp_path / name}, a path" in capsys.readouterr().err
    assert [x.name for x in (tmp_path / name).iterdir()] == ["raw"]


@pytest.mark.parametrize("arguments", ["status", "refresh --raw {raw}"])
def test_a_current_folder_that_is_gone_is_a_sentence(tmp_path, monkeypatch, capsys, arguments):
    (tmp_path / "raw").mkdir()
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setattr("sys.argv", ["fees", *arguments.format(raw=tmp_path / "raw").split()])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert capsys.readouterr().err.startswith("error: The folder that this was called in is gone: ")


def test_a_file_that_is_missing_without_a_name_is_no_folder_that_is_gone(monkeypatch):
    """As Polars says it, whose errors have no name of the file."""

    def fail(**_: object) -> None:
        raise FileNotFoundError("No such file or directory (os error 2): x.parquet")

    monkeypatch.setattr("pipeline.cli.fees", fail)
    with pytest.raises(FileNotFoundError, match=r"x\.parquet"):
        main()


def test_a_temporary_folder_of_such_a_name_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / LATIN))
    with pytest.raises(UsageError, match="is in another encoding"):
        spill._of_process.__wrapped__()


def test_no_name_and_no_text_ends_its_quotation():
    for text in (*NAMES, '"', "'", 'x") FROM (SELECT 1); --', "", "é\n\t"):
        with duckdb.connect() as con:
            relation = con.sql(f"SELECT {quoted(text)} AS {identifier(text or ' ')}")
            assert (relation.columns, relation.fetchall()) == ([text or " "], [(text,)])


def test_every_reader_of_duckdb_stands_where_its_options_do():
    """One reader that guesses is enough to lose lines."""
    readers = re.compile(r"\b(read_csv|read_parquet|parquet_scan|read_json)\([\[{']")
    found = {
        path.relative_to(PIPELINE).as_posix()
        for path in PIPELINE.rglob("*.py")
        if readers.search(path.read_text("utf-8"))
    }
    assert found <= {
        "store/database.py",
        "companions/utilization/__init__.py",
        "price/duckdb_engine.py",
        "price/report/figures.py",  # the heads alone
    }
