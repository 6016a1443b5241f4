"""What a person asks of the edits: those of some codes on a day, or the partners of one code."""

from dataclasses import dataclass
from datetime import date
from itertools import combinations

import duckdb

from pipeline.command import command
from pipeline.errors import NotThereError
from pipeline.store.database import rows_of

# What each kind of edit is called, and the schedule of its releases.
KINDS = {
    "pair": ("procedure-to-procedure edits", "ncci"),
    "add_on": ("add-on code edits", "aoc"),
    "units": ("Medically Unlikely Edits", "mue"),
}

Row = dict[str, object]


@dataclass(frozen=True)
class Asked:
    """Some codes, the day of service and whose claims: practitioner or outpatient_hospital."""

    codes: tuple[str, ...]
    on: date
    setting: str


def day_to_ask(con: duckdb.DuckDBPyConnection, setting: str) -> date:
    """The first day of the latest release of any edits of a setting.

    Raises NotThereError where the warehouse holds none.
    """
    schedules = [schedule for _, schedule in KINDS.values()]
    [(found,)] = con.execute(
        "SELECT max(effective_from) FROM release WHERE is_latest AND schedule IN (SELECT unnest(?)) "
        "AND series IN ('', ?)",
        [schedules, setting],
    ).fetchall()
    if found is None:
        raise NotThereError(
            "The warehouse holds no edits of that setting: neither procedure-to-procedure edits nor "
            "add-on codes nor Medically Unlikely Edits. Get them with: "
            + command("fetch --schedule ncci --schedule aoc --schedule mue")
        )
    return found


def edits_of(con: duckdb.DuckDBPyConnection, asked: Asked) -> dict[str, list[Row]]:
    """What ``ncci_edits`` has of the codes, by the kind of edit, and ``gaps``: what is not known."""
    rows = rows_of(
        con,
        "SELECT * FROM ncci_edits($codes, $on, $setting)",
        {"codes": list(asked.codes), "on": asked.on, "setting": asked.setting},
    )
    found: dict[str, list[Row]] = {
        kind: [row for row in rows if row["edit_kind"] == kind and row["code"]] for kind in KINDS
    }
    return found | {"gaps": [row for row in rows if not row["code"]]}


def is_loaded(found: dict[str, list[Row]], kind: str) -> bool:
    """Whether a release is held that tells of that kind of edit."""
    missing = {row["edit_kind"] for row in found["gaps"] if row["status"] == "not_loaded"}
    return kind not in missing


def pairs_without_edit(asked: Asked, found: dict[str, list[Row]]) -> list[tuple[str, str]] | None:
    """The pairs of the codes that have no edit in either direction; None where nobody can say."""
    if not is_loaded(found, "pair"):
        return None
    with_edit = {frozenset((row["code"], row["other_code"])) for row in found["pair"]}
    return [pair for pair in combinations(asked.codes, 2) if frozenset(pair) not in with_edit]


def partners_of(con: duckdb.DuckDBPyConnection, asked: Asked) -> list[Row]:
    """The edits in force of one code with any other: in which column it stands, and with which code."""
    return rows_of(
        con,
        "SELECT column1, column2, modifier_indicator, effective_from, effective_to, rationale, release_id "
        "FROM ncci_pair WHERE $code IN (column1, column2) AND setting = $setting "
        "AND edit_status <> 'never_in_force' "
        "AND $on BETWEEN effective_from AND coalesce(effective_to, DATE '9999-12-31') "
        "ORDER BY column1 <> $code, column1, column2",
        {"code": asked.codes[0], "setting": asked.setting, "on": asked.on},
    )


def unknown_codes(con: duckdb.DuckDBPyConnection, asked: Asked) -> list[str]:
    """The codes that no schedule, no list and no edit has on any day: they may be misspelled."""
    known = con.execute(
        "SELECT hcpcs_code FROM fee WHERE hcpcs_code IN $codes "
        "UNION SELECT hcpcs_code FROM mue WHERE hcpcs_code IN $codes "
        "UNION SELECT column1 FROM ncci_pair WHERE column1 IN $codes "
        "UNION SELECT column2 FROM ncci_pair WHERE column2 IN $codes "
        "UNION SELECT add_on FROM add_on_code WHERE add_on IN $codes",
        {"codes": list(asked.codes)},
    ).fetchall()
    return [code for code in asked.codes if (code,) not in known]


def modifiers(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The NCCI modifiers, group by group."""
    rows = rows_of(con, "SELECT modifier FROM ncci_modifier ORDER BY modifier_group, modifier")
    return [str(row["modifier"]) for row in rows]
