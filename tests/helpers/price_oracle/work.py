"""One line on the way through the second pricer, and who bills it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.helpers.price_oracle.tables import NONE


def modifiers_of(line: dict) -> set[str]:
    """The modifiers of a line in capital letters; 26.0 is what a column of numbers makes of 26."""
    written = {line[f"modifier_{n}"].upper() for n in (1, 2, 3, 4)} - {""}
    return {x[:2] if len(x) == 4 and x.endswith(".0") else x for x in written}


@dataclass(eq=False)
class Work:
    """One line on the way to its price."""

    line: dict
    row: dict = field(default_factory=dict)
    place: dict = field(default_factory=dict)
    setting: str = ""
    factor: Decimal = NONE
    component: str = ""
    amount: Decimal = NONE
    cap: Decimal | None = None
    multiplier: Decimal = Decimal(1)
    both_sides: Decimal = Decimal(1)
    split: Decimal = Decimal(1)
    days: tuple[int, int] = (1, 1)
    units: int = 1
    total: Decimal | None = None
    charge: Decimal | None = None
    later_share: Decimal = NONE
    status: str = "priced"
    reason: str = ""
    edit: str = ""

    def deny(self, edit: str) -> None:
        """Mark the line as denied by an edit; the first one stands."""
        self.edit = self.edit or edit

    @property
    def code(self) -> str:
        return self.line["hcpcs_code"]

    @property
    def modifiers(self) -> set[str]:
        return modifiers_of(self.line)

    def billed_by(self, *wanted: tuple[str, ...]) -> tuple:
        """One patient and who bills: the first columns of ``wanted`` that are all known, else the claim."""
        line = self.line
        known = [names for names in wanted if line["patient_id"] and all(line[x] for x in names)]
        if known:
            return (True, line["patient_id"], *(line[x] for x in known[0]))
        # Without a claim too, nothing says that a line belongs to another.
        return (False, line["claim_id"], "" if line["claim_id"] else id(self))

    @property
    def provider(self) -> tuple:
        """The rendering provider."""
        return self.billed_by(("provider_id",), ("billing_provider_id",))

    @property
    def group(self) -> tuple:
        """The group practice, else the rendering provider."""
        return self.billed_by(("billing_provider_id",), ("provider_id",))

    @property
    def specialist(self) -> tuple:
        """Those of one specialty in a group practice, else the rendering provider."""
        return self.billed_by(
            ("billing_provider_id", "provider_specialty"),
            ("provider_id",),
            ("billing_provider_id",),
        )

    @property
    def day(self) -> Any:
        return self.line["date_of_service"]

    def member(self, column: str) -> str:
        """What further divides a group practice."""
        return self.line[column] if self.line["billing_provider_id"] else ""

    @property
    def order(self) -> tuple:
        """How equal amounts are ranked: what more is paid of comes first."""
        charge = self.line["charge"]
        return (
            self.line["hcpcs_code"],
            self.component,
            -self.later_share,
            (charge is not None, -(charge or NONE)),
            -self.units,
            self.line["claim_id"],
            self.line["claim_line_number"],
        )
