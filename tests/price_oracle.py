"""A second pricer, line by line in plain Python, to check the SQL against.

It shares nothing with the pipeline but the public tables: the rules are written here again, as a
person would apply them to one day of one patient. PFS_RULES 3.2 to 3.6 say what is right.
"""

from collections import defaultdict
from dataclasses import dataclass, field
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
    multiplier: Decimal = Decimal(1)
    both_sides: Decimal = Decimal(1)
    split: Decimal = Decimal(1)
    units: int = 1
    total: Decimal | None = None
    charge: Decimal | None = None
    status: str = "priced"
    reason: str = ""

    @property
    def modifiers(self) -> set[str]:
        return {self.line[f"modifier_{n}"] for n in (1, 2, 3, 4)} - {""}

    @property
    def group(self) -> tuple:
        line = self.line
        known = bool(line["patient_id"] and line["provider_id"])
        key = (line["patient_id"], line["provider_id"]) if known else (line["claim_id"], "")
        return (known, *key, line["date_of_service"])

    @property
    def order(self) -> tuple:
        """How equal amounts are ranked."""
        return (
            self.line["hcpcs_code"],
            self.component,
            self.line["claim_id"],
            self.line["claim_line_number"],
        )


class Pricer:
    """Prices lists of claim lines."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def price(self, lines: list[dict]) -> list[tuple[Decimal | None, str, str]]:
        """Allowed amount, status and reason of each line, in the order given."""
        works = [Work(line) for line in lines]
        for work in works:
            try:
                self._look_up(work)
                self._unit_amount(work)
            except Refusal as refusal:
                work.status, work.reason = refusal.status, refusal.reason
        days = defaultdict(list)
        for work in works:
            days[work.group].append(work)
        for day in days.values():
            self._day(day)
        return [self._finish(work) for work in works]

    # ------------------------------------------------------------ one line by itself

    def _look_up(self, work: Work) -> None:
        line, tables, day = work.line, self.tables, work.line["date_of_service"]
        if day is None:
            raise Refusal("refused", "date_missing")
        if line["units"] is None or not 1 <= line["units"] <= 9999:
            raise Refusal("refused", "units_out_of_range")
        if line["charge"] is not None and not 0 <= line["charge"] <= Decimal("99999999.99"):
            raise Refusal("refused", "charge_out_of_range")
        if line["provider_kind"] not in ("physician", "npp", "other"):
            raise Refusal("refused", "provider_kind_unknown")
        if line["anesthesia_minutes"] is not None and not 1 <= line["anesthesia_minutes"] <= 9999:
            raise Refusal("refused", "minutes_out_of_range")
        if line["place_of_service"] not in tables.places:
            raise Refusal("refused", "place_of_service_unknown")
        work.setting = tables.places[line["place_of_service"]]["setting"]
        in_force = [r for r in tables.releases if r["effective_from"] <= day <= r["effective_to"]]
        if not in_force:
            raise Refusal("refused", "release_missing")
        release = max(in_force, key=lambda r: (r["effective_from"], r["release_id"]))
        mac, number = self._locality(line, day)
        if (release["release_id"], mac, number) not in tables.locality:
            raise Refusal("refused", "locality_unknown")
        work.place = tables.locality[release["release_id"], mac, number]
        self._code(work, release)
        qualified = "qp" if line["is_apm_qualified"] else "nonqp"
        classes = {c: f for (r, c), f in tables.factor.items() if r == release["release_id"]}
        if work.place["work_gpci"] is None:
            raise Refusal("gpci_missing", "gpci_missing")
        if qualified not in classes and "all" not in classes:
            raise Refusal("gpci_missing", "conversion_factor_missing")
        work.factor = classes.get(qualified) or classes["all"]

    def _locality(self, line: dict, day: Any) -> tuple[str, str]:
        zip_code, mac, number = (
            line["service_zip_code"],
            line["service_mac"],
            line["service_locality_number"],
        )
        if not zip_code and not (mac and number):
            raise Refusal("refused", "locality_missing")
        if len(zip_code) not in (0, 5, 9):
            raise Refusal("refused", "zip_unknown")
        row = _of_day(self.tables.zips.get(zip_code[:5], []), day)
        nine = _of_day(self.tables.zips9.get((zip_code[:5], zip_code[5:9]), []), day)
        if mac:
            if row and not (row["zip4_decides"] and nine is None):
                found = nine or row
                if (mac, number) != (found["mac"], found["locality_number"]):
                    raise Refusal("refused", "locality_conflict")
            return mac, number
        if row is None:
            raise Refusal("refused", "zip_unknown")
        if row["zip4_decides"]:
            if len(zip_code) != 9:
                raise Refusal("refused", "zip4_needed")
            if nine is None:
                raise Refusal("refused", "zip9_unknown")
        found = nine or row
        return found["mac"], found["locality_number"]

    def _code(self, work: Work, release: dict) -> None:
        line, modifiers, place = (
            work.line,
            work.modifiers,
            self.tables.places[work.line["place_of_service"]],
        )
        components = modifiers & {"26", "TC", "53"}
        parts = modifiers & {"54", "55", "56", "78"}
        roles = {ROLES[m][0] for m in modifiers if m in ROLES}
        directions = {ANESTHESIA[m] for m in modifiers if m in ANESTHESIA}
        if any(len(said) > 1 for said in (components, parts, roles, directions)):
            raise Refusal("refused", "modifier_conflict")
        work.component = next(iter(components), "")
        key = (release["release_id"], line["hcpcs_code"], work.component)
        whole = (release["release_id"], line["hcpcs_code"], "")
        if key not in self.tables.rvu:
            if whole not in self.tables.rvu:
                raise Refusal("refused", "code_unknown")
            if work.component == "53":
                raise Refusal("by_report", "discontinued_procedure")
            raise Refusal("not_payable", "component_not_separate")
        row = work.row = self.tables.rvu[key]
        status = self.tables.status[key]
        if status in GATED:
            raise Refusal(status, GATED[status])
        if row["pctc_indicator"] == "5" and place["hospital"]:
            raise Refusal("not_payable", "incident_to_in_hospital")
        if row["pctc_indicator"] == "8" and place["hospital"] != "inpatient":
            raise Refusal("not_payable", "smear_outside_inpatient")
        shares = [row[f"{part}operative_share"] for part in ("pre", "intra", "post")]
        if parts & {"54", "55", "56"} and sum(shares) == 0:
            raise Refusal("not_payable", "split_not_defined")
        if (modifiers & {"50"} or {"RT", "LT"} <= modifiers) and line["units"] > 1:
            raise Refusal("refused", "bilateral_units")
        if roles & {"assistant", "npp_assistant"} and row["assistant_surgeon_indicator"] in "19":
            raise Refusal("not_payable", "assistant_never_paid")
        if "co_surgeon" in roles and row["co_surgeon_indicator"] in "09":
            raise Refusal("not_payable", "co_surgeon_not_permitted")
        if "team" in roles:
            if row["team_surgeon_indicator"] in "09":
                raise Refusal("not_payable", "team_not_permitted")
            raise Refusal("by_report", "team_by_report")
        if directions and row["status_code"] != "J":
            raise Refusal("refused", "anesthesia_modifier_elsewhere")
        if row["status_code"] == "J":
            self._anesthesia_gates(work, directions, release)

    def _anesthesia_gates(self, work: Work, directions: set[str], release: dict) -> None:
        line = work.line
        if line["units"] > 1:
            raise Refusal("refused", "anesthesia_units")
        minutes = line["anesthesia_minutes"]
        if "supervised" not in directions and minutes is None:
            raise Refusal("refused", "anesthesia_minutes_missing")
        # The file of the year, or the last before it, or the first there is: one for all codes.
        years = sorted({year for units in self.tables.base_units.values() for year in units})
        before = [year for year in years if year <= release["calendar_year"]]
        year = before[-1] if before else (years[0] if years else None)
        units = self.tables.base_units.get(line["hcpcs_code"], {}).get(year)
        if units is None:
            raise Refusal("refused", "base_units_missing")
        if work.place["anesthesia_conversion_factor"] is None:
            raise Refusal("gpci_missing", "anesthesia_factor_missing")
        work.row = work.row | {"base_units": units}

    def _formula(self, work: Work, work_rvu: Decimal, pe: Decimal, mp: Decimal) -> Decimal:
        place = work.place
        total = work_rvu * place["work_gpci"] + pe * place["pe_gpci"] + mp * place["mp_gpci"]
        return cents(total * work.factor)

    def _fee(self, work: Work, row: dict) -> Decimal:
        return self._formula(work, row["work_rvu"], row[f"{work.setting}_pe_rvu"], row["mp_rvu"])

    def _capped(self, work: Work, row: dict) -> Decimal:
        fee, pe, mp = self._fee(work, row), row[f"{work.setting}_opps_pe_rvu"], row["opps_mp_rvu"]
        return min(fee, self._formula(work, row["opps_work_rvu"], pe, mp)) if pe + mp > 0 else fee

    def _unit_amount(self, work: Work) -> None:
        line, row, modifiers = work.line, work.row, work.modifiers
        work.charge, work.units = line["charge"], line["units"]
        if row["status_code"] == "J":
            if "AD" in modifiers:
                units = Decimal(3)
            else:
                tenths = (Decimal(line["anesthesia_minutes"]) / 15).quantize(
                    Decimal("0.1"), ROUND_HALF_UP
                )
                units = row["base_units"] + tenths
            work.amount = cents(units * work.place["anesthesia_conversion_factor"])
            return
        pre, intra, post = (row[f"{part}operative_share"] for part in ("pre", "intra", "post"))
        shares = {"54": pre + intra, "55": post, "56": pre, "78": intra or Decimal(1)}
        work.split = next((shares[m] for m in modifiers if m in shares), Decimal(1))
        both = {"1": Decimal("1.5"), "3": Decimal(2)}.get(row["bilateral_indicator"], Decimal(1))
        sides = modifiers & {"50", "RT", "LT"}
        if "50" in sides or len(sides) == 2:
            work.multiplier = both
        elif not sides and line["units"] == 2 and row["bilateral_indicator"] in "12":
            work.multiplier, work.units = both, 1
        work.both_sides = both
        work.amount = cents(cents(self._capped(work, row) * work.split) * work.multiplier)

    # ------------------------------------------------------------ the lines of one day

    def _day(self, day: list[Work]) -> None:
        company = [w for w in day if self._is_under_schedule(w)]
        for work in day:
            if not work.reason and work.row["status_code"] == "T" and company:
                work.status, work.reason = "bundled", "paid_alone_only"
        open_lines = [w for w in day if not w.reason and w.row["status_code"] != "T"]
        # Who assists is not the one who operates.
        assisting = [w for w in open_lines if w.modifiers & {"80", "81", "82", "AS"}]
        for lines in (assisting, [w for w in open_lines if w not in assisting]):
            self._rules_of_day(lines)

    def _rules_of_day(self, open_lines: list[Work]) -> None:
        for indicators in ("23", "4", "5", "6", "7", "019"):
            lines = [
                w for w in open_lines if w.row["multiple_procedure_indicator"] in tuple(indicators)
            ]
            if indicators == "4":
                lines = [w for w in lines if not w.modifiers & {"59", "XE"}]
            self._pair_sides(lines)
            if indicators == "23":
                self._surgery(lines)
            elif indicators in "467":
                self._components(lines, indicators)
            elif indicators == "5":
                self._therapy(lines)

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
                and work.line["units"] == 1
                and work.row["bilateral_indicator"] in "012"
            ):
                by_code[work.line["hcpcs_code"], work.component][sides.pop()].append(work)
        for sides in by_code.values():
            ranked = [
                sorted(side, key=lambda w: (-w.amount, w.order[2:])) for side in sides.values()
            ]
            for right, left in zip(*ranked, strict=False):
                right.amount = cents(right.amount * right.both_sides)
                right.multiplier = right.both_sides
                left.amount, left.units, left.total = cents(NONE), 0, cents(NONE)
                if right.line["charge"] is not None and left.line["charge"] is not None:
                    right.charge = right.line["charge"] + left.line["charge"]

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
            for work, first, later in members:
                if before + count > 5:
                    work.status, work.reason = "by_report", "sixth_procedure"
                first = first if before == 0 else cents(first * LATER["2"])
                later = later if is_family and before == 0 else cents(later * LATER["2"])
                work.total = first + later * (work.units - 1)
            before += count

    def _family(self, base: str, scopes: list[Work]) -> tuple:
        members, total = [], NONE
        for position, work in enumerate(sorted(scopes, key=lambda w: (-w.amount, w.order))):
            row = self.tables.rvu[work.row["release_id"], base, ""]
            deduction = cents(cents(self._fee(work, row) * work.split) * work.multiplier)
            later = max(work.amount - deduction, cents(NONE))
            first = later if position else work.amount
            members.append((work, first, later))
            total += first + later * (work.units - 1)
        return (-total, (base, "", "", 0), members, True)

    def _components(self, lines: list[Work], indicator: str) -> None:
        touched = sum(w.units for w in lines) > 1
        known = []
        for work in lines:
            professional = self._professional(work)
            if professional is None:
                if touched:
                    work.status, work.reason = "by_report", "technical_part_unknown"
                continue
            known.append((work, work.amount - professional, professional))
        totals = defaultdict(lambda: cents(NONE))
        for part, factor in (
            (1, LATER_TECHNICAL[indicator]),
            (2, LATER_PROFESSIONAL.get(indicator, Decimal(1))),
        ):
            before = 0
            for entry in sorted(known, key=lambda e: (-e[part], e[0].order)):
                work, amount = entry[0], entry[part]
                if work.units:
                    first = amount if before == 0 else cents(amount * factor)
                    totals[id(work)] += first + cents(amount * factor) * (work.units - 1)
                before += work.units if amount > 0 else 0
        for work, *_ in known:
            work.total = totals[id(work)]

    def _professional(self, work: Work) -> Decimal | None:
        row = work.row
        if work.component == "26":
            return work.amount
        if work.component == "TC" or row["pctc_indicator"] == "3":
            return cents(NONE)
        own = self.tables.rvu.get((row["release_id"], row["hcpcs_code"], "26"))
        if row["pctc_indicator"] != "1" or own is None:
            return None
        if not work.units:
            return cents(NONE)
        return cents(self._fee(work, own) * work.multiplier)

    def _therapy(self, lines: list[Work]) -> None:
        before = 0
        for work in sorted(
            lines, key=lambda w: (-w.row[f"{w.setting}_pe_rvu"] * w.place["pe_gpci"], w.order)
        ):
            pe = work.row[f"{work.setting}_pe_rvu"] * LATER["5"]
            reduced = cents(
                self._formula(work, work.row["work_rvu"], pe, work.row["mp_rvu"]) * work.multiplier
            )
            if work.units:
                work.total = (work.amount if before == 0 else reduced) + reduced * (work.units - 1)
            before += work.units

    # ------------------------------------------------------------ who did it, and the charge

    def _finish(self, work: Work) -> tuple[Decimal | None, str, str]:
        if work.reason:
            return None, work.status, work.reason
        amount = work.amount * work.units if work.total is None else work.total
        modifiers = work.modifiers
        for modifier in modifiers:
            if modifier in ROLES:
                amount = cents(amount * ROLES[modifier][1])
                break
        if modifiers & {"QK", "QY", "QX"}:
            amount = cents(amount * Decimal("0.5"))
        is_anesthesia = work.row["status_code"] == "J"
        if not is_anesthesia and (work.line["provider_kind"] == "npp" or "AS" in modifiers):
            amount = cents(amount * Decimal("0.85"))
        if not work.line["is_participating"]:
            amount = cents(amount * Decimal("0.95"))
        return (amount if work.charge is None else min(amount, work.charge)), "priced", ""


def _of_day(rows: list[dict], day: Any) -> dict | None:
    """The row of the file of the day; where there is none, of the last before it, or the first."""
    before = [row for row in rows if row["effective_from"] <= day]
    return (
        max(before, key=lambda r: r["effective_from"])
        if before
        else min(rows, key=lambda r: r["effective_from"], default=None)
    )
