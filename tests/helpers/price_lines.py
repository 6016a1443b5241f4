"""Claim lines for the tests of pricing: written as text, or drawn at random; and their prices."""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.price import duckdb_engine
from pipeline.price.layout import columns
from schemas.polars_types import polars_type
from tests.helpers.own_lines import with_own_lines

ORDINARY: dict[str, Any] = {
    "claim_id": "1",
    "date_of_service": date(2025, 10, 2),
    "modifier_1": "",
    "modifier_2": "",
    "modifier_3": "",
    "modifier_4": "",
    "units": 1,
    "place_of_service": "11",
    "service_zip_code": "",
    "service_mac": "",
    "service_locality_number": "",
    "charge": None,
    "provider_kind": "physician",
    "is_participating": True,
    "is_apm_qualified": False,
    "is_assigned": None,
    "deductible_left": None,
    "anesthesia_minutes": None,
    "patient_id": "P",
    "provider_id": "D",
    "ndc_code": "",
    "ndc_units": None,
    "revenue_code": "",
    "bill_type": "",
    "billing_provider_id": "",
    "provider_specialty": "",
}


def frame(lines: list[dict]) -> pl.DataFrame:
    """Claim lines in their declared layout."""
    schema: dict[str, Any] = {column.name: polars_type(column) for column in columns()}
    return pl.DataFrame(lines, schema=schema)


def priced(
    database: Path, lines: list[dict], with_trace: bool = False, few: int = duckdb_engine.FEW_LINES
) -> list[dict]:
    """The priced lines, in the order given; up to ``few`` of them as a claim is."""
    with duckdb_engine.pricer(database, threads=2) as con:
        con.register("given_line", frame(lines))
        con.execute("CREATE TABLE written_line AS FROM given_line")
        duckdb_engine.set_lines(con, "written_line", "rowid")
        relation = con.sql(duckdb_engine.price(con, with_trace, few=few))
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


MODIFIERS = [
    "25",
    "50",
    "RT",
    "LT",
    "26",
    "TC",
    "53",
    "59",
    "51",
    "54",
    "55",
    "56",
    "78",
    "62",
    "66",
    "80",
    "AS",
    "XE",
    "QK",
    "AA",
    "AD",
    *("25", "25", "25", "25", "24", "57", "79", "FT"),
    *(
        "22",
        "52",
        "GZ",
        "GY",
        "PA",
        "FX",
        "FY",
        "CT",
        "CQ",
        "CO",
        "GP",
        "AJ",
        "AE",
        "KX",
        "73",
        "PT",
        "33",
    ),
]


def drawn_lines(con: Any, count: int, seed: int) -> list[dict]:
    """Random lines of a few patients and days, so that many meet: rules, gates and faults alike."""
    chance = random.Random(seed)
    codes = _codes(con)
    zips = [
        row[0]
        for row in con.execute(
            "SELECT zip_code FROM zip_locality ORDER BY hash(zip_code) LIMIT 30"
        ).fetchall()
    ]
    zips += [
        row[0]
        for row in con.execute(
            "SELECT zip_code FROM zip_locality WHERE zip4_decides ORDER BY 1 LIMIT 2"
        ).fetchall()
    ]
    days = [
        row[0]
        for row in con.execute(
            "SELECT effective_from FROM release WHERE is_current AND schedule = 'pfs' ORDER BY 1"
        ).fetchall()
    ]
    places = [
        row[0]
        for row in con.execute(
            "SELECT place_of_service FROM place_of_service ORDER BY 1"
        ).fetchall()
    ]
    lines = [_drawn(chance, n, codes, zips, days, places) for n in range(count)]
    return with_own_lines(con, lines, seed)


def _codes(con: Any) -> list[list[str]]:
    """Codes by what happens to them, so that each rule is met often."""
    conditions = [
        "multiple_procedure_indicator = '2'",
        "multiple_procedure_indicator = '3' OR hcpcs_code IN (SELECT endoscopic_base_code FROM rvu)",
        "multiple_procedure_indicator = '4'",
        "multiple_procedure_indicator = '5'",
        "multiple_procedure_indicator IN ('6', '7')",
        "status_code = 'T'",
        "status_code = 'J'",
        "pctc_indicator IN ('4', '5', '6', '8')",
        "bilateral_indicator IN ('1', '3')",
        "hcpcs_code IN ('G2211', 'G0439', '20610') OR hcpcs_code BETWEEN '99202' AND '99215'",
        "pctc_indicator = '1' AND multiple_procedure_indicator = '0' AND section = 'Radiology'",
        "true",
    ]
    return [
        [
            row[0]
            for row in con.execute(
                f"SELECT DISTINCT hcpcs_code FROM rvu WHERE {x} ORDER BY hash(hcpcs_code) LIMIT 12"
            ).fetchall()
        ]
        for x in conditions
    ]


def _drawn(
    chance: random.Random, number: int, codes: list, zips: list, days: list, places: list
) -> dict:
    patient = chance.randrange(60)
    # The code follows from the patient now and then, so that the same one comes twice a day.
    kind = codes[patient % len(codes)] if chance.random() < 0.8 else chance.choice(codes)
    modifiers = chance.sample(MODIFIERS, k=chance.choice([0, 0, 0, 1, 1, 2]))
    modifiers += [""] * (4 - len(modifiers))
    chance.shuffle(modifiers)
    line = ORDINARY | {
        "claim_id": f"C{patient // 2}",
        "claim_line_number": number,
        "date_of_service": days[patient % len(days)]
        + timedelta(days=chance.choice([*[3] * 12, *[4] * 4, 13, 60])),
        "hcpcs_code": chance.choice(kind or ["99213"]),
        **{f"modifier_{n}": modifiers[n - 1] for n in (1, 2, 3, 4)},
        "units": chance.choice([1, 1, 1, 1, 2, 2, 3, 6]),
        "place_of_service": chance.choice(["11", "21", "22", chance.choice(places)]),
        "service_zip_code": zips[patient % len(zips)],
        "charge": chance.choice([None, None, None, Decimal(chance.randrange(1, 90_000)) / 100]),
        "provider_kind": chance.choice(
            ["physician", "physician", "npp", "other", "csw", "mft", "mhc", "dietitian", "midwife"]
        ),
        "is_participating": chance.random() < 0.8,
        "is_apm_qualified": chance.random() < 0.3,
        "is_assigned": chance.choice([None, True, False]),
        "deductible_left": chance.choice([None] * 8 + [Decimal("257.00"), Decimal("12.34")]),
        "anesthesia_minutes": chance.choice([None, 7, 90, 91, 123]),
        "patient_id": chance.choice([f"P{patient}", f"P{patient}", ""]),
        "provider_id": f"D{patient % 7}",
    }
    line |= _practice(chance, patient) if chance.random() < 0.4 else {}
    return line | (_fault(chance) if chance.random() < 0.06 else {})


def _practice(chance: random.Random, patient: int) -> dict:
    """Who renders the service in a group practice, of which not all is known."""
    return {
        "provider_id": chance.choice([f"D{patient % 7}", f"E{patient % 7}", ""]),
        "billing_provider_id": f"G{patient % 7}",
        "provider_specialty": chance.choice(["", "65", "02"]),
    }


def _fault(chance: random.Random) -> dict:
    return chance.choice(
        [
            {"date_of_service": None},
            {"modifier_2": "ZZ"},
            {"modifier_1": "26TC"},
            {"claim_id": "", "patient_id": ""},
            {"revenue_code": "0450"},
            {"date_of_service": date(2019, 1, 1)},
            {"units": 0},
            {"units": None},
            {"units": 999_999_999},
            {"anesthesia_minutes": 2_000_000_000},
            {"charge": Decimal("9999999999.99")},
            {"charge": Decimal("-1.00")},
            {"deductible_left": Decimal("-1.00")},
            {"provider_kind": "nurse"},
            {"place_of_service": "98"},
            {"service_zip_code": ""},
            {"service_zip_code": "00001"},
            {"service_zip_code": "941101"},
            {"service_zip_code": "941101234"},
            {"service_zip_code": "", "service_mac": "01112", "service_locality_number": "05"},
            {"service_mac": "01112", "service_locality_number": "05"},
            {"service_locality_number": "05"},
            {"service_mac": "01112"},
            {"service_zip_code": "", "service_mac": "01112", "service_locality_number": "95"},
            {"hcpcs_code": "00000"},
            {"hcpcs_code": "86153"},
        ]
    )
