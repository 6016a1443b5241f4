"""The file that assigns five-digit ZIP codes to localities: one line per ZIP code.

Layout: CMS's ZIP5lyout.txt and ZIP5_OCT2025.txt.
"""

from pathlib import Path

from pipeline.sample.builder.forms import fixed_width, write_lines
from pipeline.sample.builder.tables import Tables

# Each tuple is one field that zips.csv has: its name and its position.
COLUMNS = (
    ("state", (1, 2, "<")),
    ("zip_code", (3, 7, "<")),
    ("mac", (8, 12, "<")),
    ("locality_number", (13, 14, "<")),
    ("rural_indicator", (15, 15, "<")),
    ("lab_cb_locality", (16, 17, "<")),
    ("rural_indicator_2", (18, 18, "<")),
    ("plus_four_flag", (21, 21, "<")),
)
NAMES, POSITIONS = zip(*COLUMNS, strict=True)

# Two fields are the same on every line: the Part B payment indicator and the quarter.
SAME_POSITIONS = ((23, 23, "<"), (76, 80, "<"))
SAME_TEXTS = ("A", "20254")


def write(folder: Path, tables: Tables) -> None:
    """Write the ZIP codes, which have a text form only."""
    lines = (
        fixed_width((*POSITIONS, *SAME_POSITIONS), (*(row[name] for name in NAMES), *SAME_TEXTS))
        for row in tables.zips
    )
    write_lines(folder / "ZIP5_OCT2025.txt", lines)
