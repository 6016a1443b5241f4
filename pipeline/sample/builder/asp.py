"""The payment limits of drugs: one row per code, in US dollars for its dosage.

Layout: CMS's ASP Pricing File of July 2025, with a note that breaks within its cell.
"""

from decimal import Decimal
from pathlib import Path

from pipeline.sample.builder.forms import Cell, write_csv, write_workbook
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import Row, read_table

NAME = "section 508 version of JUL 2025 ASP Pricing File 062325_sample"
TITLE = f"Payment Allowance Limits for Medicare Part B Drugs - {NOT_A_CMS_FILE}"
EFFECTIVE = "Effective July 1, 2025 through September 30, 2025"
HEADER = (
    "HCPCS Code", "Short Description", "HCPCS Code Dosage", "Payment Limit", "Co-insurance Percentage",
    "Vaccine AWP%", "Vaccine Limit", "Blood AWP%", "Blood limit", "Clotting Factor", "Notes",
)  # fmt: skip

# The share of the average wholesale price that limits of vaccines and blood products are.
AWP_PERCENT = "95"


def write(folder: Path, sample: Path) -> None:
    """Write the limits in their two forms, as CMS does with two lines of notes above the head."""
    rows = [_cells(row) for row in read_table(sample / "drug_limits.csv")]
    head = [[TITLE], [], [EFFECTIVE], [], *([sentence] for sentence in SENTENCES), [], [], HEADER]
    write_csv(folder / f"{NAME}.csv", [*head, *rows])
    numbers = [[*row[:3], *map(_number, row[3:10]), row[10]] for row in rows]
    write_workbook(folder / f"{NAME}.xlsx", "Jul_25_ASP_byHCPCS", [*head, *numbers], "0.000")


def _cells(row: Row) -> list[str]:
    limit, column = row["payment_limit"], row["awp_column"]
    awp = [text for name in ("vaccine", "blood") for text in _awp(limit, name == column)]
    described = [row["hcpcs_code"], row["label"], row["dosage"]]
    return [
        *described,
        limit,
        row["coinsurance_percent"],
        *awp,
        row["is_clotting_factor"],
        row["note"],
    ]


def _awp(limit: str, is_awp: bool) -> tuple[str, str]:
    return (AWP_PERCENT, limit) if is_awp else ("", "")


def _number(text: str) -> Cell:
    return Decimal(text) if text not in ("", "N/A") else text
