"""What the pages price claims by, besides the rows of codes: the curated rules and the places."""

from typing import Any

import duckdb

from pipeline.schedules.ambulance.declared import mile_codes
from pipeline.schedules.pfs.price.curated import rows as curated
from pipeline.site.shard import Folder, rows

# The columns of the curated tables that pricing looks at.
TABLES = {
    "anesthesia_add_on": ("hcpcs_code", "is_paid_by_unit"),
    "anesthesia_without_time": ("hcpcs_code",),
    "ct_code": ("first_code", "last_code"),
    "edit_code": ("code_list", "first_code", "last_code", "effective_from", "effective_to"),
    "edit_modifier": (
        *("service_kind", "period_part", "global_days"),
        *("claim_modifier", "effective_from"),
    ),
    "global_test_part": ("hcpcs_code", "part_code", "part"),
    "modifier": ("claim_modifier",),
    "modifier_effect": ("claim_modifier", "effect", "effect_value", "factor"),
    "modifier_factor": ("claim_modifier", "factor", "effective_from", "effective_to"),
    "multiple_procedure_factor": (
        *("multiple_procedure_indicator", "part", "factor"),
        *("effective_from", "effective_to"),
    ),
    "place_of_service": (
        *("place_of_service", "setting", "hospital"),
        *("setting_before", "setting_from"),
    ),
    "place_of_service_date": ("place_of_service", "effective_from"),
    "provider_kind": ("provider_kind", "factor", "effective_from", "effective_to", "meaning"),
}


def write_pricing(con: duckdb.DuckDBPyConnection, data: Folder) -> None:
    """Write the rules of pricing and the localities of ZIP codes."""
    tables = {
        name: {"columns": columns, "rows": [[row[x] for x in columns] for row in curated(name)]}
        for name, columns in TABLES.items()
    }
    rules = curated("pricing_rule")
    data.write(
        "price",
        {
            "tables": tables,
            "steps": {row["rule"]: row["factor"] for row in rules if row["factor"]},
            "factors": rows(con, "dated_factor"),
            "bases": rows(con, "base_code"),
            "base_units": rows(con, "base_unit"),
            "miles": mile_codes(),
        },
    )
    _write_zips(con, data)


def _write_zips(con: duckdb.DuckDBPyConnection, data: Folder) -> None:
    """One file per first digit: runs of ZIP codes that follow each other and lie in one locality."""
    runs: dict[str, list[list[Any]]] = {str(digit): [] for digit in range(10)}
    last: dict[str, list[Any]] = {}
    for zip_code, since, locality, localities in rows(con, "zip_place"):
        place = "|".join((since, locality, localities))
        run = last.get(since)
        if run and run[2] == place and run[0] + run[1] == int(zip_code):
            run[1] += 1
        else:
            last[since] = [int(zip_code), 1, place]
            runs[zip_code[0]].append(last[since])
    for digit, found in runs.items():
        # The same texts stand in most runs.
        places = list(dict.fromkeys(place for _, _, place in found))
        numbers = {place: number for number, place in enumerate(places)}
        lines = [[first, count, numbers[place]] for first, count, place in found]
        data.write(f"zip/{digit}", {"places": places, "runs": lines})
