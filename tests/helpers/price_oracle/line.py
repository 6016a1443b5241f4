"""The second pricer: one line by itself, from its day and place to the amount of a unit."""

from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any

from tests.helpers.price_oracle.tables import (
    ANESTHESIA,
    BY_UNIT,
    DENIED,
    EQUIPMENT,
    GATED,
    KINDS,
    NONE,
    PARTS,
    PLACES_SINCE,
    ROLES,
    WITHOUT_TIME,
    Refusal,
    Tables,
    begun,
    cents,
    is_ct,
)
from tests.helpers.price_oracle.work import Work, modifiers_of


class LinePricer:
    """Looks up and prices lines as if nothing else were on their day."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    @staticmethod
    def contradict(modifiers: set[str]) -> bool:
        """Whether two modifiers say what cannot both be."""
        said = (
            modifiers & {"26", "TC", "53"},
            modifiers & {"54", "55", "56", "78"},
            {ROLES[m][0] for m in modifiers if m in ROLES},
            {ANESTHESIA[m] for m in modifiers if m in ANESTHESIA},
        )
        both_kinds = "CT" in modifiers and bool(modifiers & {"FX", "FY"})
        return both_kinds or any(len(one) > 1 for one in said)

    def _look_up(self, work: Work) -> None:
        line, tables, day = work.line, self.tables, work.line["date_of_service"]
        if day is None:
            raise Refusal("refused", "date_missing")
        # Of miles those that were begun.
        if line["units"] is None or not 1 <= ceil(line["units"]) <= 9999:
            raise Refusal("refused", "units_out_of_range")
        if line["charge"] is not None and not 0 <= line["charge"] <= Decimal("99999999.99"):
            raise Refusal("refused", "charge_out_of_range")
        if line["provider_kind"] not in KINDS:
            raise Refusal("refused", "provider_kind_unknown")
        if line["anesthesia_minutes"] is not None and not 1 <= line["anesthesia_minutes"] <= 9999:
            raise Refusal("refused", "minutes_out_of_range")
        if modifiers_of(line) - tables.modifiers:
            raise Refusal("refused", "modifier_unknown")
        if line["revenue_code"] or line["bill_type"]:
            raise Refusal("refused", "facility_claim")
        if begun(KINDS[line["provider_kind"]], day) is None:
            raise Refusal("not_payable", "provider_not_recognized")
        if line["deductible_left"] is not None and line["deductible_left"] < 0:
            raise Refusal("refused", "deductible_out_of_range")
        place = line["place_of_service"]
        if place not in tables.places or day < PLACES_SINCE.get(place, day):
            raise Refusal("refused", "place_of_service_unknown")
        work.setting = self._setting(tables.places[line["place_of_service"]], day)
        in_force = [r for r in tables.releases if r["effective_from"] <= day <= r["effective_to"]]
        if not in_force:
            raise Refusal("refused", "release_missing")
        release = max(in_force, key=lambda r: (r["effective_from"], r["release_id"]))
        mac, number = self._locality(line, day)
        if (release["release_id"], mac, number) not in tables.locality:
            raise Refusal("refused", "locality_unknown")
        work.place = tables.locality[release["release_id"], mac, number]
        self._code(work, release)
        if work.row["status_code"] == "J":
            self._anesthesia_factor(work, release)
            return
        if work.place["work_gpci"] is None:
            raise Refusal("gpci_missing", "gpci_missing")
        self._factor(work, release)

    def _factor(self, work: Work, release: dict) -> None:
        day = work.line["date_of_service"]
        qualified = "qp" if work.line["is_apm_qualified"] else "nonqp"
        classes = {c: f for (r, c), f in self.tables.factor.items() if r == release["release_id"]}
        if qualified not in classes and "all" not in classes:
            raise Refusal("gpci_missing", "conversion_factor_missing")
        work.factor = classes.get(qualified) or classes["all"]
        # A factor that came after the release counts from its day.
        for dated in self._factors_since(release, day, "pfs"):
            if dated["conversion_factor_class"] in ("all", qualified):
                work.factor = dated["conversion_factor"]

    def _setting(self, place: dict, day: Any) -> str:
        changed = place["setting_from"]
        return place["setting_before"] if changed and day < changed else place["setting"]

    def _factors_since(self, release: dict, day: Any, program: str) -> list[dict]:
        since = [
            factor
            for factor in self.tables.factors
            if factor["program"] == program
            and release["effective_from"] < factor["effective_from"] <= day
        ]
        return sorted(since, key=lambda factor: factor["effective_from"])

    def _anesthesia_factor(self, work: Work, release: dict) -> None:
        changed = self._factors_since(release, work.line["date_of_service"], "anesthesia")
        work.factor = work.place["anesthesia_conversion_factor"]
        if work.line["is_apm_qualified"]:
            # Until 2025 one factor is for all; after that no other stands for that of those who qualify.
            is_for_all = (release["release_id"], "all") in self.tables.factor
            own = work.place["qp_anesthesia_conversion_factor"]
            work.factor = own or (work.factor if is_for_all else None)
        if changed or work.factor is None:
            raise Refusal("gpci_missing", "anesthesia_factor_missing")

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
        row = of_day(self.tables.zips.get(zip_code[:5], []), day)
        nine = nine_of_day(self.tables.zips9.get((zip_code[:5], zip_code[5:9]), []), row, day)
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
        if self.contradict(modifiers):
            raise Refusal("refused", "modifier_conflict")
        work.component = next(iter(components), "")
        key = (release["release_id"], line["hcpcs_code"], work.component)
        whole = (release["release_id"], line["hcpcs_code"], "")
        if key not in self.tables.rvu and whole not in self.tables.rvu:
            raise Refusal("refused", "code_unknown")
        if work.edit in ("ncci_pair", "mue"):
            raise Refusal("not_payable", work.edit)
        for modifier in DENIED:
            if modifier in modifiers:
                raise Refusal(*DENIED[modifier])
        if work.edit:
            raise Refusal("not_payable", work.edit)
        if key not in self.tables.rvu:
            if work.component == "53":
                raise Refusal("by_report", "discontinued_procedure")
            raise Refusal("not_payable", "component_not_separate")
        row = work.row = self.tables.rvu[key]
        status = self.tables.status[key]
        if status in GATED:
            raise Refusal(status, GATED[status])
        self._hospital(work, place["hospital"])
        if "56" in parts:
            raise Refusal("not_payable", "preoperative_part_in_surgery")
        shares = [row[f"{part}operative_share"] for part in ("pre", "intra", "post")]
        if parts & {"54", "55", "56"} and sum(shares) == 0:
            raise Refusal("not_payable", "split_not_defined")
        both = "50" in modifiers or {"RT", "LT"} <= modifiers
        if both and line["units"] > 1 and "55" not in parts:
            raise Refusal("refused", "bilateral_units")
        if roles & {"assistant", "npp_assistant"} and row["assistant_surgeon_indicator"] in "19":
            raise Refusal("not_payable", "assistant_never_paid")
        if "co_surgeon" in roles and row["co_surgeon_indicator"] in "09":
            raise Refusal("not_payable", "co_surgeon_not_permitted")
        if "team" in roles:
            if row["team_surgeon_indicator"] in "09":
                raise Refusal("not_payable", "team_not_permitted")
            raise Refusal("by_report", "team_by_report")
        if both and row["bilateral_indicator"] == "9":
            raise Refusal("by_report", "bilateral_not_defined")
        if "55" in parts and line["units"] > 1:
            period = {"010": 10, "090": 90}.get(row["global_days"], 0)
            if line["units"] > period:
                raise Refusal("refused", "postoperative_days_out_of_range")
            work.days = (line["units"], period)
        if directions and row["status_code"] != "J":
            raise Refusal("refused", "anesthesia_modifier_elsewhere")
        if row["status_code"] == "J":
            self._anesthesia_gates(work, directions, release)

    def _hospital(self, work: Work, hospital: str) -> None:
        """What is paid to the hospital, and not to those who work there."""
        kind = work.row["pctc_indicator"]
        if kind == "8" and hospital != "inpatient":
            raise Refusal("not_payable", "smear_outside_inpatient")
        if not hospital:
            return
        if kind == "5":
            raise Refusal("not_payable", "incident_to_in_hospital")
        if work.component == "TC" or kind == "3":
            raise Refusal("not_payable", "technical_part_in_hospital")
        if kind == "1" and work.component == "" and self._own_row(work, "26"):
            raise Refusal("not_payable", "whole_test_in_hospital")
        if kind == "4":
            raise Refusal("not_payable", "global_test_in_hospital")
        if kind == "7" and work.line["provider_kind"] == "other":
            raise Refusal("not_payable", "therapist_in_hospital")

    def _own_row(self, work: Work, component: str) -> dict | None:
        row = work.row
        return self.tables.rvu.get((row["release_id"], row["hcpcs_code"], component))

    def _parts_of_test(self, work: Work) -> tuple[list[dict], list[dict]] | None:
        """The rows of both parts of a test that stands for the whole only, the professional first.

        None where the release has no codes for its parts or they do not add up to it.
        """
        professional, technical = PARTS.get(work.row["hcpcs_code"], ((), ()))
        keys = [(work.row["release_id"], code, "") for code in (*professional, *technical)]
        rows = [self.tables.rvu.get(key) for key in keys]
        if not keys or {self.tables.status.get(key) for key in keys} != {"priced"}:
            return None
        for name in ("work_rvu", "nonfacility_pe_rvu", "facility_pe_rvu", "mp_rvu"):
            if sum(row[name] for row in rows) != work.row[name]:
                return None
        return rows[: len(professional)], rows[len(professional) :]

    def _anesthesia_gates(self, work: Work, directions: set[str], release: dict) -> None:
        line = work.line
        if line["units"] > 1 and line["hcpcs_code"] not in BY_UNIT:
            raise Refusal("refused", "anesthesia_units")
        minutes = line["anesthesia_minutes"]
        timed = line["hcpcs_code"] not in WITHOUT_TIME and "supervised" not in directions
        if timed and minutes is None:
            raise Refusal("refused", "anesthesia_minutes_missing")
        # The file of the year, or the last before it, or the first there is: one for all codes.
        years = sorted({year for units in self.tables.base_units.values() for year in units})
        before = [year for year in years if year <= release["calendar_year"]]
        year = before[-1] if before else (years[0] if years else None)
        units = self.tables.base_units.get(line["hcpcs_code"], {}).get(year)
        if units is None:
            raise Refusal("refused", "base_units_missing")
        work.row = work.row | {"base_units": units}

    def _formula(self, work: Work, work_rvu: Decimal, pe: Decimal, mp: Decimal) -> Decimal:
        place = work.place
        total = work_rvu * place["work_gpci"] + pe * place["pe_gpci"] + mp * place["mp_gpci"]
        return cents(total * work.factor)

    def _fee(self, work: Work, row: dict) -> Decimal:
        return self._formula(work, row["work_rvu"], row[f"{work.setting}_pe_rvu"], row["mp_rvu"])

    def _share(self, work: Work, fee: Decimal) -> Decimal:
        """What part of the package, which days of it and how many sides make of a fee."""
        days, period = work.days
        by_days = cents(Decimal(cents(fee * work.split) * days) / period)
        return cents(by_days * work.multiplier)

    def _unit_amount(self, work: Work) -> None:
        line, row, modifiers = work.line, work.row, work.modifiers
        work.charge, work.units = line["charge"], line["units"]
        if row["status_code"] == "J":
            work.amount = self._anesthesia_amount(work, line["anesthesia_minutes"])
            return
        pre, intra, post = (row[f"{part}operative_share"] for part in ("pre", "intra", "post"))
        shares = {"54": pre + intra, "55": post, "78": intra or Decimal(1)}
        work.split = next((shares[m] for m in modifiers if m in shares), Decimal(1))
        both = {"1": Decimal("1.5"), "3": Decimal(2)}.get(row["bilateral_indicator"], Decimal(1))
        sides = modifiers & {"50", "RT", "LT"}
        if "50" in sides or len(sides) == 2:
            work.multiplier = both
        elif "55" in modifiers:
            pass
        elif not sides and line["units"] == 2 and row["bilateral_indicator"] in "12":
            work.multiplier, work.units = both, 1
        work.both_sides = both
        if "55" in modifiers:
            work.units = 1
        work.amount = self._share(work, self._fee(work, row))
        pe, mp = row[f"{work.setting}_opps_pe_rvu"], row["opps_mp_rvu"]
        if line["is_apm_qualified"] and row["qp_opps_mp_rvu"] is not None:
            pe, mp = row[f"qp_{work.setting}_opps_pe_rvu"], row["qp_opps_mp_rvu"]
        if pe + mp > 0:
            work.cap = self._share(work, self._formula(work, row["opps_work_rvu"], pe, mp))
        self._equipment(work)

    def _anesthesia_amount(self, work: Work, minutes: int | None) -> Decimal:
        line = work.line
        if "AD" in work.modifiers:
            units = Decimal(3)
        elif line["hcpcs_code"] in WITHOUT_TIME:
            units = Decimal(work.row["base_units"])
        else:
            tenths = (Decimal(minutes or 0) / 15).quantize(Decimal("0.1"), ROUND_HALF_UP)
            units = work.row["base_units"] + tenths
        return cents(units * work.factor)

    def _equipment(self, work: Work) -> None:
        """Poor equipment takes its share of the technical part, of the fee and of its cap."""
        factor = Decimal(1)
        for name in work.modifiers & set(EQUIPMENT):
            if name != "CT" or is_ct(work.line["hcpcs_code"]):
                factor *= begun(EQUIPMENT[name], work.line["date_of_service"]) or 1
        kind, spared = work.row["pctc_indicator"], NONE
        if work.component == "26" or kind not in ("1", "3") or factor == 1:
            return
        if work.component == "" and kind == "1":
            own = self._own_row(work, "26")
            if own is None:
                return
            spared = cents(self._fee(work, own) * work.multiplier)
        work.amount = spared + cents((work.amount - spared) * factor)
        if work.cap is not None:
            work.cap = spared + cents((work.cap - spared) * factor)


def nine_of_day(rows: list[dict], five: dict | None, day: Any) -> dict | None:
    """The row of nine digits, where five leave it to them or both are of one quarter."""
    nine = of_day(rows, day)
    if not nine or not five or five["zip4_decides"]:
        return nine
    return nine if nine["effective_from"] == five["effective_from"] else None


def of_day(rows: list[dict], day: Any) -> dict | None:
    """The row of the file of the day; where there is none, of the last before it, or the first."""
    before = [row for row in rows if row["effective_from"] <= day]
    return (
        max(before, key=lambda r: r["effective_from"])
        if before
        else min(rows, key=lambda r: r["effective_from"], default=None)
    )
