"""What a warehouse says otherwise than the truth, value by value."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

# What a release says, with the key of a row; all that is published follows from these.
SOURCES = {
    "release": ("release_id",),
    "conversion_factor": ("program", "conversion_factor_class", "effective_from"),
    "rvu": ("release_id", "hcpcs_code", "modifier"),
    "locality": ("release_id", "mac", "locality_number"),
}
# What is computed, with the key of a row.
CLASS_AND_CODE = ("release_id", "conversion_factor_class", "hcpcs_code", "modifier")
COMPUTED = {
    "payment_national": CLASS_AND_CODE,
    "payment_locality": (*CLASS_AND_CODE, "mac", "locality_number"),
    "work_rvu_rank": ("release_id", "hcpcs_code"),
    "payment_rank": ("release_id", "hcpcs_code", "setting"),
}
# Where a value was read and by which words, and which files of the release are missing.
APART = (
    *("source_file", "source_line", "content_sha256", "bundle", "title", "source", "notice"),
    *("missing_files", "layout_evidence"),
)
# What stands where a value is not known; `missing` is the typed reason of an index.
NOTHING_SAID = (None, "", "missing")
ROW = "row"


@dataclass(frozen=True)
class Difference:
    """A value that is not the true one; the column ``row`` is a whole row, lost or made up."""

    table: str
    key: tuple[str, ...]
    column: str
    truth: str | None
    value: str | None

    @property
    def is_withheld(self) -> bool:
        """Whether nothing is said where the truth is something."""
        return self.value in NOTHING_SAID and self.column != ROW

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of {self.key} is {self.value}, in truth {self.truth}"


def differences(con: duckdb.DuckDBPyConnection) -> list[Difference]:
    """What a release says in ``con`` otherwise than in the warehouse attached as ``truth``."""
    return [found for table, key in SOURCES.items() for found in _of_table(con, table, key)]


def _of_table(
    con: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...]
) -> Iterable[Difference]:
    names = _columns(con, table, (*key, *APART))
    sides = [_long(f"{catalog}.main.{table}", key, names) for catalog in ("truth", "mutant")]
    found = con.sql(
        f"SELECT {', '.join(key)}, column_name, truth.said, mutant.said "
        f"FROM ({sides[0]}) AS truth FULL JOIN ({sides[1]}) AS mutant "
        f"USING ({', '.join(key)}, column_name) "
        "WHERE truth.said IS DISTINCT FROM mutant.said ORDER BY ALL"
    ).fetchall()
    every = [Difference(table, tuple(row[:-3]), *row[-3:]) for row in found]
    whole = {one.key for one in every if one.column == ROW}
    return [one for one in every if one.column == ROW or one.key not in whole]


def _long(table: str, key: tuple[str, ...], names: list[str]) -> str:
    """A table with one row a value, as text, and one for the row itself."""
    texts = ", ".join(f"{name}::VARCHAR AS {name}" for name in (*key, *names))
    return (
        f"SELECT * FROM (SELECT {texts}, 'there' AS {ROW}_ FROM {table}) "
        f"UNPIVOT INCLUDE NULLS (said FOR column_name IN ({ROW}_ AS {ROW}, {', '.join(names)}))"
    )


def _columns(con: duckdb.DuckDBPyConnection, table: str, apart: tuple[str, ...]) -> list[str]:
    found = con.sql(f"DESCRIBE mutant.main.{table}").fetchall()
    return [name for name, *_ in found if name not in apart]


def computed_otherwise(con: duckdb.DuckDBPyConnection) -> list[tuple[str, dict]]:
    """The table and the key of each computed row that is not the true one.

    ``said`` beside the key is true where it has another number in the place of the true one.
    """
    return [(table, row) for table, key in COMPUTED.items() for row in _other_rows(con, table, key)]


def _other_rows(con: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...]) -> list[dict]:
    types = {
        name: type_
        for name, type_, *_ in con.sql(f"DESCRIBE mutant.main.{table}").fetchall()
        if name not in (*key, *APART)
    }
    numbers = [name for name, type_ in types.items() if type_.startswith(("DECIMAL", "INT", "BIG"))]
    differs = " OR ".join(f"t.{name} IS DISTINCT FROM m.{name}" for name in types)
    said = " OR ".join(f"(m.{x} IS NOT NULL AND t.{x} IS DISTINCT FROM m.{x})" for x in numbers)
    keys = ", ".join(key)
    found = con.sql(
        f"SELECT {keys}, {said} FROM truth.main.{table} AS t FULL JOIN mutant.main.{table} AS m "
        f"USING ({keys}) WHERE {differs}"
    ).fetchall()
    return [dict(zip((*key, "said"), row, strict=True)) for row in found]
