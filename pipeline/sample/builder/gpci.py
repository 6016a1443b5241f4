"""The geographic practice cost indices (GPCIs): one row per locality.

Layout: CMS's GPCI2025.csv, .txt and .xlsx.
"""

from decimal import Decimal
from pathlib import Path

from pipeline.sample.builder.forms import fixed_width, write_csv, write_lines, write_workbook
from pipeline.sample.builder.notices import NOT_A_CMS_FILE
from pipeline.sample.builder.tables import Tables

TITLE = (
    "ADDENDUM E. FINAL CY 2025 GEOGRAPHIC PRACTICE COST INDICES (GPCIs) BY STATE AND MEDICARE LOCALITY"
    f" - {NOT_A_CMS_FILE}"
)
# Each tuple is one column: its name in localities.csv, its heading, and the positions of the
# heading and of the field in the text form.
COLUMNS = (
    ("mac", "Medicare Administrative Contractor (MAC)", (1, 13, "<"), (1, 5, "<")),
    ("state", "State", (15, 19, "<"), (17, 18, "<")),
    ("locality_number", "Locality Number", (22, 29, "<"), (25, 26, "<")),
    ("locality_name", "Locality Name", (68, 80, "<"), (30, 120, "<")),
    ("work_gpci", "2025 PW GPCI (with 1.0 Floor)", (119, 130, "<"), (122, 126, "<")),
    ("pe_gpci", "2025 PE GPCI", (131, 142, "<"), (134, 138, "<")),
    ("mp_gpci", "2025 MP GPCI", (143, 154, "<"), (146, 150, "<")),
)
NAMES, HEADER, HEADER_POSITIONS, POSITIONS = zip(*COLUMNS, strict=True)
FOOTER = (
    "MAC Assignments as of November 22, 2023",
    "",
    "*Work GPCI reflects a 1.5 floor in Alaska established by the MIPPA.",
    "**PE GPCI reflects a 1.0 floor for frontier states established by the ACA.",
)
# CMS's workbook holds these Californian locality numbers as numbers, all others as text.
NUMERIC_LOCALITIES = {"17", "18", "51", "52", *map(str, range(54, 66)), "71", "72"}


def write(folder: Path, tables: Tables) -> None:
    """Write the geographic indices in their three forms."""
    rows = [[row[name] for name in NAMES] for row in tables.localities]
    top = [[TITLE], [], HEADER]
    footer = [[line] for line in FOOTER]

    # CMS's CSV drops the trailing zeros of an index, so 1.000 reads 1.
    csv_rows = [[*row[:4], *(text.rstrip("0").rstrip(".") for text in row[4:])] for row in rows]
    write_csv(folder / "GPCI2025.csv", [*top, *csv_rows, *footer])

    header_line = fixed_width(HEADER_POSITIONS, HEADER)
    records = [fixed_width(POSITIONS, row) for row in rows]
    write_lines(folder / "GPCI2025.txt", [TITLE, "", header_line, *records, *FOOTER, "", ""])

    workbook_rows = []
    for mac, state, locality, name, *indices in rows:
        is_number = state == "CA" and locality in NUMERIC_LOCALITIES
        number = int(locality) if is_number else locality
        workbook_rows.append([mac, state, number, name, *map(Decimal, indices)])
    write_workbook(
        folder / "GPCI2025.xlsx", "Addendum E. GPCIs", [*top, *workbook_rows, *footer], "0.000"
    )
