"""Which critical care codes a situation gives, what one unit of each is worth, and why."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from pipeline.errors import NotThereError, UsageError

DAY_MINUTES = 1440
DAYS_PER_MONTH = 30.4375

# Without an age the patient is taken for an adult.
ADULT = "72m"


@dataclass(frozen=True)
class Situation:
    """What is known of one patient and date; ``age`` as in 10d, 18m or 4y, '' where unknown."""

    minutes: int | None
    payer: str
    day: date
    age: str = ""
    care_setting: str = "inpatient"
    is_later_day: bool = False
    mac: str = ""
    locality_number: str = ""


@dataclass
class CodeLine:
    """One code with its units; work RVU and payment (US dollars) are those of one unit."""

    hcpcs_code: str
    units: int
    work_rvu: Decimal | None
    payment: Decimal | None
    price_status: str


@dataclass
class Answer:
    """The codes of a situation, the reasons one by one, and the rules to keep in mind."""

    codes: list[CodeLine] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)


def answer(con: duckdb.DuckDBPyConnection, asked: Situation) -> Answer:
    """Look up decision, units and prices of a situation.

    Raises UsageError for an age or minutes that cannot be, NotThereError where no rule is
    recorded for the day or the locality is none of the release in force.
    """
    found = Answer()
    decision = _decision(con, asked, found)
    if decision[0]["code_role"].endswith("_day"):
        role = "subsequent_day" if asked.is_later_day else "initial_day"
        units = [(row["hcpcs_code"], 1) for row in decision if row["code_role"] == role]
        found.why.append(f"{units[0][0]} once, whatever the minutes: it is a code of the day.")
    else:
        units = _units_by_minutes(con, asked, decision[0]["code_family"], found)
    _price(con, asked, units, decision[0]["setting"], found)
    found.also = _billing_rules(con, asked, decision[0]["code_family"])
    return found


def _rows(con: duckdb.DuckDBPyConnection, query: str, values: dict) -> list[dict[str, Any]]:
    cursor = con.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _founded(row: dict[str, Any]) -> str:
    provisional = "provisional, expert knowledge; " if row["evidence"] == "E" else ""
    return f"{row['meaning']} ({provisional}{row['source']})"


# ---------------------------------------------------------------- age and place


def _decision(con: duckdb.DuckDBPyConnection, asked: Situation, found: Answer) -> list[dict]:
    if not asked.age:
        found.why.append("No age is given: 6 years or older is assumed.")
    days, months = _days_and_months(asked.age or ADULT)
    query = """
        FROM care_decision
        WHERE care_setting = $setting AND payer IN ('any', $payer)
          AND $day BETWEEN effective_from AND coalesce(effective_to, $day)
        ORDER BY hcpcs_code
    """
    values = {"setting": asked.care_setting, "payer": asked.payer, "day": asked.day}
    rows = [row for row in _rows(con, query, values) if _is_within(row, days, months)]
    if not rows:
        raise NotThereError(
            f"No rule of {asked.payer} for critical care is recorded on {asked.day}."
        )
    codes = " and ".join(row["hcpcs_code"] for row in rows)
    found.why.append(
        f"Age band {rows[0]['age_band']}, {asked.care_setting}: {codes}. {_founded(rows[0])}"
    )
    return rows


def _days_and_months(age: str) -> tuple[int, int]:
    """The completed days and months of an age; a whole year counts up to its last month."""
    written = re.fullmatch(r"(\d{1,5})\s*([dmy])", age.strip().lower())
    if not written:
        raise UsageError(f'"{age}" is no age; write days, months or years, as in 10d, 18m or 4y.')
    number, unit = int(written[1]), written[2]
    if unit == "d":
        return number, int(number / DAYS_PER_MONTH)
    if number == 0:
        smaller = "days" if unit == "m" else "months or days"
        raise UsageError(f'"{age}" says too little; give the age in {smaller}.')
    months = number if unit == "m" else 12 * number + 11
    return int(months * DAYS_PER_MONTH), months


def _is_within(row: dict, days: int, months: int) -> bool:
    completed = {"day": days, "month": months}
    is_old_enough = completed[row["first_age_unit"]] >= row["first_age"]
    is_open = row["last_age"] is None
    return is_old_enough and (is_open or completed[row["last_age_unit"]] <= row["last_age"])


# ---------------------------------------------------------------- minutes


def _units_by_minutes(
    con: duckdb.DuckDBPyConnection, asked: Situation, family: str, found: Answer
) -> list[tuple[str, int]]:
    if asked.minutes is None:
        raise UsageError("These codes are counted in minutes; give --minutes.")
    if not 0 <= asked.minutes <= DAY_MINUTES:
        raise UsageError(f"{asked.minutes} are no minutes of one date; it has {DAY_MINUTES}.")
    query = """
        SELECT r.*, coalesce(u.units, 0) AS units
        FROM time_rule r
        LEFT JOIN time_unit u
          ON u.code_family = r.code_family AND u.payer = r.payer
          AND u.effective_from = r.effective_from AND u.hcpcs_code = r.hcpcs_code
          AND $minutes BETWEEN u.first_minute AND u.last_minute
        WHERE r.code_family = $family AND r.payer = $payer
          AND $day BETWEEN r.effective_from AND coalesce(r.effective_to, $day)
        ORDER BY r.hcpcs_code
    """
    values = {"minutes": asked.minutes, "family": family, "payer": asked.payer, "day": asked.day}
    rules = _rows(con, query, values)
    if not rules:
        raise NotThereError(f"No rule of {asked.payer} is recorded for {family} on {asked.day}.")
    found.why += [f"{_counted(rule, asked)} {_founded(rule)}" for rule in rules]
    return [(rule["hcpcs_code"], rule["units"]) for rule in rules if rule["units"]]


def _counted(rule: dict, asked: Situation) -> str:
    begins = f"begins at minute {rule['first_minute']}"
    if rule["minutes_per_unit"]:
        begins += f" and again every {rule['minutes_per_unit']} minutes"
    return f"{rule['hcpcs_code']} x {rule['units']} for {asked.minutes} minutes: it {begins}."


# ---------------------------------------------------------------- prices


def _price(
    con: duckdb.DuckDBPyConnection,
    asked: Situation,
    units: list[tuple[str, int]],
    setting: str,
    found: Answer,
) -> None:
    release_id = _rows(con, "SELECT release_in_force($day) AS id", {"day": asked.day})[0]["id"]
    if release_id is None:
        found.why.append(f"No loaded release is in force on {asked.day}: units have no price here.")
        found.codes = [CodeLine(code, n, None, None, "no_release_in_force") for code, n in units]
        return
    place = _place(con, asked, release_id)
    for code, number in units:
        found.codes.append(_priced_line(con, asked, release_id, code, number, setting))
    whose = "" if asked.payer == "medicare" else " They are Medicare's; other payers set their own."
    found.why.append(
        f"Work RVU and payment are those of one unit: release {release_id}, {place}, "
        f"{setting} price.{whose}"
    )


def _place(con: duckdb.DuckDBPyConnection, asked: Situation, release_id: str) -> str:
    if not asked.mac:
        return "national"
    query = "FROM locality WHERE release_id = $release AND mac = $mac AND locality_number = $number"
    values = {"release": release_id, "mac": asked.mac, "number": asked.locality_number}
    found = _rows(con, query, values)
    if not found:
        raise NotThereError(f"{release_id} has no locality {asked.mac}-{asked.locality_number}.")
    return f"locality {asked.mac}-{asked.locality_number} {found[0]['locality_name']}".rstrip()


def _priced_line(
    con: duckdb.DuckDBPyConnection,
    asked: Situation,
    release_id: str,
    code: str,
    number: int,
    setting: str,
) -> CodeLine:
    table = "payment_locality" if asked.mac else "payment_national"
    at = "AND p.mac = $mac AND p.locality_number = $number" if asked.mac else ""
    query = f"""
        SELECT v.work_rvu, p.{setting}_payment AS payment, p.price_status
        FROM rvu v
        JOIN {table} p USING (release_id, hcpcs_code, modifier)
        WHERE release_id = $release AND hcpcs_code = $code AND modifier = ''
          AND p.is_default_class {at}
    """
    values = {"release": release_id, "code": code}
    if asked.mac:
        values |= {"mac": asked.mac, "number": asked.locality_number}
    found = _rows(con, query, values)
    if not found:
        return CodeLine(code, number, None, None, "no_such_code")
    return CodeLine(code, number, **found[0])


def _billing_rules(con: duckdb.DuckDBPyConnection, asked: Situation, family: str) -> list[str]:
    query = """
        FROM billing_rule
        WHERE code_family = $family AND payer IN ('any', $payer)
          AND $day BETWEEN effective_from AND coalesce(effective_to, $day)
        ORDER BY rule_topic
    """
    rules = _rows(con, query, {"family": family, "payer": asked.payer, "day": asked.day})
    return [f"{rule['rule_topic']}: {_founded(rule)}" for rule in rules]
