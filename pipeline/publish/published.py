"""The published database: where it lies, what others left beside it, and which contract it is of.

It is all that a question needs to know, and imports nothing of what publishes.
"""

import os
from pathlib import Path


def database_of(folder: Path) -> Path:
    """The published database of a warehouse folder."""
    return folder / "fee_schedule.duckdb"


def left_by_clients(database: Path) -> list[Path]:
    """The logs of programs that opened a database without -readonly and did not end well.

    DuckDB replays them over whatever database lies under that name. Its folder for what does
    not fit into memory is none of them: a program that reads may be using it.
    """
    names = (f"{database.name}{ending}" for ending in (".wal", ".wal.checkpoint", ".wal.recovery"))
    return [path for path in map(database.with_name, names) if os.path.lexists(path)]


def version_of(contract: str) -> tuple[int, ...]:
    """A contract version as numbers; (0,) where it is none."""
    parts = contract.split(".")
    return tuple(map(int, parts)) if all(x.isascii() and x.isdigit() for x in parts) else (0,)
