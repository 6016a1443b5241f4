"""What the second pricer knows: the public tables, the meaning of modifiers, and refusals."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
NONE = Decimal(0)
LATER = {"2": Decimal("0.5"), "3": Decimal("0.5"), "5": Decimal("0.5")}
LATER_TECHNICAL = {"4": Decimal("0.5"), "6": Decimal("0.75"), "7": Decimal("0.8")}
LATER_PROFESSIONAL = {"4": Decimal("0.95")}
ROLES = {
    "62": ("co_surgeon", Decimal("0.625")),
    "66": ("team", Decimal(1)),
    "80": ("assistant", Decimal("0.16")),
    "81": ("assistant", Decimal("0.16")),
    "82": ("assistant", Decimal("0.16")),
    "AS": ("npp_assistant", Decimal("0.16")),
}
ANESTHESIA = {
    "AA": "alone",
    "QZ": "alone",
    "QK": "directed",
    "QY": "directed",
    "QX": "directed",
    "AD": "supervised",
}
GATED = {
    "carrier_priced": "carrier_priced",
    "bundled": "bundled",
    "not_payable": "not_payable",
    "no_rvu": "no_rvu",
}


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to cents."""
    return amount.quantize(CENT, ROUND_HALF_UP)


class Refusal(Exception):
    """There is no price: the status and the rule that says so."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass
class Tables:
    """The public tables, as dictionaries by their keys."""

    releases: list[dict]
    rvu: dict[tuple, dict]
    status: dict[tuple, str]
    factor: dict[tuple, Decimal]
    locality: dict[tuple, dict]
    zips: dict[str, list[dict]]
    zips9: dict[tuple, list[dict]]
    places: dict[str, dict]
    base_units: dict[str, dict[int, int]]
    bases: set[tuple]


def read_tables(con: Any) -> Tables:
    """Read the tables of a warehouse through an open connection."""

    def rows(query: str) -> list[dict]:
        cursor = con.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    rvu = {(r["release_id"], r["hcpcs_code"], r["modifier"]): r for r in rows("FROM rvu")}
    national = rows("FROM payment_national")
    zips, zips9, base_units = defaultdict(list), defaultdict(list), defaultdict(dict)
    for row in rows("FROM zip_locality"):
        zips[row["zip_code"]].append(row)
    for row in rows("FROM zip9_locality"):
        zips9[row["zip_code"], row["plus_four"]].append(row)
    for row in rows("FROM anesthesia_base_unit"):
        base_units[row["hcpcs_code"]][row["calendar_year"]] = row["base_units"]
    return Tables(
        releases=rows("FROM release WHERE is_current"),
        rvu=rvu,
        status={
            (r["release_id"], r["hcpcs_code"], r["modifier"]): r["price_status"] for r in national
        },
        factor={
            (r["release_id"], r["conversion_factor_class"]): r["conversion_factor"]
            for r in national
        },
        locality={
            (r["release_id"], r["mac"], r["locality_number"]): r for r in rows("FROM locality")
        },
        zips=zips,
        zips9=zips9,
        places={r["place_of_service"]: r for r in rows("FROM place_of_service")},
        base_units=base_units,
        bases={
            (r["release_id"], r["endoscopic_base_code"])
            for r in rvu.values()
            if r["endoscopic_base_code"]
        },
    )
