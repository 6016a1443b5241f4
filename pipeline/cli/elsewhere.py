"""What other fee schedules say of a code that the Physician Fee Schedule has no price for."""

from datetime import date
from typing import TYPE_CHECKING

from pipeline.cli.answer import SETTINGS, dollars
from pipeline.command import command
from pipeline.errors import NotThereError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Who is paid there is the facility, beside the practitioner whose line it is.
FACILITIES = ("asc", "outpatient_hospital")

# What the JSON of a claim line has of each answer.
TOLD = (
    "schedule", "release_id", "setting", "modifier", "modifier2", "amount", "amount_unit", "reason",
)  # fmt: skip

# What a list says of a code of which it has no amount, where the reason alone says too little.
LISTED = {
    "no_schedule": "lists it, without an amount",
    "by_place": "has a fee for it that depends on the place",
}


def elsewhere_of(con: "DuckDBPyConnection", code: str, day: date, is_unknown: bool) -> list[dict]:
    """What other schedules say of a code on a day: their amounts, of an unknown code all that they say.

    Of an amount that depends on a place it says so, and leaves the amount to ``fees show``, which asks for it.
    """
    from pipeline.release.fee.ask import Asked, ask

    try:
        rows = ask(con, Asked(code, on=day))
    except NotThereError:
        return []
    others = [{name: row[name] for name in TOLD} for row in rows if _is_of_others(row)]
    paid = [row for row in others if row["amount"] is not None or row["reason"] == "by_place"]
    if not is_unknown:
        return [row for row in paid if row["setting"] not in FACILITIES]
    return paid or others


def elsewhere_lines(rows: list[dict], code: str, day: date) -> list[str]:
    """The same for people, and how to see more of it."""
    from pipeline.schedules.all import schedule_named

    see = f"see {command('show')} {code} --on {day}"
    lines = []
    for row in rows:
        title = schedule_named(row["schedule"]).title
        title = title[:1].upper() + title[1:]
        if row["amount"] is None:
            words = LISTED.get(row["reason"], f"lists it ({row['reason']})")
        else:
            words = f"{dollars(row['amount'])} per {row['amount_unit']}"
            modifiers = [row[name] for name in ("modifier", "modifier2") if row[name]]
            words += f" with {' '.join(modifiers)}" if modifiers else ""
            words += f" to the {SETTINGS[row['setting']]}" if row["setting"] in FACILITIES else ""
        lines.append(f"  {title}: {words}; {see}")
    return list(dict.fromkeys(lines))


def known_on_other_days(con: "DuckDBPyConnection", code: str, day: date) -> str:
    """A line on the days on which some schedule has the code; '' where none ever has it."""
    from pipeline.release.fee.ask import known_days

    known = known_days(con, code, day)
    return f"  No schedule that is loaded has {code} on this day. {known}" if known else ""


def set_aside_then(con: "DuckDBPyConnection", day: date) -> str:
    """A line on what was set aside of the releases of a day; '' of nothing."""
    from pipeline.release.fee.ask import set_aside

    words = set_aside(con, day)
    return f"  {words}" if words else ""


def modifiers_listed(con: "DuckDBPyConnection", line: dict, day: date) -> str:
    """A line on the modifiers with which an item is listed on a day, where those of the line do not fit."""
    from pipeline.release.fee.ask import Asked, listed_modifiers

    code = line["hcpcs_code"]
    listed = " or ".join(filter(None, listed_modifiers(con, Asked(code, on=day))))
    given = [line[f"modifier_{n}"] for n in (1, 2, 3, 4) if line[f"modifier_{n}"]]
    verb = "is" if len(given) == 1 else "are"
    but = f"{' '.join(given)} {verb} not among them" if given else "the line has no modifier"
    return f"  {code} is listed only with {listed}; {but}."


def releases_near(con: "DuckDBPyConnection", schedule: str, day: date) -> str:
    """A line on the releases of the schedule that would pay, nearest to a day of which it has none."""
    from pipeline.release.held import held_near_day
    from pipeline.schedules.due import fetched_for_day

    fetch = fetched_for_day(schedule, day)
    to_load = f" To load that of {day}: {fetch}" if fetch else ""
    return f"  It holds: {held_near_day(con, day, schedule)}.{to_load}"


def fetches_for(con: "DuckDBPyConnection", code: str, day: date) -> str:
    """Commands that load the other schedules that have a code on other days, and are not held for this one."""
    from pipeline.schedules.due import fetched_for_day

    query = (
        "SELECT DISTINCT schedule FROM fee WHERE hcpcs_code = $code AND reason <> 'not_valid' "
        "AND schedule <> 'pfs' AND schedule NOT IN (SELECT release.schedule FROM release_period AS period "
        "JOIN release USING (posting_id) WHERE $day BETWEEN period.effective_from AND period.effective_to) "
        "ORDER BY schedule"
    )
    found = con.execute(query, {"code": code, "day": day}).fetchall()
    fetches = [fetch for (name,) in found if (fetch := fetched_for_day(name, day))]
    return f"What has {code} on other days can be loaded ({'; '.join(fetches)})." if fetches else ""


def _is_of_others(row: dict) -> bool:
    return row["schedule"] not in ("", "pfs") and row["place_kind"] == "national"
