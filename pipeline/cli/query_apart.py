"""One query of an assistant, in a process of its own that can be ended and given little memory.

DuckDB ends a query between two of its steps, and a step that makes one long list or text takes what
time and memory it wants.
"""

import json
import os
import resource
import subprocess
import sys
import threading
from datetime import date
from itertools import accumulate
from math import isfinite
from pathlib import Path
from typing import Any

import duckdb

from pipeline.cli.options import open_warehouse
from pipeline.cli.query import alone, refused
from pipeline.errors import PipelineError, UsageError
from pipeline.memory import WORDS

# Where this program was found.
ROOT = str(Path(__file__).parents[2])

MOST_CHARACTERS = 1_000_000
MOST_MEMORY = "1GB"
# Address space in bytes: the memory of a query, and what DuckDB and Python take beside it. Each thread
# takes some of it, so that they are few, however many cores there are.
MOST_ADDRESSES = 3_000_000_000
THREADS = 2
# So many seconds more are for the process to begin, and for a query to end by itself.
GRACE = 10.0


def asked_apart(warehouse: Path, sql: str, most: int, seconds: float) -> dict[str, Any]:
    """The rows of one SELECT; UsageError where it is none, or takes more than it may."""
    command = [
        sys.executable,
        "-P",
        "-m",
        __name__,
        *map(str, (warehouse.absolute(), most, seconds)),
    ]
    # The same program answers, wherever this one was found.
    found = {"PYTHONPATH": os.pathsep.join((ROOT, *filter(None, [os.environ.get("PYTHONPATH")])))}
    try:
        done = subprocess.run(
            command,
            input=sql.encode("utf-8", "replace"),
            capture_output=True,
            timeout=seconds + GRACE,
            env=os.environ | found,
        )
    except subprocess.TimeoutExpired:
        raise _too_long(seconds) from None
    if not done.stdout:
        # Who is denied memory may be ended without a word, or with those of a library.
        words = done.stderr.decode(errors="replace")
        if done.returncode < 0 or any(x in words for x in (*WORDS, "MemoryError")):
            raise _too_much()
        raise RuntimeError(f"The process of a query ended with {done.returncode}: {words[-500:]}")
    said = json.loads(done.stdout)
    if "error" in said:
        raise UsageError(said["error"])
    return said


def main() -> None:
    """Answer the query that stands on standard input, as JSON on standard output."""
    warehouse, most, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limits = [x for x in (soft, hard) if x != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([MOST_ADDRESSES, *limits]), hard))
    sql = sys.stdin.buffer.read().decode()
    try:
        with (
            open_warehouse(warehouse),
            alone(warehouse, memory_limit=MOST_MEMORY, threads=str(THREADS)) as con,
        ):
            said = plain(_query(con, sql, most, seconds))
    except MemoryError:
        said = {"error": str(_too_much())}
    except PipelineError as error:
        said = {"error": str(error)}
    sys.stdout.write(json.dumps(said))


def _query(con: duckdb.DuckDBPyConnection, sql: str, most: int, seconds: float) -> dict[str, Any]:
    """The rows of one SELECT, as long as it takes no longer than it may."""
    clock = threading.Timer(seconds, con.interrupt)
    try:
        statements = con.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("Give one SELECT; nothing was run.")
        clock.start()
        cursor = con.execute(statements[0])
        found = cursor.fetchmany(most + 1)
    except duckdb.InterruptException:
        raise _too_long(seconds) from None
    except duckdb.OutOfMemoryException:
        raise _too_much() from None
    except (duckdb.Error, OverflowError, ValueError) as error:
        raise refused(error) from None
    finally:
        clock.cancel()
    columns = [column[0] for column in cursor.description or []]
    releases = con.execute("SELECT release_id FROM release WHERE is_current ORDER BY 1").fetchall()
    rows = _within(found[:most])
    return {
        "columns": columns,
        "rows": rows,
        "is_cut_off": len(found) > len(rows),
        "releases": [release for (release,) in releases],
    }


def _too_long(seconds: float) -> UsageError:
    return UsageError(f"The query took more than {seconds:g} seconds and was ended; ask for less.")


def _too_much() -> UsageError:
    return UsageError(
        f"The query took more than {MOST_MEMORY} of memory and was ended; ask for less."
    )


def _within(rows: list[tuple]) -> list[tuple]:
    """The first rows that an answer has room for; UsageError where it has none for the first."""
    sizes = accumulate(sum(len(str(cell)) for cell in row) for row in rows)
    room = sum(size <= MOST_CHARACTERS for size in sizes)
    if rows and not room:
        raise UsageError(
            f"The first row has more than {MOST_CHARACTERS:,} characters; ask for less of it."
        )
    return rows[:room]


def plain(value: Any) -> Any:
    """A value as JSON has it: amounts as texts, days as in 2025-10-02; it has no number for nan and inf."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    is_number = isinstance(value, float) and isfinite(value)
    if value is None or is_number or isinstance(value, (bool, int, str)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


if __name__ == "__main__":
    main()
