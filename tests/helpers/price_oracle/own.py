"""The second pricer: lines of laboratories, drugs, equipment and ambulances by their own schedule.

docs/claims.md says what is right; each schedule is asked here in its own way, not in one shape for all.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from math import floor
from typing import Any

from tests.helpers.price_oracle.line import LinePricer, nine_of_day, of_day
from tests.helpers.price_oracle.tables import DENIED, KINDS, PLACES_SINCE, Refusal, begun, cents
from tests.helpers.price_oracle.work import modifiers_of

HOME = {"04", "12", "13", "14", "33"}
DIRECTIONS = set("DEGHIJNPRSX")
MILES = {"A0425", "A0435", "A0436"}
MOST = Decimal("99999999.99")


@dataclass
class OwnTables:
    """What the schedules list, by release and code, and their releases."""

    releases: list[dict]
    labs: dict = field(default_factory=lambda: defaultdict(dict))
    drugs: dict = field(default_factory=dict)
    items: dict = field(default_factory=lambda: defaultdict(dict))
    states: dict = field(default_factory=lambda: defaultdict(dict))
    areas: dict = field(default_factory=lambda: defaultdict(dict))
    zips: dict = field(default_factory=dict)
    ambulances: dict = field(default_factory=lambda: defaultdict(dict))
    packages: dict = field(default_factory=lambda: defaultdict(list))
    later: list[dict] = field(default_factory=list)


def read_own(rows: Any) -> OwnTables:
    """Read them with a function that gives the rows of a query."""
    own = OwnTables(rows("FROM release WHERE is_current"))
    for row in rows("FROM lab_fee"):
        own.labs[row["release_id"], row["hcpcs_code"]][row["modifier"]] = row
    for row in rows("FROM drug_limit"):
        own.drugs[row["release_id"], row["hcpcs_code"]] = row
    for row in rows("FROM dme_item"):
        own.items[row["release_id"], row["hcpcs_code"]][row["modifier"], row["modifier2"], ""] = row
    for row in rows("FROM dme_fee"):
        key = (row["release_id"], row["hcpcs_code"], (row["modifier"], row["modifier2"], ""))
        own.states[key].setdefault(row["state"], {})[row["is_rural"]] = row["amount"]
    only_there = {"price_status": "by_place", "national_amount": None, "category": ""}
    for row in rows("FROM dme_cba_fee"):
        mods = (row["modifier"], row["modifier2"], row["modifier3"])
        own.areas[row["release_id"], row["hcpcs_code"], mods][row["cba"]] = row["amount"]
        own.items[row["release_id"], row["hcpcs_code"]].setdefault(mods, only_there)
    for row in rows("FROM dme_mail_order_fee"):
        mods = (row["modifier"], row["modifier2"], row["modifier3"])
        mail = {"price_status": "priced", "national_amount": row["amount"], "category": ""}
        own.items[row["release_id"], row["hcpcs_code"]][mods] = mail
    for row in rows("FROM dme_zip"):
        own.zips[row["release_id"], row["zip_code"]] = row
    for row in rows("FROM ambulance_fee"):
        place = (row["mac"], row["locality_number"])
        own.ambulances[row["release_id"], row["hcpcs_code"]][place] = row
    for row in rows("FROM drug_ndc"):
        own.packages[row["release_id"], row["ndc11"] or row["ndc_text"]].append(row)
    own.later = rows("FROM dme_payment_rule WHERE month_from = 4 AND category = 'CR'")
    return own


class OwnPricer(LinePricer):
    """Prices the lines that the Physician Fee Schedule does not pay."""

    def own_answer(self, line: dict) -> tuple[Decimal | None, str, str] | None:
        """Amount, status and reason of a line that another schedule answers for; else None."""
        row, status = self._physicians_row(line)
        sold = (
            status == "bundled" and row["status_code"] == "P" and line["place_of_service"] in HOME
        )
        if line["date_of_service"] is None or not (status in (None, "other_benefit") or sold):
            return None
        found = self.own_schedule(line, sold)
        if found is None:
            return None
        try:
            self._refuse_values(line)
            return self.own_price(line, *found), "priced", ""
        except Refusal as refusal:
            return None, refusal.status, refusal.reason

    def _physicians_row(self, line: dict) -> tuple[dict, str | None]:
        """The row of the code among the physicians' and its status; no status where there is none."""
        day, place = line["date_of_service"], line["place_of_service"]
        held = [
            r
            for r in self.tables.releases
            if day and r["effective_from"] <= day <= r["effective_to"]
        ]
        if not held or place not in self.tables.places or day < PLACES_SINCE.get(place, day):
            return {}, None
        release = max(held, key=lambda r: (r["effective_from"], r["release_id"]))["release_id"]
        component = max(modifiers_of(line) & {"26", "TC", "53"}, default="")
        key = (release, line["hcpcs_code"], component)
        if key in self.tables.rvu:
            return self.tables.rvu[key], self.tables.status[key]
        return {}, "absent" if (release, line["hcpcs_code"], "") in self.tables.rvu else None

    def _refuse_values(self, line: dict) -> None:
        day, place, minutes = (
            line["date_of_service"],
            line["place_of_service"],
            line["anesthesia_minutes"],
        )
        if not _is_counted(line):
            raise Refusal("refused", "unreadable_value")
        if line["charge"] is not None and not 0 <= line["charge"] <= MOST:
            raise Refusal("refused", "charge_out_of_range")
        if line["provider_kind"] not in KINDS:
            raise Refusal("refused", "provider_kind_unknown")
        if minutes is not None and not 1 <= minutes <= 9999:
            raise Refusal("refused", "minutes_out_of_range")
        if line["revenue_code"] or line["bill_type"]:
            raise Refusal("refused", "facility_claim")
        if begun(KINDS[line["provider_kind"]], day) is None:
            raise Refusal("not_payable", "provider_not_recognized")
        if line["deductible_left"] is not None and line["deductible_left"] < 0:
            raise Refusal("refused", "deductible_out_of_range")
        if place not in self.tables.places or day < PLACES_SINCE.get(place, day):
            raise Refusal("refused", "place_of_service_unknown")
        if line["units"] is None or not 0 < line["units"] <= 999999:
            raise Refusal("refused", "units_out_of_range")

    def own_schedule(self, line: dict, is_supply: bool) -> tuple[str, str] | None:
        """The schedule that lists the code on the day, and its release, '' where it has none then."""
        own, day, code = self.tables.own, line["date_of_service"], line["hcpcs_code"]
        listing = {
            "clfs": own.labs,
            "asp": own.drugs,
            "dmepos": own.items,
            "ambulance": own.ambulances,
        }
        undated = None
        for name, listed in sorted(listing.items()):
            releases = {release for release, listed_code in listed if listed_code == code}
            held = [
                r
                for r in own.releases
                if (r["schedule"] == name or (name == "ambulance" and r["release_id"] in releases))
                and r["effective_from"] <= day <= r["effective_to"]
            ]
            if held:
                latest = max(held, key=lambda r: (r["effective_from"], r["release_id"]))
                if latest["release_id"] in releases:
                    return name, latest["release_id"]
            elif releases and undated is None and not is_supply:
                undated = (name, "")
        return undated

    def own_price(self, line: dict, name: str, release: str) -> Decimal:
        """The allowed amount of a line whose values were found to be right."""
        modifiers = {line[f"modifier_{n}"].upper() for n in (1, 2, 3, 4)} - {""}
        hospital = self.tables.places[line["place_of_service"]]["hospital"]
        units = line["ndc_units"] if name == "asp" else None
        if units is not None and not (line["ndc_code"] and 0 < units <= 9999999):
            raise Refusal("refused", "ndc_units_out_of_range")
        strangers = modifiers - self.tables.modifiers
        if name == "ambulance":
            strangers = {x for x in strangers if len(x) != 2 or set(x) - DIRECTIONS}
        strangers -= {
            x
            for x in strangers
            if len(x) == 4 and x.endswith(".0") and x[:2] in self.tables.modifiers
        }
        if strangers:
            raise Refusal("refused", "modifier_unknown")
        if len(line["service_zip_code"]) not in (0, 5, 9):
            raise Refusal("refused", "zip_unknown")
        self.refuse_parts(modifiers, self.edits.get(id(line), ""))
        if not release:
            raise Refusal("refused", "release_missing")
        if name == "clfs" and hospital == "inpatient":
            raise Refusal("not_payable", "test_of_inpatient")
        if name == "asp" and hospital:
            raise Refusal("not_payable", "drug_in_hospital")
        if name == "dmepos" and hospital == "inpatient":
            raise Refusal("not_payable", "item_of_inpatient")
        amount = getattr(self, f"_{name}")(line, release, modifiers)
        if amount > MOST:
            raise Refusal("refused", "units_out_of_range")
        amount = cents(amount)
        return amount if line["charge"] is None else min(amount, line["charge"])

    def refuse_parts(self, modifiers: set[str], edit: str) -> None:
        """Raise where modifiers contradict each other, or name a part that no such line has."""
        parts = {x.removesuffix(".0") for x in modifiers} & {"26", "TC", "53"}
        if self.contradict(modifiers):
            raise Refusal("refused", "modifier_conflict")
        if edit in ("ncci_pair", "mue"):
            raise Refusal("not_payable", edit)
        for denial in DENIED:
            if denial in modifiers:
                raise Refusal(*DENIED[denial])
        if edit:
            raise Refusal("not_payable", edit)
        if "53" in parts:
            raise Refusal("by_report", "discontinued_procedure")
        if parts:
            raise Refusal("not_payable", "component_not_separate")

    def _clfs(self, line: dict, release: str, modifiers: set[str]) -> Decimal:
        rates = self.tables.own.labs[release, line["hcpcs_code"]]
        test = rates["QW" if "QW" in modifiers and "QW" in rates else ""]
        if test["price_status"] != "priced":
            _refuse_missing(test["price_status"])
        return test["rate"] * line["units"]

    def _asp(self, line: dict, release: str, modifiers: set[str]) -> Decimal:
        drug = self.tables.own.drugs[release, line["hcpcs_code"]]
        if drug["price_status"] != "priced":
            _refuse_missing(drug["price_status"])
        self._package(line)
        return drug["payment_limit"] * line["units"]

    def _package(self, line: dict) -> None:
        day, own = line["date_of_service"], self.tables.own
        held = [
            r["release_id"]
            for r in own.releases
            if r["schedule"] == "ndc" and r["effective_from"] <= day <= r["effective_to"]
        ]
        listed = own.packages.get((held[0], eleven_digits(line["ndc_code"])), []) if held else []
        of_code = [row for row in listed if row["hcpcs_code"] == line["hcpcs_code"]]
        if listed and not of_code:
            raise Refusal("refused", "ndc_of_another_code")
        if of_code and line["ndc_units"] is not None:
            by_container = line["ndc_units"] * of_code[0]["billing_units"]
            by_content = by_container / of_code[0]["package_size"]
            if all(abs(one - line["units"]) >= 1 for one in (by_container, by_content)):
                raise Refusal("refused", "ndc_units_conflict")

    def _dmepos(self, line: dict, release: str, modifiers: set[str]) -> Decimal:
        own, code = self.tables.own, line["hcpcs_code"]
        fitting = [x for x in own.items[release, code] if set(x) - {""} <= modifiers]
        if not fitting:
            raise Refusal("refused", "item_modifier_missing")
        most = max(len(set(x) - {""}) for x in fitting)
        chosen = [x for x in fitting if len(set(x) - {""}) == most]
        if len(chosen) > 1:
            raise Refusal("refused", "item_modifier_conflict")
        item = own.items[release, code][chosen[0]]
        if item["price_status"] == "no_fee_published":
            raise Refusal("carrier_priced", "no_fee_published")
        is_capped_rental = item["category"] == "CR" and "RR" in chosen[0]
        if is_capped_rental and len(modifiers & {"KH", "KI", "KJ"}) > 1:
            raise Refusal("refused", "modifier_conflict")
        fee = self._fee_of_place(line, release, chosen[0], item)
        if "KJ" in modifiers and is_capped_rental:
            of_code = [
                r
                for r in own.later
                if r["first_code"] and r["first_code"] <= code <= r["last_code"]
            ]
            rule = of_code or [r for r in own.later if not r["first_code"]]
            fee = cents(fee * rule[0]["percent"] / 100)
        return fee * line["units"]

    def _fee_of_place(self, line: dict, release: str, mods: tuple, item: dict) -> Decimal:
        own, zip_code = self.tables.own, line["service_zip_code"]
        key = (release, line["hcpcs_code"], mods)
        if item["price_status"] == "priced" and not own.areas.get(key):
            return item["national_amount"]
        if not zip_code:
            raise Refusal("refused", "zip_needed")
        row, nine = self._zip_rows(line)
        listed = own.zips.get((release, zip_code[:5]))
        if not (row or listed):
            raise Refusal("refused", "zip_unknown")
        if row and row["zip4_decides"] and not nine and len(self._nine_states(line)) > 1:
            raise Refusal("refused", "zip9_unknown" if len(zip_code) == 9 else "zip4_needed")
        missing = next(r["missing_files"] for r in own.releases if r["release_id"] == release)
        cba = listed["cba"] if listed else None if "dme_cba_zip" in missing else ""
        rural = listed["is_rural"] if listed else None if "dme_rural_zip" in missing else False
        if own.areas.get(key):
            if cba is None:
                raise Refusal("refused", "rural_unknown")
            if cba:
                return _there(own.areas[key].get(cba))
        if item["price_status"] == "priced":
            return item["national_amount"]
        said = {found["state"] for found in (nine or row, listed) if found}
        if len(said) != 1:
            raise Refusal("refused", "state_unknown")
        fees = own.states.get(key, {}).get(said.pop(), {})
        if True in fees and rural is None:
            raise Refusal("refused", "rural_unknown")
        return _there(fees.get(bool(rural) and True in fees))

    def _zip_rows(self, line: dict) -> tuple[dict | None, dict | None]:
        zip_code, day = line["service_zip_code"], line["date_of_service"]
        nine = self.tables.zips9.get((zip_code[:5], zip_code[5:9]), [])
        row = of_day(self.tables.zips.get(zip_code[:5], []), day)
        return row, nine_of_day(nine, row, day)

    def _nine_states(self, line: dict) -> set[str]:
        zip_code = line["service_zip_code"][:5]
        return {
            x["state"]
            for (code, _), rows in self.tables.zips9.items()
            if code == zip_code
            for x in rows
        }

    def _ambulance(self, line: dict, release: str, modifiers: set[str]) -> Decimal:
        fees = self.tables.own.ambulances[release, line["hcpcs_code"]]
        statuses = {fee["price_status"] for fee in fees.values()}
        if "priced" not in statuses:
            _refuse_missing(min(statuses))
        place = self._locality(line, line["date_of_service"])
        if place not in fees:
            raise Refusal("refused", "locality_unknown")
        fee = fees[place]
        if fee["price_status"] != "priced":
            _refuse_missing(fee["price_status"])
        row, nine = self._zip_rows(line)
        if not (nine or row):
            raise Refusal("refused", "area_unknown")
        miles = line["units"] if line["units"] < 100 else floor(line["units"])
        indicator = (nine or row)["rural_indicator"]
        if indicator == "":
            return fee["urban_amount"] * miles
        amount = fee["rural_amount"]
        if indicator == "B" and fee["super_rural_amount"] is not None:
            amount = fee["super_rural_amount"]
        first = fee["rural_first_miles_amount"]
        if first is None:
            return amount * miles
        return first * min(miles, 17) + amount * max(miles - 17, 0)


def _is_counted(line: dict) -> bool:
    """Whether the units are whole, or miles in tenths."""
    tenths = 10 if line["hcpcs_code"] in MILES else 1
    return line["units"] is None or line["units"] * tenths % 1 == 0


def _there(amount: Decimal | None) -> Decimal:
    if amount is None:
        raise Refusal("by_report", "no_fee_in_area")
    return amount


def _refuse_missing(status: str) -> None:
    named = {
        "contractor_priced": ("carrier_priced", "carrier_priced"),
        "gpci_missing": ("gpci_missing", "gpci_missing"),
        "no_factor": ("refused", "no_factor"),
    }
    raise Refusal(*named.get(status, ("carrier_priced", "no_fee_published")))


def eleven_digits(written: str) -> str:
    """An NDC in three parts as the eleven digits of 5-4-2; what is none as it stands."""
    parts = written.split("-")
    lengths = [len(part) for part in parts]
    if lengths in ([5, 4, 2], [4, 4, 2], [5, 3, 2], [5, 4, 1]):
        return "".join(part.zfill(n) for part, n in zip(parts, (5, 4, 2), strict=True))
    return written
