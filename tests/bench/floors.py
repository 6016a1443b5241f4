"""What the bytes of a stage cost alone: the same files read, written or hashed by bare calls.

A stage that is not here has no such floor: what it proves or computes is its whole work.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import polars as pl

from pipeline.publish.swap import Warehouse
from pipeline.store.fingerprint import PIPELINE
from schemas.definitions import SCHEMAS

TIMES = 3

AS_TEXT: dict[str, Any] = {
    "has_header": False,
    "infer_schema": False,
    "encoding": "utf8-lossy",
    "truncate_ragged_lines": True,
}


@dataclass
class Made:
    """What a run made of a ``release``; ``scratch`` is a folder to write into."""

    release: Path
    warehouse: Warehouse
    scratch: Path

    @property
    def artefacts(self) -> list[Path]:
        """The folders with what came of the release."""
        name = self.release.name
        return [x for x in self.warehouse.artefacts.iterdir() if name in x.name.lower()]


Floor = Callable[[Made], None]


def imports(_: Made) -> None:
    """Python with the two libraries that everything is done with."""
    _run_python("import duckdb, polars")


def imports_of_nothing_new(_: Made) -> None:
    """Python with what reads a command line."""
    _run_python("import click")


def _run_python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def definitions(_: Made) -> None:
    """Every definition parsed."""
    for path in SCHEMAS.rglob("*.toml"):
        tomllib.loads(path.read_text("utf-8"))


def hashing(_: Made) -> None:
    """Every byte of code and definitions hashed once."""
    for root in (PIPELINE, SCHEMAS):
        _hash(path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc")


def looking(made: Made) -> None:
    """The published database hashed once."""
    _hash([made.warehouse.database])


def reading(made: Made) -> None:
    """Every form of every file, as texts."""
    for path in made.release.iterdir():
        if path.suffix in (".csv", ".txt"):
            # A file in columns of fixed width is one column here.
            parts: dict[str, Any] = (
                {} if path.suffix == ".csv" else {"separator": "\x01", "quote_char": None}
            )
            pl.read_csv(path, **AS_TEXT, **parts)
        elif path.suffix == ".xlsx":
            book = fastexcel.read_excel(path)
            for sheet in book.sheet_names:
                book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()


def writing(made: Made) -> None:
    """The same files copied from their Parquet, and hashed."""
    files = [path for folder in made.artefacts for path in folder.glob("*/*.parquet")]
    # A table that is exported as it is stored is one file with two names.
    once = {path.stat().st_ino: path for path in files}.values()
    _write_again(
        {path: [path, path.with_suffix(".csv"), path.with_suffix(".json")] for path in once},
        made.scratch,
    )


def assembling(made: Made) -> None:
    """The tables of the database copied into a new one."""
    new = made.scratch / "assembled.duckdb"
    new.unlink(missing_ok=True)
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute(f"ATTACH '{made.warehouse.database}' AS old (READ_ONLY)")
        con.execute(f"ATTACH '{new}' AS new")
        con.execute("BEGIN")
        names = con.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'old'"
        ).fetchall()
        for schema, name in names:
            con.execute(f"CREATE SCHEMA IF NOT EXISTS new.{schema}")
            con.execute(f"CREATE TABLE new.{schema}.{name} AS FROM old.{schema}.{name}")
        con.execute("COMMIT")


def copying(made: Made) -> None:
    """The database copied as a file."""
    shutil.copyfile(made.warehouse.database, made.scratch / "assembled.duckdb")


def exporting(made: Made) -> None:
    """The same whole tables copied from their Parquet, and hashed."""
    current = made.warehouse.current
    found = {}
    for path in current.glob("*/data.parquet"):
        name = path.parent.name
        found[path] = [path, *(current / form / name / f"data.{form}" for form in ("csv", "json"))]
    _write_again(found, made.scratch)


def publishing(made: Made) -> None:
    """The database written through to the disk, and hashed."""
    with made.warehouse.database.open("rb") as file:
        os.fsync(file.fileno())
    _hash([made.warehouse.database])


FROM_NOTHING = {
    "imports": imports,
    "definitions": definitions,
    "hashing of code and definitions": hashing,
    "reading": reading,
    "writing": writing,
    "assembling": assembling,
    "exporting": exporting,
    "publishing": publishing,
}
ONE_MORE = FROM_NOTHING | {"looking at what is held": looking, "assembling": copying}
NOTHING_NEW = {"imports": imports_of_nothing_new, "hashing of code and definitions": hashing}


def least_of(work: Floor, made: Made) -> tuple[float, float]:
    """The least wall and processor seconds that bare work takes, several times over."""
    walls, cpus = zip(*(_timed(work, made) for _ in range(TIMES)), strict=True)
    return min(walls), min(cpus)


def _timed(work: Floor, made: Made) -> tuple[float, float]:
    began, before = time.perf_counter(), sum(os.times()[:4])
    work(made)
    return time.perf_counter() - began, sum(os.times()[:4]) - before


def _hash(paths: Iterable[Path]) -> None:
    for path in paths:
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")


def _write_again(tables: dict[Path, list[Path]], scratch: Path) -> None:
    """Write each table, given as Parquet, in the forms of those of its files that there are."""
    options = {"parquet": ", COMPRESSION zstd", "json": ", ARRAY true"}
    with duckdb.connect(config={"threads": 1}) as con:
        for parquet, files in tables.items():
            for form in (path.suffix[1:] for path in files if path.exists()):
                target = scratch / f"written.{form}"
                query = f"FROM read_parquet('{parquet}')"
                con.execute(f"COPY ({query}) TO '{target}' (FORMAT {form}{options.get(form, '')})")
                _hash([target])
