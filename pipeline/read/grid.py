"""Bytes into a grid of texts, one function per form; workbooks have a file of their own.

A grid is a Polars frame: ``source_line`` (the line that the record begins on, from 1) and one
text column per cell, named "0", "1", ... A cell that a short record lacks is null.
Line ends may be CRLF, LF or a bare CR (RVU25C has 19,038 of those), or CRCRLF where a program took
each LF of a CRLF for a line end of its own. CMS writes Windows-1252; what was
saved again by other programs may be UTF-8, or UTF-16 after its mark.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from statistics import median

import polars as pl

from pipeline.errors import refuse
from pipeline.read.separated import BETWEEN_CELLS, SEPARATED, Separated

# CMS's title and copyright lines are few; a header further down is no header.
HEADER_SEARCH_LINES = 30

# By so many lines it is judged what stands between the cells of a file.
JUDGED_LINES = 200

# The widest table of CMS has 136 columns, and ZIP9, the longest that is not streamed, has some nine
# million lines. One line with a million cells would make every other as long.
MOST_CELLS = 512
MOST_LINES = 12_000_000

BLANKS = " \t\x1a\xa0"

# What Excel and editors put before a text to say how it is written; no file of CMS begins so.
MARKS = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16-LE", b"\xfe\xff": "UTF-16-BE"}

WINDOWS = "Windows-1252"


def decode(data: bytes, file: str) -> str:
    """Decode a file and make every line end a LF.

    A mark says how it is written. Without one it is Windows-1252, in which CMS writes, unless its
    letters beyond ASCII are sound UTF-8, which in Windows-1252 no words are. Raises RefusedError
    naming the line of the first byte that is no character.

    Byte 0xFF is a no-break space: CMS writes the files of hospital outpatients and surgical centers
    so, as DOS did, and the letter that it is in Windows-1252 stands in no word of CMS. A file that was
    saved again in another way has that letter.
    """
    if not data:
        raise refuse(file, "empty", "the file is empty")
    mark = next((mark for mark in MARKS if data.startswith(mark)), b"")
    body = data[len(mark) :]
    text = _decoded(body, MARKS[mark], file) if mark else _unmarked(body, file)
    text = text.replace("\xff", "\xa0")
    for line_end in ("\r\r\n", "\r\n", "\r"):
        text = text.replace(line_end, "\n")
    # A form feed before a line begins a page where a file was printed, and says nothing. One within a
    # line stays, so that no two halves of a number become another one.
    if "\f" in text:
        text = re.sub(r"^\f+|\f+$", "", text, flags=re.MULTILINE)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refuse(file, "encoding", "the file holds a NUL byte, so it is no text", line=line)
    return text


def is_wide(data: bytes) -> bool:
    """Whether a file is marked as UTF-16, so that bytes tell nothing of its lines."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff"))


def _unmarked(body: bytes, file: str) -> str:
    try:
        return body.decode("UTF-8")
    except UnicodeDecodeError:
        return _decoded(body, WINDOWS, file)


def _decoded(body: bytes, encoding: str, file: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        sound = body[: error.start].decode(encoding)
        raise refuse(
            file,
            "encoding",
            f"byte 0x{body[error.start]:02X} is no character of {encoding}, in which "
            + ("CMS writes" if encoding == WINDOWS else "the file says that it is written"),
            line=len(re.findall("\r*\n|\r", sound)) + 1,
        ) from None


def read_csv(data: bytes, file: str) -> pl.DataFrame:
    """Read a comma-separated file; quoted commas and line ends are honoured."""
    return read_separated(data, file, SEPARATED["csv"])


def read_separated(
    data: bytes, file: str, manner: Separated, line_feeds: bool = False
) -> pl.DataFrame:
    """Read a file whose cells have a separator between them.

    A quoted cell may hold separators and line ends; ``line_feeds`` says that the last record of the
    file may, too, where else a stray quote is what swallowed all up to the end.
    """
    lines = _lines(data, file)
    _refuse_other_separator(lines, file, manner.separator)
    if manner.is_quoted and any(line.count('"') % 2 for line in lines):
        # A quoted cell holds a line end, so that a record is more than a line.
        return _read_records(lines, file, manner.separator, line_feeds)
    separator = manner.separator
    if not manner.is_quoted or not any('"' in line for line in lines):
        return _plain_table(lines, file, separator)
    # Hardly a line of CMS's has a quote, and without one a record is no more than its separators.
    records = [
        _record(line, number, file, separator) if '"' in line else line.split(separator)
        for number, line in enumerate(lines, start=1)
    ]
    return _table(records, range(1, len(lines) + 1), file)


def _refuse_other_separator(lines: list[str], file: str, separator: str) -> None:
    """A spreadsheet may have put others between the cells, and commas into the numbers with them.

    They are not read so: nothing tells whether 1,234 is a thousand or little more than one.
    """
    first = lines[:JUDGED_LINES] or [""]
    counts = {x: median(line.count(x) for line in first) for x in BETWEEN_CELLS}
    other = max(BETWEEN_CELLS, key=lambda x: counts[x])
    if counts[other] > max(counts[separator], 1):
        names = f"{BETWEEN_CELLS[other]} between them, and {BETWEEN_CELLS[separator]} are expected"
        advice = "Open it in a spreadsheet and save it as a workbook (.xlsx), or get it from CMS."
        raise refuse(file, "separator", f"its cells have {names}", advice=advice)


def _plain_table(lines: list[str], file: str, separator: str) -> pl.DataFrame:
    """The grid of lines without quotes, of which a file of pairs has 650,000: cut by Polars."""
    texts = pl.Series("line", lines, dtype=pl.String)
    counts = texts.str.count_matches(separator, literal=True)
    most = max(counts, default=0)
    _refuse_wide(most + 1, (counts.arg_max() or 0) + 1, file)
    cells = texts.str.split_exact(separator, most).struct.unnest()
    return grid_of(cells.get_columns(), range(1, len(lines) + 1))


def _record(line: str, number: int, file: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error as error:
        raise refuse(file, "csv", f"not a readable CSV record: {error}", line=number) from None


def _read_records(lines: list[str], file: str, separator: str, line_feeds: bool) -> pl.DataFrame:
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True)
    records: list[list[str]] = []
    begins = [1]
    try:
        for cells in reader:
            records.append(cells or [""])
            begins.append(reader.line_num + 1)
    except csv.Error as error:
        message = f"not a readable CSV record: {error}"
        raise refuse(file, "csv", message, line=begins[-1]) from None
    if begins[-1] - begins[-2] > 1 and not line_feeds:
        message = f"a quoted cell runs on to line {begins[-1] - 1}, the last"
        raise refuse(file, "csv", message, line=begins[-2])
    return _table(records, begins[:-1], file)


def _table(records: list[list[str]], begins: Sequence[int], file: str) -> pl.DataFrame:
    """The grid of records, in which cells that a short record lacks become null."""
    for begin, cells in zip(begins, records, strict=True):
        _refuse_wide(len(cells), begin, file)
    return grid_of(zip_longest(*records), begins)


def _refuse_wide(count: int, line: int, file: str) -> None:
    if count > MOST_CELLS:
        message = f"the line has {count:,} cells, and no file of CMS has {MOST_CELLS}"
        raise refuse(file, "cell_count", message, line=line)


def read_lines(data: bytes, file: str) -> pl.DataFrame:
    """Read a fixed-width file as one cell per line."""
    lines = _lines(data, file)
    return grid_of([lines], range(1, len(lines) + 1))


def _lines(data: bytes, file: str) -> list[str]:
    text = decode(data, file)
    if text.count("\n") > MOST_LINES:
        raise refuse(file, "size", f"the file has more than {MOST_LINES:,} lines")
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def grid_of(columns: Iterable[Iterable[str]], begins: Iterable[int]) -> pl.DataFrame:
    """The grid of some columns of cells; ``begins`` are the lines that its records begin on."""
    lines = pl.Series("source_line", begins, dtype=pl.Int32)
    cells = [pl.Series(str(i), column, dtype=pl.String) for i, column in enumerate(columns)]
    return pl.DataFrame([lines, *cells])


def squeeze(text: str) -> str:
    """Fold every run of white space into one blank and strip the ends."""
    return re.sub(r"\s+", " ", text).strip()


def head_texts(grid: pl.DataFrame) -> list[str]:
    """The cells of each line of a grid as one text."""
    return [squeeze(" ".join(filter(None, row[1:]))) for row in grid.iter_rows()]
