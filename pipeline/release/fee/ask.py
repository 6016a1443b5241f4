"""What a warehouse answers for one code: rows of ``fee_for``, and when a code was known at all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from pipeline.command import command
from pipeline.errors import NotThereError
from pipeline.release.held import held_near_day, held_near_name, latest_held
from pipeline.release.schedule import FeeSchedule
from pipeline.store.database import rows_of
from schemas.definitions import catalog
from schemas.derive import quoted

# What is known today is known up to this day (table release_period).
TODAY_AND_ON = date(9999, 12, 31)

ASKED = """
FROM fee_for(
  $code, of_modifier := $modifier, on_day := $on, known_on := $known_on, of_posting := $posting_id,
  at_mac := $mac, at_locality := $locality_number, at_zip := $zip_code, at_state := $state, at_rural := $is_rural
)
"""


@dataclass(frozen=True)
class Asked:
    """What a person asks of a code: of all its modifiers where ``modifier`` is None.

    ``on`` is a day of service, None for the latest release of each schedule, and ``known_on``
    the day on which it was known; ``posting_id`` names the posting that is to answer for its
    schedule. A place is ``mac`` and ``locality_number``, a ``zip_code``, or a ``state`` and whether it
    is a rural area of it, where that is known.
    """

    code: str
    modifier: str | None = None
    on: date | None = None
    known_on: date | None = None
    posting_id: str | None = None
    mac: str | None = None
    locality_number: str | None = None
    zip_code: str | None = None
    state: str | None = None
    is_rural: bool | None = None


def ask(
    con: duckdb.DuckDBPyConnection, asked: Asked, schedules: Iterable[FeeSchedule] = ()
) -> list[dict]:
    """The rows of ``fee`` that answer; those of settings of which no list says anything are left out.

    Raises NotThereError where nobody has the code then, with the days on which it was known, also to
    the dictionaries of ``schedules``.
    """
    values = asked.__dict__ | {"known_on": asked.known_on or TODAY_AND_ON}
    rows = rows_of(con, ASKED, values)
    said = [row for row in rows if row["schedule"] or row["reason"] == "not_on_asc_list"]
    answers = [row for row in said if row["reason"] != "no_schedule"] or said
    if not answers:
        raise NotThereError(_no_release(con, asked) or _unknown(con, asked, schedules))
    return answers


def find_posting(con: duckdb.DuckDBPyConnection, name: str) -> dict:
    """The row of ``release`` of a posting, or of the posting in force of a release.

    Raises NotThereError where the warehouse does not hold it.
    """
    query = (
        "FROM release WHERE upper(posting_id) = $name OR (is_current AND upper(release_id) = $name)"
    )
    found = rows_of(con, query, {"name": name.upper()})
    if not found:
        raise NotThereError(
            f"The warehouse holds no {name.upper()} (it holds: {held_near_name(con, name)})."
        )
    return found[0]


def description_of(
    con: duckdb.DuckDBPyConnection, code: str, schedules: Iterable[FeeSchedule]
) -> str:
    """The descriptor of a code in the latest release that has one, '' where none has.

    Of several rows of a code that without modifier counts: 53 may be described as a part of it.
    """
    for one in schedules:
        table, *_ = one.model.table_names
        if "description" in catalog().tables[table].column_names:
            query = (
                f"SELECT description FROM {table} AS t JOIN release USING (release_id) "
                "WHERE hcpcs_code = ? AND description <> '' "
                f"ORDER BY release.effective_from DESC, {_others(table)} LIMIT 1"
            )
            found = con.execute(query, [code]).fetchall()
            if found:
                return str(found[0][0])
    return ""


def _others(table: str) -> str:
    """What tells the rows of one code in one release apart, to be sorted by; a blank comes first."""
    key = catalog().tables[table].key
    return ", ".join(f"t.{name}" for name in key if name not in ("release_id", "hcpcs_code")) or "1"


def lifetime_of(con: duckdb.DuckDBPyConnection, code: str, schedules: Iterable[FeeSchedule]) -> str:
    """A sentence on the first and the last day of a code, '' where no dictionary lists it."""
    for one in schedules:
        if one.lifetimes:
            query = (
                f"SELECT added_on, terminated_on FROM {one.lifetimes}_current WHERE hcpcs_code = ?"
            )
            for added, ended in con.execute(query, [code]).fetchall():
                since = (
                    f"{one.title} has {code} since {added}" if added else f"{one.title} has {code}"
                )
                return (
                    f"{since}; its last day was {ended}."
                    if ended
                    else f"{since}, with no last day."
                )
    return ""


def class_of(con: duckdb.DuckDBPyConnection, asked: Asked, schedules: Iterable[FeeSchedule]) -> str:
    """What kind of service a code is on the day, in a line; '' where no list of classes has it then.

    Without a day it is the latest class.
    """
    then = "$on BETWEEN effective_from AND coalesce(effective_to, DATE '9999-12-31')"
    for one in schedules:
        if one.classes:
            found = rows_of(
                con,
                f"FROM {one.classes}_current WHERE hcpcs_code = $code AND "
                f"if($on::DATE IS NULL, is_latest_assignment, {then})",
                {"code": asked.code, "on": asked.on},
            )
            for row in found:
                names = [row[name] for name in ("category", "subcategory", "family") if row[name]]
                major = ", a major procedure" if row["is_major"] else ""
                return f"{' > '.join(names)} ({row['rbcs_id']}{major}; {row['release_id']})"
    return ""


def meanings(con: duckdb.DuckDBPyConnection, rows: list[dict]) -> dict[str, str]:
    """What each reason in rows of ``fee`` means."""
    reasons = sorted({row["reason"] for row in rows} - {""})
    listed = ", ".join(map(quoted, reasons)) or "NULL"
    query = (
        f"SELECT reason, meaning FROM fee_reason WHERE reason IN ({listed}) ORDER BY rank, reason"
    )
    return dict(con.execute(query).fetchall())


def _no_release(con: duckdb.DuckDBPyConnection, asked: Asked) -> str:
    """A sentence where no release of any schedule answers for the day, else ''."""
    if asked.on is None:
        return ""
    query = (
        "SELECT count(*) FROM release_period WHERE $on BETWEEN effective_from AND effective_to "
        "AND $known_on BETWEEN known_from AND known_to"
    )
    values = {"on": asked.on, "known_on": asked.known_on or TODAY_AND_ON}
    if con.execute(query, values).fetchall()[0][0]:
        return ""
    as_known = f", as known on {asked.known_on}" if asked.known_on else ""
    return (
        f"The warehouse holds no release in force on {asked.on}{as_known} "
        f"(it holds: {held_near_day(con, asked.on)})."
    )


def _unknown(con: duckdb.DuckDBPyConnection, asked: Asked, schedules: Iterable[FeeSchedule]) -> str:
    code = f"{asked.code}-{asked.modifier}" if asked.modifier else asked.code
    when = f"on {asked.on}" if asked.on else "in the latest releases"
    listed = listed_modifiers(con, asked) if asked.modifier else []
    if listed:
        with_them = ", ".join(f"with {one}" if one else "without a modifier" for one in listed)
        line = command(f"price {code} --on {asked.on or 'DATE'} --zip ZIP")
        return (
            f"{asked.code} is valid; modifier {asked.modifier} has no fee schedule line of its own "
            f"(lists have {asked.code} {with_them}). To price the line, run: {line}"
        )
    words = f"unknown_code: no schedule and no list that is loaded has {code} {when}"
    lifetime = lifetime_of(con, asked.code, schedules)
    known = known_days(con, asked.code, asked.on)
    if asked.known_on and _is_known_today(con, asked):
        words += (
            f", as known on {asked.known_on}. What became known later has it: leave --known-on out."
        )
    elif known:
        words += f". {known}"
    else:
        words += f", nor on any other day (it holds: {latest_held(con)})."
    kind = class_of(con, asked, schedules)
    words = " ".join(filter(None, (words, set_aside(con, asked.on), lifetime)))
    return f"{words} Kind of service: {kind}." if kind else words


def set_aside(con: duckdb.DuckDBPyConnection, day: date | None = None) -> str:
    """A sentence on lines of the releases of a day, or the latest, that were set aside; '' of none.

    What such a line says is not known, so each may be the one of a code that is missed.
    """
    query = (
        "SELECT release_id, count(DISTINCT concat(source_file, ' ', line_number)) FROM quarantine "
        "WHERE release_id IN (SELECT release_id FROM release "
        "WHERE if($day::DATE IS NULL, is_latest, is_current AND $day::DATE BETWEEN effective_from AND effective_to)) "
        "GROUP BY release_id ORDER BY release_id"
    )
    found = con.execute(query, {"day": day}).fetchall()
    lines = ", ".join(f"{count} of {release}" for release, count in found)
    return f"Lines that were set aside may have it: {lines} (table quarantine)." if lines else ""


def _is_known_today(con: duckdb.DuckDBPyConnection, asked: Asked) -> bool:
    """Whether a schedule has the code on the day that is asked for, whenever that became known."""
    query = (
        "SELECT count(*) FROM fee WHERE hcpcs_code = ? AND reason <> 'not_valid' "
        "AND ? BETWEEN effective_from AND effective_to"
    )
    return bool(con.execute(query, [asked.code, asked.on]).fetchall()[0][0])


def known_days(con: duckdb.DuckDBPyConnection, code: str, day: date | None = None) -> str:
    """A sentence on the days on which some schedule has a code; '' where none ever has it.

    Around a day that is asked for it is those before and after. A list that says of a code that it
    is not valid does not have it.
    """
    query = (
        "SELECT release_id, effective_from, effective_to, reason = 'not_valid' FROM fee "
        "WHERE hcpcs_code = ? ORDER BY effective_from"
    )
    listed = con.execute(query, [code]).fetchall()
    known = [row[:3] for row in listed if not row[3]]
    if listed and not known:
        return f"What is loaded lists {code} only as not valid."
    if not known:
        return ""
    before = [row for row in known if day and row[2] < day]
    after = [row for row in known if day and row[1] > day]
    if before and after:
        # Another day than that of the service is no advice here: a release in between is missing.
        last, again = max(before, key=lambda row: row[2]), after[0]
        return f"It is known to {last[2]} ({last[0]}) and again from {again[1]} ({again[0]})."
    first, last = known[0], max(known, key=lambda row: row[2])
    return f"It is known from {first[1]} ({first[0]}) to {last[2]} ({last[0]}): --on {last[2]}."


def listed_modifiers(con: duckdb.DuckDBPyConnection, asked: Asked) -> list[str]:
    """With which modifiers the code is listed then and valid, as in RR KE; '' is without one."""
    any_modifier = replace(asked, modifier=None)
    values = any_modifier.__dict__ | {"known_on": asked.known_on or TODAY_AND_ON}
    rows = rows_of(con, ASKED, values)
    names = ("modifier", "modifier2", "modifier3")
    return sorted(
        {
            " ".join(filter(None, (row[name] for name in names)))
            for row in rows
            if row["schedule"] and row["reason"] != "not_valid"
        }
    )
