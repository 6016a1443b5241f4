"""What a warehouse holds, in the words of a message: what is nearest to what was asked for."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# So many names stand in a message.
MOST = 4

# RVU of RVU25D, ASP of SAMPLEASP25Q3@2025-06-23: what a name says of its schedule.
LETTERS = re.compile(r"(?:SAMPLE)?([A-Z]+)(?=\d)", re.IGNORECASE)

WORDS = "format('{} for {} to {}', posting_id, effective_from, effective_to)"


def near_names(held: Iterable[str], wanted: str) -> str:
    """Of the names that are held those beside ``wanted`` in their order: of its schedule, if any is."""
    names = sorted(held, key=_plain)
    letters = LETTERS.match(wanted)
    same = [
        x for x in names if letters and (of := LETTERS.match(x)) and of[1] == letters[1].upper()
    ]
    return _around(same or names, wanted)


def held_near_name(con: "duckdb.DuckDBPyConnection", wanted: str, schedule: str = "") -> str:
    """The postings beside ``wanted`` of its schedule; else the latest of each schedule.

    ``schedule`` asks for postings of that one only.
    """
    letters = LETTERS.match(wanted)
    query = (
        f"SELECT posting_id, {WORDS} FROM release WHERE if($schedule = '', "
        "regexp_matches(release_id, '^(SAMPLE)?' || $letters || '[0-9]'), schedule = $schedule)"
    )
    values = {"schedule": schedule, "letters": letters[1].upper() if letters else "-"}
    words = dict(con.execute(query, values).fetchall())
    if not words:
        return latest_held(con)
    names = sorted(words, key=_plain)
    return _around([words[name] for name in names], wanted, [_plain(name) for name in names])


def held_near_day(con: "duckdb.DuckDBPyConnection", day: date, schedule: str = "") -> str:
    """The postings of a schedule that are nearest to a day; without one the nearest of each schedule."""
    query = (
        f"SELECT {WORDS} FROM (FROM release WHERE is_current AND $schedule IN ('', schedule) "
        "QUALIFY row_number() OVER ("
        "PARTITION BY schedule, series "
        "ORDER BY greatest(effective_from - $day::DATE, $day::DATE - effective_to), effective_from) "
        "<= $most) ORDER BY schedule = 'pfs' DESC, schedule, effective_from, posting_id"
    )
    values = {"schedule": schedule, "day": day, "most": MOST if schedule else 1}
    return "; ".join(row[0] for row in con.execute(query, values).fetchall()) or "nothing"


def latest_held(con: "duckdb.DuckDBPyConnection") -> str:
    """The latest release of each schedule, and the last day that it is for."""
    query = (
        "SELECT format('{} to {}', release_id, effective_to) FROM release WHERE is_latest "
        "ORDER BY schedule = 'pfs' DESC, schedule, series"
    )
    latest = [row[0] for row in con.execute(query).fetchall()]
    return f"the latest of each schedule: {', '.join(latest)}" if latest else "nothing"


def _plain(name: str) -> str:
    """A name without the mark of the sample, as it is sorted."""
    return name.upper().removeprefix("SAMPLE")


def _around(words: list[str], wanted: str, names: list[str] | None = None) -> str:
    """Of ``words`` in the order of ``names`` those beside the place of ``wanted``, and how many more."""
    place = bisect_left(names or [_plain(x) for x in words], _plain(wanted))
    first = max(0, min(place - MOST // 2, len(words) - MOST))
    more = f"; {len(words) - MOST} more" if len(words) > MOST else ""
    divided = "; " if names else ", "
    return (divided.join(words[first : first + MOST]) + more) or "nothing"
