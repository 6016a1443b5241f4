"""Where the head of a table ends, and which column plays which role.

Words propose: CMS stacks the words of a head over one to five lines, in an order and a wording that
change from year to year, so a column is known by what its words contain. A head counts only where
every needed role has exactly one column and the record below it has the shape of a record.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import polars as pl

from pipeline.errors import RefusedError, refuse
from pipeline.read.grid import BLANKS, HEADER_SEARCH_LINES, squeeze
from pipeline.read.layout import Layout, LayoutColumn
from pipeline.read.melt import melted_columns, melted_fields

NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+")

# CMS stacks up to five lines of words, and in old workbooks some more above them.
MOST_STACKED = 8

# The longest words above a column that CMS has are of some hundred characters; what is longer says more
# than what a column is called.
LONGEST_WORDS = 200


@dataclass(frozen=True)
class Header:
    """The head of a table: how many lines it is stacked of, its last line, its cells."""

    row_count: int
    line: int
    cells: list[str]

    def __str__(self) -> str:
        """The cells with their numbers, for people."""
        return ", ".join(f'{number} "{cell}"' for number, cell in enumerate(self.cells, start=1))


@dataclass(frozen=True)
class Match:
    """A head that a layout fits.

    ``end`` is the number of lines up to its last, ``named`` up to the one by which every needed role has
    its column, ``positions`` the place of each role's column from 0, ``width`` the number of columns,
    ``extra`` the places of columns without a role, each with the words above it, ``melted`` those of
    columns that become rows, each with what its words say.
    """

    layout: Layout
    named: int
    end: int
    positions: dict[str, int]
    width: int
    extra: dict[int, str]
    melted: dict[int, tuple[str, ...]]


@dataclass(frozen=True)
class _Attempt:
    """What a head of ``header`` lacks of a layout: ``faults`` in words."""

    layout: Layout
    header: Header
    positions: dict[str, int]
    melted: dict[int, tuple[str, ...]]
    faults: tuple[str, ...]


def match_header(grid: pl.DataFrame, layouts: tuple[Layout, ...], file: str) -> Match:
    """The one layout whose needed roles a table has, and where its columns stand.

    Raises RefusedError naming the roles that are missing or found twice, and all head cells.
    """
    rows = [[cell or "" for cell in row[1:]] for row in grid[: HEADER_SEARCH_LINES + 5].iter_rows()]
    found = [match for layout in layouts if (match := _find(rows, layout))]
    # A table without a head is one of two kinds only where its first line is a record.
    if len(layouts) > 1:
        found = [x for x in found if _is_record(rows, x.end, x.positions, x.layout)]
    if found:
        # Of two layouts that fit, the one that knows more of the columns is meant.
        found.sort(key=_knowledge, reverse=True)
        if len(found) > 1 and _knowledge(found[0]) == _knowledge(found[1]):
            names = " and ".join(match.layout.name for match in found[:2])
            raise refuse(file, "layout", f"the head fits more than one layout: {names}")
        return found[0]
    closest = _closest(rows, layouts)
    if closest is None:
        raise refuse(file, "header", "the file has no head that names its columns", line=1)
    if not closest.faults:
        raise _without_records(grid, closest, file)
    raise refuse(
        file,
        "header",
        "; ".join(closest.faults),
        line=closest.header.line,
        advice=f"Its head cells: {closest.header}. Nothing of it is read, because nothing tells what "
        "its columns are. Get the file again; if CMS changed it, declare its words in a layout, "
        "which begins with: fees layout draft FILE (unpack a zip first)",
    )


def _without_records(grid: pl.DataFrame, found: _Attempt, file: str) -> RefusedError:
    """The refusal of a file below whose head no record follows: none at all, or one with a damaged key.

    Lines of the head that name no column may come first; a record has a number or some key.
    """
    end = found.header.line
    lines = ((line, row) for line, *row in grid[end:].iter_rows() if _is_more_than_a_note(row))
    below = list(islice(lines, HEADER_SEARCH_LINES))
    if below:
        line, row = next((x for x in below if _is_like_record(x[1], found)), below[0])
        return damaged_key(row, found.layout, found.positions, file, line)
    message = "the file has no data line: nothing stands below its head"
    return refuse(file, "no_data", message, line=end)


def _is_more_than_a_note(row: list[str | None]) -> bool:
    return sum(bool((cell or "").strip(BLANKS)) for cell in row) > 1


def _is_like_record(row: list[str | None], found: _Attempt) -> bool:
    """Whether a line has a number, or a key in its place; a word of a head may be like one, without a digit."""
    keys = [(x, row[found.positions[x.name]] or "") for x in found.layout.key_columns]
    is_keyed = any(fits_key(key, cell) and re.search("[0-9]", cell) for key, cell in keys)
    return is_keyed or any(NUMBER.fullmatch((cell or "").strip(BLANKS)) for cell in row)


def damaged_key(
    row: list[str | None], layout: Layout, positions: dict[str, int], file: str, line: int
) -> RefusedError:
    """The refusal of the line right below a head, which has not the keys of a record."""
    cells = [(x.name, row[positions[x.name]] or "") for x in layout.key_columns]
    said = ", ".join(f'{name} is "{cell}"' for name, cell in cells)
    message = f"the first line below the head is no record by its key: {said}"
    return refuse(file, "key", message, line=line)


def _knowledge(match: Match) -> tuple[bool, int]:
    return match.layout.has_head, len(match.positions)


def _find(rows: list[list[str]], layout: Layout) -> Match | None:
    if not layout.has_head:
        return _find_headless(rows, layout)
    attempt = _fitting(rows, layout)
    if attempt is None:
        return None
    cells = attempt.header.cells
    taken = {*attempt.positions.values(), *attempt.melted}
    extra = {place: words for place, words in enumerate(cells) if place not in taken}
    ends = [end for end in _ends(rows) if end <= attempt.header.line]
    named = next(x.header.line for x in _attempts(rows, layout, ends) if not x.faults)
    end = _end_of_head(rows, attempt.header.line)
    return Match(layout, named, end, attempt.positions, len(cells), extra, attempt.melted)


def _fitting(rows: list[list[str]], layout: Layout) -> _Attempt | None:
    """The highest head that lacks nothing of a layout and has a record below it."""
    for attempt in _attempts(rows, layout, _ends_above_keys(rows, layout)):
        if not attempt.faults and _is_record(rows, attempt.header.line, attempt.positions, layout):
            return attempt
    return None


def _ends_above_keys(rows: list[list[str]], layout: Layout) -> list[int]:
    return [end for end in _ends(rows) if _has_keys(_below(rows, end), layout)]


def _end_of_head(rows: list[list[str]], end: int) -> int:
    """The line that a head reaches to: one with a single cell, not its first, goes on with the head.

    CMS stacks what the values of a column mean below its name, "0=not allowed", "9=not applicable".
    """
    while end < len(rows):
        cells = [place for place, cell in enumerate(rows[end]) if cell.strip(BLANKS)]
        if len(cells) != 1 or cells == [0]:
            break
        end += 1
    return end


def _find_headless(rows: list[list[str]], layout: Layout) -> Match:
    """A table without a head has nothing above its first record but declared notices."""
    columns = [x for x in layout.columns if x.absent is None]
    positions = {x.name: index for index, x in enumerate(columns) if x.name}
    is_notice = [bool(layout.notice and re.search(layout.notice, row[0])) for row in rows]
    end = is_notice.index(False) if False in is_notice else len(rows)
    melted = melted_fields([x.name for x in columns], layout.melt)
    return Match(layout, end, end, positions, len(columns), {}, melted)


def _ends(rows: list[list[str]]) -> list[int]:
    """The numbers of the first lines that are not blank: a head may end at any of them."""
    first = enumerate(rows[:HEADER_SEARCH_LINES], start=1)
    return [end for end, row in first if any(map(str.strip, row))]


def _attempts(rows: list[list[str]], layout: Layout, ends: list[int]) -> Iterator[_Attempt]:
    """Every head that may end at one of these lines, the highest first and of it the flattest.

    Lines are stacked as long as that finds more roles: what a column is called may stand above
    the line that would do.
    """
    for end in ends:
        best: _Attempt | None = None
        for begin in range(end - 1, max(end - 1 - MOST_STACKED, -1), -1):
            attempt = _attempt(Header(end - begin, end, _stacked(rows[begin:end])), layout)
            if best is None or _merit(attempt) > _merit(best):
                best = attempt
        if best:
            yield best


def _merit(attempt: _Attempt) -> tuple[int, int]:
    return -len(attempt.faults), len(attempt.positions)


def _attempt(header: Header, layout: Layout) -> _Attempt:
    positions: dict[str, int] = {}
    faults = []
    taken: dict[int, str] = {}
    for column, places in _headed(header, layout):
        if len(places) > 1:
            numbers = " and ".join(f'{place + 1} ("{header.cells[place]}")' for place in places)
            faults.append(f"{column.name} may be any of the columns {numbers}")
        elif places and places[0] in taken:
            cell = header.cells[places[0]]
            faults.append(f'"{cell}" may be {taken[places[0]]} or {column.name}')
        elif places:
            positions[column.name] = places[0]
            taken[places[0]] = column.name
        elif column.is_needed:
            faults.append(f"no column is named like {column.name}")
    melted, surplus = melted_columns(header.cells, layout.melt)
    faults += _hinted(header, layout, taken) + surplus
    return _Attempt(layout, header, positions, melted, tuple(faults))


def _headed(header: Header, layout: Layout) -> list[tuple[LayoutColumn, list[int]]]:
    """Each column with the places of the cells that its words fit, or those of another ``instead``."""
    cells = list(enumerate(header.cells))
    fit = {x.name: [place for place, cell in cells if x.is_headed(cell)] for x in layout.columns}
    for column in (x for x in layout.columns if x.instead and not fit[x.name]):
        fit[column.name], fit[column.instead] = fit[column.instead], []
    return [(column, fit[column.name]) for column in layout.columns]


def _hinted(header: Header, layout: Layout, taken: dict[int, str]) -> list[str]:
    """What may be a column that the file seems to lack: it is not taken for absent then."""
    missing = [x for x in layout.columns if x.hint and x.name not in taken.values()]
    faults = []
    for place, cell in enumerate(header.cells):
        names = [x.name for x in missing if re.search(x.hint, cell, re.IGNORECASE)]
        if names and place not in taken:
            faults.append(f'column {place + 1} ("{cell}") may be {" or ".join(names)}')
    return faults


def _below(rows: list[list[str]], end: int) -> list[str]:
    """The first line below a head that is more than a note."""
    below = (row for row in rows[end:] if sum(map(bool, (cell.strip(BLANKS) for cell in row))) > 1)
    return next(below, [])


def _has_keys(row: list[str], layout: Layout) -> bool:
    """Whether a line may be a record, wherever its keys stand: a head above another is none."""
    keys = layout.key_columns
    return bool(row) and all(any(fits_key(column, cell) for cell in row) for column in keys)


def _is_record(rows: list[list[str]], end: int, positions: dict[str, int], layout: Layout) -> bool:
    """Whether the line below a head has the keys of a record."""
    row = _below(rows, end)
    keys = [(column, positions[column.name]) for column in layout.key_columns]
    return bool(row) and all(
        place < len(row) and fits_key(column, row[place]) for column, place in keys
    )


def fits_key(column: LayoutColumn, cell: str) -> bool:
    """Whether a cell has the shape of a key column's values."""
    return column.fits_key(cell.strip(BLANKS))


def _closest(rows: list[list[str]], layouts: tuple[Layout, ...]) -> _Attempt | None:
    """The head that lacks the least."""
    ends = _ends(rows)
    attempts = [x for layout in layouts for x in _attempts(rows, layout, ends)]
    return max(attempts, key=lambda x: (len(x.positions), -len(x.faults)), default=None)


def guess_header(grid: pl.DataFrame, layouts: tuple[Layout, ...] = ()) -> Header | None:
    """The head of a table that may have words that no layout declares; None where nothing is like one.

    It is the one that a layout fits, or lacks the least of, if it has two roles; else it ends above
    the first line with keys or with a number in a cell of its own. Lines of more than one cell above
    it go with it, unless they are prose, as a copyright line with commas is.
    """
    rows = [[cell or "" for cell in row[1:]] for row in grid[:HEADER_SEARCH_LINES].iter_rows()]
    headed = [layout for layout in layouts if layout.has_head]
    fitting = next(filter(None, (_fitting(rows, layout) for layout in headed)), None)
    plain = [[""] * len(row) if _is_prose(row) else row for row in rows]
    known = fitting or _nearest(plain, headed)
    end = known.header.line if known else _first_of_data(plain, headed)
    begin = end - known.header.row_count if known else end
    while begin and len(_filled(plain[begin - 1])) > 1:
        begin -= 1
    return Header(end - begin, end, _stacked(rows[begin:end])) if begin < end else None


def _nearest(rows: list[list[str]], layouts: list[Layout]) -> _Attempt | None:
    """Of the heads with two roles and keys below them the one with most of them, the highest of these."""
    attempts = [x for one in layouts for x in _attempts(rows, one, _ends_above_keys(rows, one))]
    several = [attempt for attempt in attempts if len(attempt.positions) > 1]
    return max(several, key=lambda x: _merit(x)[::-1], default=None)


def _first_of_data(rows: list[list[str]], layouts: list[Layout]) -> int:
    """The number of lines above the first that is like a record, without blank ones at their end."""
    end = next((index for index, row in enumerate(rows) if _is_like_data(row, layouts)), 0)
    while end and not _filled(rows[end - 1]):
        end -= 1
    return end


def _is_like_data(row: list[str], layouts: list[Layout]) -> bool:
    """Whether a line has a number, or the keys of a record; a word of a head is no key."""
    cells = _filled(row)
    keys = [cell for cell in cells if re.search("[0-9]", cell)]
    is_keyed = any(_has_keys(keys, layout) for layout in layouts)
    return len(cells) > 1 and (is_keyed or any(map(NUMBER.fullmatch, cells)))


def _is_prose(row: list[str]) -> bool:
    """Whether a line is of sentences that commas cut into cells, or that fill one of them."""
    return any(len(cell) > LONGEST_WORDS or "copyright" in cell.lower() for cell in row)


def _filled(row: list[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _stacked(rows: list[list[str]]) -> list[str]:
    cells = [squeeze(" ".join(parts)) for parts in zip(*rows, strict=True)]
    while cells and not cells[-1]:
        cells.pop()
    return cells
