"""The relative values: one row per code and modifier, 31 columns.

Layout: CMS's PPRRVU2025_Oct.csv, .txt and .xlsx.
"""

from decimal import Decimal
from pathlib import Path

from pipeline.sample.builder.forms import Cell, fixed_width, write_csv, write_lines, write_workbook
from pipeline.sample.builder.notices import HEADER_LINES, SENTENCES
from pipeline.sample.builder.tables import Row, Tables

NAME = "PPRRVU2025_Oct_sample"
TITLE = (
    "2025 National Physician Fee Schedule Relative Value File October Release"
    " - SAMPLE of selected codes, not a CMS file"
)

# Each tuple is one column: its name in figures.csv, its position in the text form, and the five
# cells that CMS stacks above it in the other two forms. Position 59 is in no document of CMS;
# the file has the plus sign there.
COLUMNS = (
    ("hcpcs_code", (1, 5, "<"), "||||HCPCS"),
    ("modifier", (6, 7, "<"), "||||MOD"),
    ("description", (8, 57, "<"), " ||||DESCRIPTION"),
    ("status_code", (58, 58, "<"), " |||STATUS|CODE"),
    ("not_used_for_medicare", (59, 59, "<"), "|NOT USED|FOR|MEDICARE |PAYMENT"),
    ("work_rvu", (60, 65, ">"), "|||WORK|RVU"),
    ("nonfacility_pe_rvu", (67, 72, ">"), "|||NON-FAC|PE RVU"),
    ("nonfacility_na", (73, 74, "<"), "||NON-FAC|NA|INDICATOR"),
    ("facility_pe_rvu", (76, 81, ">"), "|||FACILITY|PE RVU"),
    ("facility_na", (82, 83, "<"), "||FACILITY |NA|INDICATOR"),
    ("mp_rvu", (85, 89, ">"), "|||MP|RVU"),
    ("nonfacility_total_rvu", (91, 96, ">"), "|||NON-FACILITY|TOTAL"),
    ("facility_total_rvu", (97, 102, ">"), "|||FACILITY|TOTAL"),
    ("pctc_indicator", (103, 103, "<"), "|||PCTC|IND"),
    ("global_days", (104, 106, "<"), "|||GLOB|DAYS"),
    ("preoperative_share", (107, 109, "<"), "|||PRE|OP"),
    ("intraoperative_share", (110, 112, "<"), "|||INTRA|OP"),
    ("postoperative_share", (113, 115, "<"), "|||POST|OP"),
    ("multiple_procedure_indicator", (116, 116, "<"), "|||MULT|PROC"),
    ("bilateral_indicator", (117, 117, "<"), "|||BILAT|SURG"),
    ("assistant_surgeon_indicator", (118, 118, "<"), "|||ASST|SURG"),
    ("co_surgeon_indicator", (119, 119, "<"), "|||CO-|SURG"),
    ("team_surgeon_indicator", (120, 120, "<"), "|||TEAM|SURG"),
    ("endoscopic_base_code", (128, 132, "<"), "|||ENDO|BASE"),
    ("conversion_factor", (133, 140, ">"), "|||CONV|FACTOR"),
    ("supervision_indicator", (142, 143, "<"), "|PHYSICIAN|SUPERVISION OF|DIAGNOSTIC|PROCEDURES"),
    ("calculation_flag", (144, 144, "<"), "|||CALCULATION|FLAG"),
    ("imaging_family_indicator", (146, 147, "<"), "|DIAGNOSTIC|IMAGING|FAMILY|INDICATOR"),
    ("nonfacility_opps_pe_rvu", (152, 157, ">"), "NON-FACILITY|PE USED|FOR OPPS|PAYMENT|AMOUNT"),
    ("facility_opps_pe_rvu", (159, 164, ">"), "FACILITY|PE USED|FOR OPPS|PAYMENT|AMOUNT"),
    ("opps_mp_rvu", (166, 171, ">"), "|MP USED|FOR OPPS|PAYMENT|AMOUNT"),
)
NAMES, POSITIONS, HEADERS = zip(*COLUMNS, strict=True)


def write(folder: Path, tables: Tables) -> None:
    """Write the relative values in their three forms."""
    leading_cells = (TITLE, *SENTENCES, " ", "RELEASED 09/11/2025")
    top = [["", "", cell] for cell in leading_cells]
    top += zip(*(header.split("|") for header in HEADERS), strict=True)

    write_csv(
        folder / f"{NAME}.csv", [*top, *([row[name] for name in NAMES] for row in tables.figures)]
    )
    records = (
        fixed_width(POSITIONS, [text_value(name, row) for name in NAMES]) for row in tables.figures
    )
    write_lines(folder / f"{NAME}.txt", [*HEADER_LINES, *records])
    workbook_rows = ([workbook_value(name, row) for name in NAMES] for row in tables.figures)
    write_workbook(folder / f"{NAME}.xlsx", "PPRRVU2025_Oct", [*top, *workbook_rows], "0.00")


def text_value(name: str, row: Row) -> str:
    """Return a field as the text form has it.

    The shares of the surgical stages have three positions, which leaves no room for the zero
    before the point.
    """
    return row[name].removeprefix("0") if name.endswith("_share") else row[name]


def workbook_value(name: str, row: Row) -> Cell:
    """Return a field with the type that it has in CMS's workbook.

    The workbook was typed by Excel: a code without a letter or a leading zero, unlike 6A or 09,
    became a number.
    """
    text = row[name]
    if name.endswith(("_rvu", "_share")):
        return Decimal(text)
    if name == "conversion_factor":
        return float(text)
    if name != "description" and text.isdigit() and (text == "0" or text[0] != "0"):
        return int(text)
    return text
