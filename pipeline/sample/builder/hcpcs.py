"""HCPCS Level II codes and modifiers: one row each, days as YYYYMMDD.

Layout: CMS's HCPC2025_OCT_ANWEB.xlsx and HCPC2019_CONTR_ANWEB.txt. The text form has records of 320
characters; a descriptor of more than 80 goes on in further records of its code.
"""

import textwrap
from pathlib import Path

from pipeline.sample.builder.forms import write_lines, write_workbook
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import Row, read_table

NAME = "HCPC2025_OCT_ANWEB_sample"
NOTICE = (f"***{NOT_A_CMS_FILE}", *(f"*{sentence}" for sentence in SENTENCES))

# The head of the workbook, and for each column the first position of its field in the text form.
FIELDS = {
    "HCPC": 1, "SEQNUM": 6, "RECID": 11, "LONG DESCRIPTION": 12, "SHORT DESCRIPTION": 92, "PRICE1": 120, "PRICE2": 122,
    "PRICE3": 124, "PRICE4": 126, "MULT_PI": 128, "CIM1": 129, "CIM2": 135, "CIM3": 141, "MCM1": 147, "MCM2": 155,
    "MCM3": 163, "STATUTE": 171, "LABCERT1": 181, "LABCERT2": 184, "LABCERT3": 187, "LABCERT4": 190, "LABCERT5": 193,
    "LABCERT6": 196, "LABCERT7": 199, "LABCERT8": 202, "XREF1": 205, "XREF2": 210, "XREF3": 215, "XREF4": 220,
    "XREF5": 225, "COV": 230, "ASC_GRP": 231, "ASC_DT": 233, "OPPS": 241, "OPPS_PI": 244, "OPPS_DT": 245,
    "PROCNOTE": 253, "BETOS": 257, "TOS1": 261, "TOS2": 262, "TOS3": 263, "TOS4": 264, "TOS5": 265, "ANEST_BU": 266,
    "ADD DT": 269, "ACT EFF DT": 277, "TERM DT": 285, "ACTION CD": 293,
}  # fmt: skip
RECORD_LENGTH = 320
LONGEST_PIECE = 80

# What a long descriptor of this sample ends with, so that some go on in a second record.
OWN_WORDS = "(this is a label in this project's own words, and not CMS's descriptor of the code)"


def write(folder: Path, sample: Path) -> None:
    """Write the codes and modifiers in their two forms."""
    records = [_record(row) for row in read_table(sample / "hcpcs_codes.csv")]
    lines = [line for record in records for line in _lines(record)]
    write_lines(folder / f"{NAME}.txt", [*NOTICE, "", *lines])
    rows = [[record.get(name, "") for name in FIELDS] for record in records]
    head = [[text] for text in NOTICE]
    write_workbook(folder / f"{NAME}.xlsx", "A", [*head, [], list(FIELDS), *rows], "General")


def _record(row: Row) -> dict[str, str]:
    """The cells of a row under the heads of the workbook."""
    is_code = row["record_type"] == "3"
    return {
        "HCPC": f"{row['code']:>5}",
        "SEQNUM": "0010",
        "RECID": row["record_type"],
        "LONG DESCRIPTION": f"{row['label']} {OWN_WORDS}",
        "SHORT DESCRIPTION": row["label"][:28].strip(),
        "PRICE1": row["price_1"],
        "PRICE2": row["price_2"],
        "MULT_PI": row["multiple_pricing_indicator"],
        "COV": row["coverage_code"],
        "ASC_GRP": "YY" if row["asc_from"] else "",
        "ASC_DT": row["asc_from"],
        "BETOS": row["betos"],
        "TOS1": row["type_of_service_1"],
        "TOS2": row["type_of_service_2"],
        "TOS3": row["type_of_service_3"],
        "ANEST_BU": "  0" if is_code else "",
        "ADD DT": row["added_on"],
        "ACT EFF DT": row["action_effective_on"],
        "TERM DT": row["terminated_on"],
        "ACTION CD": row["action_code"],
    }


def _lines(record: dict[str, str]) -> list[str]:
    """The records of the text form: the first with all cells, the others with a descriptor only."""
    first, *others = textwrap.wrap(record["LONG DESCRIPTION"], LONGEST_PIECE)
    goes_on = {"3": "4", "7": "8"}[record["RECID"]]
    lines = [_line(record | {"LONG DESCRIPTION": first, "SEQNUM": "00100"})]
    for number, words in enumerate(others, start=2):
        cells = {"HCPC": record["HCPC"], "SEQNUM": f"{number:03}00", "RECID": goes_on}
        lines.append(_line(cells | {"LONG DESCRIPTION": words}))
    return lines


def _line(cells: dict[str, str]) -> str:
    line = ""
    for name, begin in FIELDS.items():
        line = f"{line:{begin - 1}}{cells.get(name, '')}"
    return f"{line:{RECORD_LENGTH}}"
