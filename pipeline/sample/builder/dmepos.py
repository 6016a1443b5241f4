"""The fees for equipment and nutrition, in US dollars: by state, by former bidding area, by mail order.

Layout: CMS's DMEPOS_JAN, DMEPEN_JAN, Former CBA Fee Schedule File_JAN 2025, Former CBA National
Mail-Order DTS Fee Schedule - JAN 2025, DME Rural ZIP Code Quarter 1, 2025 and Former CBA ZIP Code File -
JAN 2025, each as CSV, text and workbook. DMEPOS_JAN.txt was not in hand: it follows CMS's read-me.
"""

from decimal import Decimal
from pathlib import Path

from pipeline.sample.builder.forms import Cell, write_csv, write_lines, write_text, write_workbook
from pipeline.sample.builder.notices import NOT_A_CMS_FILE
from pipeline.sample.builder.tables import Row, read_table

FEES, PEN = "DMEPOS_JAN_sample", "DMEPEN_JAN_sample"
AREAS = "Former CBA Fee Schedule File_JAN 2025_sample"
MAIL_ORDER = "Former CBA National Mail-Order DTS Fee Schedule - JAN 2025_sample"
RURAL, AREA_ZIPS = "DME Rural ZIP Code Quarter 1, 2025_sample", "Former CBA ZIP Code File - JAN 2025_sample"  # fmt: skip

TITLE = "January 2025 {} " + f"({NOT_A_CMS_FILE})"
TOP = [["Durable Medical Equipment,"], ["Prosthetics, Orthotics, and Supplies"], ["(DMEPOS)"]]
KEY = ("HCPCS", "Mod", "Mod2")
YEAR, QUARTER = "2025", "202501"

# What stands for no fee in former bidding areas.
POINT = "."


def write(folder: Path, sample: Path) -> None:
    """Write the six files of a release, each in three forms."""
    fees = read_table(sample / "equipment_fees.csv")
    states = [name for name in fees[0] if name.endswith(")")]
    equipment = [row for row in fees if row["program"] == "dmepos"]
    nutrition = [row for row in fees if row["program"] == "pen"]
    _write_fees(folder, equipment, states)
    _write_nutrition(folder, nutrition, states)
    _write_areas(folder, read_table(sample / "equipment_area_fees.csv"))
    _write_mail_order(folder, read_table(sample / "equipment_mail_order.csv"))
    _write_zips(folder, read_table(sample / "equipment_zips.csv"))


def _write_fees(folder: Path, rows: list[Row], states: list[str]) -> None:
    head = [*KEY, "JURIS", "CATG", "Ceiling", "Floor", *states, "Description"]
    above = [*TOP, [TITLE.format("Fee Schedule")], [], []]
    cells = [
        [*_key(row), row["jurisdiction"], row["category"], *_dollars(row, ["ceiling", "floor", *states]), row["label"]]
        for row in rows
    ]  # fmt: skip
    _write_tables(folder, FEES, above, head, cells)
    lines = []
    for row in rows:
        begin = [*_padded_key(row), row["jurisdiction"], row["category"], "A", "00"]
        limits = [_padded(row["ceiling"]), _padded(row["floor"])]
        for state, other, rural, flag in _by_state(row, states):
            middle = [f"{state:7}", rural, *limits, other]
            lines.append("~".join([*begin, *middle, "0", "0", flag, f"{row['label']:28}"]))
    write_lines(folder / f"{FEES}.txt", lines)


def _write_nutrition(folder: Path, rows: list[Row], states: list[str]) -> None:
    head = [*(x.upper() for x in KEY), *(x.replace(" ", "") for x in states), "Desc"]
    titles = [f"2025 Parenteral and Enteral Nutrition Items ({NOT_A_CMS_FILE})"]
    above = [titles, [TITLE.format("Fee Schedule")], [], []]
    cells = [[*_key(row), *_dollars(row, states), row["label"]] for row in rows]
    _write_tables(folder, PEN, above, head, cells)
    lines = []
    for row in rows:
        for state, other, rural, flag in _by_state(row, states):
            cells_of_state = [rural, f"{state:7}", f"{other:14}", flag, row["label"]]
            lines.append("~".join([*_padded_key(row), *cells_of_state]))
    write_lines(folder / f"{PEN}.txt", [*lines, "\x1a"])


def _write_areas(folder: Path, rows: list[Row]) -> None:
    areas = list(rows[0])[6:]
    head = [*KEY, "Mod3", "CATG", *areas, "Description"]
    above = [*TOP, [TITLE.format("Former CBA Fee Schedule")], [], []]
    cells = [
        [*_key(row), row["modifier3"], row["category"], *(_amount(row[x]) for x in areas), row["label"]]
        for row in rows
    ]  # fmt: skip
    _write_tables(folder, AREAS, above, head, cells, separator="\t")


def _write_mail_order(folder: Path, rows: list[Row]) -> None:
    head = [*KEY, "Mod3", "CATG", "National Mail-Order", "Description"]
    above = [*TOP, [TITLE.format("Former CBA National Mail Order Fee Schedule")], []]
    cells = [
        [*_key(row), row["modifier3"], row["category"], _amount(row["amount"]), row["label"]]
        for row in rows
    ]
    note = ["Note: these fees are for supplies by mail order in all parts of the United States."]
    _write_tables(folder, MAIL_ORDER, above, head, cells, separator="\t", below=([], note))


def _write_zips(folder: Path, rows: list[Row]) -> None:
    rural = [[row["state"], row["zip_code"], QUARTER] for row in rows if not row["cba"]]
    areas = [
        [row["state"], row["zip_code"], row["cba"], row["cba_name"], QUARTER]
        for row in rows
        if row["cba"]
    ]
    head = ["STATE", "DMEPOS RURAL ZIP CODE", "YEAR/QTR"]
    _write_tables(folder, RURAL, [], head, rural, separator="\t")
    head = ["CBA State", "CBA ZIP Code", "CBA Name Short", "CBA Name", "Year/Qtr"]
    above = [*TOP, [TITLE.format("Former CBA ZIP Codes")], []]
    _write_tables(folder, AREA_ZIPS, above, head, areas, separator="\t")


def _write_tables(
    folder: Path,
    name: str,
    above: list[list[str]],
    head: list[str],
    rows: list[list[Cell]],
    separator: str = "",
    below: tuple[list[str], ...] = (),
) -> None:
    """Write a table as CSV and workbook, and with a ``separator`` as text, too."""
    texts = [[_text(cell) for cell in row] for row in rows]
    lines = [*above, head, *texts, *below]
    write_csv(folder / f"{name}.csv", lines)
    write_workbook(folder / f"{name}.xlsx", "Sheet1", [*above, head, *rows, *below], "0.00")
    if separator:
        cells = [[_quoted(cell) for cell in line] for line in lines]
        text = "".join(separator.join([*x, *[""] * (len(head) - len(x))]) + "\r\n" for x in cells)
        write_text(folder / f"{name}.txt", text)


def _key(row: Row) -> list[Cell]:
    return [row["hcpcs_code"], row["modifier"], row["modifier2"]]


def _padded_key(row: Row) -> list[str]:
    return [YEAR, row["hcpcs_code"], f"{row['modifier']:2}", f"{row['modifier2']:2}"]


def _dollars(row: Row, names: list[str]) -> list[Cell]:
    return [Decimal(row[name]) for name in names]


def _by_state(row: Row, states: list[str]) -> list[tuple[str, str, str, str]]:
    """Of each state the fee, what stands in the field of the base year, and whether that is the rural fee."""
    found = []
    for other, rural in zip(states[::2], states[1::2], strict=True):
        has_rural = Decimal(row[rural]) > 0
        # CMS leaves there what the fee was in a base year, where the item has no rural fee.
        base = row[rural] if has_rural else f"{Decimal(row[other]) / 2:.2f}"
        found.append((other[:2], _padded(row[other]), _padded(base), "R" if has_rural else " "))
    return found


def _padded(amount: str) -> str:
    return f"{Decimal(amount):09.2f}"


def _amount(text: str) -> Cell:
    return POINT if text == POINT else Decimal(text)


def _text(cell: Cell) -> str:
    """A cell as CMS writes it as text: with commas between thousands, and a point after blanks."""
    if cell == POINT:
        return f"{POINT:>16}"
    return f"{cell:,.2f}" if isinstance(cell, Decimal) else str(cell)


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text
