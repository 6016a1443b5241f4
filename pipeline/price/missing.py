"""Lines that are refused for what other programs write: a word for no value, a time of day beside a date."""

import json
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
# How a day with a time and no zone is named that was not understood.
TIME_OF_DAY = (
    r'^date_of_service "[0-9/-]{8,10}[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?[AP]M)?"$'
)
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


def refused_for_a_time(con: duckdb.DuckDBPyConnection, priced: str) -> list[dict[str, Any]]:
    """The note on a run, if any of its priced lines is refused because a time stands beside its day.

    A zone may make another day of it, so that such lines are none of these.
    """
    [(count,)] = con.execute(
        f"SELECT count(*) FROM {priced} WHERE starts_with(not_understood, 'date_of_service \"') "
        f"AND regexp_matches(not_understood, {quoted(TIME_OF_DAY)}, 'i')"
    ).fetchall()
    if not count:
        return []
    lines = f"{count:,} line{'' if count == 1 else 's'}"
    words = (
        f"{lines}: refused for a time of day beside the date. Where it is that of the place of the service, "
        "a map (--columns FILE) leaves it out, which is two lines: [columns] and "
        r"""date_of_service = { column = "date_of_service", pattern = '^([^ T]+)(?:[ T][0-9:. ]+[APMapm]{0,2})?$' }, with the column's name in the file"""
    )
    days = {"first_day": None, "last_day": None}
    return [{"note": "time_of_day", "line_count": count, **days, "words": words}]


def words_for_nothing(values: Iterable[str]) -> list[str]:
    """The words among values that were not understood, as in: charge "NA"."""
    found = (re.search(f"{ENDS}$", value, re.IGNORECASE) for value in values)
    return sorted({x[1] for x in found if x})


def advice(words: list[str]) -> str:
    """What to do where words of a file stand for no value."""
    # As TOML writes a text, in which a backslash is written twice.
    listed = ", ".join(map(json.dumps, words[:NAMED]))
    return (
        f"Where {listed} stands for no value, a map (--columns FILE) says so of all columns, "
        f"in one line above [columns], if there is any: missing = [{listed}]"
    )
