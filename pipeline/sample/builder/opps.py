"""The addenda of hospital outpatient departments, of a quarter and of the final rule, in US dollars.

Layouts: CMS's January 2025 Web Addendum B and 2025 NFRM Addenda A, B, D1, E, J and P. CMS pads codes and
status indicators, writes a point for no national copayment, and leaves a footnote below Addendum D1.
"""

from collections.abc import Sequence
from pathlib import Path

from pipeline.sample.builder.forms import write_csv, write_text
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import Row, read_table

QUARTER = "Section 508 version of July 2025 Web Addendum {}.07.25.25_sample.csv"
RULE = "2025 NFRM Addendum {}_sample.txt"
TITLES = {
    "A": "Addendum A.- OPPS APCs for CY 2025",
    "B": "Addendum B.-- OPPS Payment by HCPCS Code for CY 2025",
    "D1": "ADDENDUM D1.- OPPS PAYMENT STATUS INDICATORS FOR CY 2025",
    "E": "Addendum E.-- HCPCS Codes That Would Be Paid Only as Inpatient Procedures for CY 2025",
    "J": "Addendum J for CY2025 ranks to determine primary assignment of comprehensive HCPCS codes",
}
AMOUNTS = (
    "Relative Weight", "Payment Rate", "National Unadjusted Copayment", "Minimum Unadjusted Copayment",
    "IRA Coinsurance percentage ", "Adjusted Beneficiary Copayment",
    "Drug and Device Pass-Through Expiration during Calendar Year", "Note",
)  # fmt: skip
CODE = ("HCPCS Code", "Short Descriptor")
RANKS = (
    "SI", "APC Assignment", "APC Geometric Mean Cost of Single J1 Unit Claims",
    "Full Claim Population Service Frequency", "Single J1 Unit Claim Service Frequency",
    "Geometric Mean Cost of Single J1 Unit Claims", "Rank Used for Primary Assignment", "Deleted Code",
)  # fmt: skip
OFFSETS = (
    "SI", "APC", "APC Device Offset Percentage", "Final CY 2025 APC Payment Rate", "Device Offset Percentage",
    "Device Offset Amount",
)  # fmt: skip
DRUGS = ("K", "K1")

# The inpatient deductible at which a copayment ends: that of the year, and of the year before in the rule.
CAP, CAP_OF_RULE = "1,676.00", "1,632.00"

Cells = list[str]


def write_quarter(folder: Path, sample: Path) -> None:
    """Write Addenda A and B of a quarter."""
    rows = read_table(sample / "hospital_rates.csv")
    codes = [
        [*_code(row), row["status_indicator"], row["apc"], *_amounts(row, CAP), row["is_changed"]]
        for row in rows
    ]
    head = [*CODE, "SI", "APC", *AMOUNTS, "* Indicates a Change"]
    write_csv(folder / QUARTER.format("B"), [*_titles("B"), head, *codes])
    apcs = [[*cells, ""] for cells in _apcs(rows, CAP)]
    head = ["APC ", "Group Title", "SI", *AMOUNTS, "* Indicates a Change"]
    write_csv(folder / QUARTER.format("A"), [*_titles("A"), head, *apcs])


def write_rule(folder: Path, sample: Path) -> None:
    """Write the addenda of the final rule, without drugs, whose rates were others then."""
    rows = [
        row
        for row in read_table(sample / "hospital_rates.csv")
        if row["status_indicator"] not in DRUGS
    ]
    codes = [
        [*_code(row), row["comment_indicator"], f"{row['status_indicator']:2}", row["apc"], *_amounts(row, CAP_OF_RULE)]
        for row in rows
    ]  # fmt: skip
    _write(folder, "B.11122024", _titles("B"), [*CODE, " CI", " SI", " APC ", *AMOUNTS], codes)
    head = ["APC ", "Group Title", "SI", *AMOUNTS]
    _write(folder, "A.11122024", _titles("A"), head, _apcs(rows, CAP_OF_RULE))
    inpatient = [[*_code(row), "", "C"] for row in rows if row["status_indicator"] == "C"]
    _write(folder, "E.10102024", _titles("E"), [*CODE, " CI", " SI"], inpatient)
    ranks = sorted((row for row in rows if row["rank"]), key=lambda row: int(row["rank"]))
    name = "J - Rank for Primary Assignment.11132024"
    _write(folder, name, _titles("J"), [*CODE, *RANKS], map(_rank, ranks))
    offsets = [_offset(row) for row in rows if row["offset_percent"]]
    notice = [[f"File Description:\n*{NOT_A_CMS_FILE}.\n*{SENTENCES[0]}"]]
    name = "P - Device Intensive List.11142024"
    _write(folder, name, notice, ["HCPCS", "Short Descriptor", *OFFSETS], offsets)
    _write_meanings(folder, rows)


def _write_meanings(folder: Path, rows: Sequence[Row]) -> None:
    """Addendum D1 in our own words, each over two lines, with a footnote below."""
    head = ["Status Indicator", "Item/Code/Service", "OPPS Payment Status"]
    lines: list[Cells] = []
    for indicator in sorted({row["status_indicator"] for row in rows}):
        lines.append([indicator, f"Codes of the sample with the indicator {indicator}", "See the"])
        lines.append(["", "", "table opps_status_price."])
    lines.append(["", "* Note -- the words are those of this project.", ""])
    _write(folder, "D1.10242024", _titles("D1")[:1], head, lines)


def _titles(letter: str) -> list[Cells]:
    return [["", f"{TITLES[letter]} - {NOT_A_CMS_FILE}"], *(["", x] for x in SENTENCES)]


def _code(row: Row) -> Cells:
    return [row["hcpcs_code"], row["label"]]


def _amounts(row: Row, cap: str) -> Cells:
    """The cells from weight to note, as CMS writes them."""
    rate, minimum = row["payment_rate"], row["minimum_copayment"]
    national = f"${row['national_copayment']}" if row["national_copayment"] else "."
    is_capped = row["is_capped"] == "true"
    adjusted = f"${cap}" if is_capped else _dollars(minimum) * (row["status_indicator"] in DRUGS)
    note = f"Copayments capped at inpatient deductible of ${cap}." if is_capped else ""
    return [
        row["relative_weight"], _dollars(rate), national if rate else "", _dollars(minimum), "", adjusted, "", note,
    ]  # fmt: skip


def _apcs(rows: Sequence[Row], cap: str) -> list[Cells]:
    """A row for each APC, with what it gives its codes."""
    of_apc = {row["apc"]: row for row in rows if row["apc"]}
    return [
        [apc, f"Codes of APC {apc}", row["status_indicator"], *_amounts(row, cap)]
        for apc, row in sorted(of_apc.items())
    ]


def _rank(row: Row) -> Cells:
    costs = (row["apc_cost"], row["service_count"], row["single_unit_count"], row["code_cost"])
    grouped = [f"{float(x):,.2f}" if "." in x else f"{int(x):,}" for x in costs]
    return [
        *_code(row),
        row["status_indicator"],
        row["apc"],
        *grouped,
        f"{int(row['rank']):,}",
        " ",
    ]


def _offset(row: Row) -> Cells:
    percents = [
        f"{row[name]}%" if row[name] else "" for name in ("apc_offset_percent", "offset_percent")
    ]
    rate, amount = _dollars(row["payment_rate"]), _dollars(row["offset_amount"])
    return [*_code(row), row["status_indicator"], row["apc"], percents[0], rate, percents[1], amount]  # fmt: skip


def _dollars(amount: str) -> str:
    """As CMS writes it: with a dollar sign, and commas between thousands."""
    if not amount:
        return ""
    whole, _, cents = amount.partition(".")
    return f"${int(whole):,}.{cents}"


def _write(
    folder: Path, name: str, titles: list[Cells], head: Sequence[str], rows: Sequence[Cells] | map
) -> None:
    """Write text with tabs between its cells; one with a comma, quote or line end has quotes."""
    lines = [*titles, list(head), *rows]
    text = "".join(
        "\t".join(map(_cell, [*cells, *[""] * (len(head) - len(cells))])) + "\r\n"
        for cells in lines
    )
    write_text(folder / RULE.format(name), text)


def _cell(text: str) -> str:
    is_quoted = any(mark in text for mark in ',"\n')
    return '"' + text.replace('"', '""') + '"' if is_quoted else text
