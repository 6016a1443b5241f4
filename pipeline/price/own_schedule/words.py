"""How the price of a line came about that a schedule of its own pays, as a person would write it down."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pipeline.price.own_schedule.plan import OWN

# A rule of ``pricing_rule``, what it did here, and the amount after it.
Said = tuple[str, str, Decimal | None]

TITLES = {
    "clfs": "the Clinical Laboratory Fee Schedule",
    "asp": "the payment limits of Part B drugs",
    "dmepos": "the DMEPOS Fee Schedule",
    "ambulance": "the Ambulance Fee Schedule",
}
SUBJECTS = {"clfs": "test", "asp": "drug", "dmepos": "item", "ambulance": "ambulance"}


def is_own(line: dict[str, Any]) -> bool:
    """Whether a schedule of its own prices the line, or says why there is no price."""
    return line["schedule"] in OWN


def facts(line: dict[str, Any]) -> Iterator[Said]:
    """What was looked up: the schedule and its release."""
    modifiers = f" with {line['fee_modifiers']}" if line["fee_modifiers"] else ""
    yield (
        "own_schedule",
        f"{line['hcpcs_code']}{modifiers} is paid by {TITLES[line['schedule']]}",
        None,
    )
    if line["release_id"]:
        yield "release", f"{line['release_id']}, in force on {line['date_of_service']}", None


def gate(line: dict[str, Any]) -> str:
    """Why there is no price, where the rule alone says too little; else ''."""
    if line["reason"] != "release_missing":
        return ""
    return (
        f"The warehouse holds no release of {TITLES[line['schedule']]} "
        f"that is in force on {line['date_of_service']}."
    )


def amounts(line: dict[str, Any]) -> Iterator[Said]:
    """The fee of a unit, what the month of a rental makes of it, the units and the charge."""
    subject, fee = SUBJECTS[line["schedule"]], line["schedule_fee"]
    place = f" in {line['fee_place']}" if line["fee_place"] else ""
    share = line["patient_share_percent"]
    owed = f"; the patient owes {share.normalize():f}%" if share is not None else ""
    # From 100 miles on the tenths are cut off.
    units = (line["units"] if line["units"] < 100 else line["units"] // 1).normalize()
    is_plain = units == 1 and line["month_factor"] == 1 and line["first_fee"] is None
    words = f"{_dollars(fee)} for each {line['amount_unit']}{place}{owed}"
    yield f"fee_of_{subject}", words, line["line_amount"] if is_plain else None
    if line["month_factor"] != 1:
        words = f"fourth month or later: x {line['month_factor']}"
        yield (
            "rental_month",
            words,
            (fee * line["month_factor"]).quantize(Decimal("0.01"), "ROUND_HALF_UP"),
        )
    if line["first_fee"] is not None:
        alone = line["line_amount"] if units == 1 else None
        yield "first_miles", f"the first 17 at {_dollars(line['first_fee'])}", alone
    if units != 1:
        yield "own_units", f"{units:f} x {line['amount_unit']}", line["line_amount"]
    if line["compared_charge"] is not None and line["compared_charge"] < line["line_amount"]:
        words = f"the charge, {line['compared_charge']}, is lower"
        yield f"charge_of_{subject}", words, line["allowed_amount"]


def _dollars(amount: Decimal) -> str:
    """An amount with its third decimal, where it has one."""
    cents = amount.quantize(Decimal("0.01"))
    return str(cents if cents == amount else amount)
