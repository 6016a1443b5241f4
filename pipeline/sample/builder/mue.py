"""The Medically Unlikely Edits: one row per code, in units of service.

Layout: CMS's MCR_MUE_PractitionerServices_Eff_04-01-2026.csv and .xlsx, with lines that break within
the notice and the first cell of the head.
"""

from pathlib import Path

from pipeline.sample.builder.forms import write_csv, write_workbook
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import read_table

NAME = "MCR_MUE_PractitionerServices_Eff_04-01-2026_sample"
SHEET = "PractitionerSvcEff-04-01-2026"
NOTICE = "\n\n".join([f"{NOT_A_CMS_FILE}.", *SENTENCES])
HEADER = (
    "HCPCS/\nCPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale",
)  # fmt: skip
WORDS = {
    "1": "1 Line Edit",
    "2": "2 Date of Service Edit: Policy",
    "3": "3 Date of Service Edit: Clinical",
}


def write(folder: Path, sample: Path) -> None:
    """Write the edits in their two forms."""
    rows: list[tuple[str, str, str, str]] = [
        (row["hcpcs_code"], row["units"], WORDS[row["adjudication_indicator"]], row["rationale"])
        for row in read_table(sample / "mue_limits.csv")
    ]
    write_csv(folder / f"{NAME}.csv", [[NOTICE], HEADER, *rows])
    cells = [(code, int(units), *words) for code, units, *words in rows]
    write_workbook(folder / f"{NAME}.xlsx", SHEET, [[NOTICE], HEADER, *cells], "General")
