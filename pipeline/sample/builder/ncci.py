"""Procedure-to-procedure edits: made pairs of sample codes, a row per edit, in four files as CMS has them.

Layout: that of ccipra-v322r0-f1.TXT as public loaders read it, with a head of four lines.
"""

from pathlib import Path

from pipeline.sample.builder.forms import write_lines
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import read_table

NAME = "ccipra-v321r0-f{}_sample.txt"
PARTS = ("1", "2", "3", "4")
ABOVE = (" ".join(SENTENCES), f"Column1/Column2 Edits ({NOT_A_CMS_FILE}: the pairs are made)")
HEAD = (
    ("Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier", "PTP Edit Rationale"),
    ("", "", "prior to 1996", "Date", "Date", "0=not allowed", ""),
    ("", "", "", "", "*=no data", "1=allowed", ""),
    ("", "", "", "", "", "9=not applicable", ""),
)  # fmt: skip
RATIONALE = "Made pair of the sample"


def write(folder: Path, sample: Path) -> None:
    """Write the edits in their four files."""
    rows = read_table(sample / "edit_pairs.csv")
    for part in PARTS:
        edits = [(*list(row.values())[1:], RATIONALE) for row in rows if row["part"] == part]
        lines = [(text, *[""] * 6) for text in ABOVE]
        write_lines(folder / NAME.format(part), map("\t".join, [*lines, *HEAD, *edits]))
