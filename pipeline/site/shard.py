"""Data files of the site: each is a script that hands one value to the page."""

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

QUERIES = Path(__file__).parent / "query"

# Codes that begin with the same three characters share a file, or with the same four where that
# file would be larger than this, so that a page opens at once and the files are not too many.
MOST_BYTES = 16_000


def write_shard(folder: Path, name: str, value: Any) -> None:
    """Write ``value`` as the data file ``name`` (``RVU25D/codes/9929``) below ``folder``."""
    write_shard_text(folder, name, as_json(value))


def write_shard_text(folder: Path, name: str, text: str) -> None:
    """Write a value that is JSON already."""
    path = folder / f"{name}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"Site.put({json.dumps(name)}, {text});\n", encoding="utf-8")


def packed(found: list[dict]) -> dict[str, list]:
    """A table by column: its different values, and for each row the number of its value.

    The values of most columns repeat, and names in every row weigh more than the values.
    """
    columns = {}
    for name in found[0] if found else ():
        texts = [as_json(row[name]) for row in found]
        numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        values = list({text: row[name] for text, row in zip(texts, found, strict=True)}.values())
        columns[name] = [values, [numbers[text] for text in texts]]
    return columns


def write_code_shards(folder: Path, name: str, records: dict[str, str]) -> str:
    """Write records of codes, JSON already, into the files ``name/PREFIX``.

    Returns the prefixes of three characters, each followed by the fourth characters by which it
    is divided further, as in ``450 451:0123``.
    """
    shards: dict[str, dict[str, str]] = defaultdict(dict)
    for code, record in records.items():
        shards[code[:3]][code] = record
    divided = [
        prefix for prefix, held in shards.items() if sum(map(len, held.values())) > MOST_BYTES
    ]
    for prefix in divided:
        for code, record in shards.pop(prefix).items():
            shards[code[:4]][code] = record
    for prefix, held in shards.items():
        lines = ",\n".join(f"{as_json(code)}:{record}" for code, record in held.items())
        write_shard_text(folder, f"{name}/{prefix}", f"{{{lines}}}")
    fourths: dict[str, set[str]] = defaultdict(set)
    for code in records:
        fourths[code[:3]].add(code[3])
    return " ".join(
        f"{prefix}:{''.join(sorted(found))}" if prefix in divided else prefix
        for prefix, found in sorted(fourths.items())
    )


def as_json(value: Any) -> str:
    """JSON without blanks; exact decimals and dates are texts."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    # The file may be shown or embedded elsewhere: nothing in it may look like a tag.
    return text.replace("<", "\\u003c")


def rows(con: duckdb.DuckDBPyConnection, name: str, **values: Any) -> list[tuple]:
    """The rows of a query of the site, with decimals as texts."""
    cursor = _run(con, name, values)
    return [tuple(map(_plain, row)) for row in cursor.fetchall()]


def entries(con: duckdb.DuckDBPyConnection, name: str, **values: Any) -> list[dict[str, Any]]:
    """The same rows as dictionaries."""
    cursor = _run(con, name, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]


def _run(con: duckdb.DuckDBPyConnection, name: str, values: dict) -> duckdb.DuckDBPyConnection:
    return con.execute((QUERIES / f"{name}.sql").read_text("utf-8"), values)


def has_table(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the warehouse has a table; some come from files that not everybody has."""
    query = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = ?"
    return con.execute(query, [name]).fetchall()[0][0] > 0


def _plain(cell: Any) -> Any:
    return str(cell) if isinstance(cell, Decimal) else cell
