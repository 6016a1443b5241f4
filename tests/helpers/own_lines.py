"""Random claim lines of laboratories, drugs, equipment and ambulances, put among those of practitioners."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

# What the schedules list: code and modifiers, and the days on which their releases begin.
ITEMS = """
    SELECT hcpcs_code, modifier, '', '', release.effective_from FROM lab_fee JOIN release USING (release_id) WHERE is_current
    UNION SELECT hcpcs_code, '', '', '', release.effective_from FROM drug_limit JOIN release USING (release_id) WHERE is_current
    UNION SELECT hcpcs_code, modifier, modifier2, '', release.effective_from FROM dme_item JOIN release USING (release_id) WHERE is_current
    UNION SELECT hcpcs_code, modifier, modifier2, modifier3, release.effective_from FROM dme_cba_fee JOIN release USING (release_id) WHERE is_current
    UNION SELECT hcpcs_code, modifier, modifier2, modifier3, release.effective_from FROM dme_mail_order_fee JOIN release USING (release_id) WHERE is_current
    UNION SELECT hcpcs_code, '', '', '', release.effective_from FROM ambulance_fee JOIN release USING (release_id) WHERE is_current
"""

# The same with the packages of drugs, and with ZIP codes of every kind.
PACKAGES = "SELECT hcpcs_code, ndc_text, billing_units, package_size FROM drug_ndc"
ZIPS = """
    SELECT DISTINCT zip_code FROM (
      (SELECT zip_code FROM dme_zip WHERE is_rural ORDER BY hash(zip_code) LIMIT 6)
      UNION ALL (SELECT zip_code FROM dme_zip WHERE cba <> '' ORDER BY hash(zip_code) LIMIT 6)
      UNION ALL (SELECT zip_code FROM zip_locality WHERE rural_indicator <> '' ORDER BY hash(zip_code) LIMIT 6)
      UNION ALL (SELECT zip_code FROM zip_locality WHERE zip4_decides ORDER BY hash(zip_code) LIMIT 2)
      UNION ALL (SELECT zip_code FROM zip_locality ORDER BY hash(zip_code) LIMIT 6)
    ) ORDER BY 1
"""
ADDED = [
    "",
    "",
    "",
    "NU",
    "RR",
    "KE",
    "KJ",
    "QW",
    "RH",
    "HZ",
    "JW",
    "91",
    "GZ",
    "26",
    "TC",
    "62",
    "zz",
]


UNITS = [1, 1, 2, 7, 17, 18, 30, 12_000, 999_999]
MILES = ("A0425", "A0435", "A0436")
UNITS_OF_MILES = [1, 12, Decimal("0.4"), Decimal("17.1"), Decimal("100.5"), 999_999]


def with_own_lines(con: Any, lines: list[dict], seed: int) -> list[dict]:
    """The lines, a sixth of them changed into such as another schedule pays."""
    chance = random.Random(seed)
    items = sorted(con.execute(ITEMS).fetchall())
    days = sorted({item[-1] for item in items})
    zips = [row[0] for row in con.execute(ZIPS).fetchall()]
    packages = con.execute(f"{PACKAGES} ORDER BY ALL").fetchall()
    if not items:
        return lines
    return [
        line | _own(chance, items, days, zips, packages) if chance.random() < 1 / 6 else line
        for line in lines
    ]


def _own(chance: random.Random, items: list, days: list, zips: list, packages: list) -> dict:
    code, *modifiers, first_day = chance.choice(items)
    written = [*modifiers, chance.choice(ADDED)]
    if chance.random() < 0.1:
        written[0] = ""
    if chance.random() < 0.3:
        chance.shuffle(written)
    day = first_day if chance.random() < 0.85 else chance.choice(days)
    made = {
        "hcpcs_code": code,
        **{f"modifier_{n}": written[n - 1] for n in (1, 2, 3, 4)},
        "date_of_service": day + timedelta(days=33),
        "place_of_service": chance.choice(["11", "12", "12", "81", "22", "21"]),
        "service_zip_code": chance.choice(zips),
        "units": chance.choice(UNITS_OF_MILES if code in MILES else UNITS),
    }
    return made | _further(chance, code, packages)


def _further(chance: random.Random, code: str, packages: list) -> dict:
    """A place that is said in another way, or the package of a drug."""
    of_code = [x for x in packages if x[0] == code]
    if of_code and chance.random() < 0.8:
        _, ndc, billing, size = chance.choice(of_code if chance.random() < 0.8 else packages)
        count = chance.choice([None, 1, 2, Decimal("0.5"), 0])
        units = (
            {} if not count else {"units": max(1, int(billing * count / chance.choice([1, size])))}
        )
        written = ndc if chance.random() < 0.5 else ndc.replace("-", "")
        return units | {"ndc_code": written, "ndc_units": count}
    return chance.choice(
        [
            {},
            {},
            {},
            {},
            {"service_zip_code": "", "service_mac": "01112", "service_locality_number": "05"},
            {"service_mac": "01112", "service_locality_number": "05"},
            {"service_zip_code": "00001"},
            {"service_zip_code": "941"},
            {"service_zip_code": ""},
            {"ndc_code": "1-2", "ndc_units": 3},
            {"ndc_units": 3},
        ]
    )
