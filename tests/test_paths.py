"""A path is neither a pattern nor data, wherever files are read and written."""

import csv
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.refresh.options import Options
from pipeline.refresh.refresh import refresh
from pipeline.report import Report
from pipeline.store import database
from schemas.derive import identifier, quoted

PIPELINE = Path(__file__).parent.parent / "pipeline"
# A browser's second download, the folder of a data set, a pattern of DuckDB's.
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
