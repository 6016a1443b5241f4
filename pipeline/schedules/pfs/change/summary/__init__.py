"""``changes.md``: what changed in the latest release, for people."""

from pathlib import Path

import duckdb

from pipeline.release.schedule import Summary
from pipeline.schedules.pfs.change import rvu_value_change_query
from pipeline.schedules.pfs.change.any_pair import compare, name_of
from pipeline.store.database import cursor_of, rows_of
from pipeline.store.sql import compose
from schemas.derive import quoted

HERE = Path(__file__).parent
MOST_MOVERS = 10
MOST_CODES = 60
# Between the neighbours seen within a year CMS changed 45, 79 and 84 values.
MOST_VALUES = 200
SETTINGS = {"nonfacility": "in an office", "facility": "in a facility"}


def summarise(con: duckdb.DuckDBPyConnection) -> Summary | None:
    """The page about the latest release beside the one before it and what else it is held against.

    None where the warehouse holds nothing to compare it with. ``con`` uses the new warehouse.
    """
    of_schedule = "FROM release WHERE schedule = 'pfs' AND is_current ORDER BY effective_from"
    releases = rows_of(con, of_schedule)
    if not releases:
        return None
    latest = releases[-1]
    others = _held_against(con, latest, releases[:-1])
    if not others:
        return None
    with cursor_of(con) as own:
        parts = [page(own, other, latest) for other in others]
    return Summary(latest["release_id"], "\n".join(parts))


def _held_against(con: duckdb.DuckDBPyConnection, latest: dict, earlier: list[dict]) -> list[dict]:
    """The release before it, the last one of a year before, and the posting that it replaced."""
    of_year_before = [x for x in earlier if x["calendar_year"] < latest["calendar_year"]]
    replaced = rows_of(
        con,
        f"FROM release WHERE superseded_by = {quoted(latest['posting_id'])} ORDER BY posting_id",
    )
    unlike = of_year_before[-1:] if of_year_before[-1:] != earlier[-1:] else []
    return [*earlier[-1:], *unlike, *replaced[-1:]]


def page(con: duckdb.DuckDBPyConnection, before: dict, after: dict) -> str:
    """What changed between two rows of ``release``, as Markdown."""
    compare(con, before, after)
    pair = "SELECT DISTINCT release_id, previous_release_id FROM compared_pair"
    changes = "FROM compared_pair"
    lines = [
        f"# From {name_of(before)} to {name_of(after)}",
        "",
        f"{name_of(after)} is for services from {after['effective_from']} to "
        f"{after['effective_to']}, {name_of(before)} for those from "
        f"{before['effective_from']} to {before['effective_to']}. Amounts are national payments in "
        "US dollars, by the default conversion factor. Codes have no descriptions here: those of "
        "CPT and CDT are copyrighted.",
        "",
        _factors(con, before, after),
        "",
        *_table(rows_of(con, compose(HERE / "kinds.sql", changes=changes))),
        *_table(rows_of(con, compose(HERE / "columns.sql", changes=changes))),
        *_table(rows_of(con, compose(HERE / "sections.sql", pair=pair))),
    ]
    if before["calendar_year"] == after["calendar_year"]:
        lines += _values(con)
    for kind in ("added", "removed"):
        lines += _codes(con, kind)
    for setting, words in SETTINGS.items():
        for direction, order in (("rises", "DESC"), ("falls", "ASC")):
            lines += _movers(con, setting, words, direction, order)
    return "\n".join(lines)


def _factors(con: duckdb.DuckDBPyConnection, before: dict, after: dict) -> str:
    query = (
        "SELECT any_value(conversion_factor) AS factor FROM payment_national "
        "WHERE is_default_class AND release_id = '{}'"
    )
    old, new = (rows_of(con, query.format(name_of(x)))[0]["factor"] for x in (before, after))
    if old == new:
        return f"The conversion factor is unchanged: {new}."
    percent = 100 * (float(new) / float(old) - 1)
    return f"The conversion factor went from {old} to {new} ({percent:+.2f}%)."


def _values(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every value that changed: within a year CMS changes few, and each can be held against its files."""
    rows = rows_of(
        con,
        "SELECT hcpcs_code AS code, modifier AS mod, column_name AS column, value_before AS before, "
        f"value_after AS after FROM ({rvu_value_change_query('FROM compared_pair')}) ORDER BY ALL",
    )
    if not rows:
        return []
    more = [f"and {len(rows) - MOST_VALUES:,} more", ""] if len(rows) > MOST_VALUES else []
    return [f"## Values changed: {len(rows):,}", "", *_table(rows[:MOST_VALUES]), *more]


def _codes(con: duckdb.DuckDBPyConnection, kind: str) -> list[str]:
    query = (
        "SELECT DISTINCT hcpcs_code FROM compared_pair AS one WHERE change_kind = ? AND NOT EXISTS "
        "(FROM compared_pair AS other WHERE other.hcpcs_code = one.hcpcs_code "
        "AND other.modifier = '' AND other.change_kind <> ?) ORDER BY ALL"
    )
    codes = [row[0] for row in con.execute(query, [kind, kind]).fetchall()]
    if not codes:
        return []
    more = f" and {len(codes) - MOST_CODES:,} more" if len(codes) > MOST_CODES else ""
    others = con.execute(
        "SELECT count(DISTINCT hcpcs_code) FROM compared_pair WHERE change_kind = ?", [kind]
    ).fetchall()[0][0] - len(codes)
    noun = "code" if others == 1 else "codes"
    rows = f"; of {others:,} more {noun} only rows with a modifier" if others else ""
    return [f"## Codes {kind}: {len(codes):,}{rows}", "", ", ".join(codes[:MOST_CODES]) + more, ""]


def _movers(
    con: duckdb.DuckDBPyConnection, setting: str, words: str, direction: str, order: str
) -> list[str]:
    sign = ">" if order == "DESC" else "<"
    columns = ("payment_before", "payment_after", "payment_change", "due_to_rvu", "due_to_conversion_factor")  # fmt: skip
    named = ", ".join(f"{setting}_{name} AS {name}" for name in columns)
    moved = (
        f"SELECT compared_pair.release_id, hcpcs_code, modifier, {named}, {setting}_na AS is_na "
        "FROM compared_pair JOIN payment_national USING (release_id, hcpcs_code, modifier) "
        f"WHERE is_default_class AND {setting}_payment_change {sign} 0"
    )
    query = compose(HERE / "movers.sql", movers=moved)
    rows = rows_of(con, f"{query} ORDER BY change {order}, code, mod LIMIT {MOST_MOVERS}")
    return [f"## Largest {direction} {words}", "", *_table(rows)] if rows else []


def _table(rows: list[dict]) -> list[str]:
    if not rows:
        return []
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(row.values() for row in rows)]
    return ["| " + " | ".join(_cell(x) for x in line) + " |" for line in lines] + [""]


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
