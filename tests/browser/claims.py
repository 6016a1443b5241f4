"""Random claims, priced by the warehouse and by the page; what one prices and the other does not."""

import random
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.price import duckdb_engine
from tests.helpers.price_lines import drawn_lines, frame

# What only the command line knows, and the page says so.
ONLY_THERE = ("another_schedule", "release_missing", "zip9_unknown")

PRICED = """
async (claims) => {
  const results = [];
  for (const claim of claims) {
    const lines = [];
    for (const line of claim) {
      const place = await Site.claim.placeOf(line.zip, line.mac, line.day);
      lines.push({ ...line, place, charge: line.charge === null ? null : BigInt(line.charge) });
    }
    const known = await Site.price.known(lines);
    results.push(Site.price.claim(known, lines).map(({ status, reason, amount }) =>
      [status, reason, amount === null ? null : String(amount)]));
  }
  return results;
}
"""


def drawn_claims(con: Any, count: int, seed: int) -> list[list[dict]]:
    """Claims of up to six lines, each of one patient, practitioner and place."""
    chance = random.Random(seed)
    lines = drawn_lines(con, count, seed)
    by_claim: dict[str, list[dict]] = {}
    for line in lines:
        by_claim.setdefault(line["claim_id"], []).append(line)
    claims = []
    for held in by_claim.values():
        chance.shuffle(held)
        while held:
            claims.append([held.pop() for _ in range(min(len(held), chance.randint(1, 6)))])
    for number, claim in enumerate(claims):
        shared = {name: claim[0][name] for name in ("service_zip_code", "service_mac")}
        shared |= {"service_locality_number": claim[0]["service_locality_number"]}
        if not (shared["service_mac"] and shared["service_locality_number"]):
            # The page takes a locality as a whole.
            shared |= {"service_mac": "", "service_locality_number": ""}
        for at, line in enumerate(claim):
            line |= shared | {
                "claim_id": f"C{number}",
                "claim_line_number": at,
                "patient_id": f"P{number}",
            }
            line |= {"provider_id": "D", "billing_provider_id": "", "provider_specialty": ""}
            line |= {
                "deductible_left": None,
                "is_assigned": None,
                "revenue_code": "",
                "bill_type": "",
            }
    return claims


def of_warehouse(database: Path, claims: list[list[dict]]) -> list[list[tuple]]:
    """Status, reason and allowed amount by the warehouse, without the edits that pages have no tables of."""
    with duckdb_engine.pricer(database, threads=2) as con:
        con.register("given_line", frame([line for claim in claims for line in claim]))
        con.execute("CREATE TABLE written_line AS FROM given_line")
        duckdb_engine.set_lines(con, "written_line", "rowid")
        query = duckdb_engine.price(con, False, without=("ncci", "mue"))
        found = con.sql(f"SELECT price_status, reason, allowed_amount FROM ({query})").fetchall()
    rows = iter(found)
    return [[next(rows) for _ in claim] for claim in claims]


def for_page(line: dict) -> dict:
    """A line as the page reads it."""
    modifiers = [line[f"modifier_{n}"].upper() for n in (1, 2, 3, 4)]
    mac, number = line["service_mac"], line["service_locality_number"]
    return {
        "code": line["hcpcs_code"],
        "modifiers": [x[:2] if len(x) == 4 and x.endswith(".0") else x for x in modifiers if x],
        "units": None if line["units"] is None else float(line["units"]),
        "pos": line["place_of_service"],
        "day": str(line["date_of_service"]) if line["date_of_service"] else "",
        "zip": line["service_zip_code"],
        "mac": f"{mac}-{number}" if mac and number else "",
        "charge": None if line["charge"] is None else str(int(line["charge"] * 100)),
        "kind": line["provider_kind"],
        "isParticipating": line["is_participating"],
        "isQualified": line["is_apm_qualified"],
        "minutes": line["anesthesia_minutes"],
    }


def compared(page: Any, database: Path, claims: list[list[dict]]) -> tuple[Counter, list]:
    """How many lines came out how, and every line that came out otherwise without a listed reason."""
    theirs = of_warehouse(database, claims)
    ours = page.evaluate(PRICED, [[for_page(line) for line in claim] for claim in claims])
    counts: Counter = Counter()
    different = []
    for claim, there, here in zip(claims, theirs, ours, strict=True):
        for line, (status, reason, amount), (own_status, own_reason, cents) in zip(
            claim, there, here, strict=True
        ):
            own = None if cents is None else Decimal(cents) / 100
            listed = own_reason in ONLY_THERE
            counts[
                "priced alike" if own is not None and own == amount else own_reason or "different"
            ] += 1
            same = own == amount and (own is not None or own_reason == reason)
            if not (same or (listed and own is None)):
                different.append((line, (status, reason, amount), (own_status, own_reason, own)))
    return counts, different
