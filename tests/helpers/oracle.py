"""A second implementation of the payment formula, to check the first one against.

It shares nothing with the pipeline: it reads CMS's CSV files with the csv module at positions
written here by hand, and computes row by row. pfs-rules 3.1 to 3.4 say what is right.
"""

import csv
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CENT = Decimal("0.01")

AMOUNTS = (
    "nonfacility_fee",
    "facility_fee",
    "nonfacility_payment",
    "facility_payment",
    "nonfacility_limiting_charge",
    "facility_limiting_charge",
    "reference_nonfacility_amount",
    "reference_facility_amount",
    "opps_ceiling_nonfacility",
    "opps_ceiling_facility",
)

# A status that pays is priced where the row has RVUs; this says what it is where it has none.
PAID = {"A": "no_rvu", "R": "carrier_priced", "T": "no_rvu"}
UNPAID = {"B": "bundled", "P": "bundled", "C": "carrier_priced", "J": "anesthesia"} | {
    "E": "other_benefit",
    "X": "other_benefit",
    "I": "use_another_code",
    "G": "use_another_code",
    "M": "reporting_only",
    "Q": "reporting_only",
    "N": "not_covered",
    "D": "not_valid",
    "F": "not_valid",
    "H": "not_valid",
}


@dataclass(frozen=True)
class Row:
    """One code and modifier; RVUs in hundredths, the conversion factor in ten-thousandths."""

    code: str
    modifier: str
    status: str
    work: int
    nonfacility_pe: int
    facility_pe: int
    mp: int
    opps_work: int
    nonfacility_opps_pe: int
    facility_opps_pe: int
    opps_mp: int
    factor: int

    @property
    def key(self) -> tuple[str, str]:
        return self.code, self.modifier

    @property
    def has_rvu(self) -> bool:
        return self.work + self.nonfacility_pe + self.facility_pe + self.mp > 0

    @property
    def price_status(self) -> str:
        if self.status in PAID:
            return "priced" if self.has_rvu else PAID[self.status]
        return UNPAID[self.status]


@dataclass(frozen=True)
class Place:
    """One locality; indices in thousandths."""

    mac: str
    locality: str
    work: int
    pe: int
    mp: int


NATION = Place("", "", 1000, 1000, 1000)


def scaled(text: str, places: int) -> int:
    """A decimal as a whole number of its last place; nothing may be lost."""
    value = Decimal(text.strip()).scaleb(places)
    assert value == value.to_integral_value(), text
    return int(value)


def read_rows(pprrvu: Path) -> list[Row]:
    """The rows of a PPRRVU csv of 2020 to 2025, which has 31 columns and 10 lines above."""
    with pprrvu.open(encoding="cp1252", newline="") as file:
        cells = [line for line in list(csv.reader(file))[10:] if len(line[0].strip()) == 5]
    work_of_26 = {line[0]: line[5] for line in cells if line[1].strip() == "26"}
    rows = []
    for line in cells:
        whole_and_contractor_priced = line[3] == "C" and line[1].strip() == ""
        opps_work = work_of_26.get(line[0], line[5]) if whole_and_contractor_priced else line[5]
        rvus = (line[5], line[6], line[8], line[10], opps_work, line[28], line[29], line[30])
        numbers = [scaled(text, 2) for text in rvus]
        rows.append(Row(line[0], line[1].strip(), line[3], *numbers, scaled(line[24], 4)))
    return rows


def read_places(gpci: Path) -> list[Place]:
    """The localities of a GPCI csv with a State column, in the order of their keys."""
    with gpci.open(encoding="cp1252", newline="") as file:
        cells = [line for line in csv.reader(file) if line and line[0].strip().isdigit()]
    places = [
        Place(line[0].strip().zfill(5), line[2].strip().zfill(2), *(scaled(x, 3) for x in line[4:]))
        for line in cells
    ]
    return sorted(places, key=lambda place: (place.mac, place.locality))


def national_amounts(row: Row) -> dict[str, Decimal | None]:
    """The amounts where all indices are 1, with decimals, as a person would write it down."""

    def dollars(work: int, pe: int, mp: int) -> Decimal:
        total = Decimal(work + pe + mp) / 100
        return (total * Decimal(row.factor) / 10000).quantize(CENT, ROUND_HALF_UP)

    fees = [dollars(row.work, pe, row.mp) for pe in (row.nonfacility_pe, row.facility_pe)]
    hospital = [
        dollars(row.opps_work, pe, row.opps_mp) if pe + row.opps_mp else None
        for pe in (row.nonfacility_opps_pe, row.facility_opps_pe)
    ]
    found: dict[str, Decimal | None] = dict.fromkeys(AMOUNTS)
    for setting, fee, cap in zip(("nonfacility", "facility"), fees, hospital, strict=True):
        if row.price_status == "priced":
            payment = fee if cap is None else min(fee, cap)
            charge = (payment * Decimal("1.0925")).quantize(CENT, ROUND_HALF_UP)
            found[f"{setting}_fee"] = fee
            found[f"{setting}_payment"] = payment
            found[f"{setting}_limiting_charge"] = charge
        elif row.price_status == "carrier_priced":
            found[f"opps_ceiling_{setting}"] = cap
        elif row.has_rvu:
            found[f"reference_{setting}_amount"] = fee
    return found


def priced_cents(row: Row, places: list[Place]) -> list[tuple[int, ...]]:
    """The first six AMOUNTS of a priced row in every place, in cents.

    Whole numbers, because two million amounts in decimals would take a minute: RVU x index x
    factor is in units of 10^-9 dollars, so half a cent is 5,000,000 of them.
    """
    found = []
    for place in places:
        work, mp = row.work * place.work, row.mp * place.mp
        fee = (
            ((work + row.nonfacility_pe * place.pe + mp) * row.factor + 5_000_000) // 10_000_000,
            ((work + row.facility_pe * place.pe + mp) * row.factor + 5_000_000) // 10_000_000,
        )
        payment = fee
        if row.nonfacility_opps_pe or row.facility_opps_pe or row.opps_mp:
            payment = _capped(row, place, fee)
        found.append(
            (
                *fee,
                *payment,
                (payment[0] * 10925 + 5000) // 10000,
                (payment[1] * 10925 + 5000) // 10000,
            )
        )
    return found


def _capped(row: Row, place: Place, fee: tuple[int, int]) -> tuple[int, int]:
    capped = []
    for uncapped, pe in zip(fee, (row.nonfacility_opps_pe, row.facility_opps_pe), strict=True):
        total = row.opps_work * place.work + pe * place.pe + row.opps_mp * place.mp
        cap = (total * row.factor + 5_000_000) // 10_000_000
        capped.append(min(uncapped, cap) if pe + row.opps_mp else uncapped)
    return capped[0], capped[1]
