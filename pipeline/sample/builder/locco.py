"""The county list: the localities of each state with their counties, in blocks by state.

Layout: CMS's 25LOCCO.csv, .txt and .xlsx.
"""

from itertools import groupby
from pathlib import Path

from pipeline.sample.builder.forms import fixed_width, write_csv, write_lines, write_workbook
from pipeline.sample.builder.notices import NOT_A_CMS_FILE
from pipeline.sample.builder.tables import Row, Tables, locality_key

TITLE = (
    "COUNTIES INCLUDED IN 2025 LOCALITIES. (ALPHABETICALLY BY STATE AND LOCALITY NAME WITHIN STATE)"
    f" - {NOT_A_CMS_FILE}"
)
# Each tuple is one column: its heading, and the positions of the heading and of the field in the
# text form. The misspelling and the trailing blanks are CMS's.
COLUMNS = (
    ("Medicare Adminstrative Contractor", (1, 13, "<"), (5, 9, "<")),
    ("Locality Number", (14, 21, "<"), (17, 18, "<")),
    ("State ", (31, 35, "<"), (23, 45, "<")),
    ("Fee Schedule Area ", (86, 102, "<"), (46, 143, "<")),
    ("Counties", (169, 176, "<"), (144, 201, "<")),
)
HEADER, HEADER_POSITIONS, POSITIONS = zip(*COLUMNS, strict=True)
FOOTER = "*  Payment locality is serviced by two carriers."

# CMS lists the rest of Missouri twice, once for each of its two former carriers.
LISTED_TWICE = ("05302", "99")
# This row has a single blank where the other rows of a block have an empty state cell.
BLANK_STATE = ("13202", "03")
# The block of this state is followed by a row of single blanks and not by an empty row.
STATE_BEFORE_BLANK_CELLS = "KANSAS"
# CMS's text form leaves out the name of this state.
STATE_NOT_IN_TEXT = "CALIFORNIA"


def write(folder: Path, tables: Tables) -> None:
    """Write the county list in its three forms."""
    rows = county_list(tables.localities)
    top = [[TITLE], [], HEADER, []]
    footer = [[], [FOOTER]]
    write_workbook(folder / "25LOCCO.xlsx", "21LOCCO", [*top, *rows, *footer], "General")

    # CMS's CSV has lost the leading zeros of the contractor and the locality.
    csv_rows = [[*map(without_leading_zeros, row[:2]), *row[2:]] for row in rows]
    write_csv(folder / "25LOCCO.csv", [*top, *csv_rows, *footer])

    lines = [fixed_width(HEADER_POSITIONS, HEADER), ""]
    for mac, number, state, area, counties in rows:
        state_name = state.strip()
        if state_name == STATE_NOT_IN_TEXT:
            state_name = ""
        lines.append(fixed_width(POSITIONS, (mac, number, state_name, area, counties)).rstrip())
    write_lines(folder / "25LOCCO.txt", [TITLE, "", *lines, "", FOOTER])


def county_list(localities: list[Row]) -> list[list[str]]:
    """Return the rows of the county list as CMS's workbook has them, five cells each.

    The state stands on the first row of its block only, and a row without words ends the block.
    CMS ends many cells with a blank, which is kept for the cells where it is the rule.
    """
    rows = []
    in_order = sorted(localities, key=lambda row: int(row["county_list_position"]))
    for state_name, block in groupby(in_order, key=lambda row: row["state_name"]):
        state_cell = f"{state_name} "
        for row in block:
            key = locality_key(row)
            area, counties = row["fee_schedule_area"], row["counties"]
            if area.startswith(("STATEWIDE", "REST OF STATE")):
                area += " "
            if counties in ("ALL COUNTIES", "ALL OTHER COUNTIES"):
                counties += " "
            if key == BLANK_STATE:
                state_cell = " "
            rows += [[*key, state_cell, area, counties]] * (2 if key == LISTED_TWICE else 1)
            state_cell = ""
        rows.append([" " if state_name == STATE_BEFORE_BLANK_CELLS else ""] * 5)
    return rows


def without_leading_zeros(cell: str) -> str:
    """Return a number as Excel shows it, and a cell without one unchanged."""
    return str(int(cell)) if cell.strip() else cell
