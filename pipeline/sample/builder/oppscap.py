"""The outpatient hospital cap: one row per code, modifier and locality, prices in dollars.

Layout: CMS's OPPSCAP_Oct.csv, .txt and .xlsx.
"""

from decimal import Decimal
from pathlib import Path

from pipeline.sample.builder.amounts import cap, fee
from pipeline.sample.builder.forms import fixed_width, write_csv, write_lines, write_workbook
from pipeline.sample.builder.tables import Tables, locality_key

NAME = "OPPSCAP_Oct"

# Each tuple is one column: its heading and its position in the text form, which has no heading.
# The misspelling is CMS's.
COLUMNS = (
    ("HCPCS", (1, 5, "<")),
    ("MOD", (6, 7, "<")),
    ("PROCSTAT", (9, 9, "<")),
    ("CARRIER", (11, 15, "<")),
    ("LOCALITY", (18, 19, "<")),
    ("FACILITY PRICE", (20, 28, ">")),
    ("NON-FACILTY PRICE", (29, 38, ">")),
)
HEADER, POSITIONS = zip(*COLUMNS, strict=True)

# CMS lists six localities of this contractor a second time, under another contractor and with
# the same indices.
REPEATED_FROM, REPEATED_AS = "01182", "01112"


def write(folder: Path, tables: Tables) -> None:
    """Write the outpatient hospital cap in its three forms."""
    rows = cap_rows(tables)
    write_csv(folder / f"{NAME}.csv", [HEADER, *rows, []])
    write_lines(folder / f"{NAME}.txt", (fixed_width(POSITIONS, row) for row in rows))
    workbook_rows = [[*row[:5], *map(Decimal, row[5:])] for row in rows]
    write_workbook(
        folder / f"{NAME}.xlsx", NAME, [HEADER, *workbook_rows], "0.00", keep_empty_text=True
    )


def cap_rows(tables: Tables) -> list[list[str]]:
    """Return the rows of the cap file, seven texts each.

    CMS lists a payable row where the cap is below the fee, and every carrier-priced row that has
    outpatient hospital values. The work of a carrier-priced code is given with its professional
    part only, so the cap of the whole code takes it from there.
    """
    repeated = [
        {**row, "mac": REPEATED_AS} for row in tables.localities if row["mac"] == REPEATED_FROM
    ]
    localities = sorted(tables.localities + repeated, key=locality_key)
    work_of_professional_part = {
        row["hcpcs_code"]: row["work_rvu"] for row in tables.figures if row["modifier"] == "26"
    }
    rows = []
    for row in tables.figures:
        code, modifier, status = row["hcpcs_code"], row["modifier"], row["status_code"]
        if status not in ("A", "C") or Decimal(row["nonfacility_opps_pe_rvu"]) == 0:
            continue
        is_carrier_priced = status == "C"
        work = row["work_rvu"]
        if is_carrier_priced and not modifier:
            work = work_of_professional_part[code]
        for locality in localities:
            facility, nonfacility = (
                cap(row, setting, locality, work) for setting in ("facility", "nonfacility")
            )
            if is_carrier_priced or nonfacility < fee(row, "nonfacility", locality):
                prices = str(facility), str(nonfacility)
                rows.append([code, modifier, status, *locality_key(locality), *prices])
    return rows
