"""The laboratory fees: one row per code and modifier, in US dollars.

Layout: CMS's CLFS 2025 Q4V1.csv, .txt and .xlsx. CMS writes most rates with zeros before them.
"""

from decimal import Decimal
from pathlib import Path

from pipeline.sample.builder.forms import write_csv, write_lines, write_workbook
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import read_table

NAME = "CLFS 2025 Q4V1_sample"
TITLE = f"2025 Clinical Diagnostic Laboratory Fee Schedule - {NOT_A_CMS_FILE}"
HEADER = (
    "YEAR", "HCPCS", "MOD", "EFF_DATE", "INDICATOR", "RATE", "SHORTDESC", "LONGDESC", "EXTENDED LONGDESC",
)  # fmt: skip


def write(folder: Path, sample: Path) -> None:
    """Write the laboratory fees in their three forms; the text form has no long labels."""
    head = [[TITLE], *([sentence] for sentence in SENTENCES), [], HEADER]
    csv_rows, lines, workbook_rows = [], [], []
    for row in read_table(sample / "lab_fees.csv"):
        key = ["2025", row["hcpcs_code"], row["modifier"], row["effective_from"]]
        indicator, rate, label = row["rate_indicator"], Decimal(row["rate"]), row["label"]
        padded = f"{rate:08.2f}" if rate else "0"
        csv_rows.append([*key, indicator, padded, label, label, label])
        lines.append("~".join([*key[:2], f"{key[2]:2}", key[3], indicator, padded, f"{label:40}"]))
        workbook_rows.append([*key, indicator, rate, label, label, label])
    write_csv(folder / f"{NAME}.csv", [*head, *csv_rows])
    write_lines(folder / f"{NAME}.txt", [*(f"HDR~{text}" for text in SENTENCES), *lines])
    write_workbook(folder / f"{NAME}.xlsx", "CLFS", [*head, *workbook_rows], "General")
