"""The answer for one code as a table for people: who pays it, how much, or why nobody does."""

from decimal import ROUND_HALF_UP, Decimal

from pipeline.cli.query import aligned

SETTINGS = {
    "office": "office",
    "facility_professional": "practitioner in a facility",
    "lab": "laboratory",
    "supplier": "supplier",
    "ambulance": "ambulance",
    "asc": "surgical center",
    "outpatient_hospital": "hospital outpatient",
}

STATUSES = {
    "priced_by_formula": "by formula, provisional until CMS's file is loaded",
    "priced_if_not_packaged": "only if nothing else on the claim takes it in",
    "priced_comprehensive": "may be for a whole claim",
}


def answer_lines(rows: list[dict], meanings: dict[str, str]) -> list[str]:
    """The rows of ``fee`` as an aligned table, and a sentence on each reason in them."""
    units = next((row["units"] for row in rows if "units" in row), None)
    order = list(SETTINGS)
    ordered = sorted(rows, key=lambda row: (order.index(row["setting"]), _modifiers(row)))
    head = ["setting", "mod", "amount", "per", "patient", "schedule", "release", "remarks"]
    if units:
        head.insert(4, f"{units} units")
    has_places = any(_place(row) for row in rows)
    if has_places:
        head.insert(2, "place")
    table = [_cells(row, units, has_places) for row in ordered]
    return [*aligned(head, table), *_notes(rows, meanings, units)]


def rule_lines(rules: list[dict]) -> list[str]:
    """What becomes of the amounts by the rules of a schedule, as an aligned table, then what is no amount.

    Each rule has its evidence and source, once.
    """
    paid = [rule for rule in rules if rule["amount"] is not None]
    per = "miles" if any(rule.get("first_units") for rule in paid) else "months"
    head = ["mod", "place", per, "amount", "rule"]
    table = [
        (_modifiers(rule), _place(rule), _range(rule), rule["amount"], rule["rule"])
        for rule in paid
    ]
    said = {
        rule["rule"]: f"{rule['meaning']} [{rule['evidence']}: {rule['source']}]" for rule in rules
    }
    lines = [*aligned(head, table), ""] if table else []
    return [*lines, *(f"{name}: {words}" for name, words in said.items())]


def _range(rule: dict) -> str:
    """The months of rental, or the units, that an amount is for."""
    if rule.get("first_units"):
        return f"1 to {rule['first_units']}"
    first, last = rule["month_from"], rule["month_to"]
    if first is None:
        return ""
    return f"{first}" if first == last else f"{first} to {last}" if last else f"from {first}"


def amount_of_units(row: dict, rules: list[dict], units: int | Decimal) -> Decimal | None:
    """What so many units are paid, rounded once, half up to cents: the first ones by the rule that has an
    amount of its own for them in the same place (miles from rural places, which may have tenths)."""
    if row["amount"] is None:
        return None
    of_first = next((rule for rule in rules if _is_of_first(rule, row)), None)
    first = min(units, of_first["first_units"]) if of_first else 0
    total = (units - first) * row["amount"] + (first * of_first["amount"] if of_first else 0)
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _is_of_first(rule: dict, row: dict) -> bool:
    same = ("modifier", "modifier2", "modifier3", "mac", "locality_number", "ambulance_area")
    return bool(rule.get("first_units")) and all(rule[name] == row[name] for name in same)


def dollars(amount: Decimal | None) -> Decimal | None:
    """An amount with as many decimals as it has, and at least cents."""
    if amount is None:
        return None
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount


def _modifiers(row: dict) -> str:
    return " ".join(filter(None, (row["modifier"], row["modifier2"], row["modifier3"])))


def _place(row: dict) -> str:
    """Where the amount holds, '' for the whole country."""
    rural = {True: " rural", False: " not rural", None: ""}[row["is_rural"]]
    area = row.get("ambulance_area", "").replace("_", "-")
    locality = f"{row['mac']}-{row['locality_number']}" if row.get("mac") else ""
    return row["cba"] or (
        f"{row['state']}{rural}" if row["state"] else f"{locality} {area}".strip()
    )


def _cells(row: dict, units: int | Decimal | None, has_places: bool) -> tuple:
    cells = [
        SETTINGS[row["setting"]], _modifiers(row), dollars(row["amount"]), row["amount_unit"] if row["amount"] is not None else "",
        _share(row["patient_share_percent"]), row["schedule"], row["release_id"], row["reason"] or STATUSES.get(row["amount_status"], ""),
    ]  # fmt: skip
    if units:
        cells.insert(4, row["units_amount"])
    if has_places:
        cells.insert(2, _place(row))
    return tuple(cells)


def _share(percent: Decimal | None) -> str:
    return "" if percent is None else f"{percent.normalize():f}%"


def _notes(rows: list[dict], meanings: dict[str, str], units: int | Decimal | None) -> list[str]:
    notes = [f"{reason}: {meaning}" for reason, meaning in meanings.items()]
    if any(row["patient_share_percent"] is not None for row in rows):
        notes.append(
            "patient: the patient's share in percent; empty where the schedule's file states none, or states it in dollars."
        )
    if units:
        notes.append("The amount of several units is rounded once, to cents (provisional).")
    if units and any(row["amount_unit"] == "month" for row in rows):
        notes.append("Units of rent are items for one month: the rules have the later months.")
    return ["", *notes] if notes else []
