"""Which release and which place a question is about, and the rows of one code there."""

import re
from dataclasses import dataclass
from datetime import date

import duckdb

from pipeline.command import command
from pipeline.errors import NotThereError, UsageError
from pipeline.release.held import held_near_day, held_near_name
from pipeline.release.place.ask import find_zip, is_decided
from pipeline.schedules.pfs.periods import fetched_for_day
from pipeline.store.database import rows_of

# What is known today is known up to this day (table release_period).
TODAY_AND_ON = date(9999, 12, 31)


@dataclass(frozen=True)
class When:
    """Which figures are asked for: those of a release or posting, or those for a day of service.

    ``known_on`` asks for what was known on that day. With nothing given, the latest release.
    """

    release: str | None = None
    on: date | None = None
    known_on: date | None = None


def find_release(con: duckdb.DuckDBPyConnection, when: When) -> dict:
    """The row of ``release`` that ``when`` asks for, with its period as it was known then.

    Raises NotThereError where the warehouse has none.
    """
    if when.known_on and not when.on:
        raise UsageError("Say for which day of service, too: --on DAY.")
    if when.on and when.release:
        raise UsageError("Name a release or a day of service, not both.")
    if when.on:
        return _in_force(con, when.on, when.known_on)
    wanted = when.release.upper() if when.release else None
    query = (
        "FROM release WHERE schedule = 'pfs' AND (upper(posting_id) = $wanted "
        "OR (is_current AND upper(release_id) = $wanted) OR ($wanted IS NULL AND is_latest))"
    )
    found = rows_of(con, query, {"wanted": wanted})
    if not found:
        held = f" (it holds: {held_near_name(con, wanted, 'pfs')})" if wanted else ""
        name = f" {wanted}" if wanted else ""
        raise NotThereError(
            f"The warehouse holds no release{name} of the Physician Fee Schedule{held}."
        )
    return found[0]


def _in_force(con: duckdb.DuckDBPyConnection, on: date, known_on: date | None) -> dict:
    query = (
        "SELECT release.* REPLACE (period.effective_to AS effective_to) "
        "FROM release_period AS period JOIN release USING (posting_id) "
        "WHERE release.schedule = 'pfs' AND $on BETWEEN period.effective_from AND period.effective_to "
        "AND $known BETWEEN period.known_from AND period.known_to"
    )
    found = rows_of(con, query, {"on": on, "known": known_on or TODAY_AND_ON})
    if not found:
        as_known = f", as known on {known_on}" if known_on else ""
        raise NotThereError(
            f"The warehouse holds no release of the Physician Fee Schedule in force on {on}{as_known} "
            f"(it holds: {held_near_day(con, on, 'pfs')})."
        )
    return found[0]


def why_silent(
    con: duckdb.DuckDBPyConnection, code: str, release: dict | None, on: date | None
) -> str:
    """Why the schedule says nothing of a code: no release is held for the day, or it is not listed any more.

    '' where no earlier release that is held lists the code either: then it is of another schedule.
    """
    if release is None:
        return no_release(on)
    query = (
        "SELECT release_id, release.effective_to FROM release JOIN rvu USING (release_id) WHERE is_current "
        "AND hcpcs_code = $code AND release.effective_from < $day "
        "ORDER BY release.effective_from DESC LIMIT 1"
    )
    found = con.execute(query, {"code": code, "day": release["effective_from"]}).fetchall()
    if not found:
        return ""
    last, until = found[0]
    return (
        f"{release['release_id']} of the Physician Fee Schedule does not list {code} any more; "
        f"the last release held that does is {last}, to {until}."
    )


def no_release(on: date | None) -> str:
    """A sentence where no release of the schedule is held for a day, or none at all."""
    fetch = fetched_for_day(on) if on else command("fetch --latest")
    day = f" for {on}" if on else ""
    to_load = f"To load it: {fetch}" if fetch else "CMS lists none for that day."
    return f"No release of the Physician Fee Schedule is loaded{day}. {to_load}"


def rows_of_release(
    con: duckdb.DuckDBPyConnection, table: str, release: dict, condition: str, values: dict
) -> list[dict]:
    """The rows of a table for a release, from ``superseded`` where it is one that CMS replaced."""
    place, key = (
        (table, "release_id") if release["is_current"] else (f"superseded.{table}", "posting_id")
    )
    query = f"FROM {place} WHERE {key} = $release_key AND {condition}"
    return rows_of(con, query, {**values, "release_key": release[key]})


def find_place(
    con: duckdb.DuckDBPyConnection, release: dict, zip_code: str | None, locality: str | None
) -> dict | None:
    """The locality of a ZIP code, or the one that is named as in 01112-05, with ``notes``.

    None where neither is given, and where a ZIP code spans localities. Raises UsageError for what
    is no such name and NotThereError for a place that the release does not have.
    """
    if zip_code is not None and locality is not None:
        raise UsageError("Name a ZIP code or a locality, not both.")
    if zip_code is not None:
        return _place_of_zip(con, release, zip_code)
    if locality is not None:
        return _locality(con, release, *named_locality(locality), [])
    return None


def named_locality(written: str) -> tuple[str, str]:
    """MAC and number of a locality written as in 01112-05, of which either may lack the zero in front.

    Raises UsageError for what is no such name.
    """
    found = re.fullmatch("([0-9]{4,5})-([0-9]{1,2})", written)
    if not found:
        raise UsageError(f'"{written}" is no locality; write MAC and number, as in 01112-05.')
    return found[1].zfill(5), found[2].zfill(2)


def _place_of_zip(con: duckdb.DuckDBPyConnection, release: dict, zip_code: str) -> dict | None:
    """None where the ZIP code does not say in which locality it is."""
    found = find_zip(con, zip_code, release["effective_from"])
    if not is_decided(found):
        return None
    place, notes = found[0], []
    if not place["effective_from"] <= release["effective_to"] <= place["effective_to"]:
        notes.append(f"the ZIP file is of {place['effective_from']} to {place['effective_to']}")
    return _locality(con, release, place["mac"], place["locality_number"], notes)


def _locality(
    con: duckdb.DuckDBPyConnection, release: dict, mac: str, number: str, notes: list[str]
) -> dict:
    condition = "mac = $mac AND locality_number = $number"
    found = rows_of_release(con, "locality", release, condition, {"mac": mac, "number": number})
    if not found:
        raise NotThereError(f"{release['release_id']} has no locality {mac}-{number}.")
    if found[0]["gpci_status"] == "missing":
        notes = [*notes, _without_indices(con, release)]
    return found[0] | {"notes": notes}


def _without_indices(con: duckdb.DuckDBPyConnection, release: dict) -> str:
    """A sentence on a release without a GPCI file, and on the latest one before it that has one."""
    words = f"{release['release_id']} came without its GPCI file, so it has no locality payments"
    query = (
        "SELECT release_id FROM release JOIN locality USING (release_id) WHERE is_current "
        "AND gpci_status = 'cms' AND effective_from < $day ORDER BY effective_from DESC LIMIT 1"
    )
    found = con.execute(query, {"day": release["effective_from"]}).fetchall()
    return f"{words}; the latest release that has: --release {found[0][0]}" if found else words


def look_up(
    con: duckdb.DuckDBPyConnection,
    code: str,
    modifier: str | None,
    release: dict,
    place: dict | None,
) -> dict:
    """Everything that ``fees show`` says of a code; NotThereError where the release lacks it."""
    values = {"code": code}
    rvu = rows_of_release(con, "rvu", release, "hcpcs_code = $code ORDER BY modifier", values)
    if modifier:
        rvu = [row for row in rvu if row["modifier"] == modifier]
    if not rvu:
        raise NotThereError(_no_code(con, f"{code}-{modifier}" if modifier else code, release))
    payment = _payment(con, code, release, place)
    if modifier:
        payment = [row for row in payment if row["modifier"] == modifier]
    meanings = "SELECT value, meaning FROM indicator_value WHERE indicator = 'status_code'"
    known = dict(con.execute(meanings).fetchall())
    reasons = con.execute("SELECT price_status, meaning FROM price_status").fetchall()
    units = "FROM anesthesia_base_unit WHERE hcpcs_code = $code ORDER BY calendar_year DESC LIMIT 1"
    return {
        "release": release,
        "place": place,
        "rvu": rvu,
        "payment": payment,
        "work_rvu_rank": rows_of_release(
            con, "work_rvu_rank", release, "hcpcs_code = $code", values
        )[0],
        "anesthesia_base_units": next(iter(rows_of(con, units, values)), None),
        "status": {x: known.get(x, "") for x in sorted({row["status_code"] for row in rvu})},
        "price_status": dict(reasons),
    }


def _payment(
    con: duckdb.DuckDBPyConnection, code: str, release: dict, place: dict | None
) -> list[dict]:
    condition, values, table = "hcpcs_code = $code", {"code": code}, "payment_national"
    if place:
        table = "payment_locality"
        condition += " AND mac = $mac AND locality_number = $number"
        values |= {"mac": place["mac"], "number": place["locality_number"]}
    condition += " ORDER BY conversion_factor_class, modifier"
    return rows_of_release(con, table, release, condition, values)


def _no_code(con: duckdb.DuckDBPyConnection, code: str, release: dict) -> str:
    words = f"{release['release_id']} has no {code}"
    if release["is_sample"]:
        return f"{words}: it is a sample of selected codes."
    set_aside = len(rows_of_release(con, "quarantine", release, "true", {}))
    return (
        f"{words}; {set_aside} of its lines were set aside (table quarantine)."
        if set_aside
        else f"{words}."
    )
