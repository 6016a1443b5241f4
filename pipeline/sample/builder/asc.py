"""The addenda of surgical centers: a row per code, in US dollars, with the marks that CMS puts there.

Layout: CMS's 508-Version-Jan-2025-ASC-AA.csv to FF.csv and DD1.csv, DD2.csv, and the workbook
January_2025_ASC_Addenda.xlsx with a sheet for each. One code of BB stands twice, notes stand below
the data, and a no-break space is the byte that DOS had for it.
"""

from decimal import Decimal
from pathlib import Path

from pipeline.sample.builder.forms import Cell, write_csv, write_sheets
from pipeline.sample.builder.notices import NOT_A_CMS_FILE, SENTENCES
from pipeline.sample.builder.tables import Row, read_table

MONTH = "January 2025"
CSV_NAME = "508-Version-Jan-2025-ASC-{}_sample.csv"
WORKBOOK_NAME = "January_2025_ASC_Addenda_sample.xlsx"

TITLES = {
    "AA": "ASC Covered Surgical Procedures for CY 2025",
    "BB": "ASC Covered Ancillary Services Integral to Covered Surgical Procedures for CY 2025",
    "DD1": "ASC Payment Indicators for CY 2025",
    "DD2": "ASC Comment Indicators for CY 2025",
    "EE": "Surgical Procedures to be Excluded from Payment in ASCs for CY 2025",
    "FF": "ASC Device Offset Percentages for CY 2025",
}
PAID = (f"{MONTH} Payment Indicator", f"{MONTH}  Payment Weight  ", f"{MONTH} Payment Rate ")
CODE = ("HCPCS Code", "", "Short Descriptor")
HEADS: dict[str, tuple[str, ...]] = {
    "AA": (*CODE, "Subject to Multiple Procedure Discounting", *PAID),
    "BB": (
        *CODE, "Drug and Device Pass-Through Expiration during Calendar Year", *PAID,
        f"{MONTH} IRA-22 Adjusted Copayment1",
    ),
    "DD1": ("Indicator", "Payment Indicator Definition"),
    "DD2": ("CI", "Comment Indicator Meanings"),
    "EE": ("HCPCS Code", "Short Descriptor"),
    "FF": (
        *CODE, PAID[0], f"{MONTH} APC", f"{MONTH} APC Device Offset Percentage", f"{MONTH} OPPS Payment Rate",
        f"{MONTH} Device Offset Percentage", f"{MONTH} Device Offset Amount / Device Portion",
    ),
}  # fmt: skip
MEANINGS = {
    "DD1": "surgical_center_indicators.csv",
    "DD2": "surgical_center_comments.csv",
}
NOTE = "NOTE 1: a code with one asterisk (*) is called office-based for a time."

# How a number is written as text, and what a workbook keeps of it.
Number = tuple[str, Cell]


def write(folder: Path, sample: Path) -> None:
    """Write the six addenda as text and as the sheets of one workbook."""
    rows = read_table(sample / "surgical_center_fees.csv")
    sheets = {}
    for name, head in HEADS.items():
        above: list[list[str]] = [[f"Addendum {name} -- {TITLES[name]} ({NOT_A_CMS_FILE})"]]
        if name not in MEANINGS:
            above += [["\xff".join(SENTENCES)], []]
        below = [[], [NOTE]] if name in ("AA", "BB", "FF") else []
        lines = _lines(name, rows, sample)
        texts = [[text for text, _ in line] for line in lines]
        write_csv(folder / CSV_NAME.format(name), [*above, head, *texts, *below])
        sheets[f"{MONTH} ASC {name}"] = [*above, head, *([x for _, x in line] for line in lines)]
    write_sheets(folder / WORKBOOK_NAME, sheets, "General")


def _lines(name: str, rows: list[Row], sample: Path) -> list[list[Number]]:
    if name in MEANINGS:
        return [[_text(x) for x in row.values()] for row in read_table(sample / MEANINGS[name])]
    of_name = [row for row in rows if row["addendum"] == {"FF": "AA"}.get(name, name)]
    if name == "BB":
        of_name += [row for row in of_name if row["hcpcs_code"] == "A2027"]
    line = {"AA": _aa, "BB": _bb, "EE": _ee, "FF": _ff}[name]
    return [line(row) for row in of_name]


def _code(row: Row) -> list[Number]:
    return [_text(row[name]) for name in ("hcpcs_code", "mark", "label")]


def _paid(row: Row) -> list[Number]:
    weight = _text("") if not row["payment_weight"] else _number(row["payment_weight"])
    return [_text(row["payment_indicator"]), weight, _dollars(row["payment_rate"])]


def _aa(row: Row) -> list[Number]:
    return [*_code(row), _text(row["multiple_procedure_discount"]), *_paid(row)]


def _bb(row: Row) -> list[Number]:
    return [*_code(row), _text(row["pass_through"]), *_paid(row), _dollars(row["ira_copayment"])]


def _ee(row: Row) -> list[Number]:
    return [_text(row["hcpcs_code"]), _text(row["label"])]


def _ff(row: Row) -> list[Number]:
    return [
        *_code(row),
        _text(row["payment_indicator"]),
        _text(row["apc"]),
        _percent(row["apc_device_offset_percent"]),
        _dollars(row["standard_rate"]),
        _percent(row["device_offset_percent"]),
        _dollars(row["device_amount"]),
    ]


def _text(text: str) -> Number:
    return text, text


def _number(text: str) -> Number:
    return text, Decimal(text)


def _dollars(text: str) -> Number:
    return (f"${Decimal(text):,.2f}", Decimal(text)) if text else ("", "")


def _percent(text: str) -> Number:
    return (f"{text}%", Decimal(text) / 100) if text else ("", "")
