"""What is paid for the lines of a claim, in words and as data: who pays, and what was taken for it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

# Amounts of a priced line that add up over a claim.
AMOUNTS = (
    "allowed_amount", "deductible_amount", "coinsurance_amount", "medicare_payment", "sequestration_amount",
    "patient_responsibility",
)  # fmt: skip

Line = dict[str, Any]


def paid_rows(line: Line) -> list[tuple[str, str, Decimal]]:
    """Who pays how much of what is allowed: Medicare, and the patient."""
    if line["allowed_amount"] is None:
        return []
    withheld, payment = line["sequestration_amount"], line["medicare_payment"]
    after = f" after sequestration of {withheld}" if withheld else ""
    return [
        ("Medicare", f"pays {payment}{after}", payment),
        ("patient", _owes(line), line["patient_responsibility"]),
    ]


def _owes(line: Line) -> str:
    parts = {
        "deductible": line["deductible_amount"],
        "coinsurance": line["coinsurance_amount"],
    }
    if line["patient_responsibility"] != sum(parts.values()):
        return "owes the charge, at most the limiting charge, less what Medicare pays"
    return f"owes {' and '.join(f'{name} {amount}' for name, amount in parts.items() if amount) or 'nothing'}"


def total(lines: Iterable[Line]) -> dict[str, Decimal | None]:
    """The amounts of all priced lines together; None where no line has one."""
    found = [line for line in lines if line["allowed_amount"] is not None]
    return {name: sum(line[name] for line in found) if found else None for name in AMOUNTS}


def assumed(said: dict[str, Any]) -> list[str]:
    """What was taken for what nobody said, each a sentence about the claim."""
    words = []
    if said.get("deductible_left") is None:
        words.append("the deductible is taken as met (--deductible-left says what is left of it)")
    if said.get("without_sequestration"):
        words.append("no sequestration is withheld")
    if said.get("non_participating") and not said.get("unassigned"):
        words.append("the claim is taken as assigned (--unassigned says that it is not)")
    return words


def paid_words(lines: list[Line], said: dict[str, Any]) -> list[str]:
    """What is paid for the claim as a whole, and what was taken for it."""
    together = total(lines)
    if together["allowed_amount"] is None:
        return []
    words = []
    if len(lines) > 1:
        words.append(
            f"together: {together['allowed_amount']} is allowed; Medicare pays {together['medicare_payment']}, "
            f"the patient owes {together['patient_responsibility']}"
        )
    words += [f"assumed: {one}" for one in assumed(said)]
    return ["", *words] if words else []
