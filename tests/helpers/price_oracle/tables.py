"""What the second pricer knows: the public tables, the meaning of modifiers, and refusals."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.helpers.price_oracle.own import OwnTables

CENT = Decimal("0.01")
NONE = Decimal(0)
# What further services are multiplied by, each from the first day of services that it is for.
LATER = {
    ("whole", "2"): [(date(1995, 1, 1), "0.5")],
    ("pe", "5"): [(date(2013, 4, 1), "0.5")],
    ("tc", "4"): [(date(2006, 1, 1), "0.75"), (date(2010, 7, 1), "0.5")],
    ("pc", "4"): [(date(2012, 1, 1), "0.75"), (date(2017, 1, 1), "0.95")],
    ("tc", "6"): [(date(2013, 1, 1), "0.75")],
    ("tc", "7"): [(date(2013, 1, 1), "0.8")],
}
# Tests that stand for the whole only: the codes of the professional part, then all others.
PARTS = {
    "77089": (("77092",), ("77090", "77091")),
    "93000": (("93010",), ("93005",)),
    "93015": (("93016", "93018"), ("93017",)),
    "93040": (("93042",), ("93041",)),
    "93224": (("93227",), ("93225", "93226")),
    "93241": (("93244",), ("93242", "93243")),
    "93245": (("93248",), ("93246", "93247")),
    "93268": (("93272",), ("93270", "93271")),
    "93784": (("93790",), ("93786", "93788")),
    "94014": (("94016",), ("94015",)),
    "96931": (("96933",), ("96932",)),
    "96934": (("96936",), ("96935",)),
    "G0403": (("G0405",), ("G0404",)),
}
WITHOUT_TIME = {"01953", "01995", "01996"}
ADD_ONS = {"01953", "01968", "01969"}
BY_UNIT = {"01953"}
ROLES = {
    "62": ("co_surgeon", Decimal("0.625")),
    "66": ("team", Decimal(1)),
    "80": ("assistant", Decimal("0.16")),
    "81": ("assistant", Decimal("0.16")),
    "82": ("assistant", Decimal("0.16")),
    "AS": ("npp_assistant", Decimal("0.16")),
}
# What those who are no physicians are paid of the fee, each from the first day of services.
KINDS = {
    "physician": [(date.min, "1")],
    "other": [(date.min, "1")],
    "npp": [(date.min, "0.85")],
    "csw": [(date.min, "0.75")],
    "mft": [(date(2024, 1, 1), "0.75")],
    "mhc": [(date(2024, 1, 1), "0.75")],
    "dietitian": [(date(2002, 1, 1), "0.85")],
    "midwife": [(date.min, "0.65"), (date(2011, 1, 1), "1")],
}
NAMED_KINDS = {"AJ": "csw", "AE": "dietitian"}
EQUIPMENT = {
    "CT": [(date(2016, 1, 1), "0.95"), (date(2017, 1, 1), "0.85")],
    "FX": [(date(2017, 1, 1), "0.8")],
    "FY": [(date(2018, 1, 1), "0.93"), (date(2023, 1, 1), "0.9")],
}
ASSISTANTS = [(date(2022, 1, 1), "0.88")]
DENIED = {
    "PA": ("not_covered", "wrong_surgery"),
    "PB": ("not_covered", "wrong_surgery"),
    "PC": ("not_covered", "wrong_surgery"),
    "GZ": ("not_payable", "denial_expected"),
    "GY": ("not_covered", "excluded_by_statute"),
}
CT_CODES = (
    "70450-70498 71250-71275 72125-72133 72191-72194 73200-73206 73700-73706 74150-74178 "
    "74261-74263 75571-75574"
)
PLACES_SINCE = {
    "02": date(2017, 1, 1), "10": date(2022, 1, 1), "19": date(2016, 1, 1), "27": date(2023, 10, 1),
    "58": date(2020, 1, 1), "66": date(2024, 8, 1),
}  # fmt: skip
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
    "other_benefit": "other_benefit",
    "use_another_code": "use_another_code",
    "reporting_only": "reporting_only",
    "not_covered": "not_covered",
    "not_valid": "not_valid",
    "no_rvu": "no_rvu",
}


def later(part: str, indicator: str, day: date) -> Decimal | None:
    """The factor of further services on a day, or None where there was none."""
    return begun(LATER.get((part, indicator), []), day)


def begun(dated: list[tuple[date, str]], day: date) -> Decimal | None:
    """The last factor that had begun on a day."""
    factors = [factor for first, factor in dated if first <= day]
    return Decimal(factors[-1]) if factors else None


def is_ct(code: str) -> bool:
    """Whether a code is one of computed tomography."""
    return any(first <= code <= last for first, last in (x.split("-") for x in CT_CODES.split()))


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
    factors: list[dict]
    bases: set[tuple]
    modifiers: set[str]
    own: "OwnTables"
    surgeries: set[str]
    pairs: dict[tuple, list[dict]]
    ncci_modifiers: set[str]
    limits: dict[tuple, list[dict]]
    supplied: set[str]


def read_tables(con: Any) -> Tables:
    """Read the tables of a warehouse through an open connection."""

    from tests.helpers.price_oracle.own import read_own

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
    status = {
        (r["release_id"], r["hcpcs_code"], r["modifier"]): r["price_status"] for r in national
    }
    pairs, limits = defaultdict(list), defaultdict(list)
    for row in rows(
        "SELECT edit.*, release.effective_to AS last_known FROM ncci_pair AS edit JOIN release USING (release_id) "
        "WHERE is_latest AND setting = 'practitioner' AND edit_status <> 'never_in_force' AND modifier_indicator <> '9'"
    ):
        pairs[row["column1"], row["column2"]].append(row)
    for row in rows(
        "SELECT mue.*, effective_from, effective_to FROM mue JOIN release USING (release_id) WHERE is_current"
    ):
        limits[row["setting"], row["hcpcs_code"]].append(row)
    return Tables(
        releases=rows("FROM release WHERE is_current AND schedule = 'pfs'"),
        rvu=rvu,
        status=status,
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
        factors=rows("FROM conversion_factor"),
        bases={
            (r["release_id"], r["endoscopic_base_code"])
            for r in rvu.values()
            if r["endoscopic_base_code"]
        },
        modifiers={r["claim_modifier"] for r in rows("FROM modifier")},
        own=read_own(rows),
        surgeries={
            code
            for (release, code, modifier), r in rvu.items()
            if modifier == ""
            and r["global_days"] in ("000", "010", "090")
            and status[release, code, ""] in ("priced", "carrier_priced")
        },
        pairs=pairs,
        ncci_modifiers={r["modifier"] for r in rows("FROM ncci_modifier")},
        limits=limits,
        supplied={r["hcpcs_code"] for r in rows("SELECT DISTINCT hcpcs_code FROM dme_fee")},
    )
