"""Write the sample release of the Physician Fee Schedule from three small tables.

The tables beside this script hold the figures: ``figures.csv`` (one row per code
and modifier), ``localities.csv`` (one row per payment locality) and ``zips.csv``
(some ZIP codes). The script turns them into the files of a release, in the layouts
and with the oddities of CMS's own files of October 2025, because those oddities are
what a reader of such files has to survive.

    python raw/sample/build_sample.py            writes the folder rvu25d-sample
    python raw/sample/build_sample.py --check    only compares, and fails on a difference
"""

import argparse
import csv
import datetime
import io
import sys
import tempfile
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).resolve().parent
RELEASE_FOLDER = HERE / "rvu25d-sample"

# xlsxwriter would stamp a workbook with the time of writing, which would make
# every run differ from the one before, so the release date of the figures is used.
WORKBOOK_CREATED = datetime.datetime(2025, 9, 11)
CENT = Decimal("0.01")
CTRL_Z = "\x1a"

NOT_A_CMS_FILE = "SAMPLE, not a CMS file"
RELEASE_TITLE = (
    "2025 National Physician Fee Schedule Relative Value File October Release"
    " - SAMPLE of selected codes, not a CMS file"
)
LICENCE_SENTENCES = (
    "CPT codes stand here as bare identifiers. CPT is a registered trademark and copyright"
    " of the American Medical Association.",
    "No CPT descriptor and no CDT descriptor is contained. Every label is in this project's own words.",
)
LICENCE_LINES = (
    "HDR SAMPLE OF SELECTED CODES, NOT A CMS FILE.",
    "HDR CPT CODES STAND HERE AS BARE IDENTIFIERS.",
    "HDR CPT IS A REGISTERED TRADEMARK AND COPYRIGHT",
    "HDR OF THE AMERICAN MEDICAL ASSOCIATION.",
    "HDR NO CPT DESCRIPTOR AND NO CDT DESCRIPTOR IS",
    "HDR CONTAINED. EVERY LABEL IS IN THIS PROJECT'S",
    "HDR OWN WORDS.",
)
LICENCE_TRAILERS = (
    "TRL- SAMPLE OF SELECTED CODES, NOT A CMS FILE.",
    "TRL- CPT CODES STAND HERE AS BARE IDENTIFIERS.",
    "TRL- CPT IS A REGISTERED TRADEMARK AND COPYRIGHT OF THE AMERICAN MEDICAL ASSOCIATION.",
    "TRL- NO CPT DESCRIPTOR AND NO CDT DESCRIPTOR IS CONTAINED.",
)

# Each tuple is one column of the relative value file: its name in figures.csv, then
# what CMS stacks above it, from the sixth row of the sheet to the tenth.
VALUE_COLUMNS = (
    ("hcpcs_code", "", "", "", "", "HCPCS"),
    ("modifier", "", "", "", "", "MOD"),
    ("description", " ", "", "", "", "DESCRIPTION"),
    ("status_code", " ", "", "", "STATUS", "CODE"),
    ("not_used_for_medicare", "", "NOT USED", "FOR", "MEDICARE ", "PAYMENT"),
    ("work_rvu", "", "", "", "WORK", "RVU"),
    ("nonfacility_pe_rvu", "", "", "", "NON-FAC", "PE RVU"),
    ("nonfacility_na", "", "", "NON-FAC", "NA", "INDICATOR"),
    ("facility_pe_rvu", "", "", "", "FACILITY", "PE RVU"),
    ("facility_na", "", "", "FACILITY ", "NA", "INDICATOR"),
    ("mp_rvu", "", "", "", "MP", "RVU"),
    ("nonfacility_total_rvu", "", "", "", "NON-FACILITY", "TOTAL"),
    ("facility_total_rvu", "", "", "", "FACILITY", "TOTAL"),
    ("pctc_indicator", "", "", "", "PCTC", "IND"),
    ("global_days", "", "", "", "GLOB", "DAYS"),
    ("preoperative_share", "", "", "", "PRE", "OP"),
    ("intraoperative_share", "", "", "", "INTRA", "OP"),
    ("postoperative_share", "", "", "", "POST", "OP"),
    ("multiple_procedure_indicator", "", "", "", "MULT", "PROC"),
    ("bilateral_indicator", "", "", "", "BILAT", "SURG"),
    ("assistant_surgeon_indicator", "", "", "", "ASST", "SURG"),
    ("co_surgeon_indicator", "", "", "", "CO-", "SURG"),
    ("team_surgeon_indicator", "", "", "", "TEAM", "SURG"),
    ("endoscopic_base_code", "", "", "", "ENDO", "BASE"),
    ("conversion_factor", "", "", "", "CONV", "FACTOR"),
    ("supervision_indicator", "", "PHYSICIAN", "SUPERVISION OF", "DIAGNOSTIC", "PROCEDURES"),
    ("calculation_flag", "", "", "", "CALCULATION", "FLAG"),
    ("imaging_family_indicator", "", "DIAGNOSTIC", "IMAGING", "FAMILY", "INDICATOR"),
    ("nonfacility_opps_pe_rvu", "NON-FACILITY", "PE USED", "FOR OPPS", "PAYMENT", "AMOUNT"),
    ("facility_opps_pe_rvu", "FACILITY", "PE USED", "FOR OPPS", "PAYMENT", "AMOUNT"),
    ("opps_mp_rvu", "", "MP USED", "FOR OPPS", "PAYMENT", "AMOUNT"),
)
VALUE_NAMES = tuple(column[0] for column in VALUE_COLUMNS)
TWO_DECIMAL_NAMES = {name for name in VALUE_NAMES if name.endswith(("_rvu", "_share"))}

# First position, last position (both counted from 1) and alignment of each field in the
# fixed-width form. Position 59 is in no document of CMS; the file has the plus sign there.
VALUE_POSITIONS = {
    "hcpcs_code": (1, 5, "<"),
    "modifier": (6, 7, "<"),
    "description": (8, 57, "<"),
    "status_code": (58, 58, "<"),
    "not_used_for_medicare": (59, 59, "<"),
    "work_rvu": (60, 65, ">"),
    "nonfacility_pe_rvu": (67, 72, ">"),
    "nonfacility_na": (73, 74, "<"),
    "facility_pe_rvu": (76, 81, ">"),
    "facility_na": (82, 83, "<"),
    "mp_rvu": (85, 89, ">"),
    "nonfacility_total_rvu": (91, 96, ">"),
    "facility_total_rvu": (97, 102, ">"),
    "pctc_indicator": (103, 103, "<"),
    "global_days": (104, 106, "<"),
    "preoperative_share": (107, 109, "<"),
    "intraoperative_share": (110, 112, "<"),
    "postoperative_share": (113, 115, "<"),
    "multiple_procedure_indicator": (116, 116, "<"),
    "bilateral_indicator": (117, 117, "<"),
    "assistant_surgeon_indicator": (118, 118, "<"),
    "co_surgeon_indicator": (119, 119, "<"),
    "team_surgeon_indicator": (120, 120, "<"),
    "endoscopic_base_code": (128, 132, "<"),
    "conversion_factor": (133, 140, ">"),
    "supervision_indicator": (142, 143, "<"),
    "calculation_flag": (144, 144, "<"),
    "imaging_family_indicator": (146, 147, "<"),
    "nonfacility_opps_pe_rvu": (152, 157, ">"),
    "facility_opps_pe_rvu": (159, 164, ">"),
    "opps_mp_rvu": (166, 171, ">"),
}

GPCI_TITLE = (
    "ADDENDUM E. FINAL CY 2025 GEOGRAPHIC PRACTICE COST INDICES (GPCIs) BY STATE AND MEDICARE LOCALITY"
    f" - {NOT_A_CMS_FILE}"
)
GPCI_HEADER = (
    "Medicare Administrative Contractor (MAC)",
    "State",
    "Locality Number",
    "Locality Name",
    "2025 PW GPCI (with 1.0 Floor)",
    "2025 PE GPCI",
    "2025 MP GPCI",
)
GPCI_FOOTER = (
    "MAC Assignments as of November 22, 2023",
    "",
    "*Work GPCI reflects a 1.5 floor in Alaska established by the MIPPA.",
    "**PE GPCI reflects a 1.0 floor for frontier states established by the ACA.",
)
# CMS's workbook holds these Californian locality numbers as numbers, all others as text.
GPCI_NUMERIC_LOCALITIES = {"17", "18", "51", "52", *map(str, range(54, 66)), "71", "72"}

LOCCO_TITLE = (
    "COUNTIES INCLUDED IN 2025 LOCALITIES. (ALPHABETICALLY BY STATE AND LOCALITY NAME WITHIN STATE)"
    f" - {NOT_A_CMS_FILE}"
)
# The misspelling and the trailing blanks are CMS's.
LOCCO_HEADER = (
    "Medicare Adminstrative Contractor",
    "Locality Number",
    "State ",
    "Fee Schedule Area ",
    "Counties",
)
LOCCO_FOOTER = "*  Payment locality is serviced by two carriers."
# CMS lists the rest of Missouri twice, once for each of its two former carriers.
LOCCO_LISTED_TWICE = ("05302", "99")
# This row has a single blank where the other rows of a block have an empty state cell.
LOCCO_BLANK_STATE = ("13202", "03")
# One block is followed by a row of single blanks and not by an empty row.
LOCCO_BLOCK_BEFORE_BLANK_CELLS = "KANSAS"
# CMS's text form leaves out the name of this state.
LOCCO_STATE_NOT_IN_TEXT = "CALIFORNIA"

ANESTHESIA_HEADER = ("Contractor", "Locality", "Locality Name", "National Anes CF of 20.3178")
ANESTHESIA_WORKBOOK_HEADER = ("Contractor", "Locality", "Locality Name", "Anes CF of 20.3178")
# The text form and the workbook of the anesthesia file drop the asterisks of every
# locality name but this one.
ANESTHESIA_KEEPS_ASTERISKS = "NEVADA**"

# The misspelling is CMS's.
CAP_HEADER = (
    "HCPCS",
    "MOD",
    "PROCSTAT",
    "CARRIER",
    "LOCALITY",
    "FACILITY PRICE",
    "NON-FACILTY PRICE",
)
CAP_POSITIONS = (
    (1, 5, "<"),
    (6, 7, "<"),
    (9, 9, "<"),
    (11, 15, "<"),
    (18, 19, "<"),
    (20, 28, ">"),
    (29, 38, ">"),
)
# In the cap file six localities of contractor 01182 are listed a second time, under
# contractor 01112 and with the same indices.
CAP_REPEATED_FROM, CAP_REPEATED_AS = "01182", "01112"

PAYMENT_YEAR = "2025"
PAYMENT_CODES = ("50688", "76145", "76814")
ZIP_QUARTER = "20254"


def read_table(path):
    """Return the rows of a CSV table as dictionaries of text."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def csv_text(rows, quoting=csv.QUOTE_MINIMAL):
    """Return rows as CSV text with the line ends that CMS uses."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n", quoting=quoting).writerows(rows)
    return buffer.getvalue()


def write_text(path, text):
    """Write text byte for byte, in the encoding of CMS's files."""
    path.write_bytes(text.encode("cp1252"))


def write_workbook(path, sheet_name, rows, number_format, keep_empty_text=False):
    """Write rows to a workbook: text as text, decimals in the number format, other numbers plainly.

    An empty text gives an empty cell, or with ``keep_empty_text`` a cell that holds an empty text.
    """
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": WORKBOOK_CREATED})
        decimal_format = workbook.add_format({"num_format": number_format})
        sheet = workbook.add_worksheet(sheet_name)
        for row_number, row in enumerate(rows):
            for column_number, value in enumerate(row):
                if isinstance(value, Decimal):
                    sheet.write_number(row_number, column_number, float(value), decimal_format)
                elif isinstance(value, (int, float)):
                    sheet.write_number(row_number, column_number, value)
                elif value or keep_empty_text:
                    sheet.write_string(row_number, column_number, value)


def place(fields, width):
    """Return a fixed-width line from (first, last, alignment, text) with positions from 1.

    Text that is too long for its positions is cut off, as CMS does it with names.
    """
    line = [" "] * width
    for first, last, alignment, text in fields:
        length = last - first + 1
        line[first - 1 : last] = f"{text[:length]:{alignment}{length}}"
    return "".join(line)


def joined_lines(lines):
    """Return lines as one text with the line ends that CMS uses."""
    return "".join(f"{line}\r\n" for line in lines)


def as_excel_takes_it(text):
    """Return whole numbers as ints and anything else, such as 09 or 6A, unchanged.

    CMS's workbook of October 2025 was typed by Excel: a code without a letter or a
    leading zero became a number.
    """
    if text.isdigit() and (text == "0" or not text.startswith("0")):
        return int(text)
    return text


def workbook_value(name, text):
    """Return a field of the relative value file with the type it has in CMS's workbook."""
    if name in TWO_DECIMAL_NAMES:
        return Decimal(text)
    if name == "conversion_factor":
        return float(text)
    if name == "description":
        return text
    return as_excel_takes_it(text)


def write_relative_values(folder, figures):
    """Write the relative value file in its three forms."""
    width = len(VALUE_COLUMNS)
    leading_cells = (RELEASE_TITLE, *LICENCE_SENTENCES, " ", "RELEASED 09/11/2025")
    leading_rows = [["", "", cell] + [""] * (width - 3) for cell in leading_cells]
    stacked_rows = [
        list(level) for level in zip(*(column[1:] for column in VALUE_COLUMNS), strict=True)
    ]
    data_rows = [[row[name] for name in VALUE_NAMES] for row in figures]
    top = leading_rows + stacked_rows

    write_text(folder / "PPRRVU2025_Oct_sample.csv", csv_text(top + data_rows))

    lines = [f"{line:<50}" for line in LICENCE_LINES]
    for row in figures:
        fields = []
        for name, (first, last, alignment) in VALUE_POSITIONS.items():
            text = row[name]
            # The shares of the surgical stages have three positions, which leaves no
            # room for the zero before the point.
            if name.endswith("_share"):
                text = text.removeprefix("0")
            fields.append((first, last, alignment, text))
        lines.append(place(fields, 171))
    write_text(folder / "PPRRVU2025_Oct_sample.txt", joined_lines(lines))

    workbook_rows = [[workbook_value(name, row[name]) for name in VALUE_NAMES] for row in figures]
    write_workbook(
        folder / "PPRRVU2025_Oct_sample.xlsx", "PPRRVU2025_Oct", top + workbook_rows, "0.00"
    )


def write_gpci(folder, localities):
    """Write the geographic indices in their three forms."""
    names = ("mac", "state", "locality_number", "locality_name", "work_gpci", "pe_gpci", "mp_gpci")
    table = [[row[name] for name in names] for row in localities]
    top = [[GPCI_TITLE], [], GPCI_HEADER]
    footer = [[line] for line in GPCI_FOOTER]

    # CMS's CSV drops the trailing zeros of an index, so 1.000 reads 1.
    csv_table = [row[:4] + [text.rstrip("0").rstrip(".") for text in row[4:]] for row in table]
    csv_rows = [[*row, *[""] * (7 - len(row))] for row in top + csv_table + footer]
    write_text(folder / "GPCI2025.csv", csv_text(csv_rows))

    header_line = place(
        [
            (1, 13, "<", GPCI_HEADER[0]),
            (15, 19, "<", "State"),
            (22, 29, "<", "Locality"),
            (68, 80, "<", "Locality Name"),
            (119, 130, "<", GPCI_HEADER[4]),
            (131, 142, "<", GPCI_HEADER[5]),
            (143, 154, "<", GPCI_HEADER[6]),
        ],
        154,
    )
    lines = [GPCI_TITLE, "", header_line]
    for mac, state, locality, name, work, practice_expense, malpractice in table:
        fields = [
            (1, 5, "<", mac),
            (17, 18, "<", state),
            (25, 26, "<", locality),
            (30, 120, "<", name),
            (122, 126, "<", work),
            (134, 138, "<", practice_expense),
            (146, 150, "<", malpractice),
        ]
        lines.append(place(fields, 150))
    lines += [*GPCI_FOOTER, "", ""]
    write_text(folder / "GPCI2025.txt", joined_lines(lines))

    workbook_table = []
    for mac, state, locality, name, *indices in table:
        if state == "CA" and locality in GPCI_NUMERIC_LOCALITIES:
            locality = int(locality)
        workbook_table.append([mac, state, locality, name, *map(Decimal, indices)])
    write_workbook(
        folder / "GPCI2025.xlsx", "Addendum E. GPCIs", top + workbook_table + footer, "0.000"
    )


def locality_blocks(localities):
    """Return the localities in the order of CMS's county list, as one list per state."""
    blocks = {}
    for row in sorted(localities, key=lambda row: int(row["county_list_position"])):
        block = blocks.setdefault(row["state_name"], [])
        block.append(row)
        if (row["mac"], row["locality_number"]) == LOCCO_LISTED_TWICE:
            block.append(row)
    return blocks


def county_list_rows(localities):
    """Return the rows of the county list as CMS's workbook has them.

    The state stands on the first row of its block only. CMS ends many cells with a
    blank, which is kept for the cells where it is the rule.
    """
    rows = []
    for state_name, block in locality_blocks(localities).items():
        for number, row in enumerate(block):
            key = (row["mac"], row["locality_number"])
            if number == 0:
                state_cell = f"{state_name} "
            else:
                state_cell = " " if key == LOCCO_BLANK_STATE else ""
            area, counties = row["fee_schedule_area"], row["counties"]
            if area.startswith(("STATEWIDE", "REST OF STATE")):
                area += " "
            if counties in ("ALL COUNTIES", "ALL OTHER COUNTIES"):
                counties += " "
            rows.append([*key, state_cell, area, counties])
        rows.append([" "] * 5 if state_name == LOCCO_BLOCK_BEFORE_BLANK_CELLS else [""] * 5)
    return rows


def write_county_list(folder, localities):
    """Write the county list in its three forms."""
    rows = county_list_rows(localities)
    top = [[LOCCO_TITLE, "", "", "", ""], [""] * 5, LOCCO_HEADER, [""] * 5]
    footer = [[""] * 5, [LOCCO_FOOTER, "", "", "", ""]]
    write_workbook(folder / "25LOCCO.xlsx", "21LOCCO", top + rows + footer, "General")

    # CMS's CSV has lost the leading zeros of the contractor and the locality.
    csv_rows = [
        [str(int(row[0])), str(int(row[1])), *row[2:]] if row[0].strip() else row for row in rows
    ]
    write_text(folder / "25LOCCO.csv", csv_text(top + csv_rows + footer))

    header_line = place(
        [
            (1, 13, "<", LOCCO_HEADER[0]),
            (14, 21, "<", "Locality"),
            (31, 35, "<", "State"),
            (86, 102, "<", "Fee Schedule Area"),
            (169, 176, "<", "Counties"),
        ],
        176,
    )
    lines = [LOCCO_TITLE, "", header_line, ""]
    for mac, locality, state_cell, area, counties in rows:
        state_name = state_cell.strip()
        fields = [
            (5, 9, "<", mac),
            (17, 18, "<", locality),
            (23, 45, "<", "" if state_name == LOCCO_STATE_NOT_IN_TEXT else state_name),
            (46, 143, "<", area.rstrip()),
            (144, 201, "<", counties.rstrip()),
        ]
        lines.append(place(fields, 201).rstrip())
    lines += ["", LOCCO_FOOTER]
    write_text(folder / "25LOCCO.txt", joined_lines(lines))


def write_anesthesia(folder, localities):
    """Write the anesthesia conversion factors in their three forms."""
    csv_rows = [ANESTHESIA_HEADER]
    lines = []
    workbook_rows = [ANESTHESIA_WORKBOOK_HEADER]
    for row in localities:
        mac, locality, name = row["mac"], row["locality_number"], row["locality_name"]
        factor = row["anesthesia_conversion_factor"]
        csv_rows.append([f"{mac} ", f"{locality} ", name, f"{factor} "])
        # The other two forms lack the asterisks of Alaska and the frontier states only;
        # the asterisk of a rest of state belongs to the name.
        if name != ANESTHESIA_KEEPS_ASTERISKS and not name.startswith("REST OF"):
            name = name.rstrip("*")
        fields = [
            (1, 5, "<", mac),
            (13, 14, "<", locality),
            (19, 58, "<", name),
            (74, 77, ">", factor.replace(".", "")),
        ]
        lines.append(place(fields, 77))
        workbook_rows.append([int(mac), int(locality), name, Decimal(factor)])
    csv_rows.append([""] * 4)
    write_text(folder / "ANES2025.csv", csv_text(csv_rows))
    write_text(folder / "ANES2025.txt", joined_lines(lines) + CTRL_Z)
    write_workbook(folder / "ANES2025.xlsx", "Locality Adjusted CFs", workbook_rows, "0.00")


def amount(work, practice_expense, malpractice, locality, conversion_factor):
    """Return the amount of three relative values in a locality, rounded once, half up."""
    adjusted = (
        work * Decimal(locality["work_gpci"])
        + practice_expense * Decimal(locality["pe_gpci"])
        + malpractice * Decimal(locality["mp_gpci"])
    )
    return (adjusted * conversion_factor).quantize(CENT, rounding=ROUND_HALF_UP)


def fee(row, setting, locality):
    """Return the fee of a row in a setting, ``nonfacility`` or ``facility``, before any cap."""
    return amount(
        Decimal(row["work_rvu"]),
        Decimal(row[f"{setting}_pe_rvu"]),
        Decimal(row["mp_rvu"]),
        locality,
        Decimal(row["conversion_factor"]),
    )


def cap(row, setting, locality, work):
    """Return the outpatient hospital amount that caps the fee of a row in a setting."""
    return amount(
        work,
        Decimal(row[f"{setting}_opps_pe_rvu"]),
        Decimal(row["opps_mp_rvu"]),
        locality,
        Decimal(row["conversion_factor"]),
    )


def cap_localities(localities):
    """Return the localities of the cap file in its order, with the repeated ones."""
    repeated = [
        {**row, "mac": CAP_REPEATED_AS} for row in localities if row["mac"] == CAP_REPEATED_FROM
    ]
    return sorted(localities + repeated, key=lambda row: (row["mac"], row["locality_number"]))


def cap_rows(figures, localities):
    """Return the rows of the cap file, prices as text.

    CMS lists a payable row where the cap is below the fee, and every carrier-priced row
    that has outpatient hospital values. The work of a carrier-priced code is given
    with its professional part only, so the cap of the whole code takes it from there.
    """
    work_of_professional_part = {
        row["hcpcs_code"]: Decimal(row["work_rvu"]) for row in figures if row["modifier"] == "26"
    }
    rows = []
    for row in figures:
        if row["status_code"] not in ("A", "C") or Decimal(row["nonfacility_opps_pe_rvu"]) == 0:
            continue
        code, modifier, status = row["hcpcs_code"], row["modifier"], row["status_code"]
        work = Decimal(row["work_rvu"])
        if status == "C" and not modifier:
            work = work_of_professional_part[code]
        for locality in cap_localities(localities):
            prices = [cap(row, setting, locality, work) for setting in ("facility", "nonfacility")]
            if status == "C" or prices[1] < fee(row, "nonfacility", locality):
                key = [code, modifier, status, locality["mac"], locality["locality_number"]]
                rows.append(key + [str(price) for price in prices])
    return rows


def write_cap(folder, figures, localities):
    """Write the outpatient hospital cap in its three forms."""
    rows = cap_rows(figures, localities)
    write_text(folder / "OPPSCAP_Oct.csv", csv_text([CAP_HEADER, *rows, [""] * 7]))

    lines = [
        place([(*position, text) for position, text in zip(CAP_POSITIONS, row, strict=True)], 38)
        for row in rows
    ]
    write_text(folder / "OPPSCAP_Oct.txt", joined_lines(lines))

    workbook_rows = [[*row[:5], *map(Decimal, row[5:])] for row in rows]
    write_workbook(
        folder / "OPPSCAP_Oct.xlsx",
        "OPPSCAP_Oct",
        [CAP_HEADER, *workbook_rows],
        "0.00",
        keep_empty_text=True,
    )


def write_payment_file(folder, figures, localities):
    """Write the payment file of the three codes for which CMS published one with this release.

    None of them is a therapy or has outpatient hospital values, so those fields are zero.
    """
    records = []
    for row in figures:
        if row["hcpcs_code"] not in PAYMENT_CODES:
            continue
        for locality in sorted(localities, key=lambda row: (row["mac"], row["locality_number"])):
            records.append(
                [
                    PAYMENT_YEAR,
                    locality["mac"],
                    locality["locality_number"],
                    row["hcpcs_code"],
                    f"{row['modifier']:2}",
                    f"{fee(row, 'nonfacility', locality):010}",
                    f"{fee(row, 'facility', locality):010}",
                    " ",
                    row["pctc_indicator"],
                    row["status_code"],
                    row["multiple_procedure_indicator"],
                    "0000000.00",
                    "0000000.00",
                    "9",
                    "0000000.00",
                    "0000000.00",
                ]
            )
    records += [[line] for line in LICENCE_TRAILERS]
    write_text(folder / "PFREV4.txt", csv_text(records, quoting=csv.QUOTE_ALL))


def write_zip_codes(folder, zips):
    """Write the file that assigns ZIP codes to localities."""
    lines = []
    for row in zips:
        fields = [
            (1, 2, "<", row["state"]),
            (3, 7, "<", row["zip_code"]),
            (8, 12, "<", row["mac"]),
            (13, 14, "<", row["locality_number"]),
            (15, 15, "<", row["rural_indicator"]),
            (16, 17, "<", row["lab_cb_locality"]),
            (18, 18, "<", row["rural_indicator_2"]),
            (21, 21, "<", row["plus_four_flag"]),
            (23, 23, "<", "A"),
            (76, 80, "<", ZIP_QUARTER),
        ]
        lines.append(place(fields, 80))
    write_text(folder / "ZIP5_OCT2025.txt", joined_lines(lines))


def write_release(folder):
    """Write all files of the sample release to a folder."""
    figures = read_table(HERE / "figures.csv")
    localities = read_table(HERE / "localities.csv")
    folder.mkdir(parents=True, exist_ok=True)
    write_relative_values(folder, figures)
    write_gpci(folder, localities)
    write_county_list(folder, localities)
    write_anesthesia(folder, localities)
    write_cap(folder, figures, localities)
    write_payment_file(folder, figures, localities)
    write_zip_codes(folder, read_table(HERE / "zips.csv"))


def content(path):
    """Return what a file says, so that two files can be compared.

    A workbook is a compressed archive whose bytes depend on the compression library,
    so its members are compared and not its bytes.
    """
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def differing_files(folder):
    """Return the names of the files in a folder that are not what the tables give."""
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary)
        write_release(fresh)
        expected = {path.name for path in fresh.iterdir()}
        found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        return sorted(
            name
            for name in expected | found
            if name not in expected & found or content(fresh / name) != content(folder / name)
        )


def main():
    """Write the sample release, or compare it with the one on disk."""
    parser = argparse.ArgumentParser(description="Write the sample release from the three tables.")
    parser.add_argument(
        "--check", action="store_true", help="only compare; exit with 1 on a difference"
    )
    if not parser.parse_args().check:
        write_release(RELEASE_FOLDER)
        return 0
    different = differing_files(RELEASE_FOLDER)
    if different:
        print(
            f"The sample release is not what the tables give: {', '.join(different)}."
            " Run build_sample.py without --check to write it anew.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
