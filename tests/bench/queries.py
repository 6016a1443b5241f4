"""How long the worked queries of docs/queries.md take: python -m tests.bench.queries DATABASE

Rows are fetched into Python. A query that takes longer than it may is printed with the operators
of its plan that take most of it.
"""

import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from tests.helpers.worked import WORKED

TIMES = 5

# Milliseconds that a query may take, and how many operators tell why one takes longer.
ALLOWED, MOST_NAMED = 150, 3


def bench_queries(database: Path) -> None:
    """Print the median of several runs of each query, and why one takes long."""
    with duckdb.connect(str(database), read_only=True) as con:
        for one in WORKED:
            taken = []
            for _ in range(TIMES):
                began = time.perf_counter()
                rows = len(con.execute(one.query).fetchall())
                taken.append(1000 * (time.perf_counter() - began))
            print(f"{statistics.median(taken):5.0f} ms, {rows:>3} rows  {one.title}")
            if statistics.median(taken) > ALLOWED:
                for line in _costliest(con, one.query):
                    print(f"    {line}")


def _costliest(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """What the planner takes, and the operators that take longest with their rows and what they are of."""
    [(_, text)] = con.execute(f"EXPLAIN (ANALYZE, FORMAT json) {query}").fetchall()
    profile = json.loads(text)
    planned = sum(profile[name]["total_time"] for name in ("planner", "optimizer"))
    operators = sorted(_operators(profile["operator"]), key=lambda one: -one["timing"])
    return [f"{1000 * planned:5.0f} ms to plan"] + [
        f"{1000 * one['timing']:5.0f} ms, {one['intermediate_rows']:>9,} rows  {one['type']} {_about(one)}"
        for one in operators[:MOST_NAMED]
    ]


def _operators(nodes: list[dict]) -> Iterator[dict]:
    for node in nodes:
        yield node
        yield from _operators(node.get("children", []))


def _about(operator: dict) -> str:
    info = operator["extra_info"]
    return " ".join(
        f"{name}: {info[name]}"
        for name in ("Table", "Conditions", "Filters", "Groups")
        if name in info
    )[:150]


if __name__ == "__main__":
    bench_queries(Path(sys.argv[1]))
