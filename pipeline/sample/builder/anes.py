"""The anesthesia conversion factors: one row per locality, in dollars per unit.

Layout: CMS's ANES2025.csv, .txt and .xlsx.
"""

from decimal import Decimal
from pathlib import Path

from pipeline.sample.builder.forms import fixed_width, write_csv, write_lines, write_workbook
from pipeline.sample.builder.tables import Tables

HEADER = ("Contractor", "Locality", "Locality Name", "National Anes CF of 20.3178")
WORKBOOK_HEADER = (*HEADER[:3], "Anes CF of 20.3178")
POSITIONS = ((1, 5, "<"), (13, 14, "<"), (19, 58, "<"), (74, 77, ">"))

# The text form and the workbook drop the asterisks of Alaska and the frontier states, but not of
# this one. The asterisk of a rest of state belongs to the name.
KEEPS_ASTERISKS = ("NEVADA**", "REST OF")

CTRL_Z = "\x1a"


def write(folder: Path, tables: Tables) -> None:
    """Write the anesthesia conversion factors in their three forms.

    The file has no title that could say that it is a sample, and nothing but figures and names.
    So that it is no copy of CMS's file, its CSV ends with two empty rows where CMS has one, and its
    text ends the line of the Ctrl-Z where CMS's breaks off.
    """
    csv_rows, lines, workbook_rows = [], [], []
    for row in tables.localities:
        mac, locality, name = row["mac"], row["locality_number"], row["locality_name"]
        factor = row["anesthesia_conversion_factor"]
        csv_rows.append([f"{mac} ", f"{locality} ", name, f"{factor} "])
        if not name.startswith(KEEPS_ASTERISKS):
            name = name.rstrip("*")
        lines.append(fixed_width(POSITIONS, (mac, locality, name, factor.replace(".", ""))))
        workbook_rows.append([int(mac), int(locality), name, Decimal(factor)])
    write_csv(folder / "ANES2025.csv", [HEADER, *csv_rows, [], []])
    write_lines(folder / "ANES2025.txt", [*lines, CTRL_Z])
    write_workbook(
        folder / "ANES2025.xlsx",
        "Locality Adjusted CFs",
        [WORKBOOK_HEADER, *workbook_rows],
        "0.00",
    )
