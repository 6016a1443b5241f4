"""``fees show``: what one code is worth, under whichever fee schedule pays it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.answer import SETTINGS, amount_of_units, answer_lines, rule_lines
from pipeline.cli.elsewhere import fetches_for
from pipeline.cli.options import (
    Day,
    Named,
    json_option,
    on_option,
    open_warehouse,
    warehouse_option,
)
from pipeline.cli.show_details import detail_lines
from pipeline.cli.units import units_of
from pipeline.errors import NotThereError, UsageError
from pipeline.terminal import say, say_json

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.release.fee.ask import Asked

CODE = re.compile(r"(?P<code>[A-Z0-9]{5})(-(?P<modifier>[A-Z0-9]{2}))?")

# The settings of which the Physician Fee Schedule has something to say.
PHYSICIAN = f"{SETTINGS['office']}, {SETTINGS['facility_professional']}"

# Of a code that the Physician Fee Schedule leaves to others it has nothing to tell in detail.
ELSEWHERE = ("other_benefit", "use_another_code", "reporting_only", "not_covered", "not_valid")


@click.command()
@click.argument(
    "code", type=Named(), help="The HCPCS code, as in 99291, or with a modifier, as in 45378-53."
)
@click.option(
    "--release",
    metavar="RELEASE",
    type=Named(),
    help="A release or posting; default: the latest loaded.",
)
@on_option
@click.option(
    "--known-on",
    type=Day(),
    metavar="DAY",
    help="As it was known on that day, before CMS posted again.",
)
@click.option(
    "--zip",
    "zip_code",
    metavar="ZIP",
    type=Named(),
    help="Show the payment at this ZIP code (94110, 94110-1234).",
)
@click.option("--state", metavar="STATE", type=Named(), help="Show the fees of this state (CA).")
@click.option(
    "--rural/--no-rural",
    "is_rural",
    default=None,
    help="In a rural area of the state, or in another.",
)
@click.option(
    "--locality",
    metavar="MAC-LOCALITY",
    type=Named(),
    help="Show the payment in this locality (01112-05).",
)
@click.option(
    "--units",
    metavar="N",
    help="Show what N units are paid, too; miles of ambulances may have one decimal.",
)
@warehouse_option
@json_option
def show(
    code: str,
    release: str | None,
    on: datetime | None,
    known_on: datetime | None,
    zip_code: str | None,
    state: str | None,
    is_rural: bool | None,
    locality: str | None,
    units: str | None,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Show which fee schedule pays a code and how much, now or on a day of service, or why none does.

    What the Physician Fee Schedule has follows in detail: RVUs, payments and rank.
    """
    found = answer(
        code, release, on, known_on, zip_code, state, is_rural, locality, units, warehouse
    )
    if as_json:
        say_json(found)
    else:
        say(*_lines(found))


def answer(
    code: str,
    release: str | None,
    on: datetime | None,
    known_on: datetime | None,
    zip_code: str | None,
    state: str | None,
    is_rural: bool | None,
    locality: str | None,
    units: str | None,
    warehouse: Path,
) -> dict:
    """What the command prints, as what ``--json`` gives; the parameters are the options of the command."""
    from pipeline.release.fee.ask import Asked, find_posting

    written = CODE.fullmatch(code.upper())
    if not written:
        raise UsageError(f'"{code}" is no code; write five characters, as in 99291 or 45378-53.')
    if known_on and not on:
        raise UsageError("Say for which day of service, too: --on DAY.")
    if on and release:
        raise UsageError("Name a release or a day of service, not both.")
    _refuse_two_places(zip_code, locality, state, is_rural)
    counted = _counted(written["code"], units)
    asked = Asked(
        written["code"],
        written["modifier"],
        on.date() if on else None,
        known_on.date() if known_on else None,
    )
    with open_warehouse(warehouse) as con:
        if release:
            posting = find_posting(con, release)
            asked = replace(asked, on=posting["effective_from"], posting_id=posting["posting_id"])
        physician = _physician_release(con, asked)
        where = _where(con, zip_code, state, asked)
        place = _place(con, physician, zip_code, locality)
        if locality and place:
            asked = replace(asked, mac=place["mac"], locality_number=place["locality_number"])
        asked = replace(asked, zip_code=zip_code, state=state, is_rural=is_rural)
        with _telling_what_is_missing(con, asked, physician):
            found = _found(con, asked, counted) | {"where": where}
        found["physician"] = _physician_silence(con, found["fee"], asked, physician)
        found |= _details(con, asked, physician, place)
    return found


@contextmanager
def _telling_what_is_missing(
    con: "DuckDBPyConnection", asked: "Asked", release: dict | None
) -> Iterator[None]:
    """Add to an answer that nobody has the code which releases may have it, and how to load them."""
    from pipeline.schedules.pfs.lookup import no_release

    try:
        yield
    except NotThereError as error:
        if asked.on is None or asked.known_on:
            raise
        missing = fetches_for(con, asked.code, asked.on), "" if release else no_release(asked.on)
        raise NotThereError(" ".join(filter(None, (str(error), *missing)))) from None


def _counted(code: str, units: str | None) -> int | Decimal | None:
    """The number of units that is asked for, above 0."""
    if units is None:
        return None
    counted = units_of(code, units)
    if not counted:
        raise UsageError("Of no units nothing is paid; write a number above 0.")
    return counted


def _physician_silence(
    con: "DuckDBPyConnection", rows: list[dict], asked: "Asked", release: dict | None
) -> str:
    """Why no row is of the Physician Fee Schedule, where one may be expected; else ''."""
    from pipeline.schedules.pfs.lookup import why_silent

    if any(row["schedule"] == "pfs" for row in rows):
        return ""
    return why_silent(con, asked.code, release, asked.on)


def _physician_release(con: "DuckDBPyConnection", asked: "Asked") -> dict | None:
    """The release of the Physician Fee Schedule that answers, None where none is held for the day."""
    from pipeline.schedules.pfs.lookup import When, find_release

    if asked.posting_id:
        try:
            return find_release(con, When(asked.posting_id))
        except NotThereError:
            pass
    try:
        return find_release(con, When(None, asked.on, asked.known_on))
    except NotThereError:
        return None


def _refuse_two_places(
    zip_code: str | None, locality: str | None, state: str | None, is_rural: bool | None
) -> None:
    if sum(x is not None for x in (zip_code, locality, state)) > 1:
        raise UsageError("Name one place: a ZIP code, a locality or a state.")
    if is_rural is not None and state is None:
        raise UsageError("Rural is an area of a state: name it, too, as in --state CA --rural.")


def _where(
    con: "DuckDBPyConnection", zip_code: str | None, state: str | None, asked: "Asked"
) -> str:
    """The place that is asked for in words, '' without one; NotThereError for one that is not known."""
    from pipeline.release.place.ask import find_zip, words_of_zip

    if zip_code:
        return words_of_zip(zip_code, find_zip(con, zip_code, asked.on))
    if state:
        if not any(_is_known(con, table, state) for table in ("locality", "fee_current")):
            raise NotThereError(f"The warehouse knows no state {state}; write it as in CA.")
        return f"in {state.upper()}: fees of the state; give --zip for a former competitive bidding area, --zip or --locality for a locality"
    return ""


def _is_known(con: "DuckDBPyConnection", table: str, state: str) -> bool:
    query = f"SELECT count(*) FROM {table} WHERE state = upper($1)"
    return bool(con.execute(query, [state]).fetchall()[0][0])


def _place(
    con: "DuckDBPyConnection", release: dict | None, zip_code: str | None, locality: str | None
) -> dict | None:
    from pipeline.schedules.pfs.lookup import find_place

    if release is None and locality:
        raise NotThereError("No release of the Physician Fee Schedule is held that has localities.")
    return find_place(con, release, zip_code, locality) if release else None


def _found(con: "DuckDBPyConnection", asked: "Asked", units: int | Decimal | None) -> dict:
    """The answer of ``fee``, with the amount of so many units where a number is given."""
    from pipeline.release.fee.ask import ask, class_of, description_of, lifetime_of, meanings
    from pipeline.schedules.all import SCHEDULES

    rows = ask(con, asked, SCHEDULES)
    rules = [rule for one in SCHEDULES for rule in one.rules(con, rows)]
    if units:
        rows = [
            row | {"units": units, "units_amount": amount_of_units(row, rules, units)}
            for row in rows
        ]
    return {
        "hcpcs_code": asked.code,
        "description": description_of(con, asked.code, SCHEDULES),
        "when": _words(asked),
        "is_sample": bool(con.execute("SELECT is_sample FROM build").fetchall()[0][0]),
        "fee": rows,
        "reason": meanings(con, rows),
        "rule": rules,
        "lifetime": lifetime_of(con, asked.code, SCHEDULES),
        "class": class_of(con, asked, SCHEDULES),
    }


def _words(asked: "Asked") -> str:
    if asked.posting_id:
        return f"{asked.posting_id}, and what other schedules had on {asked.on}"
    if asked.on is None:
        return "the latest release of each fee schedule that is loaded"
    as_known = f", as known on {asked.known_on}" if asked.known_on else ""
    return f"on {asked.on}{as_known}"


def _details(
    con: "DuckDBPyConnection", asked: "Asked", release: dict | None, place: dict | None
) -> dict:
    """What the Physician Fee Schedule has of its own, where it has the code and does not pass it on."""
    from pipeline.schedules.pfs.lookup import look_up

    if release is None:
        return {}
    try:
        found = look_up(con, asked.code, asked.modifier, release, place)
    except NotThereError:
        return {}
    is_elsewhere = all(row["price_status"] in ELSEWHERE for row in found["payment"])
    has_values = any(
        row["nonfacility_total_rvu"] or row["facility_total_rvu"] for row in found["rvu"]
    )
    return {} if is_elsewhere and not has_values else found


def _lines(found: dict) -> list[str]:
    lines = [f"{found['hcpcs_code']}  {found['description']}".rstrip()]
    if found["is_sample"]:
        lines.insert(
            0, "SAMPLE: selected codes only, no CMS release; ranks are those of the sample."
        )
    lines += [
        found["when"],
        *filter(None, [found["where"]]),
        "",
        *answer_lines(found["fee"], found["reason"]),
    ]
    if found["physician"]:
        lines += ["", f"{PHYSICIAN}: {found['physician']}"]
    if found["rule"]:
        lines += ["", "Rules of payment:", "", *rule_lines(found["rule"])]
    if found["lifetime"]:
        lines += ["", found["lifetime"]]
    if found["class"]:
        lines += ["", f"Kind of service: {found['class']}"]
    if "rvu" in found:
        lines += ["", *detail_lines(found)]
    return lines
