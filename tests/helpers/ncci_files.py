"""Files of procedure-to-procedure edits as CMS writes them: made, because no whole one is in hand.

The shape is that of ccipra-v322r0-f1.TXT: a notice, a title, a head of four lines, CRLF, and seven cells
with tabs between them.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

NOTICE = "CPT codes and descriptions only are copyright 2025 American Medical Association. All rights reserved."
TITLE = "Column1/Column2 Edits"
HEAD = (
    ("Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier", "PTP Edit Rationale"),
    ("", "", "prior to 1996", "Date", "Date", "0=not allowed", ""),
    ("", "", "", "", "*=no data", "1=allowed", ""),
    ("", "", "", "", "", "9=not applicable", ""),
)  # fmt: skip
RATIONALE = "Misuse of column two code with column one code"

Row = Sequence[str]


def edits(text: str) -> list[Row]:
    """Edits of a small table: column 1, column 2, first day, last day or ``*``, indicator; then the mark.

    The mark is ``*`` for an edit older than 1996, and the rationale always the same.
    """
    lines = [line.split() for line in text.strip().splitlines()]
    return [(x[0], x[1], *(x[5:] or [""]), *x[2:5], RATIONALE) for x in lines]


def text_of(rows: Iterable[Row], title: bool = True, head: Sequence[Row] = HEAD) -> str:
    """The text of a file; without ``title`` it begins with its head."""
    above = [(NOTICE, *[""] * 6), (TITLE, *[""] * 6)] if title else []
    return "".join("\t".join(row) + "\r\n" for row in (*above, *head, *rows))


def name_of(part: int, setting: str = "pra", version: str = "v322r0", form: str = "TXT") -> str:
    """The name of a file as CMS gives it."""
    return f"cci{setting}-{version}-f{part}.{form}"


def write_text(folder: Path, part: int, rows: Iterable[Row], **named: str) -> Path:
    """Write one of the files as text."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name_of(part, **named)
    path.write_bytes(text_of(rows).encode("cp1252"))
    return path


def write_workbook(folder: Path, part: int, rows: Iterable[Row], **named: str) -> Path:
    """Write one of the files as a workbook; cells of digits become numbers where they keep their shape."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name_of(part, form="xlsx", **named)
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet(path.stem)
        for number, row in enumerate([(NOTICE,), (TITLE,), *HEAD, *rows]):
            sheet.write_row(number, 0, [_number(cell) for cell in row])
    return path


def _number(cell: str) -> str | int:
    return int(cell) if cell.isdigit() and not cell.startswith("0") else cell
