"""Releases of every era, from tables of figures in CMS's shape; nothing here knows the pipeline.

The header of the 31 columns is that of the sample, 2026 has one cell more, and the 37 of 2010
are written out here after the public table that tells their order.
"""

import csv
import io
from decimal import Decimal
from pathlib import Path

from tests.helpers import bundles

LOCALITY_OF_YEAR = (
    Path(__file__).parents[2] / "schemas" / "pfs" / "reference" / "locality_of_year.csv"
)

# Practice expense in 2010: four columns each for the two settings, four totals.
HEADER_2010 = (
    *["||||HCPCS", "||||MOD", "||||DESCRIPTION", "|||STATUS|CODE"],
    *["|NOT USED|FOR|MEDICARE|PAYMENT", "|||WORK|RVU"],
    *["||TRANSITIONED|NON-FAC|PE RVU", "|TRANSITIONED|NON-FAC|NA|INDICATOR"],
    *["|FULLY|IMPLEMENTED|NON-FAC|PE RVU", "FULLY|IMPLEMENTED|NON-FAC|NA|INDICATOR"],
    *["||TRANSITIONED|FACILITY|PE RVU", "|TRANSITIONED|FACILITY|NA|INDICATOR"],
    *["|FULLY|IMPLEMENTED|FACILITY|PE RVU", "FULLY|IMPLEMENTED|FACILITY|NA|INDICATOR"],
    "|||MP|RVU",
    *["||TRANSITIONED|NON-FACILITY|TOTAL", "|FULLY|IMPLEMENTED|NON-FACILITY|TOTAL"],
    *["||TRANSITIONED|FACILITY|TOTAL", "|FULLY|IMPLEMENTED|FACILITY|TOTAL"],
    *["|||PCTC|IND", "|||GLOB|DAYS", "|||PRE|OP", "|||INTRA|OP", "|||POST|OP"],
    *["|||MULT|PROC", "|||BILAT|SURG", "|||ASST|SURG", "|||CO-|SURG", "|||TEAM|SURG"],
    *["|||ENDO|BASE", "|||CONV|FACTOR", "|PHYSICIAN|SUPERVISION OF|DIAGNOSTIC|PROCEDURES"],
    *["|||CALCULATION|FLAG", "|DIAGNOSTIC|IMAGING|FAMILY|INDICATOR"],
    *["NON-FACILITY|PE USED|FOR OPPS|PAYMENT|AMOUNT", "FACILITY|PE USED|FOR OPPS|PAYMENT|AMOUNT"],
    "|MP USED|FOR OPPS|PAYMENT|AMOUNT",
)

# Code, modifier, status, work, non-facility PE, facility PE, MP, the two totals, PCTC,
# OPPS PE and OPPS MP.
FIGURES = """
99291 -  A 4.50 3.00 1.40 0.40 7.90 6.30 0 0.00 0.00
71045 -  A 0.18 0.56 0.56 0.03 0.77 0.77 1 0.00 0.00
71045 26 A 0.18 0.06 0.06 0.01 0.25 0.25 1 0.00 0.00
71045 TC A 0.00 0.50 0.50 0.02 0.52 0.52 1 0.30 0.01
A0021 -  X 0.00 0.00 0.00 0.00 0.00 0.00 9 0.00 0.00
"""

# What is fully implemented differs from what is transitioned in every figure.
FULLY_IMPLEMENTED = ["8.88", "", "7.77", "", "66.66", "55.55"]


def write_pprrvu(
    path: Path, year: int, month: str, factor: str, pricing: str = "9", only: str = "ACRTX"
) -> Path:
    """Write the relative values of a year with the columns of its era; ``only`` some statuses."""
    title = f"{year} National Physician Fee Schedule Relative Value File"
    title += f" {month} Release" if month else ""
    texts = [title, "Labels are our own.", "No label is CMS's.", " ", f"RELEASED 12/01/{year - 1}"]
    rows = [["", "", text] for text in texts] + header_of(year)
    rows += [
        record(line.split(), year, factor, pricing)
        for line in FIGURES.strip().splitlines()
        if line.split()[2] in only
    ]
    return write_csv(path, rows)


def header_of(year: int) -> list[list[str]]:
    """The five lines of the header of a year."""
    if year in range(2007, 2013):
        return [list(cells) for cells in zip(*(x.split("|") for x in HEADER_2010), strict=True)]
    lines = bundles.lines_of(bundles.SAMPLE / "PPRRVU2025_Oct_sample.csv")[5:10]
    stack = [bundles.cells_of(line) for line in lines]
    if year >= 2026:
        for cells, word in zip(stack, ["", "", "", "PRIC", "IND"], strict=True):
            cells.insert(23, word)
    return stack


def record(figures: list[str], year: int, factor: str, pricing: str) -> list[str]:
    """One line of the relative values in the column order of a year."""
    code, modifier, status, work, nf_pe, f_pe, mp, nf_total, f_total, pctc, opps_pe, opps_mp = (
        "" if cell == "-" else cell for cell in figures
    )
    expense = [nf_pe, "", f_pe, ""]
    totals = [nf_total, f_total]
    if year in range(2007, 2013):
        nf_full, nf_full_na, f_full, f_full_na, nf_full_total, f_full_total = FULLY_IMPLEMENTED
        expense = [nf_pe, "", nf_full, nf_full_na, f_pe, "", f_full, f_full_na]
        totals = [nf_total, nf_full_total, f_total, f_full_total]
    payment = [pctc, "XXX", "0.00", "0.00", "0.00", "0", "0", "0", "0", "0"]
    price = [pricing] if year >= 2026 else []
    end = ["", factor, "09", "0", "99", opps_pe, opps_pe, opps_mp]
    start = [code, modifier, f"label of {code}", status, "", work]
    return [*start, *expense, mp, *totals, *payment, *price, *end]


def write_gpci(path: Path, year: int) -> Path:
    """Write the indices of a year: see ``indices``."""
    has_state = year >= 2021
    names = [f"{year} PW GPCI (with 1.0 Floor)" if has_state else f"{year} Work GPCI"]
    names += [f"{year} PE GPCI", f"{year} MP GPCI"]
    key = ["Medicare Administrative Contractor", "State"] if has_state else ["Contractor"]
    rows = [["GEOGRAPHIC PRACTICE COST INDICES"], [], [*key, "Locality Number", "Locality Name"]]
    rows[2] += names
    for mac, number in localities(year):
        state = ["AK" if mac == "02102" else "ZZ"] if has_state else []
        name = "ALASKA*" if mac == "02102" else "SOMEWHERE"
        rows.append([mac, *state, number, name, *indices(mac)])
    return write_csv(path, rows)


def indices(mac: str) -> list[str]:
    """Work, PE and MP indices: 1 but in Alaska and where malpractice is cheap or dear."""
    others = {
        "02102": ["1.500", "1.000", "1.000"],
        "10112": ["1.000", "0.900", "0.500"],
        "15202": ["1.000", "1.000", "1.400"],
    }
    return others.get(mac, ["1.000", "1.000", "1.000"])


def anesthesia_factor(mac: str) -> str:
    """The factor of 2020 that follows from the indices and the shares of that year."""
    shares = (Decimal("0.785"), Decimal("0.154"), Decimal("0.061"))
    adjusted = sum(share * Decimal(x) for share, x in zip(shares, indices(mac), strict=True))
    return str(round(Decimal("22.2016") * adjusted, 2))


def localities(year: int) -> list[tuple[str, str]]:
    """The localities that exist in a year; before 2020 no list is known, so three are made up."""
    with LOCALITY_OF_YEAR.open(encoding="utf-8", newline="") as file:
        listed = [
            (row["mac"], row["locality_number"])
            for row in csv.DictReader(file)
            if int(row["first_year"]) <= year <= int(row["last_year"] or 9999)
        ]
    return listed or [("02102", "01"), ("10112", "00"), ("03102", "00")]


def write_companions_of_2020(folder: Path) -> None:
    """LOCCO, ANES and OPPSCAP of 2020."""
    keys = localities(2020)
    locco = [["counties included in 2020 localities"], []]
    locco += [["Carrier Number", "Locality Number", "State", "Fee Schedule Area", "Counties"]]
    locco += [[mac, number, "STATE", "SOMEWHERE", "ALL COUNTIES"] for mac, number in keys]
    write_csv(folder / "20LOCCO.csv", locco)
    anes = [["Contractor", "Locality", "Locality Name", "Anes CF of 22.2016"]]
    write_csv(
        folder / "ANES2020.csv",
        anes + [[*key, "SOMEWHERE", anesthesia_factor(key[0])] for key in keys],
    )
    amounts = {"10112": "10.11", "15202": "11.33"}
    capped = [["71045", "TC", "A", *key, *[amounts.get(key[0], "11.19")] * 2] for key in keys]
    heading = [
        "HCPCS",
        "MOD",
        "PROCSTAT",
        "CARRIER",
        "LOCALITY",
        "FACILITY PRICE",
        "NON-FACILTY PRICE",
    ]
    write_csv(folder / "OPPSCAP_OCT.csv", [heading, *capped])


def write_csv(path: Path, rows: list[list[str]]) -> Path:
    """Write rows as CMS saves a sheet: each as long as the longest, with the line ends of Windows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width = max(map(len, rows))
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [*row, *[""] * (width - len(row))] for row in rows
    )
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def dress(source: Path, target: Path, year: int, factor: str) -> None:
    """Write CMS's file of 31 columns in the columns of a year, with its title and factor."""
    lines = bundles.lines_of(source)
    rows = [bundles.cells_of(line) for line in lines[:5]] + header_of(year)
    rows[0] = ["", "", lines[0].strip(",\r\n").replace("2025", str(year), 1)]
    for cells in map(bundles.cells_of, lines[10:]):
        cells[24] = factor
        if year == 2010:
            nf_full, nf_full_na, f_full, f_full_na, nf_full_total, f_full_total = FULLY_IMPLEMENTED
            expense = [*cells[6:8], nf_full, nf_full_na, *cells[8:10], f_full, f_full_na, cells[10]]
            cells[6:13] = [*expense, cells[11], nf_full_total, cells[12], f_full_total]
        rows.append(cells)
    write_csv(target, rows)


def swap_columns(path: Path, one: int, another: int, first_line: int = 1) -> None:
    """Exchange two columns (from 0) in every line from ``first_line`` on."""

    def swapped(cells: list[str]) -> list[str]:
        cells[one], cells[another] = cells[another], cells[one]
        return cells

    bundles.edit_column(path, first_line, swapped)
