"""Where the SQL of the Physician Fee Schedule lies and how its parts fit together."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.schedules.pfs import formula
from pipeline.schedules.pfs.declared import schedule
from pipeline.schedules.pfs.sentences import names_expression
from pipeline.store.database import csv_query
from pipeline.store.sql import compose, compose_with
from schemas.definitions import read_reference
from schemas.derive import quoted

HERE = Path(__file__).parent
MODEL = HERE / "model"
SETTINGS = ("nonfacility", "facility")
RELEASE_CHECKS = HERE / "check" / "release"
WAREHOUSE_CHECKS = HERE / "check" / "warehouse"

# Curated tables and their columns that are not text.
REFERENCE = {
    "conversion_factor": {
        "effective_from": "DATE",
        "effective_to": "DATE",
        "conversion_factor": "DECIMAL(6,4)",
    },
    "conversion_factor_class": {
        "first_year": "SMALLINT",
        "last_year": "SMALLINT",
        "is_default": "BOOLEAN",
        "is_for_qualifying": "BOOLEAN",
    },
    "anesthesia_share": {
        "calendar_year": "SMALLINT",
        "work_share": "DECIMAL(5,3)",
        "pe_share": "DECIMAL(5,3)",
        "mp_share": "DECIMAL(5,3)",
    },
    "work_adjustor": {"calendar_year": "SMALLINT", "work_adjustor": "DECIMAL(5,4)"},
    "code_section": {},
    "indicator_value": {"effective_from": "DATE", "effective_to": "DATE"},
    "status_price": {},
    "price_status": {"has_reference_amount": "BOOLEAN"},
    "sentence": {},
    "locality_of_year": {
        "first_year": "SMALLINT",
        "last_year": "SMALLINT",
        "last_seen_year": "SMALLINT",
    },
    "known_form_difference": {},
    "known_row_count": {"row_count": "INTEGER"},
    "known_factor_exception": {"conversion_factor": "DECIMAL(6,4)"},
    "pricing_rule": {"step": "SMALLINT", "factor": "DECIMAL(6,4)", "is_provisional": "BOOLEAN"},
    "place_of_service": {"setting_from": "DATE"},
    "modifier": {},
    "modifier_effect": {"factor": "DECIMAL(6,4)"},
    "multiple_procedure_factor": {
        "factor": "DECIMAL(6,4)",
        "effective_from": "DATE",
        "effective_to": "DATE",
    },
    "global_test_part": {},
    "anesthesia_without_time": {},
    "anesthesia_add_on": {"is_paid_by_unit": "BOOLEAN"},
    "provider_kind": {"factor": "DECIMAL(6,4)", "effective_from": "DATE", "effective_to": "DATE"},
    "modifier_factor": {"factor": "DECIMAL(6,4)", "effective_from": "DATE", "effective_to": "DATE"},
    "ct_code": {},
    "place_of_service_date": {"effective_from": "DATE"},
    "preventive_service": {
        "patient_share_percent": "DECIMAL(7,3)",
        "deductible_applies": "BOOLEAN",
        "effective_from": "DATE",
        "effective_to": "DATE",
    },
    "patient_share": {
        "patient_share_percent": "DECIMAL(7,3)",
        "deductible_applies": "BOOLEAN",
        "effective_from": "DATE",
        "effective_to": "DATE",
    },
    "part_b_deductible": {"calendar_year": "SMALLINT", "deductible": "DECIMAL(12,2)"},
    "sequestration": {
        "sequestration_percent": "DECIMAL(6,3)",
        "effective_from": "DATE",
        "effective_to": "DATE",
    },
}


# Those that the tables and checks of a release follow from.
OF_A_RELEASE = (
    "conversion_factor", "conversion_factor_class", "anesthesia_share", "code_section", "indicator_value", "status_price", "locality_of_year",
    "known_row_count", "known_factor_exception", "sentence", "work_adjustor", "global_test_part",
)  # fmt: skip


def load_reference(con, names: Iterable[str] = OF_A_RELEASE) -> None:
    """Create curated tables under the names of their files: those that a release needs."""
    for name in names:
        con.execute(f"CREATE TABLE {name} AS {reference_query(name)}")


def reference_query(name: str) -> str:
    """The SELECT of a curated table."""
    return csv_query(schedule().reference_file(name), REFERENCE[name])


def release_factor_query() -> str:
    """The SELECT of the conversion factors of one release, by class."""
    return compose(MODEL / "release_factor.sql")


def rvu_query() -> str:
    """The SELECT of table ``rvu`` over the stage tables of one release."""
    return compose(MODEL / "rvu.sql")


def locality_query() -> str:
    """The SELECT of table ``locality`` over the stage tables of one release."""
    return compose(MODEL / "locality.sql")


def payment_national_query() -> str:
    """The SELECT of table ``payment_national``."""
    return payment(_of_their_class("national_rows"))


def payment_locality_query(name: str = "locality_rows") -> str:
    """The SELECT of ``payment_locality``; ``sorted_locality_rows`` gives one release in key order."""
    payable = payable_rows_query()
    names = ", ".join(schedule().tables["payment_locality"].column_names)
    return (
        f"SELECT {names} FROM (\n{payment(compose(MODEL / f'{name}.sql', payable_rows=payable))}\n)"
    )


def work_rvu_rank_query() -> str:
    """The SELECT of table ``work_rvu_rank``."""
    return compose(MODEL / "work_rvu_rank.sql", ranked_work=_ranked("work_candidates"))


def payment_rank_query() -> str:
    """The SELECT of table ``payment_rank``."""
    return compose(MODEL / "payment_rank.sql", ranked_payment=_ranked("payment_candidates"))


def code_profile_query() -> str:
    """The SELECT of table ``code_profile`` over the other tables of one release."""
    payable = compose(MODEL / "profile_payable_rows.sql", payable_rows=payable_rows_query())
    amounts = payment(compose(MODEL / "locality_rows.sql", payable_rows=payable))
    return compose(
        MODEL / "code_profile.sql",
        places=compose(MODEL / "profile_places.sql", amounts=amounts),
        neighbours=compose(MODEL / "profile_neighbours.sql"),
        families=compose(MODEL / "profile_families.sql"),
        components=compose(MODEL / "profile_components.sql"),
        sentences=names_expression(),
    )


def payable_rows_query() -> str:
    """The SELECT of what locality amounts are computed from, but for the place."""
    return _of_their_class("payable_rows")


def _of_their_class(rows: str) -> str:
    return compose(MODEL / "class_rows.sql", rows=compose(MODEL / f"{rows}.sql"))


def payment(rows: str) -> str:
    """The payments of a SELECT of RVU rows with the indices of a place."""
    charges = {
        f"{setting}_limiting_charge": formula.limiting_charge(f"{setting}_payment", "9, 2")
        for setting in SETTINGS
    }
    literal = charges | {"referenced": _referenced()}
    return compose_with(MODEL / "payment_amounts.sql", literal, formula=exact_amounts(rows))


def _referenced() -> str:
    """The price statuses whose rows keep what the formula would give, as a list of SQL."""
    rows = read_reference(schedule().reference_file("price_status"))
    kept = (row["price_status"] for row in rows if row["has_reference_amount"] == "true")
    return ", ".join(quoted(name) for name in kept)


def exact_amounts(rows: str) -> str:
    """The unrounded amounts of a SELECT of RVU rows with the indices of a place."""
    amounts = {
        setting: formula.exact("work_rvu", f"{setting}_pe_rvu", "mp_rvu") for setting in SETTINGS
    } | {
        f"{setting}_opps": formula.exact("opps_work_rvu", f"{setting}_opps_pe_rvu", "opps_mp_rvu")
        for setting in SETTINGS
    }
    return compose_with(MODEL / "formula.sql", amounts, rows=rows)


def _ranked(candidates: str) -> str:
    ranked = compose(MODEL / f"{candidates}.sql")
    return compose(MODEL / "section_rank.sql", candidates=ranked)
