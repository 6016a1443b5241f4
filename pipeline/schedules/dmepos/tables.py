"""Where the SQL of the fees for equipment lies and what it needs."""

from pathlib import Path

import duckdb

from pipeline.release.code_system import code_system
from pipeline.schedules.dmepos.declared import schedule
from pipeline.schedules.dmepos.identity import quarters_in
from pipeline.store.database import csv_query
from pipeline.store.shelf import Artefact
from pipeline.store.sql import compose, compose_with

MODEL = Path(__file__).parent / "model"

RULES = "dme_payment_rule"

# Columns of the curated rules that are not text.
RULE_TYPES = {"month_from": "SMALLINT", "month_to": "SMALLINT", "percent": "DECIMAL(9,4)"}


def rules_query() -> str:
    """The SELECT of the curated table ``dme_payment_rule``."""
    return csv_query(schedule().reference_file(RULES), RULE_TYPES)


def dme_item_query() -> str:
    """The SELECT of ``dme_item`` over ``stage.dme_cell`` and ``dme_cba``."""
    fee_range = compose(MODEL / "fee_range.sql")
    literal = {"code_system": code_system("item.hcpcs_code")}
    return compose_with(MODEL / "dme_item.sql", literal, fee_range=fee_range)


def dme_fee_query() -> str:
    """The SELECT of ``dme_fee`` over ``stage.dme_cell``."""
    return compose(MODEL / "dme_fee.sql")


def dme_cba_fee_query() -> str:
    """The SELECT of ``dme_cba_fee`` over ``stage.dme_cba``."""
    return compose(MODEL / "dme_cba_fee.sql")


def dme_mail_order_fee_query() -> str:
    """The SELECT of ``dme_mail_order_fee`` over ``stage.dme_mail_order``."""
    return compose_with(
        MODEL / "dme_mail_order_fee.sql", {"code_system": code_system("mail_order.hcpcs_code")}
    )


def dme_zip_query() -> str:
    """The SELECT of ``dme_zip`` over ``stage.dme_rural_zip`` and ``dme_cba_zip``."""
    return compose(MODEL / "dme_zip.sql")


def stage(con: duckdb.DuckDBPyConnection, read: Artefact) -> None:
    """The cells of the tables of fees, and the quarters that the heads of the files name."""
    stage_cells(con)
    con.execute("CREATE TABLE stage.dme_quarter (file_kind VARCHAR, year INTEGER, quarter INTEGER)")
    for kind, head in read.facts["heads"].items():
        for year, quarter in sorted(quarters_in(head)):
            con.execute("INSERT INTO stage.dme_quarter VALUES (?, ?, ?)", [kind, year, quarter])


def stage_cells(con: duckdb.DuckDBPyConnection) -> None:
    """``stage.dme_cell``: every cell of the tables of fees, with whether it states a fee."""
    con.execute(f"CREATE TABLE stage.dme_cell AS {compose(MODEL / 'cell.sql')}")
