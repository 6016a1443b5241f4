"""Add-on code edits: a row per add-on code and primary code, as a workbook and as records of fixed width.

Layout: that of AOC_V2026Q2-MCR.xlsx and of its text form as public loaders read them.
"""

from pathlib import Path

from pipeline.sample.builder.forms import write_lines, write_workbook
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import read_table

NAME = "AOC_V2026Q2-MCR_sample"
NOTICE = " ".join((f"{NOT_A_CMS_FILE}.", *SENTENCES))
HEAD = (
    "AOC_Edit_Type", "Add-On_Code", "AOC_DelDT", "Primary_Code", "Primary_Code_DelDT", "AOC_Edit_EffDT",
    "AOC_Edit_DelDT", "Special_Instruction_Notes",
)  # fmt: skip


def write(folder: Path, sample: Path) -> None:
    """Write the add-on codes in their two forms."""
    rows = read_table(sample / "add_on_codes.csv")
    lines = [
        f"{row['add_on_type']}{row['add_on']}{'':7}{row['primary_code']}{'':7}{row['effective_from']}{'':7}{row['note']}".rstrip()
        for row in rows
    ]
    write_lines(folder / f"{NAME}.txt", [NOTICE, *lines])
    cells = [
        (int(row["add_on_type"]), row["add_on"], "", row["primary_code"], "", int(row["effective_from"]), "", row["note"])
        for row in rows
    ]  # fmt: skip
    write_workbook(folder / f"{NAME}.xlsx", "AOC", [[NOTICE], HEAD, *cells], "General")
