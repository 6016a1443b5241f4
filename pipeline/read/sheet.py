"""A sheet of a workbook, examined before it is read: where its cells are, and that each has a value.

A library that reads workbooks makes room for every cell up to the last one, and ends the whole
process where there is none. So the XML is streamed here first, and no size in it is believed.
"""

import io
import re
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

import polars as pl

from pipeline.errors import RefusedError, refuse
from pipeline.read.grid import HEADER_SEARCH_LINES
from pipeline.read.plain_sheet import plain_references

# How old Excel files begin, and new ones that a password protects.
COMPOUND_FILE = b"\xd0\xcf\x11\xe0"

# The largest sheet of CMS (PPRRVU) has 0.6 million cells, filled or not, and some 10 MB of text.
MOST_CELLS = 4_000_000
# No sheet of CMS has more than two cells for each that is filled.
MOST_BLANK, SMALL_SHEET = 20, 100_000
MANY_COLUMNS = 256
MOST_TEXT = 1 << 28

# Excel's own bounds.
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

# A value, whatever prefix a program writes: one text, without comments or references in it, of
# which the library would read a part.
PREFIX = rb"(?:[^<>/\s:]+:)?"
VALUE = re.compile(rb"<" + PREFIX + rb"v(?:\s[^<>]*)?(?:/>|(?<!/)>[^<&]*</" + PREFIX + rb"v\s*>)")

ADVICE = "Correct that in Excel and save the workbook, or get the file again from CMS."


def parse(stream: IO[bytes], file: str, start: Callable[[str, list[str]], None]) -> None:
    """Stream XML; ``start`` takes the name of each element and its attributes, in turn.

    Raises RefusedError where it is no XML or declares what a workbook never does.
    """
    _parse(stream, file, _parser(file), start)


def _parser(file: str) -> expat.XMLParserType:
    def declare(*_: object) -> None:
        raise refuse(file, "workbook", "a part of the workbook declares a document type")

    parser = expat.ParserCreate()
    # A list of names and values is made faster than a dictionary, half a million times.
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = declare
    return parser


def _parse(
    stream: IO[bytes],
    file: str,
    parser: expat.XMLParserType,
    start: Callable[[str, list[str]], None],
) -> None:
    parser.StartElementHandler = start
    try:
        parser.ParseFile(stream)
    except (expat.ExpatError, LookupError) as error:
        raise refuse(file, "workbook", f"not a readable workbook: {error}") from None


def local(name: str) -> str:
    """The name of an element or attribute without the prefix that some programs write."""
    return name.rpartition(":")[2] if ":" in name else name


def attribute(attributes: list[str], name: str) -> str:
    """The value of an attribute, '' where there is none."""
    return next(
        (
            value
            for key, value in zip(attributes[::2], attributes[1::2], strict=True)
            if key == name
        ),
        "",
    )


def text_lengths(stream: IO[bytes], file: str) -> list[int]:
    """How long each of the texts is that the cells of a workbook share."""
    lengths: list[int] = []

    def start(name: str, _: list[str]) -> None:
        if local(name) == "si":
            lengths.append(0)

    def text(part: str) -> None:
        if lengths:
            lengths[-1] += len(part)

    parser = _parser(file)
    parser.CharacterDataHandler = text
    _parse(stream, file, parser, start)
    return lengths


class _Kinds(dict[str, str]):
    """What an element is by its name, looked up once; a value in place ("is") is one like others."""

    def __missing__(self, name: str) -> str:
        kind = {"is": "v"}.get(local(name), local(name))
        return self.setdefault(name, kind)


class Sheet:
    """One examination of a sheet. ``lengths`` are those of the shared texts, where they matter."""

    def __init__(self, file: str, name: str, lengths: list[int] | None = None) -> None:
        self._file = file
        self._name = name
        self._lengths = lengths
        self._filled: list[str] = []
        self._merged: list[str] = []
        self._cell: list[str] = []
        # The reference of a cell whose value is looked at, and the value so far.
        self._watched = ""
        self._value = ""
        self._text_length = 0
        self._values = 0
        self._parser = _parser(file)
        self._kinds = _Kinds()

    def examine(self, xml: bytes) -> int:
        """The number of cells with a value; raises RefusedError where the sheet is not read."""
        plain = None if self._lengths else plain_references(xml)
        if plain is not None and not _fault(plain):
            return len(plain)
        _parse(io.BytesIO(xml), self._file, self._parser, self._start)
        self._end_watch()
        self._refuse_merged()
        if len(VALUE.findall(xml)) != self._values:
            raise self._refuse("cells", "a value is written as Excel writes none")
        fault = _fault(pl.Series(self._filled, dtype=pl.String))
        if fault:
            raise self._refuse(*fault)
        return len(self._filled)

    def _start(self, name: str, attributes: list[str]) -> None:
        # This runs a million times for a sheet of CMS, so that the two usual elements come first.
        kind = self._kinds[name]
        if kind == "c":
            if self._watched:
                self._end_watch()
            self._cell = attributes
        elif kind == "v":
            cell = self._cell
            self._filled.append(cell[1] if cell and cell[0] == "r" else self._reference())
            self._values += local(name) == "v"
            if self._lengths or self._watched or "e" in cell:
                self._look_at_value(name)
        elif kind == "f":
            self._watched = self._reference()
        elif kind == "mergeCell":
            self._merged.append(attribute(attributes, "ref"))

    def _look_at_value(self, name: str) -> None:
        kind = attribute(self._cell, "t")
        if kind == "e":
            message = f"cell {self._filled[-1]} holds an error of Excel, no value"
            raise self._refuse("cells", message)
        if local(name) == "v" and (self._watched or kind == "s"):
            self._watched = self._filled[-1]
            self._parser.CharacterDataHandler = self._take

    def _take(self, text: str) -> None:
        self._value += text

    def _end_watch(self) -> None:
        """Look at the value of a formula, or of a shared text, which now is there whole."""
        kind = attribute(self._cell, "t")
        if kind == "s" and self._lengths is not None and self._value.strip().isdigit():
            number = int(self._value)
            self._text_length += self._lengths[number] if number < len(self._lengths) else 0
            if self._text_length > MOST_TEXT:
                raise self._refuse("size", f"its texts have more than {MOST_TEXT:,} characters")
        elif self._watched and kind != "str" and not self._value.strip():
            message = f"cell {self._watched} holds a formula whose value was not saved"
            raise self._refuse("cells", message)
        self._watched = self._value = ""
        self._parser.CharacterDataHandler = None

    def _reference(self) -> str:
        found = attribute(self._cell, "r")
        if not found:
            raise self._refuse("cells", "a cell does not say where it is")
        return found

    def _refuse_merged(self) -> None:
        """One value over several lines would be the value of the first, and blank in the others."""
        for merged in self._merged:
            ends = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", merged)
            if ends and ends[1] == ends[3] and int(ends[2]) > HEADER_SEARCH_LINES:
                raise self._refuse("cells", f"the cells {merged} are merged into one")

    def _refuse(self, rule: str, message: str) -> RefusedError:
        sheet = f' in sheet "{self._name}"'
        return refuse(self._file, rule, message + sheet, advice=ADVICE)


def _fault(references: pl.Series) -> tuple[str, str] | None:
    """The rule and words where a cell is nowhere, stands twice, or is far from all others."""
    cells = _positions(references)
    nowhere = cells.filter(~pl.col("is_valid").fill_null(False))
    if len(nowhere):
        return "cells", f'"{nowhere["reference"][0]}" is no place of a cell'
    again = cells.filter((pl.col("row") * MOST_COLUMNS + pl.col("column")).diff() <= 0)
    if len(again):
        return "cells", f"cell {again['reference'][0]} stands twice, or out of order"
    rows, columns = cells.select(pl.max("row"), pl.max("column")).row(0) if len(cells) else (0, 0)
    if not is_scattered(rows, columns, len(cells)):
        return None
    is_far = pl.col("column") == columns if columns > MANY_COLUMNS else pl.col("row") == rows
    return "size", (
        f"cell {cells.filter(is_far)['reference'][0]} makes the sheet {rows:,} rows by {columns:,} "
        f"columns, of which {len(cells):,} cells are filled"
    )


def is_scattered(rows: int, columns: int, filled: int) -> bool:
    """Whether so few of a sheet's cells are filled that its size is not that of its data."""
    return rows * columns > min(MOST_CELLS, SMALL_SHEET + MOST_BLANK * filled)


def _positions(references: pl.Series) -> pl.DataFrame:
    """Row and column (from 1) of each reference, and whether a sheet has such a place."""
    split = pl.col("reference").str.extract_groups(r"^([A-Z]{1,3})([1-9][0-9]{0,6})$")
    parts = pl.DataFrame({"reference": references}).with_columns(
        split.struct.field("1").alias("letters"),
        split.struct.field("2").cast(pl.Int64).alias("row"),
    )
    numbers = {letters: _number(letters) for letters in parts["letters"].unique().drop_nulls()}
    column = pl.col("letters").replace_strict(numbers, return_dtype=pl.Int64, default=None)
    is_valid = (pl.col("row") <= MOST_ROWS) & (pl.col("column") <= MOST_COLUMNS)
    return parts.with_columns(column.alias("column")).with_columns(is_valid.alias("is_valid"))


def _number(letters: str) -> int:
    """The number of a column: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
