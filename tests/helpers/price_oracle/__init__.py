"""A second pricer, line by line in plain Python, to check the SQL against.

It shares nothing with the pipeline but the public tables: the rules are written here again, as a
person would apply them to one day of one patient. pfs-rules 3.2 to 3.6 say what is right.
"""

from decimal import Decimal
from math import prod

from tests.helpers.price_oracle.day import DayPricer
from tests.helpers.price_oracle.edits import EditFinder, together
from tests.helpers.price_oracle.own import OwnPricer
from tests.helpers.price_oracle.paid import paid
from tests.helpers.price_oracle.tables import (
    ASSISTANTS,
    KINDS,
    NAMED_KINDS,
    NONE,
    ROLES,
    Refusal,
    begun,
    cents,
    read_tables,
)
from tests.helpers.price_oracle.work import Work

__all__ = ["Pricer", "paid", "read_tables"]


class Pricer(OwnPricer, DayPricer, EditFinder):
    """Prices lists of claim lines."""

    def price(self, lines: list[dict]) -> list[tuple[Decimal | None, str, str]]:
        """Allowed amount, status and reason of each line, in the order given."""
        works = [Work(line) for line in lines]
        self._find_edits(works)
        for work in works:
            try:
                self._look_up(work)
                self._unit_amount(work)
                work.later_share = self._later_share(work)
            except Refusal as refusal:
                work.status, work.reason = refusal.status, refusal.reason
        for lines in together(works, lambda w: (w.provider, w.day)):
            self._paid_alone(lines)
        for lines in together(works, lambda w: (w.group, w.day)):
            self._day(lines)
        return [self.own_answer(work.line) or self._finish(work) for work in works]

    def _finish(self, work: Work) -> tuple[Decimal | None, str, str]:
        if work.reason:
            return None, work.status, work.reason
        if "22" in work.modifiers:
            return None, "by_report", "increased_service"
        if "52" in work.modifiers and work.charge is None:
            return None, "by_report", "reduced_service"
        amount = work.total
        if amount is None:
            amount = self._at_most(work.amount, work.cap) * work.units
        for factor in self._line_factors(work):
            amount = cents(amount * factor)
        if work.charge is not None:
            amount = min(amount, work.charge)
        return cents(amount * self._share_of_assistant(work)), "priced", ""

    def _line_factors(self, work: Work) -> list[Decimal]:
        modifiers, one = work.modifiers, Decimal(1)
        roles = [ROLES[x][1] for x in modifiers if x in ROLES]
        return [
            *roles[:1],
            Decimal("0.5") if modifiers & {"QK", "QY", "QX"} else one,
            one if work.row["status_code"] == "J" else self._share_of_provider(work),
            one if work.line["is_participating"] else Decimal("0.95"),
        ]

    def _later_share(self, work: Work) -> Decimal:
        """What of the amount that the day leaves is paid, as far as it is known."""
        if "22" in work.modifiers:
            return NONE
        return prod(self._line_factors(work)) * self._share_of_assistant(work)

    def _share_of_provider(self, work: Work) -> Decimal:
        if "AS" in work.modifiers:
            return Decimal("0.85")
        kind = work.line["provider_kind"]
        if kind == "physician":
            named = {NAMED_KINDS[x] for x in work.modifiers if x in NAMED_KINDS}
            kind = max(named, default=kind)
        return begun(KINDS[kind], work.line["date_of_service"]) or Decimal(1)

    def _share_of_assistant(self, work: Work) -> Decimal:
        row = work.row
        is_therapy = row["multiple_procedure_indicator"] == "5" or row["pctc_indicator"] == "7"
        if not work.modifiers & {"CQ", "CO"} or not (is_therapy or work.modifiers & {"GP", "GO"}):
            return Decimal(1)
        return begun(ASSISTANTS, work.line["date_of_service"]) or Decimal(1)
