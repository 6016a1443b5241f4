"""Ways to damage one file or zip; each returns the line, or the file within the zip, that the message has to name."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.helpers import bundles

PPRRVU = "PPRRVU2025_Oct_sample.csv"
FIRST_DATA_LINE = 11

CPR = "92950,"


def cut_in_half(path: Path) -> str:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return ""


def damage_a_member(path: Path) -> str:
    data = bytearray(path.read_bytes())
    middle = data.index(b"PPRRVU") + 5000
    data[middle : middle + 8] = bytes(8)
    path.write_bytes(data)
    return f"/{PPRRVU}"


def add_escaping_path(path: Path) -> str:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../GPCI2025.txt", "x")
    return ""


def claim_a_huge_size(path: Path) -> str:
    bundles.declare_size(path, 1 << 31)
    return f"/{PPRRVU}"


def encrypt(path: Path) -> str:
    bundles.mark_encrypted(path)
    return ""


def empty(path: Path) -> None:
    path.write_bytes(b"")


def change_cells(change: Callable[[list[str]], list[str]], first_line: int):
    def edit(path: Path) -> None:
        bundles.edit_column(path, first_line, change)

    return edit


def swapped(one: int, another: int) -> Callable[[list[str]], list[str]]:
    def change(cells: list[str]) -> list[str]:
        cells[one], cells[another] = cells[another], cells[one]
        return cells

    return change


def without(position: int) -> Callable[[list[str]], list[str]]:
    return lambda cells: cells[:position] + cells[position + 1 :]


def header_damage(change: Callable[[list[str]], list[str]], first_line: int = 1):
    def edit(path: Path) -> int:
        bundles.edit_column(path, first_line, change)
        return bundles.line_number(path, "HCPCS,")

    return edit


def add_column(header: str, value: str, position: int):
    def edit(path: Path) -> int:
        def change(cells: list[str]) -> list[str]:
            cell = header if cells[0] == "HCPCS" else value if cells[0] else ""
            return [*cells[:position], cell, *cells[position:]]

        bundles.edit_column(path, 1, change)
        return bundles.line_number(path, "HCPCS,")

    return edit


def swap_header_cells(path: Path) -> None:
    lines = bundles.lines_of(path)
    for number in range(5, 10):
        cells = lines[number].rstrip("\r\n").split(",")
        lines[number] = ",".join(swapped(bundles.WORK, bundles.MP)(cells)) + "\r\n"
    bundles.write_lines(path, lines)


def swap_work_and_practice_expense(path: Path) -> int:
    bundles.edit_column(path, FIRST_DATA_LINE, swapped(bundles.WORK, bundles.NF_PE))
    # The first code whose two practice expenses differ: only there the sum can tell.
    rows = [line.split(",") for line in bundles.lines_of(path)[FIRST_DATA_LINE - 1 :]]
    unequal = (n for n, row in enumerate(rows) if row[-23:-22] != row[-25:-24])
    return FIRST_DATA_LINE + next(unequal)


def cell(start: str, position: int, value: str) -> Callable[[Path], int]:
    return lambda path: bundles.edit_cell(path, start, position, value)


def make_malpractice_negative(path: Path) -> int:
    # The totals are made to fit, so that nothing but the sign is wrong.
    bundles.edit_cell(path, CPR, bundles.NF_TOTAL, "8.79")
    bundles.edit_cell(path, CPR, bundles.F_TOTAL, "4.63")
    return bundles.edit_cell(path, CPR, bundles.MP, "-0.40")


def drop_eleven_localities(path: Path) -> int | None:
    lines = bundles.lines_of(path)
    bundles.write_lines(path, lines[:20] + lines[31:])
    return None


def put_unknown_byte(path: Path) -> int:
    number = bundles.line_number(path, CPR)
    path.write_bytes(path.read_bytes().replace(b"92950,,", b"92950,\x81,"))
    return number


def cut_within_a_line(path: Path) -> int:
    lines = bundles.lines_of(path)
    bundles.write_lines(path, [*lines[:-1], lines[-1][:20]])
    return len(lines)


def open_a_quote(path: Path) -> int:
    return bundles.edit_line(path, CPR, lambda line: line.replace('"Heart', '""Heart', 1))


def keep_only_the_header(path: Path) -> None:
    bundles.write_lines(path, bundles.lines_of(path)[: FIRST_DATA_LINE - 1])
