"""Files of claim lines as they are understood: by a map, by a known kind, by values said for all."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from pipeline.price import duckdb_engine as engine
from pipeline.price.claim_file import Said
from pipeline.price.column_map import read_map
from pipeline.price.source import Wanted
from pipeline.store.database import rows_of
from tests.helpers.claim_lines import text

HERS = ("ClaimNo", "Ln", "DOS", "CPT", "Mods", "Qty", "POS", "Zip")


def reading(con: duckdb.DuckDBPyConnection, folder: Path) -> Callable[..., list[dict]]:
    """A function that gives the lines of a file as they are understood, by a map in TOML if there is one."""

    def call(file: Path, toml: str = "", wanted: dict | None = None, **said) -> list[dict]:
        if toml:
            (folder / "map.toml").write_text(toml)
            said["column_map"] = read_map(folder / "map.toml")
        engine.take_lines(con, Wanted(file, **(wanted or {})), Said(**said))
        return rows_of(con, "SELECT * EXCLUDE (line_id) FROM incoming_line ORDER BY line_id")

    return call


def written(folder: Path, *lines: tuple, heads: tuple = HERS, name: str = "lines.csv") -> Path:
    """A text file of lines."""
    file = folder / name
    file.write_text(text(*lines, heads=heads))
    return file


def column(lines: list[dict], name: str) -> list:
    """Of each line the value, or what of it was not understood."""
    return [line["remark"] or str(line[name] if line[name] is not None else "") for line in lines]
