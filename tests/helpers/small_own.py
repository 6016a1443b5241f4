"""Schedules of laboratories, drugs, equipment and ambulances in miniature, beside small_price.

Tests LB..., drugs DR..., items EQ... and a supply SU100; in California, its rural ZIP code 93001, the
bidding area of 90001, Hawaii 96801; and ambulances from 94110 (urban), 94120 (rural), 94130 (super-rural).
"""

from typing import Any

from pipeline.schedules.dmepos.tables import rules_query
from pipeline.store import database
from schemas.definitions import Column, catalog
from tests.helpers import small

TABLES = {
    "lab_fee": """
        release_id  hcpcs_code  modifier  rate   rate_indicator  price_status
        CLFS25Q1    LB100       -         10.00  N               priced
        CLFS25Q1    LB100       QW        10.00  N               priced
        CLFS25Q1    LB200       -         NULL   L               contractor_priced
        CLFS25Q1    LB300       -         NULL   N               no_fee_published
    """,
    "drug_limit": """
        release_id  hcpcs_code  payment_limit  dosage_text  coinsurance_percent  is_clotting_factor  dated_elsewhere  price_status
        ASP25Q1     DR100       2.345          10MG         20                   false               -                priced
        ASP25Q1     DR200       NULL           1MG          20                   false               -                contractor_priced
        ASP25Q1     DR300       5000.000       1MG          17.5                 true                -                priced
        ASP25Q1     DR400       50.000         0.5ML        0                    false               influenza        priced
        ASP25Q1     DR500       NULL           1MG          NULL                 false               -                no_fee_published
    """,
    "drug_ndc": """
        release_id  hcpcs_code  ndc_text       ndc11        package_size  billing_units
        NDC25Q1     DR100       00001-0001-01  00001000101  2             10
        NDC25Q1     DR300       00002-0002-02  00002000202  1             1
    """,
    "dme_item": """
        release_id  hcpcs_code  modifier  modifier2  category  price_status      national_amount
        DMEPOS25Q1  EQ100       RR        -          CR        by_place          NULL
        DMEPOS25Q1  EQ100       NU        -          CR        by_place          NULL
        DMEPOS25Q1  EQ100       NU        KE         CR        by_place          NULL
        DMEPOS25Q1  EQ200       -         -          PO        priced            30.00
        DMEPOS25Q1  EQ300       -         -          PO        no_fee_published  NULL
        DMEPOS25Q1  SU100       -         -          SU        by_place          NULL
    """,
    "dme_fee": """
        release_id  hcpcs_code  modifier  modifier2  state  is_rural  amount
        DMEPOS25Q1  EQ100       RR        -          CA     false     80.00
        DMEPOS25Q1  EQ100       RR        -          CA     true      90.00
        DMEPOS25Q1  EQ100       RR        -          HI     false     100.00
        DMEPOS25Q1  EQ100       NU        -          CA     false     800.00
        DMEPOS25Q1  EQ100       NU        -          CA     true      900.00
        DMEPOS25Q1  EQ100       NU        KE         CA     true      950.00
        DMEPOS25Q1  SU100       -         -          CA     false     5.00
    """,
    "dme_cba_fee": """
        release_id  hcpcs_code  modifier  modifier2  modifier3  cba  amount
        DMEPOS25Q1  EQ100       RR        -          -          LA   60.00
        DMEPOS25Q1  EQ400       NU        BA         KG         LA   7.00
    """,
    "dme_mail_order_fee": """
        release_id  hcpcs_code  modifier  modifier2  modifier3  amount
        DMEPOS25Q1  SU100       KL        -          -          4.00
    """,
    "dme_zip": """
        release_id  zip_code  state  is_rural  cba
        DMEPOS25Q1  90001     CA     false     LA
        DMEPOS25Q1  93001     CA     true      -
        DMEPOS25Q1  96801     HI     false     -
        DMEPOS25Q1  94130     NV     false     -
    """,
    "ambulance_fee": """
        release_id  hcpcs_code  mac    locality_number  unit          urban_amount  rural_amount  super_rural_amount  rural_first_miles_amount  price_status  is_provisional
        RVU25A      A0425       01112  05               mile          9.00          10.00         NULL                15.00                     priced        true
        RVU25A      A0435       01112  05               mile          9.37          14.05         NULL                NULL                      priced        true
        RVU25A      A0436       01112  05               mile          10.00         15.00         NULL                NULL                      priced        true
        RVU25A      A0428       01112  05               trip          400.00        480.00        560.00              NULL                      priced        true
        RVU25A      A0429       01112  05               trip          500.00        600.00        700.00              NULL                      priced        true
        RVU25A      A0430       01112  05               trip          NULL          NULL          NULL                NULL                      no_factor     true
    """,
    "zip_locality": """
        zip_code  effective_from  effective_to  mac    locality_number  zip4_decides  state  rural_indicator
        94120     2025-01-01      2025-03-31    01112  05               false         CA     R
        94130     2025-01-01      2025-03-31    01112  05               false         CA     B
    """,
}

# The laboratory fees come a month later.
RELEASES = """
    release_id  schedule  effective_from  effective_to
    CLFS25Q1    clfs      2025-02-01      2025-03-31
    ASP25Q1     asp       2025-01-01      2025-03-31
    NDC25Q1     ndc       2025-01-01      2025-03-31
    DMEPOS25Q1  dmepos    2025-01-01      2025-03-31
"""

NOTHING = {"VARCHAR": "''", "BOOLEAN": "false", "DATE": "DATE '2025-01-01'"}


def write_own(con: Any) -> None:
    """Create and fill the tables; ``release`` and ``zip_locality`` are there."""
    con.execute(f"CREATE TABLE dme_payment_rule AS {rules_query()}")
    for name, text in TABLES.items():
        table = catalog().tables[name]
        if name != "zip_locality":
            database.create(con, table)
        _fill(con, name, table.columns, small.rows(text))
    for row in small.rows(RELEASES):
        con.execute(
            "INSERT INTO release (release_id, schedule, calendar_year, effective_from, effective_to, is_current, missing_files) "
            "VALUES ($release_id, $schedule, 2025, $effective_from, $effective_to, true, '')",
            row,
        )


def _fill(con: Any, name: str, columns: tuple[Column, ...], rows: list[dict[str, str]]) -> None:
    for row in rows:
        values = [
            f"CAST({_literal(row[x.name])} AS {x.type})" if x.name in row else _nothing(x)
            for x in columns
        ]
        con.execute(f"INSERT INTO {name} VALUES ({', '.join(values)})")


def _literal(cell: str) -> str:
    return "NULL" if cell == "NULL" else f"'{cell}'"


def _nothing(column: Column) -> str:
    return "NULL" if column.nullable else NOTHING.get(column.type, "0")
