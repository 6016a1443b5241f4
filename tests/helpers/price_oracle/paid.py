"""The second pricer: what becomes of an allowed amount, line by line with a running deductible.

docs/claims.md says what is right; the curated tables of shares are read as they are published.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from pipeline.schedules.pfs.declared import schedule
from schemas.definitions import read_reference
from tests.helpers.price_oracle.tables import NONE, cents
from tests.helpers.price_oracle.work import modifiers_of

SCREENING = {2023: "0.15", 2024: "0.15", 2025: "0.15", 2026: "0.15", 2027: "0.1"}
PREVENTIVE = {
    row["hcpcs_code"]: row
    for row in read_reference(schedule().reference_file("preventive_service"))
}

Paid = tuple[Decimal, Decimal, Decimal, Decimal, Decimal, Decimal] | tuple[None, ...]


def withheld(day: date) -> Decimal:
    """The share that Medicare withholds of its payment."""
    if day < date(2013, 4, 1) or date(2020, 5, 1) <= day < date(2022, 4, 1):
        return NONE
    return Decimal("0.01") if date(2022, 4, 1) <= day < date(2022, 7, 1) else Decimal("0.02")


def share(line: dict, modifiers: set[str], own_percent: Decimal | None) -> tuple[Decimal, bool]:
    """The patient's share, and whether the deductible is asked."""
    row, day = PREVENTIVE.get(line["hcpcs_code"]), line["date_of_service"]
    # Of the two modifiers 33 counts where both are there.
    said = next((x for x in ("33", "PT") if x in modifiers), "")
    if (
        row
        and row["effective_from"] <= str(day) <= row["effective_to"]
        and row["needed_modifier"] in ("", said)
    ):
        return Decimal(row["patient_share_percent"]) / 100, row["deductible_applies"] == "true"
    if said == "PT":
        return Decimal(SCREENING.get(day.year, "0.2")), False
    if own_percent is not None:
        return own_percent / 100, own_percent > 0
    return Decimal("0.2"), True


def paid(lines: list[dict], priced: list[dict]) -> list[Paid]:
    """Allowed, deductible, coinsurance, Medicare's payment, what is withheld, and the patient's part."""
    owed: dict = {}
    for line in lines:
        key = line["claim_id"] or id(line)
        owed[key] = max(owed.get(key, NONE), line["deductible_left"] or NONE)
    found: dict[int, Paid] = {}
    order = defaultdict(list)
    for place, (line, ours) in enumerate(zip(lines, priced, strict=True)):
        order[line["claim_id"] or id(line)].append(
            (line["date_of_service"] or date.max, line["claim_line_number"], place, line, ours)
        )
    for key, members in order.items():
        left = owed[key]
        for *_, place, line, ours in sorted(members, key=lambda x: x[:3]):
            found[place] = one = _paid(line, ours, left, modifiers_of(line))
            left -= one[1] or NONE
    return [found[place] for place in range(len(lines))]


def _paid(line: dict, ours: dict, left: Decimal, modifiers: set[str]) -> Paid:
    if ours["price_status"] != "priced":
        return (None,) * 6
    own = ours["schedule"] != "pfs"
    part, is_asked = share(line, modifiers, ours["patient_share_percent"] if own else None)
    factor = Decimal(1) if own else ours["assistant_factor"]
    whole = ours["allowed_amount"] if factor == 1 else ours["amount_before_assistant"]
    deductible = min(left, whole) if is_asked else cents(NONE)
    coinsurance = cents((whole - deductible) * part)
    allowed = deductible + cents((whole - deductible) * factor)
    medicare = allowed - deductible - coinsurance
    kept = cents(medicare * withheld(line["date_of_service"]))
    patient = deductible + coinsurance
    can_refuse = line["provider_kind"] in ("physician", "other") and not line["is_participating"]
    if line["is_assigned"] is False and can_refuse and not own:
        limit = ours["limiting_charge"]
        asked = limit if ours["compared_charge"] is None else min(limit, ours["compared_charge"])
        patient = max(asked - (medicare - kept), NONE)
    return allowed, cents(deductible), coinsurance, medicare - kept, kept, cents(patient)
