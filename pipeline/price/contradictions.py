"""Lines of a file that contradict one another or themselves, so that an amount may not be what was meant."""

from pathlib import Path
from typing import Any

import duckdb

from pipeline.price.column_map import profile
from pipeline.store.database import rows_of
from pipeline.store.sql import compose_with
from schemas.derive import quoted

HERE = Path(__file__).parent

# How the codes of the provider taxonomy (NUCC) begin by which claims and NPPES name the same people.
TAXONOMIES = {
    "363A": "npp",
    "363L": "npp",
    "364S": "npp",
    "367A": "midwife",
    "133V": "dietitian",
    "1041": "csw",
    "106H": "mft",
    "101Y": "mhc",
}

WORDS = {
    "claim_of_several_patients": (
        "their claim_id names several patients, and where a claim decides (rules of a day without a "
        "provider, deductible_left) they are taken for one; give each claim a number of its own"
    ),
    "claim_of_several_billers": (
        "their claim_id names several billing providers, as numbers do that each gives for itself, and "
        "where a claim decides (rules of a day without a patient, deductible_left) they are taken for "
        "one; give each claim a number of its own"
    ),
    "specialty_of_another_kind": (
        "provider_specialty is that of somebody who is paid less than a physician, and they are priced "
        "as a physician's; say it in provider_kind: {kinds}"
    ),
}


def contradictions(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The notes on a run: ``note``, ``line_count``, ``first_day``, ``last_day``, ``words``."""
    kinds = _kinds()
    looks = f"^(0?({'|'.join(kinds)})|({'|'.join(TAXONOMIES)})[0-9A-Z]{{5}}X)$"
    query = compose_with(HERE / "contradiction.sql", {"specialties": quoted(looks)})
    codes: dict[str, list[str]] = {}
    for code, kind in (kinds | TAXONOMIES).items():
        codes.setdefault(kind, []).append(code)
    listed = "; ".join(f"{kind} for {', '.join(listed)}" for kind, listed in codes.items())
    return [row | {"words": _words(row, listed)} for row in rows_of(con, query)]


def _kinds() -> dict[str, str]:
    """The kind of provider of each specialty that is paid less than a physician, as CMS's own files have it."""
    values = profile("ccw").readings["provider_kind"].values
    return {code: kind for code, kind in values.items() if kind != "other"}


def _words(row: dict[str, Any], kinds: str) -> str:
    count = int(row["line_count"])
    words = WORDS[row["note"]].format(kinds=kinds)
    return f"{count:,} line{'' if count == 1 else 's'}: {words}"
