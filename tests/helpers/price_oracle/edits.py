"""The second pricer: which lines NCCI, unlikely units, global periods and G2211 deny."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from tests.helpers.price_oracle.line import LinePricer
from tests.helpers.price_oracle.tables import ROLES
from tests.helpers.price_oracle.work import Work

# A visit as a surgeon bills it; those to which G2211 adds, from their day; what excuses modifier 25.
VISITS = "92002-92014 99201-99215 99217-99239 99241-99255 99281-99285 99291-99292 99304-99350"
ADDED_TO = {"99202-99205 99211-99215": date(2024, 1, 1), "99341-99350": date(2026, 1, 1)}
EXCUSE = (
    "G0402-G0405 G0438-G0439 G0468-G0468 G0008-G0013 90460-90461 90471-90474 90480-90480 M0201-M0201 "
    "G0101-G0106 G0108-G0109 G0117-G0118 G0120-G0124 G0130-G0130 G0141-G0148 G0270-G0271 G0296-G0296 "
    "G0327-G0328 G0432-G0435 G0442-G0447 G0472-G0476 G0499-G0499 Q0091-Q0091 71271-71271 76706-76706 "
    "76977-76977 77063-77063 77067-77067 77078-77081 81528-81528 82270-82270 97802-97804 99406-99407"
)
DISTINCT = {"59", "XE", "XP", "XS", "XU"}


def together(works: Iterable[Work], key: Callable[[Work], tuple]) -> Iterable[list[Work]]:
    """The lines of one key each."""
    found = defaultdict(list)
    for work in works:
        found[key(work)].append(work)
    return found.values()


def _in(code: str, ranges: str) -> bool:
    return any(first <= code <= last for first, last in (x.split("-") for x in ranges.split()))


class EditFinder(LinePricer):
    """Marks the lines that are denied because of others."""

    edits: dict[int, str]

    def _find_edits(self, works: list[Work]) -> None:
        dated = [work for work in works if work.day]
        days = list(together(dated, lambda w: (w.specialist, w.day)))
        for lines in days:
            self._pairs(lines)
        for lines in days:
            self._limits(lines)
        of_codes = {id(w) for w in dated if w.edit}
        for lines in together(dated, lambda w: (w.specialist,)):
            surgeries = [s for w in lines if id(w) not in of_codes and (s := self._surgery_of(w))]
            for work in lines:
                self._global(work, surgeries)
        for lines in days:
            self._complexity(lines)
        self.edits = {id(work.line): work.edit for work in works}

    def _pairs(self, lines: list[Work]) -> None:
        for other in lines:
            for one in lines:
                for edit in self.tables.pairs.get((one.code, other.code), ()):
                    last = min(edit["effective_to"] or date.max, edit["last_known"])
                    if not edit["effective_from"] <= other.day <= last:
                        continue
                    of_one = one.modifiers & self.tables.ncci_modifiers
                    if other.day < date(2019, 7, 1):
                        of_one -= DISTINCT
                    bypass = of_one or other.modifiers & self.tables.ncci_modifiers
                    if edit["modifier_indicator"] == "0" or not bypass:
                        other.deny("ncci_pair")

    def _limits(self, lines: list[Work]) -> None:
        def units(work: Work) -> int:
            return 1 if "55" in work.modifiers else work.line["units"]

        counted = [w for w in lines if w.line["units"] and w.line["units"] > 0]
        for work in counted:
            setting = "dme_supplier" if work.code in self.tables.supplied else "practitioner"
            for limit in self.tables.limits.get((setting, work.code), ()):
                if not limit["effective_from"] <= work.day <= limit["effective_to"]:
                    continue
                same = [w for w in counted if w.code == work.code]
                of_line = limit["adjudication_indicator"] == "1"
                billed = units(work) if of_line else sum(units(w) for w in same)
                if billed > limit["units"]:
                    work.deny("mue")

    def _row_of_day(self, work: Work) -> dict[str, Any] | None:
        held = [
            r for r in self.tables.releases if r["effective_from"] <= work.day <= r["effective_to"]
        ]
        if not held:
            return None
        release = max(held, key=lambda r: (r["effective_from"], r["release_id"]))["release_id"]
        key = (release, work.code, "")
        if self.tables.status.get(key) not in ("priced", "carrier_priced"):
            return None
        return self.tables.rvu[key]

    def _surgery_of(self, work: Work) -> tuple[date, str, str] | None:
        """Day, global days and part of the package of a surgery; None where the line is none."""
        row, modifiers = self._row_of_day(work), work.modifiers
        if row is None or row["global_days"] not in ("000", "010", "090"):
            return None
        part = max(modifiers & {"54", "55", "56", "78"}, default="")
        component = max(modifiers & {"26", "TC", "53"}, default="")
        assists = {ROLES[m][0] for m in modifiers if m in ROLES}
        if part in ("56", "78") or component in ("TC", "53"):
            return None
        if max(assists, default="") in ("assistant", "npp_assistant"):
            return None
        if modifiers & {"GZ", "GY", "PA", "PB", "PC"}:
            return None
        return work.day, row["global_days"], part

    def _global(self, work: Work, surgeries: list[tuple[date, str, str]]) -> None:
        is_visit = _in(work.code, VISITS)
        is_procedure = self._is_procedure(work)
        ft = {"FT"} if work.day >= date(2022, 1, 1) else set()
        for day, period, part in surgeries:
            length = timedelta(days=int(period))
            is_after = day < work.day <= day + length and part != "54"
            is_on = work.day == day and part != "55"
            is_before = period == "090" and work.day == day - timedelta(days=1) and part != "55"
            major = {"57"} if period == "090" else set()
            excuses = {"24"} if is_after else {"25"} | major if is_on else major
            if (
                is_visit
                and (is_after or is_on or is_before)
                and not work.modifiers & (excuses | ft)
            ):
                work.deny("global_visit")
            if is_procedure and is_after and not work.modifiers & {"58", "78", "79"}:
                work.deny("global_procedure")

    def _is_procedure(self, work: Work) -> bool:
        modifiers = work.modifiers
        component = max(modifiers & {"26", "TC", "53"}, default="")
        part = max(modifiers & {"54", "55", "56", "78"}, default="")
        is_surgery = work.code in self.tables.surgeries
        has_role = any(m in ROLES for m in modifiers)
        return is_surgery and not has_role and component != "TC" and part in ("", "78")

    def _complexity(self, lines: list[Work]) -> None:
        visits = [
            w
            for w in lines
            if any(_in(w.code, codes) and w.day >= first for codes, first in ADDED_TO.items())
        ]
        excused = any(_in(w.code, EXCUSE) and w.day >= date(2025, 1, 1) for w in lines)
        if any("25" in w.modifiers for w in visits) and not excused:
            for work in lines:
                if work.code == "G2211":
                    work.deny("visit_complexity_with_25")
