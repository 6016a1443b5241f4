"""A text file of claim lines: what it is written in, and how many records it has.

DuckDB reads the cells, and is told every option; nothing is left for it to guess. What it is told
is decided here: the encoding from the bytes, the delimiter from the head line. The records are
counted here too, without DuckDB, so that a line that got lost is noticed.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pipeline.errors import RefusedError, refuse

BLOCK = 1 << 20
DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Longer than any head line; a line that goes on is none.
LONGEST_HEAD = 1 << 16
# What Windows-1252 has no characters for.
UNDEFINED = b"\x81\x8d\x8f\x90\x9d"
ADVICE = "Save it again as CSV in UTF-8, or as Parquet."
ABOVE_THE_HEAD = "Where it is a title, remove all lines above the names of the columns."
TABLE_OF_X12 = "Export its service lines as a table, as docs/claim-files.md says of 837p."
NO_LINE = "Where it is a note or a total, remove it; else save the file again as CSV in UTF-8, or as Parquet."
SECOND_HEAD = (
    "Remove it where the columns below it are those above it, else price the two files one by one."
)


@dataclass(frozen=True)
class TextFile:
    """A text file in UTF-8 and what it holds.

    ``name`` is that of the file the user gave; ``path`` is where its text stands in UTF-8 with
    one kind of line end, which may be a copy. ``heads`` are the cells of the first line, and
    ``encoding`` is that of the file the user gave. The file is uneven where not all of its lines
    have the same number of cells. It may have formulas where ="00123" or the like is in it.
    """

    name: str
    path: Path
    delimiter: str
    heads: tuple[str, ...]
    records: int
    encoding: str = "utf-8"
    is_uneven: bool = False
    may_have_formulas: bool = False


@dataclass
class _Bytes:
    """What one pass over the bytes of a file found."""

    encoding: str
    line_feeds: int = 0
    returns: int = 0
    pairs: int = 0
    has_quotes: bool = False
    has_formulas: bool = False

    @property
    def needs_copy(self) -> bool:
        """Whether DuckDB could not read the file as it stands."""
        mixed = 0 < self.pairs < self.line_feeds or 0 < self.pairs < self.returns
        return not self.encoding.startswith("utf-8") or mixed or self.returns > self.pairs


def open_text(file: Path, folder: Path) -> TextFile:
    """Decide what a file is written in and count its records; ``folder`` takes a copy if need be.

    Raises RefusedError with the line and the cause where it cannot be read as a whole.
    """
    found, path = _scan(file), file
    if found.needs_copy:
        path = folder / "claim_lines.csv"
        _copy(file, found.encoding, path)
    with path.open(encoding="utf-8-sig", newline="") as text:
        delimiter, heads = _head(file.name, text)
    counted = _count_quoted if found.has_quotes else _count_lines
    widths = counted(file.name, path, delimiter)
    records, is_uneven = sum(widths.values()), len(widths) > 1
    return TextFile(
        file.name, path, delimiter, heads, records, found.encoding, is_uneven, found.has_formulas
    )


def _scan(file: Path) -> _Bytes:
    with file.open("rb") as data:
        found = _Bytes(_marked(file.name, data.read(BLOCK)))
        if found.encoding.startswith("utf-16"):
            found.has_quotes = found.has_formulas = True
            return found
        data.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        line, before = 1, b""
        for block in iter(lambda: data.read(BLOCK), b""):
            found.encoding = _still(found.encoding, decoder, block)
            if b"\0" in block:
                line += block[: block.index(b"\0")].count(b"\n")
                raise _refused(file.name, "it holds a character NUL, which no text has", line)
            line += block.count(b"\n")
            found.line_feeds += block.count(b"\n")
            found.returns += block.count(b"\r")
            found.pairs += block.count(b"\r\n") + (before == b"\r" and block[:1] == b"\n")
            has_quotes = b'"' in block
            found.has_quotes |= has_quotes
            found.has_formulas |= has_quotes and b'="' in before + block
            before = block[-1:]
        found.encoding = _still(found.encoding, decoder, b"", final=True)
    if found.encoding == "cp1252":
        _refuse_both(file)
    return found


def _refuse_both(file: Path) -> None:
    """Refuse a file in UTF-8 with a stray byte: as Windows-1252 its other characters would be others."""
    is_utf_8, other = False, 0
    with file.open("rb") as data:
        for number, line in enumerate(data, 1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                is_utf_8 = True
            except UnicodeDecodeError:
                other = other or number
    if is_utf_8 and other:
        raise _refused(file.name, "a byte is no UTF-8, in which other lines are written", other)


def _marked(name: str, start: bytes) -> str:
    """The encoding that the first bytes name; UTF-8 where they name none."""
    if not start.strip():
        raise _refused(name, "it is empty")
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            return encoding
    # The first letters of a head are ASCII, so that every second byte is 0.
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) > 3 and start[place:4:2] == b"\0\0":
            return encoding
    return "utf-8"


def _still(encoding: str, decoder: codecs.IncrementalDecoder, block: bytes, final=False) -> str:
    """The encoding after one more block: what is not UTF-8 is taken for Windows-1252."""
    if encoding == "utf-8":
        try:
            decoder.decode(block, final)
        except UnicodeDecodeError:
            return "cp1252"
    return encoding


def _copy(file: Path, encoding: str, path: Path) -> None:
    """Write the text in UTF-8, with one kind of line end."""
    line = 1
    try:
        with (
            file.open(encoding=encoding, newline=None) as text,
            path.open("w", encoding="utf-8", newline="\n") as copy,
        ):
            while block := text.read(BLOCK):
                if "\0" in block:
                    raise _refused(file.name, "it holds a character NUL, which no text has", line)
                copy.write(block)
                line += block.count("\n")
    except UnicodeError:
        if encoding == "cp1252":
            line, message = _undefined(file), "a character is neither UTF-8 nor Windows-1252"
        else:
            message = "it begins as UTF-16 and does not go on as such, at or after this line"
        raise _refused(file.name, message, line) from None


def _undefined(file: Path) -> int:
    """The first line with a byte that Windows-1252 leaves undefined."""
    with file.open("rb") as data:
        undefined = (n for n, x in enumerate(data, 1) if x.translate(None, UNDEFINED) != x)
        return next(undefined)


def _head(name: str, text: TextIO) -> tuple[str, tuple[str, ...]]:
    """The delimiter, decided from the head line alone, and the cells of that line."""
    line = _head_line(text)
    if not line.strip():
        raise _refused(name, "the first line is empty where the names of the columns belong", 1)
    if line.lower().startswith("sep="):
        message = "the first line says how cells are divided, as some programs tell Excel"
        raise refuse(name, "claim_lines", message, line=1, advice="Remove that line.")
    if line.startswith("ISA*"):
        message = "it is a claim as X12 sends it (837), and no table"
        raise refuse(name, "claim_lines", message, line=1, advice=TABLE_OF_X12)
    tried = {x: _cells(line, x) for x in DELIMITERS}
    widest = max(map(len, tried.values()))
    fitting = [x for x, cells in tried.items() if len(cells) == widest]
    if widest <= 1 or len(fitting) > 1:
        listed = ", ".join(DELIMITERS.values())
        message = f"the names of the columns are not divided by one of {listed}"
        advice = ABOVE_THE_HEAD if widest <= 1 else ADVICE
        raise refuse(name, "claim_lines", message, line=1, advice=advice)
    return fitting[0], tuple(cell.strip() for cell in tried[fitting[0]])


def _head_line(text: TextIO) -> str:
    """The first line, and those after it as long as a name in quotation marks runs on, as one wrapped in Excel."""
    line = text.readline(LONGEST_HEAD)
    if any(_runs_on(line, x) for x in DELIMITERS):
        while (
            line.count('"') % 2
            and len(line) < LONGEST_HEAD
            and (more := text.readline(LONGEST_HEAD))
        ):
            line += more
    return line


def _runs_on(line: str, delimiter: str) -> bool:
    """Whether a line ends within quotation marks; one inside a name (5") opens none."""
    try:
        list(_reader([line], delimiter))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        rows = list(_reader([line], delimiter))
    except csv.Error:
        return []
    return rows[0] if rows else []


def _reader(lines: Iterator[str] | list[str] | TextIO, delimiter: str):
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)


def _count_lines(name: str, path: Path, delimiter: str) -> Counter[int]:
    """The records below the head, by their delimiters: without quotation marks, lines that are not empty."""
    mark, empty = delimiter.encode(), (b"\n", b"\r\n")
    with path.open("rb") as data:
        of_head = next(data).count(mark)
        records = sum(1 for line in data if line not in empty)
        data.seek(0)
        found = sum(block.count(mark) for block in iter(lambda: data.read(BLOCK), b""))
        # Lines with less than the head has are refused anyway, so that none makes up for another.
        if found == of_head * (records + 1):
            return Counter({of_head: records})
        data.seek(0)
        next(data)
        return Counter(line.count(mark) for line in data if line not in empty)


def _count_quoted(name: str, path: Path, delimiter: str) -> Counter[int]:
    """The records below the head, by their cells, of a file in which quoted ones may run over several lines."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        rows = _reader(text, delimiter)
        try:
            next(rows)
            return Counter(len(row) for row in rows if row)
        except csv.Error as error:
            raise _refused(name, _cause(error), rows.line_num) from None


def _cause(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a value has more than {csv.field_size_limit():,} characters"
    return "a quotation mark does not stand where a quoted value begins or ends"


def first_fault(file: TextFile, names: set[str]) -> RefusedError | None:
    """The first record that has another number of cells than the head, or is a head again.

    ``names`` are those that a column may have, in small letters.
    """
    with file.path.open(encoding="utf-8-sig", newline="") as text:
        rows = _reader(text, file.delimiter)
        began = 1
        try:
            for number, row in enumerate(rows):
                if number and row and (fault := _fault(file, row, names)):
                    message, advice = fault
                    return refuse(file.name, "claim_lines", message, line=began, advice=advice)
                began = rows.line_num + 1
        except csv.Error as error:
            return _refused(file.name, _cause(error), began)
    return None


def _fault(file: TextFile, row: list[str], names: set[str]) -> tuple[str, str] | None:
    """What is wrong with a record, and what to do about it."""
    fits = len(row) == len(file.heads)
    # Another export may have had another delimiter.
    parts = row if fits else [part for one in row for x in DELIMITERS for part in _cells(one, x)]
    if len({part.strip().lower() for part in parts} & names) > 2:
        return "column names stand among the lines: two files were joined into one", SECOND_HEAD
    # DuckDB takes delimiters at the end of a line for no cells. That of some lines alone may come of
    # a value like 3,500.00 that is not quoted, which moves what stands behind it by one.
    if fits or not (file.is_uneven or any(row[len(file.heads) :]) or len(row) < len(file.heads)):
        return None
    counts = f"the line has {len(row)} cells where the head has {len(file.heads)}"
    if len(row) < len(file.heads):
        return counts, NO_LINE if len(row) == 1 else ADVICE
    return (
        f"{counts}; a value with {DELIMITERS[file.delimiter]} in it needs quotation marks",
        ADVICE,
    )


def _refused(name: str, message: str, line: int | None = None) -> RefusedError:
    return refuse(name, "claim_lines", message, line=line, advice=ADVICE)


def refused(file: TextFile, message: str) -> RefusedError:
    """The refusal of a file whose fault has no line of its own."""
    return _refused(file.name, message)
