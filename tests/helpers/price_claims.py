"""Claims of a few lines: what is billed, and what is allowed."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.helpers import small_price
from tests.helpers.price_lines import priced


@dataclass(frozen=True)
class Claim:
    """A claim of which each line is a code with modifiers and units, as in S1000-50 or T1000:3.

    ``allowed`` is the amount of each line or the reason why there is none; ``said`` is what the
    lines have in common, by the columns of a claim line.
    """

    billed: str
    allowed: str
    said: dict[str, Any]


def claim(billed: str, allowed: str, **said: Any) -> Claim:
    """A claim and what is allowed for it."""
    return Claim(billed, allowed, said)


def at(zip_code: str, mac: str, locality_number: str, allowed: str) -> Claim:
    """A visit at a place, and what is allowed for it."""
    place = {
        "service_zip_code": zip_code,
        "service_mac": mac,
        "service_locality_number": locality_number,
    }
    return Claim("V1000", allowed, place)


def as_priced(schedule_file: Path, rules: dict[str, list[Claim]]) -> dict[str, list[Claim]]:
    """The claims of each rule, in their order, with what was allowed for them.

    All are priced together in one run, so that none may touch another.
    """
    lines = [
        line
        for rule, claims in rules.items()
        for number, one in enumerate(claims)
        for line in small_price.lines(f"{rule}/{number}", one.billed, **one.said)
    ]
    allowed: dict[str, list[str]] = {}
    for line in priced(schedule_file, lines):
        allowed.setdefault(line["claim_id"], []).append(small_price.allowed(line))
    return {
        rule: [
            replace(one, allowed=" ".join(allowed[f"{rule}/{number}"]))
            for number, one in enumerate(claims)
        ]
        for rule, claims in rules.items()
    }
