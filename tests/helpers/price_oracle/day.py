"""The second pricer: what the lines of one day make of each other."""

from collections import defaultdict
from decimal import Decimal

from tests.helpers.price_oracle.line import LinePricer
from tests.helpers.price_oracle.tables import (
    ADD_ONS,
    ANESTHESIA,
    NONE,
    WITHOUT_TIME,
    cents,
    later,
)
from tests.helpers.price_oracle.work import Work


class DayPricer(LinePricer):
    """Applies the same-day rules to lines that have the amount of a unit."""

    def _paid_alone(self, day: list[Work]) -> None:
        company = [w for w in day if self._is_under_schedule(w)]
        for work in day:
            if not work.reason and work.row["status_code"] == "T" and company:
                work.status, work.reason = "bundled", "paid_alone_only"

    def _day(self, day: list[Work]) -> None:
        open_lines = [w for w in day if not w.reason and w.row["status_code"] != "T"]
        # Who assists is not the one who operates, and two who operate together are two.
        apart = defaultdict(list)
        for work in open_lines:
            roles = work.modifiers & {"62", "66", "80", "81", "82", "AS"}
            assists = bool(roles - {"62", "66"})
            apart[assists, work.member("provider_id") if roles else ""].append(work)
        for lines in apart.values():
            self._rules_of_day(lines)

    def _at_most(self, amount: Decimal, cap: Decimal | None) -> Decimal:
        return amount if cap is None else min(amount, cap)

    def _anesthesia(self, open_lines: list[Work]) -> None:
        """Of one session the highest base units once, with all the time, whoever takes part."""
        sessions = defaultdict(list)
        for work in open_lines:
            mine = max(work.modifiers & set(ANESTHESIA), default="")
            alone = mine == "AD" or work.modifiers & {"59", "XE"}
            special = WITHOUT_TIME | ADD_ONS
            if (
                work.row["status_code"] == "J"
                and not alone
                and work.line["hcpcs_code"] not in special
            ):
                sessions[work.member("provider_id"), mine].append(work)
        for lines in sessions.values():
            if len(lines) < 2:
                continue
            first, *others = sorted(lines, key=lambda w: (-w.row["base_units"], w.order))
            minutes = sum(w.line["anesthesia_minutes"] for w in lines)
            first.total = self._anesthesia_amount(first, minutes)
            charges = [w.line["charge"] for w in lines]
            together = None if None in charges else sum(charges, NONE)
            for work in others:
                work.total = cents(NONE)
            for work in lines:
                work.charge = together

    def _rules_of_day(self, open_lines: list[Work]) -> None:
        self._anesthesia(open_lines)
        for indicators in ("23", "4", "5", "6", "7", "019"):
            lines = [
                w for w in open_lines if w.row["multiple_procedure_indicator"] in tuple(indicators)
            ]
            if indicators == "23":
                # A return to the operating room is not ranked; its sides are like those of any.
                returns = [w for w in lines if "78" in w.modifiers]
                self._pair_sides(returns)
                lines = [w for w in lines if w not in returns]
            if indicators == "4":
                lines = [w for w in lines if not w.modifiers & {"59", "XE"}]
            if indicators == "5":
                self._therapies(lines)
                continue
            self._pair_sides(lines)
            if indicators == "23":
                self._surgery(lines)
            elif indicators in "467":
                self._components(lines, indicators)

    def _is_under_schedule(self, work: Work) -> bool:
        """Whether the code, whatever else is wrong with the line, is one that is paid for here."""
        releases = [
            r
            for r in self.tables.releases
            if work.line["date_of_service"]
            and r["effective_from"] <= work.line["date_of_service"] <= r["effective_to"]
        ]
        if not releases:
            return False
        release = max(releases, key=lambda r: (r["effective_from"], r["release_id"]))["release_id"]
        # Contradicting components: the highest in the order of text stands for all.
        key = (
            release,
            work.line["hcpcs_code"],
            max(work.modifiers & {"26", "TC", "53"}, default=""),
        )
        if key not in self.tables.rvu:
            key = (release, work.line["hcpcs_code"], "")
        row = self.tables.rvu.get(key)
        paid = ("priced", "carrier_priced", "anesthesia")
        return row is not None and row["status_code"] != "T" and self.tables.status[key] in paid

    def _pair_sides(self, lines: list[Work]) -> None:
        by_code = defaultdict(lambda: {"RT": [], "LT": []})
        for work in lines:
            sides = work.modifiers & {"50", "RT", "LT"}
            if (
                len(sides) == 1
                and "50" not in sides
                and work.units == 1
                and work.row["bilateral_indicator"] in "012"
            ):
                part = tuple(sorted(work.modifiers & {"54", "55", "78"}))
                key = (work.line["hcpcs_code"], work.component, part, work.line["units"])
                by_code[key][sides.pop()].append(work)
        for sides in by_code.values():
            ranked = [
                sorted(side, key=lambda w: (-w.amount, w.order[2:])) for side in sides.values()
            ]
            for right, left in zip(*ranked, strict=False):
                right.amount = cents(right.amount * right.both_sides)
                if right.cap is not None:
                    right.cap = cents(right.cap * right.both_sides)
                right.multiplier = right.both_sides
                left.amount, left.units, left.total = cents(NONE), 0, cents(NONE)
                left.cap = None
                charges = [right.line["charge"], left.line["charge"]]
                right.charge = left.charge = None if None in charges else sum(charges, NONE)
                reduced = {"52" in x.modifiers for x in (right, left)}
                if right.later_share != left.later_share or len(reduced) == 2:
                    for work in (right, left):
                        work.status, work.reason = "by_report", "sides_differ"

    def _surgery(self, lines: list[Work]) -> None:
        families = defaultdict(list)
        for work in lines:
            code, base = work.line["hcpcs_code"], work.row["endoscopic_base_code"]
            is_base = (work.row["release_id"], code) in self.tables.bases
            if base or is_base:
                families[base or code].append(work)
        entities, in_family = [], set()
        for base, members in families.items():
            scopes = [w for w in members if w.row["endoscopic_base_code"]]
            if not scopes:
                continue
            in_family |= {id(w) for w in members}
            for work in members:
                if not work.row["endoscopic_base_code"]:
                    work.total = cents(NONE)
            entities.append(self._family(base, [w for w in scopes if w.units]))
        for work in lines:
            if id(work) not in in_family and work.units:
                entities.append(
                    (-work.amount, work.order, [(work, work.amount, work.amount)], False)
                )
        before = 0
        for _, _, members, is_family in sorted(entities, key=lambda entity: entity[:2]):
            count = 1 if is_family else members[0][0].units
            for work, first, further in members:
                if before + count > 5 and not work.reason:
                    work.status, work.reason = "by_report", "sixth_procedure"
                factor = later("whole", "2", work.line["date_of_service"])
                first = first if before == 0 else cents(first * factor)
                further = further if is_family and before == 0 else cents(further * factor)
                first, further = (self._at_most(x, work.cap) for x in (first, further))
                work.total = first + further * (work.units - 1)
            before += count

    def _family(self, base: str, scopes: list[Work]) -> tuple:
        members, total = [], NONE
        for position, work in enumerate(sorted(scopes, key=lambda w: (-w.amount, w.order))):
            row = self.tables.rvu[work.row["release_id"], base, ""]
            deduction = self._share(work, self._fee(work, row))
            further = max(work.amount - deduction, cents(NONE))
            first = further if position else work.amount
            members.append((work, first, further))
            total += first + further * (work.units - 1)
        return (-total, (base, "", "", 0), members, True)

    def _components(self, lines: list[Work], indicator: str) -> None:
        touched = sum(w.units for w in lines) > 1
        known = []
        for work in lines:
            parts = self._parts(work)
            if parts is None:
                if touched and not work.reason:
                    work.status, work.reason = "by_report", "technical_part_unknown"
                continue
            known.append((work, *parts))
        further = {name: self._ranks(known, part) for part, name in ((1, "tc"), (2, "pc"))}
        for work, technical, professional in known:
            day = work.line["date_of_service"]
            factors = {name: later(name, indicator, day) for name in ("tc", "pc")}
            work.total = cents(NONE)
            for number in range(work.units):
                later_parts = {x for x in further if number in further[x][id(work)]}
                if "tc" in later_parts and factors["tc"] is None and not work.reason:
                    work.status, work.reason = "by_report", "reduction_unknown"
                reduced = {x for x in later_parts if factors[x] is not None}
                pieces = {
                    name: cents(amount * factors[name]) if name in reduced else amount
                    for name, amount in (("tc", technical), ("pc", professional))
                }
                # Only the technical part has a cap; a service that nothing reduces is the whole.
                amount = pieces["tc"] + pieces["pc"] if reduced else work.amount
                spared = professional - pieces["pc"]
                cap = None if work.cap is None else work.cap - spared
                work.total += self._at_most(amount, cap)

    def _ranks(self, known: list[tuple], part: int) -> dict[int, set[int]]:
        """Which units of each line have another unit of the day before them, in one part."""
        before, found = 0, {}
        for entry in sorted(known, key=lambda e: (-e[part], e[0].order)):
            work, counts = entry[0], entry[part] > 0
            found[id(work)] = {n for n in range(work.units) if counts and before + n > 0}
            before += work.units if counts else 0
        return found

    def _parts(self, work: Work) -> tuple[Decimal, Decimal] | None:
        """The technical and the professional part of the amount of a unit; None if unknown."""
        row = work.row
        if work.component == "26" or row["pctc_indicator"] == "2":
            return cents(NONE), work.amount
        if work.component == "TC" or row["pctc_indicator"] == "3":
            return work.amount, cents(NONE)
        if row["pctc_indicator"] == "4":
            tests = self._parts_of_test(work)
            if tests is None:
                return None
            professional, technical = (
                sum((cents(self._fee(work, x) * work.multiplier) for x in rows), NONE)
                for rows in tests
            )
            return (technical, professional) if work.units else (cents(NONE), cents(NONE))
        own = self._own_row(work, "26")
        if row["pctc_indicator"] != "1" or own is None:
            return None
        professional = cents(self._fee(work, own) * work.multiplier) if work.units else cents(NONE)
        return work.amount - professional, professional

    def _therapies(self, lines: list[Work]) -> None:
        """Therapy is of one specialty."""
        by_specialty = defaultdict(list)
        for work in lines:
            has_role = bool(work.modifiers & {"62", "66", "80", "81", "82", "AS"})
            by_specialty["" if has_role else work.member("provider_specialty")].append(work)
        for members in by_specialty.values():
            self._pair_sides(members)
            self._therapy(members)

    def _therapy(self, lines: list[Work]) -> None:
        before = 0
        for work in sorted(
            lines, key=lambda w: (-w.row[f"{w.setting}_pe_rvu"] * w.place["pe_gpci"], w.order)
        ):
            factor = later("pe", "5", work.line["date_of_service"])
            if factor is None and before + work.units > 1 and not work.reason:
                work.status, work.reason = "by_report", "reduction_unknown"
            pe = work.row[f"{work.setting}_pe_rvu"] * (factor or 1)
            reduced = cents(
                self._formula(work, work.row["work_rvu"], pe, work.row["mp_rvu"]) * work.multiplier
            )
            if work.units:
                first, further = (
                    self._at_most(x, work.cap)
                    for x in (work.amount if before == 0 else reduced, reduced)
                )
                work.total = first + further * (work.units - 1)
            before += work.units
