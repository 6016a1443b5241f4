"""``fees price``: what Medicare allows for claim lines, and why."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.elsewhere import (
    elsewhere_lines,
    elsewhere_of,
    known_on_other_days,
    modifiers_listed,
    releases_near,
    set_aside_then,
)
from pipeline.cli.options import (
    json_option,
    open_warehouse,
    unspaced,
    warehouse_option,
)
from pipeline.cli.price_file import is_about_a_file, price_file, refuse_file_options
from pipeline.cli.price_options import price_options
from pipeline.cli.price_paid import assumed, paid_rows, paid_words, total
from pipeline.cli.query import aligned
from pipeline.cli.units import units_of
from pipeline.errors import UsageError
from pipeline.memory import FOR_PRICES, refuse_little_memory
from pipeline.terminal import say, say_json, warn

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A modifier 26.0 is what a column of numbers makes of 26.
WRITTEN = re.compile(r"(?P<code>[A-Z0-9]{5})(?P<modifiers>(-[A-Z0-9]{2}(\.0)?){0,4})")
SAY_WHERE = "Say where: a ZIP code (--zip 94110), or a locality with its MAC (--locality 01112-05)."
ZIP = re.compile("([0-9]{5})-?([0-9]{4})?")
# The reasons of lines of which the Physician Fee Schedule says nothing: whatever others say may help.
NOT_HERE = ("code_unknown", "release_missing")
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@click.command()
@click.argument(
    "what",
    nargs=-1,
    metavar="CODE... | FILE",
    help="The lines of one claim, each a code with its modifiers and, where they differ, units "
    "(99214-25 20610-50 97110:3); or a file of claim lines: Parquet, CSV or other text (.gz, .zst), "
    "a workbook or a DuckDB database.",
)
@price_options
@warehouse_option
@json_option
def price(what: tuple[str, ...], out: Path | None, warehouse: Path, as_json: bool, **said) -> None:
    """Say what Medicare allows and pays for the lines of a claim, or price a file of claim lines."""
    said = _with_mac(said)
    if is_about_a_file(what, said):
        price_file(what, out, warehouse, as_json, said)
        return
    if not what:
        raise UsageError("Say what to price: codes, as in 99214-25, or a file of claim lines.")
    if out is not None or Path(what[0]).exists():
        from pipeline.price.source import FORMS

        raise UsageError(f'"{what[0]}" is no file of claim lines; one is {FORMS}.')
    refuse_file_options()
    lines, found, notes = _claim(what, said, warehouse)
    if as_json:
        say_json(_json_claim(lines, found, notes, said))
    else:
        written = [
            text
            for line, (_, texts) in zip(lines, found, strict=True)
            for text in ("", *_written_down(line), *texts)
        ]
        say(*written[1:], *paid_words(lines, said))
        if len(lines) > 1 or lines[0]["units"] != 1:
            warn(*(f"note: {note['words']}" for note in notes))


def answer(what: tuple[str, ...], said: dict[str, Any], warehouse: Path) -> dict[str, Any]:
    """What the command says of the lines of a claim, as what ``--json`` gives."""
    said = _with_mac(said)
    return _json_claim(*_claim(what, said, warehouse), said)


def _with_mac(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, with the MAC of a locality that names it, as in 01112-05."""
    if "-" not in (said["locality"] or ""):
        return said
    from pipeline.schedules.pfs.lookup import named_locality

    mac, number = named_locality(said["locality"])
    if said["mac"] not in (None, mac):
        raise UsageError(f"--locality {said['locality']} is not of --mac {said['mac']}; say one.")
    return said | {"mac": mac, "locality": number}


def _claim(
    what: tuple[str, ...], said: dict[str, Any], warehouse: Path
) -> tuple[list[dict[str, Any]], list[tuple[list[dict], list[str]]], list[dict[str, Any]]]:
    """The priced lines of a claim, for each what other schedules say of its code, and notes on all."""
    asked = [_line(number, one, said) for number, one in enumerate(what, 1)]
    lines, notes = _price_claim(asked, warehouse, said)
    if any(line["reason"] == "locality_missing" for line in lines):
        # Tests, drugs and the like have one fee everywhere: those are priced without a place.
        raise UsageError(SAY_WHERE)
    return lines, _elsewhere(lines, _day(said["day"]), warehouse), notes


def _json_claim(
    lines: list[dict[str, Any]],
    found: list[tuple[list[dict], list[str]]],
    notes: list[dict[str, Any]],
    said: dict[str, Any],
) -> dict[str, Any]:
    return {
        "lines": [
            _json_line(x) | {"elsewhere": rows} for x, (rows, _) in zip(lines, found, strict=True)
        ],
        "total": total(lines),
        "assumed": assumed(said),
        "notes": notes,
    }


def _line(number: int, written: str, said: dict[str, Any]) -> dict[str, Any]:
    """One line of the claim in the layout of claim lines."""
    service, colon, units = map(unspaced, written.partition(":"))
    parts = WRITTEN.fullmatch(service.upper())
    if not parts:
        raise UsageError(
            f'"{written}" is no claim line; write a code with its modifiers, as in 99214-25.'
        )
    written_after = [one.removesuffix(".0") for one in parts["modifiers"].split("-")[1:]]
    modifiers = [*written_after, "", "", "", ""]
    return {
        "claim_id": "1",
        "claim_line_number": number,
        "date_of_service": _day(said["day"]),
        "hcpcs_code": parts["code"],
        **{f"modifier_{n}": modifiers[n - 1] for n in (1, 2, 3, 4)},
        "units": units_of(parts["code"], units if colon else said["units"]),
        "place_of_service": said["pos"],
        **_place(said),
        "charge": _dollars(said["charge"], "charge"),
        "provider_kind": _provider(said["provider"]),
        "is_participating": not said["non_participating"],
        "is_apm_qualified": said["apm_qualified"],
        "is_assigned": False if said.get("unassigned") else None,
        "deductible_left": _dollars(said.get("deductible_left"), "amount of the deductible"),
        "anesthesia_minutes": said["minutes"] and _minutes(said["minutes"]),
        "patient_id": "",
        "provider_id": "",
        "ndc_code": "",
        "ndc_units": None,
        "revenue_code": "",
        "bill_type": "",
    }


def _provider(written: str) -> str:
    from pipeline.schedules.pfs.price.curated import kind_spellings

    kinds, word = kind_spellings(), written.strip().lower()
    if word not in kinds and not any(word in words for words in kinds.values()):
        raise UsageError(f'"{written}" is no kind of provider; write one of {", ".join(kinds)}.')
    return word


def _day(written: str | None):
    if written is None:
        raise UsageError("Say the date of service: --on 2025-10-02.")
    try:
        return date.fromisoformat(unspaced(written) if DAY.fullmatch(unspaced(written)) else "")
    except ValueError:
        raise UsageError(f'"{written}" is no date; write it as in 2025-10-02.') from None


def _minutes(written: str) -> int:
    """A whole number in digits; what Python takes for one beside it (1_0) is none."""
    if not re.fullmatch("[0-9]{1,6}", written):
        raise UsageError(f'"{written}" is no number of minutes; write a whole one.')
    return int(written)


def _place(said: dict[str, Any]) -> dict[str, str]:
    zip_code = said["zip_code"] or ""
    if written := ZIP.fullmatch(zip_code):
        zip_code = written[1] + (written[2] or "")
    if bool(said["mac"]) != bool(said["locality"]):
        raise UsageError(SAY_WHERE)
    return {
        "service_zip_code": zip_code,
        "service_mac": said["mac"] or "",
        "service_locality_number": said["locality"] or "",
    }


def _dollars(written: str | None, what: str) -> Decimal | None:
    if written is None:
        return None
    from pipeline.price.cell import amount_written

    amount = amount_written(written.strip())
    if amount is None or amount < 0:
        raise UsageError(f'"{written}" is no {what}; write dollars and cents, as in 125.00.')
    return amount


def _price_claim(
    lines: list[dict[str, Any]], warehouse: Path, said: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The priced lines of one claim with their traces, in the order given, and the notes on them all."""
    refuse_little_memory(FOR_PRICES)
    from pipeline.price.claim import price_claim, zip_file_of_another_time
    from pipeline.price.edits.plan import left_out
    from pipeline.price.edits.unknown import unknown_to_edits
    from pipeline.price.paid.plan import Terms

    without = left_out(said.get("without"), said.get("without_edits", False))
    terms = Terms(has_sequestration=not said.get("without_sequestration"))
    with open_warehouse(warehouse) as con:
        priced = price_claim(con, lines, with_trace=True, without=without, terms=terms)
        # A claim has one day, and so one file of ZIP codes.
        zip_file = zip_file_of_another_time(con)
        priced = [line | {"zip_file": zip_file} for line in priced]
        # On the command line nobody names a group.
        notes = unknown_to_edits(con, without)
        return priced, [note for note in notes if note["note"] != "group_practice_not_named"]


def _elsewhere(
    lines: list[dict[str, Any]], day: date, warehouse: Path
) -> list[tuple[list[dict], list[str]]]:
    """For each line what other schedules say of its code, as rows and in words; nothing of a priced one."""
    if not any(line["reason"] for line in lines):
        return [([], []) for _ in lines]
    with open_warehouse(warehouse) as con:
        return [_elsewhere_of(con, line, day) if line["reason"] else ([], []) for line in lines]


def _elsewhere_of(
    con: "DuckDBPyConnection", line: dict[str, Any], day: date
) -> tuple[list[dict], list[str]]:
    from pipeline.schedules.pfs.lookup import no_release

    if line["reason"] == "release_missing" and line["schedule"]:
        return [], [releases_near(con, line["schedule"], day)]
    if line["reason"] == "item_modifier_missing":
        return [], [modifiers_listed(con, line, day)]
    code, is_unknown = line["hcpcs_code"], line["reason"] in NOT_HERE
    rows = elsewhere_of(con, code, day, is_unknown)
    words = elsewhere_lines(rows, code, day)
    if is_unknown and not rows and (known := known_on_other_days(con, code, day)):
        words = [known]
    if line["reason"] == "code_unknown" and (aside := set_aside_then(con, day)):
        words.append(aside)
    if line["reason"] == "release_missing":
        words.insert(0, f"  {no_release(day)}")
    return rows, words


def _json_line(line: dict[str, Any]) -> dict[str, Any]:
    from pipeline.price.plan import RESULT
    from pipeline.price.trace import trace_of

    # Claim and line are numbers that the command gave them.
    found = [name for name in RESULT if name not in ("claim_id", "claim_line_number")]
    return {
        "hcpcs_code": line["hcpcs_code"],
        **{name: line[name] for name in found},
        "trace": [
            {
                "rule": step.rule,
                "words": step.words,
                "amount": step.amount,
                "meaning": step.row["meaning"],
                "is_provisional": step.is_provisional,
                "evidence": step.row["evidence"],
                "source": step.row["source"],
            }
            for step in trace_of(line)
        ],
    }


def _written_down(line: dict[str, Any]) -> list[str]:
    """The trace of one line as a person would write it down."""
    from pipeline.price.trace import trace_of

    modifiers = "".join(f"-{line[f'modifier_{n}']}" for n in (1, 2, 3, 4) if line[f"modifier_{n}"])
    units = f", {line['units'].normalize():f} units" if line["units"] != 1 else ""
    rows = [
        (f"  {step.rule}", step.words or step.row["meaning"], step.amount, "provisional" if step.is_provisional else "")
        for step in trace_of(line)
    ]  # fmt: skip
    result = line["allowed_amount"] if line["reason"] == "" else f"no price: {line['price_status']}"
    rows += [(f"  {who}", words, amount, "") for who, words, amount in paid_rows(line)]
    body = aligned(["", "", "", ""], rows)[2:]
    return [f"{line['hcpcs_code']}{modifiers}{units}: {result}", *body]
