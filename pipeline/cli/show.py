"""``fees show``: what one code is worth."""

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import json_option, on_option, open_warehouse, warehouse_option
from pipeline.cli.others import other_answers
from pipeline.cli.query import aligned
from pipeline.errors import NotThereError, UsageError
from pipeline.terminal import say, say_json

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.release.schedule import Asked

CODE = re.compile(r"(?P<code>[A-Z0-9]{5})(-(?P<modifier>26|TC|53|QW))?")

NOT_RANKED = {
    "no_work": "not ranked by work RVU: it is paid, but has no physician work",
    "carrier_priced": "not ranked by work RVU: the carrier sets its price",
    "not_payable": "not ranked by work RVU: it is not paid from RVUs of its own",
}


@click.command()
@click.argument("code", help="The HCPCS code, as in 99291, or with a modifier, as in 45378-53.")
@click.option(
    "--release", metavar="RELEASE", help="A release or posting; default: the latest loaded."
)
@on_option
@click.option(
    "--known-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="As it was known on that day, before CMS posted again.",
)
@click.option("--zip", "zip_code", metavar="ZIP", help="Show the payment at this ZIP code.")
@click.option(
    "--locality", metavar="MAC-LOCALITY", help="Show the payment in this locality (01112-05)."
)
@warehouse_option
@json_option
def show(
    code: str,
    release: str | None,
    on: datetime | None,
    known_on: datetime | None,
    zip_code: str | None,
    locality: str | None,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Show RVUs, national or local payment and rank of a code, now or on a day of service.

    What the other fee schedules pay for it follows.
    """
    asked = CODE.fullmatch(code.upper())
    if not asked:
        raise UsageError(f'"{code}" is no code; write five characters, as in 99291 or 45378-53.')
    from pipeline.release.schedule import Asked

    days = (on.date() if on else None, known_on.date() if known_on else None)
    question = Asked(asked["code"], asked["modifier"], release, *days)
    with open_warehouse(warehouse) as con:
        others = other_answers(con, question)
        try:
            found = _look_up(con, question, zip_code, locality)
        except NotThereError:
            if not others or zip_code or locality:
                raise
            found = {}
    if as_json:
        say_json(found | {one.table: one.rows for one in others})
        return
    if found:
        _print(found)
        say(*[""] * bool(others))
    else:
        say(f"{question.code}  {others[0].description}".rstrip())
    for one in others:
        say(one.title, "", *aligned(one.head, one.shown), "", *one.notes)


def _look_up(
    con: "DuckDBPyConnection", asked: "Asked", zip_code: str | None, locality: str | None
) -> dict:
    """What the Physician Fee Schedule has; raises NotThereError where it has nothing."""
    from pipeline.schedules.pfs.lookup import When, find_place, find_release, look_up

    row = find_release(con, When(asked.release, asked.on, asked.known_on))
    place = find_place(con, row, zip_code, locality)
    return look_up(con, asked.code, asked.modifier, row, place)


def _print(found: dict) -> None:
    release, place = found["release"], found["place"]
    first = found["rvu"][0]
    if release["is_sample"]:
        say("SAMPLE: selected codes only, no CMS release; ranks are those of the sample.")
    say(f"{first['hcpcs_code']}  {first['description']}  ({first['section']})")
    say(
        f"release {release['release_id']}, in force {release['effective_from']} to "
        f"{release['effective_to']}"
    )
    if not release["is_current"]:
        say(f"note: this is {release['posting_id']}, which {release['superseded_by']} replaced")
    if place:
        say(f"in {place['mac']}-{place['locality_number']} {place['locality_name']}".rstrip())
        for note in place["notes"]:
            say(f"note: {note}")
    say("")
    say(*aligned(*_rvu_table(found["rvu"])))
    say("")
    say(*aligned(*_payment_table(found["payment"])))
    say("")
    say(*_sentences(found))


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
