"""``fees critical-care``: codes, units and prices of critical care for one patient and date."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from pipeline.cli.options import Day, Named, json_option, open_warehouse, warehouse_option
from pipeline.cli.query import aligned
from pipeline.terminal import say, say_json


@click.command("critical-care")
@click.option("--minutes", type=int, metavar="N", help="Minutes of critical care on the date.")
@click.option(
    "--payer",
    type=click.Choice(["medicare", "cpt"]),
    default="medicare",
    show_default=True,
    help="Whose rule counts the minutes.",
)
@click.option(
    "--on",
    "day",
    type=Day(),
    metavar="DATE",
    help="Date of service, as in 2025-05-01. Default: today.",
)
@click.option("--age", default="", metavar="AGE", help="Days, months or years: 10d, 18m, 4y.")
@click.option(
    "--setting",
    "care_setting",
    type=click.Choice(["inpatient", "outpatient", "emergency", "office"]),
    default="inpatient",
    show_default=True,
    help="Where the care is given.",
)
@click.option(
    "--transport", is_flag=True, help="Hands-on care during transport, whatever the setting."
)
@click.option("--later-day", is_flag=True, help="Not the first day of a child's inpatient care.")
@click.option(
    "--locality", metavar="MAC-LOCALITY", type=Named(), help="Price it in this locality (01112-05)."
)
@warehouse_option
@json_option
def critical_care(
    minutes: int | None,
    payer: str,
    day: datetime | None,
    age: str,
    care_setting: str,
    transport: bool,
    later_day: bool,
    locality: str | None,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Say which critical care codes are reported, in how many units, what one is worth, and why."""
    from pipeline.schedules.pfs.guide.critical_care import Situation, answer
    from pipeline.schedules.pfs.lookup import named_locality

    mac, number = named_locality(locality) if locality is not None else ("", "")
    asked = Situation(
        minutes=minutes,
        payer=payer,
        day=day.date() if day else date.today(),
        age=age,
        care_setting="transport" if transport else care_setting,
        is_later_day=later_day,
        mac=mac,
        locality_number=number,
    )
    with open_warehouse(warehouse) as con:
        found = answer(con, asked)
    if as_json:
        shown = {"codes": [asdict(line) for line in found.codes], "why": found.why}
        say_json(shown)
    else:
        _print(found)


def _print(found) -> None:
    if found.codes:
        names = list(asdict(found.codes[0]))
        say(*aligned(names, [tuple(asdict(line).values()) for line in found.codes]))
    else:
        say("no critical care code")
    for heading, sentences in (("why", found.why), ("also", found.also)):
        if sentences:
            say("", heading, *(f"- {sentence}" for sentence in sentences))
