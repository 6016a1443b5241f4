"""``pfs show``: what one code is worth."""

import json
from pathlib import Path

import click

from pipeline.cli.options import json_option, open_warehouse, warehouse_option
from pipeline.cli.query import _plain, aligned
from pipeline.errors import NotThereError, UsageError


@click.command()
@click.argument("code", help="The HCPCS code, as in 99291.")
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
    with open_warehouse(warehouse) as con:
        found = _look_up(con, code.upper(), release_id, zip_code, locality)
    if as_json:
        click.echo(json.dumps(found, default=_plain, indent=1))
    else:
        _print(found)


def _look_up(
    con, code: str, release_id: str | None, zip_code: str | None, locality: str | None
) -> dict:
    release = _release(con, release_id)
    place = _place(con, release["release_id"], zip_code, locality)
    values = {"code": code, "release_id": release["release_id"]}
    rvu = _rows(
        con,
        "FROM rvu WHERE release_id = $release_id AND hcpcs_code = $code ORDER BY modifier",
        values,
    )
    if not rvu:
        raise NotThereError(f"{release['release_id']} has no code {code}.")
    payment = (
        "FROM payment_national WHERE release_id = $release_id AND hcpcs_code = $code ORDER BY ALL"
    )
    if place:
        values |= {"mac": place["mac"], "locality_number": place["locality_number"]}
        payment = (
            "FROM payment_locality WHERE release_id = $release_id AND hcpcs_code = $code "
            "AND mac = $mac AND locality_number = $locality_number ORDER BY ALL"
        )
    rank = _rows(
        con,
        "FROM work_rvu_rank WHERE release_id = $release_id AND hcpcs_code = $code",
        {"code": code, "release_id": release["release_id"]},
    )
    return {
        "release": release,
        "place": place,
        "rvu": rvu,
        "payment": _rows(con, payment, values),
        "work_rvu_rank": rank[0],
        "status": _meanings(con, sorted({row["status_code"] for row in rvu})),
        "price_status": dict(
            con.execute("SELECT price_status, meaning FROM price_status").fetchall()
        ),
    }


def _rows(con, query: str, values: dict) -> list[dict]:
    cursor = con.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _release(con, release_id: str | None) -> dict:
    query = "FROM release WHERE release_id = $wanted OR ($wanted IS NULL AND is_latest)"
    found = _rows(con, query, {"wanted": release_id})
    if not found:
        raise NotThereError(f"The warehouse holds no release {release_id}.")
    return found[0]


def _place(con, release_id: str, zip_code: str | None, locality: str | None) -> dict | None:
    if zip_code and locality:
        raise UsageError("Name a ZIP code or a locality, not both.")
    if not zip_code and not locality:
        return None
    decides = False
    if zip_code:
        query = "FROM zip_locality WHERE zip_code = $zip ORDER BY effective_from DESC LIMIT 1"
        found = _rows(con, query, {"zip": zip_code[:5]})
        if not found:
            raise NotThereError(f"No ZIP file in the warehouse has {zip_code}.")
        mac, number, decides = (found[0][x] for x in ("mac", "locality_number", "zip4_decides"))
    else:
        mac, _, number = (locality or "").partition("-")
    query = (
        "FROM locality WHERE release_id = $release_id AND mac = $mac AND locality_number = $number"
    )
    places = _rows(con, query, {"release_id": release_id, "mac": mac, "number": number})
    if not places:
        raise NotThereError(
            f"{release_id} has no locality {mac}-{number}; write MAC and locality as in 01112-05."
        )
    return places[0] | {"zip4_decides": decides}


def _meanings(con, status_codes: list[str]) -> dict[str, str]:
    query = "SELECT value, meaning FROM indicator_value WHERE indicator = 'status_code'"
    known = dict(con.execute(query).fetchall())
    return {code: known.get(code, "") for code in status_codes}


def _print(found: dict) -> None:
    release, place = found["release"], found["place"]
    first = found["rvu"][0]
    if release["is_sample"]:
        click.echo("SAMPLE: selected codes only, no CMS release; ranks are those of the sample.")
    click.echo(
        f"{first['hcpcs_code']}  {first['description']}  ({first['section']}, {first['code_system']})"
    )
    click.echo(
        f"release {release['release_id']}, in force {release['effective_from']} to {release['effective_to']}"
    )
    if place:
        click.echo(f"in {place['mac']}-{place['locality_number']} {place['locality_name']}")
        if place["zip4_decides"]:
            click.echo("note: this ZIP code spans localities; the four further digits decide")
    click.echo("")
    names = ["modifier", "status_code", "work_rvu", "nonfacility_pe_rvu", "facility_pe_rvu", "mp_rvu",
             "nonfacility_total_rvu", "facility_total_rvu", "global_days"]  # fmt: skip
    click.echo(aligned(names, [tuple(row[name] for name in names) for row in found["rvu"]]))
    click.echo("")
    names = ["modifier", "conversion_factor_class", "nonfacility_payment", "facility_payment",
             "nonfacility_na", "facility_na", "price_status"]  # fmt: skip
    click.echo(aligned(names, [tuple(row[name] for name in names) for row in found["payment"]]))
    click.echo("")
    for code, meaning in found["status"].items():
        click.echo(f"status {code}: {meaning}")
    for reason in sorted({row["price_status"] for row in found["payment"]} - {"priced"}):
        click.echo(f"{reason}: {found['price_status'].get(reason, '')}")
    click.echo(_rank_sentence(found["work_rvu_rank"]))


def _rank_sentence(rank: dict) -> str:
    if rank["rank_status"] != "ranked":
        return f"not ranked by work RVU: {rank['rank_status']}"
    return (
        f"work RVU {rank['work_rvu']}: percentile {rank['percentile']:.0f} of {rank['peer_count']} "
        f"payable codes with work in {rank['section']} (median {rank['median_work_rvu']:.2f}, "
        f"highest {rank['max_work_rvu']} for {rank['max_hcpcs_code']})"
    )
