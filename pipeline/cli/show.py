"""``pfs show``: what one code is worth."""

import json
import re
from pathlib import Path

import click

from pipeline.cli.options import json_option, open_warehouse, warehouse_option
from pipeline.cli.query import aligned, plain_value
from pipeline.errors import NotThereError, UsageError

CODE = re.compile(r"(?P<code>[A-Z0-9]{5})(-(?P<modifier>26|TC|53))?")

NOT_RANKED = {
    "no_work": "not ranked by work RVU: it is paid, but has no physician work",
    "carrier_priced": "not ranked by work RVU: the carrier sets its price",
    "not_payable": "not ranked by work RVU: it is not paid from RVUs of its own",
}


@click.command()
@click.argument("code", help="The HCPCS code, as in 99291, or with a modifier, as in 45378-53.")
@click.option("--release", "release_id", metavar="RELEASE", help="Default: the latest loaded.")
@click.option("--zip", "zip_code", metavar="ZIP", help="Show the payment at this ZIP code.")
@click.option(
    "--locality", metavar="MAC-LOCALITY", help="Show the payment in this locality (01112-05)."
)
@warehouse_option
@json_option
def show(
    code: str,
    release_id: str | None,
    zip_code: str | None,
    locality: str | None,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Show RVUs, national or local payment and rank of a code."""
    asked = CODE.fullmatch(code.upper())
    if not asked:
        raise UsageError(f'"{code}" is no code; write five characters, as in 99291 or 45378-53.')
    with open_warehouse(warehouse) as con:
        release = _release(con, release_id)
        place = _place(con, release, zip_code, locality)
        found = _look_up(con, asked["code"], asked["modifier"], release, place)
    if as_json:
        click.echo(json.dumps(found, default=plain_value, indent=1))
    else:
        _print(found)


def _rows(con, query: str, values: dict) -> list[dict]:
    cursor = con.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _release(con, release_id: str | None) -> dict:
    wanted = release_id.upper() if release_id else None
    query = "FROM release WHERE release_id = $wanted OR ($wanted IS NULL AND is_latest)"
    found = _rows(con, query, {"wanted": wanted})
    if not found:
        there = ", ".join(
            row[0] for row in con.execute("SELECT release_id FROM release").fetchall()
        )
        raise NotThereError(f"The warehouse holds no {wanted} (it holds: {there}).")
    return found[0]


def _place(con, release: dict, zip_code: str | None, locality: str | None) -> dict | None:
    if zip_code is not None and locality is not None:
        raise UsageError("Name a ZIP code or a locality, not both.")
    if zip_code is not None:
        return _place_of_zip(con, release, zip_code)
    if locality is not None:
        written = re.fullmatch(r"(\d{5})-(\d{2})", locality)
        if not written:
            raise UsageError(f'"{locality}" is no locality; write MAC and number, as in 01112-05.')
        return _locality(con, release, written[1], written[2]) | {"notes": []}
    return None


def _place_of_zip(con, release: dict, zip_code: str) -> dict:
    if not re.fullmatch(r"\d{5}(-?\d{4})?", zip_code):
        raise UsageError(f'"{zip_code}" is no ZIP code; write five digits, as in 94110.')
    # The file in force on the release's first day, else the one that is nearest to it.
    query = (
        "FROM zip_locality WHERE zip_code = $zip "
        "ORDER BY abs(effective_from - $first_day::DATE) LIMIT 1"
    )
    found = _rows(con, query, {"zip": zip_code[:5], "first_day": release["effective_from"]})
    if not found:
        files = con.execute("SELECT count(*) FROM zip_locality").fetchall()[0][0]
        advice = "" if files else ": it holds no ZIP file; put CMS's ZIP5 file into the raw folder"
        raise NotThereError(f"The warehouse does not know the ZIP code {zip_code[:5]}{advice}.")
    zip_row = found[0]
    notes = []
    if zip_row["zip4_decides"]:
        notes.append("this ZIP code spans localities: the four further digits decide")
    if not zip_row["effective_from"] <= release["effective_to"] <= zip_row["effective_to"]:
        notes.append(f"the ZIP file is of {zip_row['effective_from']} to {zip_row['effective_to']}")
    return _locality(con, release, zip_row["mac"], zip_row["locality_number"]) | {"notes": notes}


def _locality(con, release: dict, mac: str, number: str) -> dict:
    query = "FROM locality WHERE release_id = $release_id AND mac = $mac AND locality_number = $n"
    found = _rows(con, query, {"release_id": release["release_id"], "mac": mac, "n": number})
    if not found:
        raise NotThereError(f"{release['release_id']} has no locality {mac}-{number}.")
    return found[0]


def _look_up(con, code: str, modifier: str | None, release: dict, place: dict | None) -> dict:
    values = {"code": code, "release_id": release["release_id"]}
    one_code = "WHERE release_id = $release_id AND hcpcs_code = $code"
    rvu = _rows(con, f"FROM rvu {one_code} ORDER BY modifier", values)
    rank = _rows(con, f"FROM work_rvu_rank {one_code}", values)
    amounts = f"FROM payment_national {one_code} ORDER BY conversion_factor_class, modifier"
    if place:
        values |= {"mac": place["mac"], "locality_number": place["locality_number"]}
        amounts = (
            f"FROM payment_locality {one_code} AND mac = $mac "
            "AND locality_number = $locality_number ORDER BY conversion_factor_class, modifier"
        )
    payment = _rows(con, amounts, values)
    if modifier:
        rvu = [row for row in rvu if row["modifier"] == modifier]
        payment = [row for row in payment if row["modifier"] == modifier]
    if not rvu:
        raise NotThereError(_no_code(con, f"{code}-{modifier}" if modifier else code, release))
    return {
        "release": release,
        "place": place,
        "rvu": rvu,
        "payment": payment,
        "work_rvu_rank": rank[0],
        "anesthesia_base_units": _base_units(con, code),
        "status": _meanings(con, sorted({row["status_code"] for row in rvu})),
        "price_status": dict(
            con.execute("SELECT price_status, meaning FROM price_status").fetchall()
        ),
    }


def _no_code(con, code: str, release: dict) -> str:
    words = f"{release['release_id']} has no {code}"
    if release["is_sample"]:
        return f"{words}: it is a sample of selected codes."
    query = "SELECT count(*) FROM quarantine WHERE release_id = ?"
    set_aside = con.execute(query, [release["release_id"]]).fetchall()[0][0]
    return (
        f"{words}; {set_aside} of its lines were set aside (table quarantine)."
        if set_aside
        else f"{words}."
    )


def _base_units(con, code: str) -> dict | None:
    query = "FROM anesthesia_base_unit WHERE hcpcs_code = $code ORDER BY calendar_year DESC LIMIT 1"
    found = _rows(con, query, {"code": code})
    return found[0] if found else None


def _meanings(con, status_codes: list[str]) -> dict[str, str]:
    query = "SELECT value, meaning FROM indicator_value WHERE indicator = 'status_code'"
    known = dict(con.execute(query).fetchall())
    return {code: known.get(code, "") for code in status_codes}


def _print(found: dict) -> None:
    release, place = found["release"], found["place"]
    first = found["rvu"][0]
    if release["is_sample"]:
        click.echo("SAMPLE: selected codes only, no CMS release; ranks are those of the sample.")
    click.echo(f"{first['hcpcs_code']}  {first['description']}  ({first['section']})")
    click.echo(
        f"release {release['release_id']}, in force {release['effective_from']} to "
        f"{release['effective_to']}"
    )
    if place:
        click.echo(
            f"in {place['mac']}-{place['locality_number']} {place['locality_name']}".rstrip()
        )
        for note in place["notes"]:
            click.echo(f"note: {note}")
    click.echo("")
    click.echo(aligned(*_rvu_table(found["rvu"])))
    click.echo("")
    click.echo(aligned(*_payment_table(found["payment"])))
    click.echo("")
    for sentence in _sentences(found):
        click.echo(sentence)


def _rvu_table(rvu: list[dict]) -> tuple[list[str], list[tuple]]:
    names = ["mod", "status", "work", "pe office", "pe facility", "mp", "total office", "total facility", "global"]  # fmt: skip
    columns = [
        "modifier", "status_code", "work_rvu", "nonfacility_pe_rvu", "facility_pe_rvu", "mp_rvu",
        "nonfacility_total_rvu", "facility_total_rvu", "global_days",
    ]  # fmt: skip
    return names, [tuple(row[name] for name in columns) for row in rvu]


def _payment_table(payment: list[dict]) -> tuple[list[str], list[tuple]]:
    """One row per modifier, class and setting; the last column says what is particular."""
    names = ["mod", "class", "setting", "fee", "payment", "limiting charge", "remarks"]
    rows = []
    for row in payment:
        for setting, words in (("nonfacility", "office"), ("facility", "facility")):
            amounts = tuple(row[f"{setting}_{x}"] for x in ("fee", "payment", "limiting_charge"))
            place = (row["modifier"], row["conversion_factor_class"], words)
            rows.append((*place, *amounts, _remarks(row, setting)))
    return names, rows


def _remarks(row: dict, setting: str) -> str:
    remarks = [] if row["price_status"] == "priced" else [row["price_status"]]
    if row[f"{setting}_na"]:
        remarks.append("NA: rarely or never done here")
    fee, payment = row[f"{setting}_fee"], row[f"{setting}_payment"]
    if fee is not None and payment < fee:
        remarks.append("capped at the OPPS amount")
    ceiling, reference = row[f"opps_ceiling_{setting}"], row[f"reference_{setting}_amount"]
    if ceiling is not None:
        remarks.append(f"ceiling {ceiling}")
    if reference is not None:
        remarks.append(f"not paid; its RVUs would give {reference}")
    return "; ".join(remarks)


def _sentences(found: dict) -> list[str]:
    sentences = [f"status {code}: {meaning}" for code, meaning in found["status"].items()]
    reasons = sorted({row["price_status"] for row in found["payment"]} - {"priced"})
    sentences += [f"{reason}: {found['price_status'][reason]}" for reason in reasons]
    units, place = found["anesthesia_base_units"], found["place"]
    if units:
        factor = place["anesthesia_conversion_factor"] if place else None
        times = f"; {factor} dollars a unit here" if factor else ""
        sentences.append(f"base units: {units['base_units']} ({units['calendar_year']}){times}")
    return [*sentences, _rank_sentence(found["work_rvu_rank"])]


def _rank_sentence(rank: dict) -> str:
    if rank["rank_status"] in NOT_RANKED:
        return NOT_RANKED[rank["rank_status"]]
    figures = (
        f"work RVU {rank['work_rvu']} among {rank['peer_count']} payable codes with work in "
        f"{rank['section']}: median {rank['median_work_rvu']:.2f}, highest "
        f"{rank['max_work_rvu']} ({rank['max_hcpcs_code']})"
    )
    if rank["rank_status"] == "few_peers":
        return f"{figures}; too few for a percentile"
    return f"{figures}, percentile {rank['percentile']:.0f}"
