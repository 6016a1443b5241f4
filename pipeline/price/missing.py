"""Lines that are refused for a word that stands for no value in the files of other programs."""

import re
from collections.abc import Iterable
from typing import Any

import duckdb

from pipeline.price.cell import NO_VALUE
from schemas.derive import quoted

# R writes NA where there is no value and SAS a dot; the words that tell no one from another are those of all columns.
WORDS = (*NO_VALUE, ".", "-", "--")
# How a value that was not understood ends: charge "NA".
ENDS = rf' "({"|".join(map(re.escape, WORDS))})"'
# As many of them are named.
NAMED = 5


def refused_for_a_word(con: duckdb.DuckDBPyConnection, priced: str) -> list[dict[str, Any]]:
    """The note on a run, if any of its priced lines is refused so; in the shape of ``contradictions``."""
    word = f"regexp_extract(not_understood, {quoted(ENDS + '$')}, 1, 'i')"
    [(count, found)] = con.execute(
        f"SELECT count(*), list(DISTINCT {word} ORDER BY {word}) FROM {priced} "
        f"WHERE contains(not_understood, '\"') AND {word} <> ''"
    ).fetchall()
    if not count:
        return []
    lines = f"{count:,} line{'' if count == 1 else 's'}"
    words = f"{lines}: refused for a word that may stand for no value. {advice(found)}"
    days = {"first_day": None, "last_day": None}
    return [{"note": "word_for_no_value", "line_count": count, **days, "words": words}]


def words_for_nothing(values: Iterable[str]) -> list[str]:
    """The words among values that were not understood, as in: charge "NA"."""
    found = (re.search(f"{ENDS}$", value, re.IGNORECASE) for value in values)
    return sorted({x[1] for x in found if x})


def advice(words: list[str]) -> str:
    """What to do where words of a file stand for no value."""
    listed = ", ".join(f'"{word}"' for word in words[:NAMED])
    return (
        f"Where {listed} stands for no value, a map (--columns FILE) says so of all columns, "
        f"in one line above [columns], if there is any: missing = [{listed}]"
    )
