"""Workbooks: which sheet of one is read, and what is proven before a library unpacks it."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from posixpath import join, normpath

import fastexcel
import polars as pl

from pipeline.errors import refuse
from pipeline.read.bundle import extension_of
from pipeline.read.grid import grid_of, squeeze
from pipeline.read.lost_cells import first_lost_cell
from pipeline.read.sheet import (
    ADVICE,
    COMPOUND_FILE,
    MOST_TEXT,
    Sheet,
    attribute,
    local,
    parse,
    text_lengths,
)
from pipeline.read.zipped import DAMAGE, PACKED_BY

# A workbook of CMS unpacks to some 20 MB.
LARGEST_WORKBOOK = 1 << 28

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
SHARED_TEXTS = "xl/sharedStrings.xml"


# The extensions of workbooks.
WORKBOOKS = ("xlsx", "xls")


@dataclass(frozen=True)
class _Part:
    """A sheet: its name, the part of the workbook that holds it, and whether Excel shows it."""

    name: str
    part: str
    is_shown: bool


def read_workbook(
    data: bytes,
    file: str,
    has_data: Callable[[str, pl.DataFrame], bool] = lambda *_: True,
    named: str = "",
) -> tuple[str, pl.DataFrame]:
    """Read the sheet with the data as texts, and its name; hidden sheets count for nothing.

    Where a name of sheets contains the regular expression ``named``, the others are not looked at.

    Rows and columns that are hidden or filtered are data like others. Of several sheets with
    values the one is read for which ``has_data`` holds of its name and texts; RefusedError where
    several have data, or where the workbook is no workbook, too large, or holds what cannot be read
    as a value. Where none has data, the fullest is given back.
    """
    sheets, load = _sheets(data, file, named)
    if not sheets:
        raise refuse(file, "no_data", "no sheet that the workbook shows has a value")
    if len(sheets) == 1:
        [name] = sheets
        return name, load(name)
    with_data = [(name, grid) for name in sheets if has_data(name, grid := load(name))]
    if len(with_data) > 1:
        names = " and ".join(f'"{name}"' for name, _ in with_data)
        advice = "Keep the one that counts and hide or delete the others."
        raise refuse(file, "sheet", f"several sheets have the data: {names}", advice=advice)
    if with_data:
        return with_data[0]
    name = max(sheets, key=lambda name: sheets[name])
    return name, load(name)


def _sheets(
    data: bytes, file: str, named: str
) -> tuple[dict[str, int], Callable[[str], pl.DataFrame]]:
    """The number of values of each sheet that is shown and has any, and what loads one by name."""
    if extension_of(file) == "xls":
        # Its library is there for the few files of this form.
        from pipeline.read.old_workbook import OldWorkbook

        book = OldWorkbook(data, file)
        return book.filled_sheets(named), book.load
    return _filled_sheets(_open(data, file), file, named), lambda name: _load(data, file, name)


def _open(data: bytes, file: str) -> zipfile.ZipFile:
    """The parts of a workbook; raises RefusedError where they are not to be trusted."""
    if not data:
        raise refuse(file, "empty", "the file is empty")
    if data.startswith(COMPOUND_FILE):
        message = "an old Excel file, or one with a password, under the name of a new one"
        raise refuse(
            file, "workbook", message, advice="Save it in Excel as .xlsx, without password."
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE as error:
        raise refuse(file, "workbook", f"not a readable workbook: {error}") from None
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_WORKBOOK:
        raise refuse(file, "size", f"the workbook would unpack to {unpacked:,} bytes")
    if len({_place(part.filename) for part in parts}) < len(parts):
        # Two programs would see two workbooks in it.
        raise refuse(file, "workbook", "not a readable workbook: a part of it is there twice")
    if any(part.compress_type not in PACKED_BY for part in parts):
        raise refuse(file, "workbook", "not a readable workbook: it is packed as none of Excel is")
    return archive


def _place(name: str) -> str:
    """The name of a part as programs look it up: some write it with backslashes or capitals."""
    return name.replace("\\", "/").casefold()


def _part(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The part of a name; raises KeyError where there is none."""
    return {_place(part.filename): part for part in archive.infolist()}[_place(name)]


def _filled_sheets(archive: zipfile.ZipFile, file: str, named: str) -> dict[str, int]:
    """The number of values of each sheet that the workbook shows and that has any.

    Where some are called as ``named`` says, the others are not looked at.
    """
    try:
        lengths = _text_lengths(archive, file)
        shown = _shown_sheets(archive, file)
        called = [x for x in shown if named and re.search(named, x.name, re.IGNORECASE)]
        return _counts(archive, file, called, lengths) or _counts(archive, file, shown, lengths)
    except (*DAMAGE, OSError) as error:
        raise refuse(file, "workbook", f"not a readable workbook: {squeeze(str(error))}") from None


def _counts(
    archive: zipfile.ZipFile, file: str, sheets: list[_Part], lengths: list[int]
) -> dict[str, int]:
    counts = {}
    for sheet in sheets:
        part = _part(archive, sheet.part)
        # A cell with a shared text takes 28 characters or more.
        matters = part.file_size // 28 * max(lengths, default=0) > MOST_TEXT
        with archive.open(part) as stream:
            examined = Sheet(file, sheet.name, lengths if matters else None)
            counts[sheet.name] = examined.examine(stream.read(part.file_size))
    return {name: count for name, count in counts.items() if count}


def _text_lengths(archive: zipfile.ZipFile, file: str) -> list[int]:
    try:
        part = _part(archive, SHARED_TEXTS)
    except KeyError:
        return []
    with archive.open(part) as stream:
        return text_lengths(stream, file)


def shown_sheets(data: bytes, file: str) -> list[str]:
    """The names of the sheets that Excel shows, in their order."""
    try:
        return [sheet.name for sheet in _shown_sheets(_open(data, file), file)]
    except (*DAMAGE, OSError) as error:
        raise refuse(file, "workbook", f"not a readable workbook: {squeeze(str(error))}") from None


def lost_cell(data: bytes, file: str, sheet: str) -> str:
    """What is said of the first cell of a sheet whose value is not in the workbook, '' where there is none."""
    archive = _open(data, file)
    try:
        for part in _listed_sheets(archive, file):
            if part.name == sheet:
                with archive.open(_part(archive, part.part)) as stream:
                    return first_lost_cell(stream)
    except (*DAMAGE, OSError) as error:
        raise refuse(file, "workbook", f"not a readable workbook: {squeeze(str(error))}") from None
    return ""


def _shown_sheets(archive: zipfile.ZipFile, file: str) -> list[_Part]:
    """The sheets that Excel shows, as the workbook lists them."""
    return [sheet for sheet in _listed_sheets(archive, file) if sheet.is_shown]


def _listed_sheets(archive: zipfile.ZipFile, file: str) -> list[_Part]:
    parts: dict[str, str] = {}
    listed: list[_Part] = []
    names: list[str] = []

    def relation(name: str, attributes: list[str]) -> None:
        kind, target = attribute(attributes, "Type"), attribute(attributes, "Target")
        if local(name) == "Relationship" and kind.endswith("/worksheet"):
            # A target is relative to xl/ or begins with a slash.
            parts[attribute(attributes, "Id")] = normpath(join("/xl", target)).lstrip("/")

    def sheet(name: str, attributes: list[str]) -> None:
        if local(name) != "sheet":
            return
        names.append(attribute(attributes, "name"))
        keys = (key for key in attributes[::2] if local(key) == "id")
        part = parts.get(attribute(attributes, next(keys, "")))
        if part:
            is_shown = attribute(attributes, "state") in ("", "visible")
            listed.append(_Part(names[-1], part, is_shown))

    with archive.open(_part(archive, RELATIONS)) as stream:
        parse(stream, file, relation)
    with archive.open(_part(archive, WORKBOOK)) as stream:
        parse(stream, file, sheet)
    if len({name.casefold() for name in names}) < len(names):
        raise refuse(file, "workbook", "two sheets of the workbook have one name", advice=ADVICE)
    return listed


def _load(data: bytes, file: str, sheet: str) -> pl.DataFrame:
    try:
        loaded = fastexcel.read_excel(data).load_sheet(
            sheet, header_row=None, skip_rows=0, dtypes="string", eager=False
        )
        cells = loaded.to_polars().fill_null("")
    except BaseException as error:
        raise _failure(error, file) from None
    if not cells.width:
        raise refuse(file, "no_data", f'the sheet "{sheet}" is empty')
    # Excel writes the end-of-file character as an escape of its own. A cell of several lines is one
    # row all the same.
    cells = cells.with_columns(pl.nth(0).replace("_x001A_", "\x1a"))
    cells = cells.with_columns(pl.all().str.replace_all(r"[\r\n]+", " "))
    # A CSV with a no-break space of DOS (see grid.decode) has this letter once Excel saved it.
    cells = cells.with_columns(pl.all().str.replace_all("\xff", "\xa0", literal=True))
    return grid_of(cells.get_columns(), range(1, len(cells) + 1))


def _failure(error: BaseException, file: str) -> BaseException:
    """What is said of an error of the library; a panic of its Rust code is no Exception."""
    if isinstance(error, fastexcel.FastExcelError) or type(error).__name__ == "PanicException":
        words = squeeze(re.sub(r"\s*Context:.*", "", str(error), flags=re.DOTALL))
        return refuse(file, "workbook", f"not a readable workbook: {words}")
    return error
